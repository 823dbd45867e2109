use super::{Activation, Cost, NetworkError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a network is, without its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// Units of every layer, the input first: `[784, 128, 64, 10]`.
    pub sizes: Vec<usize>,
    pub hidden: Activation,
    pub output: Activation,
    pub cost: Cost,
}

/// The units of every layer: "784-128-64-10".
impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (layer, units) in self.sizes.iter().enumerate() {
            let before = if layer > 0 { "-" } else { "" };
            write!(f, "{before}{units}")?;
        }
        Ok(())
    }
}

impl Architecture {
    /// Weights and biases that [`Network::init`](super::Network::init) is willing to make: 400 MB of them.
    pub const MAX_PARAMETERS: usize = 100_000_000;

    /// Whether a network can be made of this, before any memory is taken.
    pub fn check(&self) -> Result<(), NetworkError> {
        let [inputs, units @ ..] = self.sizes.as_slice() else {
            return Err(NetworkError::NoLayers);
        };
        if units.is_empty() {
            return Err(NetworkError::NoLayers);
        }
        if *inputs == 0 {
            return Err(NetworkError::NoInputs);
        }
        if let Some(l) = units.iter().position(|&units| units == 0) {
            return Err(NetworkError::NoUnits { layer: l + 1 });
        }
        if units.len() > 1 && self.hidden == Activation::Softmax {
            return Err(NetworkError::HiddenSoftmax { layer: 1 });
        }
        if self.parameters().is_none_or(|p| p > Self::MAX_PARAMETERS) {
            return Err(NetworkError::TooLarge {
                sizes: self.sizes.clone(),
                limit: Self::MAX_PARAMETERS,
            });
        }
        self.cost
            .check_output(self.output)
            .map_err(|reason| NetworkError::CostPairing { reason })
    }

    /// Weights and biases together; `None` when there is no number for so many.
    fn parameters(&self) -> Option<usize> {
        self.sizes.windows(2).try_fold(0_usize, |sum, pair| {
            let weights_and_bias = pair[0].checked_add(1)?.checked_mul(pair[1])?;
            sum.checked_add(weights_and_bias)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn architecture(sizes: &[usize]) -> Architecture {
        Architecture {
            sizes: sizes.to_vec(),
            hidden: Activation::Relu,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        }
    }

    #[test]
    fn architectures_without_sense_are_refused_before_memory_is_taken() {
        assert_eq!(architecture(&[]).check(), Err(NetworkError::NoLayers));
        assert_eq!(architecture(&[784]).check(), Err(NetworkError::NoLayers));
        assert_eq!(architecture(&[0, 10]).check(), Err(NetworkError::NoInputs));
        assert_eq!(
            architecture(&[784, 30, 0, 10]).check(),
            Err(NetworkError::NoUnits { layer: 2 })
        );
        for huge in [1_000_000_000, usize::MAX] {
            let error = architecture(&[784, huge, 10]).check().unwrap_err();
            assert!(error.to_string().contains(&huge.to_string()), "{error}");
        }
        let softmax = Architecture {
            hidden: Activation::Softmax,
            ..architecture(&[784, 30, 10])
        };
        assert_eq!(
            softmax.check(),
            Err(NetworkError::HiddenSoftmax { layer: 1 })
        );
    }

    #[test]
    fn a_single_layer_has_no_hidden_activation_to_refuse() {
        let single = Architecture {
            hidden: Activation::Softmax,
            ..architecture(&[784, 10])
        };
        assert_eq!(single.check(), Ok(()));
    }
}
