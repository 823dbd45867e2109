//! The mini-batch under the microscope: which examples it has, and what was found out about them.

use super::Examined;
use crate::data::DataSets;
use crate::explain::{
    BatchNudges, BiasAs, DrawnBatches, LARGEST_BATCH, Mistake, Parameter, Settling, average_nudges,
};
use crate::nn::Network;
use ndarray::{Array2, s};
use std::sync::Arc;

/// The mini-batch under the microscope.
#[derive(Clone, Debug)]
pub struct Nudges {
    /// `B`, 1..=[`LARGEST_BATCH`].
    pub size: usize,
    /// Which mini-batch is drawn; the next one is another.
    pub draw: u64,
    pub by_hand: bool,
    /// Places among the training digits, in the order in which they were picked.
    pub picked: Vec<u32>,
    /// The drawing is one of the hand-picked, as long as it has a label.
    pub with_drawing: bool,
    /// Whose wishes are shown; `None` are the outputs.
    pub parameter: Option<Parameter>,
    /// The newest wishes, possibly of the mini-batch or the network before.
    pub(super) averaged: Option<Box<AveragedNudges>>,
    pub(super) is_averaging: bool,
    pub(super) settled: Option<Settled>,
    /// What the running measurement is made for.
    pub(super) measuring: Option<(Arc<Network>, Arc<DataSets>)>,
    /// The network for which the user has cancelled it, or for which there is nothing to measure.
    pub(super) declined: Option<Arc<Network>>,
}

/// How the shape tape is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TapeChoice {
    pub bias: BiasAs,
    pub mistake: Option<Mistake>,
}

/// Which examples are averaged, and what they are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct NudgeRequest {
    /// Comes before the others.
    pub drawing: Option<Examined>,
    /// Places among the training digits.
    pub positions: Vec<u32>,
    pub parameter: Option<Parameter>,
}

/// The wishes of a mini-batch, and what they were worked out from.
#[derive(Clone, Debug)]
pub struct AveragedNudges {
    pub network: Arc<Network>,
    pub data: Arc<DataSets>,
    pub request: NudgeRequest,
    /// What the single gradients were compared with, where it was known.
    pub settling: Option<Arc<Settling>>,
    pub nudges: BatchNudges,
    /// Mini-batches of the same size, drawn at random.
    pub drawn: Option<DrawnBatches>,
}

/// What is to be averaged, for the performer.
#[derive(Clone, Debug)]
pub struct NudgeWork {
    pub network: Arc<Network>,
    pub data: Arc<DataSets>,
    pub request: NudgeRequest,
    pub settling: Option<Arc<Settling>>,
}

/// How mini-batches settle, and for which network and digits.
#[derive(Clone, Debug)]
pub struct Settled {
    pub network: Arc<Network>,
    pub data: Arc<DataSets>,
    pub settling: Arc<Settling>,
}

impl Default for Nudges {
    fn default() -> Self {
        Self {
            size: 16,
            draw: 0,
            by_hand: false,
            picked: Vec::new(),
            with_drawing: false,
            parameter: None,
            averaged: None,
            is_averaging: false,
            settled: None,
            measuring: None,
            declined: None,
        }
    }
}

impl Nudges {
    pub(super) fn set_size(&mut self, size: usize) {
        self.size = size.clamp(1, LARGEST_BATCH);
    }

    pub fn is_picked(&self, index: usize) -> bool {
        self.picked.iter().any(|&other| other as usize == index)
    }
}

impl NudgeRequest {
    /// How many examples it averages.
    pub fn len(&self) -> usize {
        self.positions.len() + usize::from(self.drawing.is_some())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Settled {
    pub(super) fn is_of(&self, network: &Arc<Network>, data: &Arc<DataSets>) -> bool {
        Arc::ptr_eq(&self.network, network) && Arc::ptr_eq(&self.data, data)
    }
}

impl NudgeWork {
    /// Does it; `None` without examples.
    pub fn average(self) -> Option<AveragedNudges> {
        let (network, request) = (&*self.network, &self.request);
        let n = request.len();
        let mut x = Array2::zeros((n, network.input_size()));
        let mut y = Array2::zeros((n, network.output_size()));
        let mut first = 0;
        if let Some(drawing) = &request.drawing {
            first = 1;
            for (cell, value) in x.row_mut(0).iter_mut().zip(&drawing.input) {
                *cell = *value;
            }
            let truth = drawing.label.map(usize::from);
            if let Some(truth) = truth.and_then(|label| y.get_mut((0, label))) {
                *truth = 1.0;
            }
        }
        let rest = (x.slice_mut(s![first.., ..]), y.slice_mut(s![first.., ..]));
        let train = &self.data.train;
        train.fill_batch(&request.positions, rest.0, rest.1);

        let whole = self.settling.as_deref().map(|settling| &settling.whole);
        let nudges = average_nudges(network, x.view(), y.view(), request.parameter, whole)?;
        let drawn = whole.and_then(|whole| DrawnBatches::measure(network, train, whole, n));
        Some(AveragedNudges {
            nudges,
            drawn,
            network: self.network,
            data: self.data,
            request: self.request,
            settling: self.settling,
        })
    }
}
