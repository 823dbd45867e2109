//! A run: the network being trained, its optimiser, its place in the data. No thread of its own and no clock, so
//! that tests and benchmarks take the same steps as the window.

use super::random::Stream;
use super::shards::{MiniBatch, Shards};
use super::{Divergence, LayerHealth, LiveSettings, RunSetup, Snapshot};
use crate::ink::SIDE;
use crate::nn::{Layer, Network, Optimizer};
use ndarray::{Array2, Zip};
use rand::seq::SliceRandom;
use std::sync::Arc;

/// A network being trained on data: everything that the next step depends on.
pub struct Run {
    setup: RunSetup,
    settings: LiveSettings,
    network: Network,
    optimizer: Optimizer,
    shards: Shards,
    place: Place,
    /// The examples in the order of the present epoch.
    order: Vec<u32>,
    /// The newest snapshot, to come back to after a divergence.
    good: (Arc<Snapshot>, Place),
    /// Weights before the last step that was taken with [`Run::step_with_health`].
    before: Vec<Array2<f32>>,
}

/// Why a run cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("{name} has no training examples")]
    NoExamples { name: String },
    #[error(
        "the network has {inputs} inputs and {outputs} outputs: digits need {pixels} and 10",
        pixels = SIDE * SIDE
    )]
    OtherShape { inputs: usize, outputs: usize },
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepOutcome {
    pub examples: usize,
    /// Mean cost of the mini-batch, before the step.
    pub cost: f32,
    /// After the schedule.
    pub learning_rate: f32,
    /// It was the last step of its epoch.
    pub epoch_finished: bool,
    /// The place where the validation set is to be scored: each end of an epoch, and between.
    pub validation_due: bool,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// Steps that the weights have had.
    step: u64,
    /// Epochs that are done.
    epoch: u64,
    /// Examples of the present epoch that are done.
    examples: usize,
}

impl Run {
    pub fn new(setup: RunSetup) -> Result<Self, SetupError> {
        let network = &setup.network;
        let (inputs, outputs) = (network.input_size(), network.output_size());
        if (inputs, outputs) != (SIDE * SIDE, 10) {
            return Err(SetupError::OtherShape { inputs, outputs });
        }
        if setup.data.train.is_empty() {
            let name = setup.data.name.clone();
            return Err(SetupError::NoExamples { name });
        }
        let place = Place {
            step: setup.first_step,
            epoch: 0,
            examples: 0,
        };
        let mut run = Self {
            settings: setup.hyperparameters.live(),
            network: Network::clone(network),
            optimizer: Optimizer::new(setup.hyperparameters.optimizer, network),
            shards: Shards::new(setup.hyperparameters.threads),
            place,
            order: (0..setup.data.train.len() as u32).collect(),
            good: (Arc::new(first_snapshot(&setup)), place),
            before: Vec::new(),
            setup,
        };
        run.shuffle();
        Ok(run)
    }

    /// The setup that it was made from.
    pub fn setup(&self) -> &RunSetup {
        &self.setup
    }

    pub fn network(&self) -> &Network {
        &self.network
    }

    pub fn settings(&self) -> LiveSettings {
        self.settings
    }

    /// Takes checked settings; they hold from the next step on.
    pub fn adjust(&mut self, settings: LiveSettings) {
        self.settings = settings;
    }

    /// Steps that the weights have had.
    pub fn steps(&self) -> u64 {
        self.place.step
    }

    /// Epochs that are done.
    pub fn epochs_done(&self) -> u64 {
        self.place.epoch
    }

    /// Epochs so far, with the fraction of the present one.
    pub fn epoch(&self) -> f32 {
        let fraction = self.place.examples as f64 / self.order.len() as f64;
        (self.place.epoch as f64 + fraction) as f32
    }

    pub fn steps_per_epoch(&self) -> u64 {
        self.order.len().div_ceil(self.settings.batch_size) as u64
    }

    /// All epochs are done.
    pub fn is_done(&self) -> bool {
        self.place.epoch >= self.settings.epochs as u64
    }

    /// Whether a step on `limit` examples would be the last one of the epoch.
    pub fn ends_epoch(&self, limit: usize) -> bool {
        self.order.len() - self.place.examples <= limit
    }

    /// One step on the next mini-batch.
    pub fn step(&mut self) -> Result<StepOutcome, Divergence> {
        self.step_on(self.settings.batch_size)
    }

