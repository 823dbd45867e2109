use super::slider::{NumberSlider, choose_activation};
use crate::app::{AppCommand, AppState, WorldCommand};
use crate::explain::{BiasUnit, BothBiases, Chain, UnitPass};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Align2, Color32, FontId, Grid, Painter, Pos2, Rect, RichText, Role, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// One unit twice: its bias as a number, and as the weight of an input that is always 1.
#[derive(Default)]
pub struct BiasView {}

/// How the bias is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Number,
    Input,
}

const PICTURE_HEIGHT: f32 = 150.0;
/// Of an input.
const RADIUS: f32 = 21.0;
/// Of one number with its slider.
const SLIDER_WIDTH: f32 = 190.0;

impl BiasView {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let unit = &state.worlds.bias_unit;
        let height = ui.available_height().max(120.0);
        ScrollArea::vertical()
            .id_salt("bias as a unit")
            .max_height(height)
            .auto_shrink(false)
            .show(ui, |ui| {
                sliders(ui, unit, commands);
                ui.add_space(4.0);
                match unit.both_ways() {
                    Ok(both) => {
                        ui.columns(2, |columns| {
                            way(&mut columns[0], unit, Way::Number, &both.as_number);
                            way(&mut columns[1], unit, Way::Input, &both.as_input);
                        });
                        ui.add_space(4.0);
                        gradients(ui, &both);
                    }
                    Err(error) => {
                        ui.colored_label(theme::palette(ui).error, error.to_string());
                    }
                }
            });
    }
}

fn sliders(ui: &mut Ui, unit: &BiasUnit, commands: &mut Vec<AppCommand>) {
    let mut changed = unit.clone();
    let mut numbers = Vec::new();
    for (index, input) in changed.inputs.iter_mut().enumerate() {
        let (i, number) = (lowered(index + 1), index + 1);
        numbers.push((format!("x{i}"), format!("Input {number}"), &mut input.value));
        numbers.push((
            format!("w{i}"),
            format!("Weight {number}"),
            &mut input.weight,
        ));
    }
    numbers.push(("b".into(), "Bias of the unit".into(), &mut changed.bias));
    numbers.push(("y".into(), "Truth of the unit".into(), &mut changed.truth));
    let across = (ui.available_width() / (SLIDER_WIDTH + 8.0)).max(1.0) as usize;
    let mut any = false;
    for row in numbers.chunks_mut(across) {
        ui.horizontal(|ui| {
            for (symbol, name, value) in row {
                let range = -3.0..=3.0;
                let slider = NumberSlider {
                    symbol,
                    name,
                    range,
                };
                any |= slider.show(ui, value, SLIDER_WIDTH);
            }
        });
    }
    ui.horizontal(|ui| {
        ui.label("σ is");
        let name = "Activation of the unit";
        any |= choose_activation(ui, name, &mut changed.activation, &Chain::ACTIVATIONS);
    });
    if any {
        commands.push(AppCommand::InSmallWorld(WorldCommand::SetBiasUnit(changed)));
    }
}

/// One of the two ways: what it is, its picture, and its sum with the numbers.
fn way(ui: &mut Ui, unit: &BiasUnit, way: Way, pass: &UnitPass) {
    theme::card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let (title, formula) = match way {
            Way::Number => ("The bias is a number of the unit", "z = x·w + b"),
            Way::Input => (
                "The bias is the weight of an input that is always 1",
                "z = [x 1]·[w b]",
            ),
        };
        ui.label(RichText::new(title).strong());
        picture(ui, unit, way, pass);
        let terms = unit.inputs.iter().map(|input| {
            let (value, weight) = (number::short(input.value), number::short(input.weight));
            format!("{}·{}", bracketed(&value), bracketed(&weight))
        });
        let mut terms: Vec<String> = terms.collect();
        let bias = number::short(unit.bias);
        terms.push(match way {
            Way::Number => bracketed(&bias),
            Way::Input => format!("1·{}", bracketed(&bias)),
        });
        let z = number::short(pass.sum);
        ui.label(format!("{formula} = {} = {z}", terms.join(" + ")));
        ui.label(format!(
            "a = σ(z) = {}, C = ½(a − y)² = {}",
            number::short(pass.activation),
            number::short(pass.cost)
        ));
    });
}

