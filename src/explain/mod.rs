//! One example under the microscope: what a unit computes, what an answer costs, which ink speaks for it and which
//! examples it is like, how backpropagation goes through it step by step, what the examples of a batch wish and what
//! remains on average, as plain values. Beside it small worlds in which every number can be followed by hand: a chain
//! of single units, the graph of an expression, and a unit whose bias is an input.

mod alike;
mod backprop_steps;
mod bias_unit;
mod chain;
mod cost_terms;
mod expression;
mod graph;
mod ink_for;
mod nearest;
mod nudges;
mod number_text;
mod parameter;
mod settling;
mod shapes;
mod surface;
mod unit_sum;

pub use alike::different_units;
pub use backprop_steps::{
    ActivationWay, CodeExcerpt, CodeForm, CostCurve, ExamplePass, Factor, FactorPlace, Factors,
    RaiseWays, Step, StepTable, Trouble, UnitPlace, UnitWishes, Update, WeightWay, Wish,
};
pub use bias_unit::{BiasUnit, BothBiases, UnitPass, WeightedInput};
pub use chain::{
    Chain, ChainDerivative, ChainError, ChainFactor, ChainLink, ChainPass, ChainPlace, ChainSlope,
};
pub use cost_terms::{CostTerm, cost_terms};
pub use expression::{ExpressionError, parse_expression};
pub use graph::{
    BackwardStep, Evaluation, EvaluationError, Function, Graph, Node, Operation, Sent, Undefined,
};
pub use ink_for::{InkFor, Question};
pub use nearest::{ExampleIndex, Neighbour};
pub use nudges::{BatchNudges, Nudge, average_nudges};
pub use number_text::{short, signed};
pub use parameter::{Parameter, ParameterError};
pub use settling::{
    Agreement, DrawnBatches, LARGEST_BATCH, Settling, WholeGradient, draw_positions,
};
pub use shapes::{
    BiasAs, MatrixOperation, MatrixOperationKind, Mistake, Operand, Outcome, Part, Quantity, Shape,
    Side, Slot, Tape,
};
pub use surface::{
    ContourLine, Frame, Grid, Mark, Placed, Plane, PlaneKind, Sample, SeenInputs, Slice,
    SliceError, SliceRequest, Surface, WALK_FACTOR, WALK_STEPS, Walk, WalkStep, contour_levels,
    contour_lines, draw_surface, log_cost,
};
pub use unit_sum::{Term, UnitSum, unit_sum};
