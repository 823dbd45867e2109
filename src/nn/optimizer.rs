use super::{Gradients, Network, Scalar};
use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

/// The rule that turns gradients into a step of the weights. Constants as in the papers and in PyTorch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimizerKind {
    /// `w ← w − η g`
    Sgd,
    /// `v ← μ v + g`, `w ← w − η v` (Polyak 1964)
    Momentum,
    /// `v ← μ v + g`, `w ← w − η (g + μ v)` (Nesterov 1983, in the form of Sutskever et al. 2013)
    Nesterov,
    /// Kingma and Ba 2015; β₁ 0.9, β₂ 0.999, ε 1e-8.
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    AdamW,
}

impl OptimizerKind {
    pub const ALL: [Self; 5] = [
        Self::Sgd,
        Self::Momentum,
        Self::Nesterov,
        Self::Adam,
        Self::AdamW,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Sgd => "SGD",
            Self::Momentum => "Momentum",
            Self::Nesterov => "Nesterov",
            Self::Adam => "Adam",
            Self::AdamW => "AdamW",
        }
    }

    /// Whether the momentum setting matters to it.
    pub fn uses_momentum(self) -> bool {
        matches!(self, Self::Momentum | Self::Nesterov)
    }
}

/// An [`OptimizerKind`] with its memory of the steps so far.
#[derive(Clone, Debug)]
pub struct Optimizer<S = f32> {
    kind: OptimizerKind,
    memory: Memory<S>,
}

/// What a rule remembers from step to step.
#[derive(Clone, Debug)]
enum Memory<S> {
    Nothing,
    /// `v`, the gradients so far, fading by `μ` a step.
    Velocity(Gradients<S>),
    /// `m` and `v`, the fading means of the gradients and of their squares, after `t` steps.
    Moments {
        m: Gradients<S>,
        v: Gradients<S>,
        t: i32,
    },
}

/// How one step changes numbers, and with which rates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule<S = f32> {
    kind: OptimizerKind,
    /// η
    learning_rate: S,
    /// μ
    momentum: S,
    weight_decay: S,
    /// The number of this step, from 1.
    t: i32,
}

/// Some numbers of a network with what the optimiser remembers of each; without a memory its parts are empty.
#[derive(Debug)]
pub(crate) struct Block<'a, S = f32> {
    pub numbers: &'a mut [S],
    memory: [&'a mut [S]; 2],
}

impl<S: Scalar> Optimizer<S> {
    pub fn new(kind: OptimizerKind, network: &Network<S>) -> Self {
        let zeros = || Gradients::zeros_like(network);
        let memory = match kind {
            OptimizerKind::Sgd => Memory::Nothing,
            OptimizerKind::Momentum | OptimizerKind::Nesterov => Memory::Velocity(zeros()),
            OptimizerKind::Adam | OptimizerKind::AdamW => Memory::Moments {
                m: zeros(),
                v: zeros(),
                t: 0,
            },
        };
        Self { kind, memory }
    }

    pub fn kind(&self) -> OptimizerKind {
        self.kind
    }

    /// One step of all weights and biases. `weight_decay` is L2 on the weights, not on the biases
    /// (added to the gradient, except for AdamW, where it is decoupled).
    pub fn step(
        &mut self,
        network: &mut Network<S>,
        gradients: &Gradients<S>,
        learning_rate: S,
        momentum: S,
        weight_decay: S,
    ) {
        let rule = self.begin_step(learning_rate, momentum, weight_decay);
        for l in 0..network.layers().len() {
            let [weights, biases] = self.blocks(network, l);
            let gradients = (&gradients.weights[l], &gradients.biases[l]);
            if let (Some(gw), Some(gb)) = (gradients.0.as_slice(), gradients.1.as_slice()) {
                rule.apply(weights, gw);
                rule.without_weight_decay().apply(biases, gb);
            }
        }
    }

    /// The rule of the next step. Every number has to take it once, by [`Self::blocks`].
    pub(crate) fn begin_step(&mut self, learning_rate: S, momentum: S, weight_decay: S) -> Rule<S> {
        let mut rule = Rule {
            kind: self.kind,
            learning_rate,
            momentum,
            weight_decay,
            t: 1,
        };
        if let Memory::Moments { t, .. } = &mut self.memory {
            *t = t.saturating_add(1);
            rule.t = *t;
        }
        rule
    }

