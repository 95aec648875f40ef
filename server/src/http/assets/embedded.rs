//! The table that the build script makes of the manifest.

use super::negotiate::Encoding;

/// A file of this release.
pub(super) struct File {
    /// Its URL path.
    pub(super) path: &'static str,
    /// The Content-Type.
    pub(super) content_type: &'static str,
    /// Named by its content.
    pub(super) immutable: bool,
    /// From the content, without quotes.
    pub(super) etag: &'static str,
    /// The content.
    pub(super) bytes: &'static [u8],
    /// The same by brotli, where that is shorter.
    pub(super) br: Option<&'static [u8]>,
    /// The same by gzip, where that is shorter.
    pub(super) gz: Option<&'static [u8]>,
}

impl File {
    pub(super) fn encoded(&self, encoding: Encoding) -> Option<&'static [u8]> {
        match encoding {
            Encoding::Brotli => self.br,
            Encoding::Gzip => self.gz,
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/embedded_files.rs"));
