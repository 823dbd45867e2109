//! Choosing, loading and fetching data, scoring the test set, and the jobs that do it.

use super::play::Start;
use super::{AppState, DataState, Job, JobKind};
use crate::app::{Effect, ScoredSet};
use crate::data::grouped;
use crate::data::{DataSets, DataSource, FetchProgress};
use std::sync::Arc;

impl AppState {
    pub(super) fn choose_data(&mut self, source: DataSource) -> Vec<Effect> {
        self.settings.data_was_chosen = true;
        self.settings.data = source.clone();
        self.load_data(source)
    }

    /// Loads it in the background, in place of whatever was being loaded.
    pub(super) fn load_data(&mut self, source: DataSource) -> Vec<Effect> {
        let mut effects = self.cancel_jobs(JobKind::LoadData);
        let sentence = format!("Loading {}", source.label());
        let job = self.add_job(JobKind::LoadData, sentence);
        self.data.source = source.clone();
        effects.push(Effect::LoadData { job, source });
        effects
    }

    pub(super) fn data_loaded(
        &mut self,
        job: u64,
        source: DataSource,
        result: Result<Arc<DataSets>, String>,
    ) -> Vec<Effect> {
        if !self.end_job(job) {
            return Vec::new();
        }
        match result {
            Ok(sets) => self.use_data(sets),
            Err(sentence) => self.loading_failed(source, sentence),
        }
    }

    /// Play was pressed too early: remembered until there is data.
    pub(super) fn start_with_the_data(&mut self, start: Start) -> Vec<Effect> {
        self.start_when_loaded = Some(start);
        let name = self.data.source.label();
        self.say(format!("Training starts as soon as {name} is loaded"));
        if self.has_job(JobKind::LoadData) {
            return Vec::new();
        }
        self.load_data(self.data.source.clone())
    }

    pub(super) fn fetch_mnist(&mut self) -> Vec<Effect> {
        if self.has_job(JobKind::FetchMnist) {
            return Vec::new();
        }
        let job = self.add_job(JobKind::FetchMnist, "Fetching MNIST".into());
        vec![Effect::FetchMnist { job }]
    }

    pub(super) fn fetching(&mut self, job: u64, progress: &FetchProgress) {
        let files_done = progress.file_number.saturating_sub(1) as f32;
        let of_this_file = match progress.bytes_total {
            0 => 0.0,
            total => progress.bytes_done as f32 / total as f32,
        };
        self.set_job_progress(job, (files_done + of_this_file) / 4.0);
        if let Some(job) = self.jobs.iter_mut().find(|other| other.id == job) {
            job.sentence = Self::fetch_progress_sentence(progress);
        }
    }

    /// What was fetched is used at once.
    pub(super) fn fetched(&mut self, job: u64, result: Result<(), String>) -> Vec<Effect> {
        if !self.end_job(job) {
            return Vec::new();
        }
        match result {
            Ok(()) => {
                self.say("MNIST was fetched");
                self.choose_data(DataSource::Mnist)
            }
            Err(sentence) => {
                self.complain(sentence);
                Vec::new()
            }
        }
    }

    pub(super) fn score_test_set(&mut self) -> Vec<Effect> {
        let Some(data) = self.data.sets.clone() else {
            return Vec::new();
        };
        let mut effects = self.cancel_jobs(JobKind::Score);
        let job = self.add_job(JobKind::Score, "Scoring the test set".into());
        effects.push(Effect::Score {
            job,
            network: Arc::clone(&self.model.network),
            data,
            step: self.model.record.steps,
        });
        effects
    }

    pub(super) fn scored(&mut self, job: u64, scored: ScoredSet) {
        if self.end_job(job) {
            self.scored = Some(scored);
        }
    }

    /// The score was of another network, or of other data.
    pub(super) fn forget_score(&mut self) -> Vec<Effect> {
        self.scored = None;
        self.cancel_jobs(JobKind::Score)
    }

    pub(super) fn cancel_job(&mut self, id: u64) -> Vec<Effect> {
        let Some(kind) = self.job_kind(id) else {
            return Vec::new();
        };
        match kind {
            JobKind::LoadData => {
                self.start_when_loaded = None;
                self.keep_present_data();
            }
            JobKind::Settling => self.decline_settling(),
            JobKind::DrawSurface => self.surface_stopped("The last drawing was stopped".into()),
            JobKind::FetchMnist | JobKind::Score | JobKind::Practise => {}
        }
        self.end_job(id);
        vec![Effect::CancelJob { job: id }]
    }

