use super::Cell;
use crate::app::{AppCommand, AppState, ScoredSet, Wrong};
use crate::data::Examples;
use crate::ink::{SIDE, unit};
use crate::ui::theme::{Palette, palette};
use egui::{ColorImage, Image, Rect, RichText, TextureHandle, TextureOptions, Ui, pos2, vec2};

/// The wrong digits of one page, as tiles of one texture.
#[derive(Default)]
pub struct Gallery {
    page: usize,
    texture: Option<TextureHandle>,
    /// What the texture shows; it is made anew when this changes.
    key: Option<Key>,
}

#[derive(Clone, Debug, PartialEq)]
struct Key {
    tiles: Vec<Wrong>,
    data_name: String,
    dark: bool,
}

const PER_PAGE: usize = 60;
const ACROSS: usize = 10;
const TILE_POINTS: f32 = 58.0;

impl std::fmt::Debug for Gallery {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Gallery")
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

impl Gallery {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        scored: &ScoredSet,
        chosen: &mut Option<Cell>,
        commands: &mut Vec<AppCommand>,
    ) {
        let wrong: Vec<Wrong> = scored
            .wrong
            .iter()
            .copied()
            .filter(|wrong| {
                chosen.is_none_or(|cell| (cell.truth, cell.answer) == (wrong.truth, wrong.answer))
            })
            .collect();
        self.header(ui, wrong.len(), chosen);
        let from = self.page * PER_PAGE;
        let tiles = &wrong[from.min(wrong.len())..(from + PER_PAGE).min(wrong.len())];
        let Some(sets) = state
            .data
            .sets
            .as_ref()
            .filter(|sets| sets.name == scored.data_name)
        else {
            ui.label("These examples belong to a data set that is no longer open; score again to see them");
            return;
        };
        if tiles.is_empty() {
            ui.label("No mistakes here");
            return;
        }
        let texture = self.refresh(ui, tiles, &sets.test, &scored.data_name);
        egui::ScrollArea::vertical()
            .id_salt("wrong digits")
            .auto_shrink(false)
            .show(ui, |ui| {
                let spacing = ui.spacing().item_spacing.x;
                let across = ui.available_width() / (TILE_POINTS + spacing);
                let across = (across as usize).max(1);
                for (row, tiles) in tiles.chunks(across).enumerate() {
                    ui.horizontal(|ui| {
                        for (column, wrong) in tiles.iter().enumerate() {
                            tile(ui, &texture, row * across + column, wrong, commands);
                        }
                    });
                }
            });
    }

    fn header(&mut self, ui: &mut Ui, count: usize, chosen: &mut Option<Cell>) {
        let pages = count.div_ceil(PER_PAGE).max(1);
        self.page = self.page.min(pages - 1);
        ui.horizontal_wrapped(|ui| {
            let text = match chosen {
                Some(cell) => format!("{count} × {} read as {}", cell.truth, cell.answer),
                None => format!("{count} mistakes, the most confident first"),
            };
            ui.label(RichText::new(text).strong());
            if chosen.is_some() && ui.small_button("Show all").clicked() {
                *chosen = None;
            }
            if pages > 1 {
                if ui
                    .add_enabled(self.page > 0, egui::Button::new("<"))
                    .on_hover_text("Page before")
                    .clicked()
                {
                    self.page -= 1;
                }
                ui.label(format!("{} of {pages}", self.page + 1));
                let more = self.page + 1 < pages;
                if ui
                    .add_enabled(more, egui::Button::new(">"))
                    .on_hover_text("Next page")
                    .clicked()
                {
                    self.page += 1;
                }
            }
        });
        ui.label(
            RichText::new("Truth → answer, with its output; click one to put it on the pad")
                .small()
                .color(palette(ui).weak_text),
        );
    }

    fn refresh(
        &mut self,
        ui: &Ui,
        tiles: &[Wrong],
        test: &Examples,
        data_name: &str,
    ) -> TextureHandle {
        let key = Key {
            tiles: tiles.to_vec(),
            data_name: data_name.to_owned(),
            dark: ui.visuals().dark_mode,
        };
        match &mut self.texture {
            Some(texture) if self.key.as_ref() == Some(&key) => texture.clone(),
            texture => {
                let image = atlas(tiles, test, palette(ui));
                let made = ui
                    .ctx()
                    .load_texture("wrong digits", image, TextureOptions::NEAREST);
                *texture = Some(made.clone());
                self.key = Some(key);
                made
            }
        }
    }
}

/// The tiles side by side, ten across.
fn atlas(tiles: &[Wrong], test: &Examples, colors: &Palette) -> ColorImage {
    let mut image = ColorImage::filled([ACROSS * SIDE, PER_PAGE / ACROSS * SIDE], colors.paper);
    for (slot, wrong) in tiles
        .iter()
        .enumerate()
        .filter(|(_, wrong)| wrong.index < test.len())
    {
        let (left, top) = (slot % ACROSS * SIDE, slot / ACROSS * SIDE);
        for (cell, &byte) in test.image(wrong.index).iter().enumerate() {
            let (x, y) = (left + cell % SIDE, top + cell / SIDE);
            image.pixels[y * ACROSS * SIDE + x] = colors.sequential(unit(byte));
        }
    }
    image
}

fn tile(
    ui: &mut Ui,
    texture: &TextureHandle,
    slot: usize,
    wrong: &Wrong,
    commands: &mut Vec<AppCommand>,
) {
    let (columns, rows) = (ACROSS as f32, (PER_PAGE / ACROSS) as f32);
    let (column, row) = ((slot % ACROSS) as f32, (slot / ACROSS) as f32);
    let uv = Rect::from_min_max(
        pos2(column / columns, row / rows),
        pos2((column + 1.0) / columns, (row + 1.0) / rows),
    );
    let sentence = format!(
        "Test example {}: a {} read as {} with an output of {:.3}",
        wrong.index, wrong.truth, wrong.answer, wrong.confidence
    );
    ui.vertical(|ui| {
        ui.set_width(TILE_POINTS);
        let image = Image::new((texture.id(), vec2(TILE_POINTS, TILE_POINTS)))
            .uv(uv)
            .alt_text(&sentence);
        let button = ui.add(egui::Button::image(image).frame(false));
        if button.on_hover_text(&sentence).clicked() {
            commands.push(AppCommand::ShowExample { index: wrong.index });
        }
        let caption = format!(
            "{} → {}  {:.3}",
            wrong.truth, wrong.answer, wrong.confidence
        );
        ui.label(RichText::new(caption).small().color(palette(ui).weak_text));
    });
}
