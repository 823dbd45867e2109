//! How every command is called, what it does in a sentence, and its keys.

use crate::app::lessons::bundled_lessons;
use crate::app::{
    AppCommand, CommandInfo, Depth, MicroscopeView, Shortcut, StepMove, Tab, ThemeChoice,
    WorldCommand,
};
use crate::data::DataSource;
use crate::explain::{BiasAs, CodeForm};
use crate::ink::Steps;
use crate::training::StepSize;

impl AppCommand {
    /// The commands without values inside, in the order of the menus: what toolbar, menus and shortcuts offer.
    pub fn listed() -> Vec<Self> {
        let lessons = bundled_lessons().map(|card| Self::BeginLesson { name: card.name });
        let others = vec![
            Self::OpenModel,
            Self::SaveModel,
            Self::SaveModelAs,
            Self::OpenDrawing,
            Self::SaveDrawingPng,
            Self::SaveDrawing28,
            Self::SaveDrawingStrokes,
            Self::ExportCurvesCsv,
            Self::Quit,
            Self::Undo,
            Self::Redo,
            Self::ClearPad,
            Self::ToggleEraser,
            Self::WritePracticeDigit,
            Self::ShowTab(Tab::MyDigits),
            Self::PractiseOnMine,
            Self::TakePractised,
            Self::LeavePractised,
            Self::SwapPractised,
            Self::UndoMyDigits,
            Self::ImportMyDigits,
            Self::ExportMyDigits,
            Self::DeleteMyDigits,
            Self::PlayPause,
            Self::Step(StepSize::Example),
            Self::Step(StepSize::Batch),
            Self::Step(StepSize::Epoch),
            Self::ResetWeights,
            Self::NewNetwork,
            Self::Recover,
            Self::ChooseData(DataSource::Practice),
            Self::ChooseData(DataSource::Mnist),
            Self::ChooseData(DataSource::mix([DataSource::Mnist, DataSource::Practice])),
            Self::FetchMnist,
            Self::OpenDataFolder,
            Self::OpenDataFile,
            Self::ScoreTestSet,
            Self::FreezeNetwork,
            Self::ReleaseNetwork,
            Self::DrawNudgeBatch,
            Self::MeasureSettling,
            Self::MoveStep(StepMove::First),
            Self::MoveStep(StepMove::Back),
            Self::MoveStep(StepMove::Next),
            Self::MoveStep(StepMove::Last),
            Self::ApplyNudge,
            Self::UndoNudge,
            Self::CheckGradients,
            Self::PutNetworkHere,
            Self::PutNetworkBack,
            Self::SetDepth(Depth::Draw),
            Self::SetDepth(Depth::Learn),
            Self::SetDepth(Depth::Lab),
            Self::SetTheme(ThemeChoice::System),
            Self::SetTheme(ThemeChoice::Dark),
            Self::SetTheme(ThemeChoice::Light),
            Self::ZoomIn,
            Self::ZoomOut,
            Self::ResetZoom,
            Self::ShowTab(Tab::Network),
            Self::ShowTab(Tab::Weights),
            Self::ShowTab(Tab::Backprop),
            Self::ShowTab(Tab::Why),
            Self::ShowTab(Tab::Mistakes),
            Self::ShowMicroscopeView(MicroscopeView::Example),
            Self::ShowMicroscopeView(MicroscopeView::Nudges),
            Self::ShowMicroscopeView(MicroscopeView::Shapes),
            Self::ShowMicroscopeView(MicroscopeView::Surface),
            Self::ShowMicroscopeView(MicroscopeView::Worlds),
            Self::NextLessonStep,
            Self::PreviousLessonStep,
            Self::LeaveLesson,
            Self::OpenLesson,
            Self::ToggleLargeType,
            Self::ShowLog(true),
            Self::DismissMessage,
            Self::ShowShortcuts(true),
            Self::ShowAbout(true),
            Self::ToggleFrameTimes,
        ];
        lessons.chain(others).collect()
    }

