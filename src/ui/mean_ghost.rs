//! The mean digit of a class behind the ink of a drawing: where its outline is empty, ink is missing; what is beyond
//! it, most people do not write.

use super::ink_texture::InkTexture;
use super::marks::Marks;
use super::theme;
use crate::ink::{Cells, SIDE, mean_digit};
use egui::{Color32, Pos2, Rect, Stroke, TextureOptions, Ui, Vec2, pos2, vec2};
use std::sync::{Arc, LazyLock};

/// The mean digit, blurred as a mean is, and a line around where more than [`LEVEL`] of it is ink.
#[derive(Default)]
pub struct MeanGhost {
    blur: InkTexture<u8>,
    outline: Marks,
}

/// The outline runs where the mean digit has this much ink.
const LEVEL: f32 = 0.35 * 255.0;

/// Of each digit.
static OUTLINES: LazyLock<[Vec<[Vec2; 2]>; 10]> =
    LazyLock::new(|| std::array::from_fn(|digit| outline(mean_digit(digit as u8))));

impl MeanGhost {
    /// What comes behind the ink.
    pub fn paint_blur(&mut self, ui: &Ui, rect: Rect, digit: u8) {
        let ghost = theme::palette(ui).ghost;
        let texture = self
            .blur
            .tinted(ui, ghost, digit, TextureOptions::LINEAR, || {
                Arc::new(mean_digit(digit).picture())
            });
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        let tint = Color32::WHITE.gamma_multiply(0.6);
        ui.painter().image(texture.id(), rect, whole, tint);
    }

    /// What comes over the ink, so that it is seen what of it lies outside.
    pub fn paint_outline(&mut self, ui: &Ui, rect: Rect, digit: u8) {
        let stroke = Stroke::new(1.0, theme::palette(ui).ghost);
        let cell = rect.width() / SIDE as f32;
        self.outline.paint(ui, rect, |batch| {
            for ends in OUTLINES.get(usize::from(digit)).into_iter().flatten() {
                batch.line(ends.map(|end| rect.min + end * cell), stroke);
            }
        });
    }
}

/// Pieces of the line between what has more ink than [`LEVEL`] and what has less, in cells (marching squares).
fn outline(cells: &Cells) -> Vec<[Vec2; 2]> {
    let mut pieces = Vec::new();
    for row in 0..SIDE - 1 {
        for column in 0..SIDE - 1 {
            let corners = [(0, 0), (1, 0), (1, 1), (0, 1)];
            let ink = corners.map(|(x, y)| f32::from(cells.0[(row + y) * SIDE + column + x]));
            // Where the line crosses the four sides of the square between the middles of four cells.
            let crossings: Vec<Vec2> = (0..4)
                .filter_map(|side| {
                    let (from, to) = (side, (side + 1) % 4);
                    let crosses = (ink[from] > LEVEL) != (ink[to] > LEVEL);
                    let part = (LEVEL - ink[from]) / (ink[to] - ink[from]);
                    let place = |(x, y): (usize, usize)| {
                        vec2((column + x) as f32 + 0.5, (row + y) as f32 + 0.5)
                    };
                    crosses.then(|| place(corners[from]) * (1.0 - part) + place(corners[to]) * part)
                })
                .collect();
            pieces.extend(crossings.chunks_exact(2).map(|ends| [ends[0], ends[1]]));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_is_closed_and_runs_around_the_ink() {
        let mut cells = Cells::BLANK;
        for row in 10..14 {
            for column in 5..8 {
                cells.0[row * SIDE + column] = 255;
            }
        }
        let pieces = outline(&cells);
        let length: f32 = pieces.iter().map(|[a, b]| (*b - *a).length()).sum();
        assert!((10.0..14.0).contains(&length), "{length}");
        let ends: Vec<Vec2> = pieces.concat();
        for end in &ends {
            let meeting = ends.iter().filter(|other| (**other - *end).length() < 1e-4);
            assert_eq!(meeting.count(), 2, "{end}");
            assert!((4.8..8.2).contains(&end.x) && (9.8..14.2).contains(&end.y));
        }
        assert!(outline(&Cells::BLANK).is_empty());
    }
}
