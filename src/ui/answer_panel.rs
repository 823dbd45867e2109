//! What the network answers: the ten outputs as bars, the winner large, the second guess; and, when a person has
//! said what the drawing is, what it costs and which outputs should rise and fall.

use super::number;
use super::theme::{self, Palette};
use crate::answering::{SURE, Verdict};
use crate::app::{AppCommand, AppState, Depth, Reading};
use crate::explain::{CostTerm, cost_terms};
use crate::nn::Activation;
use egui::{
    Align2, Button, Color32, FontFamily, FontId, Rect, Response, Role, Sense, Shape, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

/// The answer beside or below the pad.
#[derive(Default)]
pub struct AnswerPanel;

impl AnswerPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let sizes = match state.settings.depth {
            Depth::Draw => Sizes::large(ui.available_width()),
            Depth::Learn | Depth::Lab => Sizes::SMALL,
        };
        let terms = terms(state);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            paint_winner(ui, state, &sizes);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for digit in 0..10 {
                    let term = terms.as_ref().and_then(|terms| terms.get(digit));
                    paint_row(ui, state, digit, term, &sizes);
                }
            });
        });
        if state.settings.depth != Depth::Draw {
            ui.add_space(4.0);
            label_picker(ui, state, commands);
            cost_line(ui, state, terms.as_deref());
        }
    }
}

/// How large things are, in points.
struct Sizes {
    winner_width: f32,
    winner_text: f32,
    probability_text: f32,
    row_height: f32,
    row_text: f32,
    bar_height: f32,
}

impl Sizes {
    const SMALL: Self = Self {
        winner_width: 84.0,
        winner_text: theme::ANSWER_SIZE,
        probability_text: 18.0,
        row_height: 14.5,
        row_text: theme::SMALL_SIZE,
        bar_height: 8.0,
    };

    /// For a column of this width: a projector has room for more than a laptop.
    fn large(width: f32) -> Self {
        let scale = (width / 500.0).clamp(0.9, 1.6);
        Self {
            winner_width: 168.0 * scale,
            winner_text: theme::ANSWER_SIZE_LARGE * scale,
            probability_text: 30.0 * scale,
            row_height: 31.0 * scale,
            row_text: 17.0 * scale,
            bar_height: 16.0 * scale,
        }
    }
}

