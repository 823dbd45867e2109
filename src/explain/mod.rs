//! One example under the microscope: what a unit computes, what an answer costs, which ink speaks for it and which
//! examples it is like, what the examples of a batch wish and what remains on average, as plain values.

mod cost_terms;
mod ink_for;
mod nearest;
mod nudges;
mod parameter;
mod settling;
mod unit_sum;

pub use cost_terms::{CostTerm, cost_terms};
pub use ink_for::{InkFor, Question};
pub use nearest::{ExampleIndex, Neighbour};
pub use nudges::{BatchNudges, Nudge, average_nudges};
pub use parameter::{Parameter, ParameterError};
pub use settling::{
    Agreement, DrawnBatches, LARGEST_BATCH, Settling, WholeGradient, draw_positions,
};
pub use unit_sum::{Term, UnitSum, unit_sum};
