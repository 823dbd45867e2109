use super::{
    at_the_start, finished, load, model, paused, progress, question_buttons, ready,
    told_the_thread, trained,
};
use crate::app::{AppCommand, Effect, News, Origin, Phase};
use crate::training::{Command, Divergence, Event, Preset, StepSize};
use std::sync::Arc;

fn diverged() -> News {
    News::Training(Event::Diverged(Divergence {
        step: 118,
        layer: Some(2),
        sentence: "Layer 2 has weights that are not finite after step 118".into(),
        learning_rate: 0.1,
    }))
}

#[test]
fn play_trains_a_fresh_network_in_place_of_the_bundled_one_and_says_so_before() {
    let mut state = ready();
    assert_eq!(
        state.play_sentence(),
        "Train a fresh 784-4-10 network on Practice digits"
    );
    let effects = state.handle(AppCommand::PlayPause);
    assert_eq!(told_the_thread(&effects), ["Load", "Resume"]);
    assert_eq!(state.model.origin, Origin::Fresh);
    assert_eq!(state.model.network.sizes(), [784, 4, 10]);
    assert_eq!(state.runs.phase, Phase::Running);
}

#[test]
fn the_same_settings_make_the_same_first_weights() {
    let first = trained(1).model.initial;
    assert_eq!(first, trained(1).model.initial);
}

#[test]
fn play_pauses_and_goes_on() {
    let mut state = trained(5);
    assert_eq!(state.play_sentence(), "Pause training");
    let effects = state.handle(AppCommand::PlayPause);
    assert_eq!(told_the_thread(&effects), ["Pause"]);
    paused(&mut state, 5);
    assert_eq!(state.runs.phase, Phase::Paused);
    let effects = state.handle(AppCommand::PlayPause);
    assert_eq!(told_the_thread(&effects), ["Resume"]);
}

#[test]
fn a_step_button_begins_a_run_that_pauses_after_the_step() {
    let mut state = ready();
    let effects = state.handle(AppCommand::Step(StepSize::Batch));
    assert_eq!(told_the_thread(&effects), ["Load", "Step(Batch)"]);
    paused(&mut state, 1);
    let effects = state.handle(AppCommand::Step(StepSize::Example));
    assert_eq!(told_the_thread(&effects), ["Step(Example)"]);
}

#[test]
fn play_without_data_waits_for_it_and_says_so() {
    let mut state = at_the_start();
    assert!(
        state
            .play_sentence()
            .ends_with("as soon as the data is loaded")
    );
    assert!(told_the_thread(&state.handle(AppCommand::PlayPause)).is_empty());
    assert!(state.log.shown().unwrap().text.contains("as soon as"));
    let effects = load(&mut state, "Practice digits");
    assert_eq!(told_the_thread(&effects), ["Load", "Resume"]);
}

#[test]
fn wrong_settings_are_named_and_nothing_happens() {
    let mut state = ready();
    let mut wrong = state.settings.hyperparameters.clone();
    wrong.batch_size = 0;
    state.handle(AppCommand::SetHyperparameters(Box::new(wrong)));
    assert!(state.play_sentence().contains("mini-batch"));
    let effects = state.handle(AppCommand::PlayPause);
    assert!(effects.is_empty());
    assert_eq!(state.model.origin, Origin::Bundled);
    assert!(state.log.shown().unwrap().text.contains("mini-batch"));
}

#[test]
fn a_changed_learning_rate_reaches_the_thread_and_a_wrong_one_does_not() {
    let mut state = trained(5);
    let mut changed = state.settings.hyperparameters.clone();
    changed.learning_rate = 0.025;
    let effects = state.handle(AppCommand::SetHyperparameters(Box::new(changed.clone())));
    assert!(matches!(
        &effects[..],
        [Effect::Train(Command::Adjust(live))] if live.learning_rate == 0.025
    ));
    changed.learning_rate = -1.0;
    let effects = state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert!(effects.is_empty());
}

#[test]
fn what_was_edited_beside_a_wrong_field_reaches_the_thread_when_that_is_mended() {
    let mut state = trained(5);
    let mut changed = state.settings.hyperparameters.clone();
    changed.epochs = 0;
    state.handle(AppCommand::SetHyperparameters(Box::new(changed.clone())));
    changed.learning_rate = 0.025;
    let effects = state.handle(AppCommand::SetHyperparameters(Box::new(changed.clone())));
    assert!(effects.is_empty());
    changed.epochs = 3;
    let effects = state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert!(matches!(
        &effects[..],
        [Effect::Train(Command::Adjust(live))] if live.learning_rate == 0.025 && live.epochs == 3
    ));
}

