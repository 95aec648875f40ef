//! Leaves out what dependencies offer to JavaScript and nothing here uses.
//!
//! Whatever a crate marks with `#[wasm_bindgen]` is an export, and what is exported no linker drops. Leptos links
//! `wasm-streams` for server functions that stream; this widget streams nothing, and paid about 8 kB brotli for it.

use super::binary::Binary;
use crate::error::{Error, Result};

/// Where the macros of wasm-bindgen leave what they know: programs, each of two parts with its length (u32, little endian)
/// before it, the version and the content. The version of wasm-bindgen is pinned.
const PROGRAMS: &str = "__wasm_bindgen_unstable";

/// What all exports of `wasm-streams`, and only they, have in their names.
const STREAMS: &str = "intounderlying";

/// The module without the exports of `wasm-streams`; what only they reach, wasm-bindgen drops.
///
/// # Errors
/// It is not what wasm-bindgen's macros and the linker make.
pub fn drop_streams(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut binary = Binary::parse(wasm)?;
    binary.map_exports(|exports| exports.retain(|export| !export.name.contains(STREAMS)))?;
    binary.map_custom(PROGRAMS, |mut programs| {
        let mut kept = Vec::new();
        while !programs.is_empty() {
            let (_, rest) = part(programs)?;
            let (content, rest) = part(rest)?;
            let name = STREAMS.as_bytes();
            let uses = |text: &[u8]| {
                text.windows(name.len())
                    .any(|window| window.eq_ignore_ascii_case(name))
            };
            if !uses(content) {
                kept.extend(&programs[..programs.len() - rest.len()]);
            }
            programs = rest;
        }
        Ok(kept)
    })?;
    Ok(binary.bytes())
}

fn part(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk().ok_or_else(unknown)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| unknown())?;
    rest.split_at_checked(length).ok_or_else(unknown)
}

fn unknown() -> Error {
    Error::Other("wasm-bindgen's section in the wasm has another form than 0.2.130 gives it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::binary::tests::module;

    fn programs(contents: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in contents.iter().flat_map(|content| ["version", content]) {
            bytes.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
            bytes.extend(part.as_bytes());
        }
        bytes
    }

    #[test]
    fn exports_of_wasm_streams_go_with_what_describes_them_and_all_else_stays() {
        let before = module(
            &["import"],
            &[
                "mount",
                "__wbg_intounderlyingsink_free",
                "intounderlyingsource_pull",
            ],
            (
                PROGRAMS,
                &programs(&["mount", "the struct IntoUnderlyingSource", "last"]),
            ),
        );
        let after = module(&["import"], &["mount"], (PROGRAMS, &programs(&["mount", "last"])));
        assert_eq!(drop_streams(&before).unwrap(), after);
    }

    #[test]
    fn a_section_of_another_form_stops_the_build() {
        let odd = module(&[], &[], (PROGRAMS, &[9, 0, 0, 0, 1]));
        assert!(drop_streams(&odd).is_err());
    }
}
