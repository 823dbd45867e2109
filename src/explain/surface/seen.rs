use super::Plane;
use super::weights::{combined, parts};
use crate::nn::{Layer, Network};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

/// Inputs as every network of a plane sees them.
///
/// The sums of the first layer are linear in its weights, `X·W(x, y) = X·W₀ + x·X·U + y·X·V`: with the three products
/// worked out once, only the layers after the first remain for each point of the plane.
#[derive(Clone, Debug)]
pub struct SeenInputs {
    /// `X·W₀`, `X·U` and `X·V` of the first layer, each `[n, units]`.
    products: [Array2<f32>; 3],
}

impl SeenInputs {
    /// `x` is `[n, inputs]`.
    pub fn new(plane: &Plane, x: ArrayView2<'_, f32>) -> Self {
        let products = [plane.origin_numbers(), &plane.axes[0], &plane.axes[1]].map(|numbers| {
            match parts(&plane.origin, numbers).first() {
                Some((weights, _)) => x.dot(weights),
                None => Array2::zeros((x.nrows(), 0)),
            }
        });
        Self { products }
    }

    /// One example, such as the drawing; `None` where it has another number of inputs than the networks.
    pub fn of_one(plane: &Plane, input: &[f32]) -> Option<Self> {
        let fits = input.len() == plane.origin.input_size();
        fits.then(|| Self::new(plane, ArrayView1::from(input).insert_axis(Axis(0))))
    }

    /// What the network at a point of the plane answers, `[n, outputs]`.
    pub fn outputs(&self, plane: &Plane, at: [f32; 2]) -> Array2<f32> {
        let [origin, u, v] = &self.products;
        let mut a = combined(origin.view(), [u.view(), v.view()], at);
        for (l, layer) in layers_at(plane, at).iter().enumerate() {
            match l {
                0 => layer
                    .activation
                    .activate(&mut a.view_mut(), layer.biases.view()),
                _ => a = layer.forward(a.view()),
            }
        }
        a
    }

    /// The mean cost of the inputs with truths `y` `[n, outputs]` at a point of the plane; NaN where a sum is too large
    /// to be a number.
    pub fn mean_cost(&self, plane: &Plane, at: [f32; 2], y: ArrayView2<'_, f32>) -> f32 {
        let outputs = self.outputs(plane, at);
        if outputs.iter().any(|output| !output.is_finite()) {
            return f32::NAN;
        }
        // Sums of outputs that are numbers do not depend on the weights of the network that is asked.
        plane.origin.total_cost(outputs.view(), y) / y.nrows() as f32
    }
}

/// The layers of the network at a point, the first one without weights: its sums are known.
fn layers_at(plane: &Plane, at: [f32; 2]) -> Vec<Layer> {
    let network: &Network = &plane.origin;
    let origin = parts(network, plane.origin_numbers());
    let [u, v] = [0, 1].map(|axis: usize| parts(network, &plane.axes[axis]));
    let numbers = origin.iter().zip(u.iter().zip(&v));
    let layers = network.layers().iter().zip(numbers);
    layers
        .enumerate()
        .map(|(l, (layer, ((w, b), ((uw, ub), (vw, vb)))))| Layer {
            weights: match l {
                0 => Array2::zeros((0, 0)),
                _ => combined(*w, [*uw, *vw], at),
            },
            biases: combined(*b, [*ub, *vb], at),
            activation: layer.activation,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::surface::directions::filter_normalised;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};
    use std::sync::Arc;

    fn plane(sizes: &[usize], output: Activation, cost: Cost) -> Plane {
        let architecture = Architecture {
            sizes: sizes.to_vec(),
            hidden: Activation::Tanh,
            output,
            cost,
        };
        let rng = &mut StdRng::seed_from_u64(8);
        let network = Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap();
        let axes = [0, 1].map(|_| filter_normalised(&network, rng));
        Plane::new(Arc::new(network), axes).unwrap()
    }

    fn batch(inputs: usize, outputs: usize) -> (Array2<f32>, Array2<f32>) {
        let rng = &mut StdRng::seed_from_u64(9);
        let x = Array2::from_shape_simple_fn((6, inputs), || rng.random::<f32>());
        let y = Array2::from_shape_fn((6, outputs), |(i, j)| f32::from(u8::from(i % outputs == j)));
        (x, y)
    }

    #[test]
    fn the_cost_at_every_point_is_that_of_the_network_there_in_double_precision() {
        for sizes in [&[9, 4][..], &[9, 8, 4], &[9, 8, 7, 4]] {
            for (output, cost) in [
                (Activation::Softmax, Cost::CrossEntropy),
                (Activation::Sigmoid, Cost::Quadratic),
                (Activation::Softmax, Cost::Quadratic),
            ] {
                let plane = plane(sizes, output, cost);
                let (x, y) = batch(9, 4);
                let seen = SeenInputs::new(&plane, x.view());
                for at in [[0.0, 0.0], [1.0, 0.0], [-0.5, 0.75], [2.0, -3.0]] {
                    let network = plane.network_at(at).unwrap().cast::<f64>();
                    let (x, y64) = (x.mapv(f64::from), y.mapv(f64::from));
                    let exact = network.mean_cost(x.view(), y64.view());
                    let found = f64::from(seen.mean_cost(&plane, at, y.view()));
                    assert!(
                        (found / exact - 1.0).abs() < 2e-5,
                        "{sizes:?} {output:?} {at:?}: {found} {exact}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_drawing_is_answered_as_the_network_at_the_point_answers_it() {
        let plane = plane(&[9, 8, 4], Activation::Softmax, Cost::CrossEntropy);
        let input: Vec<f32> = (0..9).map(|cell| cell as f32 / 9.0).collect();
        let seen = SeenInputs::of_one(&plane, &input).unwrap();
        let at = [0.3, -0.7];
        let expected = plane.network_at(at).unwrap().predict(&input);
        let found = seen.outputs(&plane, at);
        assert!(
            (&found.row(0) - &expected)
                .iter()
                .all(|gap| gap.abs() < 1e-6)
        );
        assert!(SeenInputs::of_one(&plane, &input[1..]).is_none());
    }

    #[test]
    fn sums_too_large_to_be_numbers_cost_nan() {
        let plane = plane(&[9, 8, 4], Activation::Sigmoid, Cost::Quadratic);
        let (x, y) = batch(9, 4);
        let seen = SeenInputs::new(&plane, x.view());
        assert!(
            seen.mean_cost(&plane, [f32::MAX, f32::MAX], y.view())
                .is_nan()
        );
    }
}
