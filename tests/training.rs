//! Training as the window and the command line use it: the thread with its commands, and what comes of a run.

use inkgrad::data::{Augmentation, DataSets, DataSource, Dataset, Examples};
use inkgrad::ink::{Hands, practice_digits};
use inkgrad::nn::{Network, OptimizerKind, Schedule};
use inkgrad::training::{
    Command, Event, Hyperparameters, LiveSettings, Preset, Run, RunSetup, Snapshot, Speed,
    StepSize, Trainer, evaluate,
};
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// Long enough for any answer on a busy machine; only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// 1,200 written digits: 1,000 to learn from, 100 to watch by, 100 to be judged by.
static FEW: LazyLock<Arc<DataSets>> = LazyLock::new(|| {
    let examples = examples(1_200, 1);
    let (test, rest) = examples.split(100, 1);
    let (validation, train) = rest.split(100, 1);
    data_sets(train, validation, test)
});

fn examples(count: usize, copies: usize) -> Examples {
    let digits = practice_digits(Hands::Known, count, 1);
    let mut images = Vec::new();
    let mut labels = Vec::new();
    for (cells, label) in std::iter::repeat_n(&digits, copies).flatten() {
        images.extend_from_slice(&cells.0);
        labels.push(*label);
    }
    Examples::all(Arc::new(Dataset::new(images, labels).unwrap()))
}

fn data_sets(train: Examples, validation: Examples, test: Examples) -> Arc<DataSets> {
    Arc::new(DataSets {
        source: DataSource::Practice,
        name: "Practice digits".to_owned(),
        train,
        validation,
        test,
        notes: Vec::new(),
    })
}

/// A small, quick run that does not end by itself.
fn setup(change: impl FnOnce(&mut Hyperparameters)) -> RunSetup {
    let mut hyperparameters = Hyperparameters {
        hidden_layers: vec![16],
        batch_size: 50,
        epochs: 10_000,
        schedule: Schedule::Constant,
        threads: 1,
        ..Preset::Modern.hyperparameters()
    };
    change(&mut hyperparameters);
    let hyperparameters = hyperparameters.check().unwrap();
    RunSetup {
        network: Arc::new(hyperparameters.fresh_network().unwrap()),
        data: Arc::clone(&FEW),
        hyperparameters,
        first_step: 0,
    }
}

/// A trainer that has taken `setup` in.
fn loaded(setup: RunSetup) -> Trainer {
    let trainer = Trainer::spawn(|| ()).unwrap();
    load(&trainer, setup);
    trainer
}

fn load(trainer: &Trainer, setup: RunSetup) {
    trainer.send(Command::Load(Box::new(setup)));
    events_until(trainer, |event| matches!(event, Event::Loaded { .. }));
}

/// Everything that is told up to the event that is waited for.
fn events_until(trainer: &Trainer, mut last: impl FnMut(&Event) -> bool) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let event = trainer.wait_event(PATIENCE);
        let event = event.unwrap_or_else(|| panic!("silence after {}", kinds(&events)));
        let found = last(&event);
        events.push(event);
        if found {
            return events;
        }
    }
}

fn events_until_paused(trainer: &Trainer) -> Vec<Event> {
    events_until(trainer, |event| matches!(event, Event::Paused { .. }))
}

/// Sends a command, waits for the pause and returns its step and the snapshot that belongs to it.
fn pause_after(trainer: &Trainer, command: Command) -> (u64, Arc<Snapshot>) {
    trainer.send(command);
    let events = events_until_paused(trainer);
    let Some(Event::Paused { step }) = events.last() else {
        panic!("no pause in {}", kinds(&events));
    };
    (*step, trainer.take_snapshot().unwrap())
}

fn refusal(trainer: &Trainer, command: Command) -> String {
    trainer.send(command);
    let events = events_until(trainer, |event| matches!(event, Event::Refused { .. }));
    match &events[..] {
        [Event::Refused { reason }] => reason.clone(),
        others => panic!("{}", kinds(others)),
    }
}

