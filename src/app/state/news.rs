use super::AppState;
use crate::app::{Effect, News};

impl AppState {
    /// Takes in what came of an effect.
    pub fn receive(&mut self, news: News) -> Vec<Effect> {
        let effects = self.take_in(news);
        self.watch_lesson();
        effects
    }

    fn take_in(&mut self, news: News) -> Vec<Effect> {
        match news {
            News::Training(event) => self.take_event(event),
            News::Snapshot(snapshot) => {
                self.take_snapshot(&snapshot);
                Vec::new()
            }
            News::Chosen { purpose, path } => self.chosen(purpose, path),
            News::NoDialog { sentence } => {
                self.no_dialog(sentence);
                Vec::new()
            }
            News::Written {
                purpose,
                path,
                result,
            } => self.written(purpose, path, result),
            News::ModelOpened { path, result } => self.model_opened(path, result),
            News::LessonOpened { path, result } => self.lesson_opened(&path, result),
            News::PictureOpened { path, result } => {
                self.picture_opened(&path, result);
                Vec::new()
            }
            News::DrawingOpened { path, result } => {
                self.drawing_opened(&path, result);
                Vec::new()
            }
            News::DataFound { path } => self.choose_data(crate::data::DataSource::Path(path)),
            News::DataProgress { job, fraction }
            | News::ScoreProgress { job, fraction }
            | News::PractiseProgress { job, fraction }
            | News::SettlingProgress { job, fraction } => {
                self.set_job_progress(job, fraction);
                Vec::new()
            }
            News::DataLoaded {
                job,
                source,
                result,
            } => self.data_loaded(job, source, result),
            News::Fetching { job, progress } => {
                self.fetching(job, &progress);
                Vec::new()
            }
            News::Fetched { job, result } => self.fetched(job, result),
            News::Scored { job, scored } => {
                self.scored(job, *scored);
                Vec::new()
            }
            News::ExamplesIndexed(indexed) => {
                self.examples_indexed(indexed);
                Vec::new()
            }
            News::NudgesAveraged(averaged) => {
                self.nudges_averaged(averaged);
                Vec::new()
            }
            News::SettlingMeasured { job, settling } => {
                self.settling_measured(job, settling);
                Vec::new()
            }
            News::GradientsChecked(outcome) => {
                self.gradients_checked(outcome);
                Vec::new()
            }
            News::Calibrated {
                network,
                calibration,
            } => {
                self.calibrated(&network, calibration);
                Vec::new()
            }
            News::Practised {
                job,
                replay_name,
                result,
            } => {
                self.practised(job, replay_name, result);
                Vec::new()
            }
            News::SurfaceRefined {
                job,
                fraction,
                surface,
            } => {
                self.surface_refined(job, fraction, surface);
                Vec::new()
            }
            News::SurfaceDrawn { job, result } => {
                self.surface_drawn(job, result);
                Vec::new()
            }
            News::JobFailed { job, sentence } => {
                self.job_failed(job, sentence);
                Vec::new()
            }
            News::MyDigitsLoaded(result) => self.my_digits_loaded(result),
            News::MyDigitsSaved(result) => {
                self.my_digits_saved(result);
                Vec::new()
            }
            News::MyDigitsImported { path, result } => self.my_digits_imported(&path, result),
            News::ModelsFound(models) => {
                self.found_models = models;
                Vec::new()
            }
            News::RecoveryFound(model) => {
                self.ask_to_restore(*model);
                Vec::new()
            }
            News::Problem { sentence } => {
                self.complain(sentence);
                Vec::new()
            }
        }
    }
}
