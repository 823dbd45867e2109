mod enabled;
mod texts;

use super::{Depth, Detail, MicroscopeView, StepMove, Tab, ThemeChoice, WorldCommand};
use crate::data::DataSource;
use crate::explain::{BiasAs, CodeForm, Mistake, Parameter, PlaneKind, UnitPlace};
use crate::ink::Steps;
use crate::training::{Hyperparameters, Preset, Speed, StepSize};
use std::path::PathBuf;

/// Everything a user can do. Menu, toolbar, shortcuts and the shortcuts window are made from this one list;
/// the variants with values inside come from widgets (sliders, fields, clicks on a picture).
#[derive(Clone, Debug, PartialEq)]
pub enum AppCommand {
    // The pad
    /// The pen goes down at this point of the pad (pad units, see `Drawing::size`).
    PenDown {
        x: f32,
        y: f32,
        pressure: f32,
        erase: bool,
    },
    PenMove {
        x: f32,
        y: f32,
        pressure: f32,
    },
    PenUp,
    Undo,
    Redo,
    ClearPad,
    ToggleEraser,
    SetPenWidth(f32),
    /// Says what the drawing is meant to be, or takes that back.
    SetLabel(Option<u8>),
    /// Puts test example `index` of the present data on the pad, as the 28×28 picture that it is.
    ShowExample {
        index: usize,
    },
    /// Draws a practice digit on the pad.
    WritePracticeDigit,
    /// Which steps of the normalisation the pad's ink goes through, to see what each does to the answer.
    SetSteps(Steps),

    // My digits
    /// Puts one of them on the pad.
    PutMyDigit {
        id: u64,
    },
    RelabelMyDigit {
        id: u64,
        label: u8,
    },
    DeleteMyDigit {
        id: u64,
    },
    DeleteMyDigits,
    /// Takes back the last change of My digits.
    UndoMyDigits,
    /// Trains a copy of the network on them for a few seconds.
    PractiseOnMine,
    /// Puts the practised network in the place of the present one.
    TakePractised,
    LeavePractised,
    /// The network before practising and the practised one change places.
    SwapPractised,
    ImportMyDigits,
    ExportMyDigits,

    // Training
    PlayPause,
    Step(StepSize),
    /// Back to the same first weights.
    ResetWeights,
    /// A fresh network as the settings say (asks first if something unsaved would go).
    NewNetwork,
    SetSpeed(Speed),
    /// The settings as edited; live ones reach the thread at once.
    SetHyperparameters(Box<Hyperparameters>),
    ApplyPreset(Preset),
    /// After a divergence: the last good network, a tenth of the learning rate.
    Recover,
    ToggleRun {
        index: usize,
    },
    RenameRun {
        index: usize,
        name: String,
    },
    DeleteRun {
        index: usize,
    },

    // Data
    ChooseData(DataSource),
    OpenDataFolder,
    OpenDataFile,
    FetchMnist,
    ScoreTestSet,
    /// Makes the training digits ready to be searched for those most like the drawing.
    IndexExamples,
    CancelJob {
        id: u64,
    },

    // Files
    OpenModel,
    OpenRecent {
        path: PathBuf,
    },
    OpenBundled {
        name: &'static str,
    },
    SaveModel,
    SaveModelAs,
    OpenDrawing,
    SaveDrawingPng,
    SaveDrawing28,
    SaveDrawingStrokes,
    ExportCurvesCsv,
    /// The picture itself comes from the window (`png` bytes), the command asks where to put it.
    ExportCurvesPng {
        png: Vec<u8>,
    },
    /// A file was dropped on the window: a model, a picture, a drawing or a data set, told apart by looking.
    FileDropped {
        path: PathBuf,
    },
    Quit,

    // The microscope
    /// Keeps a copy of the network to look at, while training goes on with its own.
    FreezeNetwork,
    /// Lets go of that copy: the present network is looked at again.
    ReleaseNetwork,
    /// Another step of the walk through one example.
    MoveStep(StepMove),
    /// The steps follow one another slowly, or stand still.
    PlaySteps(bool),
    /// The source lines of each step, as a loop or as a recursion, or none.
    ShowCode(Option<CodeForm>),
    ShowDetail(Detail),
    ChooseUnit(UnitPlace),
    /// Looks at one weight or bias.
    ChooseParameter(Parameter),
    /// One step of gradient descent on the one example.
    ApplyNudge,
    UndoNudge,
    /// Compares backpropagation with differences of the cost, for a sample of every layer.
    CheckGradients,