/// "Running Progress Paused"
fn kinds(events: &[Event]) -> String {
    let kind = |event: &Event| {
        let text = format!("{event:?}");
        let end = text.find(|c: char| !c.is_alphanumeric());
        text[..end.unwrap_or(text.len())].to_owned()
    };
    events.iter().map(kind).collect::<Vec<_>>().join(" ")
}

fn is_finite(network: &Network) -> bool {
    network.first_non_finite().is_none()
}

#[test]
fn written_digits_are_learned_from_scratch() {
    let (train, validation) = examples(5_000, 1).split(4_500, 1);
    let mut setup = setup(|h| {
        h.hidden_layers = vec![64];
        h.epochs = 4;
        h.schedule = Schedule::Cosine;
    });
    setup.data = data_sets(train, validation.clone(), validation);
    let trainer = loaded(setup);
    trainer.send(Command::Resume);
    let events = events_until(&trainer, |event| matches!(event, Event::Finished { .. }));
    let accuracies: Vec<f64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Validated { evaluation, .. } => Some(evaluation.accuracy()),
            _ => None,
        })
        .collect();
    assert!(accuracies[0] < 0.3, "{accuracies:?}");
    let Some(Event::Finished { test, .. }) = events.last() else {
        unreachable!();
    };
    assert!(test.accuracy() >= 0.95, "{accuracies:?}");
}

#[test]
fn the_weights_do_not_depend_on_the_number_of_threads() {
    // Few units are shared in another way than many.
    for (augmentation, units) in [
        (Augmentation::None, 16),
        (Augmentation::None, 100),
        (Augmentation::Standard, 16),
    ] {
        let trained = [1, 2, 3].map(|threads| {
            let mut run = Run::new(setup(|h| {
                h.threads = threads;
                h.augmentation = augmentation;
                h.hidden_layers = vec![units];
                // Three shards, the last of which is smaller, and a last batch of 150.
                h.batch_size = 170;
                h.optimizer = OptimizerKind::Momentum;
                h.learning_rate = 0.05;
            }))
            .unwrap();
            let costs: Vec<f32> = (0..9).map(|_| run.step().unwrap().cost).collect();
            (costs, run.network().clone())
        });
        assert_eq!(trained[0], trained[1]);
        assert_eq!(trained[0], trained[2]);
    }
}

#[test]
fn the_thread_trains_as_the_run_does() {
    let setup = setup(|_| ());
    let trainer = loaded(setup.clone());
    let mut run = Run::new(setup).unwrap();
    for _ in 0..3 {
        run.step().unwrap();
        let (step, snapshot) = pause_after(&trainer, Command::Step(StepSize::Batch));
        assert_eq!((step, snapshot.step), (run.steps(), run.steps()));
        assert_eq!(*snapshot.network, *run.network());
    }
    run.step_on(1).unwrap();
    let (step, snapshot) = pause_after(&trainer, Command::Step(StepSize::Example));
    assert_eq!((step, snapshot.epoch), (4, 0.151));
    assert_eq!(*snapshot.network, *run.network());
}

#[test]
fn a_step_is_told_at_once_and_in_order() {
    let trainer = loaded(setup(|_| ()));
    trainer.take_snapshot();
    trainer.send(Command::Step(StepSize::Batch));
    // The scores before the first step and after a sixteenth of the first epoch.
    assert_eq!(
        kinds(&events_until_paused(&trainer)),
        "Running Validated Progress Paused"
    );
    trainer.send(Command::Step(StepSize::Example));
    assert_eq!(
        kinds(&events_until_paused(&trainer)),
        "Running Progress Paused"
    );
    trainer.send(Command::Step(StepSize::Epoch));
    let events = events_until_paused(&trainer);
    assert!(
        kinds(&events).ends_with("Progress Validated EpochFinished Paused"),
        "{}",
        kinds(&events)
    );
    let Some(Event::Paused { step }) = events.last() else {
        unreachable!();
    };
    // 50 and 1 of 1,000 examples were done, and 949 are 19 batches.
    assert_eq!(*step, 21);
    trainer.send(Command::Pause);
    assert_eq!(kinds(&events_until_paused(&trainer)), "Paused");
}

