use crate::nn::{Activation, Cost, Layer, Network, NetworkError};
use ndarray::array;
use std::ops::RangeInclusive;
use thiserror::Error;

/// Units in a row, one a layer: `aˡ = σ(wˡ·aˡ⁻¹ + bˡ)` from `a⁰ = x` to the answer `aᴸ`, which costs `C = (aᴸ − y)²`.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// `x`
    pub input: f64,
    /// `y`
    pub truth: f64,
    /// The first layer first.
    pub links: Vec<ChainLink>,
}

/// One layer of a [`Chain`]: its only weight, its only bias and its activation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainLink {
    pub weight: f64,
    pub bias: f64,
    pub activation: Activation,
}

/// All that a [`Chain`] computes forward, and every derivative of its cost.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainPass {
    /// `z¹ … zᴸ`
    pub sums: Vec<f64>,
    /// `a⁰ … aᴸ`, the input first: one more than the sums.
    pub activations: Vec<f64>,
    /// `C = (aᴸ − y)²`
    pub cost: f64,
    /// In the order in which backpropagation meets them, from the cost back to the input; that by the truth is the last.
    pub derivatives: Vec<ChainDerivative>,
}

/// `∂C/∂place` as the product that the chain rule makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainDerivative {
    pub of: ChainPlace,
    /// From the cost towards the place.
    pub factors: Vec<ChainFactor>,
    /// The product of the factors.
    pub value: f64,
}

/// One factor of a derivative with its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainFactor {
    pub slope: ChainSlope,
    pub value: f64,
}

/// A quantity of a chain. Layers count from 1; activation 0 is the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChainPlace {
    Cost,
    Truth,
    Activation(usize),
    Sum(usize),
    Weight(usize),
    Bias(usize),
}

/// How a quantity of a chain depends on the one just before it: a factor of the chain rule. Layers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChainSlope {
    /// `∂C/∂aᴸ = 2(aᴸ − y)`
    CostByAnswer,
    /// `∂C/∂y = −2(aᴸ − y)`
    CostByTruth,
    /// `∂aˡ/∂zˡ = σ′(zˡ)`
    ActivationBySum(usize),
    /// `∂zˡ/∂wˡ = aˡ⁻¹`
    SumByWeight(usize),
    /// `∂zˡ/∂bˡ = 1`
    SumByBias(usize),
    /// `∂zˡ/∂aˡ⁻¹ = wˡ`
    SumByActivation(usize),
}

/// Why a chain cannot be computed, or not be changed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ChainError {
    #[error("this chain cannot be built: {0}")]
    Network(#[from] NetworkError),
    #[error("the numbers of this chain have become too large to compute with")]
    TooLarge,
    #[error(
        "with the learning rate {learning_rate} the step leaps out of all bounds: {name} would become {value:.1e}; \
         make the learning rate smaller"
    )]
    LeaptAway {
        learning_rate: f64,
        /// "weight 2"
        name: String,
        value: f64,
    },
}

impl Chain {
    /// How many layers a person can still follow.
    pub const LAYERS: RangeInclusive<usize> = 2..=4;
    /// What a layer of one unit can have; softmax over one unit would always be 1.
    pub const ACTIVATIONS: [Activation; 5] = [
        Activation::Linear,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::LeakyRelu,
    ];
    /// A step that makes a weight or a bias larger than this is refused.
    pub const LARGEST: f64 = 1e6;

    /// The chain as a network like any other. Its cost is half of `C`, see [`Cost::Quadratic`].
    pub fn network(&self) -> Result<Network<f64>, NetworkError> {
        let layer = |link: &ChainLink| Layer {
            weights: array![[link.weight]],
            biases: array![link.bias],
            activation: link.activation,
        };
        Network::new(self.links.iter().map(layer).collect(), Cost::Quadratic)
    }

    /// Everything forward, and everything back.
    pub fn pass(&self) -> Result<ChainPass, ChainError> {
        let trace = self.network()?.trace(array![[self.input]].view());
        let sums: Vec<f64> = trace.zs.iter().flatten().copied().collect();
        let activations: Vec<f64> = trace.activations.iter().flatten().copied().collect();
        let answer = activations.last().copied().unwrap_or(self.input);
        let cost = (answer - self.truth).powi(2);
        let derivatives = self.derivatives(&activations, answer);
        let slopes = derivatives.iter().map(|derivative| derivative.value);
        let numbers = sums.iter().chain(&activations).copied().chain(slopes);
        if !cost.is_finite() || numbers.into_iter().any(|number| !number.is_finite()) {
            return Err(ChainError::TooLarge);
        }
        Ok(ChainPass {
            sums,
            activations,
            cost,
            derivatives,
        })
    }

