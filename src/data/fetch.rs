use std::ops::ControlFlow;
use std::path::Path;

/// Where MNIST's four archives are, tried in turn.
pub const MIRRORS: [&str; 2] = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
];

/// How far a fetch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchProgress {
    pub file: &'static str,
    /// 1..=4 of 4.
    pub file_number: usize,
    pub bytes_done: u64,
    pub bytes_total: u64,
}

/// Why a fetch failed, and what to do by hand.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("fetching MNIST was cancelled")]
    Cancelled,
    // the owner of `data` adds others
}

/// Puts MNIST's four archives into `dir`: resumes what was cut off, verifies every checksum before a file is put
/// in place. `progress` is called often; breaking cancels.
pub fn fetch_mnist(
    dir: &Path,
    mirrors: &[&str],
    progress: &mut dyn FnMut(&FetchProgress) -> ControlFlow<()>,
) -> Result<(), FetchError> {
    let _ = (dir, mirrors, progress);
    todo!()
}
