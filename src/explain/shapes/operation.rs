use super::{BiasAs, Mistake, Quantity, Side, Tape};
use crate::nn::{Activation, Cost};

/// How one matrix of the tape is made from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixOperation {
    pub kind: MatrixOperationKind,
    pub operands: Vec<Operand>,
    pub result: Quantity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatrixOperationKind {
    /// A matrix product, and where there is a third operand, that added to every row: `Z = A·W + b`.
    WeightedSums,
    /// A matrix product.
    Product,
    /// `∂C/∂W = Aᵀ·δ / B`: a matrix product whose inner side are the examples.
    MeanProduct,
    /// The rows are summed up: `∂C/∂b = Σ δ / B`.
    MeanOfRows,
    /// `A = σ(Z)`, number by number.
    Activate,
    /// Softmax: every row for itself, but not number by number.
    ActivateRows,
    /// The mean over the examples.
    MeanCost,
    /// `δᴸ = A − Y`, number by number.
    Difference,
    /// `δᴸ` of the squared error: back through the activation.
    OutputErrors,
    /// The same through softmax, row by row.
    OutputErrorsByRow,
    /// `δ = ∂C/∂A ⊙ σ′(Z)`, number by number.
    PullBack,
}

/// A matrix that an operation reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    pub quantity: Quantity,
    pub transposed: bool,
}

/// The part of a matrix that one number is made from, or goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Row(usize),
    Column(usize),
    Cell(usize, usize),
    All,
}

impl Part {
    /// The same part after rows and columns have changed places.
    pub fn transposed(self) -> Self {
        match self {
            Self::Row(row) => Self::Column(row),
            Self::Column(column) => Self::Row(column),
            Self::Cell(row, column) => Self::Cell(column, row),
            Self::All => Self::All,
        }
    }
}

impl MatrixOperationKind {
    /// "matrix product", "element-wise".
    pub fn words(self) -> &'static str {
        match self {
            Self::WeightedSums => "matrix product, then element-wise: b is added to every row",
            Self::Product => "matrix product",
            Self::MeanProduct => "matrix product, divided by B",
            Self::MeanOfRows => "sum over the rows, divided by B",
            Self::Activate | Self::Difference | Self::OutputErrors | Self::PullBack => {
                "element-wise: every number for itself"
            }
            Self::ActivateRows | Self::OutputErrorsByRow => {
                "row by row: the outputs of an example depend on each other"
            }
            Self::MeanCost => "one number for each row, then their mean",
        }
    }

    /// Whether rows meet columns in it.
    pub fn is_product(self) -> bool {
        matches!(self, Self::WeightedSums | Self::Product | Self::MeanProduct)
    }
}

impl Tape {
    /// The operation that makes `result`; `None` for what is given: inputs, truths, weights and biases.
    pub fn operation(&self, result: Quantity) -> Option<MatrixOperation> {
        let last = self.layers();
        let plain = |quantity| Operand {
            quantity,
            transposed: false,
        };
        let transposed = |quantity| Operand {
            quantity,
            transposed: self.mistake != Some(Mistake::TransposeForgotten),
        };
        let (kind, operands) = match result {
            Quantity::Activations(0)
            | Quantity::Weights(_)
            | Quantity::Biases(_)
            | Quantity::Truths => return None,
            Quantity::Sums(layer) => {
                let mut operands = vec![
                    plain(Quantity::Activations(layer - 1)),
                    plain(Quantity::Weights(layer)),
                ];
                let is_vector = self.bias == BiasAs::Vector;
                if is_vector && self.mistake != Some(Mistake::BiasLeftOut) {
                    operands.push(plain(Quantity::Biases(layer)));
                    (MatrixOperationKind::WeightedSums, operands)
                } else {
                    (MatrixOperationKind::Product, operands)
                }
            }
            Quantity::Activations(layer) => {
                let kind = match self.activation(layer) {
                    Activation::Softmax => MatrixOperationKind::ActivateRows,
                    _ => MatrixOperationKind::Activate,
                };
                (kind, vec![plain(Quantity::Sums(layer))])
            }
            Quantity::Cost => (
                MatrixOperationKind::MeanCost,
                vec![plain(Quantity::Activations(last)), plain(Quantity::Truths)],
            ),
            Quantity::Errors(layer) if layer == last => {
                let kind = match (self.cost, self.activation(last)) {
                    (Cost::CrossEntropy, _) | (_, Activation::Linear) => {
                        MatrixOperationKind::Difference
                    }
                    (Cost::Quadratic, Activation::Softmax) => {
                        MatrixOperationKind::OutputErrorsByRow
                    }
                    (Cost::Quadratic, _) => MatrixOperationKind::OutputErrors,
                };
                let outputs = plain(Quantity::Activations(last));
                (kind, vec![outputs, plain(Quantity::Truths)])
            }
            Quantity::Errors(layer) => (
                MatrixOperationKind::PullBack,
                vec![
                    plain(Quantity::ActivationSlopes(layer)),
                    plain(Quantity::Sums(layer)),
                ],
            ),
            Quantity::ActivationSlopes(layer) => (
                MatrixOperationKind::Product,
                vec![
                    plain(Quantity::Errors(layer + 1)),
                    transposed(Quantity::Weights(layer + 1)),
                ],
            ),
            Quantity::WeightGradients(layer) => (
                MatrixOperationKind::MeanProduct,
                vec![
                    transposed(Quantity::Activations(layer - 1)),
                    plain(Quantity::Errors(layer)),
                ],
            ),
            Quantity::BiasGradients(layer) => (
                MatrixOperationKind::MeanOfRows,
                vec![plain(Quantity::Errors(layer))],
            ),
        };
        Some(MatrixOperation {
            kind,
            operands,
            result,
        })
    }

