use super::{Activation, Scalar};
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, Zip};
use serde::{Deserialize, Serialize};

/// How far an answer is from the truth, for one example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// `C = ½‖a − y‖²`
    Quadratic,
    /// Softmax outputs: `C = −Σ y ln a`. Sigmoid outputs: `C = −Σ (y ln a + (1 − y) ln(1 − a))`.
    CrossEntropy,
}

impl Cost {
    pub const ALL: [Self; 2] = [Self::Quadratic, Self::CrossEntropy];

    /// "Quadratic", "Cross-entropy".
    pub fn label(self) -> &'static str {
        match self {
            Self::Quadratic => "Quadratic",
            Self::CrossEntropy => "Cross-entropy",
        }
    }

    /// "quadratic", "cross_entropy".
    pub fn id(self) -> &'static str {
        match self {
            Self::Quadratic => "quadratic",
            Self::CrossEntropy => "cross_entropy",
        }
    }

    /// Whether this cost can be taken of outputs with that activation; the error is the reason in words.
    pub fn check_output(self, output: Activation) -> Result<(), &'static str> {
        match (self, output) {
            (Self::Quadratic, _)
            | (Self::CrossEntropy, Activation::Sigmoid | Activation::Softmax) => Ok(()),
            (Self::CrossEntropy, Activation::Linear) => Err(
                "cross-entropy takes the logarithm of the outputs, and linear outputs can be negative; \
                 use softmax or sigmoid outputs, or the quadratic cost",
            ),
            (Self::CrossEntropy, Activation::Tanh) => Err(
                "cross-entropy takes the logarithm of the outputs, and tanh outputs can be negative; \
                 use softmax or sigmoid outputs, or the quadratic cost",
            ),
            (Self::CrossEntropy, Activation::Relu) => Err(
                "cross-entropy takes the outputs as probabilities, and ReLU outputs can be 0 or above 1; \
                 use softmax or sigmoid outputs, or the quadratic cost",
            ),
            (Self::CrossEntropy, Activation::LeakyRelu) => Err(
                "cross-entropy takes the logarithm of the outputs, and leaky ReLU outputs can be negative; \
                 use softmax or sigmoid outputs, or the quadratic cost",
            ),
        }
    }

    /// What one output `a` with truth `y` adds to the cost of an example.
    pub fn term<S: Scalar>(self, output: Activation, a: S, y: S) -> S {
        match (self, output) {
            (Self::Quadratic, _) => S::from_f64(0.5) * (a - y) * (a - y),
            (Self::CrossEntropy, Activation::Sigmoid) => {
                // 0 − x and not −x: an answer without fault costs 0, not −0.
                S::zero()
                    - (y_ln(y, a, S::min_positive_value())
                        + y_ln(S::one() - y, S::one() - a, S::epsilon()))
            }
            (Self::CrossEntropy, _) => S::zero() - y_ln(y, a, S::min_positive_value()),
        }
    }

    /// The cost of one example: the sum of the [`Cost::term`]s of the outputs `a` with truths `y`.
    pub fn of<S: Scalar>(
        self,
        output: Activation,
        a: ArrayView1<'_, S>,
        y: ArrayView1<'_, S>,
    ) -> S {
        let outputs = a.iter().zip(y);
        outputs.fold(S::zero(), |sum, (&a, &y)| sum + self.term(output, a, y))
    }

    /// `δ = ∂C/∂Z` of an output layer with this activation, row by row; everything is `[batch, outputs]`.
    ///
    /// Cost and activation are differentiated together, because the denominators of the cross-entropy
    /// cancel against `σ′`: with sigmoid outputs, and with softmax outputs when each row of `y` sums to 1,
    /// what remains is `a − y`. The quadratic cost has `∂C/∂a = a − y` and then goes back through `σ`.
    pub(super) fn delta<S: Scalar>(
        self,
        output: Activation,
        a: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        delta: &mut ArrayViewMut2<'_, S>,
    ) {
        Zip::from(&mut *delta)
            .and(a)
            .and(y)
            .for_each(|d, &a, &y| *d = a - y);
        match self {
            Self::CrossEntropy => {}
            Self::Quadratic => output.pull_back(a, delta),
        }
    }
}

