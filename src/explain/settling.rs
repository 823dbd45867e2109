use super::nudges::{cosine, inner_product, squared_norm, squared_norms};
use crate::data::Examples;
use crate::nn::{Gradients, Network, Scalar, Workspace, backprop};
use ndarray::{Array2, ArrayView2};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::index;
use std::ops::ControlFlow;

/// The gradient of the mean cost over all examples that there are to learn from: what a mini-batch estimates.
#[derive(Clone, Debug)]
pub struct WholeGradient<S = f32> {
    pub gradients: Gradients<S>,
    /// The mean cost.
    pub cost: f64,
    /// `‖∇C‖`
    pub norm: f64,
    /// `σ = √(mean ‖∇Cᵢ − ∇C‖²)`: how far the gradients of single examples lie from their mean.
    pub spread: f64,
    /// How many examples it is the mean of.
    pub count: usize,
}

/// How well the means of mini-batches agree with the whole gradient, for growing batches.
#[derive(Clone, Debug)]
pub struct Settling {
    pub whole: WholeGradient,
    /// From single examples to the largest batch.
    pub sizes: Vec<DrawnBatches>,
}

/// Several mini-batches of one size, drawn at random.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnBatches {
    pub size: usize,
    pub agreements: Vec<Agreement>,
}

/// How well the mean of one mini-batch agrees with the whole gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Of the angle between them, −1..=1.
    pub cosine: f64,
    /// `‖ḡ − ∇C‖ / ‖∇C‖`: its error, measured by what it estimates.
    pub distance: f64,
}

/// The largest mini-batch that is looked at.
pub const LARGEST_BATCH: usize = 1000;

/// Sizes at even steps of the logarithm.
const SIZES: [usize; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, LARGEST_BATCH];

/// Examples of one pass of backpropagation.
const CHUNK: usize = 250;

/// Batches of one size: as many as cost so many examples, within these bounds.
const EXAMPLES_PER_SIZE: usize = 6000;
const FEWEST_BATCHES: usize = 6;
const MOST_BATCHES: usize = 24;

impl Settling {
    /// Measures them for the `network` on its `examples`; 1 s for 55,000 examples and 100,000 weights.
    ///
    /// `progress` hears the share that is done, 0..=1, and may break off: then there is nothing.
    /// `None` also without examples, and where the numbers are not finite.
    pub fn measure(
        network: &Network,
        examples: &Examples,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Option<Self> {
        let sizes = SIZES.into_iter().filter(|&size| size <= examples.len());
        let sizes: Vec<usize> = sizes.collect();
        let drawn: usize = sizes.iter().map(|&size| size * batches_of(size)).sum();
        let total = (examples.len() + drawn) as f32;

        let mut done = 0;
        let mut sum = WholeSum::new(network);
        for positions in chunks(examples.len()) {
            if progress(done as f32 / total).is_break() {
                return None;
            }
            let (x, y) = batch(network, examples, &positions);
            sum.add(network, x.view(), y.view());
            done += positions.len();
        }
        let whole = sum.mean()?;
        let mut measured = Vec::with_capacity(sizes.len());
        for size in sizes {
            if progress(done as f32 / total).is_break() {
                return None;
            }
            measured.push(DrawnBatches::measure(network, examples, &whole, size)?);
            done += size * batches_of(size);
        }
        Some(Self {
            whole,
            sizes: measured,
        })
    }
}

impl<S: Scalar> WholeGradient<S> {
    /// What `‖ḡ − ∇C‖ / ‖∇C‖` is on average (as a root mean square) for mini-batches of `size` different examples:
    /// `σ / (‖∇C‖·√B)`, less what is gained because no example comes twice, `√((N − B) / (N − 1))`.
    pub fn expected_distance(&self, size: usize) -> f64 {
        let left = self.count.saturating_sub(size) as f64 / (self.count.max(2) - 1) as f64;
        self.spread / self.norm * (left / size.max(1) as f64).sqrt()
    }

    /// The batch size `σ² / ‖∇C‖²` at which a mean is as much chance as direction (the *simple noise scale* of
    /// McCandlish, Kaplan and Amodei, *An Empirical Model of Large-Batch Training*, 2018).
    pub fn noise_scale(&self) -> f64 {
        (self.spread / self.norm).powi(2)
    }
}

impl DrawnBatches {
    /// Draws several batches of `size` and compares the mean of each with `whole`; `None` where a number is not
    /// finite, or the whole gradient is 0.
    pub fn measure(
        network: &Network,
        examples: &Examples,
        whole: &WholeGradient,
        size: usize,
    ) -> Option<Self> {
        let size = size.clamp(1, examples.len().max(1));
        let mut workspace = Workspace::new(network, size);
        let agreements = (0..batches_of(size)).map(|number| {
            // Seeds of their own: none of these is the batch on the screen.
            let seed = u64::MAX - number as u64;
            let positions = draw_positions(examples.len(), size, seed);
            let (x, y) = batch(network, examples, &positions);
            backprop(network, x.view(), y.view(), &mut workspace);
            Agreement::of(&workspace.gradients, whole)
        });
        let agreements: Option<Vec<Agreement>> = agreements.collect();
        agreements.map(|agreements| Self { size, agreements })
    }