    /// One step on the next `limit` examples, or as many as are left of the epoch.
    ///
    /// The cost and the biases are looked at after every step, all numbers only by [`Run::snapshot`]: an infinite
    /// weight shows in the cost of the next step at the latest.
    pub fn step_on(&mut self, limit: usize) -> Result<StepOutcome, Divergence> {
        let from = self.place.examples;
        let to = (from + limit.max(1)).min(self.order.len());
        let hyperparameters = &self.setup.hyperparameters;
        let batch = MiniBatch {
            examples: &self.setup.data.train,
            indices: &self.order[from..to],
            augmentation: hyperparameters.augmentation,
            seed: hyperparameters.seed,
            epoch: self.place.epoch,
            first_place: from,
        };
        let cost = self.shards.backprop(&self.network, batch);
        if !cost.is_finite() {
            return Err(self.divergence());
        }
        let learning_rate = self.learning_rate(from, to);
        if let Some(gradients) = self.shards.gradients() {
            self.optimizer.step(
                &mut self.network,
                gradients,
                learning_rate,
                self.settings.momentum,
                self.settings.weight_decay,
            );
        }
        let validation_due = self.validation_due(from, to);
        self.advance(to);
        if !self.network.layers().iter().all(has_finite_biases) {
            return Err(self.divergence());
        }
        Ok(StepOutcome {
            examples: to - from,
            cost,
            learning_rate,
            epoch_finished: self.place.examples == 0,
            validation_due,
        })
    }

    /// The same step with a look at how each layer took it.
    pub fn step_with_health(
        &mut self,
        limit: usize,
    ) -> Result<(StepOutcome, Vec<LayerHealth>), Divergence> {
        self.before
            .resize_with(self.network.layers().len(), || Array2::zeros((0, 0)));
        for (before, layer) in self.before.iter_mut().zip(self.network.layers()) {
            before.clone_from(&layer.weights);
        }
        let outcome = self.step_on(limit)?;
        Ok((outcome, self.health()))
    }

    /// The network as it is, unless it holds a NaN or an infinity.
    pub fn snapshot(&mut self) -> Result<Arc<Snapshot>, Divergence> {
        let gradients = self.shards.gradients();
        let finite_gradients = gradients.is_none_or(|gradients| {
            let weights = gradients.weights.iter().flatten();
            let biases = gradients.biases.iter().flatten();
            weights.chain(biases).all(|g| g.is_finite())
        });
        if !finite_gradients || self.network.first_non_finite().is_some() {
            return Err(self.divergence());
        }
        let snapshot = Arc::new(Snapshot {
            network: Arc::new(self.network.clone()),
            gradients: gradients.cloned().map(Arc::new),
            step: self.place.step,
            epoch: self.epoch(),
        });
        self.good = (Arc::clone(&snapshot), self.place);
        Ok(snapshot)
    }

    /// The newest snapshot, without making another.
    pub fn last_snapshot(&self) -> &Arc<Snapshot> {
        &self.good.0
    }

    /// Back to the first weights and the first example. The settings stay.
    pub fn reset(&mut self) {
        let place = Place {
            step: self.setup.first_step,
            epoch: 0,
            examples: 0,
        };
        self.good = (Arc::new(first_snapshot(&self.setup)), place);
        self.return_to_good();
    }

    /// Back to the newest snapshot, which holds no NaN. The settings stay.
    pub fn recover(&mut self) {
        self.return_to_good();
    }

    fn return_to_good(&mut self) {
        self.network.clone_from(&self.good.0.network);
        // The memory of steps that led astray, or to other weights, is of no use.
        let kind = self.setup.hyperparameters.optimizer;
        self.optimizer = Optimizer::new(kind, &self.network);
        self.shards.forget();
        self.place = self.good.1;
        self.shuffle();
    }

    fn learning_rate(&self, from: usize, to: usize) -> f32 {
        // The middle of the step: neither a first nor a last step with a rate of 0.
        let middle = (from + to) as f64 / 2.0 / self.order.len() as f64;
        let progress = (self.place.epoch as f64 + middle) / self.settings.epochs as f64;
        let factor = self
            .setup
            .hyperparameters
            .schedule
            .factor(progress.min(1.0));
        self.settings.learning_rate * factor as f32
    }

    fn advance(&mut self, to: usize) {
        self.place.step += 1;
        self.place.examples = to;
        if to == self.order.len() {
            self.place.epoch += 1;
            self.place.examples = 0;
            self.shuffle();
        }
    }

