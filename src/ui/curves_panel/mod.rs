mod picture;
mod plots;
mod run_list;

use super::command_button::CommandButton;
use super::theme::palette;
use crate::app::{AppCommand, AppState};
use egui::{RichText, Ui};
use picture::PictureOfPlots;
pub use plots::marks as grid_marks;
use run_list::RunList;

/// Cost and accuracy of all runs over the epochs, with a common x axis.
#[derive(Debug, Default)]
pub struct CurvesPanel {
    window: Window,
    log_cost: bool,
    second: Second,
    run_list: RunList,
    picture: PictureOfPlots,
}

/// Of the list of runs, in points.
const LIST_WIDTH: f32 = 210.0;

/// How much of the present run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Window {
    #[default]
    Whole,
    Recent,
}

/// What stands beside the cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Second {
    #[default]
    Accuracy,
    GradientNorm,
    UpdateRatio,
}

impl CurvesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        // Contents may not stretch the panel that they are fitted into, or it would grow with every frame.
        let room = ui.available_rect_before_wrap();
        // Where there is no room for the list of runs beside the plots it is behind a button.
        let list_width = if room.width() >= 3.0 * LIST_WIDTH {
            LIST_WIDTH
        } else {
            0.0
        };
        self.header(ui, state, list_width == 0.0, commands);
        if state.runs.all.iter().all(|run| run.history.is_empty()) {
            empty(ui);
            return;
        }
        let height = (room.bottom() - ui.cursor().top() - 2.0).max(60.0);
        let gap = ui.spacing().item_spacing.x;
        let width = ((room.width() - list_width - 2.0 * gap) / 2.0).max(120.0);
        let row = ui.horizontal_top(|ui| {
            let size = [width, height];
            plots::cost(ui, state, self.window, self.log_cost, size);
            match self.second {
                Second::Accuracy => plots::accuracy(ui, state, self.window, size),
                Second::GradientNorm => plots::layers(ui, state, plots::Health::GradientNorm, size),
                Second::UpdateRatio => plots::layers(ui, state, plots::Health::UpdateRatio, size),
            }
            if list_width > 0.0 {
                ui.vertical(|ui| self.run_list.ui(ui, state, commands));
            }
        });
        self.picture.take(ui, row.response.rect, commands);
    }

    fn header(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        narrow: bool,
        commands: &mut Vec<AppCommand>,
    ) {
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut self.log_cost, "Log cost")
                .on_hover_text("A logarithmic axis for the cost");
            ui.separator();
            ui.selectable_value(&mut self.window, Window::Whole, "Whole");
            ui.selectable_value(&mut self.window, Window::Recent, "Recent")
                .on_hover_text("The newest steps of the present run, each one");
            ui.separator();
            self.second_choice(ui);
            ui.separator();
            if narrow {
                ui.menu_button("More", |ui| {
                    self.exports(ui, state, commands);
                    ui.separator();
                    self.run_list.ui(ui, state, commands);
                });
            } else {
                self.exports(ui, state, commands);
            }
        });
    }

    fn exports(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let csv = AppCommand::ExportCurvesCsv;
        CommandButton::text(&csv, "CSV…").show(ui, state, commands, None);
        let drawn = state.runs.all.iter().any(|run| !run.history.is_empty());
        let png = ui.add_enabled(drawn, egui::Button::new("PNG…"));
        let png = png.on_hover_text("Save these curves as a picture");
        if png
            .on_disabled_hover_text("There are no curves yet")
            .clicked()
        {
            self.picture.ask(ui.ctx());
        }
    }

    fn second_choice(&mut self, ui: &mut Ui) {
        for (second, name, tooltip) in [
            (
                Second::Accuracy,
                "Accuracy",
                "Share of the validation examples that are read right",
            ),
            (
                Second::GradientNorm,
                "Gradients",
                "Norm of ∂C/∂W of each layer: where it vanishes, the layer no longer learns",
            ),
            (
                Second::UpdateRatio,
                "Updates",
                "Size of a step beside the size of the weights, layer by layer: about 0.001 is healthy",
            ),
        ] {
            ui.selectable_value(&mut self.second, second, name)
                .on_hover_text(tooltip);
        }
    }
}

