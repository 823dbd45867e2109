//! What a pen leaves: strokes, how they are drawn, how any picture becomes the 28×28 cells that a network
//! reads, and a generator that writes digits the way hands do.

mod drawing;
mod drawing_record;
mod eraser;
mod fitted_drawing;
mod fitted_picture;
mod live_ink;
mod mean_digits;
mod normal;
mod normalize;
mod paper;
mod picture;
mod picture_file;
mod practice;
mod raster;
mod resample;
mod rewrite;
mod several;
mod shrink;
mod sparse;
mod specks;
mod steps;
mod stranger_signs;
mod strangers;
mod surface;
mod thin;

pub use drawing::{Drawing, DrawingError, Point, Stroke};
pub use live_ink::LiveInk;
pub use mean_digits::mean_digit;
pub use normalize::{Blank, Ink, NORMALIZATION_ID, Normalized, Stage, cells_of, normalize};
pub use picture::{Cells, GrayImage, SIDE, unit, units, whole};
pub use picture_file::{PictureError, decode_picture, encode_png, open_picture};
pub use practice::{Hands, practice_digit, practice_digits};
pub use raster::{PixelRect, rasterize};
pub use rewrite::rewritten;
pub use several::digits_side_by_side;
pub use steps::{Step, Steps};
pub use strangers::{stranger, turned};
