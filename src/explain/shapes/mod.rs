//! The shapes of all matrices of a pass forward and back: what stands beside what, which operation makes it, and what
//! happens when one of two common mistakes is made.

mod operation;
mod outcome;
mod quantity;
mod wording;

pub use operation::{MatrixOperation, MatrixOperationKind, Operand, Part};
pub use outcome::{Mistake, Outcome};
pub use quantity::Quantity;

use crate::nn::{Activation, Cost, Network, Scalar};

/// All matrices of one mini-batch going through a network forward and back, by their shapes.
///
/// Layers are counted from 1, as in the texts; `A⁰` is the input `X`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// Units of every layer, the input first.
    sizes: Vec<usize>,
    /// Of each weight layer.
    activations: Vec<Activation>,
    cost: Cost,
    /// `B`, the examples of the mini-batch.
    pub batch: usize,
    pub bias: BiasAs,
    pub mistake: Option<Mistake>,
}

/// How biases are written; the gradients are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BiasAs {
    /// A row vector `b` of its own, added to every row.
    #[default]
    Vector,
    /// The weights of an extra unit that is always 1: a column of ones in `A`, a last row in `W`.
    ExtraUnit,
}

/// What a side of a matrix counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The examples of the mini-batch.
    Examples,
    /// The units of a layer, 0 is the input.
    Units(usize),
    /// The same and the unit that is always 1.
    UnitsAndOne(usize),
    One,
}

/// The sides of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    pub rows: Side,
    pub columns: Side,
}

/// One place of the strip: what stands there going forward, and what stands beneath it going back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Between this and the one before: "·", "+", "→", ",".
    pub sign: &'static str,
    pub forward: Quantity,
    pub backward: Option<Quantity>,
}

impl Tape {
    /// The tape of `network` for mini-batches of `batch` examples.
    pub fn new<S: Scalar>(network: &Network<S>, batch: usize) -> Self {
        Self {
            sizes: network.sizes(),
            activations: network
                .layers()
                .iter()
                .map(|layer| layer.activation)
                .collect(),
            cost: network.cost(),
            batch,
            bias: BiasAs::default(),
            mistake: None,
        }
    }

    /// How many weight layers there are.
    pub fn layers(&self) -> usize {
        self.activations.len()
    }

    /// Of all layers the one with the most units, and the unit that is 1.
    pub fn largest_size(&self) -> usize {
        1 + self.sizes.iter().copied().max().unwrap_or(0)
    }

