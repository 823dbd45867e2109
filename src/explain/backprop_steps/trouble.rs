use super::{ExamplePass, Step};
use crate::explain::short;
use crate::nn::{Activation, Network};
use ndarray::Array1;

/// A sign that a layer learns little or nothing from this example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// ReLUs with `z ≤ 0`: their slope is 0 and no wish passes through them.
    OffRelus {
        layer: usize,
        off: usize,
        of: usize,
        /// Of these, the ones that no drawing can switch on.
        dead: usize,
        /// The largest sum that any drawing could give a dead one.
        highest: f32,
    },
    /// Sigmoid or tanh units on the flat part of their curve.
    Saturated {
        layer: usize,
        units: usize,
        of: usize,
        /// The flattest of them, and its slope.
        unit: usize,
        slope: f32,
    },
    /// The errors of a layer are much smaller than those of the outputs.
    Vanishing {
        layer: usize,
        /// Root mean square of `δ`.
        size: f32,
        output_size: f32,
    },
    /// The cost depends on nothing in this layer.
    NoGradient { layer: usize },
}

/// A slope below this share of the curve's steepest counts as flat.
const FLAT: f32 = 0.04;
/// Errors below this share of the outputs' count as vanished.
const VANISHED: f32 = 0.01;

impl Trouble {
    /// All signs in one example, from the first layer to the last.
    pub fn find(pass: &ExamplePass) -> Vec<Self> {
        let highest = highest_sums(&pass.network);
        let mut found = Vec::new();
        for (l, highest) in highest.iter().enumerate() {
            let layer = l + 1;
            found.extend(off_relus(pass, layer, highest));
            found.extend(saturated(pass, layer));
            found.extend(small_errors(pass, layer));
        }
        found
    }

    /// Whether it is met at `step`: in the layer whose numbers the step finds.
    pub fn is_met_at(&self, step: Step, layers: usize) -> bool {
        match (self, step) {
            (Self::OffRelus { layer, .. } | Self::Saturated { layer, .. }, _) => {
                let step = match step {
                    Step::OutputDelta => Step::Delta { layer: layers },
                    other => other,
                };
                step == Step::Forward { layer: *layer } || step == Step::Delta { layer: *layer }
            }
            (
                Self::Vanishing { layer, .. } | Self::NoGradient { layer },
                Step::Delta { layer: at } | Step::Gradients { layer: at },
            ) => *layer == at,
            _ => false,
        }
    }

    /// What it means, with the numbers that say so.
    pub fn sentence(&self) -> String {
        match *self {
            Self::OffRelus {
                layer,
                off,
                of,
                dead: 0,
                ..
            } => format!(
                "{off} of {of} ReLUs of layer {layer} are off for this drawing (z ≤ 0): their slope is 0, \
                 so nothing goes back through them"
            ),
            Self::OffRelus {
                layer,
                off,
                of,
                dead,
                highest,
            } => format!(
                "{off} of {of} ReLUs of layer {layer} are off (z ≤ 0, slope 0), and {dead} of them dead: no drawing \
                 switches them on, for their largest possible z is {}",
                short(highest)
            ),
            Self::Saturated {
                layer,
                units,
                of,
                unit,
                slope,
            } => format!(
                "{units} of {of} units of layer {layer} are saturated: on the flat part of the curve a wish is nearly \
                 lost. Unit {unit} lets through {} of it",
                short(slope)
            ),
            Self::Vanishing {
                layer,
                size,
                output_size,
            } => format!(
                "The gradient vanishes: δ of layer {layer} is {} in size, {} at the outputs, which is {:.0} times as much",
                short(size),
                short(output_size),
                output_size / size
            ),
            Self::NoGradient { layer } => format!(
                "No gradient reaches layer {layer}: every δ is 0, so none of its weights would move"
            ),
        }
    }
}

fn off_relus(pass: &ExamplePass, layer: usize, highest: &Array1<f32>) -> Option<Trouble> {
    if pass.activation(layer) != Activation::Relu {
        return None;
    }
    let z = pass.z(layer);
    let off = z.iter().filter(|z| **z <= 0.0).count();
    let dead = || highest.iter().copied().filter(|z| *z <= 0.0);
    (off > 0).then(|| Trouble::OffRelus {
        layer,
        off,
        of: z.len(),
        dead: dead().count(),
        highest: dead().fold(f32::NEG_INFINITY, f32::max),
    })
}

fn saturated(pass: &ExamplePass, layer: usize) -> Option<Trouble> {
    let steepest = match pass.activation(layer) {
        Activation::Sigmoid => 0.25,
        Activation::Tanh => 1.0,
        _ => return None,
    };
    let slopes = pass.slopes(layer);
    let flat = || {
        slopes
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, slope)| *slope < FLAT * steepest)
    };
    let (unit, slope) = flat().min_by(|one, other| one.1.total_cmp(&other.1))?;
    Some(Trouble::Saturated {
        layer,
        units: flat().count(),
        of: slopes.len(),
        unit,
        slope,
    })
}

fn small_errors(pass: &ExamplePass, layer: usize) -> Option<Trouble> {
    let size = |layer: usize| {
        let delta = pass.delta(layer);
        (delta.dot(&delta) / delta.len() as f32).sqrt()
    };
    let (here, at_outputs) = (size(layer), size(pass.layers()));
    if here == 0.0 {
        Some(Trouble::NoGradient { layer })
    } else if here < VANISHED * at_outputs {
        Some(Trouble::Vanishing {
            layer,
            size: here,
            output_size: at_outputs,
        })
    } else {
        None
    }
}

