use super::error::KeysError;
use crate::clock::{from_rfc3339, rfc3339};
use crate::random::Random;
use phone_verify_domain::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What stands before a key that is not used at once, on a line of its own, and before a moment as RFC 3339 has it. Such a line
/// may stand before a PEM block (RFC 7468, 5.2).
const USED_FROM: &str = "# used from ";

/// The folder that the keys lie in: files `<purpose>-<id>.<extension>`, for nobody but the server's user.
pub(super) struct KeyFolder {
    path: PathBuf,
}

/// One key file as read.
pub(super) struct KeyFile {
    /// The number in its name.
    pub(super) id: u32,
    /// Where it lies.
    pub(super) path: PathBuf,
    /// When it is used first; `None`: at once.
    pub(super) used_from: Option<Timestamp>,
    /// The key that it holds.
    pub(super) text: SecretString,
}

impl KeyFolder {
    /// Opens the folder, and makes it where there is none. One that is open to others is closed while it is empty, and
    /// refused once it holds something.
    pub(super) fn open(path: &Path) -> Result<Self, KeysError> {
        let io = || KeysError::io(path);
        fs::create_dir_all(path).map_err(io())?;
        if fs::read_dir(path).map_err(io())?.next().is_none() {
            permissions::close_folder(path).map_err(io())?;
        }
        Self::existing(path)
    }

    /// Opens the folder, and makes nothing.
    pub(super) fn existing(path: &Path) -> Result<Self, KeysError> {
        permissions::require_closed(path, permissions::FOLDER)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Reads the keys of one purpose; makes the first one out of `make` where there is none.
    pub(super) fn read_or_make(
        &self,
        purpose: &str,
        extension: &str,
        random: &dyn Random,
        make: impl FnOnce() -> Result<SecretString, KeysError>,
    ) -> Result<Vec<KeyFile>, KeysError> {
        let mut files = self.read(purpose, extension)?;
        if files.is_empty() {
            // Of two processes that race, one wins and both then read its key.
            self.create(&format!("{purpose}-1.{extension}"), &make()?, None, random)?;
            files = self.read(purpose, extension)?;
        }
        Ok(files)
    }

    /// Reads the keys of one purpose.
    pub(super) fn read(&self, purpose: &str, extension: &str) -> Result<Vec<KeyFile>, KeysError> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(KeysError::io(&self.path))? {
            let path = entry.map_err(KeysError::io(&self.path))?.path();
            let Some(id) = id_of(&path, purpose, extension) else {
                continue;
            };
            permissions::require_closed(&path, permissions::FILE)?;
            let text = Zeroizing::new(fs::read_to_string(&path).map_err(KeysError::io(&path))?);
            let (used_from, text) = parts_of(&text).ok_or_else(|| KeysError::Malformed {
                origin: path.display().to_string(),
                wanted: "a key after `# used from` and a moment such as 2026-01-31T23:59:59Z",
            })?;
            files.push(KeyFile {
                id,
                path,
                used_from,
                text,
            });
        }
        Ok(files)
    }

    /// Writes a file as a whole or not at all; returns whether the name was free.
    pub(super) fn create(
        &self,
        name: &str,
        key: &SecretString,
        used_from: Option<Timestamp>,
        random: &dyn Random,
    ) -> Result<bool, KeysError> {
        let mut suffix = [0; 8];
        random.fill(&mut suffix)?;
        let temporary = self.path.join(format!(".{name}.{}", hex::encode(suffix)));
        let path = self.path.join(name);
        let written = write_new(&temporary, key, used_from)
            .and_then(|file| permissions::give_to_owner_of(&self.path, &file))
            // A link, unlike a rename, fails where the name is taken.
            .and_then(|()| match fs::hard_link(&temporary, &path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
                linked => linked.map(|()| true),
            })
            .and_then(|is_new| self.sync().map(|()| is_new));
        let removed = fs::remove_file(&temporary);
        written
            .and_then(|is_new| removed.map(|()| is_new))
            .map_err(KeysError::io(&path))
    }

    /// Deletes a file; that it is gone already is no failure.
    pub(super) fn delete(&self, name: &str) -> Result<(), KeysError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed.and_then(|()| self.sync()).map_err(KeysError::io(&path)),
        }
    }

    fn sync(&self) -> std::io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

