use crate::app::AppState;
use crate::explain::cost_terms;

/// A number of the running program that a condition can wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// What the answer to the drawing costs, for the label that it has.
    CostOfDrawing,
    /// Mean cost of the last mini-batches.
    CostOfTraining,
    /// As it is set, and as the next step will use it.
    LearningRate,
    /// Examples in a mini-batch of training.
    BatchSize,
    /// Examples in the mini-batch under the microscope.
    NudgeBatch,
    /// Of the chain in the small worlds.
    CostOfChain,
    /// Steps down that the chain has made.
    StepsOfChain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Below,
    Above,
}

impl Measure {
    pub(super) const ALL: [Self; 7] = [
        Self::CostOfDrawing,
        Self::CostOfTraining,
        Self::LearningRate,
        Self::BatchSize,
        Self::NudgeBatch,
        Self::CostOfChain,
        Self::StepsOfChain,
    ];

    /// As a lesson writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CostOfDrawing => "cost of drawing",
            Self::CostOfTraining => "cost of training",
            Self::LearningRate => "learning rate",
            Self::BatchSize => "batch size",
            Self::NudgeBatch => "nudge batch",
            Self::CostOfChain => "cost of chain",
            Self::StepsOfChain => "steps of chain",
        }
    }

    /// Its present value; `None` while there is none.
    pub fn of(self, state: &AppState) -> Option<f64> {
        let hyperparameters = &state.settings.hyperparameters;
        match self {
            Self::CostOfDrawing => cost_of_drawing(state),
            Self::CostOfTraining => Some(state.runs.progress.as_ref()?.cost.into()),
            Self::LearningRate => Some(hyperparameters.learning_rate.into()),
            Self::BatchSize => Some(hyperparameters.batch_size as f64),
            Self::NudgeBatch => Some(state.nudges.size as f64),
            Self::CostOfChain => state.worlds.chain.costs.last().copied(),
            Self::StepsOfChain => Some(state.worlds.chain.steps() as f64),
        }
    }
}

impl Comparison {
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Below => value < limit,
            Self::Above => value > limit,
        }
    }
}

fn cost_of_drawing(state: &AppState) -> Option<f64> {
    let reading = state.reading.as_ref()?;
    let label = state.pad.drawing.label?;
    let terms = cost_terms(&state.model.network, &reading.outputs, label);
    Some(terms.iter().map(|term| f64::from(term.cost)).sum())
}
