use super::lessons::Lesson;
use super::{
    AveragedNudges, CheckedGradients, Examined, ImportedDigits, IndexedExamples, KeptDigit,
    LoadedDigits, NudgeWork,
};
use crate::answering::Calibration;
use crate::data::{DataSets, DataSource, FetchProgress};
use crate::explain::{Settling, SliceRequest, Surface};
use crate::ink::{Drawing, GrayImage};
use crate::model_file::{FoundModel, Model};
use crate::nn::{Evaluation, Network};
use crate::training::{Command, Event, Practised, Snapshot};
use std::path::PathBuf;
use std::sync::Arc;

/// Something that takes time or touches the world, for the performer.
#[derive(Clone, Debug)]
pub enum Effect {
    Train(Command),
    OpenDialog(Dialog),
    /// Write a file, whole or not at all; the answer is `News::Written`.
    Write {
        purpose: DialogFor,
        path: PathBuf,
        bytes: Vec<u8>,
    },
    /// The same with a model, whose text takes too long to make between two frames.
    WriteModel {
        path: PathBuf,
        model: Box<Model>,
    },
    /// Read a file and say what it is; its kind is told by looking, and where that is not enough by `purpose`.
    Open {
        path: PathBuf,
        purpose: Option<DialogFor>,
    },
    LoadData {
        job: u64,
        source: DataSource,
    },
    FetchMnist {
        job: u64,
    },
    /// Score `network` on the test examples, away from the training thread.
    Score {
        job: u64,
        network: Arc<Network>,
        data: Arc<DataSets>,
        step: u64,
    },
    /// Practise with a copy of `network` on the user's digits and on `data`, away from the training thread.
    Practise {
        job: u64,
        network: Arc<Network>,
        data: Arc<DataSets>,
        digits: Vec<Arc<KeptDigit>>,
        seed: u64,
    },
    CancelJob {
        job: u64,
    },
    /// Fit a calibration to `network` in the background; the answer is `News::Calibrated`.
    Calibrate {
        network: Arc<Network>,
        data: Arc<DataSets>,
    },
    /// Compare the gradients of `network` for one example with differences of its cost, in the background; the answer is
    /// `News::GradientsChecked`.
    CheckGradients {
        network: Arc<Network>,
        examined: Examined,
    },
    /// Make the training digits ready to be searched; the answer is `News::ExamplesIndexed`.
    IndexExamples {
        network: Arc<Network>,
        data: Arc<DataSets>,
    },
    /// Work out the wishes of a mini-batch; the answer is `News::NudgesAveraged`.
    AverageNudges(Box<NudgeWork>),
    /// Measure the gradient of all training digits, and how mini-batches settle to it.
    MeasureSettling {
        job: u64,
        network: Arc<Network>,
        data: Arc<DataSets>,
    },
    /// Draw a slice through the cost, away from the training thread.
    DrawSurface {
        job: u64,
        request: Box<SliceRequest>,
    },
    /// Write the recovery file in the background (or remove it: `None`).
    Recovery(Option<Box<Model>>),
    /// Look what lies in the folders for models; the answer is `News::ModelsFound`.
    FindModels,
    /// Look for a recovery file that another program left behind; the answer, if any, is `News::RecoveryFound`.
    FindRecovery,
    /// Remove the recovery file that was found.
    ForgetRecovered,
    /// Read the file of My digits; the answer is `News::MyDigitsLoaded`.
    LoadMyDigits,
    /// Put these into the file of My digits; the answer is `News::MyDigitsSaved`.
    SaveMyDigits(Vec<Arc<KeptDigit>>),
    /// Write them to another drawings file.
    ExportMyDigits {
        path: PathBuf,
        digits: Vec<Arc<KeptDigit>>,
    },
    CloseWindow,
}

/// A file dialog of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    pub purpose: DialogFor,
    /// Suggested file name for saving.
    pub file_name: Option<String>,
}

