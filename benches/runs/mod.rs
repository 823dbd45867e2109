//! What the benchmarks train, and on what.

use inkgrad::data::{DataSets, DataSource, Dataset, Examples};
use inkgrad::ink::{Hands, practice_digits};
use inkgrad::training::{Hyperparameters, Run, RunSetup};
use std::sync::Arc;

/// So many practice digits: as much of them is paper as of MNIST's, and they come without a file.
pub fn digits(count: usize) -> Arc<DataSets> {
    let (cells, labels): (Vec<_>, Vec<_>) =
        practice_digits(Hands::Known, count, 1).into_iter().unzip();
    let images = cells.into_iter().flat_map(|cells| cells.0).collect();
    let train = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
    Arc::new(DataSets {
        source: DataSource::Practice,
        name: "Practice digits".to_owned(),
        validation: train.clone(),
        test: train.clone(),
        train,
        notes: Vec::new(),
    })
}

/// A fresh network, about to learn.
pub fn run(hyperparameters: Hyperparameters, data: &Arc<DataSets>) -> Run {
    let hyperparameters = hyperparameters.check().unwrap();
    Run::new(RunSetup {
        network: Arc::new(hyperparameters.fresh_network().unwrap()),
        data: Arc::clone(data),
        hyperparameters,
        first_step: 0,
    })
    .unwrap()
}