/// Both lists of derivatives beside each other.
fn gradients(ui: &mut Ui, both: &BothBiases) {
    let palette = theme::palette(ui);
    ui.label(format!(
        "δ = ∂C/∂z = {}, and each weight's derivative is δ times what came in through it. \
         What comes in through the bias is always 1",
        number::signed(both.as_number.delta)
    ));
    let grid = Grid::new("gradients both ways").num_columns(4);
    grid.spacing([22.0, 5.0]).striped(true).show(ui, |ui| {
        for heading in ["Derivative", "as a number", "as an input", ""] {
            ui.label(RichText::new(heading).small().color(palette.weak_text));
        }
        ui.end_row();
        let mut row = |name: String, number: f64, input: f64| {
            ui.label(RichText::new(name).strong());
            ui.label(number::signed(number));
            ui.label(number::signed(input));
            if number == input {
                ui.colored_label(palette.good, "= equal");
            } else {
                let difference = number::signed(number - input);
                ui.colored_label(palette.warning, format!("differ by {difference}"));
            }
            ui.end_row();
        };
        let slopes = both.as_number.weight_slopes.iter();
        for (index, (&number, &input)) in slopes.zip(&both.as_input.weight_slopes).enumerate() {
            let i = lowered(index + 1);
            row(format!("∂C/∂w{i} = δ·x{i}"), number, input);
        }
        let (number, input) = (both.as_number.bias_slope, both.as_input.bias_slope);
        row("∂C/∂b = δ·1".into(), number, input);
    });
}

/// An input or the bias as it is drawn: a disc with its number, and the wire from there to the unit.
struct Source {
    /// "x₁"; nothing stands above a number that is always the same.
    symbol: Option<String>,
    value: f64,
    /// "w₁ = 0.8"
    weight: String,
    edge: Color32,
    wire: Color32,
}

fn sources(unit: &BiasUnit, way: Way, palette: &Palette) -> Vec<Source> {
    let [_, wire, _, _, bias, edge] = palette.runs;
    let inputs = unit.inputs.iter().enumerate().map(|(index, input)| {
        let i = lowered(index + 1);
        Source {
            symbol: Some(format!("x{i}")),
            value: input.value,
            weight: format!("w{i} = {}", number::short(input.weight)),
            edge,
            wire,
        }
    });
    let always_one = (way == Way::Input).then(|| Source {
        symbol: None,
        value: 1.0,
        weight: format!("b = {}", number::short(unit.bias)),
        edge: bias,
        wire: bias,
    });
    inputs.chain(always_one).collect()
}

fn picture(ui: &mut Ui, unit: &BiasUnit, way: Way, pass: &UnitPass) {
    let size = vec2(ui.available_width(), PICTURE_HEIGHT);
    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
    let palette = theme::palette(ui);
    let painter = ui.painter_at(area);
    let [_, _, sum_colour, _, bias_colour, _] = palette.runs;
    let at = |share_x: f32, share_y: f32| area.min + area.size() * vec2(share_x, share_y);
    let sources = sources(unit, way, palette);
    // Below the unit is room for the bias where it is not an input.
    let used = match way {
        Way::Number => 0.74,
        Way::Input => 1.0,
    };
    let middle = at(0.62, 0.5 * used);
    let unit_radius = RADIUS + 5.0;
    for (index, source) in sources.iter().enumerate() {
        let height = (index as f32 + 0.5) / sources.len() as f32 * used;
        let start = pos2(area.left() + RADIUS + 4.0, at(0.0, height).y);
        let along = (middle - start).normalized() * unit_radius;
        painter.line_segment([start, middle - along], Stroke::new(2.0, source.wire));
        disc(
            &painter,
            palette,
            start,
            RADIUS,
            source.edge,
            source.symbol.as_deref(),
            source.value,
        );
        label(
            &painter,
            palette,
            start + (middle - start) * 0.5,
            &source.weight,
        );
    }
    if way == Way::Number {
        let below = pos2(middle.x, at(0.0, 0.88).y);
        let edge = middle + vec2(0.0, unit_radius);
        painter.line_segment([below, edge], Stroke::new(2.0, bias_colour));
        let text = format!("b = {}", number::short(unit.bias));
        label(&painter, palette, below, &text);
    }
    let end = pos2(area.right() - 4.0, middle.y);
    painter.line_segment([middle, end], Stroke::new(2.0, sum_colour));
    disc(
        &painter,
        palette,
        middle,
        unit_radius,
        sum_colour,
        Some("z"),
        pass.sum,
    );
    let text = format!("a = {}", number::short(pass.activation));
    let behind = (middle.x + unit_radius + end.x) / 2.0;
    label(&painter, palette, pos2(behind, middle.y - 14.0), &text);
    response.widget_info(|| {
        let inputs = sources.iter().map(|source| {
            let symbol = source.symbol.as_deref().unwrap_or("always");
            format!(
                "{symbol} {} with {}",
                number::short(source.value),
                source.weight
            )
        });
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        WidgetInfo::labeled(Role::Image, true, format!("Unit with inputs {inputs}"))
    });
}

