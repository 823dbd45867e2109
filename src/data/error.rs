use crate::ink::PictureError;
use std::io;
use std::path::{Path, PathBuf};

/// Why a data set cannot be used: what, where, and what to do, with the numbers.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("loading was cancelled")]
    Cancelled,

    #[error(
        "MNIST is not on this computer (looked in {}); fetch it in the window or with `inkgrad fetch-mnist`, or set INKGRAD_DATA_DIR to a folder that holds its four files",
        listed(looked_in)
    )]
    NoMnist { looked_in: Vec<PathBuf> },

    #[error("there is no file or folder {path}; a data set is `mnist`, `practice`, a folder, a drawings file, or several of these joined by +", path = path.display())]
    NotFound { path: PathBuf },

    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable { path: PathBuf, source: io::Error },

    #[error("the gzip data of {path} is cut off or damaged after {bytes} unpacked bytes ({source}); fetch the file again", path = path.display())]
    Gzip {
        path: PathBuf,
        bytes: u64,
        source: io::Error,
    },

    #[error("{path} is not an IDX file of {what}: its magic number should be {expected:#010x} and is {found:#010x}", path = path.display())]
    WrongMagic {
        path: PathBuf,
        /// "images" or "labels".
        what: &'static str,
        expected: u32,
        found: u32,
    },

    #[error("{path} is cut off: expected {expected} bytes, found {found}", path = path.display())]
    Truncated {
        path: PathBuf,
        expected: u64,
        found: u64,
    },

    #[error("{path} goes on after its end: expected {expected} bytes, found at least {found}", path = path.display())]
    TrailingBytes {
        path: PathBuf,
        expected: u64,
        found: u64,
    },

    #[error("{images_path} holds {images} images but {labels_path} holds {labels} labels; they do not belong together", images_path = images_path.display(), labels_path = labels_path.display())]
    CountsDiffer {
        images_path: PathBuf,
        images: usize,
        labels_path: PathBuf,
        labels: usize,
    },

    #[error("{path} has the label {label} at index {index}; labels are digits 0–9", path = path.display())]
    LabelOutOfRange {
        path: PathBuf,
        /// Counted from 0.
        index: usize,
        label: u8,
    },

    #[error("{path} holds images of {width}×{height}; 28×28 is expected, and other sizes are fitted only from 1×1 to {MAX_IMAGE_SIDE}×{MAX_IMAGE_SIDE}", path = path.display())]
    ImageSize {
        path: PathBuf,
        width: u32,
        height: u32,
    },

    #[error("{dir} holds some of MNIST's files but not {missing}; all four are needed: images and labels, for training and for the test", dir = dir.display(), missing = missing.join(", "))]
    MissingFiles { dir: PathBuf, missing: Vec<String> },

    #[error("{path} is empty; a data set folder holds either MNIST's four IDX files or pictures as 0/*.png … 9/*.png", path = path.display())]
    EmptyFolder { path: PathBuf },

    #[error("{path} is neither a data set folder nor a drawings file; a folder holds MNIST's four IDX files or pictures as 0/*.png … 9/*.png, a drawings file holds one drawing a line", path = path.display())]
    NotADataSet { path: PathBuf },

    #[error("the folder {path} is not named after a digit 0–9; pictures are expected as 0/*.png … 9/*.png", path = path.display())]
    FolderName { path: PathBuf },

    #[error(transparent)]
    Picture(#[from] PictureError),

    #[error("{path} shows no ink, so it is no digit; take it out of the data set", path = path.display())]
    BlankPicture { path: PathBuf },

    #[error("line {line} of {path} is not a drawing: {reason}", path = path.display())]
    Drawing {
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        reason: String,
    },

    #[error("the drawing in line {line} of {path} has no label; a data set needs one of 0–9 for every drawing", path = path.display())]
    Unlabelled { path: PathBuf, line: usize },

    #[error("the drawing in line {line} of {path} has no ink; take it out of the data set", path = path.display())]
    BlankDrawing { path: PathBuf, line: usize },

    #[error("{path} is too large: at most {limit} are read", path = path.display())]
    TooLarge {
        path: PathBuf,
        /// The number and what it counts: "1000000 examples".
        limit: String,
    },

    #[error("{path} holds {found} examples; at least {needed} are needed to train, to validate and to test", path = path.display())]
    TooFew {
        path: PathBuf,
        found: usize,
        needed: usize,
    },

    #[error(
        "`{text}` has a part without a name; a mix is written as mnist+practice, or with shares as mnist:0.6+practice:0.4"
    )]
    EmptyPart { text: String },

    #[error("{part} comes twice in the mix; name it once, with a larger share")]
    RepeatedPart { part: String },

    #[error(
        "the share of {part} is {share}, but a share is a number above 0, as in mnist:0.6+practice:0.4"
    )]
    Share { part: String, share: f32 },

    #[error("{part} has no share but another part has one; give one to every part or to none")]
    ShareMissing { part: String },

    #[error(
        "{found} examples of {part} in a share of {share:.6} would make an epoch of more than {limit}; give {part} a larger share"
    )]
    LongEpoch {
        part: String,
        found: usize,
        /// 0..=1
        share: f64,
        limit: usize,
    },

    #[error("together these are {found} examples; at most {limit} are taken")]
    TooMany { found: usize, limit: usize },
}

/// The longest side of an image in an IDX file.
pub(super) const MAX_IMAGE_SIDE: u32 = 1024;

impl DataError {
    /// What an error of the system means for the data set at `path`.
    pub(super) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Unreadable { path, source },
        }
    }
}

fn listed(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    if shown.is_empty() {
        "no folder, as this system names none for data".to_owned()
    } else {
        shown.join(" and ")
    }
}
