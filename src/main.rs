//! The program: the window without arguments, the command line with a subcommand.

use std::process::ExitCode;

fn main() -> ExitCode {
    inkgrad::cli::run()
}