/// When a key is used first, and the key without what stands before it. `None` where that is no moment.
fn parts_of(text: &str) -> Option<(Option<Timestamp>, SecretString)> {
    let mut used_from = None;
    let mut key = Zeroizing::new(String::with_capacity(text.len()));
    for line in text.lines() {
        if let Some(moment) = line.strip_prefix(USED_FROM) {
            used_from = Some(from_rfc3339(moment.trim())?);
        } else if !line.starts_with('#') {
            key.push_str(line);
            key.push('\n');
        }
    }
    Some((used_from, key.as_str().into()))
}

/// The number in `<purpose>-<id>.<extension>`, written without leading zeros.
fn id_of(path: &Path, purpose: &str, extension: &str) -> Option<u32> {
    let name = path.file_name()?.to_str()?;
    let number = name
        .strip_prefix(purpose)?
        .strip_prefix('-')?
        .strip_suffix(extension)?
        .strip_suffix('.')?;
    let id: u32 = number.parse().ok()?;
    (id > 0 && id.to_string() == number).then_some(id)
}

fn write_new(path: &Path, key: &SecretString, used_from: Option<Timestamp>) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    permissions::for_file(&mut options);
    let mut file = options.open(path)?;
    if let Some(moment) = used_from {
        writeln!(file, "{USED_FROM}{}", rfc3339(moment))?;
    }
    file.write_all(key.expose_secret().trim_end().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(file)
}

#[cfg(unix)]
mod permissions {
    use super::{File, KeysError, OpenOptions, Path, fs};
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};

    /// The owner may enter, list and write.
    pub(super) const FOLDER: u32 = 0o700;
    /// The owner may read and write.
    pub(super) const FILE: u32 = 0o600;
    /// Whatever the group and others may do.
    const OTHERS: u32 = 0o077;

    pub(super) fn for_file(options: &mut OpenOptions) {
        options.mode(FILE);
    }

    pub(super) fn close_folder(path: &Path) -> std::io::Result<()> {
        fs::set_permissions(path, fs::Permissions::from_mode(FOLDER))
    }

    /// Gives a file to whom the folder belongs: root may rotate the keys of a server that runs as somebody else.
    pub(super) fn give_to_owner_of(folder: &Path, file: &File) -> std::io::Result<()> {
        let owner = fs::metadata(folder)?;
        if owner.uid() == file.metadata()?.uid() {
            return Ok(());
        }
        fchown(file, Some(owner.uid()), Some(owner.gid()))
    }

    /// Refuses what others may read, write or enter; less than `wanted` is fine.
    pub(super) fn require_closed(path: &Path, wanted: u32) -> Result<(), KeysError> {
        let mode = fs::metadata(path)
            .map_err(KeysError::io(path))?
            .permissions()
            .mode()
            & 0o7777;
        if mode & OTHERS == 0 {
            Ok(())
        } else {
            Err(KeysError::Open {
                path: path.to_owned(),
                mode,
                wanted,
            })
        }
    }
}

/// Elsewhere the folder's own access list counts.
#[cfg(not(unix))]
mod permissions {
    use super::{File, KeysError, OpenOptions, Path};

    pub(super) const FOLDER: u32 = 0o700;
    pub(super) const FILE: u32 = 0o600;

    pub(super) fn for_file(_: &mut OpenOptions) {}

    pub(super) fn close_folder(_: &Path) -> std::io::Result<()> {
        Ok(())
    }

    pub(super) fn give_to_owner_of(_: &Path, _: &File) -> std::io::Result<()> {
        Ok(())
    }

    pub(super) fn require_closed(_: &Path, _: u32) -> Result<(), KeysError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_documented_form_are_keys() {
        let id = |name: &str| id_of(Path::new(name), "sealing", "key");
        assert_eq!(id("keys/sealing-1.key"), Some(1));
        assert_eq!(id("sealing-12.key"), Some(12));
        for name in [
            "sealing.key",
            "sealing-.key",
            "sealing-0.key",
            "sealing-01.key",
            "sealing--1.key",
            "sealing-1.key~",
            "index-1.key",
            ".sealing-1.key.0a",
        ] {
            assert_eq!(id(name), None, "{name}");
        }
    }
}
