mod picture;

use super::slider::{NumberSlider, choose_activation};
use crate::app::{AppCommand, AppState, WorldCommand};
use crate::explain::{BiasUnit, BothBiases, Chain, UnitPass};
use crate::nn::Activation;
use crate::ui::{number, theme};
use egui::{Grid, RichText, ScrollArea, Ui};
use picture::{Way, lowered, picture};

/// One unit twice: its bias as a number, and as the weight of an input that is always 1.
#[derive(Default)]
pub struct BiasView {}

/// The derivatives stand beside the pictures from this width on.
const ROOM_FOR_THREE: f32 = 900.0;
const GRADIENTS_WIDTH: f32 = 350.0;
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
                    Ok(both) => side_by_side(ui, unit, &both),
                    Err(error) => {
                        ui.colored_label(theme::palette(ui).error, error.to_string());
                    }
                }
            });
    }
}

/// Both ways, and what they have in common beside them or, where there is less room, below them.
fn side_by_side(ui: &mut Ui, unit: &BiasUnit, both: &BothBiases) {
    let gap = ui.spacing().item_spacing.x;
    let all = ui.available_width();
    let beside = all >= ROOM_FOR_THREE;
    let width = if beside {
        (all - GRADIENTS_WIDTH - 2.0 * gap) / 2.0
    } else {
        (all - gap) / 2.0
    };
    ui.horizontal_top(|ui| {
        for (drawn, pass) in [(Way::Number, &both.as_number), (Way::Input, &both.as_input)] {
            ui.vertical(|ui| {
                ui.set_width(width);
                way(ui, unit, drawn, pass);
            });
        }
        if beside {
            ui.vertical(|ui| {
                ui.set_width(GRADIENTS_WIDTH);
                gradients(ui, both);
            });
        }
    });
    if !beside {
        ui.add_space(4.0);
        gradients(ui, both);
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
    let choose = |ui: &mut Ui, activation: &mut Activation| {
        ui.label("σ is");
        choose_activation(
            ui,
            "Activation of the unit",
            activation,
            &Chain::ACTIVATIONS,
        )
    };
    let mut chosen = false;
    for row in numbers.chunks_mut(across) {
        ui.horizontal(|ui| {
            for (symbol, name, value) in row.iter_mut() {
                let range = -3.0..=3.0;
                let slider = NumberSlider {
                    symbol,
                    name,
                    range,
                };
                any |= slider.show(ui, value, SLIDER_WIDTH);
            }
            if row.len() < across {
                any |= choose(ui, &mut changed.activation);
                chosen = true;
            }
        });
    }
    if !chosen {
        any |= ui
            .horizontal(|ui| choose(ui, &mut changed.activation))
            .inner;
    }
    if any {
        commands.push(AppCommand::InSmallWorld(WorldCommand::SetBiasUnit(changed)));
    }
}

/// One of the two ways: what it is, its picture, and its sum with the numbers.
fn way(ui: &mut Ui, unit: &BiasUnit, way: Way, pass: &UnitPass) {
    theme::card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let (title, formula) = match way {
            Way::Number => ("The bias as a number of the unit", "z = x·w + b"),
            Way::Input => ("The bias as the weight of an input 1", "z = [x 1]·[w b]"),
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
    grid.spacing([14.0, 5.0]).striped(true).show(ui, |ui| {
        for heading in ["Derivative", "as a number", "as an input", ""] {
            ui.label(RichText::new(heading).small().color(palette.weak_text));
        }
        ui.end_row();
        let mut row = |name: String, number: f64, input: f64| {
            ui.label(RichText::new(name).strong());
            ui.label(number::signed(number));
            ui.label(number::signed(input));
            if BothBiases::agree(number, input) {
                ui.colored_label(palette.good, "= equal");
            } else {
                let difference = number::signed(number - input);
                ui.colored_label(palette.warning, format!("differ by {difference}"));
            }
            ui.end_row();
        };
        let weights = both.as_number.weight_slopes.len();
        for (index, (number, input)) in both.slopes().enumerate() {
            let i = lowered(index + 1);
            let name = if index < weights {
                format!("∂C/∂w{i} = δ·x{i}")
            } else {
                "∂C/∂b = δ·1".to_owned()
            };
            row(name, number, input);
        }
    });
}

/// "(−0.5)", so that no two signs stand side by side.
fn bracketed(number: &str) -> String {
    if number.starts_with('−') {
        format!("({number})")
    } else {
        number.to_owned()
    }
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
        harness.get_by_label("The bias as a number of the unit");
        harness.get_by_label("The bias as the weight of an input 1");
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