    /// Text, tooltip and shortcut.
    pub fn info(&self) -> CommandInfo {
        match self {
            Self::PenDown { .. } | Self::PenMove { .. } | Self::PenUp => {
                info("Draw", "Draw on the pad")
            }
            Self::Undo => info("Undo", "Take back the last change of the pad").key(ctrl("Z")),
            Self::Redo => info("Redo", "Bring back what was undone")
                .key(ctrl_shift("Z"))
                .or(ctrl("Y")),
            Self::ClearPad => info("Clear pad", "Start with a blank pad")
                .key(plain("Delete"))
                .or(plain("C")),
            Self::ToggleEraser => info(
                "Eraser",
                "Remove ink with the pen; the right button always does",
            )
            .key(plain("X")),
            Self::SetPenWidth(_) => info("Pen width", "How wide the pen and the eraser are"),
            Self::SetLabel(Some(label)) => label_info(*label),
            Self::SetLabel(None) => info("No label", "Leave open what the drawing is meant to be"),
            Self::ShowExample { .. } => info(
                "Show on the pad",
                "Put this test digit on the pad as the network sees it",
            ),
            Self::WritePracticeDigit => {
                info("Write a practice digit", "Have a digit written on the pad").key(plain("P"))
            }
            Self::ShowTab(tab) => tab_info(*tab),
            Self::ShowMicroscopeView(view) => info(view.name(), view.tooltip()),
            Self::FreezeNetwork => info(
                "Freeze a copy to look at",
                "Look at the network as it is now while training goes on",
            ),
            Self::ReleaseNetwork => info(
                "Let the copy go",
                "Look at the present network again instead of the frozen copy",
            ),
            Self::InSmallWorld(command) => world_info(command),
            Self::SetNudgeBatch(_) => info(
                "Mini-batch size",
                "How many examples the mini-batch under the microscope has",
            ),
            Self::DrawNudgeBatch => info(
                "Another mini-batch",
                "Draw other training digits for the mini-batch whose nudges are averaged",
            ),
            Self::PickNudgesByHand(false) => info(
                "Drawn at random",
                "Average the nudges of a mini-batch of training digits that is drawn at random",
            ),
            Self::PickNudgesByHand(true) => info(
                "Picked by hand",
                "Choose the digits whose nudges are averaged one by one",
            ),
            Self::PickNudge { .. } => info(
                "Take in or out",
                "Take this training digit into the mini-batch, or out of it",
            ),
            Self::PickDrawing => info(
                "The drawing",
                "Take the drawing with its label into the mini-batch, or out of it",
            ),
            Self::ShowNudgesOf(None) => info("Outputs", "Show what each example wishes of the ten outputs"),
            Self::ShowNudgesOf(Some(_)) => info(
                "One weight",
                "Show what each example wishes of one weight or bias",
            ),
            Self::AverageNudges => info(
                "Average the nudges",
                "Work out what each example of the mini-batch wishes, and the mean",
            ),
            Self::MeasureSettling => info(
                "Compare with the whole training set",
                "Average the gradients of all training digits, to see how well a mini-batch estimates them",
            ),
            Self::SetTapeBias(BiasAs::Vector) => info(
                "Bias as a vector",
                "Write the biases as a row of their own, which is added to every example",
            ),
            Self::SetTapeBias(BiasAs::ExtraUnit) => info(
                "Bias as a unit that is 1",
                "Write the biases as the weights of an extra unit that is always 1; the gradients are the same",
            ),
            Self::SetTapeMistake(None) => info("No mistake", "Show the matrices as they should be"),
            Self::SetTapeMistake(Some(mistake)) => info(
                mistake.label(),
                "Make this mistake on the tape and see which matrices cannot be built; the network stays as it is",
            ),
            Self::MoveStep(to) => match to {
                StepMove::First => info("First step", "Back to the input"),
                StepMove::Back => info("Step back", "The step before this one"),
                StepMove::Next => info("Next step", "On through forward pass, cost and backpropagation"),
                StepMove::Last => info("Last step", "To the changed network"),
                StepMove::To(_) => info("Go to this step", "Look at this step of the walk"),
            },
            Self::PlaySteps(true) => info(
                "Play the steps slowly",
                "One step every three seconds, to the last",
            ),
            Self::PlaySteps(false) => info("Stand still", "Stay at this step"),
            Self::ShowCode(Some(CodeForm::Loop)) => info(
                "Code as a loop",
                "The lines of this program that do the step, as they train",
            ),
            Self::ShowCode(Some(CodeForm::Recursion)) => info(
                "Code as a recursion",
                "The same step in the recursion, which finds the same numbers",
            ),
            Self::ShowCode(None) => info("No code", "Leave the source lines away"),
            Self::ShowDetail(detail) => info(detail.name(), detail.tooltip()),
            Self::ChooseUnit(_) => info("Look at this unit", "Open what it computes and wishes"),
            Self::ChooseParameter(_) => info(
                "Look at this weight",
                "Its gradient as a product, and the cost around it",
            ),
            Self::ApplyNudge => info(
                "Apply this nudge",
                "One step of gradient descent on this drawing alone, with the present learning rate",
            )
            .key(plain("N")),
            Self::UndoNudge => info(
                "Undo the nudge",
                "The weights as they were before the last nudge",
            )
            .key(shift("N")),
            Self::CheckGradients => info(
                "Check all gradients",
                "Compare backpropagation with differences of the cost, for a sample of every layer",
            ),
            Self::DrawSurface(_) => info(
                "Draw the cost surface",
                "Measure the true cost around the network, along two directions through all its weights",
            ),
            Self::MoveBall { .. } => info(
                "Move the ball",
                "Ask the network at another point of the cost surface",
            ),
            Self::PutNetworkHere => info(
                "Put the network here",
                "Take the weights under the ball of the cost surface; the present ones can be put back",
            ),
            Self::PutNetworkBack => info(
                "Put the network back",
                "Take the weights again that were there before the ball's",
            ),
            Self::PutMyDigit { .. } => info("Put on the pad", "Put this digit on the pad again"),
            Self::RelabelMyDigit { .. } => info("Change label", "Say that another digit is meant"),
            Self::DeleteMyDigit { .. } => info("Delete", "Take this digit out of My digits"),
            Self::DeleteMyDigits => info(
                "Delete all my digits",
                "Take all digits out of My digits; this can be taken back while Inkgrad is open",
            ),
            Self::UndoMyDigits => info(
                "Undo in My digits",
                "Take back the last change of My digits",
            )
            .key(ctrl("U")),
            Self::PractiseOnMine => info(
                "Practise on mine",
                "Train a copy of the network on your digits for a few seconds, mixed with digits that it knows; you see what came of it before anything changes",
            )
            .key(ctrl("M")),
            Self::TakePractised => info(
                "Take what was practised",
                "Read with the practised network from now on; the present one can be put back",
            ),
            Self::LeavePractised => {
                info("Leave what was practised", "Keep the network as it is")
            }
            Self::SwapPractised => info(
                "Undo practising",
                "The network before practising and the practised one change places",
            ),
            Self::ImportMyDigits => info(
                "Import into My digits…",
                "Add the labelled drawings of a drawings file",
            ),
            Self::ExportMyDigits => info("Export My digits…", "Write My digits to a drawings file"),
            Self::SetSteps(Steps::ALL) => info(
                "All steps on",
                "Read the ink as the data sets were read, through every step",
            ),
            Self::SetSteps(_) => info(
                "Switch a step",
                "Leave a step of the normalisation out, to see what it does to the answer",
            ),
            Self::PlayPause => {
                info("Play or pause", "Start training, hold it, let it go on").key(plain("Space"))
            }
            Self::Step(StepSize::Example) => {
                info("Train one example", "Learn from a single digit, then pause")
                    .key(plain("Period"))
            }
            Self::Step(StepSize::Batch) => {
                info("Train one mini-batch", "Make one step, then pause").key(plain("ArrowRight"))
            }
            Self::Step(StepSize::Epoch) => info(
                "Train one epoch",
                "Go once through the training digits, then pause",
            )
            .key(shift("ArrowRight")),
            Self::ResetWeights => info(
                "Reset weights",
                "Back to the weights that this network started from",
            )
            .key(ctrl("R")),
            Self::NewNetwork => {
                info("New network", "A fresh network as the settings describe it").key(ctrl("N"))
            }
            Self::SetSpeed(_) => info("Speed", "How many mini-batches a second"),
            Self::SetHyperparameters(_) => info("Change settings", "What is trained, and how"),
            Self::ApplyPreset(preset) => info(preset.label(), preset.expectation()),
            Self::Recover => info(
                "Go back and learn slower",
                "The last good network, with a tenth of the learning rate",
            ),
            Self::ToggleRun { .. } => info("Show or hide run", "Show this run in the curves"),
            Self::RenameRun { .. } => info("Rename run", "Give this run another name"),
            Self::DeleteRun { .. } => info("Delete run", "Remove this run from the curves"),
            Self::ChooseData(DataSource::Practice) => info(
                "Practice digits",
                "Digits that are written on the spot; always there, also offline",
            ),
            Self::ChooseData(DataSource::Mnist) => {
                info("MNIST", "70,000 digits written by hand; fetch them once")
            }
            Self::ChooseData(DataSource::Path(_)) => {
                info("Own data", "The digits of this file or folder")
            }
            Self::ChooseData(DataSource::Mix(_)) => info(
                "MNIST + practice digits",
                "Both as one: the hands of MNIST, and ways of writing that it has few of",
            ),
            Self::OpenDataFolder => info(
                "Open data folder…",
                "IDX files as MNIST's, or pictures in one folder for each digit",
            ),
            Self::OpenDataFile => info("Open drawings as data…", "Train on a file of drawings"),
            Self::FetchMnist => info("Fetch MNIST", "Download MNIST's 11 MB and use it"),
            Self::ScoreTestSet => info(
                "Score the test set",
                "Count how many test digits the network reads correctly",
            ),
            Self::IndexExamples => info(
                "Find the nearest training digits",
                "Look which digits that were learned from are most like the drawing",
            ),
            Self::CancelJob { .. } => info("Cancel", "Stop this work"),
            Self::OpenModel => {
                info("Open model…", "Use the network in a model file").key(ctrl("O"))
            }
            Self::OpenRecent { .. } => {
                info("Open recent model", "Use the network in this model file")
            }
            Self::OpenBundled { name } => info(name, "A trained network that comes with Inkgrad"),
            Self::SaveModel => info("Save model", "Write the network to its file").key(ctrl("S")),
            Self::SaveModelAs => info(
                "Save model as…",
                "Write the network to another file, as JSON or as safetensors by its name",
            )
            .key(ctrl_shift("S")),
            Self::OpenDrawing => info("Open drawing…", "Put a picture or a drawing on the pad"),
            Self::SaveDrawingPng => info(
                "Save drawing as picture…",
                "Write the pad to a large PNG file",
            ),
            Self::SaveDrawing28 => info(
                "Save what the network sees…",
                "Write the 28×28 cells to a PNG file",
            ),
            Self::SaveDrawingStrokes => info(
                "Save drawing as strokes…",
                "Write the strokes to a drawings file that can be opened again",
            ),
            Self::ExportCurvesCsv => info(
                "Export curves as table…",
                "Write the visible runs to a CSV file",
            ),
            Self::ExportCurvesPng { .. } => info(
                "Export curves as picture…",
                "Write the curves to a PNG file",
            ),
            Self::FileDropped { .. } => info("Open", "Open what was dropped on the window"),
            Self::BeginLesson { name } => {
                match bundled_lessons().find(|card| card.name == *name) {
                    Some(card) => info(card.title, card.summary),
                    None => info("Begin lesson", "Begin this lesson"),
                }
            }
            Self::OpenLesson => info("Open lesson…", "Begin a lesson that you or others wrote"),
            Self::LeaveLesson => info(
                "Leave the lesson",
                "Back to what was shown before; the lesson goes on where it was left",
            ),
            Self::NextLessonStep => {
                info("On in the lesson", "Go on to the next step of the lesson").key(plain("PageDown"))
            }
            Self::PreviousLessonStep => {
                info("Back in the lesson", "To the step of the lesson before").key(plain("PageUp"))
            }
            Self::ShowLessonStep { .. } => info("Show step", "Go to this step of the lesson"),
            Self::SetUpForLesson { .. } => {
                info("Set it up", "Do to network and settings what this step asks for")
            }
            Self::AnswerLesson { .. } => info("Answer", "Answer the question of the lesson"),
            Self::ToggleLargeType => info(
                "Large type",
                "Letters that can be read from the last row, for a projector",
            )
            .key(ctrl("T")),
            Self::Quit => info("Quit", "Close Inkgrad").key(ctrl("Q")),
            Self::SetDepth(Depth::Draw) => info("Draw", "Pad, answer and play").key(ctrl("1")),
            Self::SetDepth(Depth::Learn) => info(
                "Learn",
                "Adds the network, its weights, the curves and the mistakes",
            )
            .key(ctrl("2")),
            Self::SetDepth(Depth::Lab) => info("Lab", "Everything there is").key(ctrl("3")),
            Self::SetTheme(ThemeChoice::System) => {
                info("System theme", "Dark or light as the system is")
            }
            Self::SetTheme(ThemeChoice::Dark) => info("Dark theme", "Chalk on slate"),
            Self::SetTheme(ThemeChoice::Light) => info("Light theme", "Ink on paper"),
            Self::SetZoom(_) => info("Zoom", "How large everything is"),
            Self::ZoomIn => info("Zoom in", "Make everything larger")
                .key(ctrl("Plus"))
                .or(ctrl("Equals")),
            Self::ZoomOut => info("Zoom out", "Make everything smaller").key(ctrl("Minus")),
            Self::ResetZoom => {
                info("Normal size", "Make everything as large as at first").key(ctrl("0"))
            }
            Self::ShowShortcuts(_) => {
                info("Keyboard shortcuts", "All keys at a glance").key(plain("F1"))
            }
            Self::ShowLog(_) => info("Messages", "Everything that was said").key(ctrl("L")),
            Self::ToggleFrameTimes => info(
                "Frame times",
                "Show how long the frames of the window take, or hide it",
            )
            .key(plain("F12")),
            Self::ShowAbout(_) => info(
                "About Inkgrad",
                "Version, licence and where things are kept",
            ),
            Self::DismissMessage => info("Dismiss message", "The message was read"),
            Self::Answer { .. } => info("Answer", "Answer the question"),
        }
    }
}

