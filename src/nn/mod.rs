//! The mathematics: networks of dense layers, what they compute, what it costs, and how the cost
//! changes with every weight.
//!
//! Rows are examples. A weight matrix is `[inputs, outputs]`, so a layer computes `Z = X·W + b` and
//! `A = σ(Z)`. Nothing here touches a file, a thread, a clock, a screen or a global random number.

mod activation;
mod backprop;
mod cost;
mod gradient_check;
mod init;
mod metrics;
mod network;
mod optimizer;
mod recursion;
mod scalar;
mod schedule;

pub use activation::Activation;
pub use backprop::{Gradients, Workspace, backprop};
pub use cost::Cost;
pub use gradient_check::{GradientCheck, check_gradients};
pub use init::{BiasInit, Init};
pub use metrics::Evaluation;
pub use network::{Architecture, Layer, Network, NetworkError, NonFinite, Trace};
pub use optimizer::{Optimizer, OptimizerKind};
pub use recursion::backprop_recursive;
pub use scalar::Scalar;
pub use schedule::Schedule;