/// The largest sum that each unit of each layer could have for inputs within 0..=1, by interval arithmetic. In truth it
/// may be less, as units before cannot all be at their ends at once; so what is called dead is dead.
fn highest_sums(network: &Network) -> Vec<Array1<f32>> {
    let mut low = Array1::zeros(network.input_size());
    let mut high = Array1::ones(network.input_size());
    let mut highest = Vec::with_capacity(network.layers().len());
    for layer in network.layers() {
        let rising = layer.weights.mapv(|w| w.max(0.0));
        let falling = &layer.weights - &rising;
        let above = high.dot(&rising) + low.dot(&falling) + &layer.biases;
        let below = low.dot(&rising) + high.dot(&falling) + &layer.biases;
        let sigma = |z: f32| match layer.activation {
            Activation::Linear => z,
            Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
            Activation::Tanh => z.tanh(),
            Activation::Relu => z.max(0.0),
            Activation::LeakyRelu => z.max(0.01 * z),
            // Outputs only: nothing comes after them.
            Activation::Softmax => z,
        };
        low = below.mapv(sigma);
        high = above.mapv(sigma);
        highest.push(above);
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{INPUT, pass};
    use super::*;
    use crate::nn::Cost;
    use std::sync::Arc;

    fn changed(pass: &ExamplePass, change: impl FnOnce(&mut Network)) -> ExamplePass {
        let mut network = (*pass.network).clone();
        change(&mut network);
        ExamplePass::new(&Arc::new(network), &INPUT, 1).unwrap()
    }

    #[test]
    fn relus_that_are_off_are_counted_and_dead_ones_told_apart() {
        let usual = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy);
        let pass = changed(&usual, |network| {
            let first = &mut network.layers_mut()[0];
            first.weights.fill(1.0);
            first.biases.fill(1.0);
            // Off for this input, as 2.5 of the 6 units of ink are there; on for more ink.
            first.biases[1] = -3.0;
            // Six times 1 is the most that can come.
            first.biases[3] = -6.5;
        });
        let found = Trouble::find(&pass)[0];
        let expected = Trouble::OffRelus {
            layer: 1,
            off: 2,
            of: 5,
            dead: 1,
            highest: -0.5,
        };
        assert_eq!(found, expected);
        assert!(
            found.sentence().contains("largest possible z is −0.500"),
            "{}",
            found.sentence()
        );
        assert!(found.is_met_at(Step::Forward { layer: 1 }, 3));
        assert!(found.is_met_at(Step::Delta { layer: 1 }, 3));
        assert!(!found.is_met_at(Step::Forward { layer: 2 }, 3));
    }

    #[test]
    fn a_unit_that_is_called_dead_is_off_for_every_input() {
        let usual = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy);
        let highest = highest_sums(&usual.network);
        for corner in 0..64_u32 {
            let input: Vec<f32> = (0..6)
                .map(|bit| f32::from(corner >> bit & 1 == 1))
                .collect();
            let pass = ExamplePass::new(&usual.network, &input, 1).unwrap();
            for layer in 1..=3 {
                let sums = pass.z(layer);
                assert!(
                    sums.iter()
                        .zip(&highest[layer - 1])
                        .all(|(z, most)| *z <= most + 1e-5)
                );
            }
        }
    }

    #[test]
    fn a_saturated_sigmoid_is_named_with_its_slope() {
        let usual = pass(Activation::Sigmoid, Activation::Sigmoid, Cost::Quadratic);
        let pass = changed(&usual, |network| {
            network.layers_mut()[1].biases[2] = 12.0;
            network.layers_mut()[2].biases[0] = 20.0;
        });
        let found = Trouble::find(&pass);
        let hidden = found
            .iter()
            .find(|trouble| trouble.is_met_at(Step::Delta { layer: 2 }, 3));
        assert!(
            matches!(hidden, Some(Trouble::Saturated { layer: 2, units: 1, of: 4, unit: 2, slope }) if *slope < 1e-4),
            "{hidden:?}"
        );
        let output = found
            .iter()
            .find(|trouble| trouble.is_met_at(Step::OutputDelta, 3));
        assert!(
            matches!(output, Some(Trouble::Saturated { layer: 3, .. })),
            "{output:?}"
        );
    }

    #[test]
    fn a_gradient_that_vanishes_or_never_arrives_is_said() {
        let usual = pass(Activation::Tanh, Activation::Softmax, Cost::CrossEntropy);
        let small = changed(&usual, |network| {
            network.layers_mut()[1].weights.mapv_inplace(|w| w * 1e-4);
        });
        let found = Trouble::find(&small);
        let vanishing = found
            .iter()
            .find(|trouble| trouble.is_met_at(Step::Delta { layer: 1 }, 3));
        assert!(
            matches!(vanishing, Some(Trouble::Vanishing { layer: 1, .. })),
            "{found:?}"
        );
        let none = changed(&usual, |network| network.layers_mut()[1].weights.fill(0.0));
        assert!(Trouble::find(&none).contains(&Trouble::NoGradient { layer: 1 }));
        let healthy = pass(Activation::Linear, Activation::Softmax, Cost::CrossEntropy);
        assert_eq!(Trouble::find(&healthy), []);
    }
}
