//! How fast training and reading are: `cargo bench --bench training`, or a part of it: `-- train/784-30-10/10`.

mod runs;

use criterion::{Bencher, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use inkgrad::data::Augmentation;
use inkgrad::ink::{Cells, Hands, Ink, SIDE, Steps, normalize, practice_digit, practice_digits};
use inkgrad::nn::{Activation, BiasInit, Cost, Init, Network, OptimizerKind, Schedule};
use inkgrad::training::{Hyperparameters, Preset, Run, all_threads, evaluate};
use ndarray::Array2;
use pulp::{Arch, Simd, WithSimd};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use runs::{digits, run};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Hidden layers and the size of a mini-batch.
const NETS: [(&[usize], usize); 5] = [
    (&[16, 16], 32),
    (&[30], 10),
    (&[128], 64),
    (&[800], 128),
    (&[1000, 500], 128),
];
const EXAMPLES: usize = 8192;

/// A step of a run as the window takes it: the next examples of a shuffled epoch, forward, backward, update.
fn training_steps(criterion: &mut Criterion) {
    let data = digits(EXAMPLES);
    let mut group = criterion.benchmark_group("train");
    for (hidden, batch_size) in NETS {
        let mut run = run(momentum(hidden, batch_size), &data);
        let sizes = run.network().architecture();
        group.throughput(Throughput::Elements(batch_size as u64));
        group.bench_function(format!("{sizes}/{batch_size}"), |bencher| {
            take_steps(bencher, &mut run);
        });
    }
    group.finish();
}

/// As the training thread takes them: from within the threads that share a mini-batch.
fn take_steps(bencher: &mut Bencher<'_>, run: &mut Run) {
    run.team()
        .work(|| bencher.iter(|| run.step().unwrap().cost));
}

/// What augmentation adds to a step of the usual network.
fn augmented_steps(criterion: &mut Criterion) {
    let data = digits(EXAMPLES);
    let mut group = criterion.benchmark_group("train/784-128-64-10/64");
    for augmentation in [Augmentation::None, Augmentation::Standard] {
        for threads in [1, all_threads()] {
            let mut run = run(
                Hyperparameters {
                    augmentation,
                    threads,
                    ..momentum(&[128, 64], 64)
                },
                &data,
            );
            group.throughput(Throughput::Elements(64));
            let id = BenchmarkId::new(augmentation.label(), threads);
            group.bench_function(id, |bencher| take_steps(bencher, &mut run));
        }
    }
    group.finish();
}

/// What the processor can do at most: multiplications and additions in registers, on one thread and on all.
fn peak(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("peak");
    group.throughput(Throughput::Elements(Sums::OPERATIONS));
    for threads in [1, all_threads()] {
        group.bench_function(BenchmarkId::new("operations", threads), |bencher| {
            bencher.iter_custom(|times| all_at_once(threads, times) / threads as u32);
        });
    }
    group.finish();
}

/// How long `threads` take that each compute the sums so many `times`.
fn all_at_once(threads: usize, times: u64) -> Duration {
    let (start, end) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                start.wait();
                for _ in 0..times {
                    black_box(Arch::new().dispatch(Sums(black_box(0.5))));
                }
                end.wait();
            });
        }
        start.wait();
        let started = Instant::now();
        end.wait();
        started.elapsed()
    })
}

/// Enough sums side by side that none waits for its last term.
struct Sums(f32);

impl Sums {
    const SIDE_BY_SIDE: usize = 12;
    const VALUES: usize = 1 << 20;
    /// A multiplication and an addition for each value.
    const OPERATIONS: u64 = 2 * Self::VALUES as u64;
}

impl WithSimd for Sums {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let factor = simd.splat_f32s(self.0);
        let mut sums = [simd.splat_f32s(1.0); Self::SIDE_BY_SIDE];
        for _ in 0..Self::VALUES / (Self::SIDE_BY_SIDE * S::F32_LANES) {
            for sum in &mut sums {
                *sum = simd.mul_add_f32s(*sum, factor, factor);
            }
        }
        sums.map(|sum| simd.reduce_sum_f32s(sum)).iter().sum()
    }
}

