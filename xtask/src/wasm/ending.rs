//! Ends a panic where it begins.
//!
//! On its way to the panic hook a panic collects what it would say, formats numbers, asks for the thread: code that every page
//! would load, and the widget's page is told no more than that there was one. So whatever begins a panic in the standard library
//! calls the widget's own function (`widget/src/panic.rs`) instead and stops there, and what only panics use is left out.

use super::binary::{Binary, put_number};
use crate::error::{Error, Result};

/// What the widget exports for this; wasm-bindgen adds a hash to it.
const TOLD: &str = "panicked";

/// Functions of the standard library that do not return, by what their mangled names have in them.
const BEGINNINGS: [&str; 22] = [
    "4core9panicking9panic_fmt",
    "4core9panicking5panic",
    "4core9panicking13panic_display",
    "4core9panicking13assert_failed",
    "4core9panicking18panic_bounds_check",
    "9panicking11panic_const",
    "4core6option13unwrap_failed",
    "4core6option13expect_failed",
    "4core6result13unwrap_failed",
    "5index16slice_index_fail",
    "4core3str16slice_error_fail",
    "len_mismatch_fail",
    "6remove13assert_failed",
    "4cell22panic_already_borrowed",
    "4cell30panic_already_mutably_borrowed",
    "4lazy14panic_poisoned",
    "5local18panic_access_error",
    "7raw_vec12handle_error",
    "7raw_vec17capacity_overflow",
    "5alloc18handle_alloc_error",
    "5alloc8rust_oom",
    "9panicking13panic_handler",
];

/// What their names may have in them as well and what does return: the descriptions of such functions' own types.
const RETURNS: [&str; 2] = ["3fmt", "Payload"];

/// Calls a function.
const CALL: u8 = 0x10;

/// Stops the module with a trap.
const UNREACHABLE: u8 = 0x00;

/// Ends a function.
const END: u8 = 0x0b;

/// The module whose panics call what it exports as `panicked`, and stop.
///
/// # Errors
/// It exports no such function, or is no module that the linker makes.
pub fn end_panics(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut binary = Binary::parse(wasm)?;
    let mut told = None;
    binary.map_exports(|exports| {
        let found = exports.iter().find(|export| export.name.starts_with(TOLD));
        told = found.map(|export| export.index);
    })?;
    let told = told.ok_or_else(|| Error::Other(format!("the wasm does not export {TOLD}")))?;
    let names = binary.function_names()?;
    let begins = |index: u32| {
        let has = |name: &String, part: &&str| name.contains(*part);
        names.get(&index).is_some_and(|name| {
            BEGINNINGS.iter().any(|part| has(name, part)) && !RETURNS.iter().any(|part| has(name, part))
        })
    };
    let mut ended = 0;
    binary.map_functions(|index, function| {
        if begins(index) {
            // No locals.
            *function = vec![0, CALL];
            put_number(function, told);
            function.extend([UNREACHABLE, END]);
            ended += 1;
        }
    })?;
    if ended == 0 {
        return Err(Error::Other(
            "the wasm has no names, or its panics have other ones than Rust 1.95 gives them".to_owned(),
        ));
    }
    Ok(binary.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::binary::tests::with_functions;

    const BODY: &[u8] = &[0, 1, 1, END];

    #[test]
    fn what_begins_a_panic_tells_the_widget_and_stops_and_all_else_stays() {
        let names = [
            "panicked_0a1b",
            "_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt",
            "_RNvXs_NvNtCsebHcaeoSrxy_3std9panicking13panic_handlerNtB4_19FormatStringPayload3get",
            "_ZN19phone_verify_widget5mount17h0123456789abcdefE",
        ];
        let before = names.map(|name| (name, BODY));
        let mut expected = before;
        expected[1].1 = &[0, CALL, 0, UNREACHABLE, END];
        let after = end_panics(&with_functions("panicked_0a1b", &before)).unwrap();
        assert_eq!(after, with_functions("panicked_0a1b", &expected));
    }

    #[test]
    fn without_somebody_to_tell_or_without_names_the_build_stops() {
        let panic = ("_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt", BODY);
        assert!(end_panics(&with_functions("mount", &[panic])).is_err());
        assert!(end_panics(&with_functions("panicked", &[("", BODY)])).is_err());
    }
}
