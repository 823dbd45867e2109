use super::Stop;
use super::choice::choice;
use crate::data::Augmentation;
use crate::ink::SIDE;
use crate::model_file::{Model, resolve_model};
use crate::nn::{Activation, BiasInit, Cost, Init, OptimizerKind, Schedule};
use crate::training::{CheckedHyperparameters, Hyperparameters, Preset, all_threads};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct TrainOptions {
    /// mnist, practice, an IDX folder, an image folder ROOT/<label>/*.png, a drawings file, or several joined by +,
    /// which may have shares: mnist:0.6+practice:0.4
    #[arg(long)]
    pub(super) data: String,

    /// The model file to write: safetensors where its name ends so, JSON otherwise
    #[arg(long, value_name = "MODEL")]
    pub(super) out: PathBuf,

    /// The name inside the model file; by default that of the file
    #[arg(long)]
    pub(super) name: Option<String>,

    /// Train on from this model, a file or a name as `inkgrad models` lists them
    #[arg(long, value_name = "MODEL", conflicts_with_all = [
        "preset", "layers", "activation", "output_activation", "cost", "init", "bias_init",
    ])]
    from: Option<String>,

    /// Settings to begin with; the other options change them [default: modern]
    #[arg(long, value_parser = preset_parser())]
    preset: Option<Preset>,

    /// Units of every layer, the 784 inputs and 10 outputs included: 784,128,64,10
    #[arg(long, value_delimiter = ',', value_name = "UNITS")]
    layers: Option<Vec<usize>>,

    /// Of the hidden layers
    #[arg(long, value_parser = choice(&Activation::ALL))]
    activation: Option<Activation>,

    /// Of the output layer
    #[arg(long, value_parser = choice(&Activation::ALL))]
    output_activation: Option<Activation>,

    /// What training lowers
    #[arg(long, value_parser = choice(&Cost::ALL))]
    cost: Option<Cost>,

    /// How the first weights are drawn
    #[arg(long, value_parser = choice(&Init::ALL))]
    init: Option<Init>,

    /// How the first biases are drawn
    #[arg(long, value_parser = choice(&BiasInit::ALL))]
    bias_init: Option<BiasInit>,

    /// The rule that turns gradients into steps
    #[arg(long, value_parser = choice(&OptimizerKind::ALL))]
    optimizer: Option<OptimizerKind>,

    /// How large the steps are; by default as in the preset, or what suits another optimizer
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    learning_rate: Option<f32>,

    /// How much of the step before is kept, by the optimizers momentum and nesterov
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    momentum: Option<f32>,

    /// L2, of the weights and not of the biases
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    weight_decay: Option<f32>,

    /// How the learning rate changes over the run
    #[arg(long, value_parser = choice(&Schedule::ALL))]
    schedule: Option<Schedule>,

    /// Examples in a mini-batch
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// How many times all training examples are gone through
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,

    /// Small changes to the training examples, fresh each time
    #[arg(long, value_parser = choice(&Augmentation::ALL))]
    augment: Option<Augmentation>,

    /// The same seed gives the same model, bit for bit
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Threads that share a mini-batch, by default one for each core; the result does not depend on their number
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

const PRESETS: [(&str, Preset); 4] = [
    ("textbook", Preset::Textbook),
    ("two-small-layers", Preset::TwoSmallLayers),
    ("modern", Preset::Modern),
    ("sprint", Preset::Sprint),
];

impl TrainOptions {
    /// The model to train on from, if one is named.
    pub(super) fn first_model(&self) -> Result<Option<Model>, Stop> {
        self.from
            .as_deref()
            .map(|name| resolve_model(name).map_err(Stop::sentence))
            .transpose()
    }

    /// The settings of the preset, or of the model that is trained on, with the options put over them.
    pub(super) fn hyperparameters(
        &self,
        first_model: Option<&Model>,
    ) -> Result<CheckedHyperparameters, Stop> {
        let mut settings = match first_model {
            Some(model) => settings_of(model),
            None => self.preset.unwrap_or(Preset::Modern).hyperparameters(),
        };
        if let Some(layers) = &self.layers {
            settings.hidden_layers = hidden_layers(layers)?;
        }
        if let Some(optimizer) = self.optimizer
            && optimizer != settings.optimizer
        {
            settings.optimizer = optimizer;
            settings.learning_rate = usual_learning_rate(optimizer);
        }
        put(&mut settings.hidden_activation, self.activation);
        put(&mut settings.output_activation, self.output_activation);
        put(&mut settings.cost, self.cost);
        put(&mut settings.init, self.init);
        put(&mut settings.bias_init, self.bias_init);
        put(&mut settings.learning_rate, self.learning_rate);
        put(&mut settings.momentum, self.momentum);
        put(&mut settings.weight_decay, self.weight_decay);
        put(&mut settings.schedule, self.schedule);
        put(&mut settings.batch_size, self.batch_size);
        put(&mut settings.epochs, self.epochs);
        put(&mut settings.augmentation, self.augment);
        put(&mut settings.seed, self.seed);
        // There is no window to leave a core to.
        settings.threads = self.threads.unwrap_or_else(all_threads);
        settings.check().map_err(|errors| {
            let sentences: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Stop::Sentence(sentences.join("; "))
        })
    }
}

