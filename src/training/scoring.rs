use crate::data::Examples;
use crate::ink::units;
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
        let count = self.x.nrows().min(self.examples.len() - self.done);
        self.labels.clear();
        for (index, row) in (self.done..self.done + count).zip(self.x.rows_mut()) {
            if let Some(row) = row.into_slice() {
                units(self.examples.image(index), row);
            }
            self.labels.push(self.examples.label(index));
        }
        let outputs = network.forward(self.x.slice(s![..count, ..]));
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

/// Rows that take a few milliseconds: about 60 million products, but not so few that the matrix product idles,
/// nor so many that they leave the cache.
fn chunk_rows(parameters: usize) -> usize {
    (60_000_000 / parameters.max(1)).clamp(16, 256)
}
