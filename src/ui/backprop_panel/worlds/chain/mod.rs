//! The chain with one unit a layer: its picture, its sliders, its derivatives and its walk down the cost.

mod controls;
mod curve;
mod names;
mod picture;
mod products;

use crate::app::{AppCommand, AppState, ChainWorld, WorldCommand};
use crate::explain::{Chain, ChainDerivative, ChainPass, ChainPlace, ChainSlope};
use crate::nn::Activation;
use crate::ui::command_button::CommandButton;
use crate::ui::icon::Icon;
use crate::ui::{number, theme};
use egui::{Label, RichText, ScrollArea, Ui};
use std::time::Duration;

/// The chain with one unit a layer.
#[derive(Default)]
pub struct ChainView {
    /// What lay under the pointer in the frame before: it lights up in the picture and in the products.
    hovered: Option<Lit>,
    /// The derivative that was chosen.
    chosen: Option<ChainPlace>,
    /// When the next step of a run is due, in seconds since the start.
    next_step_secs: f64,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lit {
    /// A quantity, and the factors that come from it.
    Place(ChainPlace),
    /// The derivative by this place, and where its factors come from.
    Derivative(ChainPlace),
}

/// Of the sliders at the left.
const CONTROLS_WIDTH: f32 = 214.0;
/// A chain in less room than this would be unreadable.
const LEAST_PICTURE: f32 = 240.0;
/// Twenty steps a second can still be followed.
const STEP_SECS: f64 = 0.05;
/// A slope below this is as good as none.
const FLAT: f64 = 0.02;

impl ChainView {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        let world = &state.worlds.chain;
        self.run(ui, world, commands);
        buttons(ui, state, commands);
        let pass = world.chain.pass().ok();
        says(ui, world, pass.as_ref());

        let lit = self.hovered.or(self.chosen.map(Lit::Derivative));
        let mut hovered = None;
        ui.horizontal_top(|ui| {
            let width = ui.available_width();
            let curve = (width * 0.26).clamp(150.0, 340.0);
            let picture = (width - curve - ui.spacing().item_spacing.x).max(LEAST_PICTURE);
            let under = picture::show(ui, &world.chain, pass.as_ref(), lit, picture);
            if let Some((place, clicked)) = under {
                hovered = Some(Lit::Place(place));
                if clicked {
                    self.choose(place);
                }
            }
            curve::show(ui, world, curve, picture::height(picture, &world.chain));
        });
        ui.separator();
        ui.horizontal_top(|ui| {
            let height = ui.available_height().max(60.0);
            ui.vertical(|ui| {
                ui.set_width(CONTROLS_WIDTH);
                ScrollArea::vertical()
                    .id_salt("chain sliders")
                    .max_height(height)
                    .auto_shrink([true, false])
                    .show(ui, |ui| controls::show(ui, state, commands));
            });
            ui.vertical(|ui| {
                ScrollArea::vertical()
                    .id_salt("chain derivatives")
                    .max_height(height)
                    .auto_shrink(false)
                    .show(ui, |ui| match &pass {
                        Some(pass) => {
                            let shown = products::show(ui, &world.chain, pass, lit);
                            hovered = shown.hovered.or(hovered);
                            if let Some(of) = shown.clicked {
                                self.choose(of);
                            }
                        }
                        None => {
                            ui.label("There are no derivatives of numbers as large as these");
                        }
                    });
            });
        });
        if hovered != self.hovered {
            self.hovered = hovered;
            ui.request_repaint();
        }
    }

    /// Chooses the derivative by this place, or leaves it when it was chosen.
    fn choose(&mut self, of: ChainPlace) {
        self.chosen = (self.chosen != Some(of) && of != ChainPlace::Cost).then_some(of);
    }

    /// Makes the steps of a run as they fall due, and wakes the window for the next one only.
    fn run(&mut self, ui: &Ui, world: &ChainWorld, commands: &mut Vec<AppCommand>) {
        if !world.running {
            return;
        }
        let now = ui.input(|input| input.time);
        if now >= self.next_step_secs {
            commands.push(AppCommand::InSmallWorld(WorldCommand::StepChain));
            self.next_step_secs = now + STEP_SECS;
        }
        let wait = (self.next_step_secs - now).clamp(0.0, STEP_SECS);
        ui.request_repaint_after(Duration::from_secs_f64(wait));
    }
}

