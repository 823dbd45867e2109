use crate::answering::Calibration;
use crate::model_file::{Model, TrainingRecord};
use crate::nn::{Architecture, Gradients, Network};
use crate::training::Practised;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The network that answers now, and where it came from.
#[derive(Clone, Debug)]
pub struct ModelState {
    pub name: String,
    pub origin: Origin,
    pub network: Arc<Network>,
    /// The weights that it started from, for 'change since the start' and for reset.
    pub initial: Arc<Network>,
    /// Gradients of the last mini-batch, while there is a training run.
    pub gradients: Option<Arc<Gradients>>,
    pub record: TrainingRecord,
    /// Fitted to the present weights; training takes it away until they rest again.
    pub calibration: Option<Calibration>,
    /// Grows with every change of the numbers: panels redraw their pictures when it moves.
    pub version: u64,
    /// Not in any file yet.
    pub unsaved: bool,
    /// The record of `initial`.
    pub(super) initial_record: TrainingRecord,
    /// The calibration of `initial`.
    pub(super) initial_calibration: Option<Calibration>,
    /// Steps of training that are in a file, or that came with the model.
    pub(super) saved_steps: u64,
    /// Grows when another model takes this one's place, not when this one learns.
    pub(super) generation: u64,
}

/// Where a model came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Bundled,
    /// Made here, from fresh weights.
    Fresh,
    File(PathBuf),
}

/// What practising adds to the name.
const PRACTISED: &str = ", practised";

/// Losing fewer steps than this is not worth a question.
const STEPS_WORTH_ASKING: u64 = 100;

impl ModelState {
    pub(super) fn new(model: Model, origin: Origin) -> Self {
        let network = Arc::new(model.network);
        Self {
            name: model.name,
            origin,
            initial: Arc::clone(&network),
            network,
            gradients: None,
            saved_steps: model.record.steps,
            initial_record: model.record.clone(),
            record: model.record,
            initial_calibration: model.calibration,
            calibration: model.calibration,
            version: 0,
            unsaved: false,
            generation: 0,
        }
    }

    /// Puts another model in this one's place.
    pub(super) fn replace(&mut self, model: Model, origin: Origin) {
        *self = Self {
            version: self.version + 1,
            generation: self.generation + 1,
            ..Self::new(model, origin)
        };
    }

    /// Puts back one that has been here before.
    pub(super) fn put_back(&mut self, earlier: Self) {
        *self = Self {
            version: self.version + 1,
            ..earlier
        };
    }

    /// What it is after practising; it is in no file.
    pub(super) fn after_practising(&self, practised: &Practised) -> Self {
        let name = match self.name.strip_suffix(PRACTISED) {
            Some(_) => self.name.clone(),
            None => format!("{}{PRACTISED}", self.name),
        };
        Self {
            name,
            origin: match &self.origin {
                Origin::Bundled => Origin::Fresh,
                other => other.clone(),
            },
            network: Arc::clone(&practised.network),
            gradients: None,
            // It was fitted to other weights; the window fits another.
            calibration: None,
            record: self.record.after_practising(practised),
            unsaved: true,
            ..self.clone()
        }
    }

    /// Back to the weights that it started from.
    pub(super) fn reset(&mut self) {
        self.network = Arc::clone(&self.initial);
        self.record = self.initial_record.clone();
        self.calibration = self.initial_calibration;
        self.gradients = None;
        self.version += 1;
        self.saved_steps = self.record.steps;
        self.unsaved = false;
    }

    /// As it goes into a file.
    pub(super) fn to_file(&self, name: String) -> Model {
        Model {
            name,
            network: (*self.network).clone(),
            record: self.record.clone(),
            calibration: self.calibration,
        }
    }

    /// Made here, and with its first weights still: it knows nothing.
    pub fn is_untrained(&self) -> bool {
        self.origin == Origin::Fresh && self.record.steps == 0
    }

    pub(super) fn is_at_its_start(&self) -> bool {
        Arc::ptr_eq(&self.network, &self.initial)
    }

    /// Whether it holds training that somebody would miss.
    pub(super) fn has_much_unsaved(&self) -> bool {
        self.unsaved && self.record.steps.saturating_sub(self.saved_steps) >= STEPS_WORTH_ASKING
    }

    /// "784-128-64-10"
    pub fn sizes(&self) -> String {
        self.network.architecture().to_string()
    }
}

/// What of `wanted` another network would have to be made for, in words; `None` when `network` will do.
pub(super) fn difference(wanted: &Architecture, network: &Architecture) -> Option<String> {
    let mut differences = Vec::new();
    if wanted.sizes != network.sizes {
        differences.push(format!(
            "Layers {wanted} differ from the network's {network}"
        ));
    }
    let both_hidden = wanted.sizes.len() > 2 && network.sizes.len() > 2;
    if both_hidden && wanted.hidden != network.hidden {
        differences.push(format!(
            "Hidden activation {} differs from the network's {}",
            wanted.hidden.label(),
            network.hidden.label()
        ));
    }
    if wanted.output != network.output {
        differences.push(format!(
            "Output activation {} differs from the network's {}",
            wanted.output.label(),
            network.output.label()
        ));
    }
    if wanted.cost != network.cost {
        differences.push(format!(
            "Cost {} differs from the network's {}",
            wanted.cost.label(),
            network.cost.label()
        ));
    }
    (!differences.is_empty()).then(|| differences.join("; "))
}

/// Whether the pad can be read by it; the error says what does not fit.
pub(super) fn check_fits_pad(path: &Path, network: &Network) -> Result<(), String> {
    let (inputs, outputs) = (network.input_size(), network.output_size());
    if (inputs, outputs) == (784, 10) {
        return Ok(());
    }
    Err(format!(
        "{} takes {inputs} inputs and gives {outputs} outputs; the pad needs 784 and 10",
        path.display()
    ))
}

/// The name that a file gives to the model in it.
pub(super) fn name_of(path: &Path) -> String {
    match path.file_stem() {
        Some(stem) => stem.to_string_lossy().into_owned(),
        None => "Model".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Cost};

    fn modern() -> Architecture {
        Architecture {
            sizes: vec![784, 128, 64, 10],
            hidden: Activation::Relu,
            output: Activation::Softmax,
            cost: Cost::CrossEntropy,
        }
    }

    #[test]
    fn the_same_architecture_needs_nothing_new() {
        assert_eq!(difference(&modern(), &modern()), None);
    }

    #[test]
    fn other_layers_are_named_with_both_sizes() {
        let wanted = Architecture {
            sizes: vec![784, 30, 10],
            ..modern()
        };
        assert_eq!(
            difference(&wanted, &modern()).as_deref(),
            Some("Layers 784-30-10 differ from the network's 784-128-64-10")
        );
    }

    #[test]
    fn every_difference_is_named() {
        let wanted = Architecture {
            hidden: Activation::Tanh,
            output: Activation::Sigmoid,
            cost: Cost::Quadratic,
            ..modern()
        };
        let text = difference(&wanted, &modern()).unwrap();
        for word in [
            "Tanh",
            "ReLU",
            "Sigmoid",
            "Softmax",
            "Quadratic",
            "Cross-entropy",
        ] {
            assert!(text.contains(word), "{word} is missing in: {text}");
        }
    }

    #[test]
    fn without_hidden_layers_their_activation_does_not_matter() {
        let network = Architecture {
            sizes: vec![784, 10],
            ..modern()
        };
        let wanted = Architecture {
            hidden: Activation::Tanh,
            ..network.clone()
        };
        assert_eq!(difference(&wanted, &network), None);
    }
}