#[test]
fn the_news_of_an_epoch_adds_up_to_what_it_cost() {
    let setup = setup(|h| h.epochs = 3);
    let mut run = Run::new(setup.clone()).unwrap();
    let trainer = loaded(setup);
    trainer.send(Command::Resume);
    let (mut last_step, mut newest) = (0, None);
    for epoch in 1..=3 {
        let expected: f64 = (0..20).map(|_| f64::from(run.step().unwrap().cost)).sum();
        let mut told = 0.0;
        let events = events_until(&trainer, |event| {
            if let Event::Progress(news) = event {
                told += f64::from(news.cost) * (news.step - last_step) as f64;
                last_step = news.step;
                newest = Some(news.epoch);
            }
            matches!(event, Event::EpochFinished { .. })
        });
        assert_eq!(newest, Some(epoch as f32), "{}", kinds(&events));
        assert!((told - expected).abs() < 1e-4, "{told} {expected}");
    }
}

#[test]
fn steps_asked_for_while_one_is_done_are_done_after_it() {
    let trainer = loaded(setup(|_| ()));
    for _ in 0..3 {
        trainer.send(Command::Step(StepSize::Batch));
    }
    for expected in 1..=3 {
        let events = events_until_paused(&trainer);
        assert!(matches!(events.last(), Some(Event::Paused { step }) if *step == expected));
    }
    // A step asked for in full training ends it.
    trainer.send(Command::Resume);
    trainer.send(Command::Step(StepSize::Batch));
    events_until_paused(&trainer);
    std::thread::sleep(Duration::from_millis(50));
    assert!(trainer.try_event().is_none());
}

#[test]
fn after_a_pause_nothing_happens_until_a_command_comes() {
    let trainer = loaded(setup(|_| ()));
    trainer.send(Command::Resume);
    for _ in 0..3 {
        events_until(&trainer, |event| matches!(event, Event::Progress(_)));
    }
    let (step, snapshot) = pause_after(&trainer, Command::Pause);
    assert!(step > 0);
    assert_eq!(snapshot.step, step);
    std::thread::sleep(Duration::from_millis(100));
    assert!(trainer.try_event().is_none());
    assert!(trainer.take_snapshot().is_none());
    let (later, _) = pause_after(&trainer, Command::Step(StepSize::Batch));
    assert_eq!(later, step + 1);
}

#[test]
fn a_pause_does_not_wait_for_the_end_of_a_scoring() {
    let mut setup = setup(|h| h.hidden_layers = vec![256]);
    let many = examples(1_000, 60);
    setup.data = data_sets(FEW.train.clone(), many.clone(), many);
    let trainer = loaded(setup);
    trainer.send(Command::Resume);
    events_until(&trainer, |event| matches!(event, Event::Running));
    std::thread::sleep(Duration::from_millis(5));
    trainer.send(Command::Pause);
    assert_eq!(kinds(&events_until_paused(&trainer)), "Paused");
    // What was begun is brought to its end.
    trainer.send(Command::Step(StepSize::Batch));
    let events = events_until(&trainer, |event| matches!(event, Event::Validated { .. }));
    assert!(matches!(events.last(),
        Some(Event::Validated { step: 0, evaluation, .. }) if evaluation.count() == 60_000));
    // The handle goes in the middle of the next one, without a long wait.
}

