//! Lessons: short files that lead through the program, with things to do and questions whose answers come from
//! the network that is running.
//!
//! A lesson is Markdown with a few kinds of list items, read line by line ([`Lesson::read`]); what it may say is
//! described in `assets/lessons/README.md`. The rules of a lesson that goes on stand in `app/state/lesson_rules.rs`.

mod bundled;
mod condition;
mod error;
mod format;
mod lesson;
mod measure;
mod ongoing;
mod question;
mod set_up;
mod stage;

pub use bundled::{LessonCard, bundled_lesson, bundled_lessons};
pub use condition::Condition;
pub use error::{LessonError, Problem};
pub(super) use format::open_lesson;
pub use lesson::{Item, Lesson, Step};
pub use measure::{Comparison, Measure};
pub use ongoing::{Answer, LessonProgress, Mark, OngoingLesson};
pub(super) use ongoing::{Before, Since};
pub use question::{Posed, Question};
pub use set_up::{NetworkFrom, SetUp};
pub use stage::Stage;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Hyperparameters;

    /// The page for those who write lessons.
    const GUIDE: &str = include_str!("../../../assets/lessons/README.md");

    #[track_caller]
    fn is_described(name: &str) {
        assert!(
            GUIDE.contains(&format!("`{name}")),
            "{name} is not described"
        );
    }

    #[test]
    fn everything_that_a_lesson_may_say_is_described() {
        question::FORMS.into_iter().for_each(is_described);
        for form in condition::FORMS {
            is_described(
                form.trim_end_matches("NAME OF A COMMAND")
                    .trim_end_matches("PLACE")
                    .trim(),
            );
        }
        Measure::ALL
            .map(Measure::name)
            .into_iter()
            .for_each(is_described);
        stage::names().iter().for_each(|name| is_described(name));
    }

    #[test]
    fn every_setting_is_described_but_the_threads_which_belong_to_the_machine() {
        let fields = serde_json::to_value(Hyperparameters::default()).unwrap();
        for field in fields.as_object().unwrap().keys() {
            if field != "threads" {
                is_described(&field.replace('_', " "));
            }
        }
    }

    #[test]
    fn the_lesson_that_the_guide_shows_is_a_beginning() {
        let (_, rest) = GUIDE.split_once("```markdown\n").unwrap();
        let (example, _) = rest.split_once("```").unwrap();
        let more = "\n## Two\n\nText.\n\n## Three\n\nText.\n";
        let lesson = Lesson::read(&format!("{example}{more}")).unwrap();
        assert_eq!(lesson.steps[0].items.len(), 4);
    }
}
