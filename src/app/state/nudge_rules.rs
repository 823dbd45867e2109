//! Which mini-batch is under the microscope, and when its wishes are worked out.

use super::{AppState, JobKind};
use crate::app::nudges::Settled;
use crate::app::{AppCommand, AveragedNudges, Effect, NudgeRequest, NudgeWork, Phase};
use crate::data::{DataSets, grouped};
use crate::explain::{Settling, Tape, draw_positions};
use crate::nn::Network;
use std::sync::Arc;

/// So many of the drawn digits are there to begin with when picking by hand.
const FIRST_PICKED: usize = 10;

impl AppState {
    /// The examples that are averaged; `None` without data.
    pub fn nudge_request(&self) -> Option<NudgeRequest> {
        let train = &self.data.sets.as_ref()?.train;
        let nudges = &self.nudges;
        let positions = if nudges.by_hand {
            let is_there = |index: &u32| (*index as usize) < train.len();
            nudges.picked.iter().copied().filter(is_there).collect()
        } else {
            draw_positions(train.len(), nudges.size, nudges.draw)
        };
        let takes_drawing = nudges.by_hand && nudges.with_drawing;
        let network = self.examined_network();
        Some(NudgeRequest {
            drawing: self
                .examined()
                .filter(|examined| takes_drawing && examined.label.is_some()),
            positions,
            parameter: nudges
                .parameter
                .filter(|parameter| parameter.check(network).is_ok()),
        })
    }

    /// The newest wishes of a mini-batch: while others are worked out, those before.
    pub fn averaged_nudges(&self) -> Option<&AveragedNudges> {
        let averaged = self.nudges.averaged.as_deref()?;
        // A network of another shape, or other digits, have nothing to do with what is on the screen.
        let data = self.data.sets.as_ref()?;
        let fits = averaged.network.sizes() == self.examined_network().sizes()
            && Arc::ptr_eq(&averaged.data, data);
        fits.then_some(averaged)
    }

    /// Whether they are those of the present network and mini-batch.
    pub fn nudges_are_current(&self) -> bool {
        self.averaged_nudges().is_some_and(|averaged| {
            let settling = self.settling();
            Arc::ptr_eq(&averaged.network, self.examined_network())
                && averaged.settling.as_ref().map(Arc::as_ptr) == settling.map(Arc::as_ptr)
                && self.nudge_request().as_ref() == Some(&averaged.request)
        })
    }

    /// How mini-batches settle, where it was measured for the network and the digits on the screen.
    pub fn settling(&self) -> Option<&Arc<Settling>> {
        let data = self.data.sets.as_ref()?;
        let settled = self.nudges.settled.as_ref()?;
        settled
            .is_of(self.examined_network(), data)
            .then_some(&settled.settling)
    }

    /// The shapes of the network on the screen for the mini-batch under the microscope.
    pub fn tape(&self) -> Tape {
        let mut tape = Tape::new(self.examined_network(), self.nudges.size);
        tape.bias = self.tape.bias;
        tape.mistake = self.tape.mistake;
        tape
    }

    /// Whether the whole gradient is wanted without having been asked for: the network rests, and nobody has
    /// cancelled it.
    pub fn wants_settling(&self) -> bool {
        let network = self.examined_network();
        let declined = self.nudges.declined.as_ref();
        self.can_measure_settling().is_ok()
            && !declined.is_some_and(|declined| Arc::ptr_eq(declined, network))
    }

