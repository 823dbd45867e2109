//! The question in front of everything: Enter presses the first button, or the one that was reached with Tab;
//! Escape presses the last, which does no harm.

use super::theme;
use crate::app::{AppCommand, AppState};
use egui::{
    Align, Button, Frame, Id, Key, Label, Layout, Margin, Modal, Modifiers, RichText, Ui, vec2,
};

/// Shows the open question, if there is one.
#[derive(Default)]
pub struct QuestionWindow {
    /// A button was reached with Tab, and Enter is its own.
    focused: bool,
}

impl QuestionWindow {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Some(question) = &state.question else {
            self.focused = false;
            return;
        };
        let last = question.buttons.len().saturating_sub(1);
        let mut answer = None;
        ui.ctx().input_mut(|input| {
            if !self.focused && input.consume_key(Modifiers::NONE, Key::Enter) {
                answer = Some(0);
            } else if input.consume_key(Modifiers::NONE, Key::Escape) {
                answer = Some(last);
            }
        });
        let frame = Frame::popup(ui.style()).inner_margin(Margin::same(18));
        let window = Modal::new(Id::unique("question")).frame(frame);
        self.focused = false;
        window.show(ui.ctx(), |ui| {
            ui.set_width(430.0);
            ui.heading(&question.title);
            ui.add_space(4.0);
            ui.add(Label::new(&question.text).wrap());
            ui.add_space(12.0);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                // The layout runs from the right: the first button, which Enter presses, stands at the edge.
                for (index, text) in question.buttons.iter().enumerate() {
                    let button = if index == 0 {
                        let palette = theme::palette(ui);
                        Button::new(RichText::new(text).color(palette.on_accent))
                            .fill(palette.accent)
                    } else {
                        Button::new(text)
                    };
                    let response = ui.add(button.min_size(vec2(72.0, 30.0)));
                    self.focused |= response.has_focus();
                    if response.clicked() {
                        answer = Some(index);
                    }
                }
                let hint = RichText::new("Enter · Esc").small();
                ui.label(hint.color(theme::palette(ui).weak_text));
            });
        });
        if let Some(button) = answer {
            commands.push(AppCommand::Answer { button });
        }
    }
}
