use crate::nn::{Gradients, Network, Scalar};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// One number that a network learns, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// `W[from, to]` of weight layer `layer` (from 0).
    Weight {
        layer: usize,
        from: usize,
        to: usize,
    },
    /// `b[unit]` of weight layer `layer` (from 0).
    Bias { layer: usize, unit: usize },
}

/// Why a text names no parameter.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParameterError {
    #[error(
        "“{text}” names no weight: write W2[17,4] for the weight of layer 2 from unit 17 to unit 4, or b2[4] for a bias"
    )]
    Unreadable { text: String },
    #[error("there is no layer {layer}: this network has layers 1 to {layers}")]
    NoLayer { layer: usize, layers: usize },
    #[error(
        "{name} is not there: W{layer} goes from units 0 to {last_from} to units 0 to {last_to}"
    )]
    NoWeight {
        name: String,
        layer: usize,
        last_from: usize,
        last_to: usize,
    },
    #[error("{name} is not there: layer {layer} has units 0 to {last}")]
    NoBias {
        name: String,
        layer: usize,
        last: usize,
    },
}

impl Parameter {
    /// The weight layer (from 0) that it belongs to.
    pub fn layer(self) -> usize {
        match self {
            Self::Weight { layer, .. } | Self::Bias { layer, .. } => layer,
        }
    }

    /// The unit of the layer before that it comes from; a bias comes from none.
    pub fn from(self) -> Option<usize> {
        match self {
            Self::Weight { from, .. } => Some(from),
            Self::Bias { .. } => None,
        }
    }

    /// The unit that it leads to.
    pub fn unit(self) -> usize {
        match self {
            Self::Weight { to, .. } => to,
            Self::Bias { unit, .. } => unit,
        }
    }

    /// Whether `network` has it; the error says what it has instead.
    pub fn check<S: Scalar>(self, network: &Network<S>) -> Result<(), ParameterError> {
        let index = self.layer();
        let Some(layer) = network.layers().get(index) else {
            return Err(ParameterError::NoLayer {
                layer: index + 1,
                layers: network.layers().len(),
            });
        };
        let (inputs, units) = (layer.inputs(), layer.units());
        match self {
            Self::Weight { from, to, .. } if from >= inputs || to >= units => {
                Err(ParameterError::NoWeight {
                    name: self.to_string(),
                    layer: index + 1,
                    last_from: inputs - 1,
                    last_to: units - 1,
                })
            }
            Self::Bias { unit, .. } if unit >= units => Err(ParameterError::NoBias {
                name: self.to_string(),
                layer: index + 1,
                last: units - 1,
            }),
            _ => Ok(()),
        }
    }

    /// Its value; `None` where the network has no such parameter.
    pub fn value<S: Scalar>(self, network: &Network<S>) -> Option<S> {
        let layer = network.layers().get(self.layer())?;
        match self {
            Self::Weight { from, to, .. } => layer.weights.get((from, to)).copied(),
            Self::Bias { unit, .. } => layer.biases.get(unit).copied(),
        }
    }

    /// `∂C/∂` of it; `None` where there is no such parameter.
    pub fn gradient<S: Scalar>(self, gradients: &Gradients<S>) -> Option<S> {
        match self {
            Self::Weight { layer, from, to } => {
                gradients.weights.get(layer)?.get((from, to)).copied()
            }
            Self::Bias { layer, unit } => gradients.biases.get(layer)?.get(unit).copied(),
        }
    }

    /// The parameter with the largest `|∂C/∂p|`.
    pub fn steepest<S: Scalar>(gradients: &Gradients<S>) -> Self {
        let mut steepest = Self::Bias { layer: 0, unit: 0 };
        let mut size = S::zero();
        let mut look_at = |parameter: Self, slope: S| {
            if slope.abs() > size {
                (steepest, size) = (parameter, slope.abs());
            }
        };
        for (layer, weights) in gradients.weights.iter().enumerate() {
            for ((from, to), &slope) in weights.indexed_iter() {
                look_at(Self::Weight { layer, from, to }, slope);
            }
        }
        for (layer, biases) in gradients.biases.iter().enumerate() {
            for (unit, &slope) in biases.indexed_iter() {
                look_at(Self::Bias { layer, unit }, slope);
            }
        }
        steepest
    }
}

