//! Turns `languages/*.toml` into the type `Word` and one text a language: its tag, its direction (`rtl`, else nothing), then a
//! line for each word, in the order of `en.toml`. Forms of a word stand in one line as `one:…`, with tabs between.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};
use toml::{Table, Value};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// CLDR's, in its own order.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A word, as `en.toml` has it.
struct Entry {
    section: String,
    key: String,
    about: String,
}

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=languages");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("languages");
    let entries = entries(&fs::read_to_string(folder.join("en.toml"))?)?;
    let mut source = word(&entries)?;
    let english = text(&folder.join("en.toml"), &entries)?;
    let widgets = 2 + entries.iter().filter(|entry| entry.section == "widget").count();
    let head: Vec<&str> = english.lines().take(widgets).collect();
    writeln!(
        source,
        "#[cfg(not(feature = \"pages\"))]\nconst ENGLISH: &str = {:?};",
        head.join("\n")
    )?;
    writeln!(
        source,
        "#[cfg(feature = \"pages\")]\nconst ENGLISH: &str = {english:?};"
    )?;
    writeln!(
        source,
        "/// Lines of a text that are the widget's.\n#[cfg(feature = \"translations\")]\nconst WIDGETS: usize = {widgets};"
    )?;
    writeln!(
        source,
        "/// Every language, by its tag.\n#[cfg(feature = \"translations\")]\npub const TRANSLATIONS: &[Translation] = &["
    )?;
    let mut files: Vec<_> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    for file in files {
        let text = text(&file, &entries)?;
        let tag = text.lines().next().unwrap_or_default();
        writeln!(source, "    Translation {{ tag: {tag:?}, text: {text:?} }},")?;
    }
    source.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("words.rs"), source)?;
    Ok(())
}

/// Keys in their order, with the comments before them.
fn entries(english: &str) -> Result<Vec<Entry>> {
    let (mut entries, mut section, mut about): (Vec<Entry>, _, _) =
        (Vec::new(), String::new(), String::new());
    for line in english.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            about = [&about, comment, " "].concat();
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = line.split_once(" = ") {
            let key = key.split_once('.').map_or(key, |(key, _)| key);
            if entries.last().is_none_or(|last| last.key != key) {
                if about.is_empty() {
                    return Err(format!("en.toml does not say what {key} is for").into());
                }
                entries.push(Entry {
                    section: section.clone(),
                    key: key.to_owned(),
                    about: about.trim_end().to_owned(),
                });
            }
            about.clear();
        } else {
            about.clear();
        }
    }
    Ok(entries)
}

/// The source of the type.
fn word(entries: &[Entry]) -> Result<String> {
    let mut source = String::from(
        "/// A text; `{…}` in it stand for values that [`fill`] puts in.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n\
         pub enum Word {\n",
    );
    let mut all = String::new();
    for Entry { section, key, about } in entries {
        let cfg = if section == "pages" {
            "#[cfg(feature = \"pages\")] "
        } else {
            ""
        };
        let name: String = key.split('_').map(capitalised).collect();
        writeln!(source, "    /// {about}\n    {cfg}{name},")?;
        write!(all, "{cfg}Self::{name}, ")?;
    }
    writeln!(
        source,
        "}}\n\nimpl Word {{\n    /// Every text.\n    pub const ALL: &'static [Self] = &[{all}];\n}}\n"
    )?;
    Ok(source)
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    [&first.to_uppercase(), rest].concat()
}

/// One language's text.
fn text(file: &Path, entries: &[Entry]) -> Result<String> {
    let wrong = |what: String| format!("{}: {what}", file.display());
    let table: Table = fs::read_to_string(file)?.parse()?;
    let tag = file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let direction = table.get("direction").and_then(Value::as_str).unwrap_or_default();
    let mut text = [tag, "\n", direction].concat();
    for Entry { section, key, .. } in entries {
        let value = table.get(section).and_then(|section| section.get(key));
        let line = match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Table(forms)) => {
                let named = CATEGORIES
                    .iter()
                    .filter_map(|name| Some((name, forms.get(*name)?.as_str()?)));
                let lines: Vec<_> = named.map(|(name, form)| [name, ":", form].concat()).collect();
                if lines.len() != forms.len() || !forms.contains_key("other") {
                    return Err(wrong(format!("the forms of {key}")).into());
                }
                lines.join("\t")
            }
            _ => return Err(wrong(format!("{key} is missing")).into()),
        };
        if line.is_empty() || line.contains('\n') {
            return Err(wrong(format!("{key} is not one line")).into());
        }
        text.extend(["\n", &line]);
    }
    let keys = table
        .values()
        .filter_map(Value::as_table)
        .map(Table::len)
        .sum::<usize>();
    if keys != entries.len() {
        return Err(wrong("there are keys that en.toml does not have".to_owned()).into());
    }
    Ok(text)
}
