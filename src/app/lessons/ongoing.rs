use super::{Condition, Item, Lesson, Posed};
use crate::app::model::ModelState;
use crate::app::{
    AppCommand, AppState, DataState, Depth, Microscope, MicroscopeView, Nudges, Pad, Settings,
    SurfaceState, Tab, TapeChoice, Worlds,
};
use crate::training::Hyperparameters;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The lesson that goes on, and how far it is.
#[derive(Clone, Debug)]
pub struct OngoingLesson {
    pub lesson: Arc<Lesson>,
    /// What its progress is remembered under: the name of a bundled lesson, or the path of its file.
    pub key: String,
    /// Into the steps of the lesson.
    pub step: usize,
    /// For each step, for each of its items.
    pub marks: Vec<Vec<Mark>>,
    /// Steps that were done, now or another day.
    pub done: Vec<bool>,
    /// The question that is open now; the error says what it waits for.
    pub posed: Option<Result<Posed, String>>,
    pub(in crate::app) since: Since,
    pub(in crate::app) before: Box<Before>,
}

/// What became of an item of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mark {
    #[default]
    Open,
    Done,
    Answered(Answer),
}

/// What was answered, and what is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question as it was when it was answered.
    pub posed: Posed,
    pub chosen: usize,
}

/// What is remembered of a lesson between starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// Where it goes on.
    pub step: usize,
    /// For each step.
    pub done: Vec<bool>,
}

/// What was at the beginning of a step, for conditions that count from there.
#[derive(Clone, Debug, Default)]
pub struct Since {
    /// Steps of training at which counting begins.
    pub(in crate::app) training_steps: u64,
    /// How often the command of each item was carried out.
    pub(in crate::app) pressed: Vec<u64>,
}

/// What the lesson found, for the time after it.
#[derive(Clone, Debug)]
pub(in crate::app) struct Before {
    pub depth: Depth,
    pub tab: Tab,
    pub microscope_view: MicroscopeView,
    pub hyperparameters: Hyperparameters,
    pub pad: Pad,
    pub model: ModelState,
    pub microscope: Microscope,
    pub nudge_batch: usize,
    pub tape: TapeChoice,
    pub surface: SurfaceState,
    pub worlds: Worlds,
    pub data: DataState,
}

impl OngoingLesson {
    /// The marks of the present step.
    pub fn marks_now(&self) -> &[Mark] {
        self.marks.get(self.step).map_or(&[], Vec::as_slice)
    }

    /// So many items of the present step are seen. Things to do are seen together; what is asked or said comes
    /// when they are done, and what comes after a question or a setting up waits for that.
    pub fn items_seen(&self) -> usize {
        let items = &self.lesson.steps[self.step].items;
        let mut is_waiting = false;
        for (index, (item, mark)) in items.iter().zip(self.marks_now()).enumerate() {
            let is_open = *mark == Mark::Open;
            match item {
                Item::Do { .. } => is_waiting |= is_open,
                _ if is_waiting => return index,
                Item::SetUp { .. } | Item::Ask { .. } if is_open => return index + 1,
                Item::SetUp { .. } | Item::Ask { .. } | Item::Say(_) => {}
            }
        }
        items.len()
    }

    /// The item that is a question, seen and not answered.
    pub fn open_question(&self) -> Option<usize> {
        let items = &self.lesson.steps[self.step].items;
        let seen = items.iter().zip(self.marks_now()).take(self.items_seen());
        seen.enumerate()
            .find(|(_, (item, mark))| matches!(item, Item::Ask { .. }) && **mark == Mark::Open)
            .map(|(index, _)| index)
    }

    /// How often the command that this item of the present step waits for was carried out.
    pub fn pressed(&self, item: usize) -> u64 {
        self.since.pressed.get(item).copied().unwrap_or(0)
    }

