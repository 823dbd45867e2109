//! The mathematics: networks of dense layers, what they compute, what it costs, and how the cost
//! changes with every weight.
//!
//! Rows are examples. A weight matrix is `[inputs, outputs]`, so a layer computes `Z = X·W + b` and
//! `A = σ(Z)`. Nothing here touches a file, a thread, a clock, a screen or a global random number.

mod activation;
pub(crate) mod aligned;
mod architecture;
mod backprop;
mod committee;
mod cost;
mod gradient_check;
mod gradients;
mod init;
mod layer;
mod metrics;
mod network;
mod network_error;
mod optimizer;
mod product;
#[cfg(test)]
mod pytorch_reference;
mod recursion;
mod scalar;
mod schedule;
pub(crate) mod share_out;
mod workspace;

pub use activation::Activation;
pub use architecture::Architecture;
pub use backprop::backprop;
pub use committee::CommitteeError;
pub use cost::Cost;
pub use gradient_check::{GradientCheck, check_gradients, check_gradients_of_sample};
pub use gradients::Gradients;
pub use init::{BiasInit, Init};
pub use layer::Layer;
pub use metrics::{Evaluation, argmax};
pub use network::{Network, Trace};
pub use network_error::{NetworkError, NonFinite};
pub(crate) use optimizer::{Block, Rule};
pub use optimizer::{Optimizer, OptimizerKind};
#[cfg(test)]
pub(crate) use product::arches;
pub(crate) use product::lanes;
pub use recursion::backprop_recursive;
pub use scalar::Scalar;
pub use schedule::Schedule;
pub(crate) use workspace::Pass;
pub use workspace::Workspace;
