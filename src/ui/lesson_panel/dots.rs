//! One dot for each step: filled when it was done, ringed where the lesson is.

use crate::app::AppCommand;
use crate::app::lessons::OngoingLesson;
use crate::ui::theme;
use egui::{Role, Sense, Stroke, Ui, WidgetInfo, vec2};

/// The dots; one that is pressed shows its step. The layout runs from the right, so the last step comes first.
pub fn ui(ui: &mut Ui, side: f32, lesson: &OngoingLesson, commands: &mut Vec<AppCommand>) {
    ui.spacing_mut().item_spacing.x = 1.0;
    for step in (0..lesson.lesson.steps.len()).rev() {
        dot(ui, side, lesson, step, commands);
    }
}

fn dot(
    ui: &mut Ui,
    side: f32,
    lesson: &OngoingLesson,
    step: usize,
    commands: &mut Vec<AppCommand>,
) {
    let palette = theme::palette(ui);
    let size = vec2(side * 1.3, ui.spacing().interact_size.y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let is_done = lesson.done.get(step).copied().unwrap_or(false);
    let name = format!(
        "Step {} of {}: {}{}",
        step + 1,
        lesson.lesson.steps.len(),
        lesson.lesson.steps[step].title,
        if is_done { ", done" } else { "" }
    );
    let is_here = step == lesson.step;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, &name));
    let color = match is_here || response.hovered() {
        true => palette.accent,
        false => palette.weak_text,
    };
    let (middle, radius) = (rect.center(), side * 0.3);
    let painter = ui.painter();
    if is_done {
        painter.circle_filled(middle, radius, color);
    } else {
        painter.circle_stroke(middle, radius, Stroke::new(1.5, color));
    }
    if is_here {
        painter.circle_stroke(middle, radius + side * 0.2, Stroke::new(1.5, color));
    }
    if response.on_hover_text(name).clicked() {
        commands.push(AppCommand::ShowLessonStep { step });
    }
}