#[test]
fn every_order_of_three_commands_ends_in_a_known_place() {
    let commands = [
        Command::Resume,
        Command::Pause,
        Command::Step(StepSize::Example),
        Command::Step(StepSize::Batch),
        Command::Step(StepSize::Epoch),
        Command::Reset,
        Command::Stop,
    ];
    let setup = setup(|h| h.hidden_layers = vec![4]);
    let trainer = Trainer::spawn(|| ()).unwrap();
    for first in &commands {
        for second in &commands {
            for third in &commands {
                load(&trainer, setup.clone());
                for command in [first, second, third] {
                    trainer.send(command.clone());
                }
                trainer.send(Command::Pause);
                // An answer that only this question has: by now all the others were given.
                trainer.send(Command::Speed(Speed::StepsPerSecond(-1.0)));
                let events = events_until(
                    &trainer,
                    |event| matches!(event, Event::Refused { reason } if reason.starts_with("the speed")),
                );
                let order = format!("{first:?} {second:?} {third:?}: {}", kinds(&events));
                assert!(!order.contains("Failed"), "{order}");
                let stopped = order.contains("Stopped");
                let [.., answer, _] = &events[..] else {
                    panic!("{order}");
                };
                match answer {
                    Event::Paused { step } if !stopped => {
                        assert_eq!(trainer.take_snapshot().unwrap().step, *step, "{order}");
                    }
                    Event::Refused { .. } if stopped => {}
                    _ => panic!("{order}"),
                }
            }
        }
    }
}

#[test]
fn a_reset_brings_the_same_training_again_bit_for_bit() {
    let setup = setup(|h| h.augmentation = Augmentation::Standard);
    let trainer = loaded(setup.clone());
    let (_, first) = pause_after(&trainer, Command::Step(StepSize::Epoch));
    let (step, fresh) = pause_after(&trainer, Command::Reset);
    assert_eq!((step, fresh.step), (0, 0));
    assert_eq!(fresh.network, setup.network);
    let (_, second) = pause_after(&trainer, Command::Step(StepSize::Epoch));
    assert_ne!(first.network, setup.network);
    assert_eq!(first.network, second.network);
}

#[test]
fn a_model_that_is_trained_on_counts_on() {
    let mut setup = setup(|_| ());
    setup.first_step = 700;
    let trainer = loaded(setup);
    let (step, _) = pause_after(&trainer, Command::Step(StepSize::Batch));
    assert_eq!(step, 701);
    let (step, _) = pause_after(&trainer, Command::Reset);
    assert_eq!(step, 700);
}

#[test]
fn damage_stops_training_and_the_last_good_network_is_kept() {
    let trainer = loaded(setup(|h| {
        h.hidden_layers = vec![16, 16];
        h.optimizer = OptimizerKind::Sgd;
        h.learning_rate = 1e6;
    }));
    trainer.send(Command::Resume);
    let mut good = None;
    let events = events_until(&trainer, |event| {
        good = trainer.take_snapshot().or(good.take());
        assert!(is_finite(&good.as_ref().unwrap().network));
        matches!(event, Event::Diverged(_))
    });
    let Some(Event::Diverged(divergence)) = events.last() else {
        unreachable!();
    };
    let layer = divergence.layer.unwrap();
    assert!((1..=3).contains(&layer), "{divergence:?}");
    assert!(divergence.sentence.contains(&format!("ayer {layer} ")));
    assert!(divergence.sentence.contains(&divergence.step.to_string()));
    let good = good.unwrap();

    assert!(refusal(&trainer, Command::Resume).contains("diverged"));
    assert!(
        refusal(
            &trainer,
            Command::Recover {
                learning_rate: f32::NAN
            }
        )
        .contains("NaN")
    );
    let learning_rate = 1e-3;
    let (step, recovered) = pause_after(&trainer, Command::Recover { learning_rate });
    assert_eq!(step, good.step);
    assert_eq!(recovered.network, good.network);
    // With such weights even a small step may be too much; fresh ones take it.
    let (_, fresh) = pause_after(&trainer, Command::Reset);
    let (_, after) = pause_after(&trainer, Command::Step(StepSize::Epoch));
    assert!(is_finite(&after.network));
    assert_ne!(after.network, fresh.network);
}

