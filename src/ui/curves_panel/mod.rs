mod picture;
mod plots;
mod run_list;

use super::command_button::CommandButton;
use super::theme::palette;
use crate::app::{AppCommand, AppState};
use egui::{RichText, Ui};
use picture::PictureOfPlots;
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
const LIST_WIDTH: f32 = 180.0;

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
        let list_width = if room.width() >= 3.5 * LIST_WIDTH {
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
            let left = plots::cost(ui, state, self.window, self.log_cost, size);
            let right = match self.second {
                Second::Accuracy => plots::accuracy(ui, state, self.window, size),
                Second::GradientNorm => plots::layers(ui, state, plots::Health::GradientNorm, size),
                Second::UpdateRatio => plots::layers(ui, state, plots::Health::UpdateRatio, size),
            };
            if list_width > 0.0 {
                ui.vertical(|ui| self.run_list.ui(ui, state, commands));
            }
            left.union(right)
        });
        self.picture.take(ui, row.inner, commands);
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
