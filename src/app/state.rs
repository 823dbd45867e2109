mod active_run;
mod calibrating;
mod data_rules;
mod descent_rules;
mod drawing_rules;
mod file_rules;
mod indexing;
mod lesson_rules;
mod microscope_rules;
mod my_digits_rules;
mod network_rules;
mod news;
mod nudge_rules;
mod play;
mod practise_rules;
mod questions;
mod saving;
mod sentences;
mod surface_rules;
#[cfg(test)]
mod tests;
mod training_news;
mod worlds_rules;

use super::lessons::OngoingLesson;
use super::model::ModelState;
use super::settings::ZOOM_RANGE;
use super::{
    AppCommand, Depth, DialogFor, Effect, Level, Log, Microscope, MicroscopeView, MyDigits, Nudges,
    Origin, Pad, PractiseState, Reading, Runs, ScoredSet, Settings, SurfaceState, Tab, TapeChoice,
    Worlds,
};
pub use crate::data::grouped;
use crate::data::{DataSets, DataSource};
use crate::ink::Steps;
use crate::model_file::{FoundModel, Model, TrainingRecord, bundled_model};
use crate::nn::Network;
pub use indexing::IndexedExamples;

use active_run::ActiveRun;
use play::Start;
use questions::Asked;
use saving::{Errand, RecoveryClock, Saving};
use std::collections::VecDeque;
use std::sync::Arc;

/// What the program *is*; what only painting needs lives in the panels.
#[derive(Debug)]
pub struct AppState {
    pub settings: Settings,
    pub pad: Pad,
    /// Which steps of the normalisation the pad's ink goes through: all of them at every start.
    pub steps: Steps,
    /// `None` while the pad is blank.
    pub reading: Option<Reading>,
    pub model: ModelState,
    pub runs: Runs,
    /// What the user has drawn and kept.
    pub my_digits: MyDigits,
    pub microscope: Microscope,
    /// The mini-batch under the microscope.
    pub nudges: Nudges,
    pub tape: TapeChoice,
    pub worlds: Worlds,
    /// The lesson that goes on.
    pub lesson: Option<Box<OngoingLesson>>,
    pub surface: SurfaceState,
    /// What came of practising on them.
    pub practise: PractiseState,
    pub data: DataState,
    /// Models in the folders for models, as they were when it was last looked.
    pub found_models: Vec<FoundModel>,
    /// Long work that is going on, oldest first.
    pub jobs: Vec<Job>,
    /// The test set as the network last answered it.
    pub scored: Option<ScoredSet>,
    pub log: Log,
    /// A question that waits for an answer, in front of everything.
    pub question: Option<Question>,
    pub show_shortcuts: bool,
    pub show_log: bool,
    pub show_about: bool,
    pub show_frame_times: bool,
    /// What `question` is about.
    asked: Option<Asked>,
    /// Questions that came up while another one was open.
    waiting_questions: VecDeque<(Question, Asked)>,
    /// The run that the training thread holds.
    active: Option<ActiveRun>,
    /// Play or a step was pressed before there was data.
    start_when_loaded: Option<Start>,
    /// What goes on when the model is in a file.
    after_saving: Option<Errand>,
    /// Models on their way into files, in order.
    savings: VecDeque<Saving>,
    open_dialog: Option<DialogFor>,
    /// The picture of the curves, until it is known where to put it.
    curves_png: Option<Vec<u8>>,
    recovery: RecoveryClock,
    next_job: u64,
    /// The training digits as a network sees them; possibly another one than the present.
    indexed: Option<IndexedExamples>,
    /// They are being made ready.
    is_indexing: bool,
    /// What a calibration is being fitted to, or was without success.
    calibrating: Option<Arc<Network>>,
    practice_digits: u64,
}

/// The data set in use. While another one is loaded, `sets` is still the old one.
#[derive(Clone, Debug)]
pub struct DataState {
    /// What was asked for.
    pub source: DataSource,
    pub sets: Option<Arc<DataSets>>,
    /// Why the last loading failed.
    pub error: Option<String>,
}

