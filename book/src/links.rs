//! Every link of the built site, followed to its file and anchor.

use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What was found.
pub struct Followed {
    /// How many pages the site has.
    pub pages: usize,
    /// How many links lead to somewhere within it.
    pub links: usize,
    /// Those that lead nowhere, each with its page.
    pub dead: Vec<String>,
}

/// Follows the links of the site in a folder.
///
/// # Errors
/// A page cannot be read.
pub fn follow(site: &Path) -> Result<Followed> {
    let mut pages = BTreeMap::new();
    read(site, &mut pages)?;
    let anchors: BTreeMap<&Path, BTreeSet<&str>> = pages
        .iter()
        .map(|(page, html)| (page.as_path(), values(html, "id").collect()))
        .collect();
    let mut followed = Followed {
        pages: pages.len(),
        links: 0,
        dead: Vec::new(),
    };
    for (page, html) in &pages {
        let targets = ["href", "src", "srcset"]
            .into_iter()
            .flat_map(|name| values(html, name));
        for target in targets.filter(|target| is_within(target)) {
            followed.links += 1;
            if !leads_somewhere(page, target, &anchors) {
                let page = page.strip_prefix(site).unwrap_or(page);
                followed.dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    Ok(followed)
}

fn read(folder: &Path, pages: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, pages)?;
        } else if path.extension().is_some_and(|ending| ending == "html") {
            let html = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            pages.insert(path, html);
        }
    }
    Ok(())
}

/// The values of an attribute. In mdBook's pages a `<` of a text is written `&lt;`, so what stands between `<` and `>` is a tag.
fn values<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let attribute = format!(" {name}=\"");
    html.split('<')
        .filter_map(|tag| tag.split('>').next())
        .filter_map(move |tag| tag.split_once(&attribute)?.1.split('"').next())
}

/// Whether a link stays on the site.
fn is_within(target: &str) -> bool {
    !target.is_empty()
        && !target.contains("://")
        && !target.starts_with("data:")
        && !target.starts_with("mailto:")
}

fn leads_somewhere(page: &Path, target: &str, anchors: &BTreeMap<&Path, BTreeSet<&str>>) -> bool {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = file.split('?').next().unwrap_or_default();
    let path = if file.is_empty() {
        page.to_owned()
    } else {
        page.with_file_name("").join(file)
    };
    let Ok(path) = path.canonicalize() else {
        return false;
    };
    anchor.is_empty()
        || anchors
            .iter()
            .find(|(known, _)| known.canonicalize().is_ok_and(|known| known == path))
            .is_some_and(|(_, anchors)| anchors.contains(anchor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_files_and_dead_anchors_are_found() -> Result<()> {
        let site = std::env::temp_dir().join(format!("phone-verify-book-{}", std::process::id()));
        std::fs::create_dir_all(&site)?;
        std::fs::write(site.join("b.html"), "<h2 id=\"here\">b</h2>")?;
        let links = [
            "b.html",
            "b.html#here",
            "b.html#gone",
            "c.html",
            "#top",
            "https://example.com/#x",
        ];
        let links = links
            .map(|target| format!("<a class=\"x\" href=\"{target}\">"))
            .concat();
        std::fs::write(site.join("a.html"), format!("<p id=\"top\">{links}"))?;
        let followed = follow(&site)?;
        std::fs::remove_dir_all(&site)?;
        assert_eq!(followed.dead, ["a.html: b.html#gone", "a.html: c.html"]);
        assert_eq!((followed.pages, followed.links), (2, 5));
        Ok(())
    }
}
