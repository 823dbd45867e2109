use crate::nn::Network;
use ndarray::{Array2, ArrayView1, Axis};

/// What one output adds to the cost of an example, and which way it should go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostTerm {
    pub output: usize,
    pub answer: f32,
    pub truth: f32,
    pub cost: f32,
    /// `−∂C/∂z` of the output: positive when it should rise.
    pub wish: f32,
}

/// The cost of `outputs` (of `network`) when the truth is `label`, term by term.
pub fn cost_terms(network: &Network, outputs: &[f32], label: u8) -> Vec<CostTerm> {
    let truth = Array2::from_shape_fn((1, outputs.len()), |(_, output)| {
        f32::from(u8::from(output == usize::from(label)))
    });
    let answers = ArrayView1::from(outputs).insert_axis(Axis(0));
    let delta = network.output_delta(answers, truth.view());
    let activation = network.architecture().output;
    answers
        .iter()
        .zip(&truth)
        .zip(&delta)
        .enumerate()
        .map(|(output, ((&answer, &truth), &delta))| CostTerm {
            output,
            answer,
            truth,
            cost: network.cost().term(activation, answer, truth),
            wish: -delta,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::{Array1, array};

    fn network(activation: Activation, cost: Cost) -> Network {
        let layer = Layer {
            weights: Array2::eye(3),
            biases: Array1::zeros(3),
            activation,
        };
        Network::new(vec![layer], cost).unwrap()
    }

    fn close(found: f32, expected: f32) -> bool {
        (found - expected).abs() < 1e-6
    }

    #[test]
    fn squared_errors_are_shared_out_over_the_outputs() {
        let network = network(Activation::Sigmoid, Cost::Quadratic);
        let terms = cost_terms(&network, &[0.15, 0.72, 0.5], 0);
        // ½·0.85², ½·0.72², ½·0.5²
        assert!(close(terms[0].cost, 0.361_25));
        assert!(close(terms[1].cost, 0.259_2));
        assert!(close(terms[2].cost, 0.125));
        // (y − a)·a·(1 − a)
        assert!(close(terms[0].wish, 0.85 * 0.15 * 0.85));
        assert!(close(terms[1].wish, -0.72 * 0.72 * 0.28));
        assert!(close(terms[2].wish, -0.5 * 0.25));
    }

    #[test]
    fn cross_entropy_of_softmax_is_all_on_the_true_output() {
        let network = network(Activation::Softmax, Cost::CrossEntropy);
        let terms = cost_terms(&network, &[0.2, 0.7, 0.1], 2);
        assert_eq!((terms[0].cost, terms[1].cost), (0.0, 0.0));
        assert!(close(terms[2].cost, 10.0_f32.ln()));
        assert!(close(terms[0].wish, -0.2));
        assert!(close(terms[1].wish, -0.7));
        assert!(close(terms[2].wish, 0.9));
        assert_eq!((terms[2].output, terms[2].truth), (2, 1.0));
    }

    #[test]
    fn wishes_are_the_slopes_of_the_cost_downhill() {
        let z = array![0.3_f64, -0.8, 1.1];
        let h = 1e-5;
        for activation in Activation::ALL {
            for cost in Cost::ALL {
                if cost.check_output(activation).is_err() {
                    continue;
                }
                let network = network(activation, cost);
                let exact = network.cast::<f64>();
                let y = array![[0.0, 1.0, 0.0]];
                let terms = cost_terms(&network, &network.predict(&[0.3, -0.8, 1.1]).to_vec(), 1);
                for term in terms {
                    let cost_at = |step: f64| {
                        let mut z = z.clone();
                        z[term.output] += step;
                        exact.mean_cost(z.insert_axis(Axis(0)).view(), y.view())
                    };
                    let slope = (cost_at(h) - cost_at(-h)) / (2.0 * h);
                    let name = format!("{activation:?}, {cost:?}: {term:?}, slope {slope}");
                    assert!(close(term.wish, -slope as f32), "{name}");
                }
            }
        }
    }
}
