use super::{ExamplePass, UnitPlace};
use crate::explain::{Parameter, short};
use crate::nn::{Activation, Cost};

/// The gradient of one weight as the product of the numbers that the chain rule puts together.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    pub parameter: Parameter,
    /// `∂C/∂w`, as backpropagation found it.
    pub gradient: f32,
    /// Three, or two where cost and output activation cannot be told apart.
    pub factors: Vec<Factor>,
}

/// One number of the product.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// "a", "σ′(z)", "∂C/∂a".
    pub symbol: &'static str,
    pub value: f32,
    pub place: FactorPlace,
    pub meaning: String,
}

/// Where in the network a factor lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactorPlace {
    /// In the unit that the weight comes from.
    Before,
    /// Inside the unit that it leads to.
    Inside,
    /// Behind that unit, where the cost is.
    Behind,
}

impl Factors {
    /// `None` when the network has no such weight.
    pub fn new(pass: &ExamplePass, parameter: Parameter) -> Option<Self> {
        parameter.check(&pass.network).ok()?;
        let layer = parameter.layer();
        let gradient = parameter.gradient(&pass.gradients)?;
        let before = match parameter.from() {
            Some(from) => Factor {
                symbol: "a",
                value: pass.a(layer)[from],
                place: FactorPlace::Before,
                meaning: match layer {
                    0 => format!("the ink in input {from}: ∂z/∂w"),
                    _ => format!("the activation of unit {from} of layer {layer}: ∂z/∂w"),
                },
            },
            None => Factor {
                symbol: "1",
                value: 1.0,
                place: FactorPlace::Before,
                meaning: "a bias is the weight of an input that is always 1: ∂z/∂b".into(),
            },
        };
        let target = UnitPlace::target(parameter);
        let delta = pass.delta(target.layer)[target.unit];
        let mut factors = vec![before];
        match behind(pass, target) {
            // 0·∞ would say nothing: an output beyond the reach of the numbers has its δ only.
            Some([inside, behind])
                if (inside.value * behind.value - delta).abs() <= 1e-3 * delta.abs() =>
            {
                factors.extend([inside, behind]);
            }
            _ => factors.push(Factor {
                symbol: "δ",
                value: delta,
                place: FactorPlace::Behind,
                meaning:
                    "∂C/∂z: cost and activation of the outputs are differentiated together here"
                        .into(),
            }),
        }
        Some(Self {
            parameter,
            gradient,
            factors,
        })
    }
}

/// `∂a/∂z` and `∂C/∂a`, whose product is `δ`; `None` where `δ` is a sum over all outputs.
fn behind(pass: &ExamplePass, target: UnitPlace) -> Option<[Factor; 2]> {
    let UnitPlace { layer, unit } = target;
    let a = pass.a(layer)[unit];
    let inside = |value| Factor {
        symbol: "σ′(z)",
        value,
        place: FactorPlace::Inside,
        meaning: format!(
            "the slope of {} at z = {}: ∂a/∂z",
            pass.activation(layer).label(),
            short(pass.z(layer)[unit])
        ),
    };
    let behind = |value, meaning: String| Factor {
        symbol: "∂C/∂a",
        value,
        place: FactorPlace::Behind,
        meaning,
    };
    if layer < pass.layers() {
        let meaning = format!(
            "what all units of layer {} say about unit {unit}, summed",
            layer + 1
        );
        let slope = pass.activation(layer).derivative(a);
        return Some([inside(slope), behind(pass.pull(layer)[unit], meaning)]);
    }
    let truth = usize::from(pass.label);
    let y = f32::from(u8::from(unit == truth));
    match (pass.network.cost(), pass.activation(layer)) {
        (Cost::Quadratic, Activation::Softmax) => None,
        (Cost::Quadratic, sigma) => Some([
            inside(sigma.derivative(a)),
            behind(a - y, format!("answer less truth, {} − {y}", short(a))),
        ]),
        (Cost::CrossEntropy, Activation::Softmax) => {
            // C = −ln a of the true output alone, and that output depends on every sum.
            let true_a = pass.a(layer)[truth];
            let slope = Factor {
                symbol: "∂a/∂z",
                value: true_a * (y - a),
                place: FactorPlace::Inside,
                meaning: format!("how output {truth} moves with the sum of output {unit}"),
            };
            let pull = behind(-1.0 / true_a, format!("C = −ln a of output {truth}: −1/a"));
            Some([slope, pull])
        }
        (Cost::CrossEntropy, sigma) => {
            let slope = sigma.derivative(a);
            Some([
                inside(slope),
                behind((a - y) / slope, "(a − y) / (a·(1 − a))".into()),
            ])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{close, pass, passes};
    use super::*;

    fn parameters(pass: &ExamplePass) -> Vec<Parameter> {
        let layers = pass.gradients.weights.iter().zip(&pass.gradients.biases);
        layers
            .enumerate()
            .flat_map(|(layer, (weights, biases))| {
                let weights = weights
                    .indexed_iter()
                    .map(move |((from, to), _)| Parameter::Weight { layer, from, to });
                let biases = (0..biases.len()).map(move |unit| Parameter::Bias { layer, unit });
                weights.chain(biases)
            })
            .collect()
    }

    #[test]
    fn the_product_of_the_factors_is_the_gradient() {
        for pass in passes() {
            for parameter in parameters(&pass) {
                let found = Factors::new(&pass, parameter).unwrap();
                let product: f32 = found.factors.iter().map(|factor| factor.value).product();
                assert!(close(product, found.gradient), "{found:?}");
            }
        }
    }

    #[test]
    fn there_are_three_factors_but_for_the_squared_error_of_softmax() {
        for pass in passes() {
            let together =
                pass.network.cost() == Cost::Quadratic && pass.activation(3) == Activation::Softmax;
            for parameter in parameters(&pass) {
                let found = Factors::new(&pass, parameter).unwrap();
                let expected = if together && parameter.layer() == 2 {
                    2
                } else {
                    3
                };
                assert_eq!(found.factors.len(), expected, "{found:?}");
            }
        }
    }

    #[test]
    fn an_output_beyond_the_reach_of_the_numbers_keeps_its_delta() {
        let pass = pass(Activation::Linear, Activation::Sigmoid, Cost::CrossEntropy);
        let mut network = (*pass.network).clone();
        network.layers_mut()[2].biases.fill(-500.0);
        let input = pass.a(0).to_vec();
        let pass = ExamplePass::new(&std::sync::Arc::new(network), &input, 1).unwrap();
        let parameter = Parameter::Bias { layer: 2, unit: 1 };
        let found = Factors::new(&pass, parameter).unwrap();
        // 1 · δ with δ = a − y = 0 − 1; σ′ is 0 there.
        assert_eq!(found.factors.len(), 2);
        assert!(close(found.factors[1].value, -1.0));
    }
}