    /// The order of an epoch depends on the seed and the epoch only, not on the epochs before it.
    fn shuffle(&mut self) {
        for (index, slot) in (0..).zip(&mut self.order) {
            *slot = index;
        }
        let epoch = self.place.epoch;
        let mut rng = Stream::Order { epoch }.rng(self.setup.hyperparameters.seed);
        self.order.shuffle(&mut rng);
    }

    /// Whether the examples from `from` to `to` of the epoch cross a place where the validation set is scored.
    fn validation_due(&self, from: usize, to: usize) -> bool {
        let length = self.order.len();
        // A fresh network learns most in its first seconds: there the marks lie closest.
        let first_epoch = [16, 8, 4, 2].map(|part| length / part);
        // A second of computing, about, lies between two marks of a long epoch.
        let work = self.network.parameter_count() as f64 * length as f64;
        let parts = ((work / 2e10) as usize).clamp(1, 8);
        let mut marks = (1..=parts).map(|part| length * part / parts);
        let crossed = |mark| from < mark && mark <= to;
        marks.any(crossed) || (self.place.epoch == 0 && first_epoch.into_iter().any(crossed))
    }

    fn health(&self) -> Vec<LayerHealth> {
        let layers = self.network.layers().iter().zip(&self.before);
        let gradients = self.shards.gradients();
        layers
            .enumerate()
            .map(|(index, (layer, before))| LayerHealth {
                gradient_norm: gradients.map_or(0.0, |g| g.weight_norm(index) as f32),
                update_ratio: relative_change(before, &layer.weights),
            })
            .collect()
    }

    /// Names what is not finite, in the order in which numbers follow from each other: weights, the sums that they
    /// make of the last batch, its cost, its gradients.
    fn divergence(&self) -> Divergence {
        let step = self.place.step;
        let (layer, what) = if let Some(damage) = self.network.first_non_finite() {
            let part = if damage.in_biases {
                "biases"
            } else {
                "weights"
            };
            let layer = damage.layer;
            let what = format!("Layer {layer} has {part} that are not finite");
            (Some(layer), what)
        } else if let Some(layer) = self.first_infinite_sum() {
            let what = format!("The weights of layer {layer} make sums that are not finite");
            (Some(layer), what)
        } else if let Some(layer) = self.last_infinite_gradient() {
            let what = format!("Layer {layer} has gradients that are not finite");
            (Some(layer), what)
        } else {
            (None, "The cost is not finite".to_owned())
        };
        Divergence {
            step,
            layer,
            sentence: format!("{what} after step {step}; the last good network is kept"),
            learning_rate: self.settings.learning_rate,
        }
    }

    fn first_infinite_sum(&self) -> Option<usize> {
        let layers = self.shards.inputs().filter_map(|x| {
            let sums = self.network.trace(x).zs;
            sums.iter().position(|z| z.iter().any(|z| !z.is_finite()))
        });
        layers.min().map(|layer| layer + 1)
    }

    /// Backpropagation begins at the last layer.
    fn last_infinite_gradient(&self) -> Option<usize> {
        let gradients = self.shards.gradients()?;
        let layers = gradients.weights.iter().zip(&gradients.biases);
        let damaged = layers
            .map(|(weights, biases)| weights.iter().chain(biases).any(|g| !g.is_finite()))
            .collect::<Vec<_>>();
        damaged
            .iter()
            .rposition(|&damaged| damaged)
            .map(|layer| layer + 1)
    }
}

/// The run before its first step.
fn first_snapshot(setup: &RunSetup) -> Snapshot {
    Snapshot {
        network: Arc::clone(&setup.network),
        gradients: None,
        step: setup.first_step,
        epoch: 0.0,
    }
}

fn has_finite_biases(layer: &Layer) -> bool {
    layer.biases.iter().all(|bias| bias.is_finite())
}

/// `‖after − before‖ / ‖before‖`, 0 where there was nothing to compare with.
fn relative_change(before: &Array2<f32>, after: &Array2<f32>) -> f32 {
    // In `f64`: the square of a weight that is still finite may not be.
    let (mut change, mut size) = (0.0, 0.0);
    Zip::from(before).and(after).for_each(|&before, &after| {
        let (before, after) = (f64::from(before), f64::from(after));
        change += (after - before).powi(2);
        size += before.powi(2);
    });
    if size > 0.0 {
        (change / size).sqrt() as f32
    } else {
        0.0
    }
}
