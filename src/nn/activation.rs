use serde::{Deserialize, Serialize};

/// The function that turns a layer's weighted sums `z` into its activations `a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `a = z`; the derivative is 1.
    Linear,
    /// `a = 1 / (1 + e^−z)`
    Sigmoid,
    /// `a = tanh z`
    Tanh,
    /// `a = max(0, z)`; NaN passes through.
    Relu,
    /// `a = z` where `z > 0`, else `0.01 z`.
    LeakyRelu,
    /// `a_j = e^{z_j} / Σ_k e^{z_k}` over one row; for the output layer.
    Softmax,
}

impl Activation {
    /// All of them, in the order of a menu.
    pub const ALL: [Self; 6] = [
        Self::Linear,
        Self::Sigmoid,
        Self::Tanh,
        Self::Relu,
        Self::LeakyRelu,
        Self::Softmax,
    ];

    /// The name as a person writes it: "ReLU".
    pub fn label(self) -> &'static str {
        match self {
            Self::Linear => "Linear",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "Leaky ReLU",
            Self::Softmax => "Softmax",
        }
    }

    /// The name in files and on the command line: "relu".
    pub fn id(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Softmax => "softmax",
        }
    }
}
