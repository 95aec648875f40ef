//! Bars in SVG, without a script.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 160.0;
/// For the numbers beside and below.
const MARGIN: f64 = 44.0;

/// The messages of each hour with and without defences, on one scale.
#[expect(clippy::cast_precision_loss, reason = "counts of a chart are small")]
pub fn bars(with: &[u64], without: &[u64]) -> String {
    let hours = with.len().max(without.len()).max(1);
    let highest = with
        .iter()
        .chain(without)
        .copied()
        .max()
        .unwrap_or_default()
        .max(1);
    let (inner, slot) = (HEIGHT - 24.0, (WIDTH - MARGIN) / hours as f64);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Messages of each hour: with defences {}, without {}\">",
        with.iter().sum::<u64>(),
        without.iter().sum::<u64>(),
    );
    let mut bar = |class: &str, hour: usize, messages: u64, share: f64| {
        if messages == 0 {
            return;
        }
        let height = (inner * messages as f64 / highest as f64).max(1.0);
        let x = MARGIN + slot * (hour as f64 + share);
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>hour {}: {messages}</title></rect>",
            inner - height,
            slot * 0.4,
            hour + 1,
        );
    };
    for (hour, messages) in without.iter().enumerate() {
        bar("without", hour, *messages, 0.5);
    }
    for (hour, messages) in with.iter().enumerate() {
        bar("with", hour, *messages, 0.1);
    }
    let _ = write!(
        svg,
        "<line x1=\"{MARGIN}\" y1=\"{inner}\" x2=\"{WIDTH}\" y2=\"{inner}\"/>\
         <text x=\"0\" y=\"12\">{highest}</text><text x=\"0\" y=\"{inner}\">0</text>\
         <text x=\"{MARGIN}\" y=\"{}\">hour 1</text><text x=\"{WIDTH}\" y=\"{}\" text-anchor=\"end\">hour {hours}</text></svg>",
        HEIGHT - 6.0,
        HEIGHT - 6.0,
    );
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hour_with_messages_has_a_bar_and_the_highest_fills_the_chart() {
        let svg = bars(&[3, 0], &[1, 6]);
        assert_eq!(svg.matches("<rect").count(), 3);
        assert!(
            svg.contains("height=\"136.0\"><title>hour 2: 6")
                && svg.contains("height=\"68.0\"><title>hour 1: 3")
        );
    }
}
