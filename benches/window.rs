//! How fast the window is, up to the shapes that the graphics driver gets: `cargo bench --bench window`, or a part of it:
//! `-- frame/learn`.

mod runs;
#[path = "../tests/window/mod.rs"]
mod window;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use inkgrad::app::{AppCommand, AppState, Depth, MicroscopeView, Phase, Settings};
use inkgrad::training::{Hyperparameters, Preset};
use inkgrad::ui::InkgradApp;
use runs::{digits, run};
use std::f32::consts::TAU;
use std::time::{Duration, Instant};
use window::{Gui, click, leave_the_world_alone, state, wait_until};

/// A pointer move: the drawing normalised, read by the bundled network and judged.
fn pointer_moves(criterion: &mut Criterion) {
    let (mut state, _) = AppState::new(Settings::default());
    state.handle(AppCommand::WritePracticeDigit);
    let mut place = 0.0;
    let mut move_to = |kind: fn(f32, f32) -> AppCommand| {
        place = (place + 1.0) % 200.0;
        kind(40.0 + place, 60.0)
    };
    let down = |x, y| AppCommand::PenDown {
        x,
        y,
        pressure: 1.0,
        erase: false,
    };
    let go = |x, y| AppCommand::PenMove {
        x,
        y,
        pressure: 1.0,
    };
    state.handle(move_to(down));
    criterion.bench_function("stroke/default", |bencher| {
        bencher.iter(|| {
            state.handle(move_to(go));
            // A stroke of many thousand points is no stroke any more.
            let strokes = &state.pad.drawing.strokes;
            if strokes.iter().any(|stroke| stroke.points.len() > 200) {
                state.handle(AppCommand::PenUp);
                state.handle(AppCommand::Undo);
                state.handle(move_to(down));
            }
        });
    });
}

/// A new window that is drawn on: as much of a start as is the program's own.
fn start(criterion: &mut Criterion) {
    leave_the_world_alone();
    let mut group = criterion.benchmark_group("start");
    group.sample_size(10);
    group.bench_function("answers-a-stroke", |bencher| {
        bencher.iter_with_large_drop(|| {
            let mut window = open(Settings::default());
            write_seven(&mut window);
            window
        });
    });
    group.finish();
}

/// Everything at the window's usual size, a digit on the pad and its way through the network shown.
fn frames(criterion: &mut Criterion) {
    leave_the_world_alone();
    let mut window = open(learn());
    wait_until(&mut window, "the data is there", |state| {
        state.data.sets.is_some()
    });
    write_seven(&mut window);
    criterion.bench_function("frame/learn", |bencher| bencher.iter(|| window.step()));

    // A frame with a pointer move, which changes the ink, the answer and the way through the network.
    drawing(criterion, &mut window, "frame/drawing");
    clear(&mut window);
    scribble(&mut window, 2_000);
    drawing(criterion, &mut window, "frame/drawing-over-2000-points");
    clear(&mut window);
    write_seven(&mut window);

    press_key(&mut window, Key::Num7, Modifiers::NONE);
    for view in MicroscopeView::ALL {
        let name = view.name().to_lowercase().replace(' ', "-");
        for label in ["Backprop", view.name()] {
            click(&mut window, label);
        }
        criterion.bench_function(&format!("frame/backprop/{name}"), |bencher| {
            bencher.iter(|| window.step());
        });
    }
    click(&mut window, "Network");
    train(&mut window);
    criterion.bench_function("frame/learn-while-training", |bencher| {
        bencher.iter(|| window.step());
    });
    drawing(criterion, &mut window, "frame/drawing-while-training");
}

/// Steps of training on one thread: alone, and beside a window that paints 60 frames a second.
fn training(criterion: &mut Criterion) {
    leave_the_world_alone();
    let hyperparameters = endless();
    let batch_size = hyperparameters.batch_size as u64;
    let mut group = criterion.benchmark_group("training");
    group.throughput(Throughput::Elements(batch_size));
    let mut window = open(learn());
    wait_until(&mut window, "the data is there", |state| {
        state.data.sets.is_some()
    });
    train(&mut window);
    group.bench_function("in-the-window", |bencher| {
        bencher.iter_custom(|steps| paint_through(&mut window, steps));
    });
    drop(window);

    let mut run = run(hyperparameters, &digits(55_000));
    group.bench_function("alone", |bencher| {
        bencher.iter(|| run.step().unwrap().cost);
    });
    group.finish();
}

