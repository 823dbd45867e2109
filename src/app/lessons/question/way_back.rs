//! Questions about the way back through the layers.

use super::{Posed, layer_of, pass_of};
use crate::app::AppState;
use crate::explain::short;
use crate::nn::Network;

pub(super) fn gradient_shape(network: &Network, layer: usize) -> Result<Posed, String> {
    let of = layer_of(network, layer)?;
    let shape = |rows: usize, columns: usize| format!("{rows} × {columns}");
    let (inputs, units) = (of.inputs(), of.units());
    let right = shape(inputs, units);
    let mut choices = vec![right.clone()];
    for other in [
        shape(units, inputs),
        shape(1, units),
        shape(inputs, 1),
        shape(1, 1),
    ] {
        if choices.len() < Posed::MOST_CHOICES && !choices.contains(&other) {
            choices.push(other);
        }
    }
    choices.sort();
    let because = format!(
        "There is one number for every weight, so it has the shape of W{layer}: {inputs} inputs × {units} units, whatever the number of examples"
    );
    Ok(Posed {
        right: choices
            .iter()
            .position(|choice| *choice == right)
            .unwrap_or(0),
        choices,
        because,
    })
}

pub(super) fn faintest_layer(state: &AppState) -> Result<Posed, String> {
    let pass = pass_of(state)?;
    let sizes: Vec<f64> = pass
        .gradients
        .weights
        .iter()
        .map(|weights| {
            let sum: f64 = weights.iter().map(|slope| f64::from(slope.abs())).sum();
            sum / weights.len().max(1) as f64
        })
        .collect();
    let smallest = (0..sizes.len()).min_by(|&a, &b| sizes[a].total_cmp(&sizes[b]));
    let right = smallest.map_or(1, |index| index + 1);
    let each: Vec<String> = sizes
        .iter()
        .enumerate()
        .map(|(index, size)| format!("layer {}: {}", index + 1, short(*size)))
        .collect();
    let because = format!("The mean of |∂C/∂w| is, {}", each.join("; "));
    let others: Vec<usize> = (1..=sizes.len()).rev().collect();
    Ok(Posed::among_numbers(right, &others, because))
}