impl Lit {
    /// Whether this place lights up.
    pub fn shows(self, place: ChainPlace, pass: Option<&ChainPass>) -> bool {
        match self {
            Self::Place(lit) => lit == place,
            Self::Derivative(of) => {
                let derivative = pass.and_then(|pass| derivative(pass, of));
                of == place
                    || derivative.is_some_and(|derivative| {
                        let mut slopes = derivative.factors.iter().map(|factor| factor.slope);
                        slopes.any(|slope| slope.lives_at() == place)
                    })
            }
        }
    }
}

fn derivative(pass: &ChainPass, of: ChainPlace) -> Option<&ChainDerivative> {
    pass.derivatives.iter().find(|one| one.of == of)
}

fn buttons(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let world = &state.worlds.chain;
    ui.horizontal_wrapped(|ui| {
        let step = AppCommand::InSmallWorld(WorldCommand::StepChain);
        CommandButton::text(&step, "One step").show(ui, state, commands, None);
        let run = AppCommand::InSmallWorld(WorldCommand::RunChain(!world.running));
        let (text, icon) = if world.running {
            ("Stop", Icon::Pause)
        } else {
            ("Run", Icon::Play)
        };
        CommandButton::text(&run, text)
            .with_icon(icon)
            .room_for(&["Run", "Stop"])
            .show(ui, state, commands, None);
        let restart = AppCommand::InSmallWorld(WorldCommand::RestartChain);
        CommandButton::text(&restart, "Back to the start").show(ui, state, commands, None);
        ui.separator();
        ui.label("Layers");
        for layers in Chain::LAYERS {
            let chosen = world.chain.links.len() == layers;
            let response = ui.selectable_label(chosen, layers.to_string());
            if response
                .accessible_name(format!("{layers} layers"))
                .clicked()
                && !chosen
            {
                let chain = controls::with_layers(&world.chain, layers);
                commands.push(AppCommand::InSmallWorld(WorldCommand::SetChain(chain)));
            }
        }
    });
}

/// One line below the buttons: why it does not go on, what is flat, or how far it has come.
fn says(ui: &mut Ui, world: &ChainWorld, pass: Option<&ChainPass>) {
    let palette = theme::palette(ui);
    let (text, colour) = match (
        &world.stopped,
        pass.and_then(|pass| flat(&world.chain, pass)),
    ) {
        (Some(stopped), _) => (stopped.clone(), palette.warning),
        (None, Some(flat)) => (flat, palette.warning),
        (None, None) => (walked(world), palette.weak_text),
    };
    let line = Label::new(RichText::new(&text).color(colour)).truncate();
    ui.add(line).on_hover_text(text);
}

/// The flattest activation, where it is so flat that hardly anything before it learns.
fn flat(chain: &Chain, pass: &ChainPass) -> Option<String> {
    let first = pass
        .derivatives
        .iter()
        .find(|one| one.of == ChainPlace::Weight(1))?;
    let slopes = first
        .factors
        .iter()
        .filter_map(|factor| match factor.slope {
            ChainSlope::ActivationBySum(layer) => Some((layer, factor.value)),
            _ => None,
        });
    let (layer, slope) = slopes.min_by(|(_, s), (_, t)| s.abs().total_cmp(&t.abs()))?;
    if slope.abs() > FLAT {
        return None;
    }
    let l = names::raised(layer);
    let state = match chain.links.get(layer.checked_sub(1)?)?.activation {
        Activation::Relu => "this ReLU is dead",
        Activation::LeakyRelu => "below 0 this leaky ReLU lets hardly anything through",
        _ => "this unit is saturated",
    };
    Some(format!(
        "σ′(z{l}) = {}: {state}, so nothing up to layer {layer} learns much",
        number::short(slope)
    ))
}

fn walked(world: &ChainWorld) -> String {
    let cost = |cost: Option<&f64>| cost.map_or_else(String::new, |&cost| number::short(cost));
    let (first, last) = (cost(world.costs.first()), cost(world.costs.last()));
    match world.steps() {
        0 => format!(
            "C = {last}: one step moves every weight and bias against its derivative, all at once"
        ),
        1 => format!("After 1 step: C went from {first} to {last}"),
        steps => format!("After {steps} steps: C went from {first} to {last}"),
    }
}

#[cfg(test)]
mod tests;
