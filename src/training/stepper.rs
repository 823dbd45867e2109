use super::Team;
use super::random::Stream;
use super::team::Sharing;
use crate::data::{Augmentation, Examples};
use crate::nn::share_out::{ByColumns, ByRows, Crew, Cut, UNITS, share_out};
use crate::nn::{Block, Gradients, Network, Optimizer, Pass, Rule, aligned, lanes};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};

/// Takes mini-batches forward and back and the network a step on, with all its threads.
///
/// On the way there the threads share the units of a layer, so that each reads a part of the weights, or two of them the
/// inputs where units are few; the gradients and the steps they share by the rows of the weights, so that none writes
/// where another does. Every number is one sum in one order, however the work is cut: the result is the same, bit for bit,
/// with one thread or many.
pub(super) struct Stepper {
    /// Grown when a larger batch comes, never shrunk: a step in the steady state allocates nothing.
    room: Option<Room>,
    /// Examples of the last batch.
    examples: usize,
    /// That shared the last batch.
    sharing: usize,
    /// Room for the mean gradients of the last batch. While steps are taken each thread fills the same block of it over
    /// and over, which stays in its cache; the whole is found when somebody asks.
    gradients: Option<Gradients>,
    /// All of them are there.
    gradients_are_whole: bool,
    team: Team,
}

/// The examples of one mini-batch.
#[derive(Clone, Copy)]
pub(super) struct MiniBatch<'a> {
    pub examples: &'a Examples,
    /// Indices into `examples`.
    pub indices: &'a [u32],
    pub augmentation: Augmentation,
    pub seed: u64,
    pub epoch: u64,
    /// Place of the first index in the order of the epoch.
    pub first_place: usize,
}

/// Where a mini-batch goes forward and back.
struct Room {
    /// `[capacity, 784]`
    x: Array2<f32>,
    /// `[capacity, 10]`
    y: Array2<f32>,
    pass: Pass,
}

/// How many share a mini-batch.
struct Threads {
    /// To read and change its examples: all, where the changes alone take so long that they are worth sharing.
    filling: usize,
    /// To take it forward and back, and the network a step on.
    stepping: usize,
}

/// Multiplications and additions of a whole step, for each number of a vector of this processor, below which more than
/// two threads take longer to pass its numbers round than they save.
const STEP_WORTH_SHARING_BY_MANY: usize = 750_000;
/// So many weights and their gradients are in the cache when they are changed.
const BLOCK: usize = 16_384;
/// But not fewer rows: gradients are found for so many at a time.
const BLOCK_ROWS: usize = 128;

