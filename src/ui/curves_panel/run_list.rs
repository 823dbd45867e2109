use super::plots::{run_color, run_style};
use crate::app::{AppCommand, AppState};
use crate::ui::accessible;
use crate::ui::theme::palette;
use egui::containers::menu::MenuButton;
use egui::{RichText, Sense, Ui, vec2};
use egui_plot::LineStyle;

/// The runs with their line, switch and name; the name opens what can be done with a run.
#[derive(Debug, Default)]
pub struct RunList {
    renaming: Option<Renaming>,
}

/// A name that is being typed.
#[derive(Debug)]
struct Renaming {
    index: usize,
    name: String,
    /// The field has had the keyboard; when it loses it the name is taken.
    focused: bool,
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
        let switch = ui.checkbox(&mut visible, "");
        accessible::name(&switch, &format!("Show {}", run.name));
        if switch
            .on_hover_text("Show or hide this run in the curves")
            .changed()
        {
            commands.push(AppCommand::ToggleRun { index });
        }
        sample(ui, index);
        if self.renaming.as_ref().is_some_and(|it| it.index == index) {
            self.name_field(ui, commands);
            return;
        }
        let name = RichText::new(&run.name).small();
        let button = egui::Button::new(name).frame_when_inactive(false);
        let menu = MenuButton::from_button(button.truncate()).ui(ui, |ui| {
            if ui.button("Rename").clicked() {
                self.rename(run.name.clone(), index);
                ui.close();
            }
            let present = index + 1 == state.runs.all.len();
            let delete = ui.add_enabled(!present, egui::Button::new("Delete"));
            let delete = delete.on_disabled_hover_text("The present run stays");
            if delete.clicked() {
                commands.push(AppCommand::DeleteRun { index });
                ui.close();
            }
        });
        accessible::name(&menu.0, &format!("Rename or delete {}", run.name));
        menu.0.on_hover_text(hover(state, index));
    }

    fn rename(&mut self, name: String, index: usize) {
        self.renaming = Some(Renaming {
            index,
            name,
            focused: false,
        });
    }

    fn name_field(&mut self, ui: &mut Ui, commands: &mut Vec<AppCommand>) {
        let Some(renaming) = &mut self.renaming else {
            return;
        };
        let field = ui.text_edit_singleline(&mut renaming.name);
        accessible::name(&field, "Name of the run");
        if !renaming.focused {
            field.request_focus();
            renaming.focused = true;
        } else if field.lost_focus() {
            let name = renaming.name.trim().to_owned();
            let index = renaming.index;
            if !name.is_empty() && !ui.input(|input| input.key_pressed(egui::Key::Escape)) {
                commands.push(AppCommand::RenameRun { index, name });
            }
            self.renaming = None;
        }
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
    lines.push("Click to rename or delete".to_owned());
    lines.join("\n")
}
