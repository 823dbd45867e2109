use super::Stop;
use super::load::load;
use super::score::accuracy;
use super::train::{command_line, name_of};
use crate::answering::{Calibration, Gate};
use crate::data::{DataSource, check_writable};
use crate::model_file::{Model, TrainingRecord, resolve_model, save_model};
use crate::nn::Network;
use crate::training::evaluate;
use clap::Args;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct JoinOptions {
    /// Model files, or names as `inkgrad models` lists them: with as many layers and the same activations
    #[arg(required = true, num_args = 2..)]
    models: Vec<String>,

    /// The data that the committee is scored on, and to whose validation examples its answers are fitted
    #[arg(long)]
    data: String,

    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
}

pub(super) fn join(options: &JoinOptions) -> Result<(), Stop> {
    let models = options.models.iter().map(|name| resolve_model(name));
    let models: Vec<Model> = models.collect::<Result<_, _>>().map_err(Stop::sentence)?;
    check_writable(&options.out).map_err(Stop::sentence)?;
    let members: Vec<&Network> = models.iter().map(|model| &model.network).collect();
    let network = Network::committee(&members).map_err(|error| {
        Stop::Sentence(format!(
            "{error}; only networks of one kind make a committee"
        ))
    })?;
    let source = DataSource::parse(&options.data).map_err(Stop::sentence)?;
    let data = load(&source, || ControlFlow::Continue(()))?;
    let [validation, test] = [&data.validation, &data.test].map(|set| evaluate(&network, set));

    let known = |accuracy: f64| Some(accuracy).filter(|a| a.is_finite());
    let record = TrainingRecord {
        data: format!("a committee of {} networks, {}", members.len(), data.name),
        validation_accuracy: known(validation.accuracy()),
        test_accuracy: known(test.accuracy()),
        test_count: known(test.accuracy()).map(|_| test.count()),
        command: Some(command_line(std::env::args_os().skip(1))),
        ..TrainingRecord::default()
    };
    let model = Model {
        name: name_of(&options.out),
        calibration: Calibration::fit(&network, Gate::bundled(), &data.validation),
        network,
        record,
    };
    save_model(&options.out, &model).map_err(Stop::sentence)?;
    let mut out = io::stdout().lock();
    let count = models.len();
    writeln!(
        out,
        "{count} models side by side: {}",
        model.network.architecture()
    )?;
    for (of, evaluation) in [("validation", validation), ("test", test)] {
        writeln!(
            out,
            "{of} accuracy {} (2σ, {} examples)",
            accuracy(&evaluation),
            evaluation.count()
        )?;
    }
    writeln!(out, "{} written", options.out.display())?;
    Ok(())
}
