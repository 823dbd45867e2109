//! Drawings that are no digits: scribbles and letters, made by the project's own code.

mod letters;
mod scribbles;

pub use letters::{LETTERS, letter};
pub use scribbles::Scribble;

use inkgrad::ink::{Drawing, Point, Stroke};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Side of the pad that they are drawn on.
const PAD: f32 = 280.0;

/// `count` drawings by `draw`, each from the seed and its own number.
pub fn many(count: usize, seed: u64, draw: impl Fn(&mut StdRng) -> Drawing) -> Vec<Drawing> {
    (0..count as u64)
        .map(|index| draw(&mut StdRng::seed_from_u64(seed * 1_000_003 + index)))
        .collect()
}

/// Strokes given in units of the pad, where 0..=1 is its inner part, drawn with a pen.
fn on_pad(strokes: Vec<Vec<[f32; 2]>>, rng: &mut StdRng) -> Drawing {
    let width = rng.random_range(12.0..24.0);
    let mut drawing = Drawing::new([PAD, PAD]);
    drawing.strokes = strokes
        .into_iter()
        .map(|places| Stroke {
            points: places
                .into_iter()
                .map(|[x, y]| Point::new(PAD * (0.1 + 0.8 * x), PAD * (0.1 + 0.8 * y)))
                .collect(),
            width,
        })
        .collect();
    drawing
}

/// A draw of mean 0 and this standard deviation, nearly normal.
fn normal(rng: &mut StdRng, deviation: f32) -> f32 {
    let sum: f32 = (0..4).map(|_| rng.random::<f32>() - 0.5).sum();
    sum * deviation * 1.732
}
