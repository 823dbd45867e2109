use crate::nn::Network;
use std::sync::Arc;

/// What the tab *Backprop* looks at: the present network, or a copy that was frozen while training went on.
#[derive(Clone, Debug, Default)]
pub struct Microscope {
    /// The copy, with the training step that it had.
    pub frozen: Option<(Arc<Network>, u64)>,
}

/// One example under the microscope.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// The 784 cells as the network reads them, 0..=1.
    pub input: Vec<f32>,
    /// What it is meant to be; without it there is no cost.
    pub label: Option<u8>,
}