    pub(in crate::app) fn can_average_nudges(&self) -> Result<(), &'static str> {
        match self.nudge_request() {
            None => Err("The data is not loaded yet"),
            Some(request) if request.is_empty() => Err("No digit is picked"),
            Some(_) if self.nudges.is_averaging => Err("They are being worked out"),
            Some(_) if self.nudges_are_current() => Err("They are those of this mini-batch"),
            Some(_) => Ok(()),
        }
    }

    pub(in crate::app) fn can_measure_settling(&self) -> Result<(), &'static str> {
        let Some(data) = &self.data.sets else {
            return Err("The data is not loaded yet");
        };
        let network = self.examined_network();
        let is_measured = |(other, digits): &(Arc<Network>, Arc<DataSets>)| {
            Arc::ptr_eq(other, network) && Arc::ptr_eq(digits, data)
        };
        if self.settling().is_some() {
            Err("It is measured")
        } else if self.runs.phase == Phase::Running && self.microscope.frozen.is_none() {
            Err("The network is learning: freeze a copy to look at")
        } else if self.nudges.measuring.as_ref().is_some_and(is_measured) {
            Err("It is being measured")
        } else {
            Ok(())
        }
    }

    pub(super) fn change_nudges(&mut self, command: AppCommand) -> Vec<Effect> {
        match command {
            AppCommand::SetNudgeBatch(size) => self.nudges.set_size(size),
            AppCommand::DrawNudgeBatch => {
                self.nudges.draw += 1;
                self.nudges.by_hand = false;
            }
            AppCommand::PickNudgesByHand(by_hand) => self.pick_by_hand(by_hand),
            AppCommand::PickNudge { index } => self.pick(index),
            AppCommand::PickDrawing => {
                self.pick_by_hand(true);
                self.nudges.with_drawing = !self.nudges.with_drawing;
            }
            AppCommand::ShowNudgesOf(parameter) => self.nudges.parameter = parameter,
            AppCommand::AverageNudges => return self.average_nudges(),
            AppCommand::MeasureSettling => return self.measure_settling(),
            AppCommand::SetTapeBias(bias) => self.tape.bias = bias,
            AppCommand::SetTapeMistake(mistake) => self.tape.mistake = mistake,
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn nudges_averaged(&mut self, averaged: Option<Box<AveragedNudges>>) {
        self.nudges.is_averaging = false;
        if averaged.is_some() {
            self.nudges.averaged = averaged;
        }
    }

    pub(super) fn settling_measured(&mut self, job: u64, settling: Option<Arc<Settling>>) {
        if !self.end_job(job) {
            return;
        }
        match (settling, self.nudges.measuring.take()) {
            (Some(settling), Some((network, data))) => {
                self.nudges.settled = Some(Settled {
                    network,
                    data,
                    settling,
                });
            }
            (None, Some((network, _))) => {
                self.nudges.declined = Some(network);
                self.warn(
                    "The gradient over the training set is 0, so there is nothing to compare with",
                );
            }
            (_, None) => {}
        }
    }

    /// The measurement was cancelled, or has failed: it is not begun again by itself.
    pub(super) fn decline_settling(&mut self) {
        let measuring = self.nudges.measuring.take();
        self.nudges.declined = measuring.map(|(network, _)| network);
    }

    fn pick_by_hand(&mut self, by_hand: bool) {
        if by_hand && !self.nudges.by_hand && self.nudges.picked.is_empty() {
            let drawn = self.nudge_request();
            let mut positions = drawn.map_or(Vec::new(), |request| request.positions);
            positions.truncate(FIRST_PICKED);
            self.nudges.picked = positions;
        }
        self.nudges.by_hand = by_hand;
    }

    fn pick(&mut self, index: usize) {
        let count = self.data.sets.as_ref().map_or(0, |data| data.train.len());
        let Some(place) = u32::try_from(index).ok().filter(|_| index < count) else {
            return;
        };
        self.nudges.by_hand = true;
        let picked = &mut self.nudges.picked;
        match picked.iter().position(|&other| other == place) {
            Some(position) => {
                picked.remove(position);
            }
            None if picked.len() < crate::explain::LARGEST_BATCH => picked.push(place),
            None => {}
        }
    }

    fn average_nudges(&mut self) -> Vec<Effect> {
        let (Ok(()), Some(request), Some(data)) = (
            self.can_average_nudges(),
            self.nudge_request(),
            self.data.sets.clone(),
        ) else {
            return Vec::new();
        };
        self.nudges.is_averaging = true;
        vec![Effect::AverageNudges(Box::new(NudgeWork {
            network: Arc::clone(self.examined_network()),
            data,
            request,
            settling: self.settling().cloned(),
        }))]
    }

    fn measure_settling(&mut self) -> Vec<Effect> {
        let Some(data) = self.data.sets.clone() else {
            return Vec::new();
        };
        if self.can_measure_settling().is_err() {
            return Vec::new();
        }
        let mut effects = self.cancel_jobs(JobKind::Settling);
        let count = grouped(data.train.len() as u64);
        let job = self.add_job(
            JobKind::Settling,
            format!("Averaging the gradients of all {count} training digits"),
        );
        let network = Arc::clone(self.examined_network());
        self.nudges.measuring = Some((Arc::clone(&network), Arc::clone(&data)));
        self.nudges.declined = None;
        effects.push(Effect::MeasureSettling { job, network, data });
        effects
    }
}
