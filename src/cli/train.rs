use super::Stop;
use super::interrupt::Interrupt;
use super::load::load;
use super::train_options::TrainOptions;
use super::watch::{End, Watch, Watched};
use crate::answering::{Calibration, Gate};
use crate::data::{DataSource, check_writable};
use crate::model_file::{Model, TrainingRecord, save_model};
use crate::training::{Command, RunSetup, Trainer};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

/// Trains with the thread that the window uses, and writes the model however training ends.
pub(super) fn train(options: &TrainOptions) -> Result<(), Stop> {
    let first_model = options.first_model()?;
    let hyperparameters = options.hyperparameters(first_model.as_ref())?;
    check_writable(&options.out)
        .map_err(|error| Stop::Sentence(format!("{error}; nothing was trained")))?;
    let interrupt = Interrupt::listen().map_err(Stop::sentence)?;
    let source = DataSource::parse(&options.data).map_err(Stop::sentence)?;
    let data = load(&source, || interrupt.flow())?;

    let (network, earlier) = match first_model {
        Some(model) => (model.network, model.record),
        None => (
            hyperparameters.fresh_network().map_err(Stop::sentence)?,
            TrainingRecord::default(),
        ),
    };
    let setup = RunSetup {
        network: Arc::new(network),
        data: Arc::new(data),
        hyperparameters: hyperparameters.clone(),
        first_step: earlier.steps,
    };
    let data = Arc::clone(&setup.data);
    let mut watch = Watch::new(&setup);
    watch.say(&format!(
        "{}: {} examples to train, {} to validate, {} to test",
        data.name,
        data.train.len(),
        data.validation.len(),
        match data.test.len() {
            0 => "none".to_owned(),
            count => count.to_string(),
        }
    ));
    for note in &data.notes {
        watch.say(&format!("note: {note}"));
    }
    let trainer = Trainer::spawn(|| {}).map_err(Stop::sentence)?;
    trainer.send(Command::Load(Box::new(setup)));
    trainer.send(Command::Resume);
    let watched = watch.follow(&trainer, &interrupt);

    let network = watched.snapshot.network.as_ref().clone();
    let model = Model {
        name: name(options),
        calibration: Calibration::fit(&network, Gate::bundled(), &data.validation),
        network,
        record: record(&earlier, &data.name, &hyperparameters, &watched),
    };
    save(&options.out, &model)?;
    conclude(&mut watch, &options.out, &watched)
}

/// Writes the model, or where that fails, as on a disk that has filled up meanwhile, a copy among the temporary files:
/// what was learned in hours is not to be lost with its place.
fn save(out: &Path, model: &Model) -> Result<(), Stop> {
    let Err(error) = save_model(out, model) else {
        return Ok(());
    };
    let rescue = std::env::temp_dir().join(format!("inkgrad-rescued-{}.json", std::process::id()));
    let sentence = match save_model(&rescue, model) {
        Ok(()) => format!("{error}; the model was saved as {}", rescue.display()),
        Err(_) => format!("{error}; the model is lost"),
    };
    Err(Stop::Sentence(sentence))
}

/// Says how training ended and where the model is.
fn conclude(watch: &mut Watch, out: &Path, watched: &Watched) -> Result<(), Stop> {
    let out = out.display();
    let step = watched.snapshot.step;
    match &watched.end {
        End::Finished(test) => {
            if test.count() > 0 {
                watch.say(&format!(
                    "test accuracy {} (2σ, {} examples)",
                    super::score::accuracy(test),
                    test.count()
                ));
            }
            watch.say(&format!("{out} written"));
            Ok(())
        }
        End::Interrupted => {
            watch.say(&format!(
                "stopped on request after step {step}, in epoch {:.2}; {out} written",
                watched.snapshot.epoch
            ));
            Ok(())
        }
        End::Diverged(divergence) => Err(Stop::Sentence(format!(
            "training diverged: {}; {out} holds the network of step {step}; try a --learning-rate smaller than {}",
            divergence.sentence, divergence.learning_rate
        ))),
        End::Failed(reason) => Err(Stop::Sentence(format!(
            "training failed: {reason}; {out} holds the network of step {step}"
        ))),
    }
}

fn record(
    earlier: &TrainingRecord,
    data: &str,
    hyperparameters: &crate::training::Hyperparameters,
    watched: &Watched,
) -> TrainingRecord {
    let test = match &watched.end {
        End::Finished(test) if test.count() > 0 => Some(test),
        _ => None,
    };
    TrainingRecord {
        data: if earlier.data.is_empty() || earlier.data == data {
            data.to_owned()
        } else {
            format!("{}, then {data}", earlier.data)
        },
        hyperparameters: Some(hyperparameters.clone()),
        epochs: earlier.epochs + f64::from(watched.snapshot.epoch),
        steps: watched.snapshot.step,
        validation_accuracy: watched.validation_accuracy(),
        test_accuracy: test.map(|test| test.accuracy()),
        test_count: test.map(|test| test.count()),
        command: Some(command_line(std::env::args_os().skip(1))),
        assumed: earlier.assumed.clone(),
    }
}

/// The name that was given, or that of the file.
fn name(options: &TrainOptions) -> String {
    options
        .name
        .clone()
        .unwrap_or_else(|| name_of(&options.out))
}

/// The name that a file gives to the model in it.
pub(super) fn name_of(out: &Path) -> String {
    let stem = out.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// The command as it can be typed again.
pub(super) fn command_line(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
    let mut line = "inkgrad".to_owned();
    for argument in arguments {
        let argument = argument.as_ref().to_string_lossy();
        let plain = |c: char| c.is_alphanumeric() || "-_./,=:+".contains(c);
        line.push(' ');
        if !argument.is_empty() && argument.chars().all(plain) {
            line.push_str(&argument);
        } else {
            line.push('\'');
            line.push_str(&argument.replace('\'', r"'\''"));
            line.push('\'');
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_file::{bundled_model, open_model};

    #[test]
    fn a_model_without_a_place_is_rescued() {
        let folder_in_the_way = tempfile::tempdir().unwrap();
        let model = bundled_model("default").unwrap();
        let Err(Stop::Sentence(sentence)) = save(folder_in_the_way.path(), &model) else {
            panic!("a folder was replaced");
        };
        let (_, rescue) = sentence.split_once("saved as ").unwrap();
        let rescued = open_model(Path::new(rescue)).unwrap();
        std::fs::remove_file(rescue).unwrap();
        assert_eq!(rescued.network, model.network);
    }

    #[test]
    fn a_command_can_be_typed_again() {
        assert_eq!(
            command_line([
                "train", "--layers", "784,10", "--name", "my model", "it's", ""
            ]),
            r"inkgrad train --layers 784,10 --name 'my model' 'it'\''s' ''"
        );
    }
}
