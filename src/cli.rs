//! The command line: `train`, `eval`, `predict`, `fetch-mnist`, and the window when there is no subcommand.

use std::process::ExitCode;

/// Reads the arguments and does what they say.
pub fn run() -> ExitCode {
    todo!()
}
