use super::load::load;
use super::{Stop, score};
use crate::data::{DataSets, DataSource, Examples};
use crate::model_file::resolve_model;
use crate::training::evaluate;
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::ops::ControlFlow;

#[derive(Debug, Args)]
pub(super) struct EvalOptions {
    /// A model file (JSON or safetensors), or a name as `inkgrad models` lists them
    model: String,

    /// mnist, practice, an IDX folder, an image folder ROOT/<label>/*.png, or a drawings file
    #[arg(long)]
    data: String,

    /// Which part of the data
    #[arg(long, value_enum, default_value_t)]
    split: Split,

    /// Print {"n", "correct", "accuracy", "mean_cost", "confusion"}; rows of the confusion are the truth
    #[arg(long)]
    json: bool,
}

/// A part of a data set.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Split {
    #[default]
    Test,
    Validation,
    Train,
}

pub(super) fn eval(options: &EvalOptions) -> Result<(), Stop> {
    let model = resolve_model(&options.model).map_err(Stop::sentence)?;
    let data = load(
        &DataSource::parse(&options.data).map_err(Stop::sentence)?,
        || ControlFlow::Continue(()),
    )?;
    let evaluation = evaluate(&model.network, options.split.of(&data));

    let mut out = io::stdout().lock();
    if options.json {
        let score = score::Score::from(&evaluation);
        writeln!(
            out,
            "{}",
            serde_json::to_string(&score).map_err(Stop::sentence)?
        )?;
    } else {
        writeln!(out, "model      {}", options.model)?;
        if let Some(assumed) = &model.record.assumed {
            writeln!(out, "assumed    {assumed}")?;
        }
        writeln!(out, "data       {}, {}", data.name, options.split.name())?;
        for note in &data.notes {
            writeln!(out, "note       {note}")?;
        }
        score::write_report(&mut out, &evaluation)?;
    }
    out.flush()?;
    Ok(())
}

impl Split {
    fn of(self, data: &DataSets) -> &Examples {
        match self {
            Self::Test => &data.test,
            Self::Validation => &data.validation,
            Self::Train => &data.train,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Test => "test examples",
            Self::Validation => "validation examples",
            Self::Train => "training examples",
        }
    }
}
