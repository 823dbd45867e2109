use super::{Gradients, Network, Scalar};
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
    _memory: Vec<Gradients<S>>,
}

impl<S: Scalar> Optimizer<S> {
    pub fn new(kind: OptimizerKind, network: &Network<S>) -> Self {
        let _ = network;
        Self {
            kind,
            _memory: Vec::new(),
        }
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
        let _ = (network, gradients, learning_rate, momentum, weight_decay);
        todo!()
    }
}
