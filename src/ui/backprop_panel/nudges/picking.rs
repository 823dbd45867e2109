use super::digits::{Digit, DigitPictures, MOST_DIGITS};
use crate::app::{AppCommand, AppState, AveragedNudges, a_digit};
use crate::data::Examples;
use crate::ui::command_button::CommandButton;
use crate::ui::number;
use crate::ui::theme::palette;
use egui::{Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Training digits to take into the mini-batch and out of it, page by page.
#[derive(Default)]
pub struct Picking {
    /// Only digits with this label.
    label: Option<u8>,
    page: usize,
    pictures: DigitPictures,
    /// The places of the digits with the label, and what they are of.
    places: Option<(PlacesKey, Vec<u32>)>,
}

/// Where the data lie in memory, and the label.
type PlacesKey = (usize, Option<u8>);

const TILE: f32 = 36.0;
const GAP: f32 = 5.0;
/// In a low place one row has to do.
const LOW: f32 = 440.0;

impl Picking {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        averaged: &AveragedNudges,
        commands: &mut Vec<AppCommand>,
    ) {
        let train = &averaged.data.train;
        let key = (Arc::as_ptr(&averaged.data).addr(), self.label);
        if self
            .places
            .as_ref()
            .is_none_or(|(made_for, _)| *made_for != key)
        {
            self.places = Some((key, places(train, self.label)));
            self.page = 0;
        }
        let count = self.places.as_ref().map_or(0, |(_, places)| places.len());
        let across = ((ui.available_width() + GAP) / (TILE + GAP)) as usize;
        let rows = if ui.available_height() < LOW { 1 } else { 2 };
        let per_page = (across * rows).clamp(1, MOST_DIGITS);
        let pages = count.div_ceil(per_page).max(1);
        self.page = self.page.min(pages - 1);
        self.header(ui, state, pages, commands);

        let Some((_, places)) = &self.places else {
            return;
        };
        let from = self.page * per_page;
        let shown = &places[from.min(count)..(from + per_page).min(count)];
        let digits: Vec<Digit> = shown.iter().copied().map(Digit::Training).collect();
        let pictures = self.pictures.row(ui, state, train, &digits);
        let size = vec2(ui.available_width(), rows as f32 * (TILE + GAP));
        ui.allocate_ui(size, |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            ui.horizontal_wrapped(|ui| {
                for (place, &index) in shown.iter().enumerate() {
                    let index = index as usize;
                    let is_in = state.nudges.is_picked(index);
                    let response = tile(ui, is_in, train.label(index), index);
                    pictures.paint(ui, place, response.rect.shrink(3.0));
                    mark(ui, &response, is_in);
                    if response.clicked() {
                        commands.push(AppCommand::PickNudge { index });
                    }
                }
            });
        });
    }

    fn header(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        pages: usize,
        commands: &mut Vec<AppCommand>,
    ) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let drawing = AppCommand::PickDrawing;
            CommandButton::text(&drawing, "the drawing")
                .selected(state.nudges.with_drawing)
                .show(ui, state, commands, None);
            if ui.selectable_label(self.label.is_none(), "all").clicked() {
                self.label = None;
            }
            for label in 0..10 {
                let is_chosen = self.label == Some(label);
                let response = ui.selectable_label(is_chosen, label.to_string());
                if response.on_hover_text(format!("Only {label}s")).clicked() {
                    self.label = Some(label);
                }
            }
            let (back, on) = (self.page > 0, self.page + 1 < pages);
            let before = ui.add_enabled(back, egui::Button::new("<"));
            if before.on_hover_text("Page before").clicked() {
                self.page -= 1;
            }
            let next = ui.add_enabled(on, egui::Button::new(">"));
            if next.on_hover_text("Next page").clicked() {
                self.page += 1;
            }
            let text = format!(
                "{} of {}",
                number::grouped(self.page + 1),
                number::grouped(pages)
            );
            ui.label(RichText::new(text).small().color(palette(ui).weak_text));
        });
    }
}

fn places(train: &Examples, label: Option<u8>) -> Vec<u32> {
    let all = 0..train.len();
    all.filter(|&index| label.is_none_or(|label| train.label(index) == label))
        .map(|index| index as u32)
        .collect()
}

fn tile(ui: &mut Ui, is_in: bool, label: u8, index: usize) -> Response {
    let (_, response) = ui.allocate_exact_size(Vec2::splat(TILE), Sense::click());
    let name = format!("Training digit {index}, {}", a_digit(label));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_in, &name));
    let what = if is_in { "take it out" } else { "take it in" };
    response.on_hover_text(format!("{name}\nClick: {what}"))
}

/// A frame and a tick on what is in.
fn mark(ui: &Ui, response: &Response, is_in: bool) {
    let colors = palette(ui);
    let rect = response.rect.shrink(1.0);
    let stroke = if is_in {
        Stroke::new(2.5, colors.accent)
    } else if response.hovered() {
        Stroke::new(1.5, colors.text)
    } else {
        Stroke::NONE
    };
    ui.painter()
        .rect_stroke(rect, 3.0, stroke, StrokeKind::Inside);
    if is_in {
        let corner = rect.right_bottom();
        let at = |x: f32, y: f32| pos2(corner.x + x, corner.y + y);
        ui.painter()
            .circle_filled(at(-6.0, -6.0), 6.5, colors.accent);
        let tick = vec![at(-9.0, -6.0), at(-7.0, -3.5), at(-3.0, -8.5)];
        ui.painter().line(tick, Stroke::new(1.8, colors.on_accent));
    }
}
