//! One example under the microscope: what a unit computes and what an answer costs, as plain values.

mod cost_terms;
mod unit_sum;

pub use cost_terms::{CostTerm, cost_terms};
pub use unit_sum::{Term, UnitSum, unit_sum};
