//! One example under the microscope: what a unit computes, what an answer costs, which ink speaks for it and which
//! examples it is like, as plain values.

mod cost_terms;
mod ink_for;
mod nearest;
mod unit_sum;

pub use cost_terms::{CostTerm, cost_terms};
pub use ink_for::{InkFor, Question};
pub use nearest::{ExampleIndex, Neighbour};
pub use unit_sum::{Term, UnitSum, unit_sum};