    // Averaged nudges and the shape tape
    /// How many examples the mini-batch under the microscope has, `B`; the tape counts with it too.
    SetNudgeBatch(usize),
    /// Draws another mini-batch of that size.
    DrawNudgeBatch,
    /// Whether its digits are picked by hand; at first they are those that were drawn.
    PickNudgesByHand(bool),
    /// Takes the training digit at this place into the hand-picked mini-batch, or out of it.
    PickNudge {
        index: usize,
    },
    /// Takes the drawing with its label into it, or out of it.
    PickDrawing,
    /// Shows what the examples wish of one weight or bias instead of the outputs.
    ShowNudgesOf(Option<Parameter>),
    /// Works out the wishes of the mini-batch as it is now.
    AverageNudges,
    /// Measures the gradient of the whole training set, and how well mini-batches estimate it.
    MeasureSettling,
    /// How the shape tape writes biases.
    SetTapeBias(BiasAs),
    /// Which mistake is made on the shape tape.
    SetTapeMistake(Option<Mistake>),
    /// Something in the small worlds: the chain, the computation graph, the bias as a unit.
    InSmallWorld(WorldCommand),

    // Lessons
    /// One that comes with the program (asks first if something unsaved would be at stake).
    BeginLesson {
        name: &'static str,
    },
    OpenLesson,
    /// What was shown before it comes back.
    LeaveLesson,
    NextLessonStep,
    PreviousLessonStep,
    ShowLessonStep {
        step: usize,
    },
    /// Does what item `item` of the step sets up.
    SetUpForLesson {
        item: usize,
    },
    /// Answers the open question of the step.
    AnswerLesson {
        choice: usize,
    },
    /// Large letters, to be read from the last row.
    ToggleLargeType,
    // The cost surface
    /// Draws a slice through the cost around the network under the microscope: the one that is named from now on, or
    /// again the one that was named last, or else what suits.
    DrawSurface(Option<PlaneKind>),
    /// Moves the ball to a point of the plane that is drawn.
    MoveBall {
        at: [f32; 2],
    },
    /// The network under the ball takes the place of the present one.
    PutNetworkHere,
    /// The network that the one under the ball took the place of comes back.
    PutNetworkBack,

    // The window
    ShowTab(Tab),
    ShowMicroscopeView(MicroscopeView),
    SetDepth(Depth),
    SetTheme(ThemeChoice),
    SetZoom(f32),
    ZoomIn,
    ZoomOut,
    ResetZoom,
    ShowShortcuts(bool),
    ShowLog(bool),
    ShowAbout(bool),
    /// Shows how long frames take in a corner of the window, or hides it.
    ToggleFrameTimes,
    /// The message in the status line was read.
    DismissMessage,
    /// The answer to the question that is open, by the index of the button; the last button is always the harmless one.
    Answer {
        button: usize,
    },
}

impl AppCommand {
    /// What it is called, without the mark of a dialog.
    pub fn name(&self) -> &'static str {
        self.info().text.trim_end_matches('…')
    }
}

/// How a command looks in menus, tooltips and the shortcuts window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommandInfo {
    /// "Save model as…": sentence case, `…` when a dialog opens.
    pub text: &'static str,
    pub tooltip: &'static str,
    pub shortcut: Option<Shortcut>,
    /// A second key for the same, where people expect one.
    pub other_shortcut: Option<Shortcut>,
}

/// A key with its modifiers, without naming the user interface's types. `command` is Ctrl, or ⌘ on a Mac.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shortcut {
    /// As egui names its keys: "S", "Space", "F1", "ArrowRight", "Delete".
    pub key: &'static str,
    pub command: bool,
    pub shift: bool,
}

impl CommandInfo {
    /// Both keys, the usual one first.
    pub fn shortcuts(&self) -> impl Iterator<Item = Shortcut> + use<> {
        self.shortcut.into_iter().chain(self.other_shortcut)
    }
}
