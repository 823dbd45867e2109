//! Lessons: beginning and leaving them, their steps, and looking whether what they ask for was done.
//!
//! A lesson works on the program itself. What it finds is kept and comes back when it is left; whatever else would
//! be lost by that is asked about first.

use super::saving::Errand;
use super::{AppState, JobKind};
use crate::app::lessons::{
    Answer, Before, Item, Lesson, LessonProgress, Mark, NetworkFrom, OngoingLesson, SetUp, Since,
    bundled_lesson,
};
use crate::app::{AppCommand, Check, Effect, Origin, Settings};
use crate::data::DataSource;
use crate::model_file::bundled_model;
use std::path::Path;
use std::sync::Arc;

/// A lesson that is about to begin, and what its progress is remembered under.
#[derive(Debug)]
pub(super) struct NextLesson {
    pub lesson: Box<Lesson>,
    pub key: String,
}

impl AppState {
    /// Whether the curves have their place beneath the tabs.
    pub fn shows_curves(&self) -> bool {
        self.lesson_stage()
            .is_none_or(|stage| stage.curves != Some(false))
    }

    /// Whether the settings have their place in the depth 'Lab'.
    pub fn shows_settings(&self) -> bool {
        self.lesson_stage()
            .is_none_or(|stage| stage.settings != Some(false))
    }

    /// Whether a question has to be answered before what the tab shows is seen.
    pub fn covers_the_tab(&self) -> bool {
        let is_asked = |lesson: &OngoingLesson| matches!(lesson.posed, Some(Ok(_)));
        self.lesson.as_deref().is_some_and(is_asked)
            && self
                .lesson_stage()
                .is_some_and(|stage| stage.covered == Some(true))
    }

    /// The settings for the next start: what a lesson has changed of them is not among them.
    pub fn settings_to_keep(&self) -> Settings {
        let mut settings = self.settings.clone();
        if let Some(lesson) = &self.lesson {
            lesson.before.give_back(&mut settings);
        }
        settings
    }

