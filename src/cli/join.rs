use super::Stop;
use super::load::load;
use super::score::accuracy;
use super::train::{command_line, name_of};
use crate::answering::{Calibration, Gate};
use crate::data::{DataSource, check_writable};
use crate::ink::SIDE;
use crate::model_file::{Model, TrainingRecord, resolve_model, save_model};
use crate::nn::{CommitteeError, Network, NetworkError};
use crate::training::evaluate;
use clap::Args;
use ndarray::Array2;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct JoinOptions {
    /// Model files, or names as `inkgrad models` lists them: with as many layers and the same activations
    #[arg(required = true)]
    models: Vec<String>,

    /// How far the picture that the models see is moved; given more than once, each takes part once for every view:
    /// --view 1,0 --view -1,0
    #[arg(
        long = "view",
        value_name = "RIGHT,DOWN",
        allow_hyphen_values = true,
        default_value = "0,0"
    )]
    views: Vec<String>,

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
    let mut members = Vec::new();
    for view in &options.views {
        let view = View::parse(view)?;
        for model in &models {
            members.push(view.of(&model.network).map_err(Stop::sentence)?);
        }
    }
    let network = Network::committee(&members.iter().collect::<Vec<_>>()).map_err(|error| {
        Stop::Sentence(match error {
            CommitteeError::TooFew => format!("{error}: name another model, or give two views"),
            _ => format!("{error}; only networks of one kind make a committee"),
        })
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
    writeln!(
        out,
        "{} networks side by side: {}",
        members.len(),
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

/// The picture moved, in cells.
#[derive(Clone, Copy, Debug)]
struct View {
    right: isize,
    down: isize,
}

impl View {
    fn parse(text: &str) -> Result<Self, Stop> {
        let cells = |text: &str| {
            let cells = text.parse().ok();
            cells.filter(|cells: &isize| cells.unsigned_abs() < SIDE)
        };
        let parts = text.split_once(',');
        let view = parts.and_then(|(right, down)| Some((cells(right)?, cells(down)?)));
        match view {
            Some((right, down)) => Ok(Self { right, down }),
            None => Err(Stop::Sentence(format!(
                "--view {text} is no way to move a picture: give the cells to the right and down, such as 1,-1"
            ))),
        }
    }

    /// The network that answers to a picture as `network` answers to the picture moved: its first weights, moved the
    /// other way. What is moved off the paper is not seen.
    fn of(self, network: &Network) -> Result<Network, NetworkError> {
        let mut layers = network.layers().to_vec();
        let weights = &network.layers()[0].weights;
        let moved = |at: usize, by| at.checked_add_signed(by).filter(|at| *at < SIDE);
        layers[0].weights = Array2::from_shape_fn(weights.dim(), |(cell, unit)| {
            let (row, column) = (cell / SIDE, cell % SIDE);
            match (moved(row, self.down), moved(column, self.right)) {
                (Some(row), Some(column)) => weights[[row * SIDE + column, unit]],
                _ => 0.0,
            }
        });
        Network::new(layers, network.cost())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, BiasInit, Cost, Init};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn a_view_of_a_network_answers_as_it_does_to_the_picture_moved() {
        let architecture = Architecture {
            sizes: vec![SIDE * SIDE, 9, 10],
            hidden: Activation::Tanh,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        };
        let rng = &mut StdRng::seed_from_u64(1);
        let network = Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap();
        let answer = |network: &Network, [row, column]: [usize; 2]| {
            let mut cells = vec![0.0; SIDE * SIDE];
            cells[row * SIDE + column] = 1.0;
            network.predict(&cells)
        };
        let seen = View::parse("2,-1").unwrap().of(&network).unwrap();
        assert_eq!(answer(&seen, [5, 25]), answer(&network, [4, 27]));
        assert_ne!(answer(&seen, [5, 25]), answer(&network, [5, 25]));
        // Off the paper to the right, and at its top.
        let blank = network.predict(&vec![0.0; SIDE * SIDE]);
        for place in [[5, 26], [0, 3]] {
            assert_eq!(answer(&seen, place), blank);
        }
        let unmoved = View::parse("0,0").unwrap().of(&network).unwrap();
        assert_eq!(unmoved, network);
    }

    #[test]
    fn views_that_show_no_paper_are_refused() {
        for text in ["", "1", "1,x", "28,0", "0,-28", "1,2,3"] {
            assert!(View::parse(text).is_err(), "{text}");
        }
    }
}
