use super::random::Stream;
use crate::data::{Augmentation, Examples};
use crate::nn::{
    Block, Gradients, Network, Optimizer, Pass, Rule, Share, bias_gradient, gradient_rows,
};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};
use rayon::ThreadPool;
use rayon::prelude::*;
use std::sync::Arc;

/// A mini-batch shared out among threads: first its examples, which go forward and back, then the rows of the weights,
/// whose gradients and steps each thread finds for its part.
///
/// Every number is one sum in one order, wherever the batch and the weights are cut: the result is the same, bit for
/// bit, with one thread or many.
pub(super) struct Shards {
    /// Grown when a larger batch comes, never shrunk: a step in the steady state allocates nothing.
    shards: Vec<Shard>,
    /// How many of them the last batch took.
    used: usize,
    /// Mean gradients of the last batch that made a step.
    gradients: Option<Gradients>,
    threads: usize,
    /// `None` for a single thread.
    pool: Option<Arc<ThreadPool>>,
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

struct Shard {
    /// `[capacity, 784]`
    x: Array2<f32>,
    /// `[capacity, 10]`
    y: Array2<f32>,
    pass: Pass,
    /// How many rows the last batch took.
    rows: usize,
}

/// A mini-batch is shared out among at most so many threads.
const MOST_THREADS: usize = 16;
/// Rows of a shard come in multiples of this: the tiles of the matrix product are as high.
const TILE: usize = 8;
/// Multiplications and additions below which waking another thread takes longer than it saves.
const WORTH_SHARING: usize = 3_000_000;
/// What changing a digit takes, in multiplications and additions of the matrix product.
const AUGMENTING: usize = 500_000;
/// So many weights and their gradients are in the cache when they are changed.
const BLOCK: usize = 16_384;

impl Shards {
    pub(super) fn new(threads: usize) -> Self {
        let threads = threads.min(MOST_THREADS);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("training-{index}"));
        Self {
            shards: Vec::new(),
            used: 0,
            gradients: None,
            threads,
            // Without a pool the result is the same, only later: no reason to stop a run.
            pool: (threads > 1)
                .then(|| pool.build().ok())
                .flatten()
                .map(Arc::new),
        }
    }

    /// The threads that share the work, if it is more than one. Steps that are taken on one of them wake the others
    /// much faster than steps from outside.
    pub(super) fn pool(&self) -> Option<Arc<ThreadPool>> {
        self.pool.clone()
    }

    /// Takes `batch` forward and back, and returns its mean cost.
    pub(super) fn forward_and_back(&mut self, network: &Network, batch: MiniBatch<'_>) -> f32 {
        let total = batch.indices.len();
        let wanted = self.threads_for(network, batch);
        let rows = total.div_ceil(wanted).next_multiple_of(TILE).min(total);
        self.used = total.div_ceil(rows.max(1));
        self.make_room(network, rows);

        let go = |index: usize, shard: &mut Shard| {
            let from = index * rows;
            let to = (from + rows).min(total);
            shard.fill(MiniBatch {
                indices: &batch.indices[from..to],
                first_place: batch.first_place + from,
                ..batch
            });
            shard.forward_and_back(network);
        };
        let shards = &mut self.shards[..self.used];
        match &self.pool {
            Some(pool) if shards.len() > 1 => pool.install(|| {
                let shards = shards.par_iter_mut().enumerate();
                shards.for_each(|(index, shard)| go(index, shard));
            }),
            _ => {
                for (index, shard) in shards.iter_mut().enumerate() {
                    go(index, shard);
                }
            }
        }
        // Example by example, so that it does not matter where the batch was cut.
        let mut cost = 0.0;
        for shard in shards {
            let outputs = shard.pass.outputs(shard.rows);
            for (a, y) in outputs.rows().into_iter().zip(shard.y.rows()) {
                cost += network.cost_of(a, y);
            }
        }
        cost / total.max(1) as f32
    }

    /// One step of all weights and biases on the last batch; leaves its mean gradients in [`Self::gradients`].
    pub(super) fn descend(&mut self, network: &mut Network, optimizer: &mut Optimizer, rule: Rule) {
        let gradients = self
            .gradients
            .get_or_insert_with(|| Gradients::zeros_like(network));
        let batch = Batch {
            shards: &self.shards[..self.used],
            examples: self.shards[..self.used].iter().map(|s| s.rows).sum(),
            rule,
        };
        let threads = self.used;
        let mut descend = || {
            for l in 0..gradients.weights.len() {
                let [weights, biases] = optimizer.blocks(network, l);
                batch.descend_biases(l, biases, &mut gradients.biases[l]);
                let rows = Rows {
                    first: 0,
                    weights,
                    gradients: gradients.weights[l].view_mut(),
                };
                batch.descend_weights(l, rows, threads);
            }
        };
        match &self.pool {
            Some(pool) if threads > 1 => pool.install(descend),
            _ => descend(),
        }
    }

    /// Mean gradients of the last batch that made a step; `None` before the first.
    pub(super) fn gradients(&self) -> Option<&Gradients> {
        self.gradients.as_ref()
    }

