//! `manifest.json`: what the server needs to know about each file without looking at it.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};

use super::compress::compress;
use crate::error::{AtPath, Error, Result};

/// Hex digits of the content's hash in a file's name.
const NAME_DIGITS: usize = 12;

/// Hex digits of the content's hash in an entity tag.
const ETAG_DIGITS: usize = 32;

/// One file.
#[derive(Serialize, Deserialize)]
pub struct File {
    /// Its URL path; below the folder it lies at the same path.
    pub path: String,
    /// The Content-Type.
    pub content_type: String,
    /// Named by its content, so that a copy is good for ever.
    pub immutable: bool,
    /// From the content; without quotes.
    pub etag: String,
    /// For the `integrity` attribute.
    pub integrity: String,
    /// Bytes.
    pub size: usize,
    /// Bytes of the `.br` file, if there is one.
    pub br: Option<usize>,
    /// Bytes of the `.gz` file, if there is one.
    pub gz: Option<usize>,
}

/// All files, and the paths of those that are asked for by a fixed name.
#[derive(Serialize, Deserialize)]
pub struct Manifest {
    /// Every file, by path.
    pub files: Vec<File>,
    /// Fixed name to path.
    pub names: BTreeMap<String, String>,
}

impl Manifest {
    /// The file's name.
    pub const NAME: &str = "manifest.json";

    /// Reads it back.
    ///
    /// # Errors
    /// It is missing or broken.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(Self::NAME);
        let text = std::fs::read(&path).at(&path)?;
        serde_json::from_slice(&text).map_err(|error| Error::Other(format!("{}: {error}", path.display())))
    }
}

/// How long a browser may keep a file without asking.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// The name stays while the content changes: ask each time.
    FixedName,
    /// The content's hash becomes part of the name: for ever.
    ByContent,
}

/// Collects files and writes the folder.
#[derive(Default)]
pub struct Folder {
    files: Vec<(String, Lifetime, Vec<u8>)>,
    names: BTreeMap<String, String>,
}

impl Folder {
    /// Adds a file and returns its URL path.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>, lifetime: Lifetime) -> String {
        let path = match lifetime {
            Lifetime::FixedName => format!("/{name}"),
            Lifetime::ByContent => {
                let hash = name_hash([bytes.as_slice()]);
                match name.rsplit_once('.') {
                    Some((stem, extension)) => format!("/{stem}-{hash}.{extension}"),
                    None => format!("/{name}-{hash}"),
                }
            }
        };
        self.files.push((path.clone(), lifetime, bytes));
        path
    }

    /// Adds files that change their names together: the same hash, of all of them, is in each name, and is returned.
    pub fn add_group(&mut self, stem: &str, extension: &str, files: &[(&str, String)]) -> String {
        let hash = name_hash(files.iter().map(|(_, text)| text.as_bytes()));
        for (tag, text) in files {
            let path = format!("/{stem}-{tag}-{hash}.{extension}");
            self.files
                .push((path, Lifetime::ByContent, text.clone().into_bytes()));
        }
        hash
    }

    /// Makes a path known by a fixed name.
    pub fn name(&mut self, name: &str, path: &str) {
        self.names.insert(name.to_owned(), path.to_owned());
    }

    /// Writes everything to `output`, in place of what is there.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(self, output: &Path) -> Result<()> {
        let fresh = output.with_extension("new");
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).at(&fresh)?;
        }
        let written = std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .files
                .iter()
                .map(|(path, lifetime, bytes)| scope.spawn(|| write_file(&fresh, path, *lifetime, bytes)))
                .collect();
            threads
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|_| Err(Error::Other("a compression failed".to_owned())))
                })
                .collect::<Result<Vec<_>>>()
        });
        let mut files = written?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let text = serde_json::to_string_pretty(&Manifest {
            files,
            names: self.names,
        })
        .map_err(|error| Error::Other(format!("the manifest: {error}")))?;
        std::fs::write(fresh.join(Manifest::NAME), text).at(&fresh)?;
        if output.exists() {
            std::fs::remove_dir_all(output).at(output)?;
        }
        std::fs::rename(&fresh, output).at(output)
    }
}

