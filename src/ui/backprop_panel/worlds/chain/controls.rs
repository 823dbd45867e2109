use super::names::raised;
use crate::app::{AppCommand, AppState, WorldCommand};
use crate::explain::{Chain, ChainLink};
use crate::nn::Activation;
use crate::ui::backprop_panel::worlds::slider::{NumberSlider, choose_activation};
use egui::{RichText, Ui};

/// A layer that is put at the end of a chain.
const NEW_LINK: ChainLink = ChainLink {
    weight: 1.0,
    bias: 0.0,
    activation: Activation::Sigmoid,
};

/// The sliders for η, x, y, and for weight, bias and activation of each layer.
pub fn show(ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
    let world = &state.worlds.chain;
    // Room for the scroll bar.
    let width = ui.available_width() - 8.0;
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.spacing_mut().interact_size.y = 22.0;
    let mut rate = world.learning_rate;
    let slider = NumberSlider {
        symbol: "η",
        name: "Learning rate of the chain",
        range: 0.0..=10.0,
    };
    if slider.show(ui, &mut rate, width) {
        let command = WorldCommand::SetChainLearningRate(rate);
        commands.push(AppCommand::InSmallWorld(command));
    }

    let mut chain = world.chain.clone();
    let mut changed = false;
    for (symbol, name, number) in [
        ("x", "Input of the chain", &mut chain.input),
        ("y", "Truth of the chain", &mut chain.truth),
    ] {
        let range = -2.0..=2.0;
        let slider = NumberSlider {
            symbol,
            name,
            range,
        };
        changed |= slider.show(ui, number, width);
    }
    for (l, link) in chain.links.iter_mut().enumerate() {
        let layer = l + 1;
        ui.horizontal(|ui| {
            ui.label(RichText::new(format!("Layer {layer}")).strong());
            let name = format!("Activation of layer {layer}");
            changed |= choose_activation(ui, &name, &mut link.activation, &Chain::ACTIVATIONS);
        });
        for (letter, name, number) in [
            ('w', "Weight", &mut link.weight),
            ('b', "Bias", &mut link.bias),
        ] {
            let slider = NumberSlider {
                symbol: &format!("{letter}{}", raised(layer)),
                name: &format!("{name} of layer {layer}"),
                range: -4.0..=4.0,
            };
            changed |= slider.show(ui, number, width);
        }
    }
    if changed {
        commands.push(AppCommand::InSmallWorld(WorldCommand::SetChain(chain)));
    }
}

/// The same chain, shorter or longer at its end.
pub fn with_layers(chain: &Chain, layers: usize) -> Chain {
    let mut changed = chain.clone();
    changed.links.resize(layers, NEW_LINK);
    changed
}
