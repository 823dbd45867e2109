use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Why a file could not be written; the old one is untouched.
#[derive(Debug, thiserror::Error)]
#[error("{path} could not be written: {reason}", path = path.display(), reason = reason(path, source))]
pub struct WriteError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// Replaces `path` with `bytes` whole or not at all: temporary sibling, sync, rename.
///
/// A symbolic link stays and its target is replaced; the permissions of an existing file are kept.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let replaced = Replacement::begin(path).and_then(|replacement| replacement.finish(bytes));
    replaced.map_err(|source| WriteError {
        path: path.to_owned(),
        source,
    })
}

/// Whether [`write_atomically`] could begin: to be asked before long work for that file. Nothing is left behind.
pub fn check_writable(path: &Path) -> Result<(), WriteError> {
    Replacement::begin(path)
        .map(drop)
        .map_err(|source| WriteError {
            path: path.to_owned(),
            source,
        })
}

/// A file about to be replaced. Dropping it removes the temporary one, so that no failure leaves litter.
struct Replacement {
    target: PathBuf,
    folder: PathBuf,
    old_permissions: Option<Permissions>,
    temporary: NamedTempFile,
}

impl Replacement {
    fn begin(path: &Path) -> io::Result<Self> {
        let target = link_target(path)?;
        let old_permissions = replaceable(&target)?;
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".inkgrad-").suffix(".tmp");
        // A temporary file is private by default; a saved one has the rights that any new file gets here.
        #[cfg(unix)]
        let new_permissions: Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        #[cfg(unix)]
        builder.permissions(new_permissions);
        let temporary = builder.tempfile_in(&folder)?;
        Ok(Self {
            target,
            folder,
            old_permissions,
            temporary,
        })
    }

    fn finish(mut self, bytes: &[u8]) -> io::Result<()> {
        self.temporary.write_all(bytes)?;
        if let Some(permissions) = self.old_permissions {
            // Some file systems know no permissions; the bytes matter more.
            let _ = self.temporary.as_file().set_permissions(permissions);
        }
        self.temporary.as_file().sync_all()?;
        let persisted = self.temporary.persist(&self.target);
        persisted.map_err(|error| error.error)?;
        sync_folder(&self.folder);
        Ok(())
    }
}

/// Follows symbolic links, also to a file that is yet to be made.
fn link_target(path: &Path) -> io::Result<PathBuf> {
    /// As deep as Linux follows links.
    const MAX_LINKS: usize = 40;

    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = fs::read_link(&target) else {
            return Ok(target);
        };
        target = match target.parent() {
            Some(folder) => folder.join(next),
            None => next,
        };
    }
    Err(io::Error::other("its symbolic links go in a circle"))
}

/// The permissions of the file that is to be replaced, if there is one and it may be.
///
/// A rename would also replace what no write may touch: a write-protected file, a device, a pipe.
fn replaceable(target: &Path) -> io::Result<Option<Permissions>> {
    let metadata = match fs::metadata(target) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if metadata.is_dir() {
        Err(io::Error::from(ErrorKind::IsADirectory))
    } else if !metadata.is_file() {
        Err(io::Error::other("it is a device or a pipe; choose a file"))
    } else if metadata.permissions().readonly() {
        Err(io::Error::other(
            "the file is write-protected; allow writing or choose another name",
        ))
    } else {
        Ok(Some(metadata.permissions()))
    }
}