#[test]
fn the_rate_of_a_preset_for_another_network_does_not_wreck_the_present_run() {
    let mut state = trained(5);
    let effects = state.handle(AppCommand::ApplyPreset(Preset::Textbook));
    assert!(effects.is_empty());
    let mut changed = state.settings.hyperparameters.clone();
    changed.epochs = 3;
    let effects = state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert!(matches!(
        &effects[..],
        [Effect::Train(Command::Adjust(live))] if live.learning_rate < 1.0 && live.epochs == 3
    ));
    let said = state.applies_to_next_run().unwrap();
    assert!(said.starts_with("Learning rate"), "{said}");
}

#[test]
fn what_the_present_run_cannot_take_up_is_said() {
    let mut state = trained(5);
    assert_eq!(state.applies_to_next_run(), None);
    let mut changed = state.settings.hyperparameters.clone();
    changed.seed += 1;
    changed.threads += 1;
    state.handle(AppCommand::SetHyperparameters(Box::new(changed.clone())));
    assert_eq!(
        state.applies_to_next_run().as_deref(),
        Some("Seed and threads take effect with the next run")
    );
    changed.hidden_layers = vec![30];
    state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert_eq!(
        state.needs_new_weights().as_deref(),
        Some("Layers 784-30-10 differ from the network's 784-4-10")
    );
}

#[test]
fn other_layers_than_the_present_network_has_are_asked_about() {
    let mut state = trained(500);
    state.handle(AppCommand::PlayPause);
    paused(&mut state, 500);
    state.receive(News::Training(Event::Failed {
        reason: "for the test".into(),
    }));
    state.handle(AppCommand::ApplyPreset(Preset::TwoSmallLayers));
    assert!(state.handle(AppCommand::PlayPause).is_empty());
    assert_eq!(
        question_buttons(&state),
        ["New network", "Keep training this one", "Cancel"]
    );
    let effects = state.handle(AppCommand::Answer { button: 1 });
    assert_eq!(told_the_thread(&effects), ["Load", "Resume"]);
    assert_eq!(state.settings.hyperparameters.hidden_layers, [4]);
    assert_eq!(state.needs_new_weights(), None);
}

#[test]
fn a_new_network_in_place_of_an_unsaved_one_is_asked_about_twice_and_then_trained() {
    let mut state = trained(500);
    state.receive(News::Training(Event::Failed {
        reason: "for the test".into(),
    }));
    state.handle(AppCommand::ApplyPreset(Preset::TwoSmallLayers));
    state.handle(AppCommand::PlayPause);
    assert!(state.handle(AppCommand::Answer { button: 0 }).is_empty());
    assert_eq!(question_buttons(&state), ["Save", "Discard", "Cancel"]);
    let effects = state.handle(AppCommand::Answer { button: 1 });
    assert_eq!(told_the_thread(&effects), ["Load", "Resume"]);
    assert_eq!(state.model.network.sizes(), [784, 16, 16, 10]);
}

#[test]
fn a_snapshot_becomes_the_network_and_its_record() {
    let mut state = trained(1);
    let version = state.model.version;
    progress(&mut state, 250);
    assert!(state.model.version > version);
    assert!(state.model.unsaved);
    let record = &state.model.record;
    assert_eq!((record.steps, record.epochs), (250, 2.5));
    assert_eq!(record.data, "Practice digits");
    assert_eq!(state.runs.current().unwrap().history.whole().len(), 2);
}

#[test]
fn the_record_keeps_the_validation_score_of_its_own_weights_only() {
    let validated = |step| {
        News::Training(Event::Validated {
            step,
            epoch: 1.0,
            evaluation: crate::nn::Evaluation::new(10),
            network: Arc::new(model("next", 4, 0).network),
        })
    };
    let mut state = trained(100);
    state.receive(validated(100));
    assert!(state.model.record.validation_accuracy.is_some());
    state.receive(validated(200));
    progress(&mut state, 200);
    assert!(state.model.record.validation_accuracy.is_some());
    progress(&mut state, 201);
    assert_eq!(state.model.record.validation_accuracy, None);
}

#[test]
fn the_place_in_training_is_that_of_the_network_that_is_shown() {
    let mut state = trained(100);
    let network = Arc::clone(&state.model.network);
    state.receive(News::Snapshot(Arc::new(crate::training::Snapshot {
        network,
        gradients: None,
        step: 108,
        epoch: 1.08,
    })));
    let progress = state.runs.progress.as_ref().unwrap();
    assert_eq!((progress.step, progress.epoch), (108, 1.08));
}

