use super::{Cells, Drawing, GrayImage};

/// Anything that can become a network's input.
#[derive(Clone, Copy, Debug)]
pub enum Ink<'a> {
    Drawing(&'a Drawing),
    Picture(&'a GrayImage),
}

/// Ink as the network sees it, and how it came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalized {
    pub cells: Cells,
    /// The steps between, first to last, for showing; the last one shows `cells`.
    pub steps: Vec<Step>,
}

/// One step of the normalisation, as a small picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// "Fitted to 20×20", "Centred by mass": sentence case.
    pub name: &'static str,
    pub picture: GrayImage,
}

/// There is no ink to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blank;

/// From any ink to the network's input, as MNIST was made: fitted into 20×20 keeping the aspect, then centred
/// by its mass in 28×28 (LeCun, Cortes and Burges). Used by the pad, by picture files and by every data set.
pub fn normalize(ink: Ink<'_>) -> Result<Normalized, Blank> {
    let _ = ink;
    todo!()
}

/// Identifies this way of normalising in model files.
pub const NORMALIZATION_ID: &str = "box20-mass-centred";
