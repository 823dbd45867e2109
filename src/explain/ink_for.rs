use crate::nn::Network;
use ndarray::{Array1, Array2, ArrayView1, Axis};

/// What the ink of each cell adds to a question about the output sums, measured from blank paper.
#[derive(Clone, Debug, PartialEq)]
pub struct InkFor {
    /// One number a cell, 0 where there is no ink: above 0 it speaks for, below 0 against.
    pub cells: Vec<f32>,
    /// The question answered for the drawing, `s(x)`.
    pub with_ink: f32,
    /// The question answered for blank paper, `s(0)`. The cells add up to the difference, but for what the steps of
    /// the sum leave over.
    pub blank: f32,
}

/// What is asked of the output sums `z`: a sum of some of them, each with a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// `s = z_k`
    Output(u8),
    /// `s = z_j − z_k`; with softmax outputs that is `ln(a_j / a_k)`.
    Difference(u8, u8),
}

/// Places on the way from blank paper to the drawing. With 24 the cells add up to within 2 % on the bundled network.
const STEPS: usize = 24;

impl InkFor {
    /// Integrated gradients (Sundararajan, Taly and Yan, ICML 2017) of `s` along the straight way from blank paper:
    /// cell `i` is given `x_i · mean over t of ∂s/∂x_i at t·x`, with `t` in the middle of each of 24 steps.
    ///
    /// `input` has one number for each input of `network`; an output that is not there counts as 0.
    pub fn new(network: &Network, input: &[f32], question: Question) -> Self {
        let x = ArrayView1::from(input);
        let way = Array2::from_shape_fn((STEPS, input.len()), |(step, cell)| {
            (step as f32 + 0.5) / STEPS as f32 * input[cell]
        });
        let slope = input_gradients(network, way, question)
            .mean_axis(Axis(0))
            .unwrap_or_else(|| Array1::zeros(input.len()));
        let ends = Array2::from_shape_fn((2, input.len()), |(end, cell)| end as f32 * input[cell]);
        let trace = network.trace(ends.view());
        let ask = |end: usize| match trace.zs.last() {
            Some(z) => question.factors(z.ncols()).dot(&z.row(end)),
            None => 0.0,
        };
        Self {
            cells: (&x * &slope).to_vec(),
            with_ink: ask(1),
            blank: ask(0),
        }
    }
}

impl Question {
    /// `∂s/∂z`, one number for each output.
    fn factors(self, outputs: usize) -> Array1<f32> {
        let mut factors = Array1::zeros(outputs);
        let mut add = |output: u8, factor: f32| {
            if let Some(place) = factors.get_mut(usize::from(output)) {
                *place += factor;
            }
        };
        match self {
            Self::Output(output) => add(output, 1.0),
            Self::Difference(more, less) => {
                add(more, 1.0);
                add(less, -1.0);
            }
        }
        factors
    }
}

/// `∂s/∂x` for each row of `x` `[n, inputs]`: backpropagation from the output sums, one layer beyond the first.
fn input_gradients(network: &Network, x: Array2<f32>, question: Question) -> Array2<f32> {
    let trace = network.trace(x.view());
    let layers = network.layers();
    let factors = question.factors(network.output_size());
    let mut delta =
        Array2::from_shape_fn((x.nrows(), factors.len()), |(_, output)| factors[output]);
    for (l, layer) in layers.iter().enumerate().rev() {
        delta = delta.dot(&layer.weights.t());
        if let Some(before) = l.checked_sub(1) {
            // δˡ⁻¹ = (δˡ·(Wˡ)ᵀ) ⊙ σ′(Zˡ⁻¹)
            let sigma = layers[before].activation;
            delta *= &trace.activations[l].mapv(|a| sigma.derivative(a));
        }
    }
    delta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init, Layer};
    use ndarray::array;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn network(hidden: Activation) -> Network {
        let architecture = Architecture {
            sizes: vec![6, 8, 5, 3],
            hidden,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let rng = &mut StdRng::seed_from_u64(4);
        Network::init(&architecture, Init::Xavier, BiasInit::Zero, rng).unwrap()
    }

    fn s(network: &Network, x: &[f32], question: Question) -> f32 {
        let x = Array2::from_shape_vec((1, x.len()), x.to_vec()).unwrap();
        let z = network.trace(x.view()).zs.pop().unwrap();
        question.factors(3).dot(&z.row(0))
    }

    #[test]
    fn a_linear_network_gives_each_cell_its_weight_times_its_ink() {
        let layer = Layer {
            weights: array![[2.0, 1.0], [-3.0, 0.5], [7.0, 7.0]],
            biases: array![0.25, -0.5],
            activation: Activation::Softmax,
        };
        let network = Network::new(vec![layer], Cost::CrossEntropy).unwrap();
        let found = InkFor::new(&network, &[1.0, 0.5, 0.0], Question::Difference(0, 1));
        // (2 − 1)·1, (−3 − 0.5)·0.5, and nothing where there is no ink.
        for (cell, expected) in found.cells.iter().zip([1.0, -1.75, 0.0]) {
            assert!((cell - expected).abs() < 1e-6, "{found:?}");
        }
        assert_eq!(found.blank, 0.75);
        assert!((found.with_ink - (0.75 + 1.0 - 1.75)).abs() < 1e-6);
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_question() {
        let x = [0.3, 0.9, 0.0, 0.5, 1.0, 0.2];
        let h = 1e-2;
        for hidden in [Activation::Sigmoid, Activation::Tanh, Activation::Linear] {
            let network = network(hidden);
            let question = Question::Difference(2, 0);
            let row = Array2::from_shape_vec((1, 6), x.to_vec()).unwrap();
            let found = input_gradients(&network, row, question);
            for cell in 0..6 {
                let at = |step: f32| {
                    let mut moved = x;
                    moved[cell] += step;
                    s(&network, &moved, question)
                };
                let slope = (at(h) - at(-h)) / (2.0 * h);
                let gradient = found[[0, cell]];
                assert!(
                    (gradient - slope).abs() < 1e-3,
                    "{hidden:?}: {gradient} {slope}"
                );
            }
        }
    }

    #[test]
    fn the_cells_add_up_to_what_the_ink_changes() {
        let x = [0.3, 0.9, 0.0, 0.5, 1.0, 0.2];
        for hidden in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
            let network = network(hidden);
            let question = Question::Output(1);
            let found = InkFor::new(&network, &x, question);
            let sum: f32 = found.cells.iter().sum();
            let change = s(&network, &x, question) - s(&network, &[0.0; 6], question);
            assert!((found.with_ink - found.blank - change).abs() < 1e-5);
            assert!((sum - change).abs() < 0.02, "{hidden:?}: {sum} {change}");
        }
    }
}
