//! The steps as dots, and the buttons that go from one to the next.

use super::examination::Examination;
use crate::app::{AppCommand, AppState, StepMove};
use crate::explain::{CodeForm, Step};
use crate::ui::command_button::CommandButton;
use crate::ui::icon::Icon;
use crate::ui::theme;
use egui::{Align, Layout, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

pub fn ui(
    ui: &mut Ui,
    state: &AppState,
    examination: &Examination,
    step: Step,
    commands: &mut Vec<AppCommand>,
) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (to, text) in [
            (StepMove::First, "|←"),
            (StepMove::Back, "←"),
            (StepMove::Next, "→"),
            (StepMove::Last, "→|"),
        ] {
            let command = AppCommand::MoveStep(to);
            CommandButton::text(&command, text).show(ui, state, commands, Some(key(to)));
        }
        let plays = state.microscope.plays;
        let command = AppCommand::PlaySteps(!plays);
        let icon = if plays { Icon::Pause } else { Icon::Play };
        CommandButton::icon(&command, icon)
            .selected(plays)
            .show(ui, state, commands, None);
        ui.add_space(4.0);
        dots(ui, examination, step, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            code_choice(ui, state, commands);
            let steps = Step::all(examination.pass.layers());
            let place = steps.iter().position(|other| *other == step).unwrap_or(0) + 1;
            ui.separator();
            let count = format!("{place} of {}", steps.len());
            ui.add(egui::Label::new(RichText::new(count).weak()).truncate());
        });
    });
}

fn key(to: StepMove) -> &'static str {
    match to {
        StepMove::First => "Key: Home",
        StepMove::Back => "Key: ←",
        StepMove::Next => "Key: →",
        StepMove::Last => "Key: End",
        StepMove::To(_) => "",
    }
}

/// One dot for each step: round on the way forward, pointing back on the way back.
fn dots(ui: &mut Ui, examination: &Examination, step: Step, commands: &mut Vec<AppCommand>) {
    let palette = theme::palette(ui);
    let layers = examination.pass.layers();
    let steps = Step::all(layers);
    let here = steps.iter().position(|other| *other == step).unwrap_or(0);
    let room = ui.available_width() - 250.0;
    let width = (room / steps.len() as f32).clamp(9.0, 20.0);
    ui.spacing_mut().item_spacing.x = 0.0;
    for (place, other) in steps.into_iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(width, 22.0), Sense::click());
        let title = other.title(layers);
        response.widget_info(|| {
            let name = format!("Step {}: {title}", place + 1);
            WidgetInfo::selected(Role::Button, true, place == here, name)
        });
        let dot = Rect::from_center_size(rect.center(), vec2(8.0, 8.0));
        let color = match place.cmp(&here) {
            std::cmp::Ordering::Less => palette.weak_text,
            std::cmp::Ordering::Equal => palette.accent,
            std::cmp::Ordering::Greater => palette.outline,
        };
        let painter = ui.painter();
        if place == here {
            painter.rect_stroke(
                dot.expand(3.0),
                4.0,
                Stroke::new(1.5, palette.accent),
                StrokeKind::Outside,
            );
        }
        if other.is_backward() {
            let points = vec![dot.left_center(), dot.right_top(), dot.right_bottom()];
            painter.add(egui::Shape::convex_polygon(points, color, Stroke::NONE));
        } else {
            painter.circle_filled(dot.center(), 4.0, color);
        }
        if response.on_hover_text(title).clicked() {
            commands.push(AppCommand::MoveStep(StepMove::To(other)));
        }
    }
    ui.spacing_mut().item_spacing.x = 4.0;
}

/// Which form of the code stands beside the steps.
fn code_choice(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    for form in CodeForm::ALL.into_iter().rev() {
        let shown = state.microscope.code == Some(form);
        let wanted = (!shown).then_some(form);
        let info = AppCommand::ShowCode(Some(form)).info();
        let response = ui.selectable_label(shown, form.label());
        if response.on_hover_text(info.tooltip).clicked() {
            commands.push(AppCommand::ShowCode(wanted));
        }
    }
    ui.label(RichText::new("Code").weak());
}
