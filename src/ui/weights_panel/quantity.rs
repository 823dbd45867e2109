use crate::app::ModelState;
use ndarray::{Array1, Array2};

/// Which numbers of a layer are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    #[default]
    Weights,
    /// `∂C/∂w` of the last mini-batch.
    Gradient,
    /// The weights less those that the model started from.
    Change,
}

/// A quantity of one layer, in the shapes of its weights and biases.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerValues {
    /// `[inputs, outputs]`
    pub weights: Array2<f32>,
    /// `[outputs]`
    pub biases: Array1<f32>,
}

impl Quantity {
    pub const ALL: [Self; 3] = [Self::Weights, Self::Gradient, Self::Change];

    pub fn label(self) -> &'static str {
        match self {
            Self::Weights => "Weights",
            Self::Gradient => "Gradient",
            Self::Change => "Change",
        }
    }

    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Weights => "The weights and biases as they are",
            Self::Gradient => {
                "How the cost of the last mini-batch changes with each weight and bias"
            }
            Self::Change => "The weights and biases less those that the model started from",
        }
    }

    /// What a weight is called in formulas.
    pub fn weight_symbol(self) -> &'static str {
        match self {
            Self::Weights => "w",
            Self::Gradient => "∂C/∂w",
            Self::Change => "Δw",
        }
    }

    pub fn bias_symbol(self) -> &'static str {
        match self {
            Self::Weights => "b",
            Self::Gradient => "∂C/∂b",
            Self::Change => "Δb",
        }
    }

    /// The numbers of layer `layer` (from 0), or why there are none and what to do.
    pub fn values(self, model: &ModelState, layer: usize) -> Result<LayerValues, &'static str> {
        let Some(present) = model.network.layers().get(layer) else {
            return Err("The network has no such layer");
        };
        let values = match self {
            Self::Weights => LayerValues {
                weights: present.weights.clone(),
                biases: present.biases.clone(),
            },
            Self::Gradient => {
                let gradients = model.gradients.as_ref().ok_or(
                    "There is no gradient before the first mini-batch: press play, or take one step",
                )?;
                let (Some(weights), Some(biases)) =
                    (gradients.weights.get(layer), gradients.biases.get(layer))
                else {
                    return Err(OTHER_SHAPE);
                };
                LayerValues {
                    weights: weights.clone(),
                    biases: biases.clone(),
                }
            }
            Self::Change => {
                let first = model.initial.layers().get(layer);
                let first = first.filter(|first| {
                    first.weights.dim() == present.weights.dim()
                        && first.biases.dim() == present.biases.dim()
                });
                let first = first.ok_or(
                    "The weights that this network started from are not known, so its change cannot be shown",
                )?;
                LayerValues {
                    weights: &present.weights - &first.weights,
                    biases: &present.biases - &first.biases,
                }
            }
        };
        if values.weights.dim() == present.weights.dim()
            && values.biases.dim() == present.biases.dim()
        {
            Ok(values)
        } else {
            Err(OTHER_SHAPE)
        }
    }
}

const OTHER_SHAPE: &str =
    "The last gradient belongs to another network: take one step to see this one's";

impl LayerValues {
    /// Weights and biases together.
    pub fn all(&self) -> impl Iterator<Item = f32> + Clone + '_ {
        self.weights.iter().chain(self.biases.iter()).copied()
    }
}
