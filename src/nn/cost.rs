use super::Activation;
use serde::{Deserialize, Serialize};

/// How far an answer is from the truth, for one example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// `C = ½‖a − y‖²`
    Quadratic,
    /// Softmax outputs: `C = −Σ y ln a`. Sigmoid outputs: `C = −Σ (y ln a + (1 − y) ln(1 − a))`.
    CrossEntropy,
}

impl Cost {
    pub const ALL: [Self; 2] = [Self::Quadratic, Self::CrossEntropy];

    /// "Quadratic", "Cross-entropy".
    pub fn label(self) -> &'static str {
        match self {
            Self::Quadratic => "Quadratic",
            Self::CrossEntropy => "Cross-entropy",
        }
    }

    /// "quadratic", "cross_entropy".
    pub fn id(self) -> &'static str {
        match self {
            Self::Quadratic => "quadratic",
            Self::CrossEntropy => "cross_entropy",
        }
    }

    /// Whether this cost can be taken of outputs with that activation; the error is the reason in words.
    pub fn check_output(self, output: Activation) -> Result<(), &'static str> {
        let _ = output;
        todo!()
    }
}
