//! What the program is and what everything in it does: the state, the one list of commands, the rules, and the
//! performer that carries out effects (training, dialogs, files, downloads) away from the window's thread.
//!
//! Data flows one way. Each frame the performer's news go into [`AppState::receive`]; panels read `&AppState` and
//! push [`AppCommand`]s; [`AppState::handle`] carries them out and returns [`Effect`]s for the performer. So every
//! rule can be tested without a window, a thread or a dialog.

mod command;
mod dialogs;
mod effect;
mod file_work;
mod jobs;
pub mod lessons;
mod log;
mod microscope;
mod model;
mod my_digits;
mod my_digits_file;
mod nudges;
mod opening;
mod pad;
mod performer;
mod place;
mod practise;
mod reading;
mod recovery;
mod runs;
mod settings;
mod state;
mod surface;
mod worlds;

pub use command::{AppCommand, CommandInfo, Shortcut};
pub use effect::{Dialog, DialogFor, Effect, News, ScoredSet, Wrong};
pub use log::{Level, Log, Message};
pub use microscope::{
    AppliedNudge, Check, CheckedGradients, Detail, Examined, Microscope, StepMove,
};
pub use model::{ModelState, Origin};
pub use my_digits::{KeptDigit, MyDigits, Storage, a_digit};
pub use my_digits_file::{ImportedDigits, LoadedDigits};
pub use nudges::{AveragedNudges, NudgeRequest, NudgeWork, Nudges, TapeChoice};
pub use pad::{PAD_SIZE, Pad, PenMode};
pub use performer::Performer;
pub use place::{MicroscopeView, Tab};
pub use practise::{Comparison, Offer, PractiseState, score_text};
pub use reading::Reading;
pub use runs::{Phase, Run, Runs};
pub use settings::{Depth, PEN_WIDTH_RANGE, Settings, ThemeChoice, ZOOM_RANGE};
pub use state::{AppState, DataState, IndexedExamples, Job, JobKind, Question, grouped};
pub use surface::SurfaceState;
pub use worlds::{
    ChainWorld, GraphWorld, KNOWN_EXPRESSIONS, KnownExpression, World, WorldCommand, Worlds,
};