/// A circle with a number, and what it is called above it.
fn disc(
    painter: &Painter,
    palette: &Palette,
    at: Pos2,
    radius: f32,
    edge: Color32,
    symbol: Option<&str>,
    value: f64,
) {
    let fill = palette.panel.lerp_to_gamma(edge, 0.12);
    painter.circle(at, radius, fill, Stroke::new(2.0, edge));
    let font = FontId::proportional(theme::SMALL_SIZE);
    let number = number::short(value);
    let line = if symbol.is_some() {
        vec2(0.0, 7.0)
    } else {
        Vec2::ZERO
    };
    for (text, place) in [
        (symbol.unwrap_or_default(), at - line),
        (&number, at + line),
    ] {
        painter.text(
            place,
            Align2::CENTER_CENTER,
            text,
            font.clone(),
            palette.text,
        );
    }
}

/// A text on a ground of its own, so that no line runs through it.
fn label(painter: &Painter, palette: &Palette, at: Pos2, text: &str) {
    let font = FontId::proportional(theme::BODY_SIZE);
    let galley = painter.layout_no_wrap(text.to_owned(), font, palette.text);
    let rect = Rect::from_center_size(at, galley.size() + vec2(8.0, 2.0));
    painter.rect(rect, 3.0, palette.panel, Stroke::NONE, StrokeKind::Inside);
    painter.galley(rect.min + vec2(4.0, 1.0), galley, palette.text);
}

/// "(−0.5)", so that no two signs stand side by side.
fn bracketed(number: &str) -> String {
    if number.starts_with('−') {
        format!("({number})")
    } else {
        number.to_owned()
    }
}

/// "₂"
fn lowered(index: usize) -> char {
    const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    LOWERED[index % LOWERED.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Settings;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    fn shown(width: f32, height: f32) -> Harness<'static, AppState> {
        let mut harness = Harness::builder()
            .with_size([width, height])
            .with_context_setup(theme::install)
            .build_ui_state(
                |ui, state: &mut AppState| {
                    let mut commands = Vec::new();
                    BiasView::default().ui(ui, state, &mut commands);
                    for command in commands {
                        state.handle(command);
                    }
                },
                AppState::new(Settings::default()).0,
            );
        harness.run_steps(2);
        harness
    }

    #[test]
    fn both_ways_stand_side_by_side_with_equal_gradients() {
        let harness = shown(640.0, 600.0);
        harness.get_by_label("The bias is a number of the unit");
        harness.get_by_label("The bias is the weight of an input that is always 1");
        harness.get_by_label_contains("always 1 with b = 0.4");
        assert_eq!(harness.get_all_by_label("= equal").count(), 3);
    }

    #[test]
    fn the_gradients_follow_the_sliders_and_stay_equal() {
        let mut harness = shown(640.0, 600.0);
        let before = harness.state().worlds.bias_unit.clone();
        let slider = harness.query_all_by_label("Bias of the unit").next();
        slider.unwrap().focus();
        harness.run_steps(2);
        harness.key_press(egui::Key::ArrowRight);
        harness.run_steps(3);
        assert!(harness.state().worlds.bias_unit.bias > before.bias);
        assert_eq!(harness.get_all_by_label("= equal").count(), 3);
    }

    #[test]
    fn any_size_is_painted_without_a_panic() {
        for (width, height) in [(60.0, 40.0), (300.0, 900.0), (1900.0, 1000.0)] {
            shown(width, height);
        }
    }
}