/// An output as people read it: a probability in per cent, or the bare number of a network that gives none.
fn output_text(network_gives_probabilities: bool, output: f32) -> String {
    if !network_gives_probabilities {
        return format!("{output:.2}").replace('-', "−");
    }
    let percent = output * 100.0;
    // Rounding must not make a certainty of a guess.
    if percent >= 99.95 && output < 1.0 {
        ">99.9 %".to_owned()
    } else if percent > 0.0 && percent < 0.05 {
        "<0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}

/// A cost, which is no 0 as long as there is anything left to learn: "14.9642", "3.2e−7".
fn cost_text(cost: f32) -> String {
    match cost.abs() {
        0.0 => "0".to_owned(),
        ..5e-5 => number::short(cost),
        _ => format!("{cost:.4}"),
    }
}

/// An output with all the digits that help; a small one keeps its first ones: "0.998231", "3.17e−7".
fn exact(output: f32) -> String {
    let text = match output.abs() {
        0.0 => "0".to_owned(),
        ..1e-4 => format!("{output:.2e}"),
        _ => format!("{output:.6}"),
    };
    text.replace('-', "−")
}

/// Softmax outputs sum to 1 and can be read as probabilities; others cannot.
fn gives_probabilities(state: &AppState) -> bool {
    let layers = state.model.network.layers();
    layers.last().map(|layer| layer.activation) == Some(Activation::Softmax)
}

/// The cost of the present reading for the label that was given; the depth 'Draw' does not speak of it.
fn terms(state: &AppState) -> Option<Vec<CostTerm>> {
    if state.settings.depth == Depth::Draw {
        return None;
    }
    let reading = state.reading.as_ref()?;
    let label = state.pad.drawing.label?;
    Some(cost_terms(&state.model.network, &reading.outputs, label))
}

fn paint_winner(ui: &mut Ui, state: &AppState, sizes: &Sizes) {
    let palette = theme::palette(ui);
    let size = vec2(sizes.winner_width, sizes.row_height * 10.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let spoken = state.reading.as_ref().map_or_else(
        || "No answer yet".to_owned(),
        |reading| spoken_answer(state, reading),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if let Some(reading) = &state.reading {
        response.on_hover_text(explanation(state, reading));
    }
    let painter = ui.painter();
    painter.rect_filled(rect, 8.0, palette.paper);
    let line = |y: f32, text: String, size: f32, color: Color32| {
        painter.text(
            pos2(rect.center().x, rect.top() + rect.height() * y),
            Align2::CENTER_CENTER,
            text,
            FontId::proportional(size),
            color,
        );
    };
    let Some(reading) = &state.reading else {
        line(0.42, "?".to_owned(), sizes.winner_text, palette.outline);
        line(
            0.78,
            "draw a digit".to_owned(),
            sizes.row_text,
            palette.weak_text,
        );
        return;
    };
    let [winner, second] =
        [reading.answer, reading.second].map(|digit| text_of(state, reading, digit));
    let small = sizes.row_text - 0.5;
    let words = sizes.probability_text * 0.8;
    let digit = reading.answer.to_string();
    let then = format!("then {} · {second}", reading.second);
    // Every verdict has its lines at the same places, so that nothing jumps while a digit is being drawn.
    match reading.judgement.verdict {
        Verdict::Sure => {
            line(0.34, digit, sizes.winner_text, palette.accent);
            line(0.70, winner, sizes.probability_text, palette.text);
            line(0.87, then, small, palette.weak_text);
        }
        Verdict::NotSure => {
            let either = format!("{digit} or {}", reading.second);
            line(0.34, either, sizes.winner_text * 0.38, palette.accent);
            line(0.70, "not sure".to_owned(), words, palette.warning);
            line(
                0.87,
                format!("{winner} · {second}"),
                small,
                palette.weak_text,
            );
        }
        Verdict::NotADigit => {
            line(0.34, digit, sizes.winner_text, palette.outline);
            line(0.70, "not a digit".to_owned(), words, palette.warning);
            line(
                0.87,
                format!("closest: {}", reading.answer),
                small,
                palette.weak_text,
            );
        }
        Verdict::NotCalibrated => {
            line(0.34, digit, sizes.winner_text, palette.accent);
            line(0.70, winner, sizes.probability_text, palette.text);
            line(0.87, "not calibrated".to_owned(), small, palette.weak_text);
        }
    }
}

/// The answer as a screen reader says it.
fn spoken_answer(state: &AppState, reading: &Reading) -> String {
    let (answer, second) = (reading.answer, reading.second);
    let winner = text_of(state, reading, answer);
    match reading.judgement.verdict {
        Verdict::Sure => format!("Answer {answer}, {winner}"),
        Verdict::NotSure => format!("Not sure: {answer} or {second}"),
        Verdict::NotADigit => {
            format!("This does not look like a digit; the closest is {answer}")
        }
        Verdict::NotCalibrated => format!("Answer {answer}, {winner}, not calibrated"),
    }
}

/// What the verdict means and where it comes from.
fn explanation(state: &AppState, reading: &Reading) -> String {
    let sure = 100.0 * SURE;
    let judgement = &reading.judgement;
    let (answer, second) = (reading.answer, reading.second);
    let fitted = state.model.calibration.map_or_else(String::new, |fitted| {
        format!(
            "The probabilities are calibrated: softmax(z / {:.2}), fitted to {} validation examples",
            fitted.temperature,
            number::grouped(fitted.examples as usize)
        )
    });
    match judgement.verdict {
        Verdict::Sure => format!(
            "Of 100 answers with {}, about as many are right as it says. {fitted}",
            text_of(state, reading, answer)
        ),
        Verdict::NotSure => format!(
            "It may be {} or {}: no digit has a probability of {sure:.0} % or more. {fitted}",
            number::a_digit(answer.into()),
            number::a_digit(second.into())
        ),
        Verdict::NotADigit => format!(
            "This does not look like a digit: a small network of its own, which has learned digits from scribbles, \
             letters and other ink, gives it {} where {} is the least. If it is one, it is most likely {}",
            output_text(true, judgement.likeness),
            output_text(true, judgement.least_likeness),
            number::a_digit(answer.into())
        ),
        Verdict::NotCalibrated if state.model.is_untrained() => {
            "The network has not learned anything yet and was never calibrated: these are its bare outputs".to_owned()
        }
        Verdict::NotCalibrated => "Nobody knows how sure this is: the network was not calibrated as it is now, and these \
             are its bare outputs. It is calibrated by itself when training rests and there are validation examples"
            .to_owned(),
    }
}

/// What is shown of a digit: its calibrated probability, or the bare output of a network that is not calibrated.
fn shown(reading: &Reading, digit: usize) -> Option<f32> {
    let values = reading.judgement.probabilities.as_ref();
    values.unwrap_or(&reading.outputs).get(digit).copied()
}

/// Whether what is shown can be read as probabilities.
fn shows_probabilities(state: &AppState, reading: &Reading) -> bool {
    reading.judgement.probabilities.is_some() || gives_probabilities(state)
}

/// What is shown of a digit, as people read it: "98.3 %".
pub fn text_of(state: &AppState, reading: &Reading, digit: u8) -> String {
    let value = shown(reading, digit.into()).unwrap_or(f32::NAN);
    output_text(shows_probabilities(state, reading), value)
}

/// One output: its digit, its bar, its number, and where it should go.
fn paint_row(ui: &mut Ui, state: &AppState, digit: usize, term: Option<&CostTerm>, sizes: &Sizes) {
    let palette = theme::palette(ui);
    let size = vec2(ui.available_width(), sizes.row_height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let reading = state.reading.as_ref();
    let output = reading.and_then(|reading| shown(reading, digit));
    let is_refused = |reading: &Reading| reading.judgement.verdict == Verdict::NotADigit;
    let is_answer =
        reading.is_some_and(|reading| usize::from(reading.answer) == digit && !is_refused(reading));
    let probabilities = reading.is_some_and(|reading| shows_probabilities(state, reading));
    let text = output.map(|output| output_text(probabilities, output));
    let spoken = format!("{digit}: {}", text.as_deref().unwrap_or("no output yet"));
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &spoken));

    let painter = ui.painter();
    let strong = if is_answer {
        palette.text
    } else {
        palette.weak_text
    };
    let font = FontId::new(sizes.row_text, FontFamily::Monospace);
    let middle = rect.center().y;
    let digit_width = sizes.row_text * 1.1;
    let number_width = sizes.row_text * 4.9;
    let arrow_width = if state.settings.depth == Depth::Draw {
        0.0
    } else {
        16.0
    };
    painter.text(
        pos2(rect.left(), middle),
        Align2::LEFT_CENTER,
        digit.to_string(),
        font.clone(),
        if is_answer {
            palette.accent
        } else {
            palette.text
        },
    );
    let track = Rect::from_min_max(
        pos2(rect.left() + digit_width, middle - sizes.bar_height / 2.0),
        pos2(
            rect.right() - number_width - arrow_width,
            middle + sizes.bar_height / 2.0,
        ),
    );
    painter.rect_filled(track, 3.0, palette.raised);
    if let Some(output) = output {
        let scale = state.reading.as_ref().map_or(1.0, bar_scale);
        let part = (output.abs() / scale).clamp(0.0, 1.0);
        let bar = Rect::from_min_size(track.min, vec2(track.width() * part, track.height()));
        let color = match (is_answer, output < 0.0) {
            (_, true) => palette.negative,
            (true, false) => palette.accent,
            (false, false) => palette.weak_text,
        };
        painter.rect_filled(bar, 3.0, color);
    }
    painter.text(
        pos2(rect.right() - arrow_width, middle),
        Align2::RIGHT_CENTER,
        text.as_deref().unwrap_or("–"),
        font,
        strong,
    );
    if let Some(term) = term {
        let place = Rect::from_min_max(pos2(rect.right() - 12.0, rect.top()), rect.max);
        paint_wish(ui, place, term.wish, palette);
    }
    let raw = reading.and_then(|reading| reading.outputs.get(digit).copied());
    explain(response, digit, [output, raw], term, probabilities);
}

/// An arrow up for an output that should rise and down for one that should fall, as long as the wish is strong.
fn paint_wish(ui: &Ui, rect: Rect, wish: f32, palette: &Palette) {
    if !wish.is_finite() || wish.abs() < 0.005 {
        return;
    }
    let half = rect.height() * 0.46 * wish.abs().clamp(0.25, 1.0);
    let (center, sign) = (rect.center(), if wish > 0.0 { -1.0 } else { 1.0 });
    let color = if wish > 0.0 {
        palette.positive
    } else {
        palette.negative
    };
    let tip = center + vec2(0.0, sign * half);
    let tail = center - vec2(0.0, sign * half);
    ui.painter()
        .line_segment([tip, tail], Stroke::new(2.0, color));
    ui.painter().add(Shape::convex_polygon(
        vec![
            tip,
            tip + vec2(-4.0, -sign * 5.0),
            tip + vec2(4.0, -sign * 5.0),
        ],
        color,
        Stroke::NONE,
    ));
}

fn explain(
    response: Response,
    digit: usize,
    [shown, output]: [Option<f32>; 2],
    term: Option<&CostTerm>,
    probabilities: bool,
) {
    let (Some(shown), Some(output)) = (shown, output) else {
        return;
    };
    response.on_hover_ui(|ui| {
        let kind = if probabilities {
            "Probability"
        } else {
            "Output"
        };
        ui.label(format!(
            "{kind} for {}: {}",
            number::a_digit(digit),
            exact(shown)
        ));
        if shown != output {
            ui.label(format!("Before calibration: {}", exact(output)));
        }
        if let Some(term) = term {
            ui.label(format!("It should be {:.0}", term.truth));
            ui.label(format!("It adds {} to the cost", cost_text(term.cost)));
            let way = match term.wish {
                wish if wish > 0.0 => "rise",
                wish if wish < 0.0 => "fall",
                _ => "stay",
            };
            ui.label(format!(
                "Its sum z should {way}: −∂C/∂z = {:+.4}",
                term.wish
            ));
        }
    });
}

/// "This is a" and ten digits to press.
fn label_picker(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label("This is a ");
        let width = ((ui.available_width() - 9.0 * 2.0) / 10.0)
            .floor()
            .clamp(16.0, 30.0);
        for digit in 0..10_u8 {
            let chosen = state.pad.drawing.label == Some(digit);
            let command = AppCommand::SetLabel(state.label_after_press(digit));
            let enabled = command.enabled(state);
            ui.spacing_mut().button_padding.x = 0.0;
            let button = Button::selectable(chosen, digit.to_string())
                .frame_when_inactive(true)
                .min_size(vec2(width, 24.0));
            let response = ui
                .add_enabled(enabled.is_ok(), button)
                .on_hover_text(format!(
                    "The drawing is meant to be {} (key {digit}): shows what the answer costs",
                    number::a_digit(digit.into())
                ));
            response.widget_info(|| {
                WidgetInfo::selected(
                    Role::RadioButton,
                    enabled.is_ok(),
                    chosen,
                    format!("This is {}", number::a_digit(digit.into())),
                )
            });
            if response.clicked() {
                commands.push(command);
            }
        }
    });
}

fn cost_line(ui: &mut Ui, state: &AppState, terms: Option<&[CostTerm]>) {
    let name = state.model.network.cost().label().to_lowercase();
    let text = match (terms, state.pad.drawing.label, &state.reading) {
        (Some(terms), Some(label), _) => {
            // A sum that begins with 0 is never the −0 that the logarithm of 1 leaves.
            let cost = terms.iter().fold(0.0, |sum, term| sum + term.cost);
            let label = number::a_digit(label.into());
            format!("Cost {} for {label} ({name})", cost_text(cost))
        }
        (_, _, None) => "The cost needs a drawing and its digit".to_owned(),
        _ => "Say which digit it is to see the cost".to_owned(),
    };
    let weak = theme::palette(ui).weak_text;
    let color = if terms.is_some() {
        theme::palette(ui).text
    } else {
        weak
    };
    ui.add(egui::Label::new(egui::RichText::new(text).color(color)).truncate())
        .on_hover_text("The sum of what the ten outputs add; hover an output for its term. The arrows say which outputs should rise and fall, and how strongly (−∂C/∂z)");
}

/// Full length of a bar: 1, or the largest output where outputs have no bound.
fn bar_scale(reading: &Reading) -> f32 {
    match &reading.judgement.probabilities {
        Some(_) => 1.0,
        None => reading
            .outputs
            .iter()
            .fold(1.0, |scale, output| output.abs().max(scale)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_is_never_rounded_to_a_certainty() {
        assert_eq!(output_text(true, 0.9996), ">99.9 %");
        assert_eq!(output_text(true, 1.0), "100.0 %");
        assert_eq!(output_text(true, 0.0003), "<0.1 %");
        assert_eq!(output_text(true, 0.0), "0.0 %");
        assert_eq!(output_text(true, 0.983), "98.3 %");
    }

    #[test]
    fn a_small_output_is_not_rounded_to_nothing() {
        assert_eq!(exact(3.17e-7), "3.17e−7");
        assert_eq!(exact(0.998_231), "0.998231");
        assert_eq!(exact(-1.5), "−1.500000");
        assert_eq!(exact(0.0), "0");
    }

    #[test]
    fn an_output_that_is_no_probability_is_printed_as_it_is() {
        assert_eq!(output_text(false, 0.983), "0.98");
        assert_eq!(output_text(false, -1.5), "−1.50");
    }
}