    /// The chain after one step of gradient descent: every weight and bias has moved against its derivative, all
    /// at once, `w ← w − η·∂C/∂w`.
    pub fn stepped(&self, learning_rate: f64) -> Result<Self, ChainError> {
        let pass = self.pass()?;
        let mut next = self.clone();
        for (l, link) in next.links.iter_mut().enumerate() {
            let layer = l + 1;
            for (place, name, number) in [
                (ChainPlace::Weight(layer), "weight", &mut link.weight),
                (ChainPlace::Bias(layer), "bias", &mut link.bias),
            ] {
                let value = *number - learning_rate * pass.slope(place);
                if value.is_nan() || value.abs() > Self::LARGEST {
                    return Err(ChainError::LeaptAway {
                        learning_rate,
                        name: format!("{name} {layer}"),
                        value,
                    });
                }
                *number = value;
            }
        }
        next.pass()?;
        Ok(next)
    }

    /// The chain rule, written down on the way back: each quantity has the factors of the one after it and one more.
    fn derivatives(&self, activations: &[f64], answer: f64) -> Vec<ChainDerivative> {
        let cost_slope = 2.0 * (answer - self.truth);
        let answer_place = ChainPlace::Activation(self.links.len());
        let mut after = ChainDerivative::start(answer_place, ChainSlope::CostByAnswer, cost_slope);
        let mut all = vec![after.clone()];
        for (l, link) in self.links.iter().enumerate().rev() {
            let layer = l + 1;
            let (before, activation) = (activations[l], activations[layer]);
            let sigma_slope = link.activation.derivative(activation);
            let sum = after.then(
                ChainPlace::Sum(layer),
                ChainSlope::ActivationBySum(layer),
                sigma_slope,
            );
            let weight = sum.then(
                ChainPlace::Weight(layer),
                ChainSlope::SumByWeight(layer),
                before,
            );
            let bias = sum.then(ChainPlace::Bias(layer), ChainSlope::SumByBias(layer), 1.0);
            let slope = ChainSlope::SumByActivation(layer);
            after = sum.then(ChainPlace::Activation(l), slope, link.weight);
            all.extend([sum, weight, bias, after.clone()]);
        }
        let by_truth = ChainSlope::CostByTruth;
        all.push(ChainDerivative::start(
            ChainPlace::Truth,
            by_truth,
            -cost_slope,
        ));
        all
    }
}

impl ChainPass {
    /// `∂C/∂place`; the cost depends on itself with 1, and on what this chain does not have with 0.
    pub fn slope(&self, place: ChainPlace) -> f64 {
        if place == ChainPlace::Cost {
            return 1.0;
        }
        let found = self.derivatives.iter().find(|one| one.of == place);
        found.map_or(0.0, |derivative| derivative.value)
    }

    /// The length of the gradient over all weights and biases.
    pub fn gradient_norm(&self) -> f64 {
        let learnt =
            |one: &&ChainDerivative| matches!(one.of, ChainPlace::Weight(_) | ChainPlace::Bias(_));
        let squares = self.derivatives.iter().filter(learnt);
        squares.map(|one| one.value.powi(2)).sum::<f64>().sqrt()
    }
}

impl ChainDerivative {
    fn start(of: ChainPlace, slope: ChainSlope, value: f64) -> Self {
        Self {
            of,
            factors: vec![ChainFactor { slope, value }],
            value,
        }
    }

    /// The derivative one quantity further back.
    fn then(&self, of: ChainPlace, slope: ChainSlope, value: f64) -> Self {
        let mut factors = self.factors.clone();
        factors.push(ChainFactor { slope, value });
        Self {
            of,
            factors,
            value: self.value * value,
        }
    }
}

