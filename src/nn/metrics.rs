use super::{Network, Scalar};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

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

    /// Adds a chunk: `outputs` `[n, classes]` of the network for examples with these `labels`, which are
    /// below `classes`.
    pub fn add<S: Scalar>(
        &mut self,
        network: &Network<S>,
        outputs: ArrayView2<'_, S>,
        labels: &[u8],
    ) {
        let mut truth = Array1::zeros(outputs.ncols());
        for (a, &label) in outputs.rows().into_iter().zip(labels) {
            let label = usize::from(label);
            self.confusion[[label, argmax(a)]] += 1;
            truth[label] = S::one();
            self.cost_sum += network.cost_of(a, truth.view()).to_f64();
            truth[label] = S::zero();
        }
    }

    /// Adds what was found on other examples.
    pub fn merge(&mut self, other: &Self) {
        self.confusion += &other.confusion;
        self.cost_sum += other.cost_sum;
    }

    /// Examples.
    pub fn count(&self) -> u32 {
        self.confusion.sum()
    }

    /// Examples answered rightly.
    pub fn correct(&self) -> u32 {
        self.confusion.diag().sum()
    }

    /// 0..=1; NaN when empty.
    pub fn accuracy(&self) -> f64 {
        ratio(self.correct(), self.count())
    }

    /// Two standard errors of the accuracy: `2·√(p(1 − p)/n)`; NaN when empty.
    pub fn two_sigma(&self) -> f64 {
        let p = self.accuracy();
        2.0 * (p * (1.0 - p) / f64::from(self.count())).sqrt()
    }

    /// Mean cost of an example; NaN when empty.
    pub fn mean_cost(&self) -> f64 {
        self.cost_sum / f64::from(self.count())
    }

    /// Of those answered `class`, how many are; NaN when none was.
    pub fn precision(&self, class: usize) -> f64 {
        let answered = self.confusion.column(class).sum();
        ratio(self.confusion[[class, class]], answered)
    }

    /// Of those that are `class`, how many were answered so; NaN when there are none.
    pub fn recall(&self, class: usize) -> f64 {
        let present = self.confusion.row(class).sum();
        ratio(self.confusion[[class, class]], present)
    }
}

/// The place of the largest output: the network's answer. The first of equals; 0 when all are NaN.
pub fn argmax<S: Scalar>(outputs: ArrayView1<'_, S>) -> usize {
    let mut answer = 0;
    let mut largest = S::neg_infinity();
    for (i, &a) in outputs.iter().enumerate() {
        if a > largest {
            (answer, largest) = (i, a);
        }
    }
    answer
}

fn ratio(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::{Array2, array};

    /// Passes its input on.
    fn identity() -> Network<f64> {
        let layer = Layer {
            weights: Array2::eye(3),
            biases: Array1::zeros(3),
            activation: Activation::Linear,
        };
        Network::new(vec![layer], Cost::Quadratic).unwrap()
    }

    fn five_answers() -> Evaluation {
        let mut evaluation = Evaluation::new(3);
        let outputs = array![
            [1.0, 0.0, 0.0], // 0, rightly
            [0.5, 0.0, 0.0], // 0, rightly
            [0.0, 1.0, 0.0], // 1 instead of 0
            [0.0, 1.0, 0.0], // 1, rightly
            [1.0, 0.0, 0.0], // 0 instead of 2
        ];
        evaluation.add(&identity(), outputs.view(), &[0, 0, 0, 1, 2]);
        evaluation
    }

    #[test]
    fn rows_of_the_confusion_are_the_truth() {
        let expected = array![[2, 1, 0], [0, 1, 0], [1, 0, 0]];
        assert_eq!(five_answers().confusion, expected);
    }

    #[test]
    fn scores_follow_from_the_confusion() {
        let evaluation = five_answers();
        assert_eq!((evaluation.count(), evaluation.correct()), (5, 3));
        assert_eq!(evaluation.accuracy(), 0.6);
        assert!((evaluation.two_sigma() - 2.0 * (0.24_f64 / 5.0).sqrt()).abs() < 1e-12);
        assert_eq!(evaluation.precision(0), 2.0 / 3.0);
        assert_eq!(evaluation.precision(1), 0.5);
        assert!(evaluation.precision(2).is_nan());
        assert_eq!(evaluation.recall(0), 2.0 / 3.0);
        assert_eq!(evaluation.recall(1), 1.0);
        assert_eq!(evaluation.recall(2), 0.0);
    }

    #[test]
    fn the_mean_cost_is_over_examples() {
        // 0, ½·¼, ½·2, 0, ½·2 over five.
        assert!((five_answers().mean_cost() - 2.125 / 5.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_evaluation_has_no_accuracy() {
        let evaluation = Evaluation::new(10);
        assert!(evaluation.accuracy().is_nan() && evaluation.mean_cost().is_nan());
        assert!(evaluation.two_sigma().is_nan() && evaluation.recall(0).is_nan());
    }

    #[test]
    fn merging_chunks_is_the_same_as_adding_all() {
        let mut merged = five_answers();
        merged.merge(&five_answers());
        assert_eq!(merged.count(), 10);
        assert_eq!(merged.accuracy(), 0.6);
        assert!((merged.mean_cost() - 2.125 / 5.0).abs() < 1e-12);
    }

    #[test]
    fn the_answer_is_the_first_of_the_largest() {
        assert_eq!(argmax(array![0.1_f32, 0.7, 0.2].view()), 1);
        assert_eq!(argmax(array![0.5_f32, 0.5].view()), 0);
        assert_eq!(argmax(array![f32::NAN, 0.5].view()), 1);
        assert_eq!(argmax(array![-3.0_f32, -2.0].view()), 1);
    }
}
