use crate::training::Hyperparameters;
use serde::{Deserialize, Serialize};

/// How a model came to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingRecord {
    /// "MNIST", "Practice digits", …; as `data::DataSets::name`.
    pub data: String,
    pub hyperparameters: Option<Hyperparameters>,
    /// Epochs trained, with the fraction of the last one.
    pub epochs: f64,
    pub steps: u64,
    /// Accuracy on the validation examples, 0..=1.
    pub validation_accuracy: Option<f64>,
    /// Accuracy on the test examples, 0..=1, and how many there were.
    pub test_accuracy: Option<f64>,
    pub test_count: Option<u32>,
    /// The command that made it, if one did.
    pub command: Option<String>,
    /// What the file of another program did not say: "ReLU in the hidden layers, softmax at the output".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed: Option<String>,
}
