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
    let _ = (network, trace, layer, unit);
    todo!()
}
