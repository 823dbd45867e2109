//! A run: the network being trained, its optimiser, its place in the data. No thread of its own and no clock, so
//! that tests and benchmarks take the same steps as the window.

use super::divergence::damaged_layer;
use super::random::Stream;
use super::stepper::{MiniBatch, Stepper};
use super::{Divergence, LayerHealth, LiveSettings, RunSetup, Snapshot, Team};
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
    stepper: Stepper,
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
            network: network.aligned(),
            optimizer: Optimizer::new(setup.hyperparameters.optimizer, network),
            stepper: Stepper::new(setup.hyperparameters.threads),
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
        let cost = self.stepper.forward_and_back(&self.network, batch);
        if !cost.is_finite() {
            return Err(self.divergence());
        }
        let learning_rate = self.learning_rate(from, to);
        let LiveSettings {
            momentum,
            weight_decay,
            ..
        } = self.settings;
        let rule = self
            .optimizer
            .begin_step(learning_rate, momentum, weight_decay);
        self.stepper
            .descend(&mut self.network, &mut self.optimizer, rule);
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

    /// The threads that share the mini-batches: steps are taken fastest in [`Team::work`].
    pub fn team(&self) -> Team {
        let hyperparameters = &self.setup.hyperparameters;
        let (size, changes) = (hyperparameters.batch_size, hyperparameters.augmentation);
        self.stepper.team(&self.network, size, changes)
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
        let gradients = self.stepper.gradients();
        let damaged = gradients.is_some_and(|gradients| damaged_layer(gradients).is_some());
        if damaged || self.network.first_non_finite().is_some() {
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
        self.network = self.good.0.network.aligned();
        // The memory of steps that led astray, or to other weights, is of no use.
        let kind = self.setup.hyperparameters.optimizer;
        self.optimizer = Optimizer::new(kind, &self.network);
        self.stepper.forget();
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
        let validation = self.setup.data.validation.len();
        let parts = scorings_per_epoch(self.network.parameter_count(), length, validation);
        let mut marks = (1..=parts).map(|part| length * part / parts);
        let crossed = |mark| from < mark && mark <= to;
        marks.any(crossed) || (self.place.epoch == 0 && first_epoch.into_iter().any(crossed))
    }

    fn health(&mut self) -> Vec<LayerHealth> {
        let layers = self.network.layers().iter().zip(&self.before);
        let gradients = self.stepper.gradients();
        layers
            .enumerate()
            .map(|(index, (layer, before))| LayerHealth {
                gradient_norm: gradients.map_or(0.0, |g| g.weight_norm(index) as f32),
                update_ratio: relative_change(before, &layer.weights),
            })
            .collect()
    }

    fn divergence(&mut self) -> Divergence {
        Divergence::find(
            &self.network,
            &mut self.stepper,
            self.place.step,
            self.settings.learning_rate,
        )
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

/// How often the validation set is scored in an epoch: a second of steps, about, lies between two scorings, and all of them
/// take a twentieth of what the steps take at most. The end of the epoch is always one.
fn scorings_per_epoch(parameters: usize, training: usize, validation: usize) -> usize {
    let by_time = parameters as f64 * training as f64 / 2e10;
    // An example goes forward with a third of the operations of a step.
    let by_cost = training as f64 / 20.0 / (validation.max(1) as f64 / 3.0);
    (by_time.min(by_cost) as usize).clamp(1, 8)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSets, DataSource, Dataset, Examples};
    use crate::nn::Schedule;
    use crate::training::Hyperparameters;

    /// A run on `count` grey pictures, all labels in turn.
    fn run(count: usize, change: impl FnOnce(&mut Hyperparameters)) -> Run {
        let images = (0..count).flat_map(|i| [i as u8; SIDE * SIDE]).collect();
        let labels = (0..count).map(|i| (i % 10) as u8).collect();
        let all = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
        let data = DataSets {
            source: DataSource::Practice,
            name: "Grey".to_owned(),
            train: all.clone(),
            validation: all.clone(),
            test: all,
            notes: Vec::new(),
        };
        let mut hyperparameters = Hyperparameters {
            hidden_layers: vec![4],
            batch_size: 10,
            epochs: 2,
            ..Hyperparameters::default()
        };
        change(&mut hyperparameters);
        let hyperparameters = hyperparameters.check().unwrap();
        Run::new(RunSetup {
            network: Arc::new(hyperparameters.fresh_network().unwrap()),
            data: Arc::new(data),
            hyperparameters,
            first_step: 0,
        })
        .unwrap()
    }

    #[test]
    fn every_example_comes_once_an_epoch_in_an_order_of_its_own() {
        let mut run = run(50, |_| ());
        let first = run.order.clone();
        for _ in 0..5 {
            run.step().unwrap();
        }
        let second = run.order.clone();
        assert_ne!(first, second);
        for mut order in [first.clone(), second] {
            order.sort_unstable();
            assert!(order.into_iter().eq(0..50));
        }
        run.reset();
        assert_eq!(run.order, first);
    }

    #[test]
    fn the_last_mini_batch_of_an_epoch_is_what_is_left() {
        let mut run = run(25, |_| ());
        let outcomes = [(); 3].map(|()| run.step().unwrap());
        assert_eq!(outcomes.map(|outcome| outcome.examples), [10, 10, 5]);
        assert_eq!(
            outcomes.map(|outcome| outcome.epoch_finished),
            [false, false, true]
        );
        assert_eq!((run.epochs_done(), run.steps_per_epoch()), (1, 3));
        assert_eq!(run.step_on(1).unwrap().examples, 1);
        assert_eq!(run.epoch(), 1.04);
    }

    #[test]
    fn a_schedule_runs_over_the_whole_run_and_no_step_is_wasted_on_a_rate_of_0() {
        let mut run = run(50, |h| {
            h.schedule = Schedule::Cosine;
            h.learning_rate = 1.0;
        });
        let mut rates = Vec::new();
        while !run.is_done() {
            rates.push(run.step().unwrap().learning_rate);
        }
        assert_eq!(rates.len(), 10);
        assert!(rates.is_sorted_by(|a, b| a > b), "{rates:?}");
        assert!(rates[0] < 1.0 && rates[9] > 0.0, "{rates:?}");
        assert!((rates[4] + rates[5] - 1.0).abs() < 1e-6, "{rates:?}");
    }

    #[test]
    fn the_first_epoch_is_scored_early_and_often_and_the_others_at_their_end() {
        let mut run = run(320, |_| ());
        let mut due = Vec::new();
        while !run.is_done() {
            if run.step().unwrap().validation_due {
                due.push(run.steps());
            }
        }
        assert_eq!(due, [2, 4, 8, 16, 32, 64]);
    }

    #[test]
    fn a_long_epoch_is_scored_more_often_where_that_takes_little_of_its_time() {
        let large = 3_581_010;
        assert_eq!(scorings_per_epoch(109_386, 55_000, 5_000), 1);
        assert_eq!(scorings_per_epoch(large, 55_000, 5_000), 1);
        assert_eq!(scorings_per_epoch(large, 55_000, 1_500), 5);
        assert_eq!(scorings_per_epoch(large, 55_000, 0), 8);
    }

    #[test]
    fn a_layer_of_zeros_has_no_update_ratio_rather_than_an_infinite_one() {
        let (zeros, ones) = (Array2::zeros((2, 2)), Array2::ones((2, 2)));
        assert_eq!(relative_change(&zeros, &ones), 0.0);
        assert_eq!(relative_change(&ones, &zeros), 1.0);
        assert_eq!(relative_change(&ones, &(&ones * 1.5)), 0.5);
    }

    #[test]
    fn data_and_networks_of_no_use_are_refused() {
        let mut setup = run(10, |_| ()).setup;
        let all = setup.data.train.clone();
        let mut data = DataSets::clone(&setup.data);
        data.train = all.split(0, 1).0;
        setup.data = Arc::new(data);
        let error = Run::new(setup).err().unwrap();
        assert_eq!(error.to_string(), "Grey has no training examples");
    }
}
