use super::matrix::{Drawn, Scale};
use super::{Lit, symbols};
use crate::explain::{
    MatrixOperation, MatrixOperationKind, Operand, Outcome, Part, Quantity, Shape, Side, Tape,
};
use crate::ui::theme::{self, palette};
use egui::{Align, Align2, Layout, Margin, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const SIGN: f32 = 20.0;
const GAP: f32 = 8.0;
const LINE: f32 = 15.0;
const NARROWEST: f32 = 46.0;
/// The text needs so much beside the drawing.
const TEXT: f32 = 300.0;

/// A matrix of the equation, as it is written there.
struct Factor {
    name: String,
    quantity: Quantity,
    shape: Shape,
    /// What of it goes into the chosen cell.
    part: Option<Part>,
    /// Before it.
    sign: &'static str,
}

/// The operation that makes the chosen matrix: to scale, and in words.
pub fn ui(ui: &mut Ui, tape: &Tape, scale: Scale, lit: &Lit) {
    let Some(operation) = tape.operation_about(lit.chosen.quantity) else {
        return;
    };
    theme::card(ui)
        .inner_margin(Margin::symmetric(10, 6))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            let factors = factors(tape, &operation, lit);
            let width = equation_width(ui, tape, scale, &factors);
            if ui.available_width() >= width + TEXT {
                ui.horizontal_top(|ui| {
                    equation(ui, tape, scale, &operation, &factors, width);
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        words(ui, tape, &operation, lit);
                    });
                });
            } else {
                equation(ui, tape, scale, &operation, &factors, width);
                words(ui, tape, &operation, lit);
            }
        });
}

/// The operands in the order and the position in which they meet, and what comes of them.
fn factors(tape: &Tape, operation: &MatrixOperation, lit: &Lit) -> Vec<Factor> {
    let is_about = operation.result == lit.chosen.quantity || lit.partner == Some(operation.result);
    let is_lit = is_about && tape.outcome(operation.result) == Outcome::Fits;
    let [row, column] = lit.chosen.cell;
    let parts = Tape::meeting(operation, row, column);
    let mut factors: Vec<Factor> = operation
        .operands
        .iter()
        .zip(parts)
        .enumerate()
        .map(|(place, (operand, (_, part)))| {
            factor(tape, operation, place, operand, is_lit.then_some(part))
        })
        .collect();
    factors.push(Factor {
        name: tape.name(operation.result),
        quantity: operation.result,
        shape: tape.shape(operation.result),
        part: is_lit.then_some(Part::Cell(row, column)),
        sign: "=",
    });
    factors
}

fn factor(
    tape: &Tape,
    operation: &MatrixOperation,
    place: usize,
    operand: &Operand,
    part: Option<Part>,
) -> Factor {
    let shape = tape.shape(operand.quantity);
    let turned = Shape {
        rows: shape.columns,
        columns: shape.rows,
    };
    let sign = match (place, operation.kind) {
        (0, MatrixOperationKind::MeanOfRows) => "Σ",
        (0, MatrixOperationKind::Activate | MatrixOperationKind::ActivateRows) => "σ",
        (0, _) => "",
        (1, kind) if kind.is_product() => "·",
        (2, _) => "+",
        (_, MatrixOperationKind::PullBack) => "⊙",
        (_, MatrixOperationKind::MeanCost) => ",",
        _ => "−",
    };
    Factor {
        name: tape.operand_name(operand),
        quantity: operand.quantity,
        shape: if operand.transposed { turned } else { shape },
        part: part.map(|part| {
            if operand.transposed {
                part.transposed()
            } else {
                part
            }
        }),
        sign,
    }
}

fn equation_width(ui: &Ui, tape: &Tape, scale: Scale, factors: &[Factor]) -> f32 {
    factors
        .iter()
        .map(|factor| SIGN + GAP + factor_width(ui, tape, scale, factor))
        .sum()
}

fn factor_width(ui: &Ui, tape: &Tape, scale: Scale, factor: &Factor) -> f32 {
    let size = scale.size(tape.lengths(factor.shape));
    let name = symbols::width(ui, &factor.name, theme::BODY_SIZE);
    size.x.max(name).max(NARROWEST)
}

