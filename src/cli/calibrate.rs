use super::Stop;
use super::load::load;
use crate::answering::{Calibration, Gate, Honesty};
use crate::data::{DataSource, check_writable};
use crate::model_file::{resolve_model, save_model};
use clap::Args;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CalibrateOptions {
    /// A model file, or the name of a bundled model
    model: String,

    /// The data whose validation examples the answers are fitted to
    #[arg(long)]
    data: String,

    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
}

/// Fits the temperature of a model anew, without training it.
pub(super) fn calibrate(options: &CalibrateOptions) -> Result<(), Stop> {
    let mut model = resolve_model(&options.model).map_err(Stop::sentence)?;
    check_writable(&options.out).map_err(Stop::sentence)?;
    let source = DataSource::parse(&options.data).map_err(Stop::sentence)?;
    let data = load(&source, || ControlFlow::Continue(()))?;
    let validation = &data.validation;
    let Some(calibration) = Calibration::fit(&model.network, Gate::bundled(), validation) else {
        return Err(Stop::Sentence(format!(
            "{} has {} validation examples, and at least {} are needed to calibrate a model",
            data.name,
            validation.len(),
            Calibration::FEWEST_EXAMPLES
        )));
    };
    let honesty = Honesty::of(
        &model.network,
        Some(&calibration),
        Gate::bundled(),
        validation,
    );
    model.calibration = Some(calibration);
    save_model(&options.out, &model).map_err(Stop::sentence)?;
    writeln!(
        io::stdout(),
        "temperature {:.4}, expected calibration error {:.2} % on the same {} validation examples\n{} written",
        calibration.temperature,
        100.0
            * honesty
                .reliability
                .unwrap_or_default()
                .expected_calibration_error(),
        honesty.examples,
        options.out.display()
    )?;
    Ok(())
}
