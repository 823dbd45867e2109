//! The same digit nine ways: what augmentation does to every training image.

use super::ink_texture::InkTexture;
use super::theme::palette;
use crate::app::AppState;
use crate::data::Augmentation;
use crate::ink::{Cells, GrayImage, Ink, SIDE, cells_of, practice_digit};
use egui::{RichText, Role, Sense, TextureOptions, Ui, Vec2, WidgetInfo};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::sync::Arc;

/// Nine changed copies of the digit on the pad, or of a written one while the pad is blank.
#[derive(Default)]
pub struct NineWays {
    texture: InkTexture<(Augmentation, u64, u64)>,
    /// Grows when others are asked for.
    seed: u64,
}

const COPIES_A_SIDE: usize = 3;

/// Paper between two copies, in cells.
const GAP: usize = 2;

/// Cells along the picture of all nine.
const PICTURE_SIDE: usize = COPIES_A_SIDE * (SIDE + GAP) + GAP;

/// Points a cell.
const ZOOM: f32 = 2.0;

impl NineWays {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, augmentation: Augmentation) {
        if augmentation == Augmentation::None {
            return;
        }
        let reading = state.reading.as_ref();
        let title = match reading {
            Some(_) => "The digit on the pad, nine ways",
            None => "A written digit, nine ways",
        };
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(title).color(palette(ui).weak_text));
            let others = ui.small_button("Nine others");
            if others
                .on_hover_text("Training sees each example changed anew in every epoch")
                .clicked()
            {
                self.seed += 1;
            }
        });
        let side = Vec2::splat(PICTURE_SIDE as f32 * ZOOM);
        let (rect, response) = ui.allocate_exact_size(side, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, title));
        ui.painter().rect_filled(rect, 4.0, palette(ui).paper);
        let seed = self.seed;
        let key = (augmentation, state.pad.version, seed);
        let texture = self.texture.get(ui, key, TextureOptions::NEAREST, || {
            let cells = reading.map_or_else(written_digit, |reading| reading.normalized.cells);
            Arc::new(picture(&cells, augmentation, seed))
        });
        let whole = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
        ui.painter()
            .image(texture.id(), rect, whole, egui::Color32::WHITE);
    }
}

/// Something to look at before anything is drawn.
fn written_digit() -> Cells {
    let drawing = practice_digit(5, &mut StdRng::seed_from_u64(0));
    cells_of(Ink::Drawing(&drawing)).unwrap_or(Cells::BLANK)
}

fn picture(cells: &Cells, augmentation: Augmentation, seed: u64) -> GrayImage {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut ink = vec![0; PICTURE_SIDE * PICTURE_SIDE];
    for copy in 0..COPIES_A_SIDE * COPIES_A_SIDE {
        let place = |index: usize| GAP + index * (SIDE + GAP);
        let (top, left) = (place(copy / COPIES_A_SIDE), place(copy % COPIES_A_SIDE));
        let changed = augmentation.changed(cells, &mut rng);
        for (row, line) in changed.0.chunks_exact(SIDE).enumerate() {
            let start = (top + row) * PICTURE_SIDE + left;
            ink[start..start + SIDE].copy_from_slice(line);
        }
    }
    GrayImage {
        width: PICTURE_SIDE,
        height: PICTURE_SIDE,
        ink,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_different_copies_stand_in_three_rows() {
        let picture = picture(&written_digit(), Augmentation::Strong, 0);
        let mut copies: Vec<Vec<u8>> = Vec::new();
        for top in [2, 32, 62] {
            for left in [2, 32, 62] {
                let rows = (top..top + SIDE).map(|row| row * PICTURE_SIDE + left);
                copies.push(
                    rows.flat_map(|start| picture.ink[start..start + SIDE].to_vec())
                        .collect(),
                );
            }
        }
        assert!(copies.iter().all(|copy| copy.iter().any(|&ink| ink > 200)));
        copies.sort();
        copies.dedup();
        assert_eq!(copies.len(), 9);
    }

    #[test]
    fn others_are_others() {
        let cells = written_digit();
        let with = |seed| picture(&cells, Augmentation::Standard, seed);
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
    }
}
