//! What the benchmarks learn from.

use inkgrad::data::{DataSets, DataSource, Dataset, Examples};
use inkgrad::ink::{Hands, practice_digits};
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
