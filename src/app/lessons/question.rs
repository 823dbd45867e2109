mod batch;
mod counts;
mod nudge;
mod outputs;
mod way_back;
mod worlds;

use super::Problem;
use super::error::one_of;
use crate::app::AppState;
use crate::explain::{ChainPlace, ExamplePass, short};
use crate::nn::{Layer, Network};

/// A question that the running network answers: nothing in a lesson says what is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which output costs most, for the label that the drawing has.
    CostliestOutput,
    /// How many outputs should rise.
    RisingOutputs,
    /// How many weights lead into this layer.
    Weights { layer: usize },
    /// How many weights and biases there are in all.
    Parameters,
    /// How many units of this layer answer the drawing with next to nothing.
    SilentUnits { layer: usize },
    /// How many units of this layer differ from all others.
    DifferentUnits { layer: usize },
    /// Which output one step of gradient descent on the drawing moves most.
    MostMovedOutput,
    /// Whether that step makes the cost of the drawing fall or rise.
    CostAfterNudge,
    /// What shape the gradient of this layer's weights has.
    GradientShape { layer: usize },
    /// In which layer the gradients for the drawing are smallest.
    FaintestLayer,
    /// How many digits of the mini-batch under the microscope pull against the mean of all.
    ContraryDigits,
    /// From which size on the mean of a mini-batch points where that of all training digits does.
    SettledBatchSize,
    /// How much the cost of the chain depends on one of its numbers.
    ChainSlope(ChainPlace),
    /// On which weight of the chain the cost depends least.
    FaintestLink,
    /// Whether one step makes the cost of the chain fall or rise.
    ChainAfterStep,
    /// How much the result of the computation graph depends on this name.
    GraphSlope { name: String },
}

/// A question about what the program shows now, with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posed {
    /// From two to [`Posed::MOST_CHOICES`], all different.
    pub choices: Vec<String>,
    /// Into `choices`.
    pub right: usize,
    /// Why, with the numbers.
    pub because: String,
}

/// How a question can be written, for the sentence that lists them.
pub(super) const FORMS: [&str; 16] = [
    "costliest output",
    "rising outputs",
    "weights of layer 1",
    "parameters",
    "silent units of layer 1",
    "different units of layer 1",
    "most moved output",
    "cost after the nudge",
    "gradient shape of layer 1",
    "faintest layer",
    "contrary digits",
    "settled batch size",
    "chain slope of w1",
    "faintest link",
    "chain after one step",
    "graph slope of x",
];

/// What a question says that is about the drawing, while there is none.
const NO_DRAWING: &str = "Draw a digit first";
const NO_LABEL: &str = "Say first which digit you meant: press its key";

impl Question {
    pub(in crate::app) fn read(text: &str) -> Result<Self, Problem> {
        if let Some(name) = text.trim().strip_prefix("graph slope of ") {
            let name = name.trim().to_owned();
            return Ok(Self::GraphSlope { name });
        }
        let lower = text.trim().to_lowercase();
        if let Some(place) = lower.strip_prefix("chain slope of ") {
            return worlds::chain_place(place.trim()).map(Self::ChainSlope);
        }
        let (words, layer) = match lower.rsplit_once(" of layer ") {
            Some((words, number)) => (words, Some(layer_number(number)?)),
            None => (lower.as_str(), None),
        };
        match (words, layer) {
            ("costliest output", None) => Ok(Self::CostliestOutput),
            ("rising outputs", None) => Ok(Self::RisingOutputs),
            ("parameters", None) => Ok(Self::Parameters),
            ("weights", Some(layer)) => Ok(Self::Weights { layer }),
            ("most moved output", None) => Ok(Self::MostMovedOutput),
            ("cost after the nudge", None) => Ok(Self::CostAfterNudge),
            ("faintest link", None) => Ok(Self::FaintestLink),
            ("chain after one step", None) => Ok(Self::ChainAfterStep),
            ("contrary digits", None) => Ok(Self::ContraryDigits),
            ("settled batch size", None) => Ok(Self::SettledBatchSize),
            ("faintest layer", None) => Ok(Self::FaintestLayer),
            ("gradient shape", Some(layer)) => Ok(Self::GradientShape { layer }),
            ("silent units", Some(layer)) => Ok(Self::SilentUnits { layer }),
            ("different units", Some(layer)) => Ok(Self::DifferentUnits { layer }),
            _ => Err(Problem::UnknownQuestion {
                text: lower,
                known: one_of(&FORMS),
            }),
        }
    }