fn equation(
    ui: &mut Ui,
    tape: &Tape,
    scale: Scale,
    operation: &MatrixOperation,
    factors: &[Factor],
    width: f32,
) {
    let colors = palette(ui);
    let sizes = factors
        .iter()
        .map(|factor| scale.size(tape.lengths(factor.shape)).y);
    let tallest = sizes.fold(24.0, f32::max);
    let size = vec2(width, tallest + 2.0 * LINE + 10.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter();
    let clashes = matches!(tape.outcome(operation.result), Outcome::Clash { .. });
    let mut x = rect.left();
    for factor in factors {
        let own = factor_width(ui, tape, scale, factor);
        let middle = pos2(x + SIGN + own / 2.0, rect.top() + 4.0 + tallest / 2.0);
        let bad = clashes && factor.sign == "·";
        let sign = symbols::job(
            factor.sign,
            theme::HEADING_SIZE,
            if bad { colors.error } else { colors.text },
        );
        symbols::paint(
            painter,
            pos2(x + SIGN / 2.0, middle.y),
            Align2::CENTER_CENTER,
            sign,
        );
        let lengths = tape.lengths(factor.shape);
        let drawn = Rect::from_center_size(middle, scale.size(lengths));
        let lit: Vec<Part> = factor.part.into_iter().collect();
        Drawn {
            sides: [factor.shape.rows, factor.shape.columns],
            lengths,
            outcome: tape.outcome(factor.quantity),
            is_chosen: false,
            is_partner: false,
            lit: &lit,
        }
        .paint(painter, drawn, colors);
        let below = pos2(middle.x, rect.top() + tallest + 9.0);
        let name = symbols::job(&factor.name, theme::BODY_SIZE, colors.text);
        symbols::paint(painter, below, Align2::CENTER_TOP, name);
        let shape = tape.shape_text(factor.shape);
        let shape = symbols::shape_job(&shape, theme::SMALL_SIZE, colors.weak_text, colors);
        symbols::paint(painter, below + vec2(0.0, LINE), Align2::CENTER_TOP, shape);
        x += SIGN + own + GAP;
    }
    let name = format!("{}, to scale", tape.formula(operation));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
}

fn words(ui: &mut Ui, tape: &Tape, operation: &MatrixOperation, lit: &Lit) {
    ui.spacing_mut().item_spacing.y = 1.0;
    let colors = palette(ui);
    let chosen = lit.chosen.quantity;
    let outcome = tape.outcome(operation.result);
    let mut title = symbols::job(&tape.formula(operation), theme::BODY_SIZE, colors.text);
    let kind = format!("    {}", operation.kind.words());
    symbols::append(&mut title, &kind, theme::BODY_SIZE, colors.accent);
    ui.label(title);
    symbols::label(ui, &shapes_line(tape, operation), colors.text);
    let color = match outcome {
        Outcome::Fits => colors.text,
        Outcome::FitsByChance { .. } => colors.warning,
        Outcome::Clash { .. } => colors.error,
        _ => colors.weak_text,
    };
    let about = if tape.outcome(chosen).is_built() && chosen != operation.result {
        operation.result
    } else {
        chosen
    };
    symbols::label(ui, &tape.sentence(about), color);
    if outcome == Outcome::Fits
        && (chosen == operation.result || lit.partner == Some(operation.result))
    {
        let [row, column] = lit.chosen.cell;
        symbols::label(ui, &tape.cell_sentence(operation, row, column), colors.text);
    }
    if let Some(partner) = lit.partner {
        let shape = tape.shape(partner);
        let same = match shape == tape.shape(chosen) {
            true => format!(", of the same shape {}", tape.shape_text(shape)),
            false => String::new(),
        };
        let (name, what) = (tape.name(partner), partner.words());
        let text = format!("Its partner is {name}{same}: {what}");
        symbols::label(ui, &text, colors.weak_text);
    }
}

/// "[784×B]·[B×128] → [784×128], X is transposed; B is summed over and gone"
fn shapes_line(tape: &Tape, operation: &MatrixOperation) -> String {
    let shapes = operation.operands.iter().map(|operand| {
        let shape = tape.shape(operand.quantity);
        let turned = Shape {
            rows: shape.columns,
            columns: shape.rows,
        };
        format!(
            "[{}]",
            tape.shape_text(if operand.transposed { turned } else { shape })
        )
    });
    let shapes: Vec<String> = shapes.collect();
    let joined = match (operation.kind, shapes.as_slice()) {
        (MatrixOperationKind::WeightedSums, [a, w, b]) => format!("{a}·{w} + {b}"),
        (kind, [a, b]) if kind.is_product() => format!("{a}·{b}"),
        (_, shapes) => shapes.join(", "),
    };
    let mut line = format!(
        "{joined} → [{}]",
        tape.shape_text(tape.shape(operation.result))
    );
    let transposed = operation.operands.iter().find(|operand| operand.transposed);
    line += &match transposed {
        Some(operand) => format!("; {} is transposed", tape.name(operand.quantity)),
        None => "; nothing is transposed".to_owned(),
    };
    if tape.summed_over(operation) == Some(Side::Examples) {
        line += "; B is summed over and gone";
    }
    line
}
