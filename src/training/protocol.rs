use super::{CheckedHyperparameters, LiveSettings};
use crate::data::DataSets;
use crate::nn::{Evaluation, Gradients, Network};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

/// All that a run needs.
#[derive(Clone, Debug)]
pub struct RunSetup {
    /// The weights to start from; [`Command::Reset`] comes back to them.
    pub network: Arc<Network>,
    pub data: Arc<DataSets>,
    pub hyperparameters: CheckedHyperparameters,
    /// Steps that these weights have already had (a model that is trained on).
    pub first_step: u64,
}

/// How much one press of a step button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepSize {
    Example,
    Batch,
    Epoch,
}

/// How fast training may go.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Speed {
    #[default]
    Unlimited,
    /// Mini-batches a second.
    StepsPerSecond(f32),
}

impl Speed {
    /// Steps a second that can be asked for.
    pub const RATES: RangeInclusive<f32> = 0.01..=1e6;

    /// The time from one step to the next; `None` when there is no limit.
    pub(super) fn period(self) -> Option<Duration> {
        match self {
            Self::Unlimited => None,
            Self::StepsPerSecond(rate) => Duration::try_from_secs_f32(1.0 / rate).ok(),
        }
    }
}

/// What the thread is told, between two mini-batches or two chunks of a scoring. Answered within 20 ms, or as soon as
/// the present mini-batch is done where that takes longer: thousands of examples through a large network do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Takes a run in, in place of any other, paused: follow with `Resume` or `Step`.
    /// Answered by `Loaded`, or by `Refused`, which leaves the present run as it is.
    Load(Box<RunSetup>),
    /// Answered by `Paused`, also when it is paused already; not after `Finished` or `Diverged`, which hold.
    Pause,
    /// Trains until the epochs are done.
    Resume,
    /// Does that much, then pauses. Steps asked for while one is being done are done after it.
    Step(StepSize),
    /// Holds from the next mini-batch on, and survives `Reset`.
    Adjust(LiveSettings),
    Speed(Speed),
    /// Back to the run's first weights and its first step, paused: the same training again, bit for bit.
    /// Answered by `Reset`, then `Paused`.
    Reset,
    /// Back to the last good network after a divergence, with this learning rate. Answered by `Paused`.
    Recover {
        learning_rate: f32,
    },
    /// Forgets the run.
    Stop,
}

/// What the thread tells, in order, none lost.
#[derive(Clone, Debug)]
pub enum Event {
    /// A run was taken in; nothing is trained yet.
    Loaded {
        parameters: usize,
        steps_per_epoch: u64,
    },
    /// Training goes on.
    Running,
    /// Training waits for a command, and uses no processor time. The mailbox holds, or held, the network
    /// after this very step.
    Paused {
        step: u64,
    },
    /// News of the steps since the last one: at most about 30 a second, and one at the end of each epoch,
    /// before it is scored.
    Progress(Progress),
    /// The validation set was scored (each epoch, and every so many steps in long ones).
    Validated {
        step: u64,
        epoch: f32,
        evaluation: Evaluation,
        /// The one that was scored: its snapshot may have given way to a newer one.
        network: Arc<Network>,
    },
    EpochFinished {
        epoch: u64,
        step: u64,
    },
    /// All epochs are done and the test set was scored, once. More epochs (`Adjust`) and `Resume` go on.
    Finished {
        step: u64,
        test: Evaluation,
    },
    /// A command could not be carried out, and nothing has changed: "all 10 epochs are done: …".
    Refused {
        reason: String,
    },
    /// Training stopped before damaged weights were published.
    Diverged(Divergence),
    /// The worker failed and forgot the run; the last snapshot is still good.
    Failed {
        reason: String,
    },
    /// The run was forgotten.
    Stopped,
    /// The run is at its first weights again.
    Reset,
}

/// Averages over the steps since the last news.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Mini-batches so far.
    pub step: u64,
    /// Epochs so far, with the fraction of the present one.
    pub epoch: f32,
    /// Mean cost of the mini-batches since the last news.
    pub cost: f32,
    /// Learning rate of the last step, after the schedule.
    pub learning_rate: f32,
    pub samples_per_second: f32,
    pub layers: Vec<LayerHealth>,
}

/// Signs of how a layer learns, from the last mini-batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerHealth {
    /// `‖∂C/∂W‖₂` over all weights of the layer, biases left out.
    pub gradient_norm: f32,
    /// `‖ΔW‖₂ / ‖W‖₂` of the last step, `W` as it was before: what the optimiser really did. 0 when `W` is 0.
    pub update_ratio: f32,
}

/// Where and when a NaN or an infinity came up.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    pub step: u64,
    /// Counted from 1; `None` when the cost itself was first.
    pub layer: Option<usize>,
    /// "Layer 2 has weights that are not finite after step 118; the last good network is kept"
    pub sentence: String,
    pub learning_rate: f32,
}

/// The network as it was after a step; never holds a NaN.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub network: Arc<Network>,
    /// Of the last mini-batch.
    pub gradients: Option<Arc<Gradients>>,
    pub step: u64,
    pub epoch: f32,
}