/// `y ln x`, with 0 ln 0 = 0, and `x` no smaller than `floor`: an answer that is wrong beyond the numbers'
/// reach costs much instead of infinitely much. Written so that NaN passes, which `max` would swallow.
fn y_ln<S: Scalar>(y: S, x: S, floor: S) -> S {
    if y == S::zero() && !x.is_nan() {
        return S::zero();
    }
    y * if x < floor { floor } else { x }.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    #[test]
    fn an_answer_without_fault_costs_nothing_and_not_less() {
        for output in [Activation::Softmax, Activation::Sigmoid] {
            let (a, y) = (array![0.0f32, 1.0], array![0.0, 1.0]);
            let cost = Cost::CrossEntropy.of(output, a.view(), y.view());
            assert!(cost == 0.0 && cost.is_sign_positive(), "{output:?}");
            let term = Cost::CrossEntropy.term(output, 1.0f32, 1.0);
            assert!(term == 0.0 && term.is_sign_positive(), "{output:?}");
        }
    }

    #[test]
    fn costs_have_their_textbook_values() {
        let a: Array1<f64> = array![0.2, 0.7, 0.1];
        let y = array![0.0, 1.0, 0.0];
        let cost = |cost: Cost, output| cost.of(output, a.view(), y.view());
        // ½ (0.04 + 0.09 + 0.01)
        let quadratic = cost(Cost::Quadratic, Activation::Softmax);
        assert!((quadratic - 0.07).abs() < 1e-12);
        // −ln 0.7
        let softmax = cost(Cost::CrossEntropy, Activation::Softmax);
        assert!((softmax - 0.356_674_943_9).abs() < 1e-9);
        // −ln 0.8 − ln 0.7 − ln 0.9
        let sigmoid = cost(Cost::CrossEntropy, Activation::Sigmoid);
        assert!((sigmoid - 0.685_179_010_9).abs() < 1e-9);
    }

    #[test]
    fn a_confident_wrong_answer_costs_much_but_not_infinitely_much() {
        let a: Array1<f32> = array![1.0, 0.0];
        let y = array![0.0, 1.0];
        for output in [Activation::Sigmoid, Activation::Softmax] {
            let cost = Cost::CrossEntropy.of(output, a.view(), y.view());
            assert!(cost.is_finite() && cost > 15.0, "{output:?}: {cost}");
        }
    }

    #[test]
    fn a_confident_right_answer_costs_nothing() {
        let a: Array1<f32> = array![0.0, 1.0];
        for output in [Activation::Sigmoid, Activation::Softmax] {
            assert_eq!(Cost::CrossEntropy.of(output, a.view(), a.view()), 0.0);
        }
    }

    #[test]
    fn nan_passes_through_every_cost() {
        for cost in Cost::ALL {
            for y in [0.0, 1.0] {
                for output in [Activation::Sigmoid, Activation::Softmax] {
                    assert!(cost.term(output, f32::NAN, y).is_nan());
                }
            }
        }
    }

    #[test]
    fn cross_entropy_wants_outputs_that_are_probabilities() {
        for output in Activation::ALL {
            assert_eq!(Cost::Quadratic.check_output(output), Ok(()));
            let allowed = matches!(output, Activation::Sigmoid | Activation::Softmax);
            match Cost::CrossEntropy.check_output(output) {
                Ok(()) => assert!(allowed, "{output:?}"),
                Err(reason) => {
                    assert!(!allowed, "{output:?}");
                    assert!(
                        reason
                            .to_lowercase()
                            .contains(&output.label().to_lowercase())
                    );
                }
            }
        }
    }
}
