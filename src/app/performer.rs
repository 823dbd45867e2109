use super::dialogs;
use super::file_work::{FileWork, FileWorker};
use super::jobs;
use super::opening::look_at;
use super::{Effect, IndexedExamples, News};
use crate::answering::{Calibration, Gate};
use crate::explain::ExampleIndex;
use crate::model_file::found_models;
use crate::training::{Command, Event, Trainer};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Carries out effects away from the window's thread, and brings the news back.
pub struct Performer {
    reporter: Reporter,
    news: Receiver<News>,
    /// One for each run, so that late news of a run that was replaced cannot reach the next one.
    trainer: Option<Trainer>,
    /// `None` when the thread could not be started; whoever needs it hears so.
    files: Option<FileWorker>,
    /// Of the jobs that may still be running.
    cancels: HashMap<u64, Arc<AtomicBool>>,
}

/// Sends news to the window, from any thread, and wakes it.
#[derive(Clone)]
pub(super) struct Reporter {
    sender: Sender<News>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Performer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Performer")
            .field("trainer", &self.trainer)
            .field("jobs", &self.cancels.keys())
            .finish_non_exhaustive()
    }
}

impl Performer {
    /// `wake` asks the window for a frame when there is news.
    pub fn new(wake: impl Fn() + Send + Sync + Clone + 'static) -> Self {
        let (sender, news) = channel();
        let reporter = Reporter {
            sender,
            wake: Arc::new(wake),
        };
        let files = FileWorker::spawn(reporter.clone());
        if let Err(error) = &files {
            reporter.problem(format!(
                "Files cannot be written: no thread can be started ({error})"
            ));
        }
        Self {
            reporter,
            news,
            trainer: None,
            files: files.ok(),
            cancels: HashMap::new(),
        }
    }

    /// Starts carrying out `effect`; never blocks. `frame` is the parent of dialogs. `CloseWindow` is the caller's.
    pub fn perform(&mut self, effect: Effect, frame: Option<&eframe::Frame>) {
        match effect {
            Effect::Train(command) => self.train(command),
            Effect::OpenDialog(dialog) => dialogs::open(dialog, frame, self.reporter.clone()),
            Effect::Write {
                purpose,
                path,
                bytes,
            } => self.work_on_files(FileWork::Write {
                purpose,
                path,
                bytes,
            }),
            Effect::WriteModel { path, model } => {
                self.work_on_files(FileWork::WriteModel { path, model });
            }
            Effect::Recovery(Some(model)) => self.work_on_files(FileWork::KeepForRecovery(model)),
            Effect::Recovery(None) => self.work_on_files(FileWork::RemoveRecovery),
            Effect::FindRecovery => self.work_on_files(FileWork::FindRecovery),
            Effect::ForgetRecovered => self.work_on_files(FileWork::ForgetRecovered),
            Effect::LoadMyDigits => self.work_on_files(FileWork::LoadMyDigits),
            Effect::SaveMyDigits(digits) => self.work_on_files(FileWork::SaveMyDigits(digits)),
            Effect::ExportMyDigits { path, digits } => {
                self.work_on_files(FileWork::ExportMyDigits { path, digits });
            }
            Effect::FindModels => self.in_background("finding models", |reporter| {
                reporter.tell(News::ModelsFound(found_models()));
            }),
            Effect::Open { path, purpose } => {
                self.in_background("opening", move |reporter| {
                    reporter.tell(look_at(path, purpose));
                });
            }
            Effect::LoadData { job, source } => self.start_job(job, move |reporter, cancel| {
                jobs::load_data(job, source, reporter, cancel);
            }),
            Effect::FetchMnist { job } => self.start_job(job, move |reporter, cancel| {
                jobs::fetch(job, reporter, cancel);
            }),
            Effect::Score {
                job,
                network,
                data,
                step,
            } => self.start_job(job, move |reporter, cancel| {
                jobs::score(job, &network, &data, step, reporter, cancel);
            }),
            Effect::Calibrate { network, data } => {
                self.in_background("calibration", move |reporter| {
                    let calibration = Calibration::fit(&network, Gate::bundled(), &data.validation);
                    reporter.tell(News::Calibrated {
                        network,
                        calibration,
                    });
                });
            }
            Effect::CheckGradients { network, examined } => {
                self.in_background("gradient check", move |reporter| {
                    let checked = jobs::check_gradients(network, examined);
                    reporter.tell(News::GradientsChecked(checked));
                });
            }
            Effect::IndexExamples { network, data } => {
                self.in_background("nearest examples", move |reporter| {
                    let index = Arc::new(ExampleIndex::new(&network, &data.train));
                    reporter.tell(News::ExamplesIndexed(IndexedExamples {
                        network,
                        data,
                        index,
                    }));
                });
            }
            Effect::AverageNudges(work) => {
                self.in_background("averaged nudges", move |reporter| {
                    let averaged = work.average().map(Box::new);
                    reporter.tell(News::NudgesAveraged(averaged));
                });
            }
            Effect::MeasureSettling { job, network, data } => {
                self.start_job(job, move |reporter, cancel| {
                    jobs::measure_settling(job, &network, &data, reporter, cancel);
                });
            }
            Effect::Practise {
                job,
                network,
                data,
                digits,
                seed,
            } => self.start_job(job, move |reporter, cancel| {
                let setup = jobs::practise_setup(network, data, &digits, seed);
                jobs::practise_on_mine(job, &setup, reporter, cancel);
            }),
            Effect::DrawSurface { job, request } => self.start_job(job, move |reporter, cancel| {
                jobs::draw(job, &request, reporter, cancel);
            }),
            Effect::CancelJob { job } => {
                if let Some(cancel) = self.cancels.remove(&job) {
                    cancel.store(true, Ordering::Relaxed);
                }
            }
            Effect::CloseWindow => {}
        }
    }