    /// Mean cosine, and the smallest and largest of all.
    pub fn cosines(&self) -> [f64; 3] {
        spread_of(self.agreements.iter().map(|agreement| agreement.cosine))
    }

    /// Root mean square of the distances, and the smallest and largest of all.
    pub fn distances(&self) -> [f64; 3] {
        let distances = self.agreements.iter().map(|agreement| agreement.distance);
        let [mean_square, ..] = spread_of(distances.clone().map(|distance| distance.powi(2)));
        let [_, least, most] = spread_of(distances);
        [mean_square.sqrt(), least, most]
    }
}

impl Agreement {
    /// `None` where one of them is 0 or not finite.
    fn of<S: Scalar>(mean: &Gradients<S>, whole: &WholeGradient<S>) -> Option<Self> {
        let norm = squared_norm(mean).sqrt();
        let mut difference = mean.clone();
        difference.add_scaled(&whole.gradients, -S::one());
        let product = inner_product(mean, &whole.gradients);
        let agreement = Self {
            cosine: cosine(product, norm, whole.norm)?,
            distance: squared_norm(&difference).sqrt() / whole.norm,
        };
        agreement.distance.is_finite().then_some(agreement)
    }
}

/// The gradients of single examples, summed up chunk by chunk.
struct WholeSum<S> {
    workspace: Workspace<S>,
    gradients: Gradients<S>,
    cost: f64,
    /// `Σ ‖∇Cᵢ‖²`
    squared_norms: f64,
    count: usize,
}

impl<S: Scalar> WholeSum<S> {
    fn new(network: &Network<S>) -> Self {
        Self {
            workspace: Workspace::new(network, CHUNK),
            gradients: Gradients::zeros_like(network),
            cost: 0.0,
            squared_norms: 0.0,
            count: 0,
        }
    }

    fn add(&mut self, network: &Network<S>, x: ArrayView2<'_, S>, y: ArrayView2<'_, S>) {
        let cost = backprop(network, x, y, &mut self.workspace).to_f64();
        let n = x.nrows() as f64;
        self.cost += n * cost;
        self.gradients
            .add_scaled(&self.workspace.gradients, S::from_f64(n));
        self.squared_norms += squared_norms(&self.workspace, x).sum();
        self.count += x.nrows();
    }

    /// `None` without examples, and where the gradient is 0 or not finite.
    fn mean(mut self) -> Option<WholeGradient<S>> {
        let share = 1.0 / self.count as f64;
        self.gradients.scale(S::from_f64(share));
        let squared = squared_norm(&self.gradients);
        // Mean of the squares less the square of the mean; rounding may carry it a hair below 0.
        let variance = (share * self.squared_norms - squared).max(0.0);
        let is_sound = squared > 0.0 && squared.is_finite() && variance.is_finite();
        is_sound.then(|| WholeGradient {
            gradients: self.gradients,
            cost: share * self.cost,
            norm: squared.sqrt(),
            spread: variance.sqrt(),
            count: self.count,
        })
    }
}

/// The places of `size` different examples out of `count`, in the order in which `seed` draws them: a larger batch
/// from the same seed begins with the smaller one.
pub fn draw_positions(count: usize, size: usize, seed: u64) -> Vec<u32> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let mut positions = index::sample(rng, count, LARGEST_BATCH.min(count)).into_vec();
    positions.truncate(size);
    // A data set holds at most a million examples, so no place is cut short.
    positions.into_iter().map(|place| place as u32).collect()
}

fn batches_of(size: usize) -> usize {
    (EXAMPLES_PER_SIZE / size.max(1)).clamp(FEWEST_BATCHES, MOST_BATCHES)
}

/// All places below `count`, so many at a time.
fn chunks(count: usize) -> impl Iterator<Item = Vec<u32>> {
    let starts = (0..count).step_by(CHUNK);
    starts.map(move |start| (start as u32..(start + CHUNK).min(count) as u32).collect())
}

/// The inputs `[positions, 784]` and truths `[positions, outputs]`.
fn batch(network: &Network, examples: &Examples, positions: &[u32]) -> (Array2<f32>, Array2<f32>) {
    let mut x = Array2::zeros((positions.len(), network.input_size()));
    let mut y = Array2::zeros((positions.len(), network.output_size()));
    examples.fill_batch(positions, x.view_mut(), y.view_mut());
    (x, y)
}

