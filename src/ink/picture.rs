use std::path::{Path, PathBuf};

/// Cells on one side of the network's picture.
pub const SIDE: usize = 28;

/// The 28×28 grey values that a network reads, row by row; 0 is paper, 255 is full ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells(pub [u8; SIDE * SIDE]);

/// The one place where bytes become the network's 0..=1.
pub fn unit(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

impl Cells {
    pub const BLANK: Self = Self([0; SIDE * SIDE]);

    /// The network's input, 784 values 0..=1.
    pub fn input(&self) -> Vec<f32> {
        self.0.iter().copied().map(unit).collect()
    }
}

/// A grey picture of any size; 0 is no ink, 255 is full ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrayImage {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    pub ink: Vec<u8>,
}

/// Why a file is not a picture that can be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is not a picture that Inkgrad knows (PNG, JPEG, GIF, BMP, WebP): {reason}", path = path.display())]
    NotAPicture { path: PathBuf, reason: String },
    // the owner of `ink` adds others
}

/// Reads a picture file into ink: polarity from the border, transparency as paper, size bounded.
pub fn open_picture(path: &Path) -> Result<GrayImage, PictureError> {
    let _ = path;
    todo!()
}

/// The same from bytes; `path` only names the file in errors.
pub fn decode_picture(path: &Path, bytes: &[u8]) -> Result<GrayImage, PictureError> {
    let _ = (path, bytes);
    todo!()
}

/// A PNG of the picture, dark ink on white paper.
pub fn encode_png(image: &GrayImage) -> Vec<u8> {
    let _ = image;
    todo!()
}