    /// The weights (row by row) and the biases of layer `l` (from 0).
    pub(crate) fn blocks<'a>(
        &'a mut self,
        network: &'a mut Network<S>,
        l: usize,
    ) -> [Block<'a, S>; 2] {
        let layer = &mut network.layers_mut()[l];
        let (w, b) = (&mut layer.weights, &mut layer.biases);
        let mut weights = Block::of(w.as_slice_mut());
        let mut biases = Block::of(b.as_slice_mut());
        let (first, second) = match &mut self.memory {
            Memory::Nothing => (None, None),
            Memory::Velocity(v) => (Some(v), None),
            Memory::Moments { m, v, .. } => (Some(m), Some(v)),
        };
        for (place, memory) in [first, second].into_iter().enumerate() {
            if let Some(memory) = memory {
                weights.memory[place] = memory.weights[l].as_slice_mut().unwrap_or_default();
                biases.memory[place] = memory.biases[l].as_slice_mut().unwrap_or_default();
            }
        }
        [weights, biases]
    }
}

impl<'a, S: Scalar> Block<'a, S> {
    fn of(numbers: Option<&'a mut [S]>) -> Self {
        Self {
            numbers: numbers.unwrap_or_default(),
            memory: [&mut [], &mut []],
        }
    }

    /// The first `count` numbers, and the others.
    pub(crate) fn split_at(self, count: usize) -> (Self, Self) {
        let split = |numbers: &'a mut [S]| {
            let count = count.min(numbers.len());
            numbers.split_at_mut(count)
        };
        let (numbers, other_numbers) = split(self.numbers);
        let [first, second] = self.memory.map(split);
        let block = |numbers, memory| Self { numbers, memory };
        (
            block(numbers, [first.0, second.0]),
            block(other_numbers, [first.1, second.1]),
        )
    }
}

impl<S: Scalar> Rule<S> {
    /// The same for biases.
    pub(crate) fn without_weight_decay(self) -> Self {
        Self {
            weight_decay: S::zero(),
            ..self
        }
    }

    /// One step of the numbers of `block`, whose gradients are `gradients`.
    pub(crate) fn apply(self, block: Block<'_, S>, gradients: &[S]) {
        Arch::new().dispatch(Step(self, block, gradients));
    }

    /// Gradient descent: `w ← w − η g`.
    #[inline(always)]
    fn descend(self, w: &mut [S], g: &[S]) {
        let Self {
            learning_rate: eta,
            weight_decay,
            ..
        } = self;
        for (w, &g) in w.iter_mut().zip(g) {
            *w -= eta * (g + weight_decay * *w);
        }
    }

    /// Descent with a velocity `v`, as a ball rolls.
    #[inline(always)]
    fn roll(self, nesterov: bool, w: &mut [S], g: &[S], v: &mut [S]) {
        let Self {
            learning_rate: eta,
            momentum: mu,
            weight_decay,
            ..
        } = self;
        let faint = S::from_f64(FAINT);
        let step = w.iter_mut().zip(g).zip(v);
        if nesterov {
            for ((w, &g), v) in step {
                let g = g + weight_decay * *w;
                *v = unless_faint(mu * *v + g, faint);
                *w -= eta * (g + mu * *v);
            }
        } else {
            for ((w, &g), v) in step {
                *v = unless_faint(mu * *v + (g + weight_decay * *w), faint);
                *w -= eta * *v;
            }
        }
    }
}

/// A rule, the numbers that it changes and their gradients.
struct Step<'a, S>(Rule<S>, Block<'a, S>, &'a [S]);

impl<S: Scalar> WithSimd for Step<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        let Self(rule, block, gradients) = self;
        let Block {
            numbers,
            memory: [first, second],
        } = block;
        match rule.kind {
            OptimizerKind::Sgd => rule.descend(numbers, gradients),
            OptimizerKind::Momentum => rule.roll(false, numbers, gradients, first),
            OptimizerKind::Nesterov => rule.roll(true, numbers, gradients, first),
            OptimizerKind::Adam => {
                Adam::new(rule.t, false).step(rule, numbers, gradients, first, second);
            }
            OptimizerKind::AdamW => {
                Adam::new(rule.t, true).step(rule, numbers, gradients, first, second);
            }
        }
    }
}

/// What an optimiser remembers of a unit without gradients fades for ever, and the last numbers of `f32` before 0 are
/// denormal: processors take many times as long for them. A velocity or mean below this moves no weight.
const FAINT: f64 = 1e-30;
/// A mean of squares below this has a root that is nothing beside Adam's ε.
const FAINT_SQUARE: f64 = 1e-36;

/// `v`, or 0 where it is below `faint`; NaN stays NaN.
#[inline(always)]
fn unless_faint<S: Scalar>(v: S, faint: S) -> S {
    if v.abs() < faint { S::zero() } else { v }
}

/// The numbers of Adam's step `t`, in the order of operations of PyTorch.
struct Adam<S> {
    beta1: S,
    beta2: S,
    epsilon: S,
    /// `1 − β₁ᵗ`: the means start at 0 and are too small at first.
    correction1: S,
    /// `√(1 − β₂ᵗ)`
    root_correction2: S,
    /// Weight decay shrinks the weights themselves instead of being added to the gradient.
    decoupled: bool,
}

