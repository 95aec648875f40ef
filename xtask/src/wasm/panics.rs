//! Blanks what a panic would say: paths, lines and messages in the wasm's data.
//!
//! Each place that can panic carries the path of its source, as it lay on the machine that built it, with line and column,
//! and often a sentence. The widget's panic hook (`widget/src/panic.rs`) reads nothing of it, so no page has a use for it.

use super::binary::{Binary, Segment};
use crate::error::{Error, Result};

/// What the standard library, Leptos and wasm-bindgen say when they panic, and what errors are called that only a panic
/// would show: one text a line. What a newer release words otherwise stays in and costs its bytes.
const MESSAGES: &str = include_str!("panics.txt");

/// No line of a source and no column is as large.
const LARGE: u32 = 100_000;

/// The module with zeros in the place of all that only a panic would show.
///
/// # Errors
/// It is no module that the linker makes.
pub fn blank(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut binary = Binary::parse(wasm)?;
    binary.map_data(|segments| {
        let (mut paths, mut places) = (Vec::new(), Vec::new());
        for (place, words) in segments.iter().flat_map(quadruples) {
            let [path, length, line, column] = words;
            if (1..LARGE).contains(&line) && (1..LARGE).contains(&column) && is_path(segments, path, length) {
                paths.push((path, length));
                places.push((place, LOCATION));
            }
        }
        for (address, length) in paths.into_iter().chain(places) {
            if let Some(bytes) = segments
                .iter_mut()
                .find_map(|segment| segment.at(address, length))
            {
                bytes.fill(0);
            }
        }
        for segment in segments {
            for message in MESSAGES.lines() {
                blank_text(&mut segment.bytes, message.as_bytes());
            }
        }
    })?;
    Ok(binary.bytes())
}

/// The glue without what it knows of how to describe a value, which only a message would show.
///
/// # Errors
/// It is not what wasm-bindgen 0.2.130 writes.
pub fn quieten(glue: &str) -> Result<String> {
    let (before, rest) = glue.split_once(DESCRIBE).ok_or_else(unknown)?;
    let (_, after) = rest.split_once("\n}\n").ok_or_else(unknown)?;
    Ok([before, DESCRIBE, " return \"\"; }\n", after].concat())
}

/// The function's beginning; it ends with the first brace that begins a line.
const DESCRIBE: &str = "function debugString(val) {";

fn unknown() -> Error {
    Error::Other("wasm-bindgen's glue describes values in another way than 0.2.130 does".to_owned())
}

/// Bytes of a `core::panic::Location`: where its path is, the path's length, line, column; each a word of 32 bits.
const LOCATION: u32 = 16;

/// Every four words in a row, and where they are.
fn quadruples(segment: &Segment) -> impl Iterator<Item = (u32, [u32; 4])> {
    let (words, _) = segment.bytes.as_chunks::<4>();
    let places = (segment.address..).step_by(4);
    places.zip(words.windows(4)).map(|(place, words)| {
        let word = |index: usize| words.get(index).copied().map_or(0, u32::from_le_bytes);
        (place, [word(0), word(1), word(2), word(3)])
    })
}

/// Whether a Rust source is named there; the compiler ends each name with a zero.
fn is_path(segments: &[Segment], address: u32, length: u32) -> bool {
    length < 1_000
        && segments.iter().any(|segment| {
            segment
                .get(address, length + 1)
                .is_some_and(|text| text.ends_with(b".rs\0"))
        })
}

fn blank_text(bytes: &mut [u8], text: &[u8]) {
    let mut from = 0;
    while let Some(at) = bytes
        .get(from..)
        .and_then(|rest| rest.windows(text.len()).position(|window| window == text))
    {
        from += at;
        if let Some(found) = bytes.get_mut(from..from + text.len()) {
            found.fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::binary::tests::with_data;

    /// Where the tests' data goes.
    const ADDRESS: u32 = 1_048_576;

    fn words(words: [u32; 4]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn places_of_panics_become_zeros_and_other_data_stays() {
        let text = b"/v1/x.rs\0app/src/a.rs\0..";
        let path = ADDRESS + 9;
        let place = words([path, 12, 70, 9]);
        for other in [
            words([path, 11, 70, 9]),
            words([path, 12, 0, 9]),
            words([path, 12, 70, LARGE]),
            words([path + 5000, 12, 70, 9]),
        ] {
            let before = [&text[..], &place, &other].concat();
            let mut expected = before.clone();
            expected[9..21].fill(0);
            expected[24..40].fill(0);
            let after = blank(&with_data(ADDRESS, &before)).unwrap();
            assert_eq!(after, with_data(ADDRESS, &expected));
        }
    }

    #[test]
    fn a_value_is_not_described() {
        let glue = "function debugString(val) {\n    if (val) {\n    }\n}\n\nfunction next() {\n}\n";
        let quiet = "function debugString(val) { return \"\"; }\n\nfunction next() {\n}\n";
        assert_eq!(quieten(glue).unwrap(), quiet);
        assert!(quieten("function next() {\n}\n").is_err());
    }

    #[test]
    fn messages_become_zeros_wherever_they_stand() {
        let message = MESSAGES.lines().next().unwrap();
        let before = ["a", message, "b", message, message, "c"].concat();
        let zeros = "\0".repeat(message.len());
        let expected = before.replace(message, &zeros);
        let after = blank(&with_data(ADDRESS, before.as_bytes())).unwrap();
        assert_eq!(after, with_data(ADDRESS, expected.as_bytes()));
    }
}
