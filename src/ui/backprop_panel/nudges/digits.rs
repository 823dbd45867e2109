use crate::app::{AppState, Examined};
use crate::data::Examples;
use crate::ink::{SIDE, unit};
use crate::ui::heatmap::{KeyedTexture, outline, paint};
use crate::ui::theme;
use egui::{ColorImage, Rect, TextureId, Ui, Vec2, pos2};
use std::sync::Arc;

/// A digit of a mini-batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digit {
    /// The drawing on the pad.
    Drawing,
    /// A training digit, by its place.
    Training(u32),
}

/// Digits side by side in one texture, made anew when others are shown.
#[derive(Default)]
pub struct DigitPictures {
    texture: KeyedTexture<Key>,
}

/// A row of digits, ready to be painted one by one.
#[derive(Clone, Copy)]
pub struct Row {
    texture: TextureId,
    count: usize,
}

#[derive(PartialEq)]
struct Key {
    digits: Vec<Digit>,
    /// Where the digits lie in memory, and the version of the pad.
    of: (usize, u64),
    dark: bool,
}

/// Wider textures are not taken by every graphics card.
pub const MOST_DIGITS: usize = 72;

impl DigitPictures {
    /// The pictures of `digits`, of which there are at most [`MOST_DIGITS`].
    pub fn row(&mut self, ui: &Ui, state: &AppState, train: &Examples, digits: &[Digit]) -> Row {
        let palette = theme::palette(ui);
        let key = Key {
            digits: digits.to_vec(),
            of: (
                state
                    .data
                    .sets
                    .as_ref()
                    .map_or(0, |data| Arc::as_ptr(data).addr()),
                state.pad.version,
            ),
            dark: ui.visuals().dark_mode,
        };
        let count = digits.len().max(1);
        let texture = self.texture.texture(ui.ctx(), key, || {
            let drawing = state.examined();
            let width = count * SIDE;
            let mut image = ColorImage::filled([width, SIDE], palette.paper);
            for (place, digit) in digits.iter().enumerate() {
                for (cell, value) in cells(*digit, train, drawing.as_ref()).enumerate() {
                    let x = place * SIDE + cell % SIDE;
                    image.pixels[cell / SIDE * width + x] = palette.sequential(value);
                }
            }
            image
        });
        Row { texture, count }
    }
}

impl Row {
    /// Paints the picture at `place` of the row into `rect`.
    pub fn paint(&self, ui: &Ui, place: usize, rect: Rect) {
        let texels =
            Rect::from_min_size(pos2((place * SIDE) as f32, 0.0), Vec2::splat(SIDE as f32));
        let size = [self.count * SIDE, SIDE];
        paint(ui.painter(), self.texture, size, texels, rect);
        outline(ui.painter(), rect, theme::palette(ui));
    }
}

fn cells<'a>(
    digit: Digit,
    train: &'a Examples,
    drawing: Option<&'a Examined>,
) -> Box<dyn Iterator<Item = f32> + 'a> {
    match digit {
        Digit::Training(index) if (index as usize) < train.len() => {
            Box::new(train.image(index as usize).iter().map(|&byte| unit(byte)))
        }
        Digit::Drawing => Box::new(
            drawing
                .into_iter()
                .flat_map(|drawing| drawing.input.iter().copied()),
        ),
        Digit::Training(_) => Box::new(std::iter::empty()),
    }
}
