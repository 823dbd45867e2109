//! Longer ways through the program with its real threads and files, but without a window.

use inkgrad::app::{
    AppCommand, AppState, DialogFor, Effect, News, Origin, Performer, Phase, Settings,
};
use inkgrad::data::DataSource;
use inkgrad::model_file::bundled_model;
use inkgrad::training::{Hyperparameters, Speed, StepSize};
use std::path::Path;
use std::time::{Duration, Instant};

/// The program, with dialogs that are answered by the test.
struct Program {
    state: AppState,
    performer: Performer,
    /// Effects that the window would carry out.
    for_the_window: Vec<Effect>,
    started: Instant,
}

impl Program {
    fn start() -> Self {
        let settings = Settings {
            hyperparameters: Hyperparameters {
                hidden_layers: vec![16],
                epochs: 1,
                ..Hyperparameters::default()
            },
            data: DataSource::Practice,
            data_was_chosen: true,
            ..Settings::default()
        };
        let model = bundled_model("default").unwrap();
        let (state, effects) = AppState::with_model(settings, model, Origin::Bundled);
        let mut program = Self {
            state,
            performer: Performer::new(|| ()),
            for_the_window: Vec::new(),
            started: Instant::now(),
        };
        // The recovery files of whoever runs this test are none of its business.
        let effects = effects
            .into_iter()
            .filter(|effect| !matches!(effect, Effect::FindRecovery | Effect::FindModels));
        program.perform(effects.collect());
        program
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::CloseWindow | Effect::OpenDialog(_) | Effect::Recovery(_) => {
                    self.for_the_window.push(effect);
                }
                effect => self.performer.perform(effect, None),
            }
        }
    }

    fn handle(&mut self, command: AppCommand) {
        let effects = self.state.handle(command);
        self.perform(effects);
    }

    fn choose(&mut self, purpose: DialogFor, path: &Path) {
        let effects = self.state.receive(News::Chosen {
            purpose,
            path: Some(path.to_owned()),
        });
        self.perform(effects);
    }

    /// Frames go by until `done`.
    fn until(&mut self, what: &str, done: impl Fn(&AppState) -> bool) {
        let patience = Instant::now() + Duration::from_secs(60);
        while !done(&self.state) {
            assert!(
                Instant::now() < patience,
                "{what} did not happen; messages: {:?}",
                self.state.log.messages()
            );
            for news in self.performer.news() {
                let effects = self.state.receive(news);
                self.perform(effects);
            }
            let effects = self.state.tick(self.started.elapsed().as_secs_f64());
            self.perform(effects);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn said(&self, words: &str) -> bool {
        let mut messages = self.state.log.messages().iter();
        messages.any(|message| message.text.contains(words))
    }
}

fn draw_a_one(program: &mut Program) {
    program.handle(AppCommand::PenDown {
        x: 140.0,
        y: 50.0,
        pressure: 0.5,
        erase: false,
    });
    for y in 6..24 {
        program.handle(AppCommand::PenMove {
            x: 140.0,
            y: y as f32 * 10.0,
            pressure: 0.5,
        });
    }
    program.handle(AppCommand::PenUp);
}

#[test]
fn a_fresh_network_learns_practice_digits_is_saved_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("learned.json");
    let mut program = Program::start();
    draw_a_one(&mut program);
    let before = program.state.reading.clone().unwrap().outputs;

    // Pressed before the data is there: it starts by itself.
    program.handle(AppCommand::PlayPause);
    program.until("training begins", |state| {
        state.model.origin == Origin::Fresh && state.model.record.steps > 0
    });
    assert_ne!(program.state.reading.as_ref().unwrap().outputs, before);
    program.until("training ends", |state| {
        state.runs.phase == Phase::Finished && state.scored.is_some()
    });
    let state = &program.state;
    let accuracy = state.model.record.test_accuracy.unwrap();
    assert!(accuracy > 0.6, "{accuracy}");
    let scored = state.scored.as_ref().unwrap();
    assert_eq!(scored.evaluation.accuracy(), accuracy);
    assert_eq!(
        scored.wrong.len(),
        (scored.evaluation.count() - scored.evaluation.correct()) as usize
    );
    assert!(
        scored
            .wrong
            .is_sorted_by(|a, b| a.confidence >= b.confidence)
    );
    assert!(state.model.record.validation_accuracy.is_some());
    assert_eq!(state.model.record.epochs, 1.0);

    program.handle(AppCommand::SaveModel);
    program.choose(DialogFor::SaveModel, &path);
    program.until("the model is saved", |state| !state.model.unsaved);
    let learned = program.state.model.network.clone();

    program.handle(AppCommand::OpenBundled { name: "default" });
    assert_eq!(program.state.model.origin, Origin::Bundled);
    program.handle(AppCommand::OpenRecent { path: path.clone() });
    program.until("the model is opened", |state| {
        state.model.origin == Origin::File(path.clone())
    });
    assert_eq!(program.state.model.network, learned);
    assert_eq!(program.state.model.record.test_accuracy, Some(accuracy));
}

