use crate::nn::{Activation, Cost, Layer, Network, NetworkError, Workspace, backprop};
use ndarray::{Array1, Array2};

/// One unit `a = σ(Σ w·x + b)` with one example and its truth; it costs `C = ½(a − y)²`.
/// One unit `a = σ(Σ w·x + b)` with one example and its truth; it costs `C = ½(a − y)²`.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasUnit {
    pub inputs: Vec<WeightedInput>,
    pub bias: f64,
    pub truth: f64,
    pub activation: Activation,
}

/// What comes into a unit at one place, and the weight that it is multiplied by there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedInput {
    pub value: f64,
    pub weight: f64,
}

/// The same unit twice: its bias as a number of its own, and as the weight of one more input that is always 1.
#[derive(Clone, Debug, PartialEq)]
pub struct BothBiases {
    pub as_number: UnitPass,
    pub as_input: UnitPass,
}

/// What a unit computes forward, and the derivatives of its cost.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitPass {
    /// `z`
    pub sum: f64,
    /// `a`
    pub activation: f64,
    /// `½(a − y)²`
    pub cost: f64,
    /// `∂C/∂z`
    pub delta: f64,
    /// `∂C/∂w` of each input that carries something.
    pub weight_slopes: Vec<f64>,
    /// `∂C/∂b`, or `∂C/∂w` of the input that is always 1.
    pub bias_slope: f64,
}

impl BothBiases {
    /// Every derivative both ways, those of the weights first and that of the bias last.
    pub fn slopes(&self) -> impl Iterator<Item = (f64, f64)> {
        let of = |pass: &UnitPass| {
            let slopes = pass.weight_slopes.iter().copied();
            slopes.chain([pass.bias_slope]).collect::<Vec<_>>()
        };
        of(&self.as_number).into_iter().zip(of(&self.as_input))
    }

    /// Whether two derivatives are the same number up to rounding: sums of more terms may be taken in another order.
    pub fn agree(number: f64, input: f64) -> bool {
        (number - input).abs() <= 1e-14 * number.abs().max(input.abs())
    }
}

impl BiasUnit {
    /// Both ways through the same backpropagation, as networks of one unit each.
    pub fn both_ways(&self) -> Result<BothBiases, NetworkError> {
        let as_number = self.pass(&self.inputs, self.bias)?;
        let always_one = WeightedInput {
            value: 1.0,
            weight: self.bias,
        };
        let mut as_input = self.pass(&[self.inputs.as_slice(), &[always_one]].concat(), 0.0)?;
        // The derivative by the second network's own bias, which stays 0, gives way to that by the weight of the 1.
        if let Some(slope) = as_input.weight_slopes.pop() {
            as_input.bias_slope = slope;
        }
        Ok(BothBiases {
            as_number,
            as_input,
        })
    }

    fn pass(&self, inputs: &[WeightedInput], bias: f64) -> Result<UnitPass, NetworkError> {
        let layer = Layer {
            weights: Array2::from_shape_fn((inputs.len(), 1), |(i, _)| inputs[i].weight),
            biases: Array1::from_elem(1, bias),
            activation: self.activation,
        };
        let network = Network::new(vec![layer], Cost::Quadratic)?;
        let x = Array2::from_shape_fn((1, inputs.len()), |(_, i)| inputs[i].value);
        let y = Array2::from_elem((1, 1), self.truth);
        let trace = network.trace(x.view());
        let outputs = trace.activations[1].view();
        let mut workspace = Workspace::new(&network, 1);
        let cost = backprop(&network, x.view(), y.view(), &mut workspace);
        Ok(UnitPass {
            sum: trace.zs[0][[0, 0]],
            activation: outputs[[0, 0]],
            cost,
            delta: network.output_delta(outputs, y.view())[[0, 0]],
            weight_slopes: workspace.gradients.weights[0].column(0).to_vec(),
            bias_slope: workspace.gradients.biases[0][0],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Chain;

    fn unit() -> BiasUnit {
        BiasUnit {
            inputs: [(2.0, 0.5), (-1.0, 1.0)]
                .map(|(value, weight)| WeightedInput { value, weight })
                .into(),
            bias: 3.0_f64.ln(),
            truth: 1.0,
            activation: Activation::Sigmoid,
        }
    }

    #[test]
    fn both_ways_have_the_numbers_worked_out_by_hand() {
        // z = 0.5·2 + 1·(−1) + ln 3 = ln 3, so a = ¾; C = ½·(¼)² = 1/32.
        // δ = (¾ − 1)·¾·¼ = −3/64; ∂C/∂w₁ = 2·δ = −6/64; ∂C/∂w₂ = −1·δ = 3/64; ∂C/∂b = 1·δ = −3/64.
        let both = unit().both_ways().unwrap();
        for pass in [&both.as_number, &both.as_input] {
            for (number, by_hand) in [
                (pass.sum, 3.0_f64.ln()),
                (pass.activation, 0.75),
                (pass.cost, 1.0 / 32.0),
                (pass.delta, -3.0 / 64.0),
                (pass.weight_slopes[0], -6.0 / 64.0),
                (pass.weight_slopes[1], 3.0 / 64.0),
                (pass.bias_slope, -3.0 / 64.0),
            ] {
                assert!((number - by_hand).abs() < 1e-15, "{number}, not {by_hand}");
            }
            assert_eq!(pass.weight_slopes.len(), 2);
        }
    }

    #[test]
    fn the_gradients_of_both_ways_are_equal_for_every_activation() {
        for activation in Chain::ACTIVATIONS {
            for bias in [-2.0, -0.1, 0.0, 0.7, 3.0] {
                let unit = BiasUnit {
                    activation,
                    bias,
                    ..unit()
                };
                let both = unit.both_ways().unwrap();
                for (number, input) in both.slopes() {
                    assert!(BothBiases::agree(number, input), "{activation:?}, {bias}");
                }
                assert_eq!(both.slopes().count(), 3);
            }
        }
    }

    #[test]
    fn a_unit_without_inputs_or_with_endless_numbers_is_refused() {
        let mut unit = unit();
        unit.bias = f64::INFINITY;
        assert!(matches!(unit.both_ways(), Err(NetworkError::NotFinite(_))));
        unit.inputs.clear();
        assert_eq!(unit.both_ways(), Err(NetworkError::NoInputs));
    }
}
