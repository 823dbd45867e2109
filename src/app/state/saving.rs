//! Nothing is lost: saving, what is asked before unsaved training would go, and the recovery file.

use super::AppState;
use super::lesson_rules::NextLesson;
use super::play::Start;
use crate::app::model::{ModelState, name_of};
use crate::app::{DialogFor, Effect, Origin, Phase};
use crate::model_file::Model;
use crate::nn::Network;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something that would cost unsaved training, and goes on when that is settled.
#[derive(Debug)]
pub(super) enum Errand {
    NewNetwork { then: Option<Start> },
    ResetWeights,
    UseModel { model: Box<Model>, origin: Origin },
    BeginLesson(NextLesson),
    PutNetwork { network: Arc<Network> },
    Quit,
}

/// A model on its way into a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saving {
    /// Of the numbers that are written: training may have gone on when they are in the file.
    version: u64,
    generation: u64,
    steps: u64,
}

/// What the recovery file holds, and since when.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RecoveryClock {
    /// Version of the numbers in the file; `None` when there is no file.
    version: Option<u64>,
    written_at_secs: Option<f64>,
    now_secs: f64,
}

/// The recovery file of a model that still learns is at most so old, in seconds.
const RECOVERY_INTERVAL_SECS: f64 = 60.0;

impl AppState {
    pub(super) fn save_model(&mut self) -> Vec<Effect> {
        match self.model.origin.clone() {
            Origin::File(path) => self.write_model(path),
            Origin::Bundled | Origin::Fresh => self.save_model_as(),
        }
    }

    pub(super) fn save_model_as(&mut self) -> Vec<Effect> {
        let name = match &self.model.origin {
            Origin::File(path) => path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned()),
            Origin::Bundled | Origin::Fresh => None,
        };
        let suggested = name.unwrap_or_else(|| format!("inkgrad-{}.json", self.model.sizes()));
        self.open_dialog(DialogFor::SaveModel, Some(suggested))
    }

    /// Training goes on meanwhile: what is written is the network as it is shown now.
    pub(super) fn write_model(&mut self, path: PathBuf) -> Vec<Effect> {
        self.savings.push_back(Saving {
            version: self.model.version,
            generation: self.model.generation,
            steps: self.model.record.steps,
        });
        let model = Box::new(self.model.to_file(name_of(&path)));
        vec![Effect::WriteModel { path, model }]
    }

    pub(super) fn model_written(
        &mut self,
        path: PathBuf,
        result: Result<(), String>,
    ) -> Vec<Effect> {
        // Files are written in the order in which they were asked for.
        let saving = self.savings.pop_front();
        if let Err(sentence) = result {
            self.after_saving = None;
            self.complain(sentence);
            return Vec::new();
        }
        self.tell_saved(&path);
        self.settings.remember_model(path.clone());
        if let Some(saving) = saving
            && saving.generation == self.model.generation
        {
            self.model.name = name_of(&path);
            self.model.origin = Origin::File(path);
            self.model.saved_steps = saving.steps;
            self.model.unsaved = saving.version != self.model.version;
        }
        // It may lie in one of the folders for models.
        let mut effects = vec![Effect::FindModels];
        if let Some(errand) = self.after_saving.take() {
            effects.extend(self.run(errand));
        }
        effects
    }

    pub(super) fn quit(&mut self) -> Vec<Effect> {
        let asked_already =
            |asked: &super::Asked| matches!(asked, super::Asked::Unsaved(Errand::Quit));
        if self.asked.as_ref().is_some_and(asked_already) {
            return Vec::new();
        }
        // Whatever else is being asked can wait until the next start: its harmless answer is taken.
        self.forget_questions(|_| true);
        self.unless_unsaved(Errand::Quit)
    }

    /// Does `errand` at once where nothing is lost by it, else asks first.
    pub(super) fn unless_unsaved(&mut self, errand: Errand) -> Vec<Effect> {
        let worth_asking = match errand {
            // What a lesson makes is an exercise, unless it was trained for long.
            Errand::Quit if self.lesson.is_none() => self.model.unsaved,
            _ => self.model.has_much_unsaved(),
        };
        if worth_asking {
            self.ask_about_unsaved(errand);
            return Vec::new();
        }
        self.run(errand)
    }

    pub(super) fn save_and_then(&mut self, errand: Errand) -> Vec<Effect> {
        self.after_saving = Some(errand);
        let effects = self.save_model();
        if effects.is_empty() {
            self.after_saving = None;
            self.warn("Another file dialog is open: close it and try again");
        }
        effects
    }

    pub(super) fn run(&mut self, errand: Errand) -> Vec<Effect> {
        match errand {
            Errand::NewNetwork { then } => self.new_network_now(then),
            Errand::ResetWeights => self.reset_weights_now(),
            Errand::UseModel { model, origin } => self.use_model(*model, origin),
            Errand::BeginLesson(next) => self.begin_lesson_now(next),
            Errand::Quit if self.lesson.is_some() => {
                // The network from before the lesson may be in no file either.
                let mut effects = self.leave_lesson_now(false, None);
                effects.extend(self.unless_unsaved(Errand::Quit));
                effects
            }
            Errand::PutNetwork { network } => self.put_network(network),
            Errand::Quit => {
                self.recovery.version = None;
                vec![Effect::Recovery(None), Effect::CloseWindow]
            }
        }
    }

    /// Writes the recovery file when it is due, and removes it when nothing is unsaved any more.
    pub(super) fn keep_recovery_file(&mut self, now_secs: f64) -> Vec<Effect> {
        self.recovery.now_secs = now_secs;
        match (self.model_at_risk(), self.recovery.version) {
            (None, None) => Vec::new(),
            (None, Some(_)) => {
                self.recovery.version = None;
                vec![Effect::Recovery(None)]
            }
            (Some(_), _) if self.recovery_due_in_secs() == Some(0.0) => self.write_recovery_file(),
            (Some(_), _) => Vec::new(),
        }
    }

    /// Seconds until [`AppState::tick`] has something to do, for a window that would otherwise sleep; `None` when
    /// nothing is due.
    pub fn recovery_due_in_secs(&self) -> Option<f64> {
        if self.recovery.version == Some(self.model_at_risk()?.version) {
            return None;
        }
        let since = match self.recovery.written_at_secs {
            Some(written) if self.runs.phase != Phase::Finished => self.recovery.now_secs - written,
            _ => RECOVERY_INTERVAL_SECS,
        };
        Some((RECOVERY_INTERVAL_SECS - since).max(0.0))
    }

    pub(super) fn write_recovery_file(&mut self) -> Vec<Effect> {
        let Some(model) = self.model_at_risk() else {
            return Vec::new();
        };
        let (version, file) = (model.version, model.to_file(model.name.clone()));
        self.recovery.version = Some(version);
        self.recovery.written_at_secs = Some(self.recovery.now_secs);
        vec![Effect::Recovery(Some(Box::new(file)))]
    }

    /// What would be lost if the program ended now: in a lesson above all what it found.
    fn model_at_risk(&self) -> Option<&ModelState> {
        let before = self.lesson.as_ref().map(|lesson| &lesson.before.model);
        let mut models = before.into_iter().chain([&self.model]);
        models.find(|model| model.unsaved)
    }
}

/// "digits.json": the last part of a path, for sentences.
pub(super) fn file_name(path: &Path) -> String {
    match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    }
}
