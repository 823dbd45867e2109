//! Backpropagation of one example, step by step: the order of the steps, the numbers of each as [`nn`](crate::nn) finds
//! them on the very network and drawing, and what a unit, a weight and a whole layer look like from close by.
//!
//! Layers are counted as in the texts: 0 is the input, 1 the first layer with weights, `L` the outputs.

mod code;
mod cost_curve;
mod factors;
mod pass;
mod place;
mod raise;
mod step;
mod step_text;
mod table;
mod trouble;
mod update;
mod wishes;

pub use code::{CodeExcerpt, CodeForm};
pub use cost_curve::CostCurve;
pub use factors::{Factor, FactorPlace, Factors};
pub use pass::ExamplePass;
pub use place::UnitPlace;
pub use raise::{ActivationWay, RaiseWays, WeightWay};
pub use step::Step;
pub use table::StepTable;
pub use trouble::Trouble;
pub use update::Update;
pub use wishes::{UnitWishes, Wish};
