use super::Scalar;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Zip};
use serde::{Deserialize, Serialize};

/// The function that turns a layer's weighted sums `z` into its activations `a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `a = z`; the derivative is 1.
    Linear,
    /// `a = 1 / (1 + e^−z)`
    Sigmoid,
    /// `a = tanh z`
    Tanh,
    /// `a = max(0, z)`; NaN passes through.
    Relu,
    /// `a = z` where `z > 0`, else `0.01 z`.
    LeakyRelu,
    /// `a_j = e^{z_j} / Σ_k e^{z_k}` over one row; for the output layer.
    Softmax,
}

impl Activation {
    /// All of them, in the order of a menu.
    pub const ALL: [Self; 6] = [
        Self::Linear,
        Self::Sigmoid,
        Self::Tanh,
        Self::Relu,
        Self::LeakyRelu,
        Self::Softmax,
    ];

    /// The name as a person writes it: "ReLU".
    pub fn label(self) -> &'static str {
        match self {
            Self::Linear => "Linear",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "Leaky ReLU",
            Self::Softmax => "Softmax",
        }
    }

    /// The name in files and on the command line: "relu".
    pub fn id(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Softmax => "softmax",
        }
    }

    /// `da/dz`, told from the activation `a` alone. Softmax gives the diagonal of its Jacobian.
    pub fn derivative<S: Scalar>(self, a: S) -> S {
        match self {
            Self::Linear => S::one(),
            Self::Sigmoid | Self::Softmax => sigmoid_derivative(a),
            Self::Tanh => tanh_derivative(a),
            Self::Relu => relu_derivative(a),
            Self::LeakyRelu => leaky_relu_derivative(a),
        }
    }

    /// `A = σ(Z + b)` in place: `z` `[batch, units]` comes in as `X·W` and leaves as `A`.
    pub fn activate<S: Scalar>(self, z: &mut ArrayViewMut2<'_, S>, biases: ArrayView1<'_, S>) {
        match self {
            Self::Linear => add_and_map(z, biases, |z| z),
            Self::Sigmoid => add_and_map(z, biases, sigmoid),
            Self::Tanh => add_and_map(z, biases, S::tanh),
            Self::Relu => add_and_map(z, biases, relu),
            Self::LeakyRelu => add_and_map(z, biases, leaky_relu),
            Self::Softmax => {
                add_and_map(z, biases, |z| z);
                z.rows_mut().into_iter().for_each(softmax);
            }
        }
    }

    /// The chain rule through `A = σ(Z)` in place: `delta` `[batch, units]` comes in as `∂C/∂A` and leaves
    /// as `∂C/∂Z`.
    pub(super) fn pull_back<S: Scalar>(
        self,
        a: ArrayView2<'_, S>,
        delta: &mut ArrayViewMut2<'_, S>,
    ) {
        match self {
            Self::Linear => {}
            Self::Sigmoid => multiply_by(sigmoid_derivative, a, delta),
            Self::Tanh => multiply_by(tanh_derivative, a, delta),
            Self::Relu => multiply_by(relu_derivative, a, delta),
            Self::LeakyRelu => multiply_by(leaky_relu_derivative, a, delta),
            Self::Softmax => Zip::from(a.rows())
                .and(delta.rows_mut())
                .for_each(softmax_pull_back),
        }
    }
}

/// Slope of the leaky ReLU below zero.
const LEAK: f64 = 0.01;

fn sigmoid<S: Scalar>(z: S) -> S {
    S::one() / (S::one() + (-z).exp())
}

fn sigmoid_derivative<S: Scalar>(a: S) -> S {
    a * (S::one() - a)
}

fn tanh_derivative<S: Scalar>(a: S) -> S {
    S::one() - a * a
}

/// Written so that NaN passes: `f32::max(NaN, 0)` would be 0 and hide a network that has diverged.
fn relu<S: Scalar>(z: S) -> S {
    if z < S::zero() { S::zero() } else { z }
}

fn relu_derivative<S: Scalar>(a: S) -> S {
    if a <= S::zero() { S::zero() } else { S::one() }
}

fn leaky_relu<S: Scalar>(z: S) -> S {
    if z < S::zero() {
        S::from_f64(LEAK) * z
    } else {
        z
    }
}

fn leaky_relu_derivative<S: Scalar>(a: S) -> S {
    if a <= S::zero() {
        S::from_f64(LEAK)
    } else {
        S::one()
    }
}

