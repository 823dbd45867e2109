use super::Preset;
use super::random::Stream;
use crate::data::Augmentation;
use crate::nn::{
    Activation, Architecture, BiasInit, Cost, Init, Network, NetworkError, OptimizerKind, Schedule,
};
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

impl Default for Hyperparameters {
    fn default() -> Self {
        Preset::Modern.hyperparameters()
    }
}

impl Hyperparameters {
    /// The most hidden layers.
    pub const MAX_HIDDEN_LAYERS: usize = 16;
    /// The most units of a hidden layer.
    pub const MAX_UNITS: usize = 4096;
    /// The most weights and biases in all, so that every network that is trained fits into a model file that is opened.
    pub const MAX_PARAMETERS: usize = 16_000_000;
    pub const MAX_THREADS: usize = 256;

    /// What is wrong, field by field; nothing when all is well.
    pub fn check(&self) -> Result<CheckedHyperparameters, Vec<FieldError>> {
        let mut errors = self.layer_errors();
        if self.hidden_activation == Activation::Softmax && !self.hidden_layers.is_empty() {
            errors.push(FieldError::new(
                Field::HiddenActivation,
                "Softmax belongs in the output layer: choose another activation for the hidden layers",
            ));
        }
        if let Err(reason) = self.cost.check_output(self.output_activation) {
            errors.push(FieldError::new(Field::Cost, reason));
        }
        errors.extend(self.live().check().err().unwrap_or_default());
        if !(1..=Self::MAX_THREADS).contains(&self.threads) {
            errors.push(FieldError::new(
                Field::Threads,
                format!(
                    "The number of threads is {}: it must be from 1 to {}",
                    self.threads,
                    Self::MAX_THREADS
                ),
            ));
        }
        if errors.is_empty() {
            Ok(CheckedHyperparameters(self.clone()))
        } else {
            Err(errors)
        }
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
        // Saturating, because numbers that are still unchecked may be anything.
        self.architecture()
            .sizes
            .windows(2)
            .map(|pair| pair[0].saturating_add(1).saturating_mul(pair[1]))
            .fold(0, usize::saturating_add)
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

    fn layer_errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |message| errors.push(FieldError::new(Field::HiddenLayers, message));
        if self.hidden_layers.len() > Self::MAX_HIDDEN_LAYERS {
            wrong(format!(
                "There are {} hidden layers: {} is the most",
                self.hidden_layers.len(),
                Self::MAX_HIDDEN_LAYERS
            ));
        }
        for (index, &units) in self.hidden_layers.iter().enumerate() {
            if !(1..=Self::MAX_UNITS).contains(&units) {
                wrong(format!(
                    "Hidden layer {} has {units} units: it must have from 1 to {}",
                    index + 1,
                    Self::MAX_UNITS
                ));
            }
        }
        if errors.is_empty() && self.parameter_count() > Self::MAX_PARAMETERS {
            errors.push(FieldError::new(
                Field::HiddenLayers,
                format!(
                    "The layers have {} weights and biases together: {} is the most",
                    self.parameter_count(),
                    Self::MAX_PARAMETERS
                ),
            ));
        }
        errors
    }
}

impl LiveSettings {
    /// Above this a rate can only be a slip; far below it training already diverges, and says so.
    pub const MAX_LEARNING_RATE: f32 = 1e6;
    pub const MAX_WEIGHT_DECAY: f32 = 1.0;
    pub const MAX_BATCH_SIZE: usize = 10_000;
    pub const MAX_EPOCHS: usize = 10_000;

    /// What is wrong, field by field; NaN is always wrong.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut require = |right: bool, field, message| {
            if !right {
                errors.push(FieldError::new(field, message));
            }
        };
        require(
            self.learning_rate > 0.0 && self.learning_rate <= Self::MAX_LEARNING_RATE,
            Field::LearningRate,
            format!(
                "The learning rate is {}: it must be above 0 and at most {}",
                self.learning_rate,
                Self::MAX_LEARNING_RATE
            ),
        );
        require(
            (0.0..1.0).contains(&self.momentum),
            Field::Momentum,
            format!(
                "The momentum is {}: it must be at least 0 and below 1",
                self.momentum
            ),
        );
        require(
            (0.0..=Self::MAX_WEIGHT_DECAY).contains(&self.weight_decay),
            Field::WeightDecay,
            format!(
                "The weight decay is {}: it must be from 0 to {}",
                self.weight_decay,
                Self::MAX_WEIGHT_DECAY
            ),
        );
        require(
            (1..=Self::MAX_BATCH_SIZE).contains(&self.batch_size),
            Field::BatchSize,
            format!(
                "The mini-batch has {} examples: it must have from 1 to {}",
                self.batch_size,
                Self::MAX_BATCH_SIZE
            ),
        );
        require(
            (1..=Self::MAX_EPOCHS).contains(&self.epochs),
            Field::Epochs,
            format!(
                "The run has {} epochs: it must have from 1 to {}",
                self.epochs,
                Self::MAX_EPOCHS
            ),
        );
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}

