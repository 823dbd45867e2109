use super::jobs::sentence_case;
use crate::explain::{
    BiasUnit, Chain, ChainLink, Evaluation, EvaluationError, ExpressionError, Graph, WeightedInput,
    parse_expression,
};
use crate::nn::Activation;
use std::collections::BTreeMap;

/// Worlds so small that every number of backpropagation can be followed by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Worlds {
    pub shown: World,
    pub chain: ChainWorld,
    pub graph: GraphWorld,
    pub bias_unit: BiasUnit,
}

/// One of the small worlds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum World {
    #[default]
    Chain,
    Graph,
    BiasUnit,
}

/// A chain of single units that walks down its cost.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainWorld {
    pub chain: Chain,
    /// `η`
    pub learning_rate: f64,
    /// Whether one step follows the other by itself.
    pub running: bool,
    /// The chain before the first step: as it was last set by hand.
    pub start: Chain,
    /// The cost at the start and after each step; empty where it cannot be computed.
    pub costs: Vec<f64>,
    /// Why it does not go on.
    pub stopped: Option<String>,
}

/// An expression as a graph, with numbers in it.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphWorld {
    /// As it was typed.
    pub text: String,
    /// The last text that could be read.
    pub read_text: String,
    /// The graph of that text.
    pub graph: Graph,
    /// Why the present text cannot be read.
    pub error: Option<ExpressionError>,
    /// Of all names that were ever used: one that comes back has its number again.
    pub numbers: BTreeMap<String, f64>,
    /// How many operations of the way back are shown; `None` shows all of it.
    pub backward_steps: Option<usize>,
}

/// What can be done in the small worlds.
#[derive(Clone, Debug, PartialEq)]
pub enum WorldCommand {
    Show(World),
    SetChain(Chain),
    SetChainLearningRate(f64),
    /// One step of gradient descent.
    StepChain,
    /// Lets one step follow the other, or stops that.
    RunChain(bool),
    /// The chain as it was before the first step.
    RestartChain,
    /// Another expression, with numbers for some of its names.
    SetExpression {
        text: String,
        numbers: BTreeMap<String, f64>,
    },
    SetNumber {
        name: String,
        value: f64,
    },
    /// How many operations of the way back are shown; `None` shows all of it.
    ShowBackwardSteps(Option<usize>),
    SetBiasUnit(BiasUnit),
}

/// An expression with the numbers that it is known with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownExpression {
    pub text: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    pub numbers: &'static [(&'static str, f64)],
}

/// Expressions of the texts on backpropagation (the first two from Stanford's CS231n, *Backpropagation, intuitions*).
pub const KNOWN_EXPRESSIONS: [KnownExpression; 3] = [
    KnownExpression {
        text: "(x + y)·z",
        about: "A sum and a product: the first graph of every text",
        numbers: &[("x", 1.0), ("y", 2.0), ("z", 3.0)],
    },
    KnownExpression {
        text: "σ(w₀x₀ + w₁x₁ + b)",
        about: "A unit with two inputs and a sigmoid",
        numbers: &[
            ("w₀", 2.0),
            ("x₀", -1.0),
            ("w₁", -3.0),
            ("x₁", -2.0),
            ("b", -3.0),
        ],
    },
    KnownExpression {
        text: "(σ(w·x + b) − y)²",
        about: "What a unit with one input costs",
        numbers: &[("w", 2.0), ("x", 1.0), ("b", -1.0), ("y", 0.0)],
    },
];

impl World {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 3] = [Self::Chain, Self::Graph, Self::BiasUnit];

    pub fn name(self) -> &'static str {
        match self {
            Self::Chain => "Chain",
            Self::Graph => "Computation graph",
            Self::BiasUnit => "Bias as a unit",
        }
    }

    /// What is there, in one sentence.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Chain => "One unit a layer: every derivative as the product of its factors",
            Self::Graph => "Any expression: values forward, derivatives backward",
            Self::BiasUnit => "A bias as a number, and as the weight of an input that is always 1",
        }
    }
}

impl ChainWorld {
    /// A run and a curve have an end.
    pub const MOST_STEPS: usize = 1000;
    /// Where the gradient is as short as this, hardly anything changes any more.
    pub const SHORTEST_GRADIENT: f64 = 1e-4;
    /// Of `η`.
    pub const LARGEST_LEARNING_RATE: f64 = 100.0;

    /// At its start, with nothing walked yet.
    pub fn new(chain: Chain, learning_rate: f64) -> Self {
        let (costs, stopped) = match chain.pass() {
            Ok(pass) => (vec![pass.cost], None),
            Err(error) => (Vec::new(), Some(sentence_case(&error.to_string()))),
        };
        Self {
            start: chain.clone(),
            chain,
            learning_rate,
            running: false,
            costs,
            stopped,
        }
    }

    /// How many steps were made since the start.
    pub fn steps(&self) -> usize {
        self.costs.len().saturating_sub(1)
    }
}

impl GraphWorld {
    pub fn new(known: &KnownExpression) -> Self {
        Self {
            text: known.text.to_owned(),
            read_text: known.text.to_owned(),
            graph: parse_expression(known.text).unwrap_or_default(),
            error: None,
            numbers: known.numbers(),
            backward_steps: None,
        }
    }

    /// Forward and backward with the present numbers.
    pub fn evaluate(&self) -> Result<Evaluation, EvaluationError> {
        self.graph.evaluate(&self.numbers)
    }
}

impl KnownExpression {
    pub fn numbers(&self) -> BTreeMap<String, f64> {
        let owned = |&(name, value): &(&str, f64)| (name.to_owned(), value);
        self.numbers.iter().map(owned).collect()
    }
}

impl Default for Worlds {
    fn default() -> Self {
        let link = |weight, bias| ChainLink {
            weight,
            bias,
            activation: Activation::Sigmoid,
        };
        let chain = Chain {
            input: 1.0,
            truth: 1.0,
            links: vec![link(1.5, -0.5), link(-2.0, 0.5), link(1.0, -1.0)],
        };
        Self {
            shown: World::default(),
            chain: ChainWorld::new(chain, 1.0),
            graph: GraphWorld::new(&KNOWN_EXPRESSIONS[0]),
            bias_unit: BiasUnit {
                inputs: [(1.0, 0.8), (0.5, -1.2)]
                    .map(|(value, weight)| WeightedInput { value, weight })
                    .into(),
                bias: 0.4,
                truth: 1.0,
                activation: Activation::Sigmoid,
            },
        }
    }
}
