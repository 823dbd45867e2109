use crate::data::Examples;
use crate::ink::units;
use crate::nn::share_out::{Alone, Crew};
use crate::nn::{Evaluation, Network};
use ndarray::{Array2, s};

/// An evaluation under way: examples are answered chunk by chunk, so that whoever scores can look up in between.
#[derive(Clone, Debug)]
pub struct Scoring {
    examples: Examples,
    evaluation: Evaluation,
    done: usize,
    /// `[chunk, 784]`
    x: Array2<f32>,
    labels: Vec<u8>,
}

/// How well `network` answers `examples`, all in one go.
pub fn evaluate(network: &Network, examples: &Examples) -> Evaluation {
    let mut scoring = Scoring::new(network, examples.clone());
    while !scoring.is_done() {
        scoring.advance(network);
    }
    scoring.into_evaluation()
}

impl Scoring {
    pub fn new(network: &Network, examples: Examples) -> Self {
        let chunk = chunk_rows(network.parameter_count()).min(examples.len());
        Self {
            evaluation: Evaluation::new(network.output_size()),
            done: 0,
            x: Array2::zeros((chunk, network.input_size())),
            labels: Vec::with_capacity(chunk),
            examples,
        }
    }

    /// Answers the next chunk: a few milliseconds' work. `network` must be the one that it began with.
    pub fn advance(&mut self, network: &Network) {
        self.advance_by(network, Alone);
    }

    /// The same, shared by `crew`; what is found does not depend on it.
    pub(super) fn advance_by(&mut self, network: &Network, crew: impl Crew) {
        let count = self.x.nrows().min(self.examples.len() - self.done);
        self.labels.clear();
        for (index, row) in (self.done..self.done + count).zip(self.x.rows_mut()) {
            if let Some(row) = row.into_slice() {
                units(self.examples.image(index), row);
            }
            self.labels.push(self.examples.label(index));
        }
        let outputs = network.forward_by(self.x.slice(s![..count, ..]), crew);
        self.evaluation.add(network, outputs.view(), &self.labels);
        self.done += count;
    }

    pub fn is_done(&self) -> bool {
        self.done == self.examples.len()
    }

    /// What was found so far.
    pub fn into_evaluation(self) -> Evaluation {
        self.evaluation
    }
}

/// Rows that take a few milliseconds: about 60 million products. But not so few that a large network travels from
/// memory more often than it is worth, nor so many that they leave the cache.
fn chunk_rows(parameters: usize) -> usize {
    (60_000_000 / parameters.max(1)).clamp(64, 256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init};
    use crate::training::Team;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};
    use std::sync::Arc;

    #[test]
    fn a_scoring_that_threads_share_finds_the_same_bit_for_bit() {
        let rng = &mut StdRng::seed_from_u64(3);
        let images = (0..300 * 784).map(|_| rng.random()).collect();
        let labels = (0..300).map(|i| (i % 10) as u8).collect();
        let examples = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
        let architecture = Architecture {
            sizes: vec![784, 200, 10],
            hidden: Activation::Relu,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let network = Network::init(&architecture, Init::He, BiasInit::Normal, rng).unwrap();

        let team = Team::new(3).with_work(true);
        let mut shared = Scoring::new(&network, examples.clone());
        team.work(|| {
            while !shared.is_done() {
                shared.advance_by(&network, team.crew());
            }
        });
        assert_eq!(shared.into_evaluation(), evaluate(&network, &examples));
    }
}