impl FieldError {
    fn new(field: Field, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
        }
    }
}

impl CheckedHyperparameters {
    /// The network that a run with these settings begins with: always the same for the same seed.
    pub fn fresh_network(&self) -> Result<Network, NetworkError> {
        let mut rng = Stream::Weights.rng(self.seed);
        Network::init(&self.architecture(), self.init, self.bias_init, &mut rng)
    }
}

impl std::ops::Deref for CheckedHyperparameters {
    type Target = Hyperparameters;
    fn deref(&self) -> &Hyperparameters {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Hyperparameters};
    use crate::nn::{Activation, Cost};

    /// The fields found wrong after `change` to settings that are right.
    fn wrong_fields(change: impl FnOnce(&mut Hyperparameters)) -> Vec<Field> {
        let mut hyperparameters = Hyperparameters::default();
        change(&mut hyperparameters);
        let errors = hyperparameters.check().err().unwrap_or_default();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn each_wrong_value_is_blamed_on_its_own_field() {
        assert_eq!(wrong_fields(|_| ()), []);
        assert_eq!(
            wrong_fields(|h| h.hidden_layers = vec![16, 0, 16]),
            [Field::HiddenLayers]
        );
        assert_eq!(
            wrong_fields(|h| h.hidden_layers = vec![16; 17]),
            [Field::HiddenLayers]
        );
        assert_eq!(
            wrong_fields(|h| h.hidden_layers = vec![4096; 16]),
            [Field::HiddenLayers]
        );
        assert_eq!(
            wrong_fields(|h| h.hidden_activation = Activation::Softmax),
            [Field::HiddenActivation]
        );
        assert_eq!(
            wrong_fields(|h| h.output_activation = Activation::Tanh),
            [Field::Cost]
        );
        for rate in [0.0, -0.1, f32::NAN, f32::INFINITY] {
            assert_eq!(
                wrong_fields(|h| h.learning_rate = rate),
                [Field::LearningRate]
            );
        }
        assert_eq!(wrong_fields(|h| h.momentum = 1.0), [Field::Momentum]);
        assert_eq!(
            wrong_fields(|h| h.weight_decay = -1e-4),
            [Field::WeightDecay]
        );
        assert_eq!(wrong_fields(|h| h.batch_size = 0), [Field::BatchSize]);
        assert_eq!(wrong_fields(|h| h.epochs = 0), [Field::Epochs]);
        assert_eq!(wrong_fields(|h| h.threads = 0), [Field::Threads]);
    }

    #[test]
    fn all_wrong_fields_are_found_at_once() {
        let wrong = wrong_fields(|h| {
            h.epochs = 0;
            h.cost = Cost::CrossEntropy;
            h.output_activation = Activation::Linear;
            h.hidden_layers = vec![0];
        });
        assert_eq!(wrong, [Field::HiddenLayers, Field::Cost, Field::Epochs]);
    }

    #[test]
    fn a_message_holds_the_number_and_the_range() {
        let hyperparameters = Hyperparameters {
            hidden_layers: vec![128, 5000],
            ..Hyperparameters::default()
        };
        let errors = hyperparameters.check().unwrap_err();
        assert_eq!(
            errors[0].message,
            "Hidden layer 2 has 5000 units: it must have from 1 to 4096"
        );
    }

    #[test]
    fn sizes_beyond_all_memory_are_counted_without_overflow() {
        let hyperparameters = Hyperparameters {
            hidden_layers: vec![usize::MAX, usize::MAX],
            ..Hyperparameters::default()
        };
        assert_eq!(hyperparameters.parameter_count(), usize::MAX);
        assert!(hyperparameters.check().is_err());
    }

    #[test]
    fn the_parameters_of_784_16_16_10_are_13_002() {
        let hyperparameters = Hyperparameters {
            hidden_layers: vec![16, 16],
            ..Hyperparameters::default()
        };
        assert_eq!(hyperparameters.parameter_count(), 13_002);
    }
}
