use super::{at_the_start, digits, ready, trained};
use crate::app::{AppCommand, AppState, Effect, JobKind, News, ScoredSet};
use crate::data::{DataSource, FetchProgress};
use crate::nn::Evaluation;

fn loads(effects: &[Effect]) -> Option<(u64, &DataSource)> {
    effects.iter().find_map(|effect| match effect {
        Effect::LoadData { job, source, .. } => Some((*job, source)),
        _ => None,
    })
}

fn fail(state: &mut AppState, job: u64, source: DataSource) -> Vec<Effect> {
    state.receive(News::DataLoaded {
        job,
        source,
        result: Err("/digits holds no pictures".into()),
    })
}

fn scored(step: u64) -> Box<ScoredSet> {
    Box::new(ScoredSet {
        evaluation: Evaluation::new(10),
        wrong: Vec::new(),
        step,
        data_name: "Practice digits".into(),
    })
}

#[test]
fn newer_data_takes_the_place_of_what_is_still_being_loaded() {
    let mut state = at_the_start();
    let first = state.jobs[0].id;
    let effects = state.handle(AppCommand::ChooseData(DataSource::Path("/digits".into())));
    assert!(matches!(effects[0], Effect::CancelJob { job } if job == first));
    assert_eq!(state.jobs.len(), 1);
    state.receive(News::DataLoaded {
        job: first,
        source: DataSource::Practice,
        result: Ok(digits("late")),
    });
    assert!(state.data.sets.is_none(), "a late result is out of date");
}

#[test]
fn data_that_cannot_be_read_leaves_the_present_data() {
    let mut state = ready();
    let source = DataSource::Path("/digits".into());
    let effects = state.handle(AppCommand::ChooseData(source.clone()));
    let (job, _) = loads(&effects).unwrap();
    assert_eq!(state.data.source, source, "what was asked for");
    fail(&mut state, job, source);
    assert_eq!(state.data.source, DataSource::Practice);
    assert_eq!(
        state.data.error.as_deref(),
        Some("/digits holds no pictures")
    );
    assert_eq!(state.data.sets.as_ref().unwrap().name, "Practice digits");
    assert_eq!(state.settings.data, DataSource::Practice);
}

#[test]
fn data_that_is_gone_at_the_start_gives_way_to_practice_digits() {
    let mut settings = super::settings();
    settings.data = DataSource::Path("/gone".into());
    let (mut state, effects) = AppState::with_model(
        settings,
        super::model("default", 8, 0),
        crate::app::Origin::Bundled,
    );
    let (job, source) = loads(&effects).unwrap();
    assert_eq!(*source, DataSource::Path("/gone".into()));
    let effects = fail(&mut state, job, DataSource::Path("/gone".into()));
    let (job, source) = loads(&effects).unwrap();
    assert_eq!(*source, DataSource::Practice);
    assert_eq!(
        state.settings.data,
        DataSource::Path("/gone".into()),
        "it may be there at the next start"
    );
    assert!(
        loads(&fail(&mut state, job, DataSource::Practice)).is_none(),
        "no endless loop"
    );
}

#[test]
fn a_cancelled_job_is_gone_and_so_is_the_play_that_waited_for_it() {
    let mut state = at_the_start();
    state.handle(AppCommand::PlayPause);
    let id = state.jobs[0].id;
    let effects = state.handle(AppCommand::CancelJob { id });
    assert!(matches!(effects[..], [Effect::CancelJob { job }] if job == id));
    assert!(state.jobs.is_empty());
    assert!(state.handle(AppCommand::CancelJob { id }).is_empty());
    let effects = state.handle(AppCommand::PlayPause);
    assert!(loads(&effects).is_some(), "play loads it after all");
}

#[test]
fn a_fetched_mnist_is_used_at_once() {
    let mut state = ready();
    let effects = state.handle(AppCommand::FetchMnist);
    let [Effect::FetchMnist { job }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert!(
        state.handle(AppCommand::FetchMnist).is_empty(),
        "one is enough"
    );
    state.receive(News::Fetching {
        job,
        progress: FetchProgress {
            file: "train-labels-idx1-ubyte.gz",
            file_number: 2,
            bytes_done: 50,
            bytes_total: 100,
        },
    });
    assert_eq!(state.jobs[0].fraction, 0.375);
    assert!(
        state.jobs[0]
            .sentence
            .starts_with("Fetching train-labels (2 of 4)")
    );
    let effects = state.receive(News::Fetched {
        job,
        result: Ok(()),
    });
    assert_eq!(loads(&effects).unwrap().1, &DataSource::Mnist);
}

#[test]
fn a_score_of_another_network_is_not_shown() {
    let mut state = ready();
    let effects = state.handle(AppCommand::ScoreTestSet);
    let [Effect::Score { job, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    state.handle(AppCommand::NewNetwork);
    state.receive(News::Scored {
        job,
        scored: scored(5000),
    });
    assert!(state.scored.is_none());
}

#[test]
fn a_score_is_shown_until_the_weights_are_reset() {
    let mut state = trained(50);
    let effects = state.handle(AppCommand::ScoreTestSet);
    let [Effect::Score { job, step: 50, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert!(AppCommand::ScoreTestSet.enabled(&state).is_err());
    state.receive(News::ScoreProgress { job, fraction: 0.5 });
    assert_eq!(state.jobs[0].fraction, 0.5);
    state.receive(News::Scored {
        job,
        scored: scored(50),
    });
    assert_eq!(state.scored.as_ref().map(|scored| scored.step), Some(50));
    state.handle(AppCommand::ResetWeights);
    assert!(state.scored.is_none());
}

#[test]
fn a_job_with_a_mistake_in_it_ends_with_an_error() {
    let mut state = at_the_start();
    let job = state.jobs[0].id;
    state.receive(News::JobFailed {
        job,
        sentence: "There is a mistake in Inkgrad".into(),
    });
    assert!(!state.jobs.iter().any(|job| job.kind == JobKind::LoadData));
    assert!(state.log.shown().unwrap().text.contains("mistake"));
}
