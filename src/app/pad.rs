use crate::ink::{Drawing, GrayImage, Normalized};
use crate::nn::Trace;
use std::sync::Arc;

/// What the pen does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PenMode {
    #[default]
    Draw,
    Erase,
}

/// The pad: the drawing (or an opened picture) with its undo and redo.
#[derive(Clone, Debug)]
pub struct Pad {
    pub drawing: Arc<Drawing>,
    /// A picture that was opened or a test digit, in place of strokes.
    pub picture: Option<Arc<GrayImage>>,
    pub mode: PenMode,
    /// In pad units (the pad is 280 wide).
    pub pen_width: f32,
    /// Grows with every change: the panel redraws its picture when it moves.
    pub version: u64,
    // the owner of `app` adds undo, redo and the stroke in progress
}

/// What the present network makes of the pad.
#[derive(Clone, Debug)]
pub struct Reading {
    pub normalized: Normalized,
    /// The forward pass over the one example.
    pub trace: Trace,
    /// The ten outputs.
    pub outputs: Vec<f32>,
    /// The strongest output.
    pub answer: u8,
    /// The next strongest.
    pub second: u8,
}

/// Side of the pad in its own units.
pub const PAD_SIZE: f32 = 280.0;
