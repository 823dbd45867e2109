//! The digits that the user has kept: how many of each, the pictures, and what can be done with one of them.

mod grid;
mod practise_card;

use super::command_button::{CommandButton, PRIMARY_EXTRA};
use super::theme::palette;
use crate::app::{AppCommand, AppState, Storage};
use egui::{Button, Label, RichText, Ui};
use grid::Grid;

/// My digits, in the centre.
#[derive(Default)]
pub struct MyDigitsPanel {
    /// The number of the digit that was chosen.
    chosen: Option<u64>,
    grid: Grid,
}

/// Below this width what came of practising stands above the digits, else beside them.
const ROOM_FOR_BOTH: f32 = 880.0;

/// Of what came of practising, with the gap before it.
const CARD_WIDTH: f32 = 450.0;

impl MyDigitsPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let digits = &state.my_digits;
        self.chosen = self.chosen.filter(|id| digits.with_id(*id).is_some());
        header(ui, state, commands);
        if let Storage::Refused(reason) = &digits.storage {
            ui.label(RichText::new(reason).color(palette(ui).warning));
        }
        if practise_card::is_empty(state) || ui.available_width() < ROOM_FOR_BOTH {
            practise_card::ui(ui, state, commands);
            self.digits(ui, state, commands);
            return;
        }
        let for_digits = ui.available_width() - CARD_WIDTH;
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(for_digits);
                self.digits(ui, state, commands);
            });
            ui.vertical(|ui| practise_card::ui(ui, state, commands));
        });
    }

    fn digits(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let digits = &state.my_digits;
        if digits.all().is_empty() {
            invitation(ui);
            return;
        }
        ui.label(RichText::new(digits.counts_sentence()).color(palette(ui).weak_text));
        self.tools(ui, state, commands);
        ui.add_space(2.0);
        self.grid.ui(ui, state, &mut self.chosen, commands);
    }

    /// What can be done with the chosen digit.
    fn tools(&self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let height = ui.spacing().interact_size.y;
        ui.horizontal(|ui| {
            ui.set_min_height(height);
            ui.spacing_mut().item_spacing.x = 4.0;
            let chosen = self.chosen.and_then(|id| state.my_digits.with_id(id));
            let Some(digit) = chosen else {
                let text = "Choose one to put it on the pad, to change its label or to delete it";
                let weak = RichText::new(text).color(palette(ui).weak_text);
                ui.add(Label::new(weak).truncate());
                return;
            };
            let id = digit.id;
            for (command, text) in [
                (AppCommand::PutMyDigit { id }, "Put on the pad"),
                (AppCommand::DeleteMyDigit { id }, "Delete"),
            ] {
                CommandButton::text(&command, text).show(ui, state, commands, None);
            }
            ui.add_space(6.0);
            ui.label("It is a");
            for label in 0..10 {
                let button = Button::selectable(label == digit.label, label.to_string())
                    .frame_when_inactive(true);
                let response = ui
                    .add(button)
                    .on_hover_text(format!("Make it {}", crate::app::a_digit(label)));
                if response.clicked() {
                    commands.push(AppCommand::RelabelMyDigit { id, label });
                }
            }
        });
    }
}

/// How many there are, and what can be done with all of them.
fn header(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    // The row is as high as its largest button from the start, so that the text is centred beside it.
    let usual = ui.spacing().interact_size.y;
    ui.spacing_mut().interact_size.y = usual + PRIMARY_EXTRA;
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = usual;
        ui.spacing_mut().item_spacing.x = 6.0;
        let count = state.my_digits.count_sentence();
        ui.label(RichText::new(capitalized(&count)).strong().size(16.0));
        CommandButton::text(&AppCommand::PractiseOnMine, "Practise on mine")
            .primary()
            .show(ui, state, commands, None);
        let last = state.my_digits.last_change();
        let undone = last.map(|change| format!("The last change: {change}"));
        for (command, text, extra) in [
            (AppCommand::UndoMyDigits, "Undo", undone.as_deref()),
            (AppCommand::ImportMyDigits, "Import…", None),
            (AppCommand::ExportMyDigits, "Export…", None),
        ] {
            CommandButton::text(&command, text).show(ui, state, commands, extra);
        }
    });
    ui.spacing_mut().interact_size.y = usual;
}

fn invitation(ui: &mut Ui) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.25).max(8.0));
        ui.label(RichText::new("Teach it your hand").heading());
        ui.label("Draw a digit on the pad and press its key, 0 to 9: it is kept here. The next stroke begins the next digit");
        ui.label(
            RichText::new("One of each is enough to begin with")
                .color(palette(ui).weak_text),
        );
    });
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{KeptDigit, LoadedDigits, News, Settings};
    use crate::ink::{Drawing, Point, Stroke};
    use crate::ui::theme;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    struct Shown {
        panel: MyDigitsPanel,
        state: AppState,
        commands: Vec<AppCommand>,
    }

    fn digit(label: u8, lean: f32) -> KeptDigit {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.strokes.push(Stroke {
            points: vec![Point::new(140.0 + lean, 40.0), Point::new(140.0, 240.0)],
            width: 20.0,
        });
        KeptDigit::new(drawing, label).unwrap()
    }

    /// The panel with so many digits of each label.
    fn shown(counts: &[(u8, usize)]) -> Harness<'static, Shown> {
        let mut state = AppState::new(Settings::default()).0;
        let digits = counts
            .iter()
            .flat_map(|&(label, count)| (0..count).map(move |n| digit(label, n as f32)))
            .collect();
        state.receive(News::MyDigitsLoaded(Ok(LoadedDigits {
            digits,
            note: None,
        })));
        Harness::builder()
            .with_size(egui::vec2(560.0, 620.0))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, shown: &mut Shown| {
                    shown.panel.ui(ui, &shown.state, &mut shown.commands);
                    for command in shown.commands.clone() {
                        shown.state.handle(command);
                    }
                },
                Shown {
                    panel: MyDigitsPanel::default(),
                    state,
                    commands: Vec::new(),
                },
            )
    }

    #[test]
    fn without_digits_the_panel_says_how_they_come_here() {
        let harness = shown(&[]);
        harness.get_by_label("Teach it your hand");
        harness.get_by_label_contains("press its key, 0 to 9");
    }

    #[test]
    fn a_digit_is_chosen_and_then_changed_put_on_the_pad_or_deleted() {
        let mut harness = shown(&[(3, 2), (7, 1)]);
        harness.get_by_label("3 digits of yours");
        harness.get_by_label_contains("0: none yet · 1: none yet · 2: none yet · 3: 2 ·");
        let seven = "A 7 of yours, number 3";
        harness.get_by_label_contains(seven).click();
        harness.run_steps(2);
        harness.get_by_label("Put on the pad").click();
        harness.run_steps(2);
        assert_eq!(harness.state().state.pad.drawing.label, Some(7));
        harness.get_by_label("1").click();
        harness.run_steps(2);
        assert_eq!(harness.state().state.my_digits.all()[2].label, 1);
        harness.get_by_label("Delete").click();
        harness.run_steps(2);
        harness.get_by_label("2 digits of yours");
        harness.get_by_label_contains("Choose one");
    }

    #[test]
    fn thousands_of_digits_are_shown_without_painting_them_all() {
        let mut harness = shown(&[(1, 3000), (2, 1)]);
        harness.run_steps(2);
        let tiles = harness
            .query_all_by_label_contains("A 1 of yours, number")
            .count();
        assert!((20..400).contains(&tiles), "{tiles}");
    }
}
