use crate::nn::{Network, Trace};

/// What one unit computes for one example: `z = Σ w·a + b`, `a = σ(z)`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitSum {
    /// All terms, the strongest `|w·a|` first.
    pub terms: Vec<Term>,
    pub bias: f32,
    pub z: f32,
    pub a: f32,
}

/// One summand `w·a` of a unit's weighted sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// The unit of the layer before.
    pub from: usize,
    pub weight: f32,
    pub activation: f32,
}

impl Term {
    pub fn product(&self) -> f32 {
        self.weight * self.activation
    }
}

/// The sum of unit `unit` of weight layer `layer` (from 0) for row 0 of `trace`; `None` when there is no such unit.
pub fn unit_sum(network: &Network, trace: &Trace, layer: usize, unit: usize) -> Option<UnitSum> {
    let weights = &network.layers().get(layer)?.weights;
    if unit >= weights.ncols() {
        return None;
    }
    let mut terms: Vec<Term> = trace
        .activations
        .get(layer)?
        .rows()
        .into_iter()
        .next()?
        .iter()
        .zip(weights.column(unit))
        .enumerate()
        .map(|(from, (&activation, &weight))| Term {
            from,
            weight,
            activation,
        })
        .collect();
    terms.sort_by(|s, t| t.product().abs().total_cmp(&s.product().abs()));
    Some(UnitSum {
        terms,
        bias: *network.layers()[layer].biases.get(unit)?,
        z: *trace.zs.get(layer)?.get((0, unit))?,
        a: *trace.activations.get(layer + 1)?.get((0, unit))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::array;

    fn network() -> Network {
        let first = Layer {
            weights: array![[1.0, -2.0], [3.0, 0.5], [0.25, 4.0]],
            biases: array![0.5, -1.0],
            activation: Activation::Relu,
        };
        let second = Layer {
            weights: array![[2.0], [1.0]],
            biases: array![-3.0],
            activation: Activation::Sigmoid,
        };
        Network::new(vec![first, second], Cost::Quadratic).unwrap()
    }

    #[test]
    fn a_unit_is_its_terms_and_its_bias_strongest_first() {
        let network = network();
        let trace = network.trace(array![[2.0, -0.5, 0.0]].view());
        let sum = unit_sum(&network, &trace, 0, 1).unwrap();
        let products: Vec<_> = sum.terms.iter().map(|t| (t.from, t.product())).collect();
        assert_eq!(products, [(0, -4.0), (1, -0.25), (2, 0.0)]);
        assert_eq!((sum.bias, sum.z, sum.a), (-1.0, -5.25, 0.0));
    }

    #[test]
    fn a_later_unit_sums_over_the_activations_before_it() {
        let network = network();
        let trace = network.trace(array![[2.0, -0.5, 0.0]].view());
        let sum = unit_sum(&network, &trace, 1, 0).unwrap();
        // Layer 1 is [max(0, 2 − 1.5 + 0.5), 0] = [1, 0]; 2·1 + 1·0 − 3 = −1; σ(−1) = 0.2689.
        assert_eq!(sum.terms[0].product(), 2.0);
        assert_eq!(sum.terms[1].product(), 0.0);
        assert_eq!(sum.z, -1.0);
        assert!((sum.a - 0.268_941_4).abs() < 1e-6);
    }

    #[test]
    fn there_is_no_sum_of_a_unit_that_is_not_there() {
        let network = network();
        let trace = network.trace(array![[2.0, -0.5, 0.0]].view());
        assert_eq!(unit_sum(&network, &trace, 0, 2), None);
        assert_eq!(unit_sum(&network, &trace, 2, 0), None);
        let no_examples = network.trace(ndarray::Array2::zeros((0, 3)).view());
        assert_eq!(unit_sum(&network, &no_examples, 0, 0), None);
    }
}
