//! What a pen leaves: strokes, how they are drawn, how any picture becomes the 28×28 cells that a network
//! reads, and a generator that writes digits the way hands do.

mod drawing;
mod normalize;
mod picture;
mod practice;
mod raster;

pub use drawing::{Drawing, Point, Stroke};
pub use normalize::{Blank, Ink, NORMALIZATION_ID, Normalized, Step, normalize};
pub use picture::{
    Cells, GrayImage, PictureError, SIDE, decode_picture, encode_png, open_picture, unit,
};
pub use practice::{practice_digit, practice_digits};
pub use raster::rasterize;