impl fmt::Display for Parameter {
    /// `W2[17,4]`, `b2[4]`: layers from 1, units from 0, as on the screen.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weight { layer, from, to } => write!(formatter, "W{}[{from},{to}]", layer + 1),
            Self::Bias { layer, unit } => write!(formatter, "b{}[{unit}]", layer + 1),
        }
    }
}

impl FromStr for Parameter {
    type Err = ParameterError;

    /// Reads `W2[17,4]` and `b2[4]`, in any case and with spaces anywhere.
    fn from_str(text: &str) -> Result<Self, ParameterError> {
        let unreadable = || ParameterError::Unreadable {
            text: text.trim().to_owned(),
        };
        let plain: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
        let (name, inside) = plain
            .strip_suffix(']')
            .and_then(|plain| plain.split_once('['))
            .ok_or_else(unreadable)?;
        let number = |text: &str| text.parse::<usize>().map_err(|_| unreadable());
        let layer_after = |kind: char| name.strip_prefix([kind, kind.to_ascii_uppercase()]);
        let layer = |text: &str| number(text)?.checked_sub(1).ok_or_else(unreadable);
        if let Some(digits) = layer_after('w') {
            let (from, to) = inside.split_once(',').ok_or_else(unreadable)?;
            Ok(Self::Weight {
                layer: layer(digits)?,
                from: number(from)?,
                to: number(to)?,
            })
        } else if let Some(digits) = layer_after('b') {
            Ok(Self::Bias {
                layer: layer(digits)?,
                unit: number(inside)?,
            })
        } else {
            Err(unreadable())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::{Array1, Array2};

    fn network() -> Network {
        let layer = |inputs, units, activation| Layer {
            weights: Array2::from_shape_fn((inputs, units), |(i, j)| (10 * i + j) as f32),
            biases: Array1::from_shape_fn(units, |j| -(j as f32)),
            activation,
        };
        let layers = vec![
            layer(4, 3, Activation::Relu),
            layer(3, 2, Activation::Sigmoid),
        ];
        Network::new(layers, Cost::Quadratic).unwrap()
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in ["W1[3,2]", "b1[2]", "W2[0,1]", "b2[0]"] {
            let parameter: Parameter = name.parse().unwrap();
            assert_eq!(parameter.to_string(), name);
            assert_eq!(parameter.check(&network()), Ok(()));
        }
        assert_eq!(" w2 [ 0 , 1 ] ".parse(), "W2[0,1]".parse::<Parameter>());
    }

    #[test]
    fn what_is_no_name_is_refused_with_an_example() {
        for text in [
            "", "W2", "W2[1]", "W0[1,2]", "b1[1,2]", "x1[2]", "W2[a,1]", "W2[-1,1]",
        ] {
            let error = text.parse::<Parameter>().unwrap_err();
            assert!(error.to_string().contains("W2[17,4]"), "{text}: {error}");
        }
    }

    #[test]
    fn a_parameter_that_is_not_there_is_refused_with_what_is() {
        let refusal = |name: &str| {
            let parameter: Parameter = name.parse().unwrap();
            parameter.check(&network()).unwrap_err().to_string()
        };
        assert_eq!(
            refusal("W3[0,0]"),
            "there is no layer 3: this network has layers 1 to 2"
        );
        assert_eq!(
            refusal("W1[4,0]"),
            "W1[4,0] is not there: W1 goes from units 0 to 3 to units 0 to 2"
        );
        assert_eq!(
            refusal("b2[2]"),
            "b2[2] is not there: layer 2 has units 0 to 1"
        );
    }

    #[test]
    fn values_and_slopes_are_those_of_the_place() {
        let network = network();
        let weight: Parameter = "W1[3,2]".parse().unwrap();
        let bias: Parameter = "b1[2]".parse().unwrap();
        assert_eq!(weight.value(&network), Some(32.0));
        assert_eq!(bias.value(&network), Some(-2.0));

        let mut gradients = Gradients::zeros_like(&network);
        gradients.weights[0][[3, 2]] = 0.5;
        gradients.biases[0][2] = -0.75;
        assert_eq!(weight.gradient(&gradients), Some(0.5));
        assert_eq!(bias.gradient(&gradients), Some(-0.75));
        assert_eq!(Parameter::steepest(&gradients), bias);
        let absent: Parameter = "W2[9,9]".parse().unwrap();
        assert_eq!(absent.gradient(&gradients), None);
        assert_eq!(absent.value(&network), None);
    }
}
