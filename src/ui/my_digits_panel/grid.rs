//! The pictures, digit by digit, in rows; only those in sight are painted.

use crate::app::{AppCommand, AppState, KeptDigit, a_digit};
use crate::ink::{SIDE, unit};
use crate::ui::theme::{self, Palette, palette};
use egui::{
    Align2, ColorImage, FontId, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use std::ops::Range;
use std::sync::Arc;

/// The pictures in sight, as tiles of one texture.
#[derive(Default)]
pub struct Grid {
    texture: Option<(Key, TextureHandle)>,
}

/// What the texture shows; it is made anew when this changes.
#[derive(PartialEq)]
struct Key {
    /// Row by row.
    ids: Vec<Vec<u64>>,
    across: usize,
    dark: bool,
}

/// Some digits with the same label.
struct Row<'a> {
    label: u8,
    /// The first row of its label, which says it.
    is_first: bool,
    digits: Vec<&'a Arc<KeptDigit>>,
}

const SMALLEST_TILE: f32 = 34.0;
const LARGEST_TILE: f32 = 56.0;
const GAP: f32 = 4.0;

/// Of the column with the labels.
const LABEL_WIDTH: f32 = 22.0;

/// More would make a texture that not every graphics card takes.
const MOST_ACROSS: usize = 64;

impl Grid {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        chosen: &mut Option<u64>,
        commands: &mut Vec<AppCommand>,
    ) {
        let bar = ui.spacing().scroll.allocated_width();
        let room = ui.available_size() - vec2(LABEL_WIDTH + bar, 0.0);
        // Ten rows fill the height where there is not more than a row of each.
        let tile = (room.y / 10.0 - GAP)
            .clamp(SMALLEST_TILE, LARGEST_TILE)
            .floor();
        let across = ((room.x / (tile + GAP)) as usize).clamp(1, MOST_ACROSS);
        let rows = rows(state.my_digits.all(), across);
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        ScrollArea::vertical()
            .id_salt("my digits")
            .auto_shrink(false)
            .show_rows(ui, tile, rows.len(), |ui, in_sight: Range<usize>| {
                let rows = &rows[in_sight];
                let texture = self.refresh(ui, rows, across);
                for (line, row) in rows.iter().enumerate() {
                    ui.horizontal(|ui| {
                        label(ui, row, tile);
                        if row.digits.is_empty() {
                            nothing_yet(ui, row.label, tile);
                        }
                        for (column, digit) in row.digits.iter().enumerate() {
                            let uv = place_in_atlas([column, line], [across, rows.len()]);
                            let response = picture(ui, digit, tile, &texture, uv, *chosen);
                            if response.double_clicked() {
                                commands.push(AppCommand::PutMyDigit { id: digit.id });
                            }
                            if response.clicked() {
                                *chosen = Some(digit.id);
                            }
                        }
                    });
                }
            });
    }

    fn refresh(&mut self, ui: &Ui, rows: &[Row<'_>], across: usize) -> TextureHandle {
        let ids = |row: &Row<'_>| row.digits.iter().map(|digit| digit.id).collect();
        let key = Key {
            ids: rows.iter().map(ids).collect(),
            across,
            dark: ui.visuals().dark_mode,
        };
        if let Some((known, texture)) = &self.texture
            && *known == key
        {
            return texture.clone();
        }
        let image = atlas(rows, across, palette(ui));
        let context = ui.ctx();
        let texture = context.load_texture("my digits", image, TextureOptions::LINEAR);
        self.texture = Some((key, texture.clone()));
        texture
    }
}

/// Ten labels or more: each begins a row, and one without digits has an empty row.
fn rows(digits: &[Arc<KeptDigit>], across: usize) -> Vec<Row<'_>> {
    let mut by_label: [Vec<&Arc<KeptDigit>>; 10] = Default::default();
    for digit in digits {
        by_label[usize::from(digit.label)].push(digit);
    }
    let mut rows = Vec::new();
    for (label, digits) in (0..).zip(by_label) {
        for start in (0..digits.len().max(1)).step_by(across) {
            let end = (start + across).min(digits.len());
            rows.push(Row {
                label,
                is_first: start == 0,
                digits: digits[start..end].to_vec(),
            });
        }
    }
    rows
}

/// One tile for each place of the rows.
fn atlas(rows: &[Row<'_>], across: usize, colors: &Palette) -> ColorImage {
    let width = across * SIDE;
    let mut image = ColorImage::filled([width, rows.len().max(1) * SIDE], colors.paper);
    for (line, row) in rows.iter().enumerate() {
        for (column, digit) in row.digits.iter().enumerate() {
            for (cell, &byte) in digit.cells.0.iter().enumerate() {
                let (x, y) = (column * SIDE + cell % SIDE, line * SIDE + cell / SIDE);
                image.pixels[y * width + x] = colors.sequential(unit(byte));
            }
        }
    }
    image
}

fn place_in_atlas([column, line]: [usize; 2], [columns, lines]: [usize; 2]) -> Rect {
    let at = |column: usize, line: usize| {
        pos2(column as f32 / columns as f32, line as f32 / lines as f32)
    };
    Rect::from_min_max(at(column, line), at(column + 1, line + 1))
}

fn label(ui: &mut Ui, row: &Row<'_>, tile: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH - GAP, tile), Sense::hover());
    if row.is_first {
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            row.label.to_string(),
            FontId::proportional(18.0),
            palette(ui).accent,
        );
    }
}

fn nothing_yet(ui: &mut Ui, label: u8, tile: f32) {
    let text = format!("no {label} yet");
    let font = FontId::proportional(theme::SMALL_SIZE);
    let (rect, response) = ui.allocate_exact_size(vec2(80.0, tile), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    let color = palette(ui).weak_text;
    ui.painter()
        .text(rect.left_center(), Align2::LEFT_CENTER, &text, font, color);
}

/// One digit as a button.
fn picture(
    ui: &mut Ui,
    digit: &KeptDigit,
    tile: f32,
    texture: &TextureHandle,
    uv: Rect,
    chosen: Option<u64>,
) -> egui::Response {
    let colors = palette(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(tile), Sense::click());
    let is_chosen = chosen == Some(digit.id);
    let name = format!("{} of yours, number {}", capital(digit.label), digit.id);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &name));
    let painter = ui.painter();
    painter.rect_filled(rect, 4.0, colors.paper);
    painter.image(texture.id(), rect.shrink(2.0), uv, egui::Color32::WHITE);
    let stroke = if is_chosen {
        Stroke::new(2.5, colors.accent)
    } else if response.hovered() {
        Stroke::new(1.5, colors.text)
    } else {
        Stroke::new(1.0, colors.outline)
    };
    painter.rect_stroke(rect, 4.0, stroke, StrokeKind::Inside);
    response.on_hover_text(format!("{name}\nDouble click: put it on the pad"))
}

/// "A 7"
fn capital(label: u8) -> String {
    a_digit(label).replacen('a', "A", 1)
}
