//! What pages consist of: files of `docs`, or of elsewhere in the repository.

use anyhow::{Context as _, Result};
use mdbook_driver::book::{Book, BookItem, Chapter};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// The folder of the pages.
const DOCS: &str = "docs";
/// The page that lists the others.
const SUMMARY: &str = "SUMMARY.md";

/// Adds the pages that the summary does not name, puts in what pages take from elsewhere, and makes every link one within the
/// book.
///
/// # Errors
/// A file cannot be read.
pub fn complete(book: &mut Book, root: &Path) -> Result<()> {
    let docs = root.join(DOCS);
    for page in unnamed(book, &docs)? {
        let content = std::fs::read_to_string(docs.join(&page))?;
        let title = content
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .with_context(|| format!("{}: no heading", page.display()))?;
        let chapter = Chapter::new(title, content.clone(), &page, Vec::new());
        book.push_item(BookItem::Chapter(chapter));
    }

    // Where each file of the repository is in the book.
    let mut places: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut origins: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut failed = None;
    book.for_each_chapter_mut(|chapter| {
        let Some(place) = chapter.path.clone() else { return };
        let mut origin = Path::new(DOCS).join(&place);
        if let Some(taken) = included(&chapter.content) {
            origin = normal(&Path::new(DOCS).join(taken));
            match std::fs::read_to_string(root.join(&origin)) {
                Ok(content) => chapter.content = content,
                Err(error) => failed = Some((origin.clone(), error)),
            }
        }
        places.insert(origin.clone(), place.clone());
        origins.insert(place, origin);
    });
    if let Some((origin, error)) = failed {
        return Err(error).with_context(|| origin.display().to_string());
    }
    book.for_each_chapter_mut(|chapter| {
        if let Some(origin) = chapter.path.as_ref().and_then(|place| origins.get(place)) {
            chapter.content = within(&chapter.content, origin, &places);
        }
    });
    Ok(())
}

/// Pages of the folder that the summary does not name.
fn unnamed(book: &Book, docs: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut pages = BTreeSet::new();
    for entry in std::fs::read_dir(docs)? {
        let name = PathBuf::from(entry?.file_name());
        if name.extension().is_some_and(|ending| ending == "md") && name != Path::new(SUMMARY) {
            pages.insert(name);
        }
    }
    for item in book.iter() {
        if let BookItem::Chapter(chapter) = item
            && let Some(path) = &chapter.path
        {
            pages.remove(path);
        }
    }
    Ok(pages)
}

/// The file that a page stands for, if it is nothing but `{{#include …}}`.
fn included(content: &str) -> Option<&str> {
    content
        .trim()
        .strip_prefix("{{#include ")?
        .strip_suffix("}}")
        .filter(|path| !path.contains('\n'))
}

/// A page with links that lead to pages of the book: code blocks stay as they are.
fn within(content: &str, origin: &Path, places: &BTreeMap<PathBuf, PathBuf>) -> String {
    let mut fenced = false;
    let mut page = String::with_capacity(content.len());
    for line in content.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        if fenced || is_fence {
            page.push_str(line);
        } else {
            page.push_str(&attributes(&links(line, origin, places), origin));
        }
    }
    page
}

/// A line with its Markdown links changed.
fn links(line: &str, origin: &Path, places: &BTreeMap<PathBuf, PathBuf>) -> String {
    let mut rest = line;
    let mut changed = String::with_capacity(line.len());
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else {
            break;
        };
        let Some((outside, text)) = before.rsplit_once('[') else {
            break;
        };
        changed.push_str(outside);
        let shown = match place_of(target, origin, places) {
            Place::Inside(place) => format!("[{text}]({place})"),
            Place::Outside(path) if text.contains('`') || path.ends_with(text) => text.to_owned(),
            Place::Outside(path) => format!("{text} (`{path}`)"),
        };
        changed.push_str(&shown);
        rest = after;
    }
    changed + rest
}

enum Place {
    /// In the book, or on the web.
    Inside(String),
    /// In the repository, but not in the book.
    Outside(String),
}

fn place_of(target: &str, origin: &Path, places: &BTreeMap<PathBuf, PathBuf>) -> Place {
    if target.contains("://") || target.starts_with('#') {
        return Place::Inside(target.to_owned());
    }
    let (file, anchor) = target
        .split_once('#')
        .map_or((target, String::new()), |(file, anchor)| {
            (file, format!("#{anchor}"))
        });
    let path = normal(&origin.parent().unwrap_or(Path::new("")).join(file));
    if let Some(place) = places.get(&path) {
        return Place::Inside(format!("{}{anchor}", place.display()));
    }
    match path.strip_prefix(DOCS) {
        Ok(picture) => Place::Inside(format!("{}{anchor}", picture.display())),
        Err(_) => Place::Outside(path.display().to_string()),
    }
}

/// A line of HTML with its pictures' addresses as they are in the book.
fn attributes(line: &str, origin: &Path) -> String {
    if origin.starts_with(DOCS) {
        return line.to_owned();
    }
    ["src", "srcset"].iter().fold(line.to_owned(), |line, name| {
        line.replace(&format!("{name}=\"{DOCS}/"), &format!("{name}=\""))
    })
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(line: &str, origin: &str) -> String {
        let places = [
            ("docs/api.md", "api.md"),
            ("README.md", "start.md"),
            ("examples/README.md", "hosts.md"),
        ];
        let places = places.map(|(file, place)| (file.into(), place.into())).into();
        within(line, Path::new(origin), &places)
    }

    #[test]
    fn a_link_leads_to_where_the_page_is_in_the_book() {
        assert_eq!(placed("[a](docs/api.md#start)", "README.md"), "[a](api.md#start)");
        assert_eq!(placed("[a](../README.md)", "docs/api.md"), "[a](start.md)");
        assert_eq!(
            placed("[a](../README.md) [b](#b)", "examples/django/README.md"),
            "[a](hosts.md) [b](#b)"
        );
        assert_eq!(
            placed("[a](https://example.com/)", "docs/api.md"),
            "[a](https://example.com/)"
        );
    }

    #[test]
    fn a_link_out_of_the_book_is_the_name_of_the_path() {
        assert_eq!(
            placed("in [the shop](../examples/order).", "docs/api.md"),
            "in the shop (`examples/order`)."
        );
        assert_eq!(placed("[`src`](src)", "examples/order/README.md"), "`src`");
        assert_eq!(
            placed("[examples/order](../examples/order)", "docs/api.md"),
            "examples/order"
        );
    }

    #[test]
    fn code_stays_as_it_is_and_pictures_are_found() {
        let code = "```js\n[a](../README.md)\n```\n";
        assert_eq!(placed(code, "docs/api.md"), code);
        assert_eq!(
            placed("<img src=\"docs/pictures/a.png\">", "README.md"),
            "<img src=\"pictures/a.png\">"
        );
    }
}