/// What a chosen or written file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DialogFor {
    OpenModel,
    SaveModel,
    OpenDrawing,
    OpenLesson,
    SaveDrawingPng,
    SaveDrawing28,
    SaveDrawingStrokes,
    OpenDataFolder,
    OpenDataFile,
    ExportCurvesCsv,
    ExportCurvesPng,
    ImportMyDigits,
    ExportMyDigits,
}

/// What came of an effect.
#[derive(Debug)]
pub enum News {
    Training(Event),
    Snapshot(Arc<Snapshot>),
    /// `None`: the user closed the dialog without choosing.
    Chosen {
        purpose: DialogFor,
        path: Option<PathBuf>,
    },
    /// No file dialog could be opened at all; the sentence says what is missing.
    NoDialog {
        sentence: String,
    },
    Written {
        purpose: DialogFor,
        path: PathBuf,
        result: Result<(), String>,
    },
    ModelOpened {
        path: PathBuf,
        result: Result<Box<Model>, String>,
    },
    LessonOpened {
        path: PathBuf,
        result: Result<Box<Lesson>, String>,
    },
    PictureOpened {
        path: PathBuf,
        result: Result<GrayImage, String>,
    },
    DrawingOpened {
        path: PathBuf,
        result: Result<Drawing, String>,
    },
    /// What was to be opened is a data set: a folder, a file of many drawings, one of MNIST's files.
    DataFound {
        path: PathBuf,
    },
    DataProgress {
        job: u64,
        fraction: f32,
    },
    DataLoaded {
        job: u64,
        source: DataSource,
        result: Result<Arc<DataSets>, String>,
    },
    Fetching {
        job: u64,
        progress: FetchProgress,
    },
    Fetched {
        job: u64,
        result: Result<(), String>,
    },
    ScoreProgress {
        job: u64,
        fraction: f32,
    },
    Scored {
        job: u64,
        scored: Box<ScoredSet>,
    },
    ExamplesIndexed(IndexedExamples),
    /// `None` without examples.
    NudgesAveraged(Option<Box<AveragedNudges>>),
    SettlingProgress {
        job: u64,
        fraction: f32,
    },
    /// `None` where the gradient is 0.
    SettlingMeasured {
        job: u64,
        settling: Option<Arc<Settling>>,
    },
    /// `None` where there are too few validation examples.
    Calibrated {
        network: Arc<Network>,
        calibration: Option<Calibration>,
    },
    /// The error says why there is no comparison.
    GradientsChecked(Result<CheckedGradients, String>),
    PractiseProgress {
        job: u64,
        fraction: f32,
    },
    Practised {
        job: u64,
        replay_name: String,
        result: Result<Box<Practised>, String>,
    },
    /// The slice, finer each time.
    SurfaceRefined {
        job: u64,
        fraction: f32,
        surface: Option<Surface>,
    },
    /// It is as fine as it gets, or the error says why there is none.
    SurfaceDrawn {
        job: u64,
        result: Result<(), String>,
    },
    /// A job ended without a result: it could not be started, or there is a mistake in the program.
    JobFailed {
        job: u64,
        sentence: String,
    },
    /// The error says why the file is left alone.
    MyDigitsLoaded(Result<LoadedDigits, String>),
    /// What a person should know about it.
    MyDigitsSaved(Result<Option<String>, String>),
    MyDigitsImported {
        path: PathBuf,
        result: Result<ImportedDigits, String>,
    },
    ModelsFound(Vec<FoundModel>),
    /// A recovery file was found at the start.
    RecoveryFound(Box<Model>),
    /// Something in the background failed.
    Problem {
        sentence: String,
    },
}

/// The test set as one network answers it.
#[derive(Clone, Debug)]
pub struct ScoredSet {
    pub evaluation: Evaluation,
    /// The wrong ones, most confident first.
    pub wrong: Vec<Wrong>,
    /// The training step that the network had.
    pub step: u64,
    pub data_name: String,
}

/// A test example that was answered wrongly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wrong {
    /// Into the test examples.
    pub index: usize,
    pub truth: u8,
    pub answer: u8,
    /// The output for the answer.
    pub confidence: f32,
}