    pub(super) fn change_lesson(&mut self, command: AppCommand) -> Vec<Effect> {
        if command.enabled(self).is_err() {
            return Vec::new();
        }
        match command {
            AppCommand::BeginLesson { name } => match bundled_lesson(name) {
                Some(lesson) => self.begin_lesson(NextLesson {
                    lesson: Box::new(lesson),
                    key: name.to_owned(),
                }),
                None => {
                    self.complain(format!("No lesson named “{name}” comes with Inkgrad"));
                    Vec::new()
                }
            },
            AppCommand::LeaveLesson => self.leave_lesson(None),
            AppCommand::NextLessonStep => self.next_lesson_step(),
            AppCommand::PreviousLessonStep => self.go_to_lesson_step(-1),
            AppCommand::ShowLessonStep { step } => {
                self.enter_lesson_step(step);
                Vec::new()
            }
            AppCommand::SetUpForLesson { item } => self.set_up_for_lesson(item),
            AppCommand::AnswerLesson { choice } => {
                self.answer_lesson(choice);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a command of the lesson can be carried out; the error says why not.
    pub(in crate::app) fn can_change_lesson(
        &self,
        command: &AppCommand,
    ) -> Result<(), &'static str> {
        let lesson = self.lesson.as_ref().ok_or("No lesson goes on")?;
        let step = &lesson.lesson.steps[lesson.step];
        match command {
            AppCommand::PreviousLessonStep if lesson.step == 0 => Err("This is the first step"),
            AppCommand::ShowLessonStep { step } if *step >= lesson.lesson.steps.len() => {
                Err("The lesson has no such step")
            }
            AppCommand::SetUpForLesson { item } => match step.items.get(*item) {
                Some(Item::SetUp { .. }) if *item < lesson.items_seen() => Ok(()),
                _ => Err("There is nothing to set up"),
            },
            AppCommand::AnswerLesson { choice } => match &lesson.posed {
                Some(Ok(posed)) if *choice < posed.choices.len() => Ok(()),
                _ => Err("No question is open"),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn lesson_opened(
        &mut self,
        path: &Path,
        result: Result<Box<Lesson>, String>,
    ) -> Vec<Effect> {
        match result {
            Ok(lesson) => self.begin_lesson(NextLesson {
                lesson,
                key: path.display().to_string(),
            }),
            Err(sentence) => {
                self.not_opened(&sentence);
                Vec::new()
            }
        }
    }

    /// After every command and all news: what of the step is done now, and what is asked.
    pub(super) fn watch_lesson(&mut self) {
        let Some(mut lesson) = self.lesson.take() else {
            return;
        };
        lesson.watch(self);
        let progress = lesson.progress();
        if self.settings.lessons.get(&lesson.key) != Some(&progress) {
            self.settings.lessons.insert(lesson.key.clone(), progress);
        }
        self.lesson = Some(lesson);
    }

    /// A command is about to be carried out, and a lesson may be waiting for it.
    pub(super) fn note_for_lesson(&mut self, command: &AppCommand) {
        if self.lesson.is_some()
            && command.enabled(self).is_ok()
            && let Some(lesson) = &mut self.lesson
        {
            lesson.note(command);
        }
    }

    pub(super) fn begin_lesson(&mut self, next: NextLesson) -> Vec<Effect> {
        if self.lesson.is_some() {
            return self.leave_lesson(Some(next));
        }
        if next.lesson.brings_a_network() {
            return self.unless_unsaved(Errand::BeginLesson(next));
        }
        self.begin_lesson_now(next)
    }

    pub(super) fn begin_lesson_now(&mut self, next: NextLesson) -> Vec<Effect> {
        let NextLesson { lesson, key } = next;
        let steps = lesson.steps.len();
        let earlier = match self.settings.lessons.get(&key) {
            Some(progress) if progress.done.len() == steps => progress.clone(),
            _ => LessonProgress::default(),
        };
        let step = match earlier.is_finished() {
            true => 0,
            false => earlier.step.min(steps - 1),
        };
        let mut done = earlier.done;
        done.resize(steps, false);
        let marks = lesson
            .steps
            .iter()
            .map(|step| vec![Mark::Open; step.items.len()]);
        self.lesson = Some(Box::new(OngoingLesson {
            marks: marks.collect(),
            lesson: Arc::from(lesson),
            key,
            step,
            done,
            posed: None,
            since: Since::default(),
            before: Box::new(Before::put_away(self)),
        }));
        let set_up = self.lesson.as_ref().and_then(|on| on.lesson.set_up.clone());
        let effects = set_up.map_or(Vec::new(), |set_up| self.set_up(&set_up));
        self.enter_lesson_step(step);
        effects
    }

    /// What was before the lesson comes back, and `next` begins.
    pub(super) fn leave_lesson(&mut self, next: Option<NextLesson>) -> Vec<Effect> {
        let Some(lesson) = &self.lesson else {
            return Vec::new();
        };
        if lesson.before.has_another_network(self) && self.model.has_much_unsaved() {
            self.ask_after_lesson(next);
            return Vec::new();
        }
        self.leave_lesson_now(false, next)
    }

    pub(super) fn leave_lesson_now(
        &mut self,
        keep_network: bool,
        next: Option<NextLesson>,
    ) -> Vec<Effect> {
        let Some(lesson) = self.lesson.take() else {
            return Vec::new();
        };
        let before = *lesson.before;
        before.give_back(&mut self.settings);
        let mut effects = self.cancel_jobs(JobKind::DrawSurface);
        if keep_network {
            if let Some(hyperparameters) = &self.model.record.hyperparameters {
                self.settings.hyperparameters = hyperparameters.clone();
            }
        } else if before.has_another_network(self) {
            effects.extend(self.stop_training());
            effects.extend(self.forget_score());
            self.model.put_back(before.model);
            let name = &self.model.name;
            self.say(format!("“{name}” is back, as it was before the lesson"));
        }
        self.microscope = before.microscope;
        if matches!(self.microscope.check, Check::Running) {
            // What came of it was said while the lesson went on.
            self.microscope.check = Check::Never;
        }
        self.nudges.set_size(before.nudge_batch);
        self.tape = before.tape;
        self.surface = before.surface;
        self.worlds = before.worlds;
        if before.data.source != self.data.source {
            effects.extend(self.put_data_back(before.data));
        }
        self.pad.put_back(&before.pad);
        self.read_pad();
        effects.extend(self.calibrate_at_rest());
        if let Some(next) = next {
            effects.extend(self.begin_lesson(next));
        }
        effects
    }

    fn next_lesson_step(&mut self) -> Vec<Effect> {
        match &self.lesson {
            Some(lesson) if lesson.is_last_step() => self.leave_lesson(None),
            _ => self.go_to_lesson_step(1),
        }
    }

    fn go_to_lesson_step(&mut self, by: isize) -> Vec<Effect> {
        if let Some(lesson) = &self.lesson {
            self.enter_lesson_step(lesson.step.saturating_add_signed(by));
        }
        Vec::new()
    }

    /// Shows what the step shows; conditions count from here.
    fn enter_lesson_step(&mut self, step: usize) {
        let training_steps = self.model.record.steps;
        let Some(lesson) = &mut self.lesson else {
            return;
        };
        let Some(items) = lesson.marks.get(step).map(Vec::len) else {
            return;
        };
        lesson.step = step;
        lesson.since = Since {
            training_steps,
            pressed: vec![0; items],
        };
        let stage = lesson.lesson.stage_at(step);
        let settings = &mut self.settings;
        settings.depth = stage.depth.unwrap_or(settings.depth);
        settings.tab = stage.tab.unwrap_or(settings.tab);
        settings.microscope_view = stage.view.unwrap_or(settings.microscope_view);
        self.worlds.shown = stage.world.unwrap_or(self.worlds.shown);
    }

    fn set_up_for_lesson(&mut self, item: usize) -> Vec<Effect> {
        let Some(lesson) = &mut self.lesson else {
            return Vec::new();
        };
        let Some(Item::SetUp { set_up, .. }) = lesson.lesson.steps[lesson.step].items.get(item)
        else {
            return Vec::new();
        };
        let set_up = set_up.clone();
        lesson.marks[lesson.step][item] = Mark::Done;
        let effects = self.set_up(&set_up);
        let training_steps = self.model.record.steps;
        if let Some(lesson) = &mut self.lesson {
            lesson.since.training_steps = training_steps;
        }
        effects
    }

    fn answer_lesson(&mut self, choice: usize) {
        let Some(lesson) = &mut self.lesson else {
            return;
        };
        let open = lesson.open_question();
        if let (Some(Ok(posed)), Some(item)) = (lesson.posed.take(), open) {
            lesson.marks[lesson.step][item] = Mark::Answered(Answer {
                posed,
                chosen: choice,
            });
        }
    }

    /// Network, data and settings as a lesson wants them. What was there is kept by the lesson.
    fn set_up(&mut self, set_up: &SetUp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(source) = &set_up.data {
            effects.extend(self.load_data_for_lesson(source));
        }
        let hyperparameters = set_up.hyperparameters(&self.settings.hyperparameters);
        effects.extend(match set_up.network {
            None => self.set_hyperparameters(hyperparameters),
            Some(NetworkFrom::Preset(_) | NetworkFrom::Fresh) => {
                self.settings.hyperparameters = hyperparameters;
                self.new_network_now(None)
            }
            Some(NetworkFrom::Bundled(name)) => {
                self.settings.hyperparameters = hyperparameters;
                match bundled_model(name) {
                    Some(model) => self.use_model(model, Origin::Bundled),
                    None => Vec::new(),
                }
            }
        });
        effects
    }

    /// Not every learner has fetched MNIST; practice digits are always there.
    fn load_data_for_lesson(&mut self, wanted: &DataSource) -> Vec<Effect> {
        let is_missing = *wanted == DataSource::Mnist && DataSource::mnist_dir().is_none();
        let source = match is_missing {
            true => DataSource::Practice,
            false => wanted.clone(),
        };
        if source == self.data.source {
            return Vec::new();
        }
        if is_missing {
            self.say("MNIST is not on this machine: the lesson takes practice digits");
        }
        self.load_data(source)
    }

    fn lesson_stage(&self) -> Option<crate::app::lessons::Stage> {
        let lesson = self.lesson.as_ref()?;
        Some(lesson.lesson.stage_at(lesson.step))
    }
}