    /// All news since the last call. A network comes before the events that tell what was done with it.
    pub fn news(&mut self) -> Vec<News> {
        let mut all = Vec::new();
        if let Some(trainer) = &self.trainer {
            let events: Vec<Event> = std::iter::from_fn(|| trainer.try_event()).collect();
            // Taken after the events, the network is at least as new as they are.
            all.extend(trainer.take_snapshot().map(News::Snapshot));
            all.extend(events.into_iter().map(News::Training));
        }
        all.extend(self.news.try_iter());
        for news in &all {
            if let News::DataLoaded { job, .. }
            | News::Fetched { job, .. }
            | News::Scored { job, .. }
            | News::Practised { job, .. }
            | News::SettlingMeasured { job, .. }
            | News::SurfaceDrawn { job, .. }
            | News::JobFailed { job, .. } = news
            {
                self.cancels.remove(job);
            }
        }
        all
    }

    fn train(&mut self, command: Command) {
        match command {
            Command::Load(_) => {
                self.end_training();
                let wake = Arc::clone(&self.reporter.wake);
                match Trainer::spawn(move || wake()) {
                    Ok(trainer) => {
                        trainer.send(command);
                        self.trainer = Some(trainer);
                    }
                    Err(error) => self.reporter.tell(News::Training(Event::Failed {
                        reason: format!("no thread can be started ({error})"),
                    })),
                }
            }
            Command::Stop => self.end_training(),
            _ => {
                if let Some(trainer) = &self.trainer {
                    trainer.send(command);
                }
            }
        }
    }

    /// The thread is waited for elsewhere: it may be in the middle of a mini-batch.
    fn end_training(&mut self) {
        if let Some(trainer) = self.trainer.take() {
            let ending = std::thread::Builder::new()
                .name("end of training".into())
                .spawn(move || drop(trainer));
            // Without a thread the closure is dropped here, and the trainer with it.
            drop(ending);
        }
    }

    fn work_on_files(&self, work: FileWork) {
        match &self.files {
            Some(files) => files.send(work),
            None => self
                .reporter
                .tell(work.failed("no thread could be started")),
        }
    }

    fn start_job(&mut self, job: u64, work: impl FnOnce(&Reporter, &AtomicBool) + Send + 'static) {
        let cancel = Arc::new(AtomicBool::new(false));
        self.cancels.insert(job, Arc::clone(&cancel));
        let reporter = self.reporter.clone();
        let failed = move |sentence| reporter.tell(News::JobFailed { job, sentence });
        self.spawn("job", move |reporter| work(reporter, &cancel), failed);
    }

    fn in_background(&self, name: &str, work: impl FnOnce(&Reporter) + Send + 'static) {
        let reporter = self.reporter.clone();
        self.spawn(name, work, move |sentence| reporter.problem(sentence));
    }

    /// `failed` hears of a panic of `work`, and when there is no thread to do it in.
    fn spawn(
        &self,
        name: &str,
        work: impl FnOnce(&Reporter) + Send + 'static,
        failed: impl Fn(String) + Send + Clone + 'static,
    ) {
        let reporter = self.reporter.clone();
        let panicked = failed.clone();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(&reporter))) {
                    panicked(panic_sentence(&*panic));
                }
            });
        if let Err(error) = thread {
            failed(format!("No thread can be started for this ({error})"));
        }
    }
}

impl Drop for Performer {
    fn drop(&mut self) {
        for cancel in self.cancels.values() {
            cancel.store(true, Ordering::Relaxed);
        }
    }
}

impl Reporter {
    pub fn tell(&self, news: News) {
        // Nobody listens any more only while the program ends.
        if self.sender.send(news).is_ok() {
            (self.wake)();
        }
    }

    pub fn problem(&self, sentence: String) {
        self.tell(News::Problem { sentence });
    }
}

/// What a panic says, as a sentence for the user.
pub(super) fn panic_sentence(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    format!("There is a mistake in Inkgrad, and this could not be done: {text}")
}
