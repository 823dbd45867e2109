use super::{BiasAs, Operand, Quantity, Tape};

/// A mistake that is made so often that it is worth trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mistake {
    /// No matrix is transposed on the way back.
    TransposeForgotten,
    /// No bias is added (or, with the bias as an extra unit, no column of ones).
    BiasLeftOut,
}

/// Whether a matrix of the tape can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Fits,
    /// The inner sides count different things and have the same length by chance: it is built, and wrong.
    FitsByChance {
        length: usize,
    },
    /// The inner sides differ.
    Clash {
        left: [usize; 2],
        right: [usize; 2],
    },
    /// It would be made from one that cannot be built.
    NotReached {
        missing: Quantity,
    },
    /// It was left out, or there is nothing left for it to change.
    LeftOut,
}

impl Mistake {
    pub const ALL: [Self; 2] = [Self::TransposeForgotten, Self::BiasLeftOut];

    pub fn label(self) -> &'static str {
        match self {
            Self::TransposeForgotten => "Forget to transpose",
            Self::BiasLeftOut => "Leave the bias out",
        }
    }
}

impl Outcome {
    /// Whether the program would stop here, or never come here.
    pub fn is_built(self) -> bool {
        matches!(self, Self::Fits | Self::FitsByChance { .. })
    }
}

impl Tape {
    /// Whether `quantity` can be built.
    pub fn outcome(&self, quantity: Quantity) -> Outcome {
        let no_bias = self.mistake == Some(Mistake::BiasLeftOut) && self.bias == BiasAs::Vector;
        if no_bias && matches!(quantity, Quantity::Biases(_) | Quantity::BiasGradients(_)) {
            return Outcome::LeftOut;
        }
        let Some(operation) = self.operation(quantity) else {
            return Outcome::Fits;
        };
        for operand in &operation.operands {
            match self.outcome(operand.quantity) {
                Outcome::Clash { .. } => {
                    return Outcome::NotReached {
                        missing: operand.quantity,
                    };
                }
                not_reached @ Outcome::NotReached { .. } => return not_reached,
                _ => {}
            }
        }
        match (operation.operands.as_slice(), operation.kind.is_product()) {
            ([left, right, ..], true) => self.meet(left, right),
            _ => Outcome::Fits,
        }
    }

    /// The first matrix, in the order of the pass, that cannot be built.
    pub fn first_failure(&self) -> Option<Quantity> {
        let broken = |quantity: &Quantity| matches!(self.outcome(*quantity), Outcome::Clash { .. });
        self.in_order().into_iter().find(broken)
    }

    /// Every matrix that is made, in the order in which it is made: forward, then back.
    pub fn in_order(&self) -> Vec<Quantity> {
        let layers = self.layers();
        let forward =
            (1..=layers).flat_map(|layer| [Quantity::Sums(layer), Quantity::Activations(layer)]);
        let mut all: Vec<Quantity> = forward.collect();
        all.push(Quantity::Cost);
        for layer in (1..=layers).rev() {
            all.push(Quantity::Errors(layer));
            all.push(Quantity::WeightGradients(layer));
            if self.bias == BiasAs::Vector {
                all.push(Quantity::BiasGradients(layer));
            }
            if layer > 1 {
                all.push(Quantity::ActivationSlopes(layer - 1));
            }
        }
        all
    }

    /// Two factors fit when the inner sides have the same length; whether they count the same is another matter.
    pub(super) fn meet(&self, left: &Operand, right: &Operand) -> Outcome {
        let sides = |operand: &Operand| {
            let shape = self.shape(operand.quantity);
            if operand.transposed {
                [shape.columns, shape.rows]
            } else {
                [shape.rows, shape.columns]
            }
        };
        let (one, other) = (sides(left), sides(right));
        let (inner, outer) = (one[1], other[0]);
        let length = self.length(inner);
        if length != self.length(outer) {
            Outcome::Clash {
                left: one.map(|side| self.length(side)),
                right: other.map(|side| self.length(side)),
            }
        } else if inner == outer {
            Outcome::Fits
        } else {
            Outcome::FitsByChance { length }
        }
    }
}
