//! Practising on the user's own digits: what it begins with, and what is done with what comes of it.

use super::{AppState, JobKind};
use crate::app::practise::{Offer, OtherNetwork};
use crate::app::{AppCommand, Effect, Tab, score_text};
use crate::training::Practised;
use std::sync::Arc;

impl AppState {
    pub(super) fn practise(&mut self) -> Vec<Effect> {
        let data = self.data.sets.clone();
        let (Ok(()), Some(data)) = (AppCommand::PractiseOnMine.enabled(self), data) else {
            return Vec::new();
        };
        self.show_tab(Tab::MyDigits);
        let digits = self.my_digits.all().to_vec();
        let sentence = format!("Practising on {}", self.my_digits.count_sentence());
        let job = self.add_job(JobKind::Practise, sentence);
        let network = Arc::clone(&self.model.network);
        self.practise.offer = None;
        self.practise.from = Some(Arc::clone(&network));
        vec![Effect::Practise {
            job,
            network,
            data,
            digits,
            seed: self.model.record.steps,
        }]
    }

    /// It has ended; nothing is changed before the user takes it.
    pub(super) fn practised(
        &mut self,
        job: u64,
        replay_name: String,
        result: Result<Box<Practised>, String>,
    ) {
        if !self.end_job(job) {
            return;
        }
        let from = self.practise.from.take();
        match (result, from) {
            (Ok(practised), Some(from)) => {
                let offer = Offer {
                    practised: *practised,
                    replay_name,
                    from,
                };
                if let Some(first) = offer.comparisons().first() {
                    self.say(format!(
                        "{}: {} before practising, {} after; take it or leave it in My digits",
                        first.of,
                        score_text(&first.scores.before),
                        score_text(&first.scores.after)
                    ));
                }
                self.practise.offer = Some(offer);
            }
            (Err(sentence), _) => self.complain(sentence),
            (Ok(_), None) => {}
        }
    }

    /// The practised network takes the place of the present one, which can be put back.
    pub(super) fn take_practised(&mut self) -> Vec<Effect> {
        if AppCommand::TakePractised.enabled(self).is_err() {
            return Vec::new();
        }
        let Some(offer) = self.practise.offer.take() else {
            return Vec::new();
        };
        let practised = self.model.after_practising(&offer.practised);
        let effects = self.change_places_with(practised);
        self.say("The network reads with what it has practised; the one before can be put back in My digits");
        effects
    }

    pub(super) fn leave_practised(&mut self) {
        if self.practise.offer.take().is_some() {
            self.say("The network is as it was");
        }
    }

    /// The network before practising and the practised one change places.
    pub(super) fn swap_practised(&mut self) -> Vec<Effect> {
        if AppCommand::SwapPractised.enabled(self).is_err() {
            return Vec::new();
        }
        let Some(other) = self.practise.other.take() else {
            return Vec::new();
        };
        let effects = self.change_places_with(*other.model);
        self.say(format!("“{}” is back", self.model.name));
        effects
    }

    /// Whether the network from before practising, or the practised one, can be put back.
    pub fn has_other_network(&self) -> bool {
        let other = self.practise.other.as_ref();
        other.is_some_and(|other| other.of_generation == self.model.generation)
    }

    fn change_places_with(&mut self, model: crate::app::ModelState) -> Vec<Effect> {
        let (before, effects) = self.replace_network(model);
        self.practise.other = Some(OtherNetwork {
            model: Box::new(before),
            of_generation: self.model.generation,
        });
        effects
    }
}
