use super::Stop;
use super::by_writer::ByWriter;
use super::chosen::Chosen;
use super::score::{Score, Tally, write_report};
use crate::answering::{Gate, Honesty};
use crate::model_file::resolve_model;
use clap::Args;
use std::io::{self, Write};

#[derive(Debug, Args)]
pub(super) struct EvalOptions {
    /// A model file (JSON or safetensors), or a name as `inkgrad models` lists them
    model: String,

    #[command(flatten)]
    chosen: Chosen,

    /// List the accuracy of every writer, for drawings that name their writers
    #[arg(long)]
    by_writer: bool,

    /// Print {"n", "correct", "accuracy", "mean_cost", "confusion", "two_sigma", "split", "blank", "refused",
    /// "not_sure", "expected_calibration_error", "writers"}; rows of the confusion are the truth, "writers" is there
    /// where they are known, and what needs a calibrated model is null where it is not
    #[arg(long)]
    json: bool,
}

pub(super) fn eval(options: &EvalOptions) -> Result<(), Stop> {
    let model = resolve_model(&options.model).map_err(Stop::sentence)?;
    let digits = options.chosen.load()?;
    let tally = Tally::of(&model.network, &digits.examples);
    let honesty = Honesty::of(
        &model.network,
        model.calibration.as_ref(),
        Gate::bundled(),
        &digits.examples,
    );
    let writers = ByWriter::of(&model.network, &digits.examples);
    if options.by_writer && writers.is_none() {
        return Err(Stop::Sentence(format!(
            "{}: the writers are not known, so there is no --by-writer",
            digits.name
        )));
    }

    let mut out = io::stdout().lock();
    if options.json {
        let score = Score::new(&tally, &honesty, digits.split.name(), writers.as_ref());
        let text = serde_json::to_string(&score).map_err(Stop::sentence)?;
        writeln!(out, "{text}")?;
    } else {
        writeln!(out, "model      {}", options.model)?;
        if let Some(assumed) = &model.record.assumed {
            writeln!(out, "assumed    {assumed}")?;
        }
        writeln!(out, "data       {}", digits.name)?;
        for note in &digits.notes {
            writeln!(out, "note       {note}")?;
        }
        write_report(&mut out, &tally, &honesty, writers.as_ref())?;
        if let Some(writers) = writers.filter(|_| options.by_writer) {
            writers.write_table(&mut out)?;
        }
    }
    out.flush()?;
    Ok(())
}