/// Makes the rename itself survive a power cut. The new file is in place by now and some file systems cannot sync
/// a folder, so a failure here is none of the caller's.
pub(super) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// What went wrong, and what to do.
fn reason(path: &Path, source: &io::Error) -> String {
    match source.kind() {
        ErrorKind::StorageFull => {
            "the disk is full; free some space or choose another place".into()
        }
        ErrorKind::QuotaExceeded => {
            "your quota is used up; free some space or choose another place".into()
        }
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only; choose another place".into(),
        ErrorKind::PermissionDenied => {
            "you have no permission to write in that folder; choose another place".into()
        }
        ErrorKind::IsADirectory => "it is a folder; choose a file name".into(),
        ErrorKind::NotADirectory => {
            "a part of the path is a file, not a folder; choose another place".into()
        }
        ErrorKind::NotFound => match path.parent() {
            Some(folder) if !folder.is_dir() => format!(
                "the folder {} does not exist; create it or choose another",
                folder.display()
            ),
            _ => source.to_string(),
        },
        ErrorKind::InvalidFilename => "the name is too long or not allowed; choose another".into(),
        _ => source.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in a folder: what is left over shows here.
    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_appears_and_an_old_one_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        for text in ["first", "a longer second", ""] {
            write_atomically(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(folder.path()), ["model.json"]);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nowhere/model.json");
        let sentence = write_atomically(&path, b"x").unwrap_err().to_string();
        assert!(sentence.contains("nowhere does not exist"), "{sentence}");
    }

    #[test]
    fn asking_changes_nothing_and_answers_as_writing_does() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("old.json");
        fs::write(&old, "old").unwrap();
        check_writable(&old).unwrap();
        check_writable(&folder.path().join("new.json")).unwrap();
        for wrong in [folder.path().to_owned(), folder.path().join("no/m.json")] {
            let asked = check_writable(&wrong).unwrap_err().to_string();
            let written = write_atomically(&wrong, b"x").unwrap_err().to_string();
            assert_eq!(asked, written);
        }
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        assert_eq!(names(folder.path()), ["old.json"]);
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        fs::create_dir(&path).unwrap();
        let sentence = write_atomically(&path, b"x").unwrap_err().to_string();
        assert!(sentence.contains("it is a folder"), "{sentence}");
        assert!(path.is_dir());
        assert_eq!(names(folder.path()), ["model.json"]);
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "old").unwrap();
        assert!(write_atomically(&file.join("model.json"), b"x").is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    }

    #[test]
    fn a_write_protected_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        fs::write(&path, "old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let sentence = write_atomically(&path, b"x").unwrap_err().to_string();
        assert!(sentence.contains("write-protected"), "{sentence}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["model.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        fs::write(&path, "old").unwrap();
        for mode in [0o640, 0o755] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            write_atomically(&path, b"new").unwrap();
            let now = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(now, mode);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_rights_of_any_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let usual = folder.path().join("usual");
        fs::write(&usual, "x").unwrap();
        let path = folder.path().join("model.json");
        write_atomically(&path, b"x").unwrap();
        let rights = |path: &Path| fs::metadata(path).unwrap().permissions();
        assert_eq!(rights(&path), rights(&usual));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        let target = folder.path().join("real/model.json");
        let link = folder.path().join("link.json");
        let chain = folder.path().join("chain.json");
        symlink("real/model.json", &link).unwrap();
        symlink("link.json", &chain).unwrap();
        // The first time the target is yet to be made.
        for text in ["first", "second"] {
            write_atomically(&chain, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&target).unwrap(), text);
        }
        assert!(link.is_symlink() && chain.is_symlink());

        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(write_atomically(&circle, b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_replaced() {
        use std::os::unix::fs::FileTypeExt as _;
        let sentence = write_atomically(Path::new("/dev/null"), b"x").unwrap_err();
        assert!(sentence.to_string().contains("device"), "{sentence}");
        let file_type = fs::metadata("/dev/null").unwrap().file_type();
        assert!(file_type.is_char_device());
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_folder_keeps_the_old_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
        let outcome = write_atomically(&path, b"new");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        match outcome {
            // Said past the test runner, which keeps what a passing test prints to itself.
            Ok(()) => {
                let why = "this user (root?) may write into a read-only folder";
                let _ = writeln!(io::stderr(), "SKIPPED a read-only folder: {why}");
            }
            Err(error) => {
                assert!(error.to_string().contains("no permission"), "{error}");
                assert_eq!(fs::read_to_string(&path).unwrap(), "old");
                assert_eq!(names(folder.path()), ["model.json"]);
            }
        }
    }

    #[test]
    fn a_full_disk_is_told_in_plain_words() {
        let error = WriteError {
            path: "model.json".into(),
            source: io::Error::from(ErrorKind::StorageFull),
        };
        assert_eq!(
            error.to_string(),
            "model.json could not be written: the disk is full; free some space or choose another place"
        );
    }
}
