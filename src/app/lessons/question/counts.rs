//! Questions that are answered by counting.

use super::{NO_DRAWING, Posed, layer_of};
use crate::app::AppState;
use crate::data::grouped;
use crate::explain::different_units;
use crate::nn::Network;
use ndarray::{ArrayView1, Axis};

/// An activation up to this is silence.
const SILENCE: f32 = 0.01;

pub(super) fn weights(network: &Network, layer: usize) -> Result<Posed, String> {
    let of = layer_of(network, layer)?;
    let (inputs, units) = (of.inputs(), of.units());
    let product = inputs * units;
    let because = format!(
        "Every one of {} inputs has a weight for every one of {} units: {} · {} = {}",
        grouped(inputs as u64),
        grouped(units as u64),
        grouped(inputs as u64),
        grouped(units as u64),
        grouped(product as u64)
    );
    let others = [inputs + units, product + units, inputs, units];
    Ok(Posed::among_numbers(product, &others, because))
}

pub(super) fn parameters(network: &Network) -> Posed {
    let parts: Vec<String> = network
        .layers()
        .iter()
        .map(|layer| format!("{} · {} + {}", layer.inputs(), layer.units(), layer.units()))
        .collect();
    let right = network.parameter_count();
    let because = format!(
        "Weights and biases, layer by layer: {} = {}",
        parts.join(" + "),
        grouped(right as u64)
    );
    let sizes = network.sizes();
    let biases: usize = sizes[1..].iter().sum();
    let others = [right - biases, biases, sizes.iter().sum(), sizes[0]];
    Posed::among_numbers(right, &others, because)
}

pub(super) fn silent_units(state: &AppState, layer: usize) -> Result<Posed, String> {
    let network = state.examined_network();
    layer_of(network, layer)?;
    let input = state.examined().ok_or(NO_DRAWING)?.input;
    let example = ArrayView1::from(&input).insert_axis(Axis(0));
    let trace = network.trace(example);
    // The first of them are the inputs.
    let activations = &trace.activations[layer];
    let units = activations.len();
    let silent = activations.iter().filter(|a| a.abs() <= SILENCE).count();
    let right = match silent {
        0 => 0,
        _ if silent == units => 3,
        _ if 2 * silent < units => 1,
        _ => 2,
    };
    let because = format!("{silent} of the {units} units answer with {SILENCE} or less");
    let choices = ["None", "Fewer than half", "Half or more", "All"];
    Ok(Posed::of(choices, right, because))
}

pub(super) fn different_units_of(network: &Network, layer: usize) -> Result<Posed, String> {
    let of = layer_of(network, layer)?;
    let (units, right) = (of.units(), different_units(of));
    let because = match right {
        1 => format!(
            "All {units} units have the same weights and the same bias, to the last bit: the layer is a single unit, {units} times"
        ),
        _ if right == units => format!("No two of the {units} units have the same weights"),
        _ => format!("Among the {units} units there are {right} that differ"),
    };
    let others = [1, units, units.div_ceil(2), 2];
    Ok(Posed::among_numbers(right, &others, because))
}
