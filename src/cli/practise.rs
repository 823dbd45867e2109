use super::bar::{fraction_bar, set_fraction};
use super::interrupt::Interrupt;
use super::load::load;
use super::train::{command_line, name_of};
use super::{Stop, score};
use crate::answering::{Calibration, Gate};
use crate::data::{DataSource, check_writable, read_drawings};
use crate::model_file::{Model, resolve_model, save_model};
use crate::nn::Evaluation;
use crate::training::{PractiseSetup, Practised, Scores, practise as practise_on};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct PractiseOptions {
    /// A model file, or a name as `inkgrad models` lists them
    model: String,

    /// The labelled drawings of one hand; of each digit every third is kept aside to judge by
    #[arg(long, value_name = "FILE")]
    mine: PathBuf,

    /// What the network is not to forget: mixed in, and scored before and after
    #[arg(long)]
    data: String,

    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,

    /// The same seed gives the same model, bit for bit
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub(super) fn practise(options: &PractiseOptions) -> Result<(), Stop> {
    let model = resolve_model(&options.model).map_err(Stop::sentence)?;
    check_writable(&options.out)
        .map_err(|error| Stop::Sentence(format!("{error}; nothing was practised")))?;
    let own = read_drawings(&options.mine).map_err(Stop::sentence)?;
    let interrupt = Interrupt::listen().map_err(Stop::sentence)?;
    let source = DataSource::parse(&options.data).map_err(Stop::sentence)?;
    let replay = load(&source, || interrupt.flow())?;
    let setup = PractiseSetup {
        network: Arc::new(model.network),
        replay: Arc::new(replay),
        own,
        seed: options.seed,
    };
    let bar = fraction_bar("Practising");
    let practised = practise_on(&setup, &mut |fraction| {
        set_fraction(&bar, fraction);
        interrupt.flow()
    });
    bar.finish_and_clear();
    let practised = practised.map_err(Stop::sentence)?;
    let mut record = model.record.after_practising(&practised);
    record.command = Some(command_line(std::env::args_os().skip(1)));
    let practised_model = Model {
        name: name_of(&options.out),
        network: (*practised.network).clone(),
        calibration: Calibration::fit(
            &practised.network,
            Gate::bundled(),
            &setup.replay.validation,
        ),
        record,
    };
    save_model(&options.out, &practised_model).map_err(Stop::sentence)?;
    report(options, &setup, &practised)?;
    Ok(())
}

fn report(
    options: &PractiseOptions,
    setup: &PractiseSetup,
    practised: &Practised,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "practised  {} steps on {} examples, {} of {} drawings written anew among them",
        practised.steps,
        practised.examples,
        practised.learned.before.count(),
        options.mine.display()
    )?;
    write_scores(&mut out, "kept aside", &practised.kept_aside)?;
    write_scores(&mut out, "practised on", &practised.learned)?;
    let replay = format!("{}, validation", setup.replay.name);
    write_scores(&mut out, &replay, &practised.replay)?;
    writeln!(out, "{} written", options.out.display())?;
    out.flush()
}

fn write_scores(out: &mut impl Write, of: &str, scores: &Scores) -> io::Result<()> {
    let count = scores.before.count();
    if count == 0 {
        return writeln!(out, "{of}: none, as this takes three drawings of a digit");
    }
    let text = |evaluation: &Evaluation| score::accuracy(evaluation);
    writeln!(
        out,
        "{of} ({count}): {} before, {} after (2σ)",
        text(&scores.before),
        text(&scores.after)
    )
}