#[test]
fn settings_change_while_training_runs() {
    let setup = setup(|_| ());
    let settings = setup.hyperparameters.live();
    let trainer = loaded(setup);
    let (_, before) = pause_after(&trainer, Command::Step(StepSize::Batch));
    trainer.send(Command::Adjust(LiveSettings {
        batch_size: 200,
        learning_rate: 1e-9,
        ..settings
    }));
    trainer.send(Command::Step(StepSize::Batch));
    let events = events_until_paused(&trainer);
    let progress = events.iter().find_map(|event| match event {
        Event::Progress(progress) => Some(progress),
        _ => None,
    });
    let progress = progress.unwrap();
    assert_eq!((progress.epoch, progress.learning_rate), (0.25, 1e-9));
    let after = trainer.take_snapshot().unwrap();
    let change = &after.network.layers()[0].weights - &before.network.layers()[0].weights;
    assert!(change.iter().all(|change| change.abs() < 1e-6));

    let wrong = LiveSettings {
        batch_size: 0,
        ..settings
    };
    let reason = refusal(&trainer, Command::Adjust(wrong));
    assert!(reason.contains("0 examples"), "{reason}");
}

#[test]
fn more_epochs_go_on_after_the_end() {
    let setup = setup(|h| h.epochs = 1);
    let settings = setup.hyperparameters.live();
    let trainer = loaded(setup);
    let finished = |event: &Event| matches!(event, Event::Finished { .. });
    trainer.send(Command::Resume);
    let events = events_until(&trainer, finished);
    assert!(matches!(events.last(),
        Some(Event::Finished { step: 20, test }) if test.count() == 100));
    assert_eq!(trainer.take_snapshot().unwrap().step, 20);
    let reason = refusal(&trainer, Command::Resume);
    assert!(reason.contains("all 1 epochs are done"), "{reason}");

    trainer.send(Command::Adjust(LiveSettings {
        epochs: 2,
        ..settings
    }));
    trainer.send(Command::Resume);
    let events = events_until(&trainer, finished);
    assert!(matches!(
        events.last(),
        Some(Event::Finished { step: 40, .. })
    ));
}

#[test]
fn health_is_what_the_optimiser_did() {
    let learning_rate = 0.05;
    let setup = setup(|h| {
        h.optimizer = OptimizerKind::Sgd;
        h.learning_rate = learning_rate;
    });
    let first = Arc::clone(&setup.network);
    let trainer = loaded(setup);
    trainer.send(Command::Step(StepSize::Batch));
    let events = events_until_paused(&trainer);
    let layers = events.iter().find_map(|event| match event {
        Event::Progress(progress) => Some(progress.layers.clone()),
        _ => None,
    });
    let layers = layers.unwrap();
    let snapshot = trainer.take_snapshot().unwrap();
    let gradients = snapshot.gradients.as_ref().unwrap();
    assert_eq!(layers.len(), 2);
    for (index, health) in layers.iter().enumerate() {
        let norm = gradients.weight_norm(index) as f32;
        assert_eq!(health.gradient_norm, norm);
        let size = first.layers()[index].weight_norm() as f32;
        let expected = learning_rate * norm / size;
        assert!((health.update_ratio / expected - 1.0).abs() < 1e-3);
    }
}

#[test]
fn slow_motion_tells_every_step_and_ends_at_once() {
    let trainer = loaded(setup(|_| ()));
    trainer.send(Command::Speed(Speed::StepsPerSecond(20.0)));
    trainer.send(Command::Resume);
    for expected in 1..=4 {
        let events = events_until(&trainer, |event| matches!(event, Event::Progress(_)));
        let Some(Event::Progress(progress)) = events.last() else {
            unreachable!();
        };
        assert_eq!(progress.step, expected);
    }
    // One step in 100 seconds: neither a command nor the end waits for it.
    trainer.send(Command::Speed(Speed::StepsPerSecond(0.01)));
    let (step, _) = pause_after(&trainer, Command::Pause);
    assert!((4..=5).contains(&step));
    trainer.send(Command::Resume);
    events_until(&trainer, |event| matches!(event, Event::Progress(_)));
    let ending = Instant::now();
    drop(trainer);
    assert!(ending.elapsed() < PATIENCE);
}

