//! What the program says about itself.

use super::AppState;
use super::network_rules::Candidate;
use crate::app::model::difference;
use crate::app::{JobKind, Origin, Phase};
use crate::data::{FetchProgress, grouped};
use crate::training::{FieldError, Hyperparameters};

impl AppState {
    /// What the play button would do now, in words: "Train a fresh 784-128-64-10 network on MNIST".
    pub fn play_sentence(&self) -> String {
        let hyperparameters = &self.settings.hyperparameters;
        match &self.runs.phase {
            Phase::Running => return "Pause training".into(),
            Phase::Paused => return "Go on training".into(),
            Phase::Diverged(_) => {
                return "Go back to the last good network and learn slower".into();
            }
            Phase::Finished if !self.next_run_differs() => {
                return format!("Train for {} more", epochs_text(hyperparameters.epochs));
            }
            Phase::Finished | Phase::Idle => {}
        }
        if let Err(errors) = hyperparameters.check() {
            return wrong_settings(&errors);
        }
        let data = self.data_name();
        let what = match self.candidate() {
            Candidate::Fresh => {
                let sizes = hyperparameters.architecture();
                format!("Train a fresh {sizes} network on {data}")
            }
            Candidate::Present if self.model.record.steps > 0 => format!(
                "Train the {} network further, from step {}, on {data}",
                self.model.sizes(),
                grouped(self.model.record.steps)
            ),
            Candidate::Present => format!("Train the {} network on {data}", self.model.sizes()),
            Candidate::Undecided => {
                "Ask which network to train: the settings describe another one than \
                                     the present one"
                    .into()
            }
        };
        match self.data.sets {
            Some(_) if !self.has_job(JobKind::LoadData) => what,
            _ => format!("{what}, as soon as the data is loaded"),
        }
    }

    /// The settings describe another network than the present one: what needs new weights, in words.
    pub fn needs_new_weights(&self) -> Option<String> {
        match self.model.origin {
            Origin::Bundled => None,
            Origin::Fresh | Origin::File(_) => self.difference_from_network(),
        }
    }

    /// What the present model is and how good it was found: "A 784-128-64-10 network, trained for 8,600 steps (10.0
    /// epochs) on MNIST; it reads 98.10 % of 10,000 test digits rightly".
    pub fn model_sentence(&self) -> String {
        let (record, sizes) = (&self.model.record, self.model.sizes());
        let training = match (record.steps, &self.model.origin) {
            (0, Origin::Fresh) => return format!("A {sizes} network that has learned nothing yet"),
            // A file that another program wrote may say nothing about its training.
            (0, _) => match &record.assumed {
                Some(assumed) => format!("A {sizes} network; assumed: {assumed}"),
                None => format!("A {sizes} network"),
            },
            (steps, _) => format!(
                "A {sizes} network, trained for {} steps ({:.1} epochs) on {}",
                grouped(steps),
                record.epochs,
                record.data
            ),
        };
        match (record.test_accuracy, record.test_count) {
            (Some(accuracy), Some(count)) => format!(
                "{training}; it reads {:.2} % of {} test digits rightly",
                100.0 * accuracy,
                grouped(u64::from(count))
            ),
            _ => training,
        }
    }

    /// What was changed in the settings that the present run does not take up: "Optimiser and schedule take effect
    /// with the next run".
    pub fn applies_to_next_run(&self) -> Option<String> {
        let active = self.active.as_ref()?;
        let (now, next) = (&active.hyperparameters, &self.settings.hyperparameters);
        let for_weights = [
            ("initial weights", now.init != next.init),
            ("initial biases", now.bias_init != next.bias_init),
        ];
        let sentences: Vec<String> = [
            (changed_for_next_run(now, next), "run"),
            (names_of(for_weights), "new network"),
        ]
        .iter()
        .filter_map(|(changed, next)| {
            let list = listed(changed)?;
            let verb = if changed.len() == 1 && !changed[0].ends_with('s') {
                "takes"
            } else {
                "take"
            };
            Some(format!("{list} {verb} effect with the next {next}"))
        })
        .collect();
        (!sentences.is_empty()).then(|| sentences.join("; "))
    }