/// Long work with its progress; each can be cancelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: u64,
    pub kind: JobKind,
    /// 0..=1
    pub fraction: f32,
    /// "Fetching train-images (1 of 4): 3.2 of 9.9 MB"
    pub sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    LoadData,
    FetchMnist,
    Score,
    Practise,
    /// The gradient over the training set, and how mini-batches settle to it.
    Settling,
    DrawSurface,
}

/// A question in front of everything, with its buttons; the last one is always the harmless one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub title: String,
    pub text: String,
    pub buttons: Vec<String>,
}

/// One press of zoom in or out.
const ZOOM_STEP: f32 = 0.1;

impl AppState {
    /// The program at its start: the bundled model, a blank pad. The effects load the data.
    pub fn new(settings: Settings) -> (Self, Vec<Effect>) {
        let settings = settings.within_ranges();
        if let Some(model) = bundled_model("default") {
            return Self::with_model(settings, model, Origin::Bundled);
        }
        let usual = crate::training::Hyperparameters::default();
        let fresh = settings.hyperparameters.check().or_else(|_| usual.check());
        let Some(network) = fresh.ok().and_then(|checked| checked.fresh_network().ok()) else {
            unreachable!("the usual settings describe a network, as a test of theirs holds");
        };
        let model = Model {
            name: "Untrained".into(),
            network,
            record: TrainingRecord::default(),
            calibration: None,
        };
        let (mut state, effects) = Self::with_model(settings, model, Origin::Fresh);
        state.log.say(
            Level::Error,
            "The bundled model is damaged, so this network knows nothing yet: press play to train it",
        );
        (state, effects)
    }

    /// The same with another first model.
    pub fn with_model(settings: Settings, model: Model, origin: Origin) -> (Self, Vec<Effect>) {
        let source = if !settings.data_was_chosen && DataSource::mnist_dir().is_some() {
            DataSource::Mnist
        } else {
            settings.data.clone()
        };
        let mut state = Self {
            pad: Pad::new(settings.pen_width),
            steps: Steps::ALL,
            reading: None,
            model: ModelState::new(model, origin),
            runs: Runs::default(),
            my_digits: MyDigits::default(),
            microscope: Microscope::default(),
            nudges: Nudges::default(),
            tape: TapeChoice::default(),
            worlds: Worlds::default(),
            lesson: None,
            surface: SurfaceState::default(),
            practise: PractiseState::default(),
            data: DataState {
                source: source.clone(),
                sets: None,
                error: None,
            },
            found_models: Vec::new(),
            jobs: Vec::new(),
            scored: None,
            log: Log::default(),
            question: None,
            show_shortcuts: false,
            show_log: false,
            show_about: false,
            show_frame_times: false,
            asked: None,
            waiting_questions: VecDeque::new(),
            active: None,
            start_when_loaded: None,
            after_saving: None,
            savings: VecDeque::new(),
            open_dialog: None,
            curves_png: None,
            recovery: RecoveryClock::default(),
            next_job: 0,
            indexed: None,
            is_indexing: false,
            calibrating: None,
            practice_digits: 0,
            settings,
        };
        state.follow_path();
        let mut effects = vec![
            Effect::FindRecovery,
            Effect::LoadMyDigits,
            Effect::FindModels,
        ];
        effects.extend(state.load_data(source));
        (state, effects)
    }

    /// Carries out a command. One that cannot be carried out now does nothing.
    pub fn handle(&mut self, command: AppCommand) -> Vec<Effect> {
        if self.question.is_some() && command.must_wait_for_answer(self) {
            return Vec::new();
        }
        self.note_for_lesson(&command);
        // A lesson looks when the pen rests: a quick hand moves it many times in a frame.
        let is_drawing = matches!(command, AppCommand::PenMove { .. });
        let effects = self.carry_out(command);
        if !is_drawing {
            self.watch_lesson();
        }
        effects
    }