fn name_hash<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for content in contents {
        hash.update(content);
    }
    let mut digits = hex::encode(hash.finalize());
    digits.truncate(NAME_DIGITS);
    digits
}

fn write_file(folder: &Path, path: &str, lifetime: Lifetime, bytes: &[u8]) -> Result<File> {
    let file = folder.join(path.trim_start_matches('/'));
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent).at(parent)?;
    }
    std::fs::write(&file, bytes).at(&file)?;
    let (content_type, compressible) = content_type(path);
    let compressed = if compressible {
        compress(bytes).at(&file)?
    } else {
        None
    };
    if let Some(compressed) = &compressed {
        for (extension, bytes) in [("br", &compressed.br), ("gz", &compressed.gz)] {
            let mut name = file.clone().into_os_string();
            name.push(".");
            name.push(extension);
            std::fs::write(&name, bytes).at(Path::new(&name))?;
        }
    }
    Ok(File {
        path: path.to_owned(),
        content_type: content_type.to_owned(),
        immutable: lifetime == Lifetime::ByContent,
        etag: hex::encode(Sha256::digest(bytes))[..ETAG_DIGITS].to_owned(),
        integrity: format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes))),
        size: bytes.len(),
        br: compressed.as_ref().map(|compressed| compressed.br.len()),
        gz: compressed.as_ref().map(|compressed| compressed.gz.len()),
    })
}

/// The type that browsers insist on, and whether such a file shrinks.
fn content_type(path: &str) -> (&'static str, bool) {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "html" => ("text/html; charset=utf-8", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "json" => ("application/json", true),
        "svg" => ("image/svg+xml", true),
        "ico" => ("image/x-icon", true),
        "png" => ("image/png", false),
        "webp" => ("image/webp", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_content_and_a_fixed_name_does_not() {
        let mut folder = Folder::default();
        let one = folder.add("embed/v1/widget.js", b"1".to_vec(), Lifetime::ByContent);
        let two = folder.add("embed/v1/widget.js", b"2".to_vec(), Lifetime::ByContent);
        assert_ne!(one, two);
        assert_eq!(one, "/embed/v1/widget-6b86b273ff34.js");
        assert_eq!(
            folder.add("embed/v1/a.js", b"1".to_vec(), Lifetime::FixedName),
            "/embed/v1/a.js"
        );
    }

    #[test]
    fn the_files_of_a_group_share_a_hash_that_changes_with_any_of_them() {
        let mut hashes = Vec::new();
        for text in ["uno", "otro"] {
            let mut folder = Folder::default();
            let files = [("de", "eins".to_owned()), ("es", text.to_owned())];
            let hash = folder.add_group("embed/v1/words", "txt", &files);
            assert_eq!(folder.files[0].0, format!("/embed/v1/words-de-{hash}.txt"));
            assert_eq!(folder.files[1].0, format!("/embed/v1/words-es-{hash}.txt"));
            hashes.push(hash);
        }
        assert_ne!(hashes[0], hashes[1]);
    }

    #[test]
    fn the_folder_is_replaced_and_its_manifest_tells_what_is_in_it() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("embed");
        for content in ["old ".repeat(100), "new ".repeat(100)] {
            let mut folder = Folder::default();
            let path = folder.add("static/a.css", content.into_bytes(), Lifetime::ByContent);
            folder.name("a", &path);
            folder.write(&output).unwrap();
        }
        let manifest = Manifest::read(&output).unwrap();
        assert_eq!(manifest.files.len(), 1, "nothing of the old folder is left");
        let file = &manifest.files[0];
        assert_eq!(manifest.names["a"], file.path);
        let bytes = std::fs::read(output.join(&file.path[1..])).unwrap();
        assert_eq!((bytes.len(), file.immutable), (file.size, true));
        let br = std::fs::read(output.join(format!("{}.br", &file.path[1..]))).unwrap();
        assert_eq!(Some(br.len()), file.br);
    }
}
