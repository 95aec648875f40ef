//! Files of releases before this one: a page that was loaded before an update still finds what it refers to.

use super::embedded::File;
use super::negotiate::Encoding;
use super::{FOR_EVER, describe};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long they are kept after the last start of a release that had them.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// Where other people's pages find files.
const URL_FOLDER: &str = "/embed/v1/";

/// The folder with them.
pub(super) struct Former {
    folder: PathBuf,
}

impl Former {
    /// Adds this release's files to the folder and takes out what is too old.
    pub(super) fn open(folder: &Path, files: &[File]) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        for file in files.iter().filter(|file| file.immutable) {
            let Some(name) = file.path.strip_prefix(URL_FOLDER) else {
                continue;
            };
            put(&folder.join(name), file.bytes)?;
            for encoding in [Encoding::Brotli, Encoding::Gzip] {
                if let Some(bytes) = file.encoded(encoding) {
                    put(&folder.join(format!("{name}.{}", encoding.suffix())), bytes)?;
                }
            }
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() && is_over(entry.metadata()?.modified()?) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The file of a URL path, if an earlier release, or a newer one that shares the folder, left it.
    pub(super) async fn find(&self, path: &str, accepted: Vec<Encoding>) -> Option<Response> {
        let name = path
            .strip_prefix(URL_FOLDER)
            .filter(|name| is_plain(name) && is_by_content(name))?;
        let content_type = content_type(name)?;
        let plain = self.folder.join(name);
        let modified = tokio::fs::metadata(&plain).await.ok()?.modified().ok()?;
        if is_over(modified) {
            return None;
        }
        let mut found = None;
        for encoding in accepted {
            let compressed = self.folder.join(format!("{name}.{}", encoding.suffix()));
            if let Ok(bytes) = tokio::fs::read(compressed).await {
                found = Some((Some(encoding), bytes));
                break;
            }
        }
        let (encoding, bytes) = match found {
            Some(found) => found,
            None => (None, tokio::fs::read(plain).await.ok()?),
        };
        let mut response = Body::from(bytes).into_response();
        describe(response.headers_mut(), content_type, FOR_EVER, encoding);
        Some(response)
    }
}

/// Whole or not at all: another process may be reading it.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&fresh, bytes)?;
    fs::rename(&fresh, path)
}

#[expect(clippy::disallowed_methods, reason = "files carry the machine's own time")]
fn is_over(modified: SystemTime) -> bool {
    SystemTime::now()
        .duration_since(modified)
        .is_ok_and(|age| age > KEPT)
}

/// One name with an extension and nothing that leads elsewhere.
fn is_plain(name: &str) -> bool {
    !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Named by what it holds, as every file that a release leaves here: contract 4 has eight hexadecimal digits or more.
fn is_by_content(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Compressed copies and unfinished ones have other extensions and are not served by name.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
