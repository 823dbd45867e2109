use super::ModelState;
use super::my_digits::count_text;
use crate::nn::{Evaluation, Network};
use crate::training::{Practised, Scores};
use std::sync::Arc;

/// What came of practising, until it is taken or left, and the network that it took the place of.
#[derive(Clone, Debug, Default)]
pub struct PractiseState {
    pub offer: Option<Offer>,
    /// What practising began with, while it goes on.
    pub(super) from: Option<Arc<Network>>,
    /// The network before practising, or the practised one when that was put back.
    pub(super) other: Option<OtherNetwork>,
}

/// A network that has practised, with what that did, for the user to take or to leave.
#[derive(Clone, Debug)]
pub struct Offer {
    pub practised: Practised,
    /// "MNIST": what was mixed in, and what forgetting is measured on.
    pub replay_name: String,
    pub(super) from: Arc<Network>,
}

/// A network that can change places with the present one.
#[derive(Clone, Debug)]
pub(super) struct OtherNetwork {
    pub model: Box<ModelState>,
    /// Of the present model; another model has nothing to change places with.
    pub of_generation: u64,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison<'a> {
    /// "4 digits of yours that were kept aside"
    pub of: String,
    pub scores: &'a Scores,
}

impl Offer {
    /// What is compared, before and after; the first line is what the user asks for.
    pub fn comparisons(&self) -> Vec<Comparison<'_>> {
        let Practised {
            learned,
            kept_aside,
            replay,
            ..
        } = &self.practised;
        let count = |scores: &Scores| scores.before.count();
        let mut lines = Vec::new();
        if count(kept_aside) > 0 {
            lines.push(Comparison {
                of: format!("{} kept aside", count_text(count(kept_aside) as usize)),
                scores: kept_aside,
            });
        }
        lines.push(Comparison {
            of: format!("{} practised on", count_text(count(learned) as usize)),
            scores: learned,
        });
        lines.push(Comparison {
            of: format!(
                "{} validation digits of {}",
                super::grouped(u64::from(count(replay))),
                self.replay_name
            ),
            scores: replay,
        });
        lines
    }

    /// What the comparison cannot say.
    pub fn caution(&self) -> Option<&'static str> {
        (self.practised.kept_aside.before.count() == 0).then_some(
            "None of yours could be kept aside: three of a digit are needed for that. How well it reads your next \
             digits is not known",
        )
    }

    /// Whether the present network is the one that practised.
    pub fn belongs_to(&self, network: &Arc<Network>) -> bool {
        Arc::ptr_eq(&self.from, network)
    }
}

/// "3 of 4, 75 % ± 43", or "98.9 % ± 0.3" of many.
pub fn score_text(evaluation: &Evaluation) -> String {
    let (correct, count) = (evaluation.correct(), evaluation.count());
    let percent = 100.0 * evaluation.accuracy();
    let two_sigma = 100.0 * evaluation.two_sigma();
    match count {
        0 => "–".into(),
        // The error of a few that are all alike comes out as 0, which would be a promise.
        1..FEW if correct == 0 || correct == count => format!("{correct} of {count}"),
        1..FEW => format!("{correct} of {count}, {percent:.0} % ± {two_sigma:.0}"),
        _ => format!("{percent:.1} % ± {two_sigma:.1}"),
    }
}

/// Fewer are counted one by one.
const FEW: u32 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_digits_are_counted_and_never_promise_certainty() {
        let text = |right, count| {
            let mut evaluation = Evaluation::new(10);
            evaluation.confusion[[1, 1]] = right;
            evaluation.confusion[[1, 7]] = count - right;
            score_text(&evaluation)
        };
        assert_eq!(text(0, 0), "–");
        assert_eq!(text(3, 4), "3 of 4, 75 % ± 43");
        assert_eq!(text(10, 10), "10 of 10");
        assert_eq!(text(989, 1000), "98.9 % ± 0.7");
    }
}
