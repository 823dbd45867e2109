//! Every bundled lesson from its first step to its last, with the program's real threads: what a lesson asks for can be
//! done, and what it asks can be answered.

use inkgrad::app::lessons::{Comparison, Condition, Item, Lesson, Mark, Measure, bundled_lesson};
use inkgrad::app::{
    AppCommand, AppState, Effect, Performer, Phase, Settings, StepMove, WorldCommand,
};
use inkgrad::data::DataSource;
use inkgrad::explain::{Mistake, PlaneKind};
use inkgrad::training::Hyperparameters;
use std::time::{Duration, Instant};

/// Somebody who takes a lesson.
struct Learner {
    state: AppState,
    performer: Performer,
}

impl Learner {
    fn start() -> Self {
        let (state, effects) = AppState::new(Settings {
            data: DataSource::Practice,
            data_was_chosen: true,
            hyperparameters: Hyperparameters {
                threads: 1,
                ..Hyperparameters::default()
            },
            ..Settings::default()
        });
        let mut learner = Self {
            state,
            performer: Performer::new(|| ()),
        };
        learner.perform(effects);
        learner.until("the digits are there", |state| state.data.sets.is_some());
        learner
    }

    /// Neither recovery files nor kept digits of whoever runs the test are touched.
    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::LoadData { .. }
            | Effect::Train(_)
            | Effect::AverageNudges(_)
            | Effect::MeasureSettling { .. }
            | Effect::DrawSurface { .. } = effect
            {
                self.performer.perform(effect, None);
            }
        }
    }

    #[track_caller]
    fn does(&mut self, command: AppCommand) {
        assert_eq!(command.enabled(&self.state), Ok(()), "{command:?}");
        let effects = self.state.handle(command);
        self.perform(effects);
    }

    fn hear(&mut self) {
        for news in self.performer.news() {
            let effects = self.state.receive(news);
            self.perform(effects);
        }
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&AppState) -> bool) {
        let patience = Instant::now() + Duration::from_secs(60);
        while !is_so(&self.state) {
            assert!(Instant::now() < patience, "waited in vain until {what}");
            self.hear();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The same while the views ask for what they have to show, as they do in the window.
    #[track_caller]
    fn until_looked_at(&mut self, what: &str, is_so: impl Fn(&AppState) -> bool) {
        let patience = Instant::now() + Duration::from_secs(60);
        while !is_so(&self.state) {
            assert!(Instant::now() < patience, "waited in vain until {what}");
            for command in [AppCommand::MeasureSettling, AppCommand::AverageNudges] {
                if command.enabled(&self.state).is_ok() {
                    self.does(command);
                }
            }
            self.hear();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn is_open(&self, item: usize) -> bool {
        let lesson = self.state.lesson.as_ref().unwrap();
        lesson.marks_now()[item] == Mark::Open
    }

    /// Does what the items of the step ask for, in their order.
    fn go_through_step(&mut self, lesson: &Lesson, step: usize) {
        for (item, asked) in lesson.steps[step].items.iter().enumerate() {
            match asked {
                Item::Do {
                    condition,
                    sentence,
                } => {
                    if self.is_open(item) {
                        self.meet(condition, item);
                    }
                    assert!(!self.is_open(item), "not done: {sentence}");
                }
                Item::SetUp { .. } => self.does(AppCommand::SetUpForLesson { item }),
                Item::Ask { sentence, .. } => self.answer(item, sentence),
                Item::Say(_) => {}
            }
        }
        let ongoing = self.state.lesson.as_ref().unwrap();
        assert!(ongoing.is_step_done(), "{}", lesson.steps[step].title);
    }

    fn answer(&mut self, item: usize, sentence: &str) {
        self.until_looked_at(sentence, |state| {
            matches!(state.lesson.as_ref().unwrap().posed, Some(Ok(_)))
        });
        let lesson = self.state.lesson.as_ref().unwrap();
        let posed = lesson.posed.clone().unwrap().unwrap();
        assert!(posed.right < posed.choices.len(), "{sentence}: {posed:?}");
        assert!(posed.choices.len() > 1, "{sentence}: {posed:?}");
        for (index, choice) in posed.choices.iter().enumerate() {
            assert!(
                !posed.choices[..index].contains(choice),
                "{sentence}: {posed:?}"
            );
        }
        self.does(AppCommand::AnswerLesson {
            choice: posed.right,
        });
        let lesson = self.state.lesson.as_ref().unwrap();
        assert!(
            matches!(&lesson.marks_now()[item], Mark::Answered(answer) if answer.is_right()),
            "{sentence}"
        );
    }

    fn meet(&mut self, condition: &Condition, item: usize) {
        match condition {
            Condition::Draw => self.does(AppCommand::WritePracticeDigit),
            Condition::Label(label) => self.does(AppCommand::SetLabel(label.or(Some(3)))),
            Condition::Answer { right } => self.label(*right),
            Condition::Press { name, times } => {
                for _ in 0..*times {
                    self.press(name);
                }
            }
            Condition::Show(stage) => {
                if let Some(tab) = stage.tab {
                    self.does(AppCommand::ShowTab(tab));
                }
                if let Some(view) = stage.view {
                    self.does(AppCommand::ShowMicroscopeView(view));
                }
                if let Some(world) = stage.world {
                    self.does(AppCommand::InSmallWorld(WorldCommand::Show(world)));
                }
            }
            Condition::Walk { .. } => {
                while self.is_open(item) {
                    self.does(AppCommand::MoveStep(StepMove::Next));
                }
            }
            Condition::Map(name) => {
                let kind = match name {
                    Some("walks") => Some(PlaneKind::Walks),
                    _ => None,
                };
                self.does(AppCommand::DrawSurface(kind));
                self.until("the map is drawn", |state| {
                    state.lesson.as_ref().unwrap().marks_now()[item] != Mark::Open
                });
            }
            Condition::Train { .. } => self.train(item),
            Condition::Diverge => {
                self.does(AppCommand::PlayPause);
                self.until("it diverges", |state| {
                    matches!(state.runs.phase, Phase::Diverged(_))
                });
                self.does(AppCommand::Answer { button: 1 });
            }
            Condition::Measure {
                measure,
                comparison,
                limit,
            } => self.reach(*measure, *comparison, *limit, item),
        }
    }

    /// Whether the step is about nudges, so that nothing else is to be changed.
    fn waits_for_nudges(&self) -> bool {
        let ongoing = self.state.lesson.as_ref().unwrap();
        let items = &ongoing.lesson.steps[ongoing.step].items;
        let is_nudge = |item: &Item| {
            matches!(item, Item::Do { condition: Condition::Press { name, .. }, .. }
                if *name == AppCommand::ApplyNudge.name())
        };
        items.iter().any(is_nudge)
    }

    fn label(&mut self, right: bool) {
        let answer = self.state.reading.as_ref().unwrap().answer;
        let label = if right { answer } else { (answer + 1) % 10 };
        self.does(AppCommand::SetLabel(Some(label)));
    }

    fn press(&mut self, name: &str) {
        let listed = AppCommand::listed().into_iter();
        let command = listed.chain(with_values()).find(|one| one.name() == name);
        self.does(command.unwrap_or_else(|| panic!("{name} is pressed in no way")));
    }

    fn train(&mut self, item: usize) {
        self.does(AppCommand::PlayPause);
        self.until("the steps are made", |state| {
            state.lesson.as_ref().unwrap().marks_now()[item] != Mark::Open
        });
        if self.state.runs.phase == Phase::Running {
            self.does(AppCommand::PlayPause);
        }
        self.until("it pauses", |state| state.runs.phase != Phase::Running);
    }

    fn reach(&mut self, measure: Measure, comparison: Comparison, limit: f64, item: usize) {
        let beyond = match comparison {
            Comparison::Below => limit / 2.0,
            Comparison::Above => limit * 2.0,
        };
        match measure {
            Measure::CostOfDrawing => self.reach_cost_of_drawing(comparison, item),
            Measure::CostOfTraining => self.train(item),
            Measure::LearningRate => {
                let mut changed = self.state.settings.hyperparameters.clone();
                changed.learning_rate = beyond as f32;
                self.does(AppCommand::SetHyperparameters(Box::new(changed)));
            }
            Measure::BatchSize => {
                let mut changed = self.state.settings.hyperparameters.clone();
                changed.batch_size = beyond as usize;
                self.does(AppCommand::SetHyperparameters(Box::new(changed)));
            }
            Measure::NudgeBatch => self.does(AppCommand::SetNudgeBatch(beyond as usize)),
            Measure::CostOfChain | Measure::StepsOfChain => {
                while self.is_open(item) {
                    self.does(AppCommand::InSmallWorld(WorldCommand::StepChain));
                }
            }
        }
    }

    /// Writes and labels digits until one costs that, and lets the network learn in between.
    fn reach_cost_of_drawing(&mut self, comparison: Comparison, item: usize) {
        while AppCommand::ApplyNudge.enabled(&self.state).is_ok() && self.waits_for_nudges() {
            self.does(AppCommand::ApplyNudge);
            if !self.is_open(item) {
                return;
            }
        }
        for _ in 0..5 {
            for _ in 0..20 {
                self.label(comparison == Comparison::Below);
                if !self.is_open(item) {
                    return;
                }
                self.does(AppCommand::WritePracticeDigit);
            }
            let before = self.state.model.record.steps;
            self.does(AppCommand::PlayPause);
            self.until("it learns more", |state| {
                state.model.record.steps > before + 400
            });
            self.does(AppCommand::PlayPause);
            self.until("it pauses", |state| state.runs.phase != Phase::Running);
        }
    }
}

/// What a lesson can wait for and no menu has, as a learner would do it.
fn with_values() -> Vec<AppCommand> {
    vec![
        AppCommand::SetTapeMistake(Some(Mistake::TransposeForgotten)),
        AppCommand::SetTapeMistake(Some(Mistake::BiasLeftOut)),
        AppCommand::MoveBall { at: [0.1; 2] },
    ]
}

fn go_through(name: &'static str) {
    let lesson = bundled_lesson(name).unwrap();
    let mut learner = Learner::start();
    learner.does(AppCommand::BeginLesson { name });
    for step in 0..lesson.steps.len() {
        let ongoing = learner.state.lesson.as_ref().unwrap();
        assert_eq!(ongoing.step, step);
        assert!(lesson.stage_at(step).is_shown(&learner.state));
        learner.go_through_step(&lesson, step);
        learner.does(AppCommand::NextLessonStep);
        // What was learned is of no use any more.
        if learner.state.question.is_some() {
            learner.does(AppCommand::Answer { button: 0 });
        }
    }
    assert!(learner.state.lesson.is_none());
    assert!(learner.state.settings.lessons[name].is_finished());
    assert_eq!(learner.state.model.name, "default");
}

#[test]
fn what_a_network_computes() {
    go_through("what-a-network-computes");
}

#[test]
fn cost() {
    go_through("cost");
}

#[test]
fn which_way_is_down() {
    go_through("which-way-is-down");
}

#[test]
fn one_step_back() {
    go_through("one-step-back");
}

#[test]
fn the_chain_rule() {
    go_through("the-chain-rule");
}

#[test]
fn shapes() {
    go_through("shapes");
}

#[test]
fn averaging_nudges() {
    go_through("averaging-nudges");
}

#[test]
fn the_walk() {
    go_through("the-walk");
}

#[test]
fn when_learning_fails() {
    go_through("when-learning-fails");
}

#[test]
fn no_bundled_lesson_is_left_out_here() {
    let source = include_str!("lessons.rs");
    for card in inkgrad::app::lessons::bundled_lessons() {
        let call = format!("go_through(\"{}\")", card.name);
        assert!(source.contains(&call), "{} is not gone through", card.name);
    }
}
