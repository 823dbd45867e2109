//! Honest answers: how sure an answer is, when it is not sure, and when what was drawn is no digit at all.
//!
//! Two things are kept apart. [`Calibration`] belongs to one network and is fitted on validation examples: it turns
//! outputs into probabilities that mean what they say, so it is stale as soon as a weight changes. The [`Gate`] is a
//! small network of its own that has learned digits from what is none; it belongs to no other network.

mod calibration;
mod gate;
mod gate_training;
mod honesty;
mod judgement;
mod reliability;

pub use calibration::{Calibration, WrongCalibration, softened};
pub use gate::{Gate, GateError};
pub use gate_training::{GateSettings, train_gate};
pub use honesty::Honesty;
pub use judgement::{Judgement, SURE, Verdict};
pub use reliability::Reliability;
