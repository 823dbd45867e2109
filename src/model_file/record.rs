use crate::training::{Hyperparameters, Practised};
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

impl TrainingRecord {
    /// Of a network that has practised on the digits of one hand: what is known of the old one does not hold for it.
    pub fn after_practising(&self, practised: &Practised) -> Self {
        let digits = match practised.learned.before.count() {
            1 => "1 drawing".to_owned(),
            count => format!("{count} drawings"),
        };
        let then = format!("{digits} of one hand");
        let data = match self.data.as_str() {
            "" => then,
            earlier => format!("{earlier}, then {then}"),
        };
        Self {
            data,
            steps: self.steps + practised.steps,
            validation_accuracy: Some(practised.replay.after.accuracy()).filter(|a| a.is_finite()),
            test_accuracy: None,
            test_count: None,
            command: None,
            ..self.clone()
        }
    }

    /// Of a network whose weights were taken from a point of its cost surface: what is known of the old one does not
    /// hold for it.
    pub fn after_moving(&self) -> Self {
        const MOVED: &str = "moved by hand on the cost surface";
        let data = match self.data.as_str() {
            "" => MOVED.to_owned(),
            earlier if earlier.ends_with(MOVED) => earlier.to_owned(),
            earlier => format!("{earlier}, then {MOVED}"),
        };
        Self {
            data,
            validation_accuracy: None,
            test_accuracy: None,
            test_count: None,
            command: None,
            ..self.clone()
        }
    }
}