fn predictions(criterion: &mut Criterion) {
    let rng = &mut StdRng::seed_from_u64(0);
    let network = Preset::Modern.hyperparameters().architecture();
    let network = Network::init(&network, Init::He, BiasInit::Zero, rng).unwrap();
    let sizes = network.architecture();
    let mut group = criterion.benchmark_group("predict");
    for count in [1, 10_000] {
        let x = Array2::from_shape_simple_fn((count, SIDE * SIDE), || rng.random::<f32>());
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("{sizes}/{count}"), |bencher| {
            bencher.iter(|| network.forward(black_box(x.view())));
        });
    }
    group.finish();
}

/// 10,000 digits scored as the window and `inkgrad eval` do it: bytes in, confusion and cost out.
fn scoring(criterion: &mut Criterion) {
    let data = digits(10_000);
    let network = run(momentum(&[128], 64), &data).network().clone();
    let sizes = network.architecture();
    criterion.bench_function(&format!("score/{sizes}/10000"), |bencher| {
        bencher.iter(|| evaluate(&network, &data.test).correct());
    });
}

/// Digits changed as a mini-batch changes them; the time is that of one.
fn augmentation(criterion: &mut Criterion) {
    let digits = practice_digits(Hands::Known, 256, 1);
    let digits: Vec<Cells> = digits.into_iter().map(|(cells, _)| cells).collect();
    let mut group = criterion.benchmark_group("augment");
    group.throughput(Throughput::Elements(digits.len() as u64));
    for augmentation in [Augmentation::Standard, Augmentation::Strong] {
        let mut rng = StdRng::seed_from_u64(0);
        let mut changed = digits.clone();
        group.bench_function(augmentation.label(), |bencher| {
            bencher.iter(|| {
                changed.copy_from_slice(&digits);
                for together in changed.chunks_mut(Augmentation::TOGETHER) {
                    augmentation.apply(together, &mut rng);
                }
            });
        });
    }
    group.finish();
}

/// From the strokes of a drawing to the cells that the network reads.
fn normalisation(criterion: &mut Criterion) {
    let drawing = practice_digit(7, &mut StdRng::seed_from_u64(0));
    criterion.bench_function("normalize/drawing", |bencher| {
        bencher.iter(|| normalize(Ink::Drawing(black_box(&drawing)), Steps::ALL));
    });
}

/// From nothing to 98 % on MNIST's test digits: the whole process, with the loading of MNIST and the saving of the model.
fn sprint(criterion: &mut Criterion) {
    const GOAL: f64 = 0.98;
    let model = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sprint.json");
    let inkgrad = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inkgrad"));
        let output = command
            .args(arguments)
            .output()
            .expect("the program starts");
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    };
    let path = model.to_str().expect("a path in Unicode");
    let mut train = vec!["train", "--preset", "sprint", "--data", "mnist"];
    train.extend(["--seed", "1", "--out", path]);
    if let Err(why) = inkgrad(&train) {
        println!("sprint: skipped, because it does not train here: {why}");
        return;
    }
    let score = inkgrad(&["eval", path, "--data", "mnist", "--json"]).expect("a score");
    let score: serde_json::Value = serde_json::from_str(&score).expect("JSON");
    let accuracy = score["accuracy"].as_f64().expect("an accuracy");
    assert!(accuracy >= GOAL, "the sprint reached {accuracy} only");
    let mut group = criterion.benchmark_group("sprint");
    group.sample_size(10);
    group.bench_function("98 % on MNIST", |bencher| {
        bencher.iter(|| inkgrad(&train).expect("it trained before"));
    });
    group.finish();
}

/// The peers' work: softmax and cross-entropy, ReLU, momentum 0.9, on all threads.
fn momentum(hidden: &[usize], batch_size: usize) -> Hyperparameters {
    Hyperparameters {
        hidden_layers: hidden.to_vec(),
        hidden_activation: Activation::Relu,
        output_activation: Activation::Softmax,
        cost: Cost::CrossEntropy,
        init: Init::He,
        optimizer: OptimizerKind::Momentum,
        learning_rate: 0.01,
        momentum: 0.9,
        schedule: Schedule::Constant,
        batch_size,
        threads: all_threads(),
        ..Hyperparameters::default()
    }
}

criterion_group!(
    benches,
    peak,
    training_steps,
    augmented_steps,
    predictions,
    scoring,
    augmentation,
    normalisation,
    sprint,
);
criterion_main!(benches);
