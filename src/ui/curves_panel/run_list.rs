use super::plots::{run_color, run_style};
use crate::app::{AppCommand, AppState};
use crate::ui::theme::palette;
use egui::{RichText, Sense, Ui, vec2};
use egui_plot::LineStyle;

/// The runs with their line, name and switch; a double click renames.
#[derive(Debug, Default)]
pub struct RunList {
    renaming: Option<(usize, String)>,
}

impl RunList {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        ui.label(
            RichText::new("thin: mini-batches, thick: validation")
                .small()
                .color(palette(ui).weak_text),
        );
        egui::ScrollArea::vertical()
            .id_salt("runs")
            .auto_shrink(false)
            .show(ui, |ui| {
                for index in (0..state.runs.all.len()).rev() {
                    ui.horizontal(|ui| self.row(ui, state, index, commands));
                }
            });
    }

    fn row(&mut self, ui: &mut Ui, state: &AppState, index: usize, commands: &mut Vec<AppCommand>) {
        let run = &state.runs.all[index];
        let mut visible = run.visible;
        if ui
            .checkbox(&mut visible, "")
            .on_hover_text(format!("Show {}", run.name))
            .changed()
        {
            commands.push(AppCommand::ToggleRun { index });
        }
        sample(ui, index);
        if let Some((_, name)) = self
            .renaming
            .as_mut()
            .filter(|(renamed, _)| *renamed == index)
        {
            let field = ui.text_edit_singleline(name);
            field.request_focus();
            if field.lost_focus() || ui.input(|input| input.key_pressed(egui::Key::Enter)) {
                let name = name.trim().to_owned();
                if !name.is_empty() {
                    commands.push(AppCommand::RenameRun { index, name });
                }
                self.renaming = None;
            }
            return;
        }
        let label = egui::Label::new(&run.name).truncate().sense(Sense::click());
        let response = ui.add(label).on_hover_text(hover(state, index));
        if response.double_clicked() {
            self.renaming = Some((index, run.name.clone()));
        }
        response.context_menu(|ui| {
            if ui.button("Rename").clicked() {
                self.renaming = Some((index, run.name.clone()));
                ui.close();
            }
            let present = index + 1 == state.runs.all.len();
            if ui
                .add_enabled(!present, egui::Button::new("Delete"))
                .clicked()
            {
                commands.push(AppCommand::DeleteRun { index });
                ui.close();
            }
        });
    }
}

/// A piece of the run's line, so that colour is not the only sign.
fn sample(ui: &mut Ui, index: usize) {
    let (rect, _) = ui.allocate_exact_size(vec2(22.0, 10.0), Sense::hover());
    let stroke = egui::Stroke::new(2.5, run_color(ui, index));
    let ends = [rect.left_center(), rect.right_center()];
    match run_style(index) {
        LineStyle::Solid => {
            ui.painter().line_segment(ends, stroke);
        }
        LineStyle::Dashed { .. } => {
            ui.painter()
                .extend(egui::Shape::dashed_line(&ends, stroke, 6.0, 4.0));
        }
        LineStyle::Dotted { .. } => {
            ui.painter()
                .extend(egui::Shape::dotted_line(&ends, stroke.color, 5.0, 1.5));
        }
    }
}

fn hover(state: &AppState, index: usize) -> String {
    let run = &state.runs.all[index];
    let mut lines = vec![run.name.clone()];
    if let Some(last) = run.history.validation().last() {
        lines.push(format!(
            "validation: {:.2} % ± {:.2}, cost {:.4}, after {:.1} epochs",
            100.0 * last.accuracy,
            100.0 * last.two_sigma,
            last.cost,
            last.epoch
        ));
    }
    if let Some(test) = &run.test {
        lines.push(format!(
            "test: {:.2} % ± {:.2}",
            100.0 * test.accuracy(),
            100.0 * test.two_sigma()
        ));
    }
    lines.push("Double click to rename; right click for more".to_owned());
    lines.join("\n")
}
