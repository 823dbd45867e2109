use crate::model_file::TrainingRecord;
use crate::nn::Network;
use std::path::PathBuf;
use std::sync::Arc;

/// The network that answers now, and where it came from.
#[derive(Clone, Debug)]
pub struct ModelState {
    pub name: String,
    pub origin: Origin,
    pub network: Arc<Network>,
    /// The weights that it started from, for 'change since the start' and for reset.
    pub initial: Arc<Network>,
    /// Gradients of the last mini-batch, while there is a training run.
    pub gradients: Option<Arc<crate::nn::Gradients>>,
    pub record: TrainingRecord,
    /// Grows with every change of the numbers: panels redraw their pictures when it moves.
    pub version: u64,
    /// Not in any file yet.
    pub unsaved: bool,
}

/// Where a model came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Bundled,
    /// Made here, from fresh weights.
    Fresh,
    File(PathBuf),
}
