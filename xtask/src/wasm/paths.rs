//! Blanks the paths of source files in the wasm's data.
//!
//! Each place that can panic carries the path of its source, as it lay on the machine that built it. The widget's panic
//! hook (`widget/src/panic.rs`) reads neither message nor place, so no page has a use for them.

use super::binary::Binary;
use crate::error::Result;

/// The module with zeros in the place of each absolute path of a Rust source; the compiler ends each with a zero.
///
/// # Errors
/// It is no module.
pub fn blank(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut binary = Binary::parse(wasm)?;
    if let Some(data) = binary.data() {
        for text in data.split_mut(|byte| *byte == 0) {
            if text.starts_with(b"/") && text.ends_with(b".rs") {
                text.fill(0);
            }
        }
    }
    Ok(binary.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::binary::tests::with_data;

    #[test]
    fn paths_become_zeros_and_other_texts_stay() {
        let before = b"one\0/home/me/a.rs\0/rustc/1/b.rs\0app/c.rs\0/v1/verifications/\0";
        let after = blank(&with_data(before)).unwrap();
        let mut expected = before.to_vec();
        expected[4..17].fill(0);
        expected[18..31].fill(0);
        assert_eq!(after, with_data(&expected));
    }
}
