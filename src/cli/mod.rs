//! The command line: `train`, `practise`, `join`, `eval`, `eval-practise`, `prepare`, `predict`, `models`, `calibrate`,
//! `train-gate`, `fetch-mnist`, and the window when there is no subcommand.

mod bar;
mod by_writer;
mod calibrate;
mod choice;
mod chosen;
mod eval;
mod eval_practise;
mod fetch;
mod interrupt;
mod join;
mod load;
mod models;
mod practise;
mod predict;
mod prepare;
mod score;
mod train;
mod train_gate;
mod train_options;
mod watch;

use clap::{Parser, Subcommand};
use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// Draw a digit, watch a neural network learn to read it.
///
/// Without a subcommand, Inkgrad opens its window.
#[derive(Debug, Parser)]
#[command(name = "inkgrad", version)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Train a network and write it to a model file
    Train(Box<train_options::TrainOptions>),
    /// Train a model for a few seconds on the drawings of one hand, without forgetting what it knows
    Practise(practise::PractiseOptions),
    /// Make one network of several, which answers with the mean of their answers: a committee
    ///
    /// Networks that were trained from different seeds err differently, and together less. It can be trained further
    /// like any other network: `inkgrad train --from`.
    Join(join::JoinOptions),
    /// Score a model on a data set
    ///
    /// Drawings and pictures are normalised as the pad is. One without ink is not left out: it counts as read wrongly.
    Eval(eval::EvalOptions),
    /// Score how much practising helps: each writer shows a model a few digits, and all others judge it
    ///
    /// The model itself stays as it is, and nothing is written.
    EvalPractise(eval_practise::EvalPractiseOptions),
    /// Write digits as a network sees them, in MNIST's files, for other programs to read
    ///
    /// Drawings and pictures are normalised as the pad is, and written as 28×28 bytes (0 paper, 255 ink), so that any
    /// other model can be run on exactly what Inkgrad's are scored on; one without ink is blank, and counts as read
    /// wrongly. Where the writers are known, their numbers are in t10k-writers.txt, one a line.
    ///
    /// `--split train` writes MNIST's two training files and every other split the two test files, so that two
    /// commands make a whole data set.
    Prepare(prepare::PrepareOptions),
    /// Say which digits pictures and drawings show
    Predict(predict::PredictOptions),
    /// List the models that have a name: those inside the program and those in the folders for models
    Models,
    /// Fit how sure a model's answers are, and what it refuses, to validation examples
    Calibrate(calibrate::CalibrateOptions),
    /// Train the gate that refuses what is no digit, which the program is built with
    TrainGate(train_gate::TrainGateOptions),
    /// Download MNIST and verify its checksums
    FetchMnist(fetch::FetchOptions),
}

/// Why a task ends before it is done.
#[derive(Debug)]
enum Stop {
    /// What is wrong, for the person at the terminal.
    Sentence(String),
    /// The errors were printed where they came up.
    Reported,
    /// Nobody reads the output any more, as after `| head`.
    ClosedPipe,
}

/// Reads the arguments and does what they say.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => {
            // Help that nobody reads any more is no failure.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let done = match arguments.task {
        None => return crate::ui::run(),
        Some(Task::Train(options)) => train::train(&options),
        Some(Task::Practise(options)) => practise::practise(&options),
        Some(Task::Join(options)) => join::join(&options),
        Some(Task::Eval(options)) => eval::eval(&options),
        Some(Task::EvalPractise(options)) => eval_practise::eval_practise(&options),
        Some(Task::Prepare(options)) => prepare::prepare(&options),
        Some(Task::Predict(options)) => predict::predict(&options),
        Some(Task::Models) => models::models(),
        Some(Task::Calibrate(options)) => calibrate::calibrate(&options),
        Some(Task::TrainGate(options)) => train_gate::train_gate(&options),
        Some(Task::FetchMnist(options)) => fetch::fetch(&options),
    };
    match done {
        Ok(()) | Err(Stop::ClosedPipe) => ExitCode::SUCCESS,
        Err(Stop::Reported) => ExitCode::FAILURE,
        Err(Stop::Sentence(sentence)) => {
            print_error(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// One `error: …` line on standard error.
fn print_error(sentence: &str) {
    use io::Write;
    let line = sentence.replace(['\n', '\r'], " ");
    // Where standard error is closed, the exit code still tells.
    let _ = writeln!(io::stderr(), "error: {line}");
}

impl Stop {
    fn sentence(error: impl Display) -> Self {
        Self::Sentence(error.to_string())
    }
}

/// For writing to standard output.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Sentence(format!("the output cannot be written: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
