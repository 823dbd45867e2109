use super::ModelState;
use crate::explain::{CodeForm, Parameter, Step, UnitPlace, Update};
use crate::nn::{GradientCheck, Network};
use std::sync::Arc;

/// What the tab *Backprop* looks at, and how far the walk through one example has come.
#[derive(Clone, Debug, Default)]
pub struct Microscope {
    /// A copy of the network that was frozen while training went on, with the training step that it had.
    pub frozen: Option<(Arc<Network>, u64)>,
    /// As it was chosen; see [`AppState::examined_step`](super::AppState::examined_step).
    pub(super) step: Step,
    /// The steps follow one another by themselves.
    pub plays: bool,
    /// The source lines that stand beside the steps.
    pub code: Option<CodeForm>,
    /// What stands beside the words of a step.
    pub detail: Detail,
    /// As it was chosen; see [`AppState::examined_unit`](super::AppState::examined_unit).
    pub(super) unit: Option<UnitPlace>,
    /// As it was chosen; see [`AppState::examined_parameter`](super::AppState::examined_parameter).
    pub(super) parameter: Option<Parameter>,
    /// What was applied by hand and can be taken back, oldest first.
    pub(super) nudges: Vec<AppliedNudge>,
    pub check: Check,
    /// When the next step is due, in seconds since the start.
    pub(super) next_step_at_secs: Option<f64>,
    /// A nudge has changed the present network since the last tick.
    pub(super) was_nudged: bool,
    /// When the network counts as at rest after nudges, in seconds since the start.
    pub(super) rests_at_secs: Option<f64>,
}

/// One example under the microscope.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// The 784 cells as the network reads them, 0..=1.
    pub input: Vec<f32>,
    /// What it is meant to be; without it there is no cost.
    pub label: Option<u8>,
}

/// What stands beside the words of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Detail {
    /// The numbers of the step.
    #[default]
    Numbers,
    /// One unit: how to raise it, and what is wished of it.
    Unit,
    /// One weight: its gradient as a product, and the cost around it.
    Weight,
    /// The gradient check.
    Check,
}

/// Where the walk through one example goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepMove {
    First,
    Back,
    Next,
    Last,
    To(Step),
}

/// One step of gradient descent on the one example, applied by hand.
#[derive(Clone, Debug)]
pub struct AppliedNudge {
    pub update: Update,
    pub(super) before: BeforeNudge,
}

/// What a nudge is taken back to.
#[derive(Clone, Debug)]
pub(super) enum BeforeNudge {
    Frozen(Arc<Network>),
    Present(Box<ModelState>),
}

/// The gradient check over a sample of every layer.
#[derive(Clone, Debug, Default)]
pub enum Check {
    #[default]
    Never,
    Running,
    Done(CheckedGradients),
}

/// What came of it, and for which network and example.
#[derive(Clone, Debug)]
pub struct CheckedGradients {
    pub network: Arc<Network>,
    pub examined: Examined,
    pub check: GradientCheck,
}

impl Detail {
    pub const ALL: [Self; 4] = [Self::Numbers, Self::Unit, Self::Weight, Self::Check];

    pub fn name(self) -> &'static str {
        match self {
            Self::Numbers => "Numbers",
            Self::Unit => "Unit",
            Self::Weight => "Weight",
            Self::Check => "Check",
        }
    }

    /// What is there, in one sentence.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Numbers => "The numbers of this step for this drawing",
            Self::Unit => "Three ways to raise one unit, and what the next layer wishes of it",
            Self::Weight => "One weight: its gradient as a product, and the cost around it",
            Self::Check => "Whether backpropagation agrees with differences of the cost",
        }
    }
}