    pub(super) fn job_failed(&mut self, id: u64, sentence: String) {
        match self.job_kind(id) {
            Some(JobKind::LoadData) => {
                self.start_when_loaded = None;
                self.data.error = Some(sentence.clone());
            }
            Some(JobKind::Settling) => self.decline_settling(),
            Some(JobKind::DrawSurface) => self.surface_stopped(sentence.clone()),
            _ => {}
        }
        if self.end_job(id) {
            self.complain(sentence);
        }
    }

    pub(super) fn set_job_progress(&mut self, id: u64, fraction: f32) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) {
            job.fraction = fraction.clamp(0.0, 1.0);
        }
    }

    pub(in crate::app) fn has_job(&self, kind: JobKind) -> bool {
        self.jobs.iter().any(|job| job.kind == kind)
    }

    fn job_kind(&self, id: u64) -> Option<JobKind> {
        let job = self.jobs.iter().find(|job| job.id == id)?;
        Some(job.kind)
    }

    fn use_data(&mut self, sets: Arc<DataSets>) -> Vec<Effect> {
        self.data.error = None;
        for note in &sets.notes {
            self.say(note.clone());
        }
        self.say(format!(
            "{}: {} digits to learn from, {} to watch, {} to be judged by",
            sets.name,
            grouped(sets.train.len() as u64),
            grouped(sets.validation.len() as u64),
            match sets.test.len() {
                0 => "none".to_owned(),
                count => grouped(count as u64),
            }
        ));
        let mut effects = Vec::new();
        if self.active.is_some() {
            let name = sets.name.clone();
            effects.extend(self.stop_training());
            self.say(format!(
                "The run has ended, its weights are kept: play trains them on {name}"
            ));
        }
        self.data.sets = Some(sets);
        // Other examples may do where the last ones were too few.
        self.calibrating = None;
        effects.extend(self.forget_score());
        if let Some(start) = self.start_when_loaded.take() {
            effects.extend(self.start(start));
        }
        effects.extend(self.calibrate_at_rest());
        effects
    }

    /// The data that is there stays. Where there is none yet, practice digits always are.
    fn loading_failed(&mut self, source: DataSource, sentence: String) -> Vec<Effect> {
        self.start_when_loaded = None;
        self.complain(sentence.clone());
        let mut effects = Vec::new();
        if self.data.sets.is_none() && source != DataSource::Practice {
            // The settings keep what is missing only now: a disk that will be there at the next start.
            self.warn("Practice digits are used instead");
            effects = self.load_data(DataSource::Practice);
        }
        self.keep_present_data();
        self.data.error = Some(sentence);
        effects
    }

    /// What was asked for will not come: the data that is there, if any, stays the chosen one.
    fn keep_present_data(&mut self) {
        if let Some(sets) = &self.data.sets {
            self.data.source = sets.source.clone();
            self.settings.data = sets.source.clone();
        }
    }

    /// The data from before a lesson; where that was still being loaded, it is loaded now.
    pub(super) fn put_data_back(&mut self, earlier: DataState) -> Vec<Effect> {
        let mut effects = self.cancel_jobs(JobKind::LoadData);
        self.start_when_loaded = None;
        if self.active.is_some() {
            effects.extend(self.stop_training());
        }
        effects.extend(self.forget_score());
        let source = earlier.source.clone();
        let is_there = earlier.sets.is_some();
        self.data = earlier;
        if !is_there {
            effects.extend(self.load_data(source));
        }
        effects
    }

    pub(super) fn add_job(&mut self, kind: JobKind, sentence: String) -> u64 {
        self.next_job += 1;
        self.jobs.push(Job {
            id: self.next_job,
            kind,
            fraction: 0.0,
            sentence,
        });
        self.next_job
    }

    /// Whether there was such a job: what comes of another one is out of date.
    pub(super) fn end_job(&mut self, id: u64) -> bool {
        let before = self.jobs.len();
        self.jobs.retain(|job| job.id != id);
        self.jobs.len() < before
    }

    pub(super) fn cancel_jobs(&mut self, kind: JobKind) -> Vec<Effect> {
        let (cancelled, kept) = std::mem::take(&mut self.jobs)
            .into_iter()
            .partition(|job| job.kind == kind);
        self.jobs = kept;
        let cancelled: Vec<Job> = cancelled;
        cancelled
            .into_iter()
            .map(|job| Effect::CancelJob { job: job.id })
            .collect()
    }
}
