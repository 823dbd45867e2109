mod confusion;
mod gallery;

use super::command_button::CommandButton;
use super::number::grouped;
use super::theme::palette;
use crate::app::{AppCommand, AppState, ScoredSet};
use confusion::Cell;
use egui::{RichText, Ui};
use gallery::Gallery;

/// Of the lines above and below the matrix.
const TEXT_HEIGHT: f32 = 44.0;

/// What the network gets wrong on the test examples: the confusion matrix and the digits themselves.
#[derive(Debug, Default)]
pub struct MistakesPanel {
    /// Only mistakes of this cell are shown.
    chosen: Option<Cell>,
    gallery: Gallery,
}

impl MistakesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let Some(scored) = &state.scored else {
            invitation(ui, state, commands);
            return;
        };
        header(ui, state, scored, commands);
        ui.add_space(4.0);
        ui.horizontal_top(|ui| {
            let side = (ui.available_width() * 0.46)
                .min(ui.available_height() - TEXT_HEIGHT)
                .clamp(200.0, 560.0);
            ui.vertical(|ui| {
                ui.set_width(side);
                confusion::show(ui, &scored.evaluation, &mut self.chosen, side);
            });
            ui.add_space(8.0);
            ui.vertical(|ui| {
                self.gallery
                    .ui(ui, state, scored, &mut self.chosen, commands)
            });
        });
    }
}

/// The result in one line, and the button that makes it new.
fn header(ui: &mut Ui, state: &AppState, scored: &ScoredSet, commands: &mut Vec<AppCommand>) {
    let evaluation = &scored.evaluation;
    ui.horizontal_wrapped(|ui| {
        let accuracy = format!(
            "{:.2} % ± {:.2}",
            100.0 * evaluation.accuracy(),
            100.0 * evaluation.two_sigma()
        );
        ui.label(RichText::new(accuracy).strong().size(20.0));
        ui.label(format!(
            "{} of {} test examples of {} are read right, mean cost {:.4}",
            grouped(evaluation.correct() as usize),
            grouped(evaluation.count() as usize),
            scored.data_name,
            evaluation.mean_cost()
        ));
        let now = state.model.record.steps;
        if now != scored.step {
            let text = format!(
                "scored at step {}, the network is at step {now}",
                scored.step
            );
            ui.label(RichText::new(text).color(palette(ui).warning));
        }
        score_button(ui, state, commands);
    });
}

fn invitation(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(8.0));
        ui.label(RichText::new("Which digits are misread?").heading());
        ui.label(match AppCommand::ScoreTestSet.enabled(state) {
            Err(reason) if has_no_test(state) => reason,
            _ => "Score the test examples to see the confusion matrix and every mistake, the most confident first",
        });
        ui.add_space(8.0);
        score_button(ui, state, commands);
    });
}

fn has_no_test(state: &AppState) -> bool {
    let sets = state.data.sets.as_ref();
    sets.is_some_and(|sets| sets.test.is_empty())
}

fn score_button(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let command = AppCommand::ScoreTestSet;
    CommandButton::text(&command, command.info().text).show(ui, state, commands, None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Settings, Wrong};
    use crate::data::{DataSets, DataSource, Dataset, Examples};
    use crate::nn::Evaluation;
    use crate::ui::theme;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;
    use std::sync::Arc;

    struct Shown {
        panel: MistakesPanel,
        state: AppState,
        commands: Vec<AppCommand>,
    }

    /// Ten examples, one of each digit: the 4 was read as a 9 and the 7 as a 1, everything else right.
    fn scored() -> AppState {
        let mut state = AppState::new(Settings::default()).0;
        let data = Dataset::new(vec![128; 7840], (0..10).collect()).unwrap();
        let all = Examples::all(Arc::new(data));
        state.data.sets = Some(Arc::new(DataSets {
            source: DataSource::Practice,
            name: "Ten".to_owned(),
            train: all.clone(),
            validation: all.clone(),
            test: all,
            notes: Vec::new(),
        }));
        let mut evaluation = Evaluation::new(10);
        for truth in 0..10 {
            let answer = match truth {
                4 => 9,
                7 => 1,
                right => right,
            };
            evaluation.confusion[[truth, answer]] += 1;
        }
        let wrong = |index, truth, answer, confidence| Wrong {
            index,
            truth,
            answer,
            confidence,
        };
        state.scored = Some(ScoredSet {
            evaluation,
            wrong: vec![wrong(7, 7, 1, 0.9), wrong(4, 4, 9, 0.6)],
            step: 0,
            data_name: "Ten".to_owned(),
        });
        state
    }

    fn shown(state: AppState) -> Harness<'static, Shown> {
        Harness::builder()
            .with_size(egui::vec2(960.0, 440.0))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, shown: &mut Shown| {
                    shown.panel.ui(ui, &shown.state, &mut shown.commands);
                },
                Shown {
                    panel: MistakesPanel::default(),
                    state,
                    commands: Vec::new(),
                },
            )
    }

    #[test]
    fn without_a_score_the_panel_says_how_to_get_one() {
        let harness = shown(AppState::new(Settings::default()).0);
        harness.get_by_label_contains("Score the test examples");
    }

    #[test]
    fn the_result_stands_with_its_two_standard_errors() {
        let harness = shown(scored());
        // p = 0.8, n = 10: 2·√(0.8·0.2/10) = 0.25298
        harness.get_by_label("80.00 % ± 25.30");
        harness.get_by_label_contains("8 of 10 test examples of Ten");
        harness.get_by_label("Recall of 4: 0.0 % of the examples of 4 were read as 4");
        harness.get_by_label("Precision of 9: 50.0 % of the answers 9 were right");
    }

    #[test]
    fn a_cell_of_the_matrix_chooses_its_mistakes() {
        let mut harness = shown(scored());
        harness.get_by_label("2 mistakes, the most confident first");
        harness.get_by_label("1 example of 4 was read as 9").click();
        harness.run();
        harness.get_by_label("1 × 4 read as 9");
        assert!(harness.query_by_label_contains("a 7 read as 1").is_none());
        harness.get_by_label("Show all").click();
        harness.run();
        harness.get_by_label("2 mistakes, the most confident first");
    }

    #[test]
    fn a_mistake_is_put_on_the_pad_with_a_click() {
        let mut harness = shown(scored());
        harness.get_by_label_contains("a 7 read as 1").click();
        harness.run();
        let commands = &harness.state().commands;
        assert_eq!(commands, &[AppCommand::ShowExample { index: 7 }]);
    }
}