fn empty(ui: &mut Ui) {
    ui.centered_and_justified(|ui| {
        let text = "Press play: cost falls and accuracy rises here while the network learns";
        ui.label(RichText::new(text).color(palette(ui).weak_text));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Run, Settings};
    use crate::nn::Evaluation;
    use crate::training::{History, LayerHealth, Progress};
    use crate::ui::theme;
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT, Queryable};

    struct Shown {
        panel: CurvesPanel,
        state: AppState,
        commands: Vec<AppCommand>,
    }

    fn run(name: &str) -> Run {
        let mut history = History::default();
        for step in 1..=50 {
            history.push(&Progress {
                step,
                epoch: step as f32 / 50.0,
                cost: 2.0 / step as f32,
                learning_rate: 0.1,
                samples_per_second: 1000.0,
                layers: vec![
                    LayerHealth {
                        gradient_norm: 0.1,
                        update_ratio: 0.001,
                    };
                    2
                ],
            });
        }
        let mut evaluation = Evaluation::new(10);
        evaluation.confusion[[0, 0]] = 9;
        evaluation.confusion[[0, 1]] = 1;
        history.push_validation(50, 1.0, &evaluation);
        Run {
            name: name.to_owned(),
            history,
            visible: true,
            test: None,
        }
    }

    fn shown(names: &[&str], width: f32) -> Harness<'static, Shown> {
        let mut state = AppState::new(Settings::default()).0;
        state.runs.all = names.iter().map(|name| run(name)).collect();
        Harness::builder()
            .with_size(egui::vec2(width, 230.0))
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, shown: &mut Shown| {
                    shown.panel.ui(ui, &shown.state, &mut shown.commands);
                },
                Shown {
                    panel: CurvesPanel::default(),
                    state,
                    commands: Vec::new(),
                },
            )
    }

    #[test]
    fn without_a_run_the_panel_says_what_will_be_here() {
        shown(&[], 960.0).get_by_label_contains("Press play");
    }

    #[test]
    fn every_run_can_be_hidden_renamed_and_deleted_but_the_present_one() {
        let mut harness = shown(&["first", "second"], 960.0);
        harness.get_by_label("Show first").click();
        harness.run();
        let hide = AppCommand::ToggleRun { index: 0 };
        assert_eq!(harness.state().commands, [hide]);

        harness.get_by_label("Rename or delete first").click();
        harness.run();
        harness.get_by_label("Delete").click();
        harness.run();
        let delete = AppCommand::DeleteRun { index: 0 };
        assert!(harness.state().commands.contains(&delete));

        harness.get_by_label("Rename or delete second").click();
        harness.run();
        let kept = harness
            .get_by_label("Delete")
            .accesskit_node()
            .is_disabled();
        assert!(kept);
        harness.get_by_label("Rename").click();
        harness.run();
        harness.key_press(egui::Key::End);
        harness.get_by_label("Name of the run").type_text(" try");
        harness.run();
        harness.key_press(egui::Key::Enter);
        harness.run();
        let rename = AppCommand::RenameRun {
            index: 1,
            name: "second try".to_owned(),
        };
        assert!(harness.state().commands.contains(&rename));
    }

    #[test]
    fn in_a_narrow_window_runs_and_exports_are_behind_a_button() {
        let mut harness = shown(&["first"], 560.0);
        assert!(harness.query_by_label("Show first").is_none());
        harness.get_by_label("More").click();
        harness.run();
        harness.get_by_label("Show first");
        harness.get_by_label_contains("PNG");
    }

    #[test]
    fn every_view_of_the_run_can_be_painted() {
        let mut harness = shown(&["first", "second"], 960.0);
        for view in [
            "Gradients",
            "Updates",
            "Recent",
            "Log cost",
            "Accuracy",
            "Whole",
        ] {
            harness.get_by_label(view).click();
            harness.run_steps(3);
        }
        assert!(harness.state().commands.is_empty());
    }
}
