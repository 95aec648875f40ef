//! Short names between the wasm and its JavaScript.
//!
//! wasm-bindgen's names hold hashes, which no compression makes smaller, and each stands in both files.

use std::collections::BTreeMap;

use super::binary::Binary;
use crate::error::{Error, Result};

/// The module that the imports come from, as wasm-bindgen writes it.
const MODULE: &str = "./widget_bg.js";

/// What it is called afterwards.
const SHORT_MODULE: &str = "m";

/// Gives imports and exports names of one to three letters, in the wasm and in its glue alike.
///
/// # Errors
/// The two do not belong together.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut binary = Binary::parse(wasm)?;
    let (mut wanted, mut given) = (BTreeMap::new(), BTreeMap::new());
    binary.map_imports(|imports| {
        for import in imports.iter_mut().filter(|import| import.module == MODULE) {
            let short = short(wanted.len());
            SHORT_MODULE.clone_into(&mut import.module);
            wanted.insert(std::mem::replace(&mut import.name, short.clone()), short);
        }
    })?;
    binary.map_exports(|exports| {
        for export in exports {
            let short = short(given.len());
            given.insert(std::mem::replace(&mut export.name, short.clone()), short);
        }
    })?;
    let glue = rename(glue, &wanted, &given)?.replace(
        &format!("\"{MODULE}\": import0"),
        &format!("\"{SHORT_MODULE}\": import0"),
    );
    if glue.contains(MODULE) {
        return Err(foreign(MODULE));
    }
    Ok((binary.bytes(), glue))
}

/// Members of the object of imports are `name: function`, exports are used as `wasm.name`.
fn rename(glue: &str, wanted: &BTreeMap<String, String>, given: &BTreeMap<String, String>) -> Result<String> {
    let mut renamed = String::with_capacity(glue.len());
    let mut found = 0;
    let mut rest = glue;
    while let Some(start) = rest.find(is_identifier) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|next| !is_identifier(next)).unwrap_or(from.len()));
        renamed.push_str(before);
        let short = if renamed.ends_with("wasm.") {
            given.get(name)
        } else if after.starts_with(": function") {
            let short = wanted.get(name);
            found += usize::from(short.is_some());
            short
        } else {
            None
        };
        renamed.push_str(short.map_or(name, String::as_str));
        rest = after;
    }
    renamed.push_str(rest);
    if found == wanted.len() {
        Ok(renamed)
    } else {
        Err(foreign("an import"))
    }
}

fn is_identifier(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_$".contains(character)
}

/// The name of this number: a letter, then two, then three.
fn short(mut number: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[number % LETTERS.len()]));
        match (number / LETTERS.len()).checked_sub(1) {
            Some(next) => number = next,
            None => return name,
        }
    }
}

fn foreign(what: &str) -> Error {
    Error::Other(format!(
        "{what} of the wasm is not in its JavaScript in the form that wasm-bindgen 0.2.130 gives it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::binary::tests::module;
    use std::collections::HashSet;

    fn bound(imports: &[&str], exports: &[&str]) -> Vec<u8> {
        let mut binary = Binary::parse(&module(imports, exports, ("x", b""))).unwrap();
        binary
            .map_imports(|imports| {
                for import in imports {
                    import.module = MODULE.to_owned();
                }
            })
            .unwrap();
        binary.bytes()
    }

    #[test]
    fn both_files_get_the_same_short_names() {
        let glue = r#"const import0 = { __wbg_get_12: function(a) { wasm.__free(a); return __free; } };
return { "./widget_bg.js": import0 };"#;
        let (wasm, glue) = shorten(&bound(&["__wbg_get_12"], &["memory", "__free"]), glue).unwrap();
        assert_eq!(
            glue,
            "const import0 = { a: function(a) { wasm.b(a); return __free; } };\nreturn { \"m\": import0 };"
        );
        let mut wasm = Binary::parse(&wasm).unwrap();
        wasm.map_imports(|imports| {
            assert_eq!((imports[0].module.as_str(), imports[0].name.as_str()), ("m", "a"));
        })
        .unwrap();
        wasm.map_exports(|exports| assert_eq!(exports[1].name, "b"))
            .unwrap();
    }

    #[test]
    fn files_that_do_not_belong_together_stop_the_build() {
        assert!(shorten(&bound(&["__wbg_get_12"], &[]), "nothing").is_err());
        assert!(shorten(&bound(&[], &[]), "from './widget_bg.js'").is_err());
    }

    #[test]
    fn no_two_names_are_the_same() {
        let names: HashSet<_> = (0..10_000).map(short).collect();
        assert_eq!(names.len(), 10_000);
        assert!(names.iter().all(|name| name.len() <= 3));
    }
}