    pub fn fetch_progress_sentence(progress: &FetchProgress) -> String {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let FetchProgress {
            file,
            file_number,
            bytes_done,
            bytes_total,
        } = progress;
        let name = file.split("-idx").next().unwrap_or(file);
        format!(
            "Fetching {name} ({file_number} of 4): {:.1} of {:.1} MB",
            megabytes(*bytes_done),
            megabytes(*bytes_total)
        )
    }

    /// "MNIST": what play would train on.
    pub fn data_name(&self) -> String {
        match &self.data.sets {
            Some(sets) if !self.has_job(JobKind::LoadData) => sets.name.clone(),
            _ => self.data.source.label(),
        }
    }

    pub(super) fn difference_from_network(&self) -> Option<String> {
        let wanted = self.settings.hyperparameters.architecture();
        difference(&wanted, &self.model.network.architecture())
    }

    /// The settings hold something that only a new run can take up.
    pub(super) fn next_run_differs(&self) -> bool {
        let changed = self.active.as_ref().map(|active| {
            changed_for_next_run(&active.hyperparameters, &self.settings.hyperparameters)
        });
        changed.is_none_or(|changed| !changed.is_empty()) || self.needs_new_weights().is_some()
    }

    /// "“784-30-10” has 1,200 steps of training that are in no file".
    pub(super) fn unsaved_sentence(&self) -> String {
        let steps = self
            .model
            .record
            .steps
            .saturating_sub(self.model.saved_steps);
        let noun = if steps == 1 { "step" } else { "steps" };
        let verb = if steps == 1 { "is" } else { "are" };
        format!(
            "“{}” has {} {noun} of training that {verb} in no file",
            self.model.name,
            grouped(steps)
        )
    }
}

/// The first wrong field, and how many others there are.
pub(super) fn wrong_settings(errors: &[FieldError]) -> String {
    match errors {
        [] => "The settings make no sense".into(),
        [only] => format!("Training cannot start: {only}"),
        [first, others @ ..] => {
            format!("Training cannot start: {first} (and {} more)", others.len())
        }
    }
}

/// A learning rate in at most four digits: a tenth of 0.3 is 0.03, not 0.030000001.
pub(super) fn rate_text(rate: f32) -> String {
    match format!("{rate:.3e}").parse::<f64>() {
        Ok(rounded) => rounded.to_string(),
        Err(_) => rate.to_string(),
    }
}

pub(super) fn epochs_text(epochs: usize) -> String {
    match epochs {
        1 => "1 epoch".into(),
        _ => format!("{epochs} epochs"),
    }
}

fn changed_for_next_run(now: &Hyperparameters, next: &Hyperparameters) -> Vec<&'static str> {
    names_of([
        ("learning rate", now.learning_rate != next.learning_rate),
        ("momentum", now.momentum != next.momentum),
        ("weight decay", now.weight_decay != next.weight_decay),
        ("batch size", now.batch_size != next.batch_size),
        ("optimiser", now.optimizer != next.optimizer),
        ("schedule", now.schedule != next.schedule),
        ("augmentation", now.augmentation != next.augmentation),
        ("seed", now.seed != next.seed),
        ("threads", now.threads != next.threads),
    ])
}

fn names_of<const N: usize>(changes: [(&'static str, bool); N]) -> Vec<&'static str> {
    changes
        .into_iter()
        .filter_map(|(name, changed)| changed.then_some(name))
        .collect()
}

/// "Optimiser, schedule and seed"
fn listed(names: &[&str]) -> Option<String> {
    let text = match names {
        [] => return None,
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_written_as_people_write_it() {
        assert_eq!(rate_text(0.3 / 10.0), "0.03");
        assert_eq!(rate_text(1e-6), "0.000001");
        assert_eq!(rate_text(1000.0), "1000");
    }

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(listed(&[]), None);
        assert_eq!(listed(&["seed"]).as_deref(), Some("Seed"));
        assert_eq!(
            listed(&["optimiser", "schedule", "seed"]).as_deref(),
            Some("Optimiser, schedule and seed")
        );
    }

    #[test]
    fn a_fetch_says_which_file_and_how_far() {
        let progress = FetchProgress {
            file: "train-images-idx3-ubyte.gz",
            file_number: 1,
            bytes_done: 3_200_000,
            bytes_total: 9_912_422,
        };
        assert_eq!(
            AppState::fetch_progress_sentence(&progress),
            "Fetching train-images (1 of 4): 3.2 of 9.9 MB"
        );
    }
}
