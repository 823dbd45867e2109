//! Fetching MNIST: four archives, two mirrors, and nothing put in place that is not exactly right.

mod archive;
mod attempt;
mod download;

pub use archive::{Archive, MIRRORS, MNIST_ARCHIVES};
pub use download::Setback;

use super::write::WriteError;
use attempt::Fetch;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to fetch, from where, and with how much patience.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Addresses that end in a slash, tried in turn.
    pub mirrors: Vec<String>,
    pub archives: Vec<Archive>,
    pub proxy: Option<ureq::Proxy>,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait for the next bytes.
    pub stall_timeout: Duration,
}

/// How far a fetch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchProgress {
    pub file: &'static str,
    /// 1..=4 of 4.
    pub file_number: usize,
    /// Of this file, with what an earlier fetch had brought.
    pub bytes_done: u64,
    /// Of this file.
    pub bytes_total: u64,
}

/// Why a fetch failed, and what to do by hand.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(
        "fetching MNIST was cancelled; what has come is kept and the next fetch goes on from there"
    )]
    Cancelled,

    #[error(transparent)]
    Write(#[from] WriteError),

    #[error(
        "{file} could not be fetched ({}). By hand: download {} from {} into {}, or into any folder and set INKGRAD_DATA_DIR to it",
        each(setbacks), needed.join(", "), MIRRORS.join(" or "), dir.display()
    )]
    NoMirror {
        file: &'static str,
        /// All files of the data set.
        needed: Vec<&'static str>,
        dir: PathBuf,
        /// Each mirror and why it gave no file.
        setbacks: Vec<(String, Setback)>,
    },
}

impl Default for FetchOptions {
    /// MNIST from its mirrors, through the proxy that the environment names (`HTTPS_PROXY` and its like).
    fn default() -> Self {
        Self {
            mirrors: MIRRORS.map(str::to_owned).to_vec(),
            archives: MNIST_ARCHIVES.to_vec(),
            proxy: ureq::Proxy::try_from_env(),
            connect_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(20),
        }
    }
}

/// Puts MNIST's four archives into `dir`: resumes what was cut off, verifies every checksum before a file is put
/// in place. `progress` is called often; breaking cancels.
pub fn fetch_mnist(
    dir: &Path,
    mirrors: &[&str],
    progress: &mut dyn FnMut(&FetchProgress) -> ControlFlow<()>,
) -> Result<(), FetchError> {
    let options = FetchOptions {
        mirrors: mirrors.iter().map(|&mirror| mirror.to_owned()).collect(),
        ..FetchOptions::default()
    };
    fetch_archives(dir, &options, progress)
}

/// [`fetch_mnist`] for any archives.
///
/// A file that is there under the same name but is another one is not lost: it gets the ending `.old`.
pub fn fetch_archives(
    dir: &Path,
    options: &FetchOptions,
    progress: &mut dyn FnMut(&FetchProgress) -> ControlFlow<()>,
) -> Result<(), FetchError> {
    fs::create_dir_all(dir).map_err(unwritable(dir))?;
    let client = download::client(
        options.proxy.clone(),
        options.connect_timeout,
        options.stall_timeout,
    );
    for (index, archive) in options.archives.iter().enumerate() {
        let mut fetch = Fetch {
            options,
            client: &client,
            archive,
            place: dir.join(archive.name),
            part: dir.join(format!("{}.part", archive.name)),
            progress: &mut |bytes_done| {
                progress(&FetchProgress {
                    file: archive.name,
                    file_number: index + 1,
                    bytes_done,
                    bytes_total: archive.bytes,
                })
            },
        };
        fetch.run(dir)?;
    }
    Ok(())
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> FetchError {
    let path = path.to_owned();
    |source| FetchError::Write(WriteError { path, source })
}

fn each(setbacks: &[(String, Setback)]) -> String {
    let each = setbacks
        .iter()
        .map(|(mirror, why)| format!("{mirror}: {why}"));
    each.collect::<Vec<_>>().join("; ")
}