#[test]
fn the_model_is_described_with_what_it_has_learned() {
    let mut state = trained(1500);
    assert_eq!(
        state.model_sentence(),
        "A 784-4-10 network, trained for 1,500 steps (15.0 epochs) on Practice digits"
    );
    finished(&mut state, 1500);
    assert!(
        state
            .model_sentence()
            .ends_with("; it reads 90.00 % of 100 test digits rightly")
    );
}

#[test]
fn a_finished_run_is_scored_and_play_goes_on_for_as_many_epochs() {
    let mut state = trained(1000);
    let effects = finished(&mut state, 1000);
    assert_eq!(state.runs.phase, Phase::Finished);
    assert_eq!(state.model.record.test_accuracy, Some(0.9));
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Score { step: 1000, .. }))
    );
    assert_eq!(state.play_sentence(), "Train for 10 epochs more");
    assert_eq!(state.run_epochs(), 10);
    let effects = state.handle(AppCommand::PlayPause);
    assert_eq!(state.run_epochs(), 20);
    assert!(
        matches!(&effects[0], Effect::Train(Command::Adjust(live)) if live.epochs == 20),
        "{effects:?}"
    );
    assert_eq!(told_the_thread(&effects)[1], "Resume");
    let said = &state.log.shown().unwrap().text;
    assert!(said.starts_with("This run: "), "{said}");
}

#[test]
fn without_test_digits_a_run_ends_without_a_score() {
    let mut state = trained(1000);
    let mut sets = crate::data::DataSets::clone(state.data.sets.as_ref().unwrap());
    sets.test = sets.test.filtered(|_| false);
    state.data.sets = Some(sets.into());
    let test = crate::nn::Evaluation::new(10);
    let effects = state.receive(News::Training(Event::Finished { step: 1000, test }));
    assert_eq!(state.runs.phase, Phase::Finished);
    assert_eq!(state.model.record.test_accuracy, None);
    assert!(state.runs.current_mut().unwrap().test.is_none());
    assert!(effects.is_empty(), "{effects:?}");
    let said = &state.log.shown().unwrap().text;
    assert!(said.contains("no test digits"), "{said}");
    assert!(AppCommand::ScoreTestSet.enabled(&state).is_err());
}

#[test]
fn another_number_of_epochs_after_the_end_is_how_many_are_added() {
    let mut state = trained(1000);
    finished(&mut state, 1000);
    let mut changed = state.settings.hyperparameters.clone();
    changed.epochs = 15;
    state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert_eq!(state.play_sentence(), "Train for 15 epochs more");
    let effects = state.handle(AppCommand::PlayPause);
    assert!(
        matches!(&effects[0], Effect::Train(Command::Adjust(live)) if live.epochs == 25),
        "{effects:?}"
    );
}

#[test]
fn a_changed_rate_does_not_take_back_the_epochs_that_were_added() {
    let mut state = trained(1000);
    finished(&mut state, 1000);
    state.handle(AppCommand::PlayPause);
    let mut changed = state.settings.hyperparameters.clone();
    changed.learning_rate = 0.01;
    let effects = state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert!(matches!(&effects[..], [Effect::Train(Command::Adjust(live))] if live.epochs == 20));
}

#[test]
fn a_finished_run_with_another_optimiser_becomes_a_new_run() {
    let mut state = trained(1000);
    finished(&mut state, 1000);
    let mut changed = state.settings.hyperparameters.clone();
    changed.optimizer = crate::nn::OptimizerKind::Sgd;
    state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    let effects = state.handle(AppCommand::PlayPause);
    let [Effect::Train(Command::Load(setup)), ..] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(setup.first_step, 1000);
    assert_eq!(state.runs.all.len(), 2);
    progress(&mut state, 1100);
    assert_eq!(state.model.record.epochs, 10.0 + 11.0);
}

#[test]
fn reset_brings_the_first_weights_back() {
    let mut state = trained(50);
    let initial = Arc::clone(&state.model.initial);
    let effects = state.handle(AppCommand::ResetWeights);
    assert_eq!(told_the_thread(&effects), ["Stop"]);
    assert!(Arc::ptr_eq(&state.model.network, &initial));
    assert_eq!((state.model.record.steps, state.model.unsaved), (0, false));
    assert_eq!(state.runs.phase, Phase::Idle);
    progress(&mut state, 60);
    assert_eq!(state.model.record.steps, 0, "late news is out of date");
    let effects = state.handle(AppCommand::PlayPause);
    let [Effect::Train(Command::Load(setup)), ..] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(Arc::ptr_eq(&setup.network, &initial));
}

