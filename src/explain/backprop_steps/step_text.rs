//! What each step is, in a plain sentence, its formulas and its shapes. Digits above a letter count the layer.

use super::{ExamplePass, Step, Update};
use crate::explain::{short, signed};
use crate::nn::{Activation, Cost};

impl Step {
    /// "Z² and A²: layer 2 forward"
    pub fn title(self, layers: usize) -> String {
        match self {
            Self::Input => "X: the input".into(),
            Self::Forward { layer } => {
                format!("Z{0} and A{0}: layer {layer} forward", above(layer))
            }
            Self::Cost => "C: the cost".into(),
            Self::OutputDelta => format!("δ{}: error of the outputs", above(layers)),
            Self::Gradients { layer } => format!("∂C/∂W{0}, ∂C/∂b{0}: gradients", above(layer)),
            Self::Wishes { layer } => format!("Wishes for layer {layer}"),
            Self::Delta { layer } => format!("δ{}: error of layer {layer}", above(layer)),
            Self::Update => "The update, all at once".into(),
            Self::ForwardAgain => "Forward again".into(),
        }
    }

    /// What happens, in plain words with the numbers of this drawing.
    pub fn sentence(self, pass: &ExamplePass, update: &Update) -> String {
        let last = pass.layers();
        let label = pass.label;
        match self {
            Self::Input => {
                let cells = pass.a(0);
                let inked = cells.iter().filter(|value| **value != 0.0).count();
                format!(
                    "The drawing is a row of {} numbers from 0 (paper) to 1 (ink); {inked} of them are not 0",
                    cells.len()
                )
            }
            Self::Forward { layer } => format!(
                "Each of the {} units of layer {layer} weighs what comes in, adds its bias, and passes the sum z \
                 through {}: that is its activation a",
                pass.z(layer).len(),
                pass.activation(layer).label()
            ),
            Self::Cost => format!(
                "The answer is compared with the truth, 1 for the {label} and 0 for the others: it costs {}",
                short(pass.cost)
            ),
            Self::OutputDelta => {
                let delta = pass.delta(last)[usize::from(label)];
                format!(
                    "δ says how the cost changes with each output's sum z. For the {label} it is {}: {}",
                    signed(delta),
                    way_down(delta)
                )
            }
            Self::Gradients { layer } => format!(
                "Each weight's share of the cost: the activation that comes in times the δ of the unit it leads to. \
                 No weight changes yet: {}",
                if layer > 1 {
                    format!("the way back still needs W{} as it is", above(layer))
                } else {
                    "all of them wait for the update".to_owned()
                }
            ),
            Self::Wishes { layer } => format!(
                "Every unit of layer {} says how it would like each of the {} units before it to change: its own −δ \
                 times the weight between them. The wishes are added up",
                layer + 1,
                pass.a(layer).len()
            ),
            Self::Delta { layer } => format!(
                "The summed wishes go back through the slope of {}: a unit on a flat part of its curve passes \
                 nothing on",
                pass.activation(layer).label()
            ),
            Self::Update => format!(
                "Only now do the weights change, all at once: each goes against its gradient, by η = {} times it. \
                 The cost should change by −η‖∇C‖² = {}",
                short(update.learning_rate),
                signed(update.promised as f32)
            ),
            Self::ForwardAgain => format!(
                "The same drawing through the changed network: the cost goes from {} to {}. {}",
                short(update.cost_before as f32),
                short(update.cost_after as f32),
                update.sentence()
            ),
        }
    }

    /// The formulas of the step.
    pub fn formulas(self, pass: &ExamplePass) -> Vec<String> {
        let last = above(pass.layers());
        match self {
            Self::Input => vec!["A⁰ = X".into()],
            Self::Forward { layer } => {
                let (here, before) = (above(layer), above(layer - 1));
                let function = function(pass.activation(layer));
                vec![
                    format!("Z{here} = A{before}·W{here} + b{here}"),
                    format!("A{here} = σ(Z{here}),  {function}"),
                ]
            }
            Self::Cost => vec![cost(pass)],
            Self::OutputDelta => vec![output_delta(pass, &last)],
            Self::Gradients { layer } => {
                let (here, before) = (above(layer), above(layer - 1));
                vec![
                    format!("∂C/∂W{here} = (A{before})ᵀ·δ{here}"),
                    format!("∂C/∂b{here} = δ{here}"),
                ]
            }
            Self::Wishes { layer } => {
                let (here, after) = (above(layer), above(layer + 1));
                vec![
                    format!("∂C/∂A{here} = δ{after}·(W{after})ᵀ"),
                    "wish = −∂C/∂a".into(),
                ]
            }
            Self::Delta { layer } => {
                let here = above(layer);
                let slope = slope(pass.activation(layer));
                vec![format!("δ{here} = ∂C/∂A{here} ⊙ σ′(Z{here})"), slope.into()]
            }
            Self::Update => vec!["W ← W − η·∂C/∂W".into(), "b ← b − η·∂C/∂b".into()],
            Self::ForwardAgain => vec!["C(W − η·∂C/∂W) ≈ C(W) − η‖∇C‖²".into()],
        }
    }