/// How long `steps` of training take beside frames: of the time until some more are done, that part.
fn paint_through(window: &mut Gui, steps: u64) -> Duration {
    const FRAME: Duration = Duration::from_micros(16_667);
    let done = |window: &Gui| {
        let progress = state(window).runs.progress.as_ref();
        progress.map_or(0, |progress| progress.step)
    };
    let paint = |window: &mut Gui| {
        let started = Instant::now();
        window.step();
        std::thread::sleep(FRAME.saturating_sub(started.elapsed()));
    };
    // News comes now and then: the time is taken from one to another.
    let before = done(window);
    while done(window) == before {
        paint(window);
    }
    let (first, started) = (done(window), Instant::now());
    while done(window) < first + steps {
        paint(window);
    }
    started
        .elapsed()
        .mul_f64(steps as f64 / (done(window) - first) as f64)
}

/// Frames with a pointer move each. Now and then the stroke is taken back, so that the drawing does not grow.
fn drawing(criterion: &mut Criterion, window: &mut Gui, name: &str) {
    let (start, mut moves) = (place(window, 0), 0);
    press(window, start, true);
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            moves += 1;
            window.event(Event::PointerMoved(place(window, moves)));
            window.step();
            if moves % 60 == 0 {
                press(window, start, false);
                undo(window);
                press(window, start, true);
            }
        });
    });
    press(window, start, false);
    undo(window);
}

/// A stroke of so many points, all over the pad.
fn scribble(window: &mut Gui, points: usize) {
    press(window, place(window, 0), true);
    for index in 1..points {
        window.event(Event::PointerMoved(place(window, index)));
    }
    press(window, place(window, points), false);
    let drawn = state(window).pad.drawing.point_count();
    assert!(drawn > points * 9 / 10, "{drawn} points only");
}

/// The places of a pointer that goes round and round, all over the pad.
fn place(window: &Gui, index: usize) -> Pos2 {
    let [x, y] = [0.013, 0.0171].map(|speed| 0.5 + 0.4 * (index as f32 * speed * TAU).sin());
    on_pad(window, x, y)
}

fn write_seven(window: &mut Gui) {
    let seven = [(0.3, 0.25), (0.72, 0.25), (0.48, 0.8)].map(|(x, y)| on_pad(window, x, y));
    press(window, seven[0], true);
    for place in seven {
        window.event(Event::PointerMoved(place));
    }
    press(window, seven[2], false);
    assert!(state(window).reading.is_some());
}

/// A place on the pad, 0..=1 from its left and top edge.
fn on_pad(window: &Gui, x: f32, y: f32) -> Pos2 {
    let pad = window.get_by_label_contains("Pad").rect();
    pad.min + pad.size() * vec2(x, y)
}

fn press(window: &mut Gui, pos: Pos2, pressed: bool) {
    window.event(Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
    window.step();
}

fn press_key(window: &mut Gui, key: Key, modifiers: Modifiers) {
    window.event(Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    });
    window.step();
}

fn undo(window: &mut Gui) {
    press_key(window, Key::Z, Modifiers::COMMAND);
}

fn clear(window: &mut Gui) {
    press_key(window, Key::Delete, Modifiers::NONE);
}

fn train(window: &mut Gui) {
    press_key(window, Key::Space, Modifiers::NONE);
    wait_until(window, "training runs", |state| {
        state.runs.phase == Phase::Running
    });
}

fn open(settings: Settings) -> Gui {
    let mut window = Harness::builder()
        .with_size([1280.0, 800.0])
        .build_eframe(|creation| InkgradApp::new(&creation.egui_ctx, settings));
    window.step();
    window
}

fn learn() -> Settings {
    Settings {
        depth: Depth::Learn,
        hyperparameters: endless(),
        ..Settings::default()
    }
}

/// The usual network, trained on one thread for longer than any benchmark takes.
fn endless() -> Hyperparameters {
    Hyperparameters {
        // The most that a run can have.
        epochs: 10_000,
        threads: 1,
        ..Preset::Modern.hyperparameters()
    }
}

criterion_group!(benches, pointer_moves, start, frames, training);
criterion_main!(benches);
