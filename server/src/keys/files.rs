use super::error::KeysError;
use crate::random::Random;
use secrecy::{ExposeSecret, SecretString};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The folder that the keys lie in: files `<purpose>-<id>.<extension>`, for nobody but the server's user.
pub(super) struct KeyFolder<'a> {
    path: PathBuf,
    random: &'a dyn Random,
}

/// One key file as read.
pub(super) struct KeyFile {
    /// The number in its name.
    pub(super) id: u32,
    /// Where it lies.
    pub(super) path: PathBuf,
    /// What it holds.
    pub(super) text: SecretString,
}

impl<'a> KeyFolder<'a> {
    /// Opens the folder, and makes it where there is none. One that is open to others is closed while it is empty, and
    /// refused once it holds something.
    pub(super) fn open(path: &Path, random: &'a dyn Random) -> Result<Self, KeysError> {
        let io = || KeysError::io(path);
        fs::create_dir_all(path).map_err(io())?;
        if fs::read_dir(path).map_err(io())?.next().is_none() {
            permissions::close_folder(path).map_err(io())?;
        }
        permissions::require_closed(path, permissions::FOLDER)?;
        Ok(Self {
            path: path.to_owned(),
            random,
        })
    }

    /// Reads the keys of one purpose; makes the first one out of `make` where there is none.
    pub(super) fn read_or_make(
        &self,
        purpose: &str,
        extension: &str,
        make: impl FnOnce() -> Result<SecretString, KeysError>,
    ) -> Result<Vec<KeyFile>, KeysError> {
        let mut files = self.read(purpose, extension)?;
        if files.is_empty() {
            self.create(&format!("{purpose}-1.{extension}"), &make()?)?;
            files = self.read(purpose, extension)?;
        }
        Ok(files)
    }

    fn read(&self, purpose: &str, extension: &str) -> Result<Vec<KeyFile>, KeysError> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(KeysError::io(&self.path))? {
            let path = entry.map_err(KeysError::io(&self.path))?.path();
            let Some(id) = id_of(&path, purpose, extension) else {
                continue;
            };
            permissions::require_closed(&path, permissions::FILE)?;
            let text = fs::read_to_string(&path).map_err(KeysError::io(&path))?.into();
            files.push(KeyFile { id, path, text });
        }
        Ok(files)
    }

    /// Writes a file as a whole or not at all. Of two processes that race, one wins and both then read its key.
    fn create(&self, name: &str, text: &SecretString) -> Result<(), KeysError> {
        let mut suffix = [0; 8];
        self.random.fill(&mut suffix)?;
        let temporary = self.path.join(format!(".{name}.{}", hex::encode(suffix)));
        let path = self.path.join(name);
        let written = write_new(&temporary, text)
            // A link, unlike a rename, fails where the name is taken.
            .and_then(|()| match fs::hard_link(&temporary, &path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
                linked => linked,
            })
            .and_then(|()| File::open(&self.path)?.sync_all());
        let removed = fs::remove_file(&temporary);
        written.and(removed).map_err(KeysError::io(&path))
    }
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

fn write_new(path: &Path, text: &SecretString) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    permissions::for_file(&mut options);
    let mut file = options.open(path)?;
    file.write_all(text.expose_secret().trim_end().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(unix)]
mod permissions {
    use super::{KeysError, OpenOptions, Path, fs};
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

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
    use super::{KeysError, OpenOptions, Path};

    pub(super) const FOLDER: u32 = 0o700;
    pub(super) const FILE: u32 = 0o600;

    pub(super) fn for_file(_: &mut OpenOptions) {}

    pub(super) fn close_folder(_: &Path) -> std::io::Result<()> {
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