/// One row of sums turned into probabilities. The largest sum is taken off first, so that no exponential
/// overflows; the quotient does not change.
fn softmax<S: Scalar>(mut z: ArrayViewMut1<'_, S>) {
    let largest = z.fold(S::neg_infinity(), |m, &z| if z > m { z } else { m });
    z.mapv_inplace(|z| (z - largest).exp());
    let sum = z.sum();
    z.mapv_inplace(|e| e / sum);
}

/// `∂C/∂z_j = Σ_k ∂C/∂a_k · ∂a_k/∂z_j` with `∂a_k/∂z_j = a_k (1{j=k} − a_j)`, which is `a_j (g_j − Σ_k g_k a_k)`.
fn softmax_pull_back<S: Scalar>(a: ArrayView1<'_, S>, mut g: ArrayViewMut1<'_, S>) {
    let mean = a.dot(&g);
    Zip::from(&mut g)
        .and(a)
        .for_each(|g, &a| *g = a * (*g - mean));
}

/// `z = f(z + b)` for every row of `z`.
fn add_and_map<S: Scalar>(
    z: &mut ArrayViewMut2<'_, S>,
    biases: ArrayView1<'_, S>,
    f: impl Fn(S) -> S,
) {
    for row in z.rows_mut() {
        Zip::from(row).and(biases).for_each(|z, &b| *z = f(*z + b));
    }
}

fn multiply_by<S: Scalar>(
    derivative: impl Fn(S) -> S,
    a: ArrayView2<'_, S>,
    delta: &mut ArrayViewMut2<'_, S>,
) {
    Zip::from(delta)
        .and(a)
        .for_each(|d, &a| *d *= derivative(a));
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn activated(activation: Activation, mut z: Array2<f64>) -> Array2<f64> {
        let biases = ndarray::Array1::zeros(z.ncols());
        activation.activate(&mut z.view_mut(), biases.view());
        z
    }

    #[test]
    fn activations_have_their_textbook_values() {
        let z = array![[-2.0, 0.0, 3.0]];
        let close = |activation, expected: [f64; 3]| {
            for (a, e) in activated(activation, z.clone()).iter().zip(expected) {
                assert!((a - e).abs() < 1e-9, "{activation:?}: {a} instead of {e}");
            }
        };
        close(Activation::Linear, [-2.0, 0.0, 3.0]);
        close(Activation::Sigmoid, [0.119_202_922, 0.5, 0.952_574_127]);
        close(Activation::Tanh, [-0.964_027_580, 0.0, 0.995_054_754]);
        close(Activation::Relu, [0.0, 0.0, 3.0]);
        close(Activation::LeakyRelu, [-0.02, 0.0, 3.0]);
        // e^−5, e^−3 and 1, divided by their sum.
        close(
            Activation::Softmax,
            [0.006_377_460_9, 0.047_123_416_9, 0.946_499_122_2],
        );
    }

    #[test]
    fn the_bias_is_added_before_the_function() {
        let mut z = array![[-1.0_f32, -1.0], [1.0, 1.0]];
        Activation::Relu.activate(&mut z.view_mut(), array![3.0, -3.0].view());
        assert_eq!(z, array![[2.0, 0.0], [4.0, 0.0]]);
    }

    #[test]
    fn nan_passes_through_every_activation() {
        for activation in Activation::ALL {
            let a = activated(activation, array![[1.0, f64::NAN, -1.0]]);
            assert!(a[[0, 1]].is_nan(), "{activation:?} swallowed NaN");
        }
    }

    #[test]
    fn softmax_of_huge_sums_neither_overflows_nor_underflows_to_nan() {
        let a = activated(Activation::Softmax, array![[1e30, 0.0, -1e30]]);
        assert_eq!(a, array![[1.0, 0.0, 0.0]]);
        let a = activated(Activation::Softmax, array![[-1000.0, -1000.0]]);
        assert_eq!(a, array![[0.5, 0.5]]);
    }

    #[test]
    fn derivatives_agree_with_the_slope_of_the_function() {
        let h = 1e-6;
        for activation in Activation::ALL {
            if activation == Activation::Softmax {
                continue;
            }
            for z in [-1.5, -0.2, 0.3, 2.0] {
                let a = activated(activation, array![[z - h, z, z + h]]);
                let slope = (a[[0, 2]] - a[[0, 0]]) / (2.0 * h);
                let derivative = activation.derivative(a[[0, 1]]);
                assert!((slope - derivative).abs() < 1e-8, "{activation:?} at {z}");
            }
        }
    }
}
