use super::{Network, Scalar};
use ndarray::{Array2, ArrayView2};

/// How well a network answers a set of examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// `[classes, classes]`: rows are the truth, columns the answer.
    pub confusion: Array2<u32>,
    /// Sum of the cost over all examples.
    pub cost_sum: f64,
}

impl Evaluation {
    pub fn new(classes: usize) -> Self {
        Self {
            confusion: Array2::zeros((classes, classes)),
            cost_sum: 0.0,
        }
    }

    /// Adds a chunk: `outputs` `[n, classes]` of the network for examples with these `labels`.
    pub fn add<S: Scalar>(
        &mut self,
        network: &Network<S>,
        outputs: ArrayView2<'_, S>,
        labels: &[u8],
    ) {
        let _ = (network, outputs, labels);
        todo!()
    }

    pub fn count(&self) -> u32 {
        todo!()
    }
    pub fn correct(&self) -> u32 {
        todo!()
    }
    /// 0..=1; NaN when empty.
    pub fn accuracy(&self) -> f64 {
        todo!()
    }
    /// Two standard errors of the accuracy: `2·√(p(1 − p)/n)`.
    pub fn two_sigma(&self) -> f64 {
        todo!()
    }
    pub fn mean_cost(&self) -> f64 {
        todo!()
    }
    /// Of those answered `class`, how many are; NaN when none was.
    pub fn precision(&self, class: usize) -> f64 {
        let _ = class;
        todo!()
    }
    /// Of those that are `class`, how many were answered so; NaN when there are none.
    pub fn recall(&self, class: usize) -> f64 {
        let _ = class;
        todo!()
    }
}
