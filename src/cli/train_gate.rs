use super::Stop;
use super::bar::{fraction_bar, set_fraction};
use super::interrupt::Interrupt;
use super::load::load;
use super::train::command_line;
use crate::answering::{self, GateSettings};
use crate::data::{DataSource, check_writable, write_atomically};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct TrainGateOptions {
    /// Digits to let pass: a data set as `train` takes it; may be given more than once
    #[arg(long, required = true)]
    data: Vec<String>,

    /// The gate to write
    #[arg(long, value_name = "FILE", default_value = "assets/gate.json")]
    out: PathBuf,

    /// Units of the hidden layers
    #[arg(long, value_delimiter = ',', value_name = "UNITS")]
    hidden: Option<Vec<usize>>,

    /// Mini-batches
    #[arg(long, value_name = "N")]
    steps: Option<usize>,

    /// The same seed gives the same gate, bit for bit
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

pub(super) fn train_gate(options: &TrainGateOptions) -> Result<(), Stop> {
    check_writable(&options.out)
        .map_err(|error| Stop::Sentence(format!("{error}; nothing was trained")))?;
    let interrupt = Interrupt::listen().map_err(Stop::sentence)?;
    let digits = options
        .data
        .iter()
        .map(|data| {
            let source = DataSource::parse(data).map_err(Stop::sentence)?;
            load(&source, || interrupt.flow())
        })
        .collect::<Result<Vec<_>, Stop>>()?;
    let usual = GateSettings::default();
    let settings = GateSettings {
        hidden: options.hidden.clone().unwrap_or(usual.hidden),
        steps: options.steps.unwrap_or(usual.steps),
        seed: options.seed.unwrap_or(usual.seed),
    };
    let bar = fraction_bar("Training");
    let gate = answering::train_gate(&digits, &settings, |fraction| {
        set_fraction(&bar, fraction);
        interrupt.flow()
    })
    .map_err(Stop::sentence)?;
    bar.finish_and_clear();
    let Some(gate) = gate else {
        return Err(Stop::Sentence(
            "stopped on request; no gate was written".to_owned(),
        ));
    };
    let text = gate
        .write(&command_line(std::env::args_os().skip(1)))
        .map_err(Stop::sentence)?;
    write_atomically(&options.out, text.as_bytes()).map_err(Stop::sentence)?;
    writeln!(
        io::stdout(),
        "least likeness {:.4}\n{} written",
        gate.least_likeness(),
        options.out.display()
    )?;
    Ok(())
}
