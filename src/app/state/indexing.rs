//! The training digits made ready to be searched for those most like the drawing, when somebody looks.

use super::AppState;
use crate::app::{Effect, Phase};
use crate::data::DataSets;
use crate::explain::ExampleIndex;
use crate::nn::Network;
use std::sync::Arc;

/// The training digits of a data set as a network sees them.
#[derive(Clone, Debug)]
pub struct IndexedExamples {
    pub network: Arc<Network>,
    pub data: Arc<DataSets>,
    pub index: Arc<ExampleIndex>,
}

impl AppState {
    /// The training digits as the present network sees them; `None` where they are not ready.
    pub fn indexed_examples(&self) -> Option<&IndexedExamples> {
        self.indexed.as_ref().filter(|indexed| {
            let data = self.data.sets.as_ref();
            Arc::ptr_eq(&indexed.network, &self.model.network)
                && data.is_some_and(|data| Arc::ptr_eq(&indexed.data, data))
        })
    }

    /// Whether they can be made ready now; the error says in words why not.
    pub(in crate::app) fn can_index_examples(&self) -> Result<(), &'static str> {
        if self.data.sets.is_none() {
            Err("The data is not loaded yet")
        } else if self.runs.phase == Phase::Running {
            Err("The network is learning: they are looked for when it rests")
        } else if self.is_indexing {
            Err("They are being looked for")
        } else if self.indexed_examples().is_some() {
            Err("They are ready")
        } else {
            Ok(())
        }
    }

    pub(super) fn index_examples(&mut self) -> Vec<Effect> {
        match &self.data.sets {
            Some(data) if self.can_index_examples().is_ok() => {
                self.is_indexing = true;
                vec![Effect::IndexExamples {
                    network: Arc::clone(&self.model.network),
                    data: Arc::clone(data),
                }]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn examples_indexed(&mut self, indexed: IndexedExamples) {
        self.is_indexing = false;
        self.indexed = Some(indexed);
    }
}
