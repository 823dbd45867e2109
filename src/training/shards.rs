use super::random::Stream;
use crate::data::{Augmentation, Examples};
use crate::nn::{Gradients, Network, Workspace, backprop};
use ndarray::{Array2, ArrayView2, s};
use rayon::ThreadPool;
use rayon::prelude::*;

/// A shard has at least so many rows: fewer leave the matrix product idle.
const MIN_SHARD_ROWS: usize = 64;
/// A mini-batch has at most so many shards: each one holds gradients of the whole network.
const MAX_SHARDS: usize = 16;

/// A mini-batch cut into shards, each of which some thread takes through backpropagation.
///
/// How a batch is cut depends on its size alone, and the gradients of the shards are added in their order:
/// the sum is the same, bit for bit, with one thread or many.
pub(super) struct Shards {
    /// Grown when a larger batch comes, never shrunk: a step in the steady state allocates nothing.
    shards: Vec<Shard>,
    /// How many of them the last batch took.
    used: usize,
    threads: usize,
    /// Made when a batch has more than one shard for the first time.
    pool: Option<ThreadPool>,
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
    workspace: Workspace,
    /// How many rows the last batch took.
    rows: usize,
    cost: f32,
}

impl Shards {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            shards: Vec::new(),
            used: 0,
            threads,
            pool: None,
        }
    }

    /// Mean cost of `batch`; leaves the mean gradients in [`Self::gradients`].
    pub(super) fn backprop(&mut self, network: &Network, batch: MiniBatch<'_>) -> f32 {
        let total = batch.indices.len();
        let shard_rows = shard_rows(total);
        self.used = total.div_ceil(shard_rows);
        self.make_room(network, self.used, shard_rows.min(total));

        let learn = |index: usize, shard: &mut Shard| {
            let from = index * shard_rows;
            let to = (from + shard_rows).min(total);
            shard.fill(MiniBatch {
                indices: &batch.indices[from..to],
                first_place: batch.first_place + from,
                ..batch
            });
            shard.backprop(network);
        };
        let shards = &mut self.shards[..self.used];
        match &self.pool {
            Some(pool) if shards.len() > 1 => pool.install(|| {
                shards
                    .par_iter_mut()
                    .enumerate()
                    .for_each(|(index, shard)| learn(index, shard));
            }),
            _ => {
                for (index, shard) in shards.iter_mut().enumerate() {
                    learn(index, shard);
                }
            }
        }
        self.sum(total)
    }

    /// Mean gradients of the last batch; `None` before the first.
    pub(super) fn gradients(&self) -> Option<&Gradients> {
        let shard = self.shards[..self.used].first()?;
        Some(&shard.workspace.gradients)
    }

    /// As if no batch had come yet.
    pub(super) fn forget(&mut self) {
        self.used = 0;
    }

    /// The inputs of the last batch, shard by shard.
    pub(super) fn inputs(&self) -> impl Iterator<Item = ArrayView2<'_, f32>> {
        self.shards[..self.used]
            .iter()
            .map(|shard| shard.x.slice(s![..shard.rows, ..]))
    }

    /// Adds costs and gradients in the order of the shards, each by its share of the rows, into the first.
    fn sum(&mut self, total: usize) -> f32 {
        let Some((first, rest)) = self.shards[..self.used].split_first_mut() else {
            return 0.0;
        };
        if rest.is_empty() {
            return first.cost;
        }
        let share = |shard: &Shard| shard.rows as f32 / total as f32;
        let mut cost = share(first) * first.cost;
        let scale = share(first);
        let sum = &mut first.workspace.gradients;
        sum.scale(scale);
        for shard in rest {
            let share = share(shard);
            sum.add_scaled(&shard.workspace.gradients, share);
            cost += share * shard.cost;
        }
        cost
    }

    fn make_room(&mut self, network: &Network, count: usize, rows: usize) {
        if self.shards.iter().any(|shard| shard.x.nrows() < rows) {
            self.shards.clear();
        }
        while self.shards.len() < count {
            self.shards.push(Shard::new(network, rows));
        }
        if count > 1 && self.threads > 1 && self.pool.is_none() {
            // Without a pool the result is the same, only later: no reason to stop a run.
            self.pool = rayon::ThreadPoolBuilder::new()
                .num_threads(self.threads.min(MAX_SHARDS))
                .thread_name(|index| format!("training-{index}"))
                .build()
                .ok();
        }
    }
}

impl Shard {
    fn new(network: &Network, capacity: usize) -> Self {
        Self {
            x: Array2::zeros((capacity, network.input_size())),
            y: Array2::zeros((capacity, network.output_size())),
            workspace: Workspace::new(network, capacity),
            rows: 0,
            cost: 0.0,
        }
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

    fn backprop(&mut self, network: &Network) {
        let x = self.x.slice(s![..self.rows, ..]);
        let y = self.y.slice(s![..self.rows, ..]);
        self.cost = backprop(network, x, y, &mut self.workspace);
    }
}

/// Rows of each shard, but the last, of a batch with `total` rows.
fn shard_rows(total: usize) -> usize {
    total.div_ceil(MAX_SHARDS).max(MIN_SHARD_ROWS)
}

#[cfg(test)]
mod tests {
    use super::{MAX_SHARDS, shard_rows};

    #[test]
    fn no_batch_has_more_shards_than_the_most() {
        for total in 1..20_000 {
            let shards = usize::div_ceil(total, shard_rows(total));
            assert!(
                (1..=MAX_SHARDS).contains(&shards),
                "{total} rows in {shards} shards"
            );
        }
    }
}