impl CommandInfo {
    fn key(self, shortcut: Shortcut) -> Self {
        Self {
            shortcut: Some(shortcut),
            ..self
        }
    }

    fn or(self, shortcut: Shortcut) -> Self {
        Self {
            other_shortcut: Some(shortcut),
            ..self
        }
    }
}

fn info(text: &'static str, tooltip: &'static str) -> CommandInfo {
    CommandInfo {
        text,
        tooltip,
        shortcut: None,
        other_shortcut: None,
    }
}

fn tab_info(tab: Tab) -> CommandInfo {
    let info = info(tab.name(), tab.tooltip());
    match tab {
        Tab::Backprop => info.key(plain("B")),
        Tab::MyDigits => info.key(plain("M")),
        _ => info,
    }
}

fn world_info(command: &WorldCommand) -> CommandInfo {
    match command {
        WorldCommand::Show(world) => info(world.name(), world.tooltip()),
        WorldCommand::SetChain(_) => {
            info("Change the chain", "Its numbers, layers and activations")
        }
        WorldCommand::SetChainLearningRate(_) => info(
            "Learning rate of the chain",
            "How far one step of the chain goes",
        ),
        WorldCommand::StepChain => info(
            "One step",
            "Move every weight and bias against its derivative, all at once",
        ),
        WorldCommand::RunChain(true) => info("Run", "Make one step after the other"),
        WorldCommand::RunChain(false) => info("Stop", "Make no more steps"),
        WorldCommand::RestartChain => info(
            "Back to the start",
            "The weights and biases as they were before the first step",
        ),
        WorldCommand::SetExpression { .. } => {
            info("Another expression", "Draw the graph of this expression")
        }
        WorldCommand::SetNumber { .. } => info("Change a number", "Give a variable another number"),
        WorldCommand::ShowBackwardSteps(_) => info(
            "Walk backward",
            "Show the way back one operation after the other",
        ),
        WorldCommand::SetBiasUnit(_) => info("Change the unit", "Its numbers and its activation"),
    }
}