    /// How far item `item` of the present step is, where that is a number.
    pub fn how_far(&self, item: usize, state: &AppState) -> Option<String> {
        match self.lesson.steps[self.step].items.get(item)? {
            Item::Do { condition, .. } => condition.how_far(state, &self.since, self.pressed(item)),
            _ => None,
        }
    }

    /// Whether nothing of the present step is open.
    pub fn is_step_done(&self) -> bool {
        let items = &self.lesson.steps[self.step].items;
        let mut both = items.iter().zip(self.marks_now());
        both.all(|(item, mark)| matches!(item, Item::Say(_)) || *mark != Mark::Open)
    }

    pub fn is_last_step(&self) -> bool {
        self.step + 1 >= self.lesson.steps.len()
    }

    /// A command was carried out; items that wait for it count it.
    pub(in crate::app) fn note(&mut self, carried_out: &AppCommand) {
        let seen = self.items_seen();
        let items = &self.lesson.steps[self.step].items;
        for (item, pressed) in items.iter().zip(&mut self.since.pressed).take(seen) {
            if let Item::Do {
                condition: Condition::Press { name, .. },
                ..
            } = item
                && *name == carried_out.name()
            {
                *pressed += 1;
            }
        }
    }

    /// Marks what is done in `state`, and poses the question that is open then.
    pub(in crate::app) fn watch(&mut self, state: &AppState) {
        // A network that took another's place begins to count anew.
        let training_steps = &mut self.since.training_steps;
        *training_steps = (*training_steps).min(state.model.record.steps);
        for index in 0..self.items_seen() {
            if let Item::Do { condition, .. } = &self.lesson.steps[self.step].items[index]
                && self.marks[self.step][index] == Mark::Open
                && condition.is_met(state, &self.since, self.pressed(index))
            {
                self.marks[self.step][index] = Mark::Done;
            }
        }
        self.posed = self.open_question().and_then(|index| {
            match &self.lesson.steps[self.step].items[index] {
                Item::Ask { question, .. } => Some(question.posed(state)),
                _ => None,
            }
        });
        self.done[self.step] |= self.is_step_done();
    }

    pub(in crate::app) fn progress(&self) -> LessonProgress {
        LessonProgress {
            step: self.step,
            done: self.done.clone(),
        }
    }
}

impl LessonProgress {
    pub fn is_finished(&self) -> bool {
        !self.done.is_empty() && self.done.iter().all(|done| *done)
    }
}

impl Answer {
    pub fn is_right(&self) -> bool {
        self.chosen == self.posed.right
    }
}

impl Before {
    /// Keeps what is there, and leaves a clean table: what a lesson says of numbers and steps is true of what is there
    /// at the start of the program, whatever was changed since.
    pub fn put_away(state: &mut AppState) -> Self {
        let nudge_batch = state.nudges.size;
        state.nudges.size = Nudges::default().size;
        Self {
            depth: state.settings.depth,
            tab: state.settings.tab,
            microscope_view: state.settings.microscope_view,
            hyperparameters: state.settings.hyperparameters.clone(),
            pad: state.pad.clone(),
            model: state.model.clone(),
            microscope: std::mem::take(&mut state.microscope),
            nudge_batch,
            tape: std::mem::take(&mut state.tape),
            surface: std::mem::take(&mut state.surface),
            worlds: std::mem::take(&mut state.worlds),
            data: state.data.clone(),
        }
    }

    /// What of the settings it holds.
    pub fn give_back(&self, settings: &mut Settings) {
        settings.depth = self.depth;
        settings.tab = self.tab;
        settings.microscope_view = self.microscope_view;
        settings.hyperparameters = self.hyperparameters.clone();
    }

    /// Whether the network has been changed or replaced since.
    pub fn has_another_network(&self, state: &AppState) -> bool {
        !Arc::ptr_eq(&self.model.network, &state.model.network)
    }
}

impl Since {
    /// Steps of training since then; a network that took another's place begins at 0.
    pub(super) fn steps_of(&self, state: &AppState) -> u64 {
        state.model.record.steps.saturating_sub(self.training_steps)
    }
}