    /// The question about the present network and drawing; the error says in a sentence what it waits for.
    pub fn posed(&self, state: &AppState) -> Result<Posed, String> {
        let network = state.examined_network();
        match self {
            Self::CostliestOutput => outputs::costliest(state),
            Self::RisingOutputs => outputs::rising(state),
            Self::Weights { layer } => counts::weights(network, *layer),
            Self::Parameters => Ok(counts::parameters(network)),
            Self::SilentUnits { layer } => counts::silent_units(state, *layer),
            Self::DifferentUnits { layer } => counts::different_units_of(network, *layer),
            Self::MostMovedOutput => nudge::most_moved(state),
            Self::CostAfterNudge => nudge::cost_after(state),
            Self::GradientShape { layer } => way_back::gradient_shape(network, *layer),
            Self::FaintestLayer => way_back::faintest_layer(state),
            Self::ContraryDigits => batch::contrary(state),
            Self::SettledBatchSize => batch::settled_size(state),
            Self::ChainSlope(place) => worlds::chain_slope(&state.worlds.chain.chain, *place),
            Self::FaintestLink => worlds::faintest_link(&state.worlds.chain.chain),
            Self::ChainAfterStep => worlds::after_step(&state.worlds.chain),
            Self::GraphSlope { name } => worlds::graph_slope(&state.worlds.graph, name),
        }
    }
}

impl Posed {
    pub const MOST_CHOICES: usize = 4;

    /// `right` among `others`, smallest first, at most [`Self::MOST_CHOICES`] of them.
    fn among_numbers(right: usize, others: &[usize], because: String) -> Self {
        let mut numbers = vec![right];
        for &other in others {
            if numbers.len() < Self::MOST_CHOICES && !numbers.contains(&other) {
                numbers.push(other);
            }
        }
        numbers.sort_unstable();
        Self {
            right: numbers
                .iter()
                .position(|number| *number == right)
                .unwrap_or(0),
            choices: numbers
                .iter()
                .map(|number| crate::data::grouped(*number as u64))
                .collect(),
            because,
        }
    }

    /// `right` among `others` as they are printed, smallest first.
    fn among_values(right: f64, others: &[f64], because: String) -> Self {
        let mut printed = vec![(right, short(right))];
        for &other in others.iter().filter(|other| other.is_finite()) {
            let text = short(other);
            if printed.len() < Self::MOST_CHOICES && printed.iter().all(|(_, one)| *one != text) {
                printed.push((other, text));
            }
        }
        printed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let text = short(right);
        Self {
            right: printed
                .iter()
                .position(|(_, one)| *one == text)
                .unwrap_or(0),
            choices: printed.into_iter().map(|(_, text)| text).collect(),
            because,
        }
    }

    /// Whether a cost falls or rises.
    fn of_costs(before: f64, after: f64, learning_rate: f64) -> Self {
        // What changes by a smaller part is told as the same.
        const NO_CHANGE: f64 = 1e-4;
        let right = match (after - before) / before.max(f64::MIN_POSITIVE) {
            change if change.abs() <= NO_CHANGE => 1,
            change if change < 0.0 => 0,
            _ => 2,
        };
        let because = format!(
            "With η = {} it goes from {} to {}",
            short(learning_rate),
            short(before),
            short(after)
        );
        Self::of(
            ["It falls", "It stays as it is", "It rises"],
            right,
            because,
        )
    }

    /// Fixed choices, of which the one at `right` is.
    fn of<const N: usize>(choices: [&str; N], right: usize, because: String) -> Self {
        Self {
            choices: choices.map(str::to_owned).to_vec(),
            right,
            because,
        }
    }
}

/// Everything that the drawing makes of the network, forward and back.
fn pass_of(state: &AppState) -> Result<ExamplePass, String> {
    let examined = state.examined().ok_or(NO_DRAWING)?;
    let label = examined.label.ok_or(NO_LABEL)?;
    let pass = ExamplePass::new(state.examined_network(), &examined.input, label);
    pass.ok_or_else(|| "This network does not read drawings".to_owned())
}

/// Layers are counted from 1, as the texts do it.
fn layer_of(network: &Network, layer: usize) -> Result<&Layer, String> {
    let layers = network.layers();
    layers.get(layer.wrapping_sub(1)).ok_or_else(|| {
        format!(
            "This network has {} layers, and the question is about layer {layer}",
            layers.len()
        )
    })
}

fn layer_number(text: &str) -> Result<usize, Problem> {
    match text.parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(Problem::NoNumber {
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let all: Vec<Question> = FORMS
            .iter()
            .map(|form| Question::read(form).unwrap())
            .collect();
        for (index, question) in all.iter().enumerate() {
            assert!(!all[..index].contains(question), "{question:?}");
        }
        assert_eq!(
            Question::read("Weights of layer 12"),
            Ok(Question::Weights { layer: 12 })
        );
    }

    #[test]
    fn what_cannot_be_computed_is_refused_with_what_can() {
        let problem = |text| Question::read(text).unwrap_err().to_string();
        assert!(problem("meaning of life").contains("use costliest output, rising outputs,"));
        assert!(problem("weights").contains("weights of layer 1"));
        assert!(problem("weights of layer 0").contains("“0” is no number"));
    }

    #[test]
    fn choices_are_different_and_hold_the_right_one() {
        let posed = Posed::among_numbers(1000, &[1000, 3, 1000, 7, 3, 9, 11], String::new());
        assert_eq!(posed.choices, ["3", "7", "9", "1,000"]);
        assert_eq!(posed.right, 3);
    }
}
