//! The thread that trains: what it is told, what it tells, and the loop itself.
//!
//! News comes in two kinds. **Events** are ordered and none is lost: an mpsc channel. A **snapshot** matters only
//! while it is the newest: a place for one, where the newest wins. The thread owns its network; nobody else
//! can touch it.

mod divergence;
mod history;
mod hyperparameters;
mod news;
mod outbox;
mod path;
mod practise;
mod preset;
mod protocol;
mod random;
mod run;
mod scoring;
mod session;
mod stepper;
mod team;
mod trainer;
mod worker;

pub use history::{History, Sample, Validation};
pub use hyperparameters::{
    CheckedHyperparameters, Field, FieldError, Hyperparameters, LiveSettings,
};
pub use path::{BestNetwork, Remembered, TrainingPath};
pub use practise::{PractiseError, PractiseSetup, Practised, Scores, practise};
pub use preset::{Preset, all_threads};
pub use protocol::{
    Command, Divergence, Event, LayerHealth, Progress, RunSetup, Snapshot, Speed, StepSize,
};
pub use run::{Run, SetupError, StepOutcome};
pub use scoring::{Scoring, evaluate};
pub use team::Team;
pub use trainer::Trainer;
