//! Why the network answers as it does: the ink that speaks for and against, and the training digits that are most
//! like the drawing.

mod ink;
mod nearest;

use crate::app::{AppCommand, AppState};
use egui::{RichText, Ui};
use ink::InkPicture;
use nearest::NearestDigits;

/// The tab 'Why' of the centre.
#[derive(Default)]
pub struct WhyPanel {
    ink: InkPicture,
    nearest: NearestDigits,
}

/// Of the picture and the lines around it.
const NARROWEST_COLUMN: f32 = 290.0;

impl WhyPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Some(reading) = &state.reading else {
            ui.vertical_centered(|ui| {
                ui.add_space((ui.available_height() * 0.3).max(8.0));
                ui.label(RichText::new("Why this answer?").heading());
                ui.label("Draw a digit to see which ink speaks for the answer, and which digits it is like");
            });
            return;
        };
        ui.horizontal_top(|ui| {
            let side = InkPicture::side(ui.available_size());
            ui.vertical(|ui| {
                ui.set_width(side.max(NARROWEST_COLUMN));
                self.ink.ui(ui, state, reading, side);
            });
            ui.add_space(12.0);
            ui.vertical(|ui| self.nearest.ui(ui, state, reading, commands));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Settings;
    use crate::data::{DataSets, DataSource, Dataset, Examples};
    use crate::ink::{Hands, practice_digits};
    use crate::ui::theme;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;
    use std::sync::Arc;

    fn digits() -> Arc<DataSets> {
        let made = practice_digits(Hands::Known, 60, 3);
        let images = made.iter().flat_map(|(cells, _)| cells.0).collect();
        let labels = made.iter().map(|(_, label)| *label).collect();
        let all = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
        Arc::new(DataSets {
            source: DataSource::Practice,
            name: "Sixty".into(),
            train: all.clone(),
            validation: all.clone(),
            test: all,
            notes: Vec::new(),
        })
    }

    fn harness() -> Harness<'static, (AppState, WhyPanel)> {
        let (mut state, _) = AppState::new(Settings::default());
        state.data.sets = Some(digits());
        let mut harness = Harness::builder().with_size([640.0, 420.0]).build_ui_state(
            |ui, (state, panel): &mut (AppState, WhyPanel)| {
                theme::install(ui.ctx());
                let mut commands = Vec::new();
                panel.ui(ui, state, &mut commands);
                for command in commands {
                    for effect in state.handle(command) {
                        if let crate::app::Effect::IndexExamples { network, data } = effect {
                            let index = crate::explain::ExampleIndex::new(&network, &data.train);
                            let indexed = crate::app::IndexedExamples {
                                network,
                                data,
                                index: Arc::new(index),
                            };
                            state.receive(crate::app::News::ExamplesIndexed(indexed));
                        }
                    }
                }
            },
            (state, WhyPanel::default()),
        );
        harness.run_steps(2);
        harness
    }

    #[test]
    fn a_blank_pad_is_told_what_to_do() {
        harness().get_by_label("Why this answer?");
    }

    #[test]
    fn a_digit_is_most_like_itself_among_the_training_digits() {
        let mut harness = harness();
        harness
            .state_mut()
            .0
            .handle(AppCommand::ShowExample { index: 7 });
        harness.run_steps(4);
        let label = digits().train.label(7);
        let name = format!(
            "Nearest 1: {}, distance 0",
            crate::app::a_digit(usize::from(label))
        );
        harness.get_by_label(&name);
        harness.get_by_label_contains("60 training digits of Sixty");
    }

    #[test]
    fn the_question_can_be_changed_by_its_buttons() {
        let mut harness = harness();
        harness
            .state_mut()
            .0
            .handle(AppCommand::ShowExample { index: 7 });
        harness.run_steps(4);
        let reading = harness.state().0.reading.clone().unwrap();
        let picture = format!("Ink for {} rather than {}", reading.answer, reading.second);
        harness.get_by_label_contains(&format!("add. {picture}"));
        harness
            .get_by_label(&format!("For {}", reading.second))
            .click();
        harness.run_steps(2);
        harness.get_by_label_contains(&format!("add. Ink for {}: ", reading.second));
    }
}
