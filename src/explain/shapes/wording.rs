//! What comes of a matrix of the tape, in plain words with the numbers in them.

use super::{BiasAs, MatrixOperation, MatrixOperationKind, Mistake, Outcome, Quantity, Tape};
use crate::nn::Activation;

impl Tape {
    /// What comes of `quantity`, in a sentence or two, with the numbers.
    pub fn sentence(&self, quantity: Quantity) -> String {
        let name = self.name(quantity);
        match self.outcome(quantity) {
            Outcome::Fits => match self.operation(quantity) {
                Some(operation) => self.how_it_fits(&operation),
                None => format!("{name} is given: {}.", quantity.words()),
            },
            Outcome::FitsByChance { length } => format!(
                "It is built all the same, because {length} happens to be both sides: nothing crashes, and every \
                 number in {name} is wrong. That is why “it runs” proves nothing, and the gradient check does."
            ),
            Outcome::Clash { left, right } => self.why_it_clashes(quantity, left, right),
            Outcome::NotReached { missing } => format!(
                "{name} is never reached: it is made from {}, which cannot be built.",
                self.name(missing)
            ),
            Outcome::LeftOut => self.what_is_lost(quantity),
        }
    }

    /// What the number at `row` and `column` of the result is made from.
    pub fn cell_sentence(&self, operation: &MatrixOperation, row: usize, column: usize) -> String {
        let cell = format!("{}[{row},{column}]", self.name(operation.result));
        let names: Vec<String> = operation
            .operands
            .iter()
            .map(|operand| self.operand_name(operand))
            .collect();
        let all = names.join(" and ");
        match (operation.kind, names.as_slice()) {
            (kind, [left, right, rest @ ..]) if kind.is_product() => {
                let summed = self
                    .summed_over(operation)
                    .map_or(0, |side| self.length(side));
                let bias = match rest {
                    [bias] => format!(", and {bias}[0,{column}] is added"),
                    _ => String::new(),
                };
                format!(
                    "Row {row} of {left} and column {column} of {right} meet in {cell}: {summed} products are summed{bias}."
                )
            }
            (MatrixOperationKind::MeanOfRows, _) => {
                format!(
                    "All {} numbers of column {column} of {all} are summed in {cell}.",
                    self.batch
                )
            }
            (MatrixOperationKind::ActivateRows | MatrixOperationKind::OutputErrorsByRow, _) => {
                format!("{cell} is made from the whole row {row} of {all}.")
            }
            (MatrixOperationKind::MeanCost, _) => format!("All of {all} goes into the one number."),
            _ => format!("{cell} is made from the same cell of {all}."),
        }
    }

    /// What comes of the mistake in all; `None` without one.
    pub fn verdict(&self) -> Option<String> {
        let mistake = self.mistake?;
        let verdict = match (mistake, self.first_failure()) {
            (_, Some(failure)) => {
                let chance = self.chance_note();
                format!(
                    "The pass stops at {}. {}{chance}",
                    self.name(failure),
                    self.sentence(failure)
                )
            }
            (Mistake::TransposeForgotten, None) => format!(
                "Every product can be built here without transposing, by chance.{}",
                self.chance_note()
            ),
            (Mistake::BiasLeftOut, None) => {
                let biases: usize = self.sizes[1..].iter().sum();
                format!(
                    "All shapes fit, so nothing stops the program; what cannot be built are the {} gradients ∂C/∂b and \
                     their {biases} numbers, which have nothing left to change. No unit can move its threshold any \
                     more: a blank page gives 0 in every sum of the first layer, whatever is learned.",
                    self.layers()
                )
            }
        };
        Some(verdict)
    }

