//! What several rounds came to.

use crate::load::{Phase, Phases};

/// Of each figure, its median.
pub fn of_phases(rounds: &[Phases]) -> Phases {
    let of = |phase: fn(&Phases) -> &Phase| of_phase(rounds.iter().map(phase));
    Phases {
        start: of(|phases| &phases.start),
        check: of(|phases| &phases.check),
        open_start: of(|phases| &phases.open_start),
        open_check: of(|phases| &phases.open_check),
    }
}

/// The same of one phase; requests are added up.
pub fn of_phase<'a>(rounds: impl Iterator<Item = &'a Phase>) -> Phase {
    let all: Vec<&Phase> = rounds.collect();
    let value = |value: fn(&Phase) -> f64| middle(all.iter().map(|phase| value(phase)).collect());
    let counts_commits = all.iter().any(|phase| phase.per_commit.is_some());
    Phase {
        requests: all.iter().map(|phase| phase.requests).sum(),
        failed: all.iter().map(|phase| phase.failed).sum(),
        per_second: value(|phase| phase.per_second),
        p50_ms: value(|phase| phase.p50_ms),
        p99_ms: value(|phase| phase.p99_ms),
        cpu_us: value(|phase| phase.cpu_us),
        per_commit: counts_commits.then(|| value(|phase| phase.per_commit.unwrap_or_default())),
    }
}

/// The median; of two middles what lies between.
pub fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let (lower, upper) = (values.get(last / 2), values.get(last.div_ceil(2)));
    lower
        .zip(upper)
        .map(|(lower, upper)| lower.midpoint(*upper))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_what_half_of_them_are_below() {
        assert!((middle(vec![9.0, 1.0, 3.0]) - 3.0).abs() < f64::EPSILON);
        assert!((middle(vec![9.0, 1.0, 3.0, 4.0]) - 3.5).abs() < f64::EPSILON);
        assert!(middle(Vec::new()).abs() < f64::EPSILON);
    }
}
