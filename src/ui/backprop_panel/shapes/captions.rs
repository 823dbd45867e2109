//! What is written around the matrices of the strip.

use super::layout::{Place, SIGN};
use super::strip::{LINE, Rows};
use super::{Lit, symbols};
use crate::explain::{MatrixOperationKind, Quantity, Tape};
use crate::ui::theme::{self, palette};
use egui::{Align2, Pos2, Rect, Ui, pos2, vec2};

/// Which way the second row goes and how sides are drawn; beneath the input and the cost there is room for it, as
/// nobody asks how the cost depends on the input.
pub fn notes(ui: &Ui, rect: Rect, rows: &Rows, right: f32) {
    let color = palette(ui).weak_text;
    let backward = ["Backward:", "← each", "beneath its", "partner"];
    let scale = [
        "Sides are drawn by the",
        "square root of their",
        "length; green ones",
        "count the B examples",
    ];
    for (left, lines) in [(4.0, backward), (right, scale)] {
        for (line, text) in lines.into_iter().enumerate() {
            let down = rows.backward + line as f32 * LINE;
            let place = rect.min + vec2(left, down);
            let job = symbols::job(text, theme::SMALL_SIZE, color);
            symbols::paint(ui.painter(), place, Align2::LEFT_TOP, job);
        }
    }
}

/// What stands between this place and the one before: the operation forward, and the way back.
pub fn signs(ui: &Ui, rect: Rect, rows: &Rows, place: &Place) {
    let colors = palette(ui);
    let x = rect.left() + place.left - SIGN / 2.0;
    let paint = |top: f32, text: &str, color| {
        let at = pos2(x, rect.top() + top + rows.matrix / 2.0);
        let job = symbols::job(text, theme::BODY_SIZE, color);
        symbols::paint(ui.painter(), at, Align2::CENTER_CENTER, job);
    };
    paint(rows.forward, place.slot.sign, colors.text);
    // Errors and slopes hand on to the left; gradients of weights and biases are branches that end.
    let hands_on = match place.slot.backward {
        Some(Quantity::ActivationSlopes(_)) => true,
        Some(Quantity::WeightGradients(layer)) => layer > 1,
        Some(Quantity::Errors(_) | Quantity::BiasGradients(_)) => true,
        _ => false,
    };
    if hands_on {
        paint(rows.backward, "←", colors.weak_text);
    }
}

/// Name, shape, and going back how it is made.
pub fn below(ui: &Ui, tape: &Tape, quantity: Quantity, top: Pos2, lit: &Lit) {
    let colors = palette(ui);
    let is_lit = lit.chosen.quantity == quantity || lit.partner == Some(quantity);
    let color = if is_lit { colors.accent } else { colors.text };
    let name = symbols::job(&tape.name(quantity), theme::BODY_SIZE, color);
    symbols::paint(ui.painter(), top, Align2::CENTER_TOP, name);
    let shape = tape.shape_text(tape.shape(quantity));
    let shape = symbols::shape_job(&shape, theme::SMALL_SIZE, colors.weak_text, colors);
    symbols::paint(
        ui.painter(),
        top + vec2(0.0, LINE),
        Align2::CENTER_TOP,
        shape,
    );
    let formula = symbols::job(
        &short_formula(tape, quantity),
        theme::SMALL_SIZE,
        colors.weak_text,
    );
    symbols::paint(
        ui.painter(),
        top + vec2(0.0, 2.0 * LINE),
        Align2::CENTER_TOP,
        formula,
    );
}

/// Beneath a matrix of the way back, as short as it can be said; nothing beneath one of the way forward.
pub fn short_formula(tape: &Tape, quantity: Quantity) -> String {
    if !quantity.is_backward() {
        return String::new();
    }
    let Some(operation) = tape.operation(quantity) else {
        return String::new();
    };
    let formula = tape.formula(&operation);
    let (_, made) = formula.split_once(" = ").unwrap_or_default();
    match operation.kind {
        MatrixOperationKind::PullBack => made.split_once(' ').unwrap_or_default().1.to_owned(),
        _ => made.to_owned(),
    }
}