    /// As if no batch had come yet.
    pub(super) fn forget(&mut self) {
        self.used = 0;
        self.gradients = None;
    }

    /// The inputs of the last batch, shard by shard.
    pub(super) fn inputs(&self) -> impl Iterator<Item = ArrayView2<'_, f32>> {
        self.shards[..self.used].iter().map(Shard::inputs)
    }

    fn threads_for(&self, network: &Network, batch: MiniBatch<'_>) -> usize {
        let augmenting = match batch.augmentation {
            Augmentation::None => 0,
            _ => AUGMENTING,
        };
        let work = batch.indices.len() * (network.parameter_count() + augmenting);
        if work < WORTH_SHARING {
            1
        } else {
            self.threads
        }
    }

    fn make_room(&mut self, network: &Network, rows: usize) {
        if self.shards.iter().any(|shard| shard.x.nrows() < rows) {
            self.shards.clear();
        }
        while self.shards.len() < self.used {
            self.shards.push(Shard::new(network, rows));
        }
    }
}

/// The last batch, after its way forward and back.
#[derive(Clone, Copy)]
struct Batch<'a> {
    shards: &'a [Shard],
    examples: usize,
    rule: Rule,
}

/// Some rows of a layer's weights, with their gradients.
struct Rows<'a> {
    first: usize,
    weights: Block<'a>,
    /// `[rows, units]`
    gradients: ArrayViewMut2<'a, f32>,
}

impl Batch<'_> {
    fn shares(&self) -> impl Iterator<Item = Share<'_>> {
        self.shards.iter().map(Shard::share)
    }

    fn descend_biases(&self, l: usize, biases: Block<'_>, gradients: &mut Array1<f32>) {
        bias_gradient(self.shares(), self.examples, l, gradients);
        if let Some(gradients) = gradients.as_slice() {
            self.rule.without_weight_decay().apply(biases, gradients);
        }
    }

    /// Gradients and step of `rows` of layer `l`, by so many threads of the pool that calls this.
    fn descend_weights(&self, l: usize, rows: Rows<'_>, threads: usize) {
        let (count, columns) = rows.gradients.dim();
        if threads > 1 && count * columns >= 2 * BLOCK {
            let (upper, lower) = rows.split_at((count / 2).next_multiple_of(TILE));
            let half = threads / 2;
            rayon::join(
                || self.descend_weights(l, upper, half),
                || self.descend_weights(l, lower, threads - half),
            );
            return;
        }
        let height = (BLOCK / columns.max(1)).next_multiple_of(TILE);
        let mut rest = rows;
        while !rest.gradients.is_empty() {
            let (mut block, others) = rest.split_at(height);
            rest = others;
            let wanted = block.first..block.first + block.gradients.nrows();
            gradient_rows(
                self.shares(),
                self.examples,
                l,
                wanted,
                &mut block.gradients,
            );
            if let Some(gradients) = block.gradients.as_slice() {
                self.rule.apply(block.weights, gradients);
            }
        }
    }
}

impl Rows<'_> {
    /// The first `count` rows, or as many as there are, and the others.
    fn split_at(self, count: usize) -> (Self, Self) {
        let (rows, columns) = self.gradients.dim();
        let count = count.min(rows);
        let (weights, other_weights) = self.weights.split_at(count * columns);
        let (gradients, other_gradients) = self.gradients.split_at(Axis(0), count);
        let upper = Self {
            first: self.first,
            weights,
            gradients,
        };
        let lower = Self {
            first: self.first + count,
            weights: other_weights,
            gradients: other_gradients,
        };
        (upper, lower)
    }
}

impl Shard {
    fn new(network: &Network, capacity: usize) -> Self {
        Self {
            x: Array2::zeros((capacity, network.input_size())),
            y: Array2::zeros((capacity, network.output_size())),
            pass: Pass::new(network, capacity),
            rows: 0,
        }
    }

    fn inputs(&self) -> ArrayView2<'_, f32> {
        self.x.slice(s![..self.rows, ..])
    }

    fn share(&self) -> Share<'_> {
        self.pass.share(self.inputs())
    }

    fn fill(&mut self, batch: MiniBatch<'_>) {
        self.rows = batch.indices.len();
        let x = self.x.slice_mut(s![..self.rows, ..]);
        let y = self.y.slice_mut(s![..self.rows, ..]);
        let mut place = batch.first_place as u64;
        batch.examples.fill_batch(batch.indices, x, y, |cells| {
            if batch.augmentation == Augmentation::None {
                return cells;
            }
            let epoch = batch.epoch;
            let mut rng = Stream::Augmentation { epoch, place }.rng(batch.seed);
            place += 1;
            batch.augmentation.apply(&cells, &mut rng)
        });
    }

    fn forward_and_back(&mut self, network: &Network) {
        let x = self.x.slice(s![..self.rows, ..]);
        let y = self.y.slice(s![..self.rows, ..]);
        self.pass.forward_and_back(network, x, y);
    }
}