    /// The strip from `X` to the cost.
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots = vec![self.slot("", Quantity::Activations(0))];
        for layer in 1..=self.layers() {
            slots.push(self.slot("·", Quantity::Weights(layer)));
            if self.bias == BiasAs::Vector {
                slots.push(self.slot("+", Quantity::Biases(layer)));
            }
            slots.push(self.slot("→", Quantity::Sums(layer)));
            slots.push(self.slot("→", Quantity::Activations(layer)));
        }
        slots.push(self.slot(",", Quantity::Truths));
        slots.push(self.slot("→", Quantity::Cost));
        slots
    }

    /// What has the same shape and goes the other way: the thing itself, or how the cost depends on it.
    pub fn partner(&self, quantity: Quantity) -> Option<Quantity> {
        let last = self.layers();
        match quantity {
            Quantity::Weights(layer) => Some(Quantity::WeightGradients(layer)),
            Quantity::WeightGradients(layer) => Some(Quantity::Weights(layer)),
            Quantity::Biases(layer) => Some(Quantity::BiasGradients(layer)),
            Quantity::BiasGradients(layer) => Some(Quantity::Biases(layer)),
            Quantity::Sums(layer) => Some(Quantity::Errors(layer)),
            Quantity::Errors(layer) => Some(Quantity::Sums(layer)),
            // Nobody asks how the cost depends on the input; at the outputs it is taken together with δ.
            Quantity::Activations(layer) if layer > 0 && layer < last => {
                Some(Quantity::ActivationSlopes(layer))
            }
            Quantity::ActivationSlopes(layer) => Some(Quantity::Activations(layer)),
            Quantity::Activations(_) | Quantity::Truths | Quantity::Cost => None,
        }
    }

    pub fn shape(&self, quantity: Quantity) -> Shape {
        let examples = |columns| Shape {
            rows: Side::Examples,
            columns,
        };
        let last = self.layers();
        match quantity {
            Quantity::Activations(layer) if layer < last => examples(self.inputs_from(layer)),
            Quantity::ActivationSlopes(layer) => examples(match self.bias {
                BiasAs::Vector => Side::Units(layer),
                BiasAs::ExtraUnit => Side::UnitsAndOne(layer),
            }),
            Quantity::Activations(layer) | Quantity::Sums(layer) | Quantity::Errors(layer) => {
                examples(Side::Units(layer))
            }
            Quantity::Truths => examples(Side::Units(last)),
            Quantity::Weights(layer) | Quantity::WeightGradients(layer) => Shape {
                rows: match self.bias {
                    BiasAs::Vector => Side::Units(layer - 1),
                    BiasAs::ExtraUnit => Side::UnitsAndOne(layer - 1),
                },
                columns: Side::Units(layer),
            },
            Quantity::Biases(layer) | Quantity::BiasGradients(layer) => Shape {
                rows: Side::One,
                columns: Side::Units(layer),
            },
            Quantity::Cost => Shape {
                rows: Side::One,
                columns: Side::One,
            },
        }
    }

    /// Rows and columns in numbers.
    pub fn lengths(&self, shape: Shape) -> [usize; 2] {
        [self.length(shape.rows), self.length(shape.columns)]
    }

    pub fn length(&self, side: Side) -> usize {
        let units = |layer: usize| self.sizes.get(layer).copied().unwrap_or(0);
        match side {
            Side::Examples => self.batch,
            Side::Units(layer) => units(layer),
            Side::UnitsAndOne(layer) => units(layer) + 1,
            Side::One => 1,
        }
    }

    /// "B×784": the examples by their letter, everything else in numbers.
    pub fn shape_text(&self, shape: Shape) -> String {
        format!(
            "{}×{}",
            self.side_text(shape.rows),
            self.side_text(shape.columns)
        )
    }

    /// "B", "784".
    pub fn side_text(&self, side: Side) -> String {
        match side {
            Side::Examples => "B".to_owned(),
            _ => self.length(side).to_string(),
        }
    }

    /// "X", "W¹", "[A¹ 1]" with its column of ones.
    pub fn name(&self, quantity: Quantity) -> String {
        let plain = quantity.to_string();
        if self.bias == BiasAs::Vector {
            return plain;
        }
        match quantity {
            Quantity::Activations(layer) if self.inputs_from(layer) == Side::UnitsAndOne(layer) => {
                format!("[{plain} 1]")
            }
            Quantity::Weights(_) | Quantity::WeightGradients(_) => format!("{plain},b"),
            _ => plain,
        }
    }

    fn slot(&self, sign: &'static str, forward: Quantity) -> Slot {
        Slot {
            sign,
            forward,
            backward: self.partner(forward),
        }
    }

    /// The columns that layer `layer + 1` reads.
    fn inputs_from(&self, layer: usize) -> Side {
        let with_one = self.bias == BiasAs::ExtraUnit
            && self.mistake != Some(Mistake::BiasLeftOut)
            && layer < self.layers();
        if with_one {
            Side::UnitsAndOne(layer)
        } else {
            Side::Units(layer)
        }
    }

    /// The activation of weight layer `layer` (from 1).
    fn activation(&self, layer: usize) -> Activation {
        self.activations
            .get(layer.wrapping_sub(1))
            .copied()
            .unwrap_or(Activation::Linear)
    }
}

#[cfg(test)]
mod tests;
