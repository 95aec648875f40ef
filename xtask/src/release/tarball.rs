//! A tar archive whose bytes follow from its files alone.

use std::collections::BTreeMap;
use std::io;

use flate2::Compression;
use flate2::GzBuilder;
use flate2::write::GzEncoder;

use super::hash;
use crate::error::{Error, Result};

/// Files by their path in the archive.
#[derive(Default)]
pub struct Files(BTreeMap<String, File>);

struct File {
    bytes: Vec<u8>,
    is_program: bool,
}

impl Files {
    /// Adds a file to be read.
    pub fn text(&mut self, path: &str, bytes: Vec<u8>) {
        let is_program = false;
        self.0.insert(path.to_owned(), File { bytes, is_program });
    }

    /// Adds a file to be run.
    pub fn program(&mut self, path: &str, bytes: Vec<u8>) {
        let is_program = true;
        self.0.insert(path.to_owned(), File { bytes, is_program });
    }

    /// Lines for `sha256sum --check` of all files that are in it so far.
    pub fn sums(&self) -> String {
        let sums = self.0.iter();
        sums.map(|(path, file)| sum(&file.bytes, path)).collect()
    }

    /// The archive: everything below `folder`, in the order of the paths, owned by root, as old as `seconds` after 1970.
    ///
    /// # Errors
    /// A path is too long for a tar archive.
    pub fn compressed(&self, folder: &str, seconds: u64) -> Result<Vec<u8>> {
        // The header of gzip has a time as well: none.
        let encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        let mut archive = tar::Builder::new(encoder);
        archive.mode(tar::HeaderMode::Deterministic);
        let written = self.0.iter().try_for_each(|(path, file)| {
            let mut header = tar::Header::new_ustar();
            header.set_size(file.bytes.len() as u64);
            header.set_mode(if file.is_program { 0o755 } else { 0o644 });
            header.set_mtime(seconds);
            header.set_uid(0);
            header.set_gid(0);
            archive.append_data(&mut header, format!("{folder}/{path}"), file.bytes.as_slice())
        });
        let failed = |error: io::Error| Error::Other(format!("the tarball: {error}"));
        written.map_err(failed)?;
        archive.into_inner().and_then(GzEncoder::finish).map_err(failed)
    }
}

/// One line for `sha256sum --check`.
pub fn sum(bytes: &[u8], name: &str) -> String {
    format!("{}  {name}\n", hash(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    fn files(names: &[&str]) -> Files {
        let mut files = Files::default();
        for name in names {
            files.text(name, name.as_bytes().to_vec());
        }
        files.program("bin/program", b"run".to_vec());
        files
    }

    #[test]
    fn the_same_files_make_the_same_bytes_in_whatever_order_they_come() {
        let one = files(&["a", "b", "c/d"])
            .compressed("x-1", 1_700_000_000)
            .unwrap();
        let other = files(&["c/d", "b", "a"])
            .compressed("x-1", 1_700_000_000)
            .unwrap();
        assert_eq!(one, other);
        let later = files(&["a", "b", "c/d"])
            .compressed("x-1", 1_700_000_001)
            .unwrap();
        assert_ne!(one, later, "the time is the caller's");
    }

    #[test]
    fn whoever_unpacks_it_finds_the_files_sorted_with_their_modes_and_nobodys_name() {
        let bytes = files(&["b", "a"]).compressed("x-1", 1_700_000_000).unwrap();
        let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
        let mut found = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert_eq!(header.mtime().unwrap(), 1_700_000_000);
            let mode = header.mode().unwrap();
            let path = entry.path().unwrap().display().to_string();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            found.push((path, mode, text));
        }
        let file = |path: &str, mode, text: &str| (path.to_owned(), mode, text.to_owned());
        assert_eq!(
            found,
            [
                file("x-1/a", 0o644, "a"),
                file("x-1/b", 0o644, "b"),
                file("x-1/bin/program", 0o755, "run")
            ]
        );
    }

    #[test]
    fn the_sums_are_those_of_sha256sum() {
        let mut files = Files::default();
        files.text("abc", b"abc".to_vec());
        assert_eq!(
            files.sums(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n"
        );
    }
}
