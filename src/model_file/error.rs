use std::path::PathBuf;

/// Why a model cannot be opened: what, where, with the numbers.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    // the owner of `model_file` adds one variant per way that a file can be wrong
}
