//! The mathematics against PyTorch 2.15.0: `pytorch_reference/reference.py` printed `reference.txt`.

use super::{Activation, Cost, Layer, Network, Optimizer, OptimizerKind, Workspace, backprop};
use ndarray::{Array1, Array2, array};

const REFERENCE: &str = include_str!("pytorch_reference/reference.txt");

/// The numbers of the line with that name.
fn reference(name: &str) -> Vec<f64> {
    REFERENCE
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap_or_else(|| panic!("reference.txt has no line '{name}'"))
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect()
}

/// `table` of the script.
fn table(rows: usize, columns: usize, factor: i32, modulus: i32, divisor: f64) -> Array2<f64> {
    let mut k = -1;
    Array2::from_shape_simple_fn((rows, columns), || {
        k += 1;
        f64::from((k * factor) % modulus - modulus / 2) / divisor
    })
}

/// `fresh` of the script.
fn network(output: Activation, cost: Cost) -> Network<f64> {
    let first = Layer {
        weights: table(4, 5, 7, 11, 10.0),
        biases: table(1, 5, 2, 5, 8.0).row(0).to_owned(),
        activation: Activation::Tanh,
    };
    let second = Layer {
        weights: table(5, 3, 6, 13, 9.0),
        biases: table(1, 3, 2, 3, 5.0).row(0).to_owned(),
        activation: output,
    };
    Network::new(vec![first, second], cost).unwrap()
}

/// `X` and `Y` of the script.
fn examples() -> (Array2<f64>, Array2<f64>) {
    let y = array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    (table(3, 4, 5, 7, 4.0), y)
}

/// `w1`, `b1`, `w2`, `b2` in one row.
fn flat<'a>(layers: impl Iterator<Item = (&'a Array2<f64>, &'a Array1<f64>)>) -> Vec<f64> {
    layers
        .flat_map(|(w, b)| w.iter().chain(b.iter()).copied())
        .collect()
}

#[track_caller]
fn assert_agrees(found: &[f64], name: &str) {
    let expected = reference(name);
    assert_eq!(found.len(), expected.len(), "{name}");
    for (k, (f, e)) in found.iter().zip(&expected).enumerate() {
        let apart = (f - e).abs();
        assert!(apart < 1e-13, "{name}, number {k}: {f} instead of {e}");
    }
}

#[test]
fn outputs_costs_and_gradients_agree_with_pytorch() {
    for output in [Activation::Softmax, Activation::Sigmoid] {
        for cost in Cost::ALL {
            let network = network(output, cost);
            let (x, y) = examples();
            let mut workspace = Workspace::new(&network, 3);
            let mean_cost = backprop(&network, x.view(), y.view(), &mut workspace);
            let outputs: Vec<f64> = workspace.outputs(3).iter().copied().collect();
            let found = &workspace.gradients;
            let gradients = flat(found.weights.iter().zip(&found.biases));

            assert_agrees(&outputs, &format!("{output:?} {cost:?} outputs"));
            assert_agrees(&[mean_cost], &format!("{output:?} {cost:?} cost"));
            assert_agrees(&gradients, &format!("{output:?} {cost:?} gradients"));
        }
    }
}

#[test]
fn three_steps_of_every_optimizer_agree_with_pytorch() {
    for kind in OptimizerKind::ALL {
        let learning_rate = match kind {
            OptimizerKind::Sgd | OptimizerKind::Momentum | OptimizerKind::Nesterov => 0.5,
            OptimizerKind::Adam | OptimizerKind::AdamW => 0.05,
        };
        let mut network = network(Activation::Softmax, Cost::CrossEntropy);
        let (x, y) = examples();
        let mut workspace = Workspace::new(&network, 3);
        let mut optimizer = Optimizer::new(kind, &network);
        for _ in 0..3 {
            backprop(&network, x.view(), y.view(), &mut workspace);
            optimizer.step(&mut network, &workspace.gradients, learning_rate, 0.9, 0.1);
        }
        let layers = network.layers().iter();
        let parameters = flat(layers.map(|layer| (&layer.weights, &layer.biases)));
        assert_agrees(&parameters, &format!("{kind:?} after three steps"));
    }
}