#[test]
fn what_cannot_be_done_is_refused_with_the_reason() {
    let trainer = Trainer::spawn(|| ()).unwrap();
    let reason = refusal(&trainer, Command::Resume);
    assert!(reason.contains("no run"), "{reason}");

    let setup = setup(|_| ());
    load(&trainer, setup.clone());
    let learning_rate = 0.1;
    let reason = refusal(&trainer, Command::Recover { learning_rate });
    assert!(reason.contains("not diverged"), "{reason}");

    let mut empty = setup;
    let nothing = FEW.train.split(0, 1).0;
    empty.data = data_sets(nothing.clone(), nothing.clone(), nothing);
    let reason = refusal(&trainer, Command::Load(Box::new(empty)));
    assert!(reason.contains("no training examples"), "{reason}");
    // The run that was there is there still.
    let (step, _) = pause_after(&trainer, Command::Step(StepSize::Batch));
    assert_eq!(step, 1);
}

#[test]
fn a_run_without_validation_and_test_digits_still_ends() {
    let mut setup = setup(|h| h.epochs = 1);
    let nothing = FEW.train.split(0, 1).0;
    setup.data = data_sets(FEW.train.clone(), nothing.clone(), nothing);
    let trainer = loaded(setup);
    trainer.send(Command::Resume);
    let events = events_until(&trainer, |event| matches!(event, Event::Finished { .. }));
    let kinds = kinds(&events);
    assert!(kinds.ends_with("EpochFinished Finished"), "{kinds}");
    assert!(!kinds.contains("Validated"), "{kinds}");
}

#[test]
fn a_panic_is_told_and_the_thread_lives_on() {
    let panic_next = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&panic_next);
    let trainer = Trainer::spawn(move || {
        if flag.swap(false, Ordering::Relaxed) {
            panic!("planted by a test");
        }
    })
    .unwrap();
    load(&trainer, setup(|_| ()));
    let (_, good) = pause_after(&trainer, Command::Step(StepSize::Batch));
    panic_next.store(true, Ordering::Relaxed);
    trainer.send(Command::Resume);
    let events = events_until(&trainer, |event| matches!(event, Event::Failed { .. }));
    assert!(matches!(events.last(),
        Some(Event::Failed { reason }) if reason.contains("planted by a test")));
    assert!(is_finite(&good.network));
    load(&trainer, setup(|_| ()));
    let (step, _) = pause_after(&trainer, Command::Step(StepSize::Batch));
    assert_eq!(step, 1);
}

#[test]
fn the_textbook_recipe_reads_mnist() {
    if let Some(accuracy) = accuracy_on_mnist(Preset::Textbook, 3) {
        assert!(accuracy >= 0.93, "{accuracy}");
    }
}

#[test]
fn the_modern_recipe_reads_mnist() {
    if let Some(accuracy) = accuracy_on_mnist(Preset::Modern, 2) {
        assert!(accuracy >= 0.965, "{accuracy}");
    }
}

/// On the test digits after so many epochs; `None`, said aloud, when MNIST is not on this machine.
fn accuracy_on_mnist(preset: Preset, epochs: usize) -> Option<f64> {
    if DataSource::mnist_dir().is_none() {
        // Past the test runner, which keeps what a passing test prints to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED {}: MNIST was not found; fetch it or set INKGRAD_DATA_DIR",
            preset.label()
        );
        return None;
    }
    let data = DataSource::Mnist.load(&mut |_| ControlFlow::Continue(()));
    let data = Arc::new(data.unwrap());
    let hyperparameters = Hyperparameters {
        epochs,
        ..preset.hyperparameters()
    };
    let hyperparameters = hyperparameters.check().unwrap();
    let mut run = Run::new(RunSetup {
        network: Arc::new(hyperparameters.fresh_network().unwrap()),
        data: Arc::clone(&data),
        hyperparameters,
        first_step: 0,
    })
    .unwrap();
    while !run.is_done() {
        run.step().unwrap();
    }
    Some(evaluate(run.network(), &data.test).accuracy())
}