impl<S: Scalar> Adam<S> {
    const BETA1: f64 = 0.9;
    const BETA2: f64 = 0.999;
    const EPSILON: f64 = 1e-8;

    fn new(t: i32, decoupled: bool) -> Self {
        Self {
            beta1: S::from_f64(Self::BETA1),
            beta2: S::from_f64(Self::BETA2),
            epsilon: S::from_f64(Self::EPSILON),
            correction1: S::from_f64(1.0 - Self::BETA1.powi(t)),
            root_correction2: S::from_f64((1.0 - Self::BETA2.powi(t)).sqrt()),
            decoupled,
        }
    }

    #[inline(always)]
    fn step(&self, rates: Rule<S>, w: &mut [S], g: &[S], m: &mut [S], v: &mut [S]) {
        let one = S::one();
        let (faint, faint_square) = (S::from_f64(FAINT), S::from_f64(FAINT_SQUARE));
        let eta = rates.learning_rate / self.correction1;
        let (shrink, l2) = if self.decoupled {
            (one - rates.learning_rate * rates.weight_decay, S::zero())
        } else {
            (one, rates.weight_decay)
        };
        let Self { beta1, beta2, .. } = *self;
        for (((w, &g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
            let g = g + l2 * *w;
            *m = unless_faint(beta1 * *m + (one - beta1) * g, faint);
            *v = unless_faint(beta2 * *v + (one - beta2) * g * g, faint_square);
            let size = v.sqrt() / self.root_correction2 + self.epsilon;
            *w = shrink * *w - eta * *m / size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init, Workspace, backprop};
    use ndarray::array;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn network() -> Network {
        let architecture = Architecture {
            sizes: vec![2, 8, 2],
            hidden: Activation::Tanh,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let rng = &mut StdRng::seed_from_u64(2);
        Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap()
    }

    #[test]
    fn every_optimizer_learns_the_exclusive_or() {
        let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        let y = array![[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]];
        for (kind, learning_rate) in [
            (OptimizerKind::Sgd, 1.0),
            (OptimizerKind::Momentum, 0.2),
            (OptimizerKind::Nesterov, 0.2),
            (OptimizerKind::Adam, 0.05),
            (OptimizerKind::AdamW, 0.05),
        ] {
            let mut network = network();
            let mut workspace = Workspace::new(&network, 4);
            let mut optimizer = Optimizer::new(kind, &network);
            let first = network.mean_cost(x.view(), y.view());
            for _ in 0..300 {
                backprop(&network, x.view(), y.view(), &mut workspace);
                optimizer.step(&mut network, &workspace.gradients, learning_rate, 0.9, 0.0);
            }
            let last = network.mean_cost(x.view(), y.view());
            assert!(first > 0.6 && last < 0.05, "{kind:?}: {first} to {last}");
        }
    }

    #[test]
    fn weight_decay_shrinks_weights_and_leaves_biases() {
        for kind in OptimizerKind::ALL {
            let before = network();
            let mut after = before.clone();
            let zero = Gradients::zeros_like(&before);
            Optimizer::new(kind, &before).step(&mut after, &zero, 0.01, 0.9, 0.1);
            for (before, after) in before.layers().iter().zip(after.layers()) {
                assert_eq!(before.biases, after.biases, "{kind:?}");
                assert!(after.weight_norm() < before.weight_norm(), "{kind:?}");
            }
        }
    }

    #[test]
    fn what_an_optimizer_remembers_fades_to_zero_and_not_into_denormal_numbers() {
        for kind in OptimizerKind::ALL {
            let mut network = network();
            let mut gradients = Gradients::zeros_like(&network);
            gradients.weights[0].fill(1.0);
            gradients.biases[0].fill(1e-18);
            let mut optimizer = Optimizer::new(kind, &network);
            for _ in 0..1000 {
                optimizer.step(&mut network, &gradients, 0.01, 0.9, 0.0);
                gradients.scale(0.0);
            }
            let remembered = match &optimizer.memory {
                Memory::Nothing => Vec::new(),
                Memory::Velocity(v) => vec![v],
                Memory::Moments { m, v, .. } => vec![m, v],
            };
            for memory in remembered {
                let weights = memory.weights.iter().flatten();
                let mut numbers = weights.chain(memory.biases.iter().flatten());
                assert!(numbers.all(|number| !number.is_subnormal()), "{kind:?}");
            }
        }
    }

    #[test]
    fn nan_in_a_gradient_reaches_the_weights() {
        for kind in OptimizerKind::ALL {
            let mut network = network();
            let mut gradients = Gradients::zeros_like(&network);
            gradients.weights[1][[3, 0]] = f32::NAN;
            Optimizer::new(kind, &network).step(&mut network, &gradients, 0.01, 0.9, 0.0);
            let layer = network.first_non_finite().map(|place| place.layer);
            assert_eq!(layer, Some(2), "{kind:?}");
        }
    }
}
