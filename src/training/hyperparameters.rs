use crate::data::Augmentation;
use crate::nn::{Activation, Architecture, BiasInit, Cost, Init, OptimizerKind, Schedule};
use serde::{Deserialize, Serialize};

/// What a person sets; may hold nonsense until [`Hyperparameters::check`] has looked at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hyperparameters {
    /// Units of the hidden layers, first to last.
    pub hidden_layers: Vec<usize>,
    pub hidden_activation: Activation,
    pub output_activation: Activation,
    pub cost: Cost,
    pub init: Init,
    pub bias_init: BiasInit,
    /// Of the weights, the order of the examples and the augmentation.
    pub seed: u64,
    pub optimizer: OptimizerKind,
    pub learning_rate: f32,
    pub momentum: f32,
    pub weight_decay: f32,
    pub schedule: Schedule,
    pub batch_size: usize,
    pub epochs: usize,
    pub augmentation: Augmentation,
    /// Threads that share a mini-batch; the result does not depend on it.
    pub threads: usize,
}

/// Hyperparameters that make sense.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckedHyperparameters(Hyperparameters);

/// What can be changed while training runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveSettings {
    pub learning_rate: f32,
    pub momentum: f32,
    pub weight_decay: f32,
    pub batch_size: usize,
    /// The run ends after this many epochs in all.
    pub epochs: usize,
}

/// A field of [`Hyperparameters`], for saying which one is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    HiddenLayers,
    OutputActivation,
    Cost,
    HiddenActivation,
    LearningRate,
    Momentum,
    WeightDecay,
    BatchSize,
    Epochs,
    Threads,
}

/// What is wrong with a field, with its number and the range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldError {
    pub field: Field,
    pub message: String,
}

/// Settings with a name and what to expect of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// 784-30-10, sigmoid, quadratic, SGD η = 3, batch 10, 30 epochs (Nielsen, chapter 1).
    Textbook,
    /// 784-16-16-10.
    TwoSmallLayers,
    /// 784-128-64-10, ReLU, softmax, cross-entropy.
    Modern,
}

impl Default for Hyperparameters {
    fn default() -> Self {
        Preset::Modern.hyperparameters()
    }
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Textbook, Self::TwoSmallLayers, Self::Modern];

    /// "Textbook 784-30-10"
    pub fn label(self) -> &'static str {
        todo!()
    }
    /// "Sigmoid, quadratic cost, plain SGD with η = 3: about 95 % on MNIST after 30 epochs"
    pub fn expectation(self) -> &'static str {
        todo!()
    }
    pub fn hyperparameters(self) -> Hyperparameters {
        todo!()
    }
}

impl Hyperparameters {
    /// What is wrong, field by field; nothing when all is well.
    pub fn check(&self) -> Result<CheckedHyperparameters, Vec<FieldError>> {
        todo!()
    }

    /// 784, the hidden layers, 10.
    pub fn architecture(&self) -> Architecture {
        let mut sizes = vec![crate::ink::SIDE * crate::ink::SIDE];
        sizes.extend(&self.hidden_layers);
        sizes.push(10);
        Architecture {
            sizes,
            hidden: self.hidden_activation,
            output: self.output_activation,
            cost: self.cost,
        }
    }

    /// Weights and biases of that architecture.
    pub fn parameter_count(&self) -> usize {
        self.architecture()
            .sizes
            .windows(2)
            .map(|pair| pair[0] * pair[1] + pair[1])
            .sum()
    }

    pub fn live(&self) -> LiveSettings {
        LiveSettings {
            learning_rate: self.learning_rate,
            momentum: self.momentum,
            weight_decay: self.weight_decay,
            batch_size: self.batch_size,
            epochs: self.epochs,
        }
    }
}

impl std::ops::Deref for CheckedHyperparameters {
    type Target = Hyperparameters;
    fn deref(&self) -> &Hyperparameters {
        &self.0
    }
}
