//! Answers of a network that rests are calibrated; while it learns nobody knows how sure they are.

use super::AppState;
use crate::answering::Calibration;
use crate::app::{Effect, Phase};
use crate::nn::Network;
use std::sync::Arc;

impl AppState {
    /// Fits a calibration in the background, where the network has learned something and has none for its weights.
    pub(super) fn calibrate_at_rest(&mut self) -> Vec<Effect> {
        let network = &self.model.network;
        let is_due = self.runs.phase != Phase::Running
            && self.model.calibration.is_none()
            && !self.model.is_untrained()
            && !self
                .calibrating
                .as_ref()
                .is_some_and(|fitted| Arc::ptr_eq(fitted, network));
        match &self.data.sets {
            Some(data) if is_due => {
                self.calibrating = Some(Arc::clone(network));
                vec![Effect::Calibrate {
                    network: Arc::clone(network),
                    data: Arc::clone(data),
                }]
            }
            _ => Vec::new(),
        }
    }

    /// What was fitted to weights that have changed meanwhile is not used.
    pub(super) fn calibrated(&mut self, network: &Arc<Network>, calibration: Option<Calibration>) {
        if Arc::ptr_eq(network, &self.model.network) {
            self.model.calibration = calibration;
            self.read_pad_again();
        }
    }
}