impl Stepper {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            room: None,
            examples: 0,
            sharing: 1,
            gradients: None,
            gradients_are_whole: false,
            team: Team::new(threads),
        }
    }

    /// The threads, for steps of so many examples at a time.
    pub(super) fn team(
        &self,
        network: &Network,
        batch_size: usize,
        augmentation: Augmentation,
    ) -> Team {
        let threads = self.threads_for(network, batch_size, augmentation);
        self.team.with_work(threads.filling > 1)
    }

    /// Takes `batch` forward and back, and returns its mean cost.
    pub(super) fn forward_and_back(&mut self, network: &Network, batch: MiniBatch<'_>) -> f32 {
        let total = batch.indices.len();
        let Threads { filling, stepping } = self.threads_for(network, total, batch.augmentation);
        (self.examples, self.sharing) = (total, stepping);
        self.gradients_are_whole = false;
        let room = match self.room.take() {
            Some(room) if room.x.nrows() >= total => room,
            _ => Room::new(network, total),
        };
        let Room { x, y, pass } = self.room.insert(room);
        let (mut x, mut y) = (x.slice_mut(s![..total, ..]), y.slice_mut(s![..total, ..]));
        self.team.step(filling, || {
            batch.fill(x.view_mut(), filling);
            batch.examples.fill_truths(batch.indices, y.view_mut());
            pass.forward_and_back(network, x.view(), y.view(), Sharing(stepping));
        });
        network.total_cost(pass.outputs(total), y.view()) / total.max(1) as f32
    }

    /// One step of all weights and biases on the last batch.
    pub(super) fn descend(&mut self, network: &mut Network, optimizer: &mut Optimizer, rule: Rule) {
        let Some(room) = &self.room else {
            return;
        };
        let x = room.x.slice(s![..self.examples, ..]);
        let gradients = self
            .gradients
            .get_or_insert_with(|| Gradients::zeros_like(network));
        self.team.step(self.sharing, || {
            let layers = gradients.weights.iter_mut().zip(&mut gradients.biases);
            for (l, (of_weights, of_biases)) in layers.enumerate() {
                let [weights, biases] = optimizer.blocks(network, l);
                room.pass.bias_gradient(self.examples, l, of_biases);
                if let Some(of_biases) = of_biases.as_slice() {
                    rule.without_weight_decay().apply(biases, of_biases);
                }

                let (rows, columns) = of_weights.dim();
                let crew = Sharing(self.sharing);
                let parts = crew.worth(self.examples * rows * columns);
                let whole = Descent {
                    weights,
                    gradients: of_weights.view_mut(),
                };
                share_out(crew, parts, UNITS, 0..rows, whole, &|from, part| {
                    let Descent {
                        mut weights,
                        mut gradients,
                    } = part;
                    // Block by block: the gradients are still in the cache when their weights take the step.
                    let height = (BLOCK / columns.max(1)).max(BLOCK_ROWS);
                    for first in from.clone().step_by(height) {
                        let last = (first + height).min(from.end);
                        let mut gradients = gradients.slice_mut(s![..last - first, ..]);
                        let (block, rest) = weights.split_at(gradients.len());
                        let rows = first..last;
                        room.pass.weight_gradient(x, l, rows, gradients.view_mut());
                        if let Some(gradients) = gradients.as_slice() {
                            rule.apply(block, gradients);
                        }
                        weights = rest;
                    }
                });
            }
        });
    }

    /// Mean gradients of the last batch; `None` before the first step.
    pub(super) fn gradients(&mut self) -> Option<&Gradients> {
        let (room, gradients) = (self.room.as_ref()?, self.gradients.as_mut()?);
        if !self.gradients_are_whole {
            let x = room.x.slice(s![..self.examples, ..]);
            room.pass.gradients_into(x, gradients);
            self.gradients_are_whole = true;
        }
        Some(gradients)
    }

    /// As if no batch had come yet.
    pub(super) fn forget(&mut self) {
        self.examples = 0;
        self.gradients = None;
    }

    /// The inputs of the last batch; `None` before the first.
    pub(super) fn inputs(&self) -> Option<ArrayView2<'_, f32>> {
        let room = self.room.as_ref()?;
        Some(room.x.slice(s![..self.examples, ..]))
    }

    fn threads_for(
        &self,
        network: &Network,
        examples: usize,
        augmentation: Augmentation,
    ) -> Threads {
        let all = self.team.threads();
        let work = examples * network.parameter_count();
        let enough = match all {
            ..=2 => Sharing(all).worth(work) > 1,
            _ => work >= STEP_WORTH_SHARING_BY_MANY * lanes(),
        };
        let stepping = if enough { all } else { 1 };
        let changed = augmentation != Augmentation::None && examples >= 2 * Augmentation::TOGETHER;
        Threads {
            filling: if changed { all } else { stepping },
            stepping,
        }
    }
}

/// Weights from some inputs of a layer on their way down.
struct Descent<'a> {
    weights: Block<'a>,
    /// `[inputs, units]`
    gradients: ArrayViewMut2<'a, f32>,
}

impl Cut for Descent<'_> {
    fn cut(self, count: usize) -> (Self, Self) {
        let (weights, other_weights) = self.weights.split_at(count * self.gradients.ncols());
        let (gradients, other_gradients) = self.gradients.split_at(Axis(0), count);
        let descent = |weights, gradients| Self { weights, gradients };
        (
            descent(weights, gradients),
            descent(other_weights, other_gradients),
        )
    }
}

impl Room {
    fn new(network: &Network, capacity: usize) -> Self {
        Self {
            x: aligned::zeros((capacity, network.input_size())),
            y: aligned::zeros((capacity, network.output_size())),
            pass: Pass::new(network, capacity),
        }
    }
}

impl MiniBatch<'_> {
    /// Writes the inputs of the examples, changed as they shall be, into `x` `[n, 784]`: so many `threads` do.
    fn fill(self, x: ArrayViewMut2<'_, f32>, threads: usize) {
        let (crew, cells) = (Sharing(threads), 0..x.ncols());
        let unchanged = self.augmentation == Augmentation::None;
        if unchanged && threads <= 2 {
            // Each of two fills the inputs that it may go up and down with.
            share_out(crew, threads, UNITS, cells, ByColumns(x), &|cells, x| {
                self.examples.fill_cells(self.indices, cells, x.0);
            });
            return;
        }
        // Pictures that are changed alike stay together, however many threads there are.
        let (grain, places) = (Augmentation::TOGETHER, 0..self.indices.len());
        share_out(crew, threads, grain, places, ByRows(x), &|places, x| {
            let mut place = (self.first_place + places.start) as u64;
            let indices = &self.indices[places];
            if unchanged {
                return self.examples.fill_cells(indices, cells.clone(), x.0);
            }
            self.examples.fill_changed(indices, x.0, |pictures| {
                let epoch = self.epoch;
                let mut rng = Stream::Augmentation { epoch, place }.rng(self.seed);
                place += pictures.len() as u64;
                self.augmentation.apply(pictures, &mut rng);
            });
        });
    }
}
