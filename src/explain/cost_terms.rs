use crate::nn::Network;

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
    let _ = (network, outputs, label);
    todo!()
}