    fn carry_out(&mut self, command: AppCommand) -> Vec<Effect> {
        match command {
            AppCommand::PenDown { .. }
            | AppCommand::PenMove { .. }
            | AppCommand::PenUp
            | AppCommand::Undo
            | AppCommand::Redo
            | AppCommand::ClearPad
            | AppCommand::ToggleEraser
            | AppCommand::SetPenWidth(_)
            | AppCommand::ShowExample { .. }
            | AppCommand::WritePracticeDigit => {
                self.change_pad(command);
                Vec::new()
            }
            AppCommand::SetLabel(label) => self.label_drawing(label),
            AppCommand::PutMyDigit { .. }
            | AppCommand::RelabelMyDigit { .. }
            | AppCommand::DeleteMyDigit { .. }
            | AppCommand::DeleteMyDigits
            | AppCommand::UndoMyDigits
            | AppCommand::ImportMyDigits
            | AppCommand::ExportMyDigits => self.change_my_digits(command),
            AppCommand::SetSteps(steps) => {
                self.set_steps(steps);
                Vec::new()
            }
            AppCommand::PractiseOnMine => self.practise(),
            AppCommand::TakePractised => self.take_practised(),
            AppCommand::LeavePractised => {
                self.leave_practised();
                Vec::new()
            }
            AppCommand::SwapPractised => self.swap_practised(),
            AppCommand::PlayPause => self.play_or_pause(),
            AppCommand::Step(size) => self.step(size),
            AppCommand::ResetWeights => self.reset_weights(),
            AppCommand::NewNetwork => self.new_network(),
            AppCommand::SetSpeed(speed) => self.set_speed(speed),
            AppCommand::SetHyperparameters(hyperparameters) => {
                self.set_hyperparameters(*hyperparameters)
            }
            AppCommand::ApplyPreset(preset) => self.apply_preset(preset),
            AppCommand::Recover => self.recover(),
            AppCommand::ToggleRun { .. }
            | AppCommand::RenameRun { .. }
            | AppCommand::DeleteRun { .. } => {
                self.change_runs(command);
                Vec::new()
            }
            AppCommand::ChooseData(source) => self.choose_data(source),
            AppCommand::FetchMnist => self.fetch_mnist(),
            AppCommand::ScoreTestSet => self.score_test_set(),
            AppCommand::IndexExamples => self.index_examples(),
            AppCommand::CancelJob { id } => self.cancel_job(id),
            AppCommand::OpenDataFolder => self.open_dialog(DialogFor::OpenDataFolder, None),
            AppCommand::OpenDataFile => self.open_dialog(DialogFor::OpenDataFile, None),
            AppCommand::OpenModel => self.open_dialog(DialogFor::OpenModel, None),
            AppCommand::OpenDrawing => self.open_dialog(DialogFor::OpenDrawing, None),
            AppCommand::OpenRecent { path } => self.open_file(path, Some(DialogFor::OpenModel)),
            AppCommand::FileDropped { path } => self.open_file(path, None),
            AppCommand::OpenBundled { name } => self.open_bundled(name),
            AppCommand::SaveModel => self.save_model(),
            AppCommand::SaveModelAs => self.save_model_as(),
            AppCommand::SaveDrawingPng
            | AppCommand::SaveDrawing28
            | AppCommand::SaveDrawingStrokes
            | AppCommand::ExportCurvesCsv
            | AppCommand::ExportCurvesPng { .. } => self.export(command),
            AppCommand::ApplyNudge => self.apply_nudge(),
            AppCommand::UndoNudge => self.undo_nudge(),
            AppCommand::CheckGradients => self.check_gradients(),
            AppCommand::FreezeNetwork
            | AppCommand::ReleaseNetwork
            | AppCommand::MoveStep(_)
            | AppCommand::PlaySteps(_)
            | AppCommand::ShowCode(_)
            | AppCommand::ShowDetail(_)
            | AppCommand::ChooseUnit(_)
            | AppCommand::ChooseParameter(_) => {
                self.change_microscope(command);
                Vec::new()
            }
            AppCommand::InSmallWorld(command) => {
                self.change_world(command);
                Vec::new()
            }
            AppCommand::OpenLesson => self.open_dialog(DialogFor::OpenLesson, None),
            AppCommand::BeginLesson { .. }
            | AppCommand::LeaveLesson
            | AppCommand::NextLessonStep
            | AppCommand::PreviousLessonStep
            | AppCommand::ShowLessonStep { .. }
            | AppCommand::SetUpForLesson { .. }
            | AppCommand::AnswerLesson { .. } => self.change_lesson(command),
            AppCommand::SetNudgeBatch(_)
            | AppCommand::DrawNudgeBatch
            | AppCommand::PickNudgesByHand(_)
            | AppCommand::PickNudge { .. }
            | AppCommand::PickDrawing
            | AppCommand::ShowNudgesOf(_)
            | AppCommand::AverageNudges
            | AppCommand::MeasureSettling
            | AppCommand::SetTapeBias(_)
            | AppCommand::SetTapeMistake(_) => self.change_nudges(command),
            AppCommand::DrawSurface(kind) => self.draw_surface(kind),
            AppCommand::MoveBall { at } => {
                self.surface.move_ball(at);
                Vec::new()
            }
            AppCommand::PutNetworkHere => self.put_network_here(),
            AppCommand::PutNetworkBack => self.put_network_back(),
            AppCommand::Quit => self.quit(),
            AppCommand::Answer { button } => self.answer(button),
            AppCommand::SetDepth(_)
            | AppCommand::SetTheme(_)
            | AppCommand::SetZoom(_)
            | AppCommand::ZoomIn
            | AppCommand::ZoomOut
            | AppCommand::ResetZoom
            | AppCommand::ShowShortcuts(_)
            | AppCommand::ShowLog(_)
            | AppCommand::ShowAbout(_)
            | AppCommand::ToggleFrameTimes
            | AppCommand::ShowTab(_)
            | AppCommand::ShowMicroscopeView(_)
            | AppCommand::ToggleLargeType
            | AppCommand::DismissMessage => {
                self.change_window(command);
                Vec::new()
            }
        }
    }