    /// The shapes that meet, rows × columns; a product of matrices sums over the inner number.
    pub fn shapes(self, pass: &ExamplePass) -> Vec<String> {
        let sizes = pass.sizes();
        let last = sizes.len() - 1;
        match self {
            Self::Input => vec![format!("A⁰ [1×{}]", sizes[0])],
            Self::Forward { layer } => {
                let (from, to) = (sizes[layer - 1], sizes[layer]);
                vec![
                    format!("[1×{from}]·[{from}×{to}] + [1×{to}] → [1×{to}]"),
                    format!("σ one by one: [1×{to}] → [1×{to}]"),
                ]
            }
            Self::Cost => vec![format!("[1×{}] → one number", sizes[last])],
            Self::OutputDelta => vec![format!("one by one: [1×{0}] → [1×{0}]", sizes[last])],
            Self::Gradients { layer } => {
                let (from, to) = (sizes[layer - 1], sizes[layer]);
                let here = above(layer);
                vec![
                    format!("[{from}×1]·[1×{to}] → [{from}×{to}], as W{here}"),
                    format!("[1×{to}], as b{here}"),
                ]
            }
            Self::Wishes { layer } => {
                let (here, after) = (sizes[layer], sizes[layer + 1]);
                vec![format!("[1×{after}]·[{after}×{here}] → [1×{here}]")]
            }
            Self::Delta { layer } => {
                vec![format!("⊙ one by one: [1×{0}] → [1×{0}]", sizes[layer])]
            }
            Self::Update => {
                let count = pass.network.parameter_count();
                vec![format!(
                    "{} weights and biases",
                    crate::data::grouped(count as u64)
                )]
            }
            Self::ForwardAgain => vec![format!("[1×{}] → [1×{}]", sizes[0], sizes[last])],
        }
    }
}

/// `number` raised: "¹²".
fn above(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string().into_bytes();
    let raised = digits
        .into_iter()
        .filter_map(|byte| DIGITS.get(usize::from(byte - b'0')));
    raised.collect()
}

fn way_down(delta: f32) -> &'static str {
    if delta < 0.0 {
        "the cost falls when it rises"
    } else if delta > 0.0 {
        "the cost falls when it falls"
    } else {
        "nothing is left to wish for"
    }
}

fn function(activation: Activation) -> &'static str {
    match activation {
        Activation::Linear => "σ(z) = z",
        Activation::Sigmoid => "σ(z) = 1 / (1 + e^−z)",
        Activation::Tanh => "σ(z) = tanh z",
        Activation::Relu => "σ(z) = max(0, z)",
        Activation::LeakyRelu => "σ(z) = max(0.01·z, z)",
        Activation::Softmax => "σ(z) = e^z / Σ e^z",
    }
}

fn slope(activation: Activation) -> &'static str {
    match activation {
        Activation::Linear => "σ′ = 1",
        Activation::Sigmoid => "σ′ = a·(1 − a)",
        Activation::Tanh => "σ′ = 1 − a²",
        Activation::Relu => "σ′ = 1 where z > 0, else 0",
        Activation::LeakyRelu => "σ′ = 1 where z > 0, else 0.01",
        Activation::Softmax => "∂a/∂z = a·(1 − a) for its own z",
    }
}

fn cost(pass: &ExamplePass) -> String {
    match (pass.network.cost(), pass.activation(pass.layers())) {
        (Cost::Quadratic, _) => format!("C = ½ Σ (a − y)² = {}", short(pass.cost)),
        (Cost::CrossEntropy, Activation::Sigmoid) => {
            format!("C = −Σ (y·ln a + (1 − y)·ln(1 − a)) = {}", short(pass.cost))
        }
        (Cost::CrossEntropy, _) => {
            let label = usize::from(pass.label);
            let answer = short(pass.a(pass.layers())[label]);
            format!("C = −Σ y·ln a = −ln {answer} = {}", short(pass.cost))
        }
    }
}

fn output_delta(pass: &ExamplePass, last: &str) -> String {
    match (pass.network.cost(), pass.activation(pass.layers())) {
        (Cost::CrossEntropy, _) => format!("δ{last} = ∂C/∂Z{last} = A{last} − Y"),
        (Cost::Quadratic, Activation::Softmax) => "δ = a·(g − Σ g·a),  g = a − y".into(),
        (Cost::Quadratic, _) => format!("δ{last} = (A{last} − Y) ⊙ σ′(Z{last})"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{pass, passes};
    use super::*;

    #[test]
    fn every_step_of_every_network_is_told_in_words_formulas_and_shapes() {
        for pass in passes() {
            let update = Update::new(&pass, 0.1);
            for step in Step::all(3) {
                let sentence = step.sentence(&pass, &update);
                assert!(sentence.starts_with(char::is_uppercase) || sentence.starts_with('δ'));
                assert!(!sentence.ends_with('.'), "{sentence}");
                assert!(!step.formulas(&pass).is_empty() && !step.shapes(&pass).is_empty());
                assert!(!step.title(3).is_empty());
            }
        }
    }

    #[test]
    fn formulas_and_shapes_name_the_layers_of_the_network() {
        let pass = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy);
        let gradients = Step::Gradients { layer: 2 };
        assert_eq!(gradients.formulas(&pass)[0], "∂C/∂W² = (A¹)ᵀ·δ²");
        assert_eq!(gradients.shapes(&pass)[0], "[5×1]·[1×4] → [5×4], as W²");
        let wishes = Step::Wishes { layer: 2 };
        assert_eq!(wishes.formulas(&pass)[0], "∂C/∂A² = δ³·(W³)ᵀ");
        assert_eq!(wishes.shapes(&pass)[0], "[1×3]·[3×4] → [1×4]");
        assert_eq!(
            Step::Forward { layer: 12 }.title(12),
            "Z¹² and A¹²: layer 12 forward"
        );
    }
}
