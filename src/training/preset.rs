use super::Hyperparameters;
use crate::data::Augmentation;
use crate::nn::{Activation, BiasInit, Cost, Init, OptimizerKind, Schedule};

/// Settings with a name and what to expect of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// 784-30-10, sigmoid, quadratic, SGD η = 3, batch 10, 30 epochs (Nielsen, chapter 1).
    Textbook,
    /// 784-16-16-10: the same recipe on the small network that texts draw, small enough to look at whole.
    TwoSmallLayers,
    /// 784-128-64-10, ReLU, softmax, cross-entropy.
    Modern,
    /// 784-256-10: what reaches 98 % on MNIST in the fewest seconds.
    Sprint,
}

impl Preset {
    pub const ALL: [Self; 4] = [
        Self::Textbook,
        Self::TwoSmallLayers,
        Self::Modern,
        Self::Sprint,
    ];

    /// "Textbook 784-30-10"
    pub fn label(self) -> &'static str {
        match self {
            Self::Textbook => "Textbook 784-30-10",
            Self::TwoSmallLayers => "Two small layers 784-16-16-10",
            Self::Modern => "Modern 784-128-64-10",
            Self::Sprint => "Sprint 784-256-10",
        }
    }

    /// The recipe and the accuracy that it reached on MNIST's test digits, in one sentence.
    pub fn expectation(self) -> &'static str {
        match self {
            Self::Textbook => {
                "Sigmoid, quadratic cost, plain SGD with η = 3: about 95 % on MNIST after 30 epochs"
            }
            Self::TwoSmallLayers => {
                "Sigmoid, quadratic cost, plain SGD with η = 3: about 93.5 % on MNIST after 20 epochs"
            }
            Self::Modern => {
                "ReLU, softmax with cross-entropy, Adam: about 98 % on MNIST after 10 epochs"
            }
            Self::Sprint => {
                "One hidden layer, Adam, all threads: about 98 % on MNIST after 6 epochs, in a second or two"
            }
        }
    }

    pub fn hyperparameters(self) -> Hyperparameters {
        let textbook = Hyperparameters {
            hidden_layers: vec![30],
            hidden_activation: Activation::Sigmoid,
            output_activation: Activation::Sigmoid,
            cost: Cost::Quadratic,
            init: Init::Normal,
            bias_init: BiasInit::Normal,
            seed: 1,
            optimizer: OptimizerKind::Sgd,
            learning_rate: 3.0,
            momentum: 0.9,
            weight_decay: 0.0,
            schedule: Schedule::Constant,
            batch_size: 10,
            epochs: 30,
            augmentation: Augmentation::None,
            threads: default_threads(),
        };
        let modern = Hyperparameters {
            hidden_layers: vec![128, 64],
            hidden_activation: Activation::Relu,
            output_activation: Activation::Softmax,
            cost: Cost::CrossEntropy,
            init: Init::He,
            bias_init: BiasInit::Zero,
            optimizer: OptimizerKind::Adam,
            learning_rate: 0.004,
            schedule: Schedule::OneCycle,
            batch_size: 64,
            epochs: 10,
            ..textbook.clone()
        };
        match self {
            Self::Textbook => textbook,
            Self::TwoSmallLayers => Hyperparameters {
                hidden_layers: vec![16, 16],
                init: Init::Xavier,
                bias_init: BiasInit::Zero,
                epochs: 20,
                ..textbook
            },
            Self::Modern => modern,
            Self::Sprint => Hyperparameters {
                hidden_layers: vec![256],
                learning_rate: 0.005,
                epochs: 6,
                threads: all_threads(),
                ..modern
            },
        }
    }
}

/// All cores but one, which is left to the window.
fn default_threads() -> usize {
    all_threads().saturating_sub(1).max(1)
}

/// One for each core.
pub fn all_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores.min(Hyperparameters::MAX_THREADS)
}

#[cfg(test)]
mod tests {
    use super::Preset;

    #[test]
    fn every_preset_passes_the_check_as_it_is() {
        for preset in Preset::ALL {
            assert_eq!(
                preset.hyperparameters().check().err(),
                None,
                "{}",
                preset.label()
            );
        }
    }

    #[test]
    fn a_label_names_the_layers_that_the_preset_makes() {
        for preset in Preset::ALL {
            let sizes = preset.hyperparameters().architecture().to_string();
            assert!(preset.label().ends_with(&sizes), "{}", preset.label());
        }
    }
}
