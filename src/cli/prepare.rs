use super::Stop;
use super::chosen::{Chosen, Split};
use crate::data::{Half, write_idx};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct PrepareOptions {
    #[command(flatten)]
    chosen: Chosen,

    /// The folder to write to; no file that is there is replaced
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(super) fn prepare(options: &PrepareOptions) -> Result<(), Stop> {
    let digits = options.chosen.load()?;
    let half = match digits.split {
        Split::Train => Half::Train,
        Split::All | Split::Validation | Split::Test => Half::Test,
    };
    let written = write_idx(&options.out, half, &digits.examples).map_err(Stop::sentence)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}: {} digits", digits.name, digits.examples.len())?;
    for note in &digits.notes {
        writeln!(out, "note: {note}")?;
    }
    for path in written {
        writeln!(out, "{} written", path.display())?;
    }
    out.flush()?;
    Ok(())
}
