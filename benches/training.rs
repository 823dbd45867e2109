//! How fast training, reading and a frame of the window are: `cargo bench --bench training`, or a part of it:
//! `-- train/784-30-10/10`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use inkgrad::app::{AppCommand, AppState, Depth, MicroscopeView, Phase, Settings};
use inkgrad::data::{Augmentation, DataSets, DataSource, Dataset, Examples};
use inkgrad::ink::{Cells, Hands, Ink, SIDE, Steps, normalize, practice_digit, practice_digits};
use inkgrad::nn::{Activation, BiasInit, Cost, Init, Network, OptimizerKind, Schedule};
use inkgrad::training::{Hyperparameters, Preset, Run, RunSetup, evaluate};
use inkgrad::ui::InkgradApp;
use ndarray::Array2;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

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
    let data = digits();
    let mut group = criterion.benchmark_group("train");
    for (hidden, batch_size) in NETS {
        let mut run = run(hidden, batch_size, &data);
        let sizes = run.network().architecture();
        group.throughput(Throughput::Elements(batch_size as u64));
        group.bench_function(format!("{sizes}/{batch_size}"), |bencher| {
            // As the training thread does: from within the threads that share a mini-batch.
            run.team()
                .work(|| bencher.iter(|| run.step().unwrap().cost));
        });
    }
    group.finish();
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
    let data = digits();
    let network = run(&[128], 64, &data).network().clone();
    let digits = data.train.filtered(|index| index < 2_000);
    let sizes = network.architecture();
    criterion.bench_function(&format!("score/{sizes}/10000"), |bencher| {
        bencher.iter(|| {
            (0..5)
                .map(|_| evaluate(&network, &digits).correct())
                .sum::<u32>()
        });
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

/// A pointer move: the drawing normalised, read by the bundled network and judged.
fn strokes(criterion: &mut Criterion) {
    let (mut state, _) = AppState::new(Settings::default());
    state.handle(AppCommand::WritePracticeDigit);
    let mut place = 0.0;
    let mut move_to = |kind: fn(f32, f32) -> AppCommand| {
        place = (place + 1.0) % 200.0;
        kind(40.0 + place, 60.0)
    };
    let down = move_to(|x, y| AppCommand::PenDown {
        x,
        y,
        pressure: 1.0,
        erase: false,
    });
    state.handle(down);
    criterion.bench_function("stroke/default", |bencher| {
        bencher.iter(|| {
            let go = move_to(|x, y| AppCommand::PenMove {
                x,
                y,
                pressure: 1.0,
            });
            state.handle(go);
            // A stroke of many thousand points is no stroke any more.
            if state
                .pad
                .drawing
                .strokes
                .iter()
                .any(|stroke| stroke.points.len() > 200)
            {
                state.handle(AppCommand::PenUp);
                state.handle(AppCommand::Undo);
                let down = move_to(|x, y| AppCommand::PenDown {
                    x,
                    y,
                    pressure: 1.0,
                    erase: false,
                });
                state.handle(down);
            }
        });
    });
}

/// From the strokes of a drawing to the cells that the network reads.
fn normalisation(criterion: &mut Criterion) {
    let drawing = practice_digit(7, &mut StdRng::seed_from_u64(0));
    criterion.bench_function("normalize/drawing", |bencher| {
        bencher.iter(|| normalize(Ink::Drawing(black_box(&drawing)), Steps::ALL));
    });
}

/// The whole window at its usual size, a digit on the pad and its way through the network shown: everything that
/// the program does for a frame before the graphics driver gets the shapes.
fn frames(criterion: &mut Criterion) {
    // A folder that cannot be made, because a file is in its way: neither a recovery file nor MNIST.
    let home = std::env::current_exe().unwrap().join("home");
    // SAFETY: everything that reads the variables comes from `std`, which takes a lock, and other threads of the
    // benchmarks only calculate.
    unsafe {
        std::env::set_var("INKGRAD_HOME", &home);
        std::env::set_var("INKGRAD_DATA_DIR", &home);
    }
    let settings = Settings {
        depth: Depth::Learn,
        ..Settings::default()
    };
    let mut window = Harness::builder()
        .with_size([1280.0, 800.0])
        .build_eframe(|creation| InkgradApp::new(&creation.egui_ctx, settings));
    while window.state().state().data.sets.is_none() {
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    let pad = window.get_by_label_contains("Pad").rect();
    let seven = [(0.3, 0.25), (0.72, 0.25), (0.48, 0.8)];
    let seven = seven.map(|(x, y)| pad.min + pad.size() * vec2(x, y));
    window.event(pen(seven[0], true));
    for place in seven {
        window.event(Event::PointerMoved(place));
    }
    window.event(pen(seven[2], false));
    window.step();
    assert!(window.state().state().reading.is_some());
    criterion.bench_function("frame/learn", |bencher| bencher.iter(|| window.step()));

    window.event(key(Key::Num7));
    window.step();
    for view in MicroscopeView::ALL {
        let name = view.name().to_lowercase().replace(' ', "-");
        show(&mut window, view);
        criterion.bench_function(&format!("frame/backprop/{name}"), |bencher| {
            bencher.iter(|| window.step());
        });
    }
    window.get_by_label("Network").click();
    window.event(key(Key::Space));
    while window.state().state().runs.phase != Phase::Running {
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    criterion.bench_function("frame/learn-while-training", |bencher| {
        bencher.iter(|| window.step());
    });
}

fn run(hidden: &[usize], batch_size: usize, data: &Arc<DataSets>) -> Run {
    let hyperparameters = Hyperparameters {
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
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        ..Hyperparameters::default()
    };
    let hyperparameters = hyperparameters.check().unwrap();
    Run::new(RunSetup {
        network: Arc::new(hyperparameters.fresh_network().unwrap()),
        data: Arc::clone(data),
        hyperparameters,
        first_step: 0,
    })
    .unwrap()
}

/// Random pictures with random labels: the arithmetic is the same, and no file is needed.
/// Practice digits: as much of them is paper as of MNIST's, and they come without a file.
fn digits() -> Arc<DataSets> {
    let (cells, labels): (Vec<_>, Vec<_>) = practice_digits(Hands::Known, EXAMPLES, 1)
        .into_iter()
        .unzip();
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

fn pen(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}

fn key(key: Key) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    }
}

/// Shows a view of the tab *Backprop*, and lets it come to rest.
fn show(window: &mut Harness<'_, InkgradApp>, view: MicroscopeView) {
    for label in ["Backprop", view.name()] {
        window.get_by_label(label).click();
        window.step();
        window.step();
    }
}

criterion_group!(
    benches,
    training_steps,
    predictions,
    scoring,
    augmentation,
    normalisation,
    strokes,
    frames
);
criterion_main!(benches);