#[test]
fn training_pauses_steps_resets_and_repeats_itself() {
    let mut program = Program::start();
    program.until("the data is loaded", |state| state.data.sets.is_some());
    program.handle(AppCommand::Step(StepSize::Batch));
    program.until("one step", |state| {
        state.runs.phase == Phase::Paused && state.model.record.steps == 1
    });
    let after_one_step = program.state.model.network.clone();
    program.handle(AppCommand::Step(StepSize::Batch));
    program.until("another step", |state| {
        state.runs.phase == Phase::Paused && state.model.record.steps == 2
    });
    assert_ne!(program.state.model.network, after_one_step);

    program.handle(AppCommand::ResetWeights);
    assert_eq!(program.state.model.network, program.state.model.initial);
    program.handle(AppCommand::Step(StepSize::Batch));
    program.until("the first step again", |state| {
        state.runs.phase == Phase::Paused && state.model.record.steps == 1
    });
    assert_eq!(program.state.model.network, after_one_step);

    program.handle(AppCommand::SetSpeed(Speed::StepsPerSecond(200.0)));
    program.handle(AppCommand::PlayPause);
    program.until("training runs", |state| state.model.record.steps > 3);
    program.handle(AppCommand::PlayPause);
    program.until("the pause", |state| state.runs.phase == Phase::Paused);
}

#[test]
fn a_rate_that_is_far_too_large_ends_in_a_question_and_a_good_network() {
    let mut program = Program::start();
    program.until("the data is loaded", |state| state.data.sets.is_some());
    let mut wild = program.state.settings.hyperparameters.clone();
    wild.optimizer = inkgrad::nn::OptimizerKind::Sgd;
    wild.hidden_activation = inkgrad::nn::Activation::Linear;
    wild.output_activation = inkgrad::nn::Activation::Linear;
    wild.cost = inkgrad::nn::Cost::Quadratic;
    wild.learning_rate = 1000.0;
    program.handle(AppCommand::SetHyperparameters(Box::new(wild)));
    program.handle(AppCommand::PlayPause);
    program.until("the divergence", |state| {
        matches!(state.runs.phase, Phase::Diverged(_))
    });
    assert!(program.state.question.is_some());
    assert_eq!(program.state.model.network.first_non_finite(), None);
    program.handle(AppCommand::Answer { button: 0 });
    program.until("the pause", |state| state.runs.phase == Phase::Paused);
    assert_eq!(program.state.settings.hyperparameters.learning_rate, 100.0);
    assert_eq!(program.state.model.network.first_non_finite(), None);
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_the_old_one_stays() {
    let dir = tempfile::tempdir().unwrap();
    let folder_in_the_way = dir.path().join("model.json");
    std::fs::create_dir(&folder_in_the_way).unwrap();
    let mut program = Program::start();
    program.handle(AppCommand::SaveModelAs);
    program.choose(DialogFor::SaveModel, &folder_in_the_way);
    program.until("the failure", |state| {
        state
            .log
            .messages()
            .iter()
            .any(|message| message.text.contains("model.json"))
    });
    assert!(!program.said("Saved"));
    assert!(folder_in_the_way.is_dir());
    assert_eq!(program.state.model.origin, Origin::Bundled);
}

#[test]
fn dropped_files_find_their_place() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = Program::start();
    program.until("the data is loaded", |state| state.data.sets.is_some());
    draw_a_one(&mut program);

    for (command, purpose, name) in [
        (
            AppCommand::SaveDrawingPng,
            DialogFor::SaveDrawingPng,
            "one.png",
        ),
        (
            AppCommand::SaveDrawingStrokes,
            DialogFor::SaveDrawingStrokes,
            "one.jsonl",
        ),
    ] {
        program.handle(command);
        program.choose(purpose, &dir.path().join(name));
        program.until("the file", |_| dir.path().join(name).is_file());
    }
    let drawn = program.state.reading.clone().unwrap();

    program.handle(AppCommand::ClearPad);
    program.handle(AppCommand::FileDropped {
        path: dir.path().join("one.jsonl"),
    });
    program.until("the drawing", |state| !state.pad.drawing.is_blank());
    assert_eq!(
        program.state.reading.as_ref().unwrap().normalized.cells,
        drawn.normalized.cells
    );

    program.handle(AppCommand::FileDropped {
        path: dir.path().join("one.png"),
    });
    program.until("the picture", |state| state.pad.picture.is_some());
    assert_eq!(program.state.reading.as_ref().unwrap().answer, drawn.answer);

    program.handle(AppCommand::FileDropped {
        path: dir.path().join("nothing.txt"),
    });
    program.until("the refusal", |state| {
        state
            .log
            .messages()
            .iter()
            .any(|message| message.text.contains("nothing.txt"))
    });
}

#[test]
fn a_cancelled_loading_brings_no_data() {
    let mut program = Program::start();
    let id = program.state.jobs[0].id;
    program.handle(AppCommand::CancelJob { id });
    assert!(program.state.jobs.is_empty());
    program.handle(AppCommand::PlayPause);
    program.until("play loads it after all", |state| {
        state.model.origin == Origin::Fresh && state.model.record.steps > 0
    });
    // Ends the threads in the middle of their work: nothing hangs.
    drop(program);
}