    /// The operation in which `quantity` is looked at: the one that makes it, or for what is given the one that makes
    /// its partner, or else the first that reads it.
    pub fn operation_about(&self, quantity: Quantity) -> Option<MatrixOperation> {
        let partners = || {
            self.partner(quantity)
                .and_then(|partner| self.operation(partner))
        };
        let readers = || {
            let operations = self
                .in_order()
                .into_iter()
                .filter_map(|made| self.operation(made));
            let reads = |operation: &MatrixOperation| {
                let mut operands = operation.operands.iter();
                operands.any(|operand| operand.quantity == quantity)
            };
            operations.into_iter().find(reads)
        };
        self.operation(quantity).or_else(partners).or_else(readers)
    }

    /// The side that the operation sums over, and that is gone from the shape of its result.
    pub fn summed_over(&self, operation: &MatrixOperation) -> Option<Side> {
        match operation.kind {
            MatrixOperationKind::WeightedSums
            | MatrixOperationKind::Product
            | MatrixOperationKind::MeanProduct => {
                let left = operation.operands.first()?;
                let shape = self.shape(left.quantity);
                Some(if left.transposed {
                    shape.rows
                } else {
                    shape.columns
                })
            }
            MatrixOperationKind::MeanOfRows | MatrixOperationKind::MeanCost => Some(Side::Examples),
            _ => None,
        }
    }

    /// The parts of the operands, as they lie in their own matrices, that the number at `row` and `column` of the
    /// result is made from: in a product the row and the column that meet.
    pub fn meeting(
        operation: &MatrixOperation,
        row: usize,
        column: usize,
    ) -> Vec<(Quantity, Part)> {
        let by_place = |place: usize| match operation.kind {
            MatrixOperationKind::WeightedSums
            | MatrixOperationKind::Product
            | MatrixOperationKind::MeanProduct => match place {
                0 => Part::Row(row),
                1 => Part::Column(column),
                _ => Part::Cell(0, column),
            },
            MatrixOperationKind::MeanOfRows => Part::Column(column),
            MatrixOperationKind::ActivateRows | MatrixOperationKind::OutputErrorsByRow => {
                Part::Row(row)
            }
            MatrixOperationKind::MeanCost => Part::All,
            MatrixOperationKind::Activate
            | MatrixOperationKind::Difference
            | MatrixOperationKind::OutputErrors
            | MatrixOperationKind::PullBack => Part::Cell(row, column),
        };
        let operands = operation.operands.iter().enumerate();
        operands
            .map(|(place, operand)| {
                let part = by_place(place);
                let own = if operand.transposed {
                    part.transposed()
                } else {
                    part
                };
                (operand.quantity, own)
            })
            .collect()
    }

    /// "Z¹ = X·W¹ + b¹", "∂C/∂W¹ = Xᵀ·δ¹ / B".
    pub fn formula(&self, operation: &MatrixOperation) -> String {
        let result = self.name(operation.result);
        let names: Vec<String> = operation
            .operands
            .iter()
            .map(|operand| self.operand_name(operand))
            .collect();
        let sigma = |layer: Quantity| match layer {
            Quantity::Activations(layer) | Quantity::Errors(layer) => {
                self.activation(layer).label()
            }
            _ => "σ",
        };
        match (operation.kind, names.as_slice()) {
            (MatrixOperationKind::WeightedSums, [a, w, b]) => format!("{result} = {a}·{w} + {b}"),
            (MatrixOperationKind::MeanProduct, [a, b]) => format!("{result} = {a}·{b} / B"),
            (MatrixOperationKind::Product, [a, b]) => format!("{result} = {a}·{b}"),
            (MatrixOperationKind::MeanOfRows, [a]) => format!("{result} = Σ {a} / B"),
            (MatrixOperationKind::Activate | MatrixOperationKind::ActivateRows, [z]) => {
                format!("{} = {}({z})", operation.result, sigma(operation.result))
            }
            (MatrixOperationKind::MeanCost, [a, y]) => format!("{result} = Σ cost({a}, {y}) / B"),
            (MatrixOperationKind::Difference, [a, y]) => format!("{result} = {a} − {y}"),
            (
                MatrixOperationKind::OutputErrors | MatrixOperationKind::OutputErrorsByRow,
                [a, y],
            ) => {
                let z = Quantity::Sums(self.layers());
                format!("{result} = ({a} − {y}) ⊙ σ′({z})")
            }
            (MatrixOperationKind::PullBack, [slopes, z]) => {
                format!("{result} = {slopes} ⊙ σ′({z})")
            }
            (_, names) => format!("{result} = {}", names.join(", ")),
        }
    }

    /// "Xᵀ", "(A¹)ᵀ".
    pub fn operand_name(&self, operand: &Operand) -> String {
        let name = self.name(operand.quantity);
        if !operand.transposed {
            name
        } else if name.chars().count() == 1 || name.starts_with('[') {
            format!("{name}ᵀ")
        } else {
            format!("({name})ᵀ")
        }
    }
}