    fn how_it_fits(&self, operation: &MatrixOperation) -> String {
        let name = self.name(operation.result);
        let summed = self.summed_over(operation);
        let count = summed.map_or(0, |side| self.length(side));
        let names: Vec<String> = operation
            .operands
            .iter()
            .map(|operand| self.operand_name(operand))
            .collect();
        let first = names.first().map_or("", String::as_str);
        let second = names.get(1).map_or("", String::as_str);
        let layer = operation.result.layer();
        match operation.kind {
            MatrixOperationKind::WeightedSums => format!(
                "Each row of {first} (an example) meets each column of {second} (a unit), and {count} products are \
                 summed; {} is then added to every row.",
                names.get(2).map_or("", String::as_str)
            ),
            MatrixOperationKind::Product if !operation.result.is_backward() => format!(
                "Each row of {first} (an example) meets each column of {second} (a unit), and {count} products are \
                 summed{}.",
                match self.bias {
                    BiasAs::ExtraUnit => ", the last of them 1 times the bias",
                    BiasAs::Vector => "",
                }
            ),
            MatrixOperationKind::Product => format!(
                "The wishes of all {count} units of the layer after are summed, for each example by itself. \
                 W is transposed: the sum runs over the units that it leads to."
            ),
            MatrixOperationKind::MeanProduct => format!(
                "The sides of {} meet and are summed over, so that B is gone: one gradient, however large the \
                 mini-batch. {} is transposed to bring its examples inside.",
                self.examples_text(),
                self.name(Quantity::Activations(layer - 1))
            ),
            MatrixOperationKind::MeanOfRows => format!(
                "The rows, one for each of {}, are summed: B is gone. It is the product with a row of ones, because \
                 a bias is the weight of an input that is always 1.",
                self.examples_text()
            ),
            MatrixOperationKind::Activate => match self.activation(layer) {
                Activation::Linear => {
                    format!("Without an activation {name} is {first} itself, and the derivative is 1.")
                }
                other => format!("{} of every number by itself; the shape stays.", other.label()),
            },
            MatrixOperationKind::ActivateRows => {
                "The numbers of a row become shares of 1, so every one depends on the whole row; the shape stays."
                    .to_owned()
            }
            MatrixOperationKind::MeanCost => format!(
                "One cost for each example, and then their mean over {}: B is gone, one number is left.",
                self.examples_text()
            ),
            MatrixOperationKind::Difference => format!(
                "Cost and activation are differentiated together, and the difference is what remains; the shape is \
                 that of {}.",
                Quantity::Sums(self.layers())
            ),
            MatrixOperationKind::OutputErrors => {
                "The slope of the cost times the slope of the activation, number by number; the shape stays.".to_owned()
            }
            MatrixOperationKind::OutputErrorsByRow => {
                "The slope of the cost goes back through softmax, row by row; the shape stays.".to_owned()
            }
            MatrixOperationKind::PullBack => {
                let extra = match self.bias {
                    BiasAs::ExtraUnit => {
                        "The last column is dropped, since nothing leads to a unit that is always 1; then "
                    }
                    BiasAs::Vector => "",
                };
                let text = match self.activation(layer) {
                    Activation::Linear => {
                        "without an activation the derivative is 1, and nothing changes".to_owned()
                    }
                    _ => "every number is multiplied by the slope of its own activation; the shape stays".to_owned(),
                };
                sentence(&format!("{extra}{text}."))
            }
        }
    }

    fn why_it_clashes(&self, quantity: Quantity, left: [usize; 2], right: [usize; 2]) -> String {
        let Some(operation) = self.operation(quantity) else {
            return String::new();
        };
        let names: Vec<String> = operation
            .operands
            .iter()
            .map(|operand| self.name(operand.quantity))
            .collect();
        let [first, second, ..] = names.as_slice() else {
            return String::new();
        };
        let product = format!(
            "[{}×{}]·[{}×{}] is no product: {first} has {} columns, {second} has {} rows.",
            left[0], left[1], right[0], right[1], left[1], right[0]
        );
        let remedy = match (self.mistake, quantity) {
            (Some(Mistake::BiasLeftOut), _) => format!(
                " The row of biases in {second} waits for a column of ones, an extra input that is always 1."
            ),
            (_, Quantity::WeightGradients(_)) => format!(
                " Transposed, {first} is [{}×{}]: the examples come inside and are summed over.",
                left[1], left[0]
            ),
            _ => format!(
                " Transposed, {second} is [{}×{}]: the units that it leads to come inside.",
                right[1], right[0]
            ),
        };
        product + &remedy
    }

    fn what_is_lost(&self, quantity: Quantity) -> String {
        let name = quantity.to_string();
        let shape = self.lengths(self.shape(quantity));
        match quantity {
            Quantity::Biases(layer) => format!(
                "{name} [1×{}] is left out. {} keeps its shape, so nothing complains; but no unit of the layer can move \
                 its threshold: where all its inputs are 0, so is its sum.",
                shape[1],
                Quantity::Sums(layer)
            ),
            _ => format!(
                "{name} [1×{}] could be summed up, but has nowhere to go: there is no bias to change.",
                shape[1]
            ),
        }
    }

    /// Which products are built by chance, as a sentence of its own; empty where none is.
    fn chance_note(&self) -> String {
        let by_chance = self.in_order().into_iter().filter_map(|quantity| {
            let operation = self.operation(quantity)?;
            let [left, right, ..] = operation.operands.as_slice() else {
                return None;
            };
            let outcome = operation
                .kind
                .is_product()
                .then(|| self.meet(left, right))?;
            matches!(outcome, Outcome::FitsByChance { .. }).then(|| self.name(quantity))
        });
        let by_chance: Vec<String> = by_chance.collect();
        if by_chance.is_empty() {
            return String::new();
        }
        format!(
            " {} would be built by chance, since the sides happen to be equal: no crash, and wrong numbers.",
            by_chance.join(" and ")
        )
    }

    /// "the 32 examples", "the one example".
    fn examples_text(&self) -> String {
        match self.batch {
            1 => "the one example".to_owned(),
            count => format!("the {count} examples"),
        }
    }
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
