use std::path::{Path, PathBuf};

/// Why a file could not be written; the old one is untouched.
#[derive(Debug, thiserror::Error)]
#[error("{path} could not be written: {source}", path = path.display())]
pub struct WriteError {
    pub path: PathBuf,
    pub source: std::io::Error,
}

/// Replaces `path` with `bytes` whole or not at all: temporary sibling, sync, rename.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let _ = (path, bytes);
    todo!()
}
