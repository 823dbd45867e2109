//! One drawing forward and back, step by step: the steps in a bar, the layers in a strip, the words and formulas of the
//! present step, and its numbers, a unit, a weight or the gradient check beside them.

mod bar;
mod check;
mod examination;
mod formula;
mod invitation;
mod nudge_row;
mod numbers;
mod strip;
mod table;
mod unit;
mod weight;
mod words;

use crate::app::{AppCommand, AppState, Detail};
use egui::{Rect, Ui, UiBuilder, pos2, vec2};
use examination::Examination;
use numbers::Numbers;
use strip::Strip;
use weight::WeightView;

/// One drawing forward and back, step by step.
#[derive(Default)]
pub struct ExamplePanel {
    examination: Option<Examination>,
    strip: Strip,
    numbers: Numbers,
    weight: WeightView,
}

const GAP: f32 = 12.0;

impl ExamplePanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Self {
            examination,
            strip,
            numbers,
            weight,
        } = self;
        Examination::refresh(examination, ui, state);
        let Some(examination) = examination else {
            invitation::ui(ui, state, commands);
            return;
        };
        let step = examination.step(state);
        bar::ui(ui, state, examination, step, commands);
        let room = ui.available_rect_before_wrap();
        let bottom = room.bottom() - nudge_row::HEIGHT;
        let strip_height = (room.height() * 0.34).clamp(118.0, 240.0);
        let strip_rect = room.with_max_y(room.top() + strip_height);
        let below = Rect::from_min_max(
            pos2(room.left(), strip_rect.bottom() + 6.0),
            pos2(room.right(), bottom - 4.0),
        );
        let words_width = (room.width() * 0.36).clamp(214.0, 430.0);
        let words = below.with_max_x(below.left() + words_width);
        let detail = below.with_min_x(words.right() + GAP);

        strip.ui(ui, strip_rect, state, examination, step, commands);
        ui.scope_builder(UiBuilder::new().max_rect(words), |ui| {
            words::ui(ui, state, examination, step);
        });
        let lit = ui
            .scope_builder(UiBuilder::new().max_rect(detail), |ui| {
                details(ui, state, commands);
                match state.microscope.detail {
                    Detail::Numbers => {
                        numbers.ui(ui, state, examination, step, commands);
                        None
                    }
                    Detail::Unit => {
                        unit::ui(ui, state, examination, commands);
                        None
                    }
                    Detail::Weight => weight.ui(ui, state, examination, commands),
                    Detail::Check => {
                        check::ui(ui, state, examination, commands);
                        None
                    }
                }
            })
            .inner;
        strip.link(ui, lit);
        let row = Rect::from_min_max(pos2(room.left(), bottom), room.max);
        ui.scope_builder(UiBuilder::new().max_rect(row), |ui| {
            nudge_row::ui(ui, state, examination, commands);
        });
        ui.advance_cursor_after_rect(room);
    }
}

/// What can stand beside the words.
fn details(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.horizontal(|ui| {
        for detail in Detail::ALL {
            let shown = state.microscope.detail == detail;
            let response = ui.selectable_label(shown, detail.name());
            if response.on_hover_text(detail.tooltip()).clicked() {
                commands.push(AppCommand::ShowDetail(detail));
            }
        }
    });
}

/// Room for a line of small text.
const LINE: f32 = 16.0;

/// A piece of `rect` as wide as the share of it between `from` and `to`.
fn part(rect: Rect, from: f32, to: f32) -> Rect {
    Rect::from_min_size(
        rect.min + vec2(rect.width() * from, 0.0),
        vec2(rect.width() * (to - from), rect.height()),
    )
}
