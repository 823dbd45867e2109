//! The two walks side by side: the cost after every step, and what ten times the learning rate did.

use super::contours::cost_text;
use super::walks_on_map::lines;
use crate::app::{AppCommand, AppState};
use crate::explain::{Surface, WALK_FACTOR, WALK_STEPS, Walk, log_cost};
use crate::training::Hyperparameters;
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, FontId, Label, Pos2, Rect, RichText, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

const HEIGHT: f32 = 84.0;

pub fn ui(ui: &mut Ui, state: &AppState, surface: &Surface, commands: &mut Vec<AppCommand>) {
    let palette = theme::palette(ui);
    let [gentle, steep] = &surface.slice.walks[..] else {
        return;
    };
    ui.label(RichText::new("Ten times η").strong());
    for (walk, line) in [gentle, steep].into_iter().zip(lines(palette)) {
        ui.add(Label::new(RichText::new(sentence(walk)).small().color(line.color)).wrap());
    }
    plot(ui, palette, [gentle, steep]);
    let mut hyperparameters = state.settings.hyperparameters.clone();
    let present = hyperparameters.learning_rate;
    ui.horizontal_wrapped(|ui| {
        let mut offer = |ui: &mut Ui, rate: f32, hint: &str| {
            let text = format!("Train with η {}", cost_text(rate));
            if ui.button(text).on_hover_text(hint).clicked() {
                hyperparameters.learning_rate = rate;
                let changed: Box<Hyperparameters> = Box::new(hyperparameters.clone());
                commands.push(AppCommand::SetHyperparameters(changed));
            }
        };
        offer(
            ui,
            present * WALK_FACTOR,
            "Set the learning rate of the training itself ten times as high",
        );
        offer(
            ui,
            present / WALK_FACTOR,
            "Set the learning rate of the training itself to a tenth",
        );
    });
}

/// "η 0.1: from 0.31 to 0.25 in 60 steps".
fn sentence(walk: &Walk) -> String {
    let rate = cost_text(walk.learning_rate);
    let Some([first, last]) = walk.ends() else {
        return String::new();
    };
    let (first, last_text) = (number::short(first), number::short(last));
    match walk.diverged_after {
        Some(step) => format!(
            "η {rate}: from {first} to {last_text}, and after step {step} to numbers too large to be any"
        ),
        None => format!("η {rate}: cost from {first} to {last_text} in {WALK_STEPS} steps"),
    }
}

/// The cost over the sample after each step, on a logarithmic axis.
fn plot(ui: &mut Ui, palette: &Palette, walks: [&Walk; 2]) {
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let name = "Cost of both walks after each of their steps, logarithmic";
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    response.on_hover_text(name);
    let logs = walks
        .iter()
        .flat_map(|walk| &walk.steps)
        .map(|step| log_cost(step.cost));
    let finite = logs.filter(|log| log.is_finite());
    let [low, high] = finite.fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], log| {
        [low.min(log), high.max(log)]
    });
    let span = (high - low).max(1e-3);
    let painter = ui.painter();
    let font = FontId::proportional(theme::SMALL_SIZE - 1.0);
    let text = |at: Pos2, anchor: Align2, text: String| {
        painter.text(at, anchor, text, font.clone(), palette.weak_text)
    };
    let axis = 52.0;
    let area = Rect::from_min_max(
        rect.min + vec2(axis, 6.0),
        rect.max - vec2(4.0, theme::SMALL_SIZE + 6.0),
    );
    painter.rect_stroke(
        area,
        0.0,
        Stroke::new(1.0, palette.outline),
        egui::StrokeKind::Outside,
    );
    for (log, y) in [(high, area.top()), (low, area.bottom())] {
        let at = pos2(area.left() - 5.0, y);
        text(at, Align2::RIGHT_CENTER, number::short(10_f32.powf(log)));
    }
    text(
        pos2(rect.left(), area.center().y),
        Align2::LEFT_CENTER,
        "cost".into(),
    );
    let below = area.bottom() + 4.0;
    text(pos2(area.left(), below), Align2::LEFT_TOP, "step 0".into());
    text(
        pos2(area.right(), below),
        Align2::RIGHT_TOP,
        WALK_STEPS.to_string(),
    );
    for (walk, line) in walks.into_iter().zip(lines(palette)) {
        let finite = walk.steps.iter().filter(|step| step.cost.is_finite());
        let points: Vec<Pos2> = finite
            .map(|step| {
                let along = step.step as f32 / WALK_STEPS as f32;
                let height = (log_cost(step.cost) - low) / span;
                pos2(
                    area.left() + along * area.width(),
                    area.bottom() - height * area.height(),
                )
            })
            .collect();
        let stroke = Stroke::new(1.8, line.color);
        match line.dash {
            Some(dash) => painter.extend(Shape::dashed_line(&points, stroke, dash, dash * 0.6)),
            None => {
                painter.add(Shape::line(points, stroke));
            }
        }
    }
}
