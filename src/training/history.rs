use super::Progress;
use crate::nn::Evaluation;

/// One point of the training curves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub step: u64,
    pub epoch: f32,
    pub cost: f32,
    /// Gradient norm of the layer with the largest, and update ratios likewise, are kept in `layers`.
    pub learning_rate: f32,
}

/// One point of the validation curves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Validation {
    pub step: u64,
    pub epoch: f32,
    pub cost: f32,
    /// 0..=1
    pub accuracy: f32,
    /// Two standard errors of the accuracy.
    pub two_sigma: f32,
}

/// The whole run in bounded memory (halved when full) and its recent part in full.
#[derive(Clone, Debug, Default)]
pub struct History {
    _private: (),
}

impl History {
    pub fn push(&mut self, progress: &Progress) {
        let _ = progress;
        todo!()
    }
    pub fn push_validation(&mut self, step: u64, epoch: f32, evaluation: &Evaluation) {
        let _ = (step, epoch, evaluation);
        todo!()
    }
    /// The whole run; at most a few thousand samples, evenly thinned.
    pub fn whole(&self) -> &[Sample] {
        todo!()
    }
    /// The newest samples, each one.
    pub fn recent(&self) -> &[Sample] {
        todo!()
    }
    pub fn validation(&self) -> &[Validation] {
        todo!()
    }
    /// Gradient norms (or update ratios) of `layer` (from 0), one for each entry of `whole`.
    pub fn gradient_norms(&self, layer: usize) -> &[f32] {
        let _ = layer;
        todo!()
    }
    pub fn update_ratios(&self, layer: usize) -> &[f32] {
        let _ = layer;
        todo!()
    }
    pub fn layer_count(&self) -> usize {
        todo!()
    }
    pub fn last(&self) -> Option<&Sample> {
        todo!()
    }
    pub fn is_empty(&self) -> bool {
        todo!()
    }
    /// `step,epoch,cost,learning_rate,validation_cost,validation_accuracy` with a header line.
    pub fn to_csv(&self) -> String {
        todo!()
    }
}
