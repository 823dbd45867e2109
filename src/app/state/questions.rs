//! Questions in front of everything: one at a time, the others wait. The last button is always the harmless one.

use super::lesson_rules::NextLesson;
use super::play::Start;
use super::saving::Errand;
use super::sentences::rate_text;
use super::{AppState, Question};
use crate::app::{Effect, Origin};
use crate::model_file::Model;
use crate::training::Divergence;

/// What an open question is about, and what its answers need.
#[derive(Debug)]
pub(super) enum Asked {
    /// New network, keep training this one, cancel.
    WhichNetwork(Start),
    /// Save, don't save, cancel.
    Unsaved(Errand),
    /// Go back, leave it.
    Diverged,
    /// Back to the network from before, keep the lesson's, stay in the lesson.
    AfterLesson { next: Option<NextLesson> },
    /// Restore, delete, later.
    Restore(Box<Model>),
}

impl AppState {
    /// Carries out the answer to the open question and brings up the next one.
    pub(super) fn answer(&mut self, button: usize) -> Vec<Effect> {
        let valid = self
            .question
            .as_ref()
            .is_some_and(|question| button < question.buttons.len());
        if !valid {
            return Vec::new();
        }
        self.question = None;
        let asked = self.asked.take();
        self.show_next_question();
        match (asked, button) {
            (Some(Asked::WhichNetwork(start)), 0) => {
                self.unless_unsaved(Errand::NewNetwork { then: Some(start) })
            }
            (Some(Asked::WhichNetwork(start)), 1) => self.keep_training(start),
            (Some(Asked::Unsaved(errand)), 0) => self.save_and_then(errand),
            (Some(Asked::Unsaved(errand)), 1) => self.run(errand),
            (Some(Asked::Diverged), 0) => self.recover(),
            (Some(Asked::AfterLesson { next }), 0) => self.leave_lesson_now(false, next),
            (Some(Asked::AfterLesson { next }), 1) => self.leave_lesson_now(true, next),
            (Some(Asked::Restore(model)), 0) => self.restore(*model),
            (Some(Asked::Restore(_)), 1) => vec![Effect::ForgetRecovered],
            _ => Vec::new(),
        }
    }

    pub(super) fn ask_which_network(&mut self, start: Start) {
        let difference = self.difference_from_network().unwrap_or_default();
        let question = Question {
            title: "Which network should be trained?".into(),
            text: format!("{difference}. A new network starts from fresh weights."),
            buttons: words(["New network", "Keep training this one", "Cancel"]),
        };
        self.ask(question, Asked::WhichNetwork(start));
    }

    pub(super) fn ask_about_unsaved(&mut self, errand: Errand) {
        let (title, lose) = match errand {
            Errand::Quit => ("Save before quitting?", "Don't save"),
            Errand::NewNetwork { .. } => ("Save before a new network takes its place?", "Discard"),
            Errand::ResetWeights => ("Save before going back to the first weights?", "Discard"),
            Errand::UseModel { .. } => ("Save before another model takes its place?", "Discard"),
            Errand::BeginLesson(_) => ("Save before the lesson begins?", "Begin without saving"),
            Errand::PutNetwork { .. } => (
                "Save before the network under the ball takes its place?",
                "Don't save",
            ),
        };
        let after = match errand {
            Errand::BeginLesson(_) => {
                " It comes back when you leave the lesson, but only a file is safe whatever happens."
            }
            _ => "",
        };
        let question = Question {
            title: title.into(),
            text: format!("{}.{after}", self.unsaved_sentence()),
            buttons: words(["Save", lose, "Cancel"]),
        };
        self.ask(question, Asked::Unsaved(errand));
    }

    pub(super) fn ask_after_lesson(&mut self, next: Option<NextLesson>) {
        let Some(lesson) = &self.lesson else {
            return;
        };
        let before = &lesson.before.model;
        let lost = match before.has_much_unsaved() {
            true => format!(
                " If you keep it, “{}” is lost: it is in no file.",
                before.name
            ),
            false => String::new(),
        };
        let question = Question {
            title: "What becomes of the lesson's network?".into(),
            text: format!("{}.{lost}", self.unsaved_sentence()),
            buttons: vec![
                format!("Back to “{}”", before.name),
                "Keep it".into(),
                "Stay in the lesson".into(),
            ],
        };
        self.ask(question, Asked::AfterLesson { next });
    }

    pub(super) fn ask_to_recover(&mut self, divergence: &Divergence) {
        let learning_rate = match &self.active {
            Some(active) => active.hyperparameters.learning_rate,
            None => divergence.learning_rate,
        };
        let question = Question {
            title: "Training has diverged".into(),
            text: format!(
                "{}. A smaller learning rate may help: {} in place of {}.",
                divergence.sentence,
                rate_text(learning_rate / 10.0),
                rate_text(learning_rate)
            ),
            buttons: words(["Go back and learn slower", "Leave it"]),
        };
        self.ask(question, Asked::Diverged);
    }

    pub(super) fn ask_to_restore(&mut self, model: Model) {
        let steps = crate::data::grouped(model.record.steps);
        let question = Question {
            title: "Restore what was not saved?".into(),
            text: format!(
                "Inkgrad did not end as it should. “{}” was kept as it was at training step {steps}.",
                model.name
            ),
            buttons: words(["Restore", "Delete", "Later"]),
        };
        self.ask(question, Asked::Restore(Box::new(model)));
    }

    /// Takes back questions that have lost their point.
    pub(super) fn forget_questions(&mut self, pointless: impl Fn(&Asked) -> bool) {
        self.waiting_questions
            .retain(|(_, asked)| !pointless(asked));
        if self.asked.as_ref().is_some_and(pointless) {
            self.asked = None;
            self.question = None;
            self.show_next_question();
        }
    }

    fn ask(&mut self, question: Question, asked: Asked) {
        self.waiting_questions.push_back((question, asked));
        if self.question.is_none() {
            self.show_next_question();
        }
    }

    fn show_next_question(&mut self) {
        if let Some((question, asked)) = self.waiting_questions.pop_front() {
            self.question = Some(question);
            self.asked = Some(asked);
        }
    }

    fn restore(&mut self, model: Model) -> Vec<Effect> {
        let mut effects = self.use_model(model, Origin::Fresh);
        self.model.unsaved = true;
        self.model.saved_steps = 0;
        // The kept file goes only after its content is safe in this program's own one.
        effects.extend(self.write_recovery_file());
        effects.push(Effect::ForgetRecovered);
        effects
    }
}

fn words<const N: usize>(buttons: [&str; N]) -> Vec<String> {
    buttons.map(str::to_owned).to_vec()
}
