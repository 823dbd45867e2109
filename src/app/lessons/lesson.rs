use super::{Condition, Question, SetUp, Stage};

/// A lesson as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub title: String,
    /// What it is about, in one sentence.
    pub summary: String,
    /// What is done to network, data and settings when it begins.
    pub set_up: Option<SetUp>,
    /// What is shown from the beginning.
    pub stage: Stage,
    pub steps: Vec<Step>,
}

/// One step: a few sentences, then what to do and what to think about.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    /// Paragraphs; `**strong**` and `` `code` `` are marked in them.
    pub text: Vec<String>,
    /// What changes of what is shown.
    pub stage: Stage,
    /// In this order: one that is open hides those that come after it.
    pub items: Vec<Item>,
}

/// Something in a step that waits for the learner, or is said after that.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Done as soon as the condition was true once.
    Do {
        condition: Condition,
        sentence: String,
    },
    /// Done when its button was pressed.
    SetUp { set_up: SetUp, sentence: String },
    /// Done when it was answered, rightly or not.
    Ask {
        question: Question,
        sentence: String,
    },
    /// Never open.
    Say(String),
}

impl Lesson {
    /// The fewest and the most steps.
    pub const STEPS: [usize; 2] = [3, 8];

    /// What is shown at `step`: what the lesson says, and then what each step up to it changed.
    pub fn stage_at(&self, step: usize) -> Stage {
        let steps = self.steps.iter().take(step + 1);
        steps.fold(self.stage, |stage, step| stage.with(step.stage))
    }

    /// Whether it puts another network in the place of the present one, at its beginning or later.
    pub fn brings_a_network(&self) -> bool {
        let in_steps = self.steps.iter().flat_map(|step| &step.items);
        let of_steps = in_steps.filter_map(|item| match item {
            Item::SetUp { set_up, .. } => Some(set_up),
            _ => None,
        });
        let mut all = self.set_up.iter().chain(of_steps);
        all.any(|set_up| set_up.network.is_some())
    }
}
