//! When a command can be carried out, and why not.

use crate::app::{AppCommand, AppState, Check, JobKind, Origin, Phase, StepMove};
use crate::ink::Steps;

const NOTHING_DRAWN: Result<(), &'static str> = Err("The pad is blank");
const DIALOG_IS_OPEN: Result<(), &'static str> = Err("A file dialog is open");
const NO_SUCH_RUN: Result<(), &'static str> = Err("There is no such run");

impl AppCommand {
    /// Whether it can be carried out now; the error says in words why not.
    pub fn enabled(&self, state: &AppState) -> Result<(), &'static str> {
        if state.question.is_some() && self.must_wait_for_answer(state) {
            return Err("Answer the question first");
        }
        if self.opens_dialog(state) && state.has_open_dialog() {
            return DIALOG_IS_OPEN;
        }
        let blank = state.reading.is_none();
        match self {
            Self::InSmallWorld(command) => command.enabled(state),
            Self::FreezeNetwork if state.microscope.frozen.is_some() => {
                Err("A frozen copy is looked at already")
            }
            Self::ReleaseNetwork if state.microscope.frozen.is_none() => Err("No copy was frozen"),
            Self::AverageNudges => state.can_average_nudges(),
            Self::MeasureSettling => state.can_measure_settling(),
            Self::DrawNudgeBatch | Self::PickNudgesByHand(_) if state.data.sets.is_none() => {
                Err("The data is not loaded yet")
            }
            Self::PickNudge { index } => match &state.data.sets {
                None => Err("The data is not loaded yet"),
                Some(sets) if *index >= sets.train.len() => Err("There is no such training digit"),
                Some(_) => Ok(()),
            },
            Self::PickDrawing if state.nudges.with_drawing && state.nudges.by_hand => Ok(()),
            Self::PickDrawing if blank => NOTHING_DRAWN,
            Self::PickDrawing if state.pad.drawing.label.is_none() => {
                Err("Say what the drawing is first: press its key, 0 to 9")
            }
            Self::ShowNudgesOf(Some(parameter))
                if parameter.check(state.examined_network()).is_err() =>
            {
                Err("This network has no such weight")
            }
            Self::MoveStep(_) | Self::PlaySteps(true) | Self::ApplyNudge | Self::CheckGradients
                if blank =>
            {
                NOTHING_DRAWN
            }
            Self::MoveStep(_) | Self::PlaySteps(true) | Self::ApplyNudge | Self::CheckGradients
                if state.pad.drawing.label.is_none() =>
            {
                Err("Nobody has said which digit is meant: press its key")
            }
            Self::MoveStep(StepMove::First | StepMove::Back)
                if state.examined_steps().first() == Some(&state.examined_step()) =>
            {
                Err("This is the first step")
            }
            Self::MoveStep(StepMove::Next | StepMove::Last)
                if state.examined_steps().last() == Some(&state.examined_step()) =>
            {
                Err("This is the last step")
            }
            Self::MoveStep(StepMove::To(step)) if !state.examined_steps().contains(step) => {
                Err("This network has no such step")
            }
            Self::UndoNudge if state.applied_nudges().is_empty() => {
                Err("No nudge was applied to these weights")
            }
            Self::CheckGradients if matches!(state.microscope.check, Check::Running) => {
                Err("The gradients are being checked already")
            }
            Self::Undo if !state.pad.can_undo() => Err("There is nothing to take back"),
            Self::Redo if !state.pad.can_redo() => Err("Nothing was undone"),
            Self::ClearPad if state.pad.is_blank() && state.pad.drawing.label.is_none() => {
                NOTHING_DRAWN
            }
            Self::SaveDrawingPng if state.pad.is_blank() => NOTHING_DRAWN,
            Self::SaveDrawing28 if blank => NOTHING_DRAWN,
            Self::SaveDrawingStrokes if state.pad.picture.is_some() => {
                Err("A picture has no strokes: save it as a picture")
            }
            Self::SaveDrawingStrokes if state.pad.drawing.is_blank() => NOTHING_DRAWN,
            Self::PutMyDigit { id }
            | Self::RelabelMyDigit { id, .. }
            | Self::DeleteMyDigit { id }
                if state.my_digits.with_id(*id).is_none() =>
            {
                Err("There is no such digit")
            }
            Self::ExportMyDigits | Self::DeleteMyDigits if state.my_digits.all().is_empty() => {
                Err("You have kept no digit yet: draw one and press its key")
            }
            Self::PractiseOnMine if state.has_job(JobKind::Practise) => {
                Err("Practising is going on already")
            }
            Self::PractiseOnMine if state.my_digits.all().is_empty() => {
                Err("You have kept no digit yet: draw one and press its key")
            }
            Self::PractiseOnMine if state.data.sets.is_none() => Err("The data is not loaded yet"),
            Self::TakePractised | Self::LeavePractised if state.practise.offer.is_none() => {
                Err("Nothing was practised, or it was taken or left already")
            }
            Self::SwapPractised if !state.has_other_network() => {
                Err("Nothing that was practised was taken")
            }
            Self::PractiseOnMine | Self::TakePractised | Self::SwapPractised
                if state.runs.phase == Phase::Running =>
            {
                Err("Training is running: pause it first")
            }
            Self::UndoMyDigits if state.my_digits.last_change().is_none() => {
                Err("Nothing was changed in My digits")
            }
            Self::SetSteps(Steps::ALL) if state.steps == Steps::ALL => Err("All steps are on"),
            Self::ShowExample { index } => match &state.data.sets {
                None => Err("The data is not loaded yet"),
                Some(sets) if *index >= sets.test.len() => Err("There is no such test digit"),
                Some(_) => Ok(()),
            },
            Self::ResetWeights if state.model.origin == Origin::Bundled => {
                Err("The bundled network keeps no first weights: play starts a fresh one")
            }
            Self::ResetWeights if state.model.is_at_its_start() => {
                Err("The weights are as they were at the start")
            }
            Self::Recover if !matches!(state.runs.phase, Phase::Diverged(_)) => {
                Err("Training has not diverged")
            }
            Self::ToggleRun { index } | Self::RenameRun { index, .. }
                if *index >= state.runs.all.len() =>
            {
                NO_SUCH_RUN
            }
            Self::DeleteRun { index } if *index >= state.runs.all.len() => NO_SUCH_RUN,
            Self::DeleteRun { index }
                if *index + 1 == state.runs.all.len() && state.runs.phase != Phase::Idle =>
            {
                Err("This run is still going on: reset the weights or make a new network first")
            }
            Self::FetchMnist if state.has_job(JobKind::FetchMnist) => {
                Err("MNIST is being fetched already")
            }
            Self::ScoreTestSet if state.data.sets.is_none() => Err("The data is not loaded yet"),
            Self::ScoreTestSet
                if state
                    .data
                    .sets
                    .as_ref()
                    .is_some_and(|sets| sets.test.is_empty()) =>
            {
                Err("This data has no test digits: its writers learn or validate")
            }
            Self::ScoreTestSet if state.has_job(JobKind::Score) => {
                Err("The test set is being scored already")
            }
            Self::IndexExamples => state.can_index_examples(),
            Self::DrawSurface(kind) => state.can_draw_surface(kind.unwrap_or(state.surface.kind())),
            Self::MoveBall { .. } if state.surface.drawn.is_none() => {
                Err("No cost surface is drawn yet")
            }
            Self::PutNetworkHere => state.can_put_network(),
            Self::PutNetworkBack => state.can_put_network_back(),
            Self::CancelJob { id } if !state.jobs.iter().any(|job| job.id == *id) => {
                Err("This work has ended")
            }
            Self::ExportCurvesCsv if state.runs.all.iter().all(|run| run.history.is_empty()) => {
                Err("Nothing was trained yet")
            }
            Self::ExportCurvesCsv if !state.runs.all.iter().any(|run| run.visible) => {
                Err("All runs are hidden")
            }
            Self::LeaveLesson
            | Self::NextLessonStep
            | Self::PreviousLessonStep
            | Self::ShowLessonStep { .. }
            | Self::SetUpForLesson { .. }
            | Self::AnswerLesson { .. } => state.can_change_lesson(self),
            Self::DismissMessage if state.log.shown().is_none() => Err("There is no message"),
            Self::Answer { button } => match &state.question {
                None => Err("There is no question"),
                Some(question) if *button >= question.buttons.len() => {
                    Err("There is no such answer")
                }
                Some(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Whether it would come in the way of a question that is open: whatever replaces the model, begins a run or
    /// asks something itself. The pen goes on, and so does a run that was begun.
    pub(in crate::app) fn must_wait_for_answer(&self, state: &AppState) -> bool {
        match self {
            Self::PlayPause | Self::Step(_) => {
                !matches!(state.runs.phase, Phase::Running | Phase::Paused)
            }
            Self::ResetWeights
            | Self::NewNetwork
            | Self::Recover
            | Self::OpenModel
            | Self::OpenRecent { .. }
            | Self::OpenBundled { .. }
            | Self::SaveModel
            | Self::SaveModelAs
            | Self::TakePractised
            | Self::SwapPractised
            | Self::BeginLesson { .. }
            | Self::OpenLesson
            | Self::LeaveLesson
            | Self::SetUpForLesson { .. }
            | Self::ApplyNudge
            | Self::UndoNudge
            | Self::PutNetworkHere
            | Self::PutNetworkBack
            | Self::FileDropped { .. } => true,
            _ => false,
        }
    }

    fn opens_dialog(&self, state: &AppState) -> bool {
        match self {
            Self::SaveModel => !matches!(state.model.origin, Origin::File(_)),
            Self::OpenModel
            | Self::SaveModelAs
            | Self::OpenDrawing
            | Self::OpenLesson
            | Self::SaveDrawingPng
            | Self::SaveDrawing28
            | Self::SaveDrawingStrokes
            | Self::OpenDataFolder
            | Self::OpenDataFile
            | Self::ExportCurvesCsv
            | Self::ImportMyDigits
            | Self::ExportMyDigits
            | Self::ExportCurvesPng { .. } => true,
            _ => false,
        }
    }
}