    /// Called each frame with the seconds since the start, for what is due by time (the recovery file).
    pub fn tick(&mut self, now_secs: f64) -> Vec<Effect> {
        self.log.set_now(now_secs);
        self.play_steps(now_secs);
        let mut effects = self.rest_after_nudges(now_secs);
        effects.extend(self.keep_recovery_file(now_secs));
        effects
    }

    fn change_window(&mut self, command: AppCommand) {
        match command {
            AppCommand::SetDepth(depth) => self.settings.depth = depth,
            AppCommand::ShowTab(tab) => self.show_tab(tab),
            AppCommand::ShowMicroscopeView(view) => self.show_microscope_view(view),
            AppCommand::SetTheme(theme) => self.settings.theme = theme,
            AppCommand::SetZoom(zoom) => self.settings.set_zoom(zoom),
            AppCommand::ZoomIn => self.zoom_by(ZOOM_STEP),
            AppCommand::ZoomOut => self.zoom_by(-ZOOM_STEP),
            AppCommand::ResetZoom => self.settings.set_zoom(1.0),
            AppCommand::ShowShortcuts(shown) => self.show_shortcuts = shown,
            AppCommand::ToggleLargeType => self.settings.large_type = !self.settings.large_type,
            AppCommand::ShowLog(shown) => self.show_log = shown,
            AppCommand::ShowAbout(shown) => self.show_about = shown,
            AppCommand::ToggleFrameTimes => self.show_frame_times ^= true,
            AppCommand::DismissMessage => self.log.dismiss(),
            _ => {}
        }
    }

    fn show_microscope_view(&mut self, view: MicroscopeView) {
        self.settings.microscope_view = view;
        self.show_tab(Tab::Backprop);
    }

    /// The depth 'Draw' has no room for tabs.
    fn show_tab(&mut self, tab: Tab) {
        if tab != Tab::Backprop {
            self.release();
        }
        self.settings.tab = tab;
        if self.settings.depth == Depth::Draw {
            self.settings.depth = Depth::Learn;
        }
    }

    fn zoom_by(&mut self, step: f32) {
        let tenths = ((self.settings.zoom + step) / ZOOM_STEP).round();
        self.settings
            .set_zoom((tenths * ZOOM_STEP).clamp(ZOOM_RANGE[0], ZOOM_RANGE[1]));
    }

    fn say(&mut self, text: impl Into<String>) {
        self.log.say(Level::Info, text);
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.log.say(Level::Warning, text);
    }

    fn complain(&mut self, text: impl Into<String>) {
        self.log.say(Level::Error, text);
    }
}