/// Mean, smallest and largest.
fn spread_of(values: impl Iterator<Item = f64> + Clone) -> [f64; 3] {
    let count = values.clone().count().max(1) as f64;
    [
        values.clone().sum::<f64>() / count,
        values.clone().fold(f64::INFINITY, f64::min),
        values.fold(f64::NEG_INFINITY, f64::max),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::ink::{Hands, practice_digits};
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init};
    use std::sync::Arc;

    fn examples(count: usize) -> Examples {
        let digits = practice_digits(Hands::Known, count, 5);
        let images = digits.iter().flat_map(|(cells, _)| cells.0).collect();
        let labels = digits.iter().map(|(_, label)| *label).collect();
        Examples::all(Arc::new(Dataset::new(images, labels).unwrap()))
    }

    fn network() -> Network {
        let architecture = Architecture {
            sizes: vec![784, 6, 10],
            hidden: Activation::Tanh,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let rng = &mut StdRng::seed_from_u64(4);
        Network::init(&architecture, Init::Xavier, BiasInit::Zero, rng).unwrap()
    }

    fn go_on(_: f32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    #[test]
    fn the_whole_gradient_is_that_of_all_examples_in_one_pass() {
        // More than one chunk, and the last one not full.
        let (network, examples) = (network(), examples(CHUNK + 70));
        let settling = Settling::measure(&network, &examples, &mut go_on).unwrap();
        let whole = &settling.whole;
        assert_eq!(whole.count, CHUNK + 70);

        let all: Vec<u32> = (0..examples.len() as u32).collect();
        let (x, y) = batch(&network, &examples, &all);
        let mut workspace = Workspace::new(&network, examples.len());
        let cost = backprop(&network, x.view(), y.view(), &mut workspace);
        let agreement = Agreement::of(&workspace.gradients, whole).unwrap();
        assert!(agreement.distance < 1e-5, "{agreement:?}");
        assert!((whole.cost - f64::from(cost)).abs() < 1e-5);

        // σ² against the differences themselves.
        let sum: f64 = all
            .iter()
            .map(|&position| {
                let (x, y) = batch(&network, &examples, &[position]);
                backprop(&network, x.view(), y.view(), &mut workspace);
                let mut difference = workspace.gradients.clone();
                difference.add_scaled(&whole.gradients, -1.0);
                squared_norm(&difference)
            })
            .sum();
        let spread = (sum / all.len() as f64).sqrt();
        assert!(
            (whole.spread / spread - 1.0).abs() < 1e-3,
            "{spread} {}",
            whole.spread
        );
    }

    #[test]
    fn larger_batches_agree_better_as_one_over_the_root_of_their_size() {
        let (network, examples) = (network(), examples(600));
        let settling = Settling::measure(&network, &examples, &mut go_on).unwrap();
        let whole = &settling.whole;
        let sizes: Vec<usize> = settling.sizes.iter().map(|drawn| drawn.size).collect();
        assert_eq!(sizes, [1, 2, 5, 10, 20, 50, 100, 200, 500]);
        let cosines: Vec<f64> = settling
            .sizes
            .iter()
            .map(|drawn| drawn.cosines()[0])
            .collect();
        assert!(cosines.is_sorted(), "{cosines:?}");
        for drawn in &settling.sizes {
            let ratio = drawn.distances()[0] / whole.expected_distance(drawn.size);
            assert!((0.6..1.5).contains(&ratio), "{}: {ratio}", drawn.size);
        }
        // All examples are the whole, and a batch of the noise scale errs by as much as it points.
        assert_eq!(whole.expected_distance(600), 0.0);
        assert!(whole.noise_scale() > 1.0);
        let apart = whole.spread / whole.norm / whole.noise_scale().sqrt();
        assert!((apart - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_spread_holds_all_batches_of_a_size() {
        let agreement = |cosine, distance| Agreement { cosine, distance };
        let drawn = DrawnBatches {
            size: 4,
            agreements: vec![agreement(0.5, 1.0), agreement(-0.1, 3.0)],
        };
        assert_eq!(drawn.cosines(), [0.2, -0.1, 0.5]);
        // √((1² + 3²) / 2)
        assert_eq!(drawn.distances(), [5_f64.sqrt(), 1.0, 3.0]);
    }

    #[test]
    fn a_batch_is_drawn_without_repeats_and_a_larger_one_begins_with_it() {
        let all = draw_positions(5000, LARGEST_BATCH, 7);
        let distinct: std::collections::HashSet<u32> = all.iter().copied().collect();
        assert_eq!(distinct.len(), LARGEST_BATCH);
        assert_eq!(draw_positions(5000, 32, 7), all[..32]);
        assert_ne!(draw_positions(5000, 32, 8), all[..32]);
        assert_eq!(draw_positions(5, 1000, 7).len(), 5);
        assert!(draw_positions(0, 10, 7).is_empty());
    }

    #[test]
    fn it_can_be_broken_off_and_without_examples_there_is_nothing() {
        let network = network();
        let mut calls = 0;
        let mut break_off = |fraction: f32| {
            calls += 1;
            assert!((0.0..=1.0).contains(&fraction));
            if calls == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        assert!(Settling::measure(&network, &examples(CHUNK + 1), &mut break_off).is_none());
        assert_eq!(calls, 2);
        let none = examples(1).filtered(|_| false);
        assert!(Settling::measure(&network, &none, &mut go_on).is_none());
    }
}
