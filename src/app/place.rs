use serde::{Deserialize, Serialize};

/// What the centre of the window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tab {
    #[default]
    Network,
    Weights,
    Backprop,
    Why,
    Mistakes,
    MyDigits,
}

/// What the tab *Backprop* shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MicroscopeView {
    /// One example, step by step.
    #[default]
    Example,
    /// The nudges of a mini-batch and their mean.
    Nudges,
    /// The shapes of all matrices, forward and backward.
    Shapes,
    /// A slice through the cost, and the walk on it.
    Surface,
    /// A chain, a computation graph, a unit with its bias.
    Worlds,
}

impl Tab {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 6] = [
        Self::Network,
        Self::Weights,
        Self::Backprop,
        Self::Why,
        Self::Mistakes,
        Self::MyDigits,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "Network",
            Self::Weights => "Weights",
            Self::Backprop => "Backprop",
            Self::Why => "Why",
            Self::Mistakes => "Mistakes",
            Self::MyDigits => "My digits",
        }
    }

    /// What is there, in one sentence.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Network => "The layers with the activations of the drawing",
            Self::Weights => "Weights and gradients of every layer as heatmaps",
            Self::Backprop => "How backpropagation finds what every weight should do",
            Self::Why => {
                "Which ink speaks for and against the answer, and which training digits are most like the drawing"
            }
            Self::Mistakes => "Which test digits are read wrongly, and as what",
            Self::MyDigits => "What you have drawn and kept, to teach the network your hand",
        }
    }
}

impl MicroscopeView {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 5] = [
        Self::Example,
        Self::Nudges,
        Self::Shapes,
        Self::Surface,
        Self::Worlds,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Example => "One example",
            Self::Nudges => "Averaged nudges",
            Self::Shapes => "Shapes",
            Self::Surface => "Cost surface",
            Self::Worlds => "Small worlds",
        }
    }

    /// What is there, in one sentence.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Example => "One drawing forward and back, step by step, with all its numbers",
            Self::Nudges => "What each digit of a mini-batch wishes, and what remains on average",
            Self::Shapes => "All matrices to scale, forward and backward",
            Self::Surface => "A slice through the true cost, and the walk of training on it",
            Self::Worlds => "A chain, a computation graph and a single unit to play with",
        }
    }
}