impl ChainSlope {
    /// The quantity whose number this factor is, or is told from.
    pub fn lives_at(self) -> ChainPlace {
        match self {
            Self::CostByAnswer | Self::CostByTruth => ChainPlace::Cost,
            Self::ActivationBySum(layer) => ChainPlace::Sum(layer),
            Self::SumByWeight(layer) => ChainPlace::Activation(layer.saturating_sub(1)),
            Self::SumByBias(layer) => ChainPlace::Bias(layer),
            Self::SumByActivation(layer) => ChainPlace::Weight(layer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Workspace, backprop};

    fn link(weight: f64, bias: f64, activation: Activation) -> ChainLink {
        ChainLink {
            weight,
            bias,
            activation,
        }
    }

    fn linear_chain() -> Chain {
        Chain {
            input: 2.0,
            truth: 1.0,
            links: vec![
                link(3.0, -1.0, Activation::Linear),
                link(-0.5, 1.0, Activation::Linear),
            ],
        }
    }

    #[test]
    fn a_linear_chain_has_the_values_and_derivatives_worked_out_by_hand() {
        // z¹ = 3·2 − 1 = 5 = a¹; z² = −0.5·5 + 1 = −1.5 = a²; C = (−1.5 − 1)² = 6.25.
        let pass = linear_chain().pass().unwrap();
        assert_eq!(pass.sums, [5.0, -1.5]);
        assert_eq!(pass.activations, [2.0, 5.0, -1.5]);
        assert_eq!(pass.cost, 6.25);
        // ∂C/∂a² = 2·(−2.5) = −5, and every σ′ is 1.
        // ∂C/∂w² = −5·1·5 = −25 and ∂C/∂b² = −5·1·1 = −5; ∂C/∂a¹ = −5·1·(−0.5) = 2.5.
        // ∂C/∂w¹ = 2.5·1·2 = 5 and ∂C/∂b¹ = 2.5·1·1 = 2.5; ∂C/∂x = 2.5·1·3 = 7.5; ∂C/∂y = −2·(−2.5) = 5.
        for (place, by_hand) in [
            (ChainPlace::Cost, 1.0),
            (ChainPlace::Truth, 5.0),
            (ChainPlace::Activation(2), -5.0),
            (ChainPlace::Sum(2), -5.0),
            (ChainPlace::Weight(2), -25.0),
            (ChainPlace::Bias(2), -5.0),
            (ChainPlace::Activation(1), 2.5),
            (ChainPlace::Sum(1), 2.5),
            (ChainPlace::Weight(1), 5.0),
            (ChainPlace::Bias(1), 2.5),
            (ChainPlace::Activation(0), 7.5),
        ] {
            assert_eq!(pass.slope(place), by_hand, "{place:?}");
        }
        // √(25² + 5² + 5² + 2.5²) = √681.25
        assert!((pass.gradient_norm() - 681.25_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_sigmoid_chain_has_the_factors_worked_out_by_hand() {
        // z¹ = 0·1 + 0 = 0, a¹ = ½; z² = 2·½ + (ln 3 − 1) = ln 3, a² = 1 / (1 + ⅓) = ¾; y = 0, C = 9/16.
        let chain = Chain {
            input: 1.0,
            truth: 0.0,
            links: vec![
                link(0.0, 0.0, Activation::Sigmoid),
                link(2.0, 3.0_f64.ln() - 1.0, Activation::Sigmoid),
            ],
        };
        let pass = chain.pass().unwrap();
        assert!((pass.cost - 0.5625).abs() < 1e-15);
        let weight_1 = pass
            .derivatives
            .iter()
            .find(|d| d.of == ChainPlace::Weight(1));
        let weight_1 = weight_1.unwrap();
        // 2(a² − y) = 1.5; σ′(z²) = ¾·¼ = 0.1875; w² = 2; σ′(z¹) = ½·½ = 0.25; x = 1. The product is 0.140625.
        let by_hand = [
            (ChainSlope::CostByAnswer, 1.5),
            (ChainSlope::ActivationBySum(2), 0.1875),
            (ChainSlope::SumByActivation(2), 2.0),
            (ChainSlope::ActivationBySum(1), 0.25),
            (ChainSlope::SumByWeight(1), 1.0),
        ];
        for (factor, (slope, value)) in weight_1.factors.iter().zip(by_hand) {
            assert_eq!(factor.slope, slope);
            assert!((factor.value - value).abs() < 1e-15, "{slope:?}");
        }
        assert_eq!(weight_1.factors.len(), 5);
        assert!((weight_1.value - 0.140_625).abs() < 1e-15);
    }

    #[test]
    fn every_derivative_is_the_product_of_its_factors() {
        let mut chain = linear_chain();
        chain.links[0].activation = Activation::Tanh;
        for derivative in chain.pass().unwrap().derivatives {
            let product: f64 = derivative.factors.iter().map(|f| f.value).product();
            assert!((product - derivative.value).abs() <= 1e-12 * product.abs());
        }
    }

    #[test]
    fn backpropagation_through_the_same_network_finds_half_of_every_derivative() {
        // nn's quadratic cost is ½(a − y)², so all its gradients are half of the chain's.
        for activation in Chain::ACTIVATIONS {
            for layers in 1..=4 {
                let numbers = [(0.8, -0.3), (-1.2, 0.4), (1.7, 0.1), (0.6, 0.9)];
                let links = numbers[..layers].iter();
                let chain = Chain {
                    input: 0.7,
                    truth: 0.25,
                    links: links.map(|&(w, b)| link(w, b, activation)).collect(),
                };
                let network = chain.network().unwrap();
                let mut workspace = Workspace::new(&network, 1);
                let (x, y) = (array![[chain.input]], array![[chain.truth]]);
                let half_cost = backprop(&network, x.view(), y.view(), &mut workspace);
                let pass = chain.pass().unwrap();
                let close = |ours: f64, theirs: f64| (ours - 2.0 * theirs).abs() < 1e-14;
                assert!(close(pass.cost, half_cost));
                for l in 0..layers {
                    let gradients = &workspace.gradients;
                    let weight = gradients.weights[l][[0, 0]];
                    let bias = gradients.biases[l][0];
                    assert!(close(pass.slope(ChainPlace::Weight(l + 1)), weight));
                    assert!(close(pass.slope(ChainPlace::Bias(l + 1)), bias));
                }
            }
        }
    }

    #[test]
    fn the_derivatives_by_input_and_truth_agree_with_finite_differences() {
        let mut chain = linear_chain();
        chain.links[0].activation = Activation::Sigmoid;
        chain.links[1].activation = Activation::Tanh;
        let pass = chain.pass().unwrap();
        let h = 1e-6;
        let cost = |input: f64, truth: f64| {
            let mut moved = chain.clone();
            (moved.input, moved.truth) = (input, truth);
            moved.pass().unwrap().cost
        };
        let by_input = (cost(2.0 + h, 1.0) - cost(2.0 - h, 1.0)) / (2.0 * h);
        let by_truth = (cost(2.0, 1.0 + h) - cost(2.0, 1.0 - h)) / (2.0 * h);
        assert!((by_input - pass.slope(ChainPlace::Activation(0))).abs() < 1e-9);
        assert!((by_truth - pass.slope(ChainPlace::Truth)).abs() < 1e-9);
    }

    #[test]
    fn one_step_moves_every_weight_and_bias_against_its_derivative() {
        // With η = 0.01 and the derivatives above: w¹ 3 − 0.05, b¹ −1 − 0.025, w² −0.5 + 0.25, b² 1 + 0.05.
        let chain = linear_chain();
        let next = chain.stepped(0.01).unwrap();
        let numbers: Vec<f64> = next.links.iter().flat_map(|l| [l.weight, l.bias]).collect();
        for (number, by_hand) in numbers.into_iter().zip([2.95, -1.025, -0.25, 1.05]) {
            assert!((number - by_hand).abs() < 1e-15);
        }
        assert_eq!((next.input, next.truth), (2.0, 1.0));
        // a¹ = 2.95·2 − 1.025 = 4.875; a² = −0.25·4.875 + 1.05 = −0.16875; C = 1.16875² = 1.3659765625.
        assert!((next.pass().unwrap().cost - 1.365_976_562_5).abs() < 1e-12);
    }

    #[test]
    fn a_learning_rate_that_is_too_big_is_told_and_changes_nothing() {
        let error = linear_chain().stepped(1e6).unwrap_err();
        assert!(matches!(error, ChainError::LeaptAway { .. }), "{error}");
        assert!(error.to_string().contains("1000000"), "{error}");
    }

    #[test]
    fn a_dead_unit_stops_everything_before_it() {
        let mut chain = linear_chain();
        // z² = −1.5, so the ReLU is silent and its slope is 0.
        chain.links[1].activation = Activation::Relu;
        let pass = chain.pass().unwrap();
        assert_eq!(pass.slope(ChainPlace::Activation(2)), -2.0);
        assert_eq!(pass.gradient_norm(), 0.0);
    }

    #[test]
    fn numbers_without_end_are_refused() {
        let mut chain = linear_chain();
        chain.links[0].weight = f64::NAN;
        let error = chain.pass().unwrap_err();
        assert!(matches!(error, ChainError::Network(_)), "{error}");
        chain.links[0].weight = 1e300;
        chain.links[1].weight = 1e300;
        assert_eq!(chain.pass(), Err(ChainError::TooLarge));
    }
}
