//! Two short walks of a copy of the network: with the learning rate as it is, and with one ten times as large.

use super::grid::Frame;
use super::plane::{Placed, Plane};
use super::principal::{Principal, principal_components};
use super::weights::{difference, flat, length};
use crate::nn::{Network, Schedule};
use crate::training::{CheckedHyperparameters, Hyperparameters, Run, RunSetup, SetupError};
use ndarray::ArrayView2;
use std::ops::ControlFlow;

/// So many times as large is the learning rate of the second walk.
pub const WALK_FACTOR: f32 = 10.0;
/// Mini-batches of each walk.
pub const WALK_STEPS: usize = 60;

/// Where a copy of the network went with one learning rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    pub learning_rate: f32,
    /// From the network that both begin with; all of them, or every so many where the network is large.
    pub steps: Vec<WalkStep>,
    /// It ended early, as a number became too large to be one after this step.
    pub diverged_after: Option<usize>,
}

/// The copy after some steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkStep {
    pub step: usize,
    pub placed: Placed,
    /// Mean cost over the sample of the map, of the network itself, not of the point of the map that is nearest to it.
    pub cost: f32,
}

/// A walk as it was made, before there is a plane to see it on.
pub(super) struct Footsteps {
    learning_rate: f32,
    /// Step, all numbers as differences from where the walk began, cost.
    steps: Vec<(usize, Vec<f32>, f32)>,
    diverged_after: Option<usize>,
}

/// The numbers of both walks take at most so much memory.
const BYTES: usize = 150_000_000;
/// The map reaches at most so many times as far as the walk with the learning rate as it is.
const REACH: f64 = 15.0;

impl Footsteps {
    /// `setup` holds the network to begin with. Both walks see the same examples in the same order; the optimiser begins
    /// without a memory, and the learning rate does not follow a schedule. `None` when stopped.
    pub(super) fn take(
        setup: &RunSetup,
        learning_rate: f32,
        sample: [ArrayView2<'_, f32>; 2],
        mut go_on: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Option<Self>, SetupError> {
        let Some(hyperparameters) = steady(&setup.hyperparameters, learning_rate) else {
            return Ok(None);
        };
        let mut run = Run::new(RunSetup {
            hyperparameters,
            ..setup.clone()
        })?;
        let begin = flat(&setup.network);
        let [x, y] = sample;
        let every = kept_every(&setup.network);
        let mut walk = Self {
            learning_rate,
            steps: vec![(0, vec![0.0; begin.len()], setup.network.mean_cost(x, y))],
            diverged_after: None,
        };
        for step in 1..=WALK_STEPS {
            if go_on(step).is_break() {
                return Ok(None);
            }
            let diverged = run.step().is_err() || run.network().first_non_finite().is_some();
            if diverged {
                walk.diverged_after = Some(step);
                break;
            }
            if step % every == 0 || step == WALK_STEPS {
                let moved = difference(&flat(run.network()), &begin);
                walk.steps
                    .push((step, moved, run.network().mean_cost(x, y)));
            }
        }
        Ok(Some(walk))
    }

    /// The directions in which the walks spread most, as far as a map of them reaches.
    pub(super) fn principal(walks: &[Self]) -> Option<Principal> {
        let limit = Self::limit(walks);
        let near = walks.iter().flat_map(|walk| &walk.steps);
        let near = near.filter(|(_, moved, _)| length(moved) <= limit);
        let points: Vec<Vec<f32>> = near.map(|(_, moved, _)| moved.clone()).collect();
        principal_components(&points)
    }

    /// The map around both, without steps that went off too far to be drawn beside the others.
    pub(super) fn frame(walks: &[Walk], footsteps: &[Self]) -> Frame {
        let limit = Self::limit(footsteps);
        let near = walks.iter().zip(footsteps).flat_map(|(walk, made)| {
            let steps = walk.steps.iter().zip(&made.steps);
            steps.filter(|(_, (_, moved, _))| length(moved) <= limit)
        });
        Frame::around(near.map(|(step, _)| step.placed.at), f32::MIN_POSITIVE)
    }

    pub(super) fn on(&self, plane: &Plane, begin: &[f32]) -> Walk {
        let steps = self.steps.iter().map(|(step, moved, cost)| {
            let numbers: Vec<f32> = begin.iter().zip(moved).map(|(w, d)| w + d).collect();
            WalkStep {
                step: *step,
                placed: plane.place_numbers(&numbers),
                cost: *cost,
            }
        });
        Walk {
            learning_rate: self.learning_rate,
            steps: steps.collect(),
            diverged_after: self.diverged_after,
        }
    }

    fn limit(walks: &[Self]) -> f64 {
        let usual = walks.first().map_or(0.0, Self::reach);
        match usual {
            0.0 => f64::INFINITY,
            usual => REACH * usual,
        }
    }

    fn reach(&self) -> f64 {
        let lengths = self.steps.iter().map(|(_, moved, _)| length(moved));
        lengths.fold(0.0, f64::max)
    }
}

impl Walk {
    /// The first and the last cost.
    pub fn ends(&self) -> Option<[f32; 2]> {
        Some([self.steps.first()?.cost, self.steps.last()?.cost])
    }
}

/// The settings with another learning rate that stays what it is; `None` for a rate that is no rate.
fn steady(
    hyperparameters: &CheckedHyperparameters,
    learning_rate: f32,
) -> Option<CheckedHyperparameters> {
    let hyperparameters = Hyperparameters {
        learning_rate,
        schedule: Schedule::Constant,
        threads: 1,
        ..(**hyperparameters).clone()
    };
    hyperparameters.check().ok()
}

/// One step in so many is kept.
fn kept_every(network: &Network) -> usize {
    let both = 2 * WALK_STEPS * size_of::<f32>() * network.parameter_count();
    both.div_ceil(BYTES)
}