fn label_info(label: u8) -> CommandInfo {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    match DIGITS.get(usize::from(label)) {
        Some(digit) => info(
            digit,
            "Say that this digit is meant, and keep your drawing in My digits",
        )
        .key(plain(digit)),
        None => info("Label", "Say which digit is meant"),
    }
}

fn plain(key: &'static str) -> Shortcut {
    Shortcut {
        key,
        command: false,
        shift: false,
    }
}

fn shift(key: &'static str) -> Shortcut {
    Shortcut {
        shift: true,
        ..plain(key)
    }
}

fn ctrl(key: &'static str) -> Shortcut {
    Shortcut {
        command: true,
        ..plain(key)
    }
}

fn ctrl_shift(key: &'static str) -> Shortcut {
    Shortcut {
        shift: true,
        ..ctrl(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// The listed commands and the ten labels, which have keys as well.
    fn with_keys() -> Vec<AppCommand> {
        let labels = (0..10).map(|label| AppCommand::SetLabel(Some(label)));
        AppCommand::listed().into_iter().chain(labels).collect()
    }

    #[test]
    fn no_two_commands_share_a_key() {
        let mut owners = HashMap::new();
        for command in with_keys() {
            for shortcut in command.info().shortcuts() {
                if let Some(other) = owners.insert(shortcut, command.clone()) {
                    panic!("{other:?} and {command:?} share {shortcut:?}");
                }
            }
        }
    }

    #[test]
    fn every_key_is_one_that_the_window_knows() {
        for command in with_keys() {
            for shortcut in command.info().shortcuts() {
                assert!(
                    egui::Key::from_name(shortcut.key).is_some(),
                    "{command:?}: {}",
                    shortcut.key
                );
            }
        }
    }

    #[test]
    fn every_command_has_a_text_and_a_tooltip_in_sentence_case() {
        for command in with_keys() {
            let info = command.info();
            for text in [info.text, info.tooltip] {
                let first = text.chars().next().unwrap();
                assert!(!first.is_lowercase(), "{text:?} begins small");
                assert!(!text.ends_with('.'), "{text:?} ends with a full stop");
                assert_eq!(text, text.trim());
            }
            let later_capitals = info.text.split(' ').skip(1).filter(|word| {
                let name = ["MNIST", "Inkgrad", "My"].contains(word);
                !name && word.chars().next().is_some_and(char::is_uppercase)
            });
            assert_eq!(
                later_capitals.count(),
                0,
                "{:?} is in title case",
                info.text
            );
        }
    }

    #[test]
    fn no_command_is_listed_twice() {
        let listed = AppCommand::listed();
        for (index, command) in listed.iter().enumerate() {
            assert!(!listed[..index].contains(command), "{command:?}");
        }
    }
}
