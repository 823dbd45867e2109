use super::calibration::{REFUSED, answer_in_chunks, quantile};
use super::gate::as_in_file;
use super::{Gate, GateError};
use crate::data::{Augmentation, DataSets, Examples};
use crate::ink::{Cells, stranger, turned};
use crate::nn::{
    Activation, Architecture, BiasInit, Cost, Init, Network, Optimizer, OptimizerKind, Schedule,
    Workspace, backprop,
};
use ndarray::{Array2, ArrayViewMut1};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::ops::ControlFlow;

/// How a gate is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct GateSettings {
    /// Units of the hidden layers.
    pub hidden: Vec<usize>,
    /// Mini-batches; half of each are digits, half are strangers.
    pub steps: usize,
    pub seed: u64,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self {
            hidden: vec![128, 32],
            steps: 40_000,
            seed: 1,
        }
    }
}

const BATCH: usize = 128;
const LEARNING_RATE: f32 = 0.003;
const WEIGHT_DECAY: f32 = 0.01;

/// The share of strangers that are digits of the data turned over.
const TURNED: f32 = 0.15;

/// Trains a gate on the training examples of `digits` against [`stranger`]s without end; its limit is chosen on their
/// validation examples, for each set by itself. `None` when `flow` breaks it off.
///
/// Digits and strangers are changed alike (`Augmentation::Strong`), so that thickness and place give nothing away.
/// The idea of learning from strangers is 'outlier exposure' (Hendrycks, Mazeika and Dietterich, ICLR 2019).
pub fn train_gate(
    digits: &[DataSets],
    settings: &GateSettings,
    mut flow: impl FnMut(f32) -> ControlFlow<()>,
) -> Result<Option<Gate>, GateError> {
    let mut sizes = vec![crate::ink::SIDE * crate::ink::SIDE];
    sizes.extend(&settings.hidden);
    sizes.push(1);
    let architecture = Architecture {
        sizes,
        hidden: Activation::Relu,
        output: Activation::Sigmoid,
        cost: Cost::CrossEntropy,
    };
    let mut rng = StdRng::seed_from_u64(settings.seed);
    let mut network = Network::init(&architecture, Init::He, BiasInit::Zero, &mut rng)?;
    let mut optimizer = Optimizer::new(OptimizerKind::AdamW, &network);
    let mut workspace = Workspace::new(&network, BATCH);
    let mut x = Array2::zeros((BATCH, network.input_size()));
    let y = Array2::from_shape_fn((BATCH, 1), |(row, _)| if is_digit(row) { 1.0 } else { 0.0 });
    let train: Vec<&Examples> = digits.iter().map(|sets| &sets.train).collect();
    for step in 0..settings.steps {
        let progress = step as f32 / settings.steps as f32;
        if flow(progress).is_break() {
            return Ok(None);
        }
        for (row, inputs) in x.rows_mut().into_iter().enumerate() {
            let cells = if is_digit(row) {
                any_digit(&train, &mut rng).map_or(Cells::BLANK, |(cells, _)| cells)
            } else {
                any_stranger(&train, &mut rng)
            };
            fill(inputs, &Augmentation::Strong.changed(&cells, &mut rng));
        }
        backprop(&network, x.view(), y.view(), &mut workspace);
        let rate = LEARNING_RATE * Schedule::OneCycle.factor(progress.into()) as f32;
        optimizer.step(&mut network, &workspace.gradients, rate, 0.0, WEIGHT_DECAY);
    }
    let network = as_in_file(&network)?;
    let limits = digits.iter().map(|sets| {
        let mut likeness = Vec::new();
        answer_in_chunks(&network, &sets.validation, |_, outputs, _| {
            likeness.extend(outputs.iter());
        });
        quantile(&mut likeness, REFUSED)
    });
    let limit = limits.fold(1.0, f32::min);
    Ok(Some(Gate::new(network, limit)?))
}

fn is_digit(row: usize) -> bool {
    row.is_multiple_of(2)
}

/// An example of any set, each example as likely as any other.
fn any_digit(sets: &[&Examples], rng: &mut StdRng) -> Option<(Cells, u8)> {
    let all: usize = sets.iter().map(|set| set.len()).sum();
    if all == 0 {
        return None;
    }
    let mut index = rng.random_range(0..all);
    sets.iter().find_map(|set| {
        let found = (index < set.len()).then(|| (set.cells(index), set.label(index)));
        index = index.wrapping_sub(set.len());
        found
    })
}

fn any_stranger(sets: &[&Examples], rng: &mut StdRng) -> Cells {
    if rng.random::<f32>() < TURNED
        && let Some((cells, digit)) = any_digit(sets, rng)
        && let Some(turned) = turned(&cells, digit, rng)
    {
        return turned;
    }
    stranger(rng)
}

fn fill(inputs: ArrayViewMut1<'_, f32>, cells: &Cells) {
    for (input, value) in inputs.into_iter().zip(cells.input()) {
        *input = value;
    }
}
