//! What the microscope looks at.

use super::AppState;
use crate::app::{AppCommand, Examined};
use crate::nn::Network;
use std::sync::Arc;

impl AppState {
    /// The network under the microscope: the frozen copy, or else the present one.
    pub fn examined_network(&self) -> &Arc<Network> {
        match &self.microscope.frozen {
            Some((network, _)) => network,
            None => &self.model.network,
        }
    }

    /// The drawing under the microscope with its label; `None` while the pad is blank.
    pub fn examined(&self) -> Option<Examined> {
        let reading = self.reading.as_ref()?;
        Some(Examined {
            input: reading.normalized.cells.input().to_vec(),
            label: self.pad.drawing.label,
        })
    }

    pub(super) fn change_microscope(&mut self, command: AppCommand) {
        match command {
            AppCommand::FreezeNetwork => {
                let network = Arc::clone(&self.model.network);
                self.microscope.frozen = Some((network, self.model.record.steps));
            }
            AppCommand::ReleaseNetwork => self.microscope.frozen = None,
            _ => {}
        }
    }
}
