//! A few seconds of training on the digits of one hand, mixed with digits that the network knows, so that it learns
//! the one without forgetting the others.

mod hand;

use super::run::SetupError;
use super::{Divergence, Hyperparameters, Run, RunSetup, Scoring};
use crate::data::{Augmentation, DataSets, Examples};
use crate::ink::Drawing;
use crate::nn::{Evaluation, Network, OptimizerKind, Schedule};
use hand::Hand;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What is practised, and on what.
#[derive(Clone, Debug)]
pub struct PractiseSetup {
    /// It stays as it is; a copy learns.
    pub network: Arc<Network>,
    /// What the network is not to forget: training examples are mixed in, validation examples are scored.
    pub replay: Arc<DataSets>,
    /// The digits of one hand, oldest first; those without a label or without ink do not count.
    pub own: Vec<Drawing>,
    pub seed: u64,
}

/// A network that has practised, and what that did.
#[derive(Clone, Debug)]
pub struct Practised {
    pub network: Arc<Network>,
    /// The digits of the hand that were learned from.
    pub learned: Scores,
    /// The digits of the hand that no step has seen: every third of each label; none where there are fewer.
    pub kept_aside: Scores,
    /// The validation examples of the replay.
    pub replay: Scores,
    pub steps: u64,
    /// Examples in these steps, those of the replay included.
    pub examples: usize,
}

/// The same examples answered before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    pub before: Evaluation,
    pub after: Evaluation,
}

/// Why practising came to nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PractiseError {
    #[error("there is no digit to practise on: draw one and say which digit it is")]
    NoDigits,
    #[error("practising was stopped; the network is as it was")]
    Cancelled,
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error(
        "practising made numbers that are too large and was given up; the network is as it was"
    )]
    Diverged(Divergence),
}

/// So many mini-batches are made.
///
/// Steps, shares, learning rate, the part of the way and how far a drawing is changed when it is written anew were chosen
/// with one digit of each class by each pen writer, and MNIST's validation digits, for networks that had met neither.
const STEPS: usize = 800;

const BATCH_SIZE: usize = 64;

/// The hand's part of all examples when it has shown every digit; one digit alone gets a tenth of it, so that the
/// network does not come to expect that digit everywhere.
const OWN_SHARE: f64 = 0.3;

/// Of the other examples so many are practice digits, whatever the replay is: networks that read drawings have learned
/// from many hands, and MNIST alone would let them forget those.
const OTHER_HANDS: f64 = 0.4;

/// For Adam, whose steps are as long whatever the cost and the activations of a network are.
const LEARNING_RATE: f32 = 2e-4;

/// The weights go this part of the way that practising went: of what was forgotten most comes back, of what was
/// learned little goes (Wortsman et al., *Robust fine-tuning of zero-shot models*, CVPR 2022).
const PART_OF_THE_WAY: f32 = 0.85;

/// Trains a copy of the network for a few seconds, on this thread. `progress` is called with 0..=1 and may cancel.
pub fn practise(
    setup: &PractiseSetup,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Practised, PractiseError> {
    let hand = Hand::new(&setup.own);
    if hand.learned.is_empty() {
        return Err(PractiseError::NoDigits);
    }
    let mut go_on = |done: f32| match progress(done) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(PractiseError::Cancelled),
    };
    let judges = [&hand.learned, &hand.kept_aside, &setup.replay.validation];
    let before = score(&setup.network, judges, || go_on(0.0))?;
    let mixed = hand.mixed_with(&setup.replay.train, setup.seed, |part| go_on(0.3 * part))?;
    let examples = mixed.len();
    let mut run = run_on(setup, mixed)?;
    while !run.is_done() {
        run.step().map_err(PractiseError::Diverged)?;
        go_on(0.3 + 0.7 * run.epoch().min(1.0))?;
    }
    let snapshot = run.snapshot().map_err(PractiseError::Diverged)?;
    let network = Arc::new(part_of_the_way(&setup.network, &snapshot.network));
    let after = score(&network, judges, || go_on(1.0))?;
    let [learned, kept_aside, replay] = [0, 1, 2].map(|judge: usize| Scores {
        before: before[judge].clone(),
        after: after[judge].clone(),
    });
    Ok(Practised {
        learned,
        kept_aside,
        replay,
        steps: run.steps(),
        examples,
        network,
    })
}

/// The network between `before` and `after`, [`PART_OF_THE_WAY`] from the one to the other.
fn part_of_the_way(before: &Network, after: &Network) -> Network {
    let mut network = after.clone();
    for (layer, before) in network.layers_mut().iter_mut().zip(before.layers()) {
        let go = |w: &mut f32, before: &f32| *w = before + PART_OF_THE_WAY * (*w - before);
        layer.weights.zip_mut_with(&before.weights, go);
        layer.biases.zip_mut_with(&before.biases, go);
    }
    network
}

/// One epoch on `mixed`, in which no example comes twice.
fn run_on(setup: &PractiseSetup, mixed: Examples) -> Result<Run, PractiseError> {
    let hyperparameters = Hyperparameters {
        optimizer: OptimizerKind::Adam,
        learning_rate: LEARNING_RATE,
        weight_decay: 0.0,
        schedule: Schedule::OneCycle,
        batch_size: BATCH_SIZE,
        epochs: 1,
        augmentation: Augmentation::Standard,
        seed: setup.seed,
        threads: 1,
        ..Hyperparameters::default()
    };
    let Ok(hyperparameters) = hyperparameters.check() else {
        unreachable!("the settings for practising make sense, as every test of practising holds");
    };
    let data = DataSets {
        train: mixed,
        ..(*setup.replay).clone()
    };
    Ok(Run::new(RunSetup {
        network: Arc::clone(&setup.network),
        data: Arc::new(data),
        hyperparameters,
        first_step: 0,
    })?)
}

fn score<const N: usize>(
    network: &Network,
    judges: [&Examples; N],
    mut go_on: impl FnMut() -> Result<(), PractiseError>,
) -> Result<[Evaluation; N], PractiseError> {
    let mut scorings = judges.map(|examples| Scoring::new(network, examples.clone()));
    for scoring in &mut scorings {
        while !scoring.is_done() {
            go_on()?;
            scoring.advance(network);
        }
    }
    Ok(scorings.map(Scoring::into_evaluation))
}