fn put<T>(setting: &mut T, option: Option<T>) {
    if let Some(value) = option {
        *setting = value;
    }
}

/// How a model was trained, with its true architecture whatever its record says.
fn settings_of(model: &Model) -> Hyperparameters {
    let architecture = model.network.architecture();
    let sizes = &architecture.sizes;
    Hyperparameters {
        hidden_layers: sizes[1..sizes.len() - 1].to_vec(),
        hidden_activation: architecture.hidden,
        output_activation: architecture.output,
        cost: architecture.cost,
        ..model.record.hyperparameters.clone().unwrap_or_default()
    }
}

fn hidden_layers(layers: &[usize]) -> Result<Vec<usize>, Stop> {
    const INPUTS: usize = SIDE * SIDE;
    match layers {
        [INPUTS, hidden @ .., 10] => Ok(hidden.to_vec()),
        _ => {
            let found: Vec<String> = layers.iter().map(ToString::to_string).collect();
            Err(Stop::Sentence(format!(
                "--layers is {}: it must begin with {INPUTS}, the cells of a picture, and end with 10, the digits",
                found.join(",")
            )))
        }
    }
}

/// A rate that each optimizer learns well with on MNIST and networks of a usual size.
fn usual_learning_rate(optimizer: OptimizerKind) -> f32 {
    match optimizer {
        OptimizerKind::Sgd => 0.1,
        OptimizerKind::Momentum | OptimizerKind::Nesterov => 0.05,
        OptimizerKind::Adam | OptimizerKind::AdamW => 0.002,
    }
}

fn preset_parser() -> impl TypedValueParser<Value = Preset> {
    PossibleValuesParser::new(PRESETS.map(|(name, _)| name)).try_map(|text| {
        PRESETS
            .into_iter()
            .find_map(|(name, preset)| (name == text).then_some(preset))
            .ok_or_else(|| format!("{text} is not known"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        options: TrainOptions,
    }

    fn settings(arguments: &str) -> Result<Hyperparameters, String> {
        let arguments = ["train", "--data", "practice", "--out", "m.json"]
            .into_iter()
            .chain(arguments.split_whitespace());
        let options = Only::try_parse_from(arguments).unwrap().options;
        match options.hyperparameters(None) {
            Ok(checked) => Ok(Hyperparameters::clone(&checked)),
            Err(Stop::Sentence(sentence)) => Err(sentence),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn options_are_put_over_the_preset() {
        let modern = Preset::Modern.hyperparameters();
        let threads = all_threads();
        assert_eq!(settings("").unwrap(), Hyperparameters { threads, ..modern });
        let textbook = settings("--preset textbook --epochs 3 --seed 9").unwrap();
        assert_eq!(
            textbook,
            Hyperparameters {
                epochs: 3,
                seed: 9,
                threads: all_threads(),
                ..Preset::Textbook.hyperparameters()
            }
        );
    }

    #[test]
    fn layers_are_given_with_both_ends() {
        let deep = settings("--layers 784,40,20,10").unwrap();
        assert_eq!(deep.hidden_layers, [40, 20]);
        assert!(
            settings("--layers 784,10")
                .unwrap()
                .hidden_layers
                .is_empty()
        );
        for wrong in ["784,30,9", "100,30,10", "784", "10"] {
            let sentence = settings(&format!("--layers {wrong}")).unwrap_err();
            assert!(
                sentence.contains(&format!("--layers is {wrong}:")),
                "{sentence}"
            );
        }
    }

    #[test]
    fn another_optimizer_brings_its_own_learning_rate() {
        assert_eq!(settings("--optimizer sgd").unwrap().learning_rate, 0.1);
        let given = settings("--optimizer sgd --learning-rate 0.5").unwrap();
        assert_eq!(given.learning_rate, 0.5);
        let own = settings("--preset textbook --optimizer sgd").unwrap();
        assert_eq!(own.learning_rate, 3.0);
    }

    #[test]
    fn all_wrong_settings_are_in_one_sentence() {
        let sentence = settings("--epochs 0 --batch-size 0 --learning-rate nan").unwrap_err();
        for part in ["epochs", "mini-batch", "learning rate"] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }
}
