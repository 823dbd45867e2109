//! A step of training in the steady state asks for no memory. One test alone, because whatever runs beside it counts.

use inkgrad::data::{Augmentation, DataSets, DataSource, Dataset, Examples};
use inkgrad::ink::SIDE;
use inkgrad::nn::OptimizerKind;
use inkgrad::training::{Hyperparameters, Run, RunSetup};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const EXAMPLES: usize = 1000;

#[test]
fn a_training_step_allocates_nothing() {
    let data = data();
    for optimizer in OptimizerKind::ALL {
        for augmentation in [
            Augmentation::None,
            Augmentation::Standard,
            Augmentation::Strong,
        ] {
            for (hidden_layers, batch_size, threads) in [
                (vec![16, 16], 32, 1),
                (vec![16, 16], 32, 2),
                (vec![128, 64], 100, 1),
                (vec![300], 128, 2),
            ] {
                let hyperparameters = Hyperparameters {
                    hidden_layers,
                    batch_size,
                    threads,
                    optimizer,
                    augmentation,
                    ..Hyperparameters::default()
                };
                let hyperparameters = hyperparameters.check().unwrap();
                let mut run = Run::new(RunSetup {
                    network: Arc::new(hyperparameters.fresh_network().unwrap()),
                    data: Arc::clone(&data),
                    hyperparameters,
                    first_step: 0,
                })
                .unwrap();
                // As the training thread does: from within the threads that share a mini-batch.
                let change = run.team().work(|| {
                    // Two epochs to make room, for every thread, then one to count.
                    for _ in 0..2 * run.steps_per_epoch() {
                        run.step().unwrap();
                    }
                    let region = Region::new(ALLOCATOR);
                    for _ in 0..run.steps_per_epoch() {
                        run.step().unwrap();
                    }
                    region.change()
                });
                let counted = change.allocations + change.reallocations;
                assert_eq!(
                    counted, 0,
                    "{optimizer:?}, {augmentation:?}, batches of {batch_size}, {threads} threads"
                );
            }
        }
    }
}

/// Grey pictures, all labels in turn.
fn data() -> Arc<DataSets> {
    let images = (0..EXAMPLES).flat_map(|i| [i as u8; SIDE * SIDE]).collect();
    let labels = (0..EXAMPLES).map(|i| (i % 10) as u8).collect();
    let all = Examples::all(Arc::new(Dataset::new(images, labels).unwrap()));
    Arc::new(DataSets {
        source: DataSource::Practice,
        name: "Grey".to_owned(),
        train: all.clone(),
        validation: all.clone(),
        test: all,
        notes: Vec::new(),
    })
}
