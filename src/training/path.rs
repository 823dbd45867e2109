use crate::nn::Network;
use std::sync::Arc;

/// The way of one training through the space of all weights: networks remembered from its first step to its newest,
/// fewer as it grows longer, so that the memory stays bounded.
///
/// The networks are the snapshots that the window is shown anyway; remembering one copies nothing.
#[derive(Clone, Debug, Default)]
pub struct TrainingPath {
    places: Vec<Remembered>,
    best: Option<BestNetwork>,
    next_id: u64,
}

/// A network on the path.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// No two places of a program's life share it.
    pub id: u64,
    pub step: u64,
    pub network: Arc<Network>,
}

/// The network with the lowest validation cost so far.
#[derive(Clone, Debug)]
pub struct BestNetwork {
    pub step: u64,
    pub cost: f64,
    pub network: Arc<Network>,
}

/// So many networks are remembered, or fewer where they are large.
const CAPACITY: usize = 42;
/// All of them together take at most so much memory, but for the first and the newest, which are there anyway.
const BYTES: usize = 150_000_000;
/// A path has a beginning, an end and something between them, however large the network.
const FEWEST: usize = 3;

impl TrainingPath {
    /// A new path that begins with `network`; one that has only just begun so stays.
    pub fn begin(&mut self, network: &Arc<Network>, step: u64) {
        if let [only] = &self.places[..]
            && only.step == step
            && Arc::ptr_eq(&only.network, network)
        {
            return;
        }
        self.places.clear();
        self.best = None;
        self.push(network, step);
    }

    /// The training is at `step` now. A step that is not after the last one goes back on the path: what lay ahead is
    /// forgotten.
    pub fn remember(&mut self, network: &Arc<Network>, step: u64) {
        let is_last = |last: &Remembered| last.step == step && Arc::ptr_eq(&last.network, network);
        if self.places.last().is_some_and(is_last) {
            return;
        }
        self.places.retain(|place| place.step < step);
        if self.best.as_ref().is_some_and(|best| best.step > step) {
            self.best = None;
        }
        self.push(network, step);
        if self.places.len() > capacity(network) {
            self.thin();
        }
    }

    /// The network of `step` was scored on the validation examples.
    pub fn score(&mut self, network: &Arc<Network>, step: u64, cost: f64) {
        let is_better = self.best.as_ref().is_none_or(|best| cost < best.cost);
        if cost.is_finite() && is_better {
            self.best = Some(BestNetwork {
                step,
                cost,
                network: Arc::clone(network),
            });
        }
    }

    /// In the order of the steps; the first one is where the path begins, the last one the newest.
    pub fn places(&self) -> &[Remembered] {
        &self.places
    }

    pub fn best(&self) -> Option<&BestNetwork> {
        self.best.as_ref()
    }

    fn push(&mut self, network: &Arc<Network>, step: u64) {
        self.places.push(Remembered {
            id: self.next_id,
            step,
            network: Arc::clone(network),
        });
        self.next_id += 1;
    }

    /// Forgets the place whose neighbours are nearest to each other, never the first or the last.
    ///
    /// Places are kept evenly in the square root of the step: a walk with noisy steps gets about so far.
    fn thin(&mut self) {
        let first = self.places.first().map_or(0, |place| place.step);
        let along = |place: &Remembered| ((place.step - first) as f64).sqrt();
        let gap = |index: usize| along(&self.places[index + 1]) - along(&self.places[index - 1]);
        let inner = 1..self.places.len().saturating_sub(1);
        if let Some(index) = inner.min_by(|&a, &b| gap(a).total_cmp(&gap(b))) {
            self.places.remove(index);
        }
    }
}

fn capacity(network: &Network) -> usize {
    let bytes = size_of::<f32>() * network.parameter_count();
    (BYTES / bytes.max(1)).clamp(FEWEST, CAPACITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost, Layer};
    use ndarray::{Array1, Array2};

    fn network() -> Arc<Network> {
        let layer = Layer {
            weights: Array2::zeros((2, 1)),
            biases: Array1::zeros(1),
            activation: Activation::Linear,
        };
        Arc::new(Network::new(vec![layer], Cost::Quadratic).unwrap())
    }

    fn path(steps: impl Iterator<Item = u64>) -> TrainingPath {
        let mut path = TrainingPath::default();
        path.begin(&network(), 0);
        for step in steps {
            path.remember(&network(), step);
        }
        path
    }

    fn steps(path: &TrainingPath) -> Vec<u64> {
        path.places().iter().map(|place| place.step).collect()
    }

    #[test]
    fn a_short_path_is_kept_as_it_was() {
        assert_eq!(steps(&path(1..=10)), (0..=10).collect::<Vec<_>>());
    }

    #[test]
    fn a_long_path_stays_bounded_from_its_beginning_to_its_newest_step() {
        let path = path((1..=3000).map(|news| news * 17));
        let steps = steps(&path);
        assert_eq!(steps.len(), CAPACITY);
        assert_eq!((steps[0], steps[CAPACITY - 1]), (0, 51_000));
        assert!(steps.is_sorted());
        // Evenly in the square root of the step: no gap is many times another.
        let roots: Vec<f64> = steps.iter().map(|&step| (step as f64).sqrt()).collect();
        let gaps: Vec<f64> = roots.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mean = roots[CAPACITY - 1] / (CAPACITY - 1) as f64;
        assert!(gaps.iter().all(|gap| *gap < 2.5 * mean), "{gaps:?}");
    }

    #[test]
    fn large_networks_are_remembered_less_often_but_never_without_a_place_between() {
        let layer = Layer {
            weights: Array2::zeros((1000, 4000)),
            biases: Array1::zeros(4000),
            activation: Activation::Linear,
        };
        let large = Network::new(vec![layer], Cost::Quadratic).unwrap();
        // 4,004,000 numbers of 4 bytes: 9 of them fit into 150 MB.
        assert_eq!(capacity(&large), 9);
    }

    #[test]
    fn going_back_forgets_what_lay_ahead() {
        let mut path = path(1..=10);
        path.score(&network(), 8, 0.5);
        path.remember(&network(), 4);
        assert_eq!(steps(&path), [0, 1, 2, 3, 4]);
        assert!(path.best().is_none());
    }

    #[test]
    fn the_same_snapshot_twice_is_one_place() {
        let mut path = path(1..=3);
        let last = Arc::clone(&path.places()[3].network);
        path.remember(&last, 3);
        assert_eq!(steps(&path), [0, 1, 2, 3]);
    }

    #[test]
    fn the_best_has_the_lowest_validation_cost_and_is_not_thinned_away() {
        let mut path = path(1..=40);
        let best = network();
        path.score(&network(), 10, f64::NAN);
        path.score(&best, 20, 0.5);
        path.score(&network(), 30, 0.7);
        for step in 41..5000 {
            path.remember(&network(), step);
        }
        let found = path.best().unwrap();
        assert_eq!((found.step, found.cost), (20, 0.5));
        assert!(Arc::ptr_eq(&found.network, &best));
    }
}
