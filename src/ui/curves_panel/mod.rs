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
        self.header(ui, state, commands);
        if state.runs.all.iter().all(|run| run.history.is_empty()) {
            empty(ui);
            return;
        }
        let list_width = 190.0;
        let height = ui.available_height().max(60.0);
        let gap = ui.spacing().item_spacing.x;
        let plot_width = ((ui.available_width() - list_width - 2.0 * gap) / 2.0).max(120.0);
        let row = ui.horizontal_top(|ui| {
            let left = plots::cost(ui, state, self.window, self.log_cost, plot_width, height);
            let right = match self.second {
                Second::Accuracy => plots::accuracy(ui, state, self.window, plot_width, height),
                Second::GradientNorm => {
                    plots::layers(ui, state, plots::Health::GradientNorm, plot_width, height)
                }
                Second::UpdateRatio => {
                    plots::layers(ui, state, plots::Health::UpdateRatio, plot_width, height)
                }
            };
            ui.vertical(|ui| self.run_list.ui(ui, state, commands));
            left.union(right)
        });
        self.picture.take(ui, row.inner, commands);
    }

    fn header(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        ui.horizontal(|ui| {
            ui.label(RichText::new("Cost").strong());
            ui.checkbox(&mut self.log_cost, "log")
                .on_hover_text("A logarithmic axis for the cost");
            ui.separator();
            ui.selectable_value(&mut self.window, Window::Whole, "Whole run");
            ui.selectable_value(&mut self.window, Window::Recent, "Recent")
                .on_hover_text("The newest steps of the present run, each one");
            ui.separator();
            ui.selectable_value(&mut self.second, Second::Accuracy, "Accuracy");
            ui.selectable_value(&mut self.second, Second::GradientNorm, "Gradient norms")
                .on_hover_text(
                    "‖∂C/∂W‖ of each layer: where it vanishes, the layer no longer learns",
                );
            ui.selectable_value(&mut self.second, Second::UpdateRatio, "Update ratios")
                .on_hover_text("‖ΔW‖ / ‖W‖ of each layer: about 0.001 a step is healthy");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let drawn = state.runs.all.iter().any(|run| !run.history.is_empty());
                let png = ui.add_enabled(drawn, egui::Button::new("PNG…"));
                if png
                    .on_hover_text("Save these curves as a picture")
                    .clicked()
                {
                    self.picture.ask(ui.ctx());
                }
                let csv = AppCommand::ExportCurvesCsv;
                CommandButton::text(&csv, "CSV…").show(ui, state, commands, None);
            });
        });
    }
}

fn empty(ui: &mut Ui) {
    ui.centered_and_justified(|ui| {
        let text = "Press play: cost falls and accuracy rises here while the network learns";
        ui.label(RichText::new(text).color(palette(ui).weak_text));
    });
}
