use super::{ExamplePass, UnitPlace};

/// The three ways to raise a unit: its bias, its weights, the activations of the layer before.
#[derive(Clone, Debug, PartialEq)]
pub struct RaiseWays {
    pub place: UnitPlace,
    /// `−∂C/∂z`: above 0 the cost falls when the unit rises, below 0 all three ways are to be gone backward.
    pub wish: f32,
    /// 1 more adds 1 to the sum.
    pub bias: f32,
    /// Strongest first: where the activation before is large, a weight does much.
    pub weights: Vec<WeightWay>,
    /// Strongest first: where the weight is large, an activation does much.
    pub activations: Vec<ActivationWay>,
}

/// A weight as a way to raise a unit: 1 more of it adds `activation` to the sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightWay {
    pub from: usize,
    pub activation: f32,
    pub weight: f32,
    /// `−∂C/∂w`, what this example wishes of it.
    pub wish: f32,
}

/// An activation before as a way to raise a unit: 1 more of it adds `weight` to the sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActivationWay {
    pub from: usize,
    pub weight: f32,
    pub activation: f32,
    /// `−δ·w`, what this unit wishes of it; other units have their wishes too.
    pub wish: f32,
}

impl RaiseWays {
    /// `None` for an input, which nothing in the network raises, and for a unit that is not there.
    pub fn new(pass: &ExamplePass, place: UnitPlace) -> Option<Self> {
        if !pass.holds(place) || place.layer == 0 {
            return None;
        }
        let layer = &pass.network.layers()[place.layer - 1];
        let gradients = pass.gradients.weights[place.layer - 1].column(place.unit);
        let before = pass.a(place.layer - 1);
        let wish = -pass.delta(place.layer)[place.unit];
        let column = layer.weights.column(place.unit);
        let pairs = || before.iter().zip(column).enumerate();
        let mut weights: Vec<WeightWay> = pairs()
            .zip(gradients)
            .map(|((from, (&activation, &weight)), gradient)| WeightWay {
                from,
                activation,
                weight,
                wish: -gradient,
            })
            .collect();
        weights.sort_by(|one, other| other.activation.abs().total_cmp(&one.activation.abs()));
        let mut activations: Vec<ActivationWay> = pairs()
            .map(|(from, (&activation, &weight))| ActivationWay {
                from,
                weight,
                activation,
                wish: wish * weight,
            })
            .collect();
        activations.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
        Some(Self {
            place,
            wish,
            bias: layer.biases[place.unit],
            weights,
            activations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{INPUT, close, pass, passes};
    use super::*;
    use crate::nn::{Activation, Cost};

    #[test]
    fn the_strongest_ways_come_first_and_are_as_backpropagation_says() {
        for pass in passes() {
            let place = UnitPlace { layer: 2, unit: 3 };
            let ways = RaiseWays::new(&pass, place).unwrap();
            let sizes = |ways: &RaiseWays| -> Vec<f32> {
                ways.weights
                    .iter()
                    .map(|way| way.activation.abs())
                    .collect()
            };
            assert!(sizes(&ways).is_sorted_by(|one, next| one >= next));
            let strengths: Vec<f32> = ways
                .activations
                .iter()
                .map(|way| way.weight.abs())
                .collect();
            assert!(strengths.is_sorted_by(|one, next| one >= next));
            for way in &ways.weights {
                // −∂C/∂w = −δ·a: the stronger the activation, the stronger the wish.
                assert!(close(way.wish, ways.wish * way.activation));
            }
            assert!(close(ways.wish, -pass.gradients.biases[1][3]));
        }
    }

    #[test]
    fn one_more_of_a_way_adds_what_it_says_to_the_sum() {
        let pass = pass(Activation::Tanh, Activation::Softmax, Cost::CrossEntropy);
        let ways = RaiseWays::new(&pass, UnitPlace { layer: 1, unit: 2 }).unwrap();
        let layer = &pass.network.layers()[0];
        let z =
            |x: [f32; 6], w: &[f32], b: f32| x.iter().zip(w).map(|(x, w)| x * w).sum::<f32>() + b;
        let (w, b) = (layer.weights.column(2).to_vec(), layer.biases[2]);
        let usual = z(INPUT, &w, b);
        assert!(close(z(INPUT, &w, b + 1.0) - usual, 1.0));
        let way = ways.weights[0];
        let mut moved = w.clone();
        moved[way.from] += 1.0;
        assert!(close(z(INPUT, &moved, b) - usual, way.activation));
        let way = ways.activations[0];
        let mut x = INPUT;
        x[way.from] += 1.0;
        assert!(close(z(x, &w, b) - usual, way.weight));
    }

    #[test]
    fn nothing_raises_an_input() {
        let pass = pass(Activation::Relu, Activation::Softmax, Cost::CrossEntropy);
        assert_eq!(RaiseWays::new(&pass, UnitPlace { layer: 0, unit: 0 }), None);
        assert_eq!(RaiseWays::new(&pass, UnitPlace { layer: 3, unit: 3 }), None);
    }
}