#[test]
fn reset_asks_before_much_training_is_lost() {
    let mut state = trained(5000);
    assert!(state.handle(AppCommand::ResetWeights).is_empty());
    assert_eq!(question_buttons(&state), ["Save", "Discard", "Cancel"]);
    state.handle(AppCommand::Answer { button: 2 });
    assert_eq!(state.model.record.steps, 5000);
    assert_eq!(state.runs.phase, Phase::Running, "training was not touched");
}

#[test]
fn another_seed_before_the_first_step_draws_other_weights() {
    let mut state = ready();
    state.handle(AppCommand::NewNetwork);
    let first = Arc::clone(&state.model.initial);
    let mut changed = state.settings.hyperparameters.clone();
    changed.seed += 1;
    state.handle(AppCommand::SetHyperparameters(Box::new(changed)));
    assert!(state.play_sentence().starts_with("Train a fresh"));
    state.handle(AppCommand::PlayPause);
    assert_ne!(state.model.initial, first);
}

#[test]
fn divergence_offers_the_last_good_network_with_a_tenth_of_the_rate() {
    let mut state = trained(100);
    let rate = state.settings.hyperparameters.learning_rate;
    state.receive(diverged());
    assert!(matches!(state.runs.phase, Phase::Diverged(_)));
    assert!(state.log.shown().unwrap().text.contains("Layer 2"));
    let effects = state.handle(AppCommand::Answer { button: 0 });
    assert!(matches!(
        effects[..],
        [Effect::Train(Command::Recover { learning_rate })] if learning_rate == rate / 10.0
    ));
    assert_eq!(state.runs.phase, Phase::Paused);
    assert_eq!(state.settings.hyperparameters.learning_rate, rate / 10.0);
    let said = &state.log.shown().unwrap().text;
    assert!(said.starts_with("Back at the last good network"), "{said}");
}

#[test]
fn a_divergence_that_was_left_can_still_be_recovered_from() {
    let mut state = trained(100);
    state.receive(diverged());
    state.handle(AppCommand::Answer { button: 1 });
    assert!(state.question.is_none());
    state.handle(AppCommand::PlayPause);
    assert!(state.question.is_some(), "play asks again");
    state.handle(AppCommand::Answer { button: 1 });
    let effects = state.handle(AppCommand::Recover);
    assert_eq!(effects.len(), 1);
    assert!(state.question.is_none());
}

#[test]
fn a_failed_thread_leaves_the_last_network_and_an_error() {
    let mut state = trained(100);
    state.receive(News::Training(Event::Failed {
        reason: "out of memory".into(),
    }));
    assert_eq!(state.runs.phase, Phase::Idle);
    assert_eq!(state.model.record.steps, 100);
    assert!(state.log.shown().unwrap().text.contains("out of memory"));
    assert!(state.play_sentence().contains("from step 100"));
}

#[test]
fn other_data_ends_the_run_and_keeps_the_weights() {
    let mut state = trained(100);
    state.handle(AppCommand::ChooseData(crate::data::DataSource::Practice));
    let effects = load(&mut state, "Other digits");
    assert_eq!(told_the_thread(&effects), ["Stop"]);
    assert_eq!(state.model.record.steps, 100);
    assert_eq!(
        state.play_sentence(),
        "Train the 784-4-10 network further, from step 100, on Other digits"
    );
}

#[test]
fn the_run_that_goes_on_cannot_be_deleted() {
    let mut state = trained(10);
    state.handle(AppCommand::DeleteRun { index: 0 });
    assert_eq!(state.runs.all.len(), 1);
    state.handle(AppCommand::RenameRun {
        index: 0,
        name: "  first try ".into(),
    });
    assert_eq!(state.runs.all[0].name, "first try");
    state.handle(AppCommand::ResetWeights);
    state.handle(AppCommand::DeleteRun { index: 0 });
    assert!(state.runs.all.is_empty());
    state.handle(AppCommand::ToggleRun { index: 7 });
}

#[test]
fn an_opened_model_is_trained_on_from_where_it_was() {
    let mut state = ready();
    state.receive(News::ModelOpened {
        path: "mine.json".into(),
        result: Ok(Box::new(model("mine", 4, 300))),
    });
    let effects = state.handle(AppCommand::PlayPause);
    let [Effect::Train(Command::Load(setup)), ..] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(setup.first_step, 300);
    assert_eq!(state.model.origin, Origin::File("mine.json".into()));
}
