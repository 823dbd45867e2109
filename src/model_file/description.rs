use super::diagnosis::problem_at;
use super::place::{Place, shortened};
use super::{ModelProblem, TrainingRecord, VERSION};
use crate::answering::Calibration;
use crate::ink::NORMALIZATION_ID;
use crate::nn::{Activation, Cost};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What the field "format" of every model file says.
pub(super) const FORMAT: &str = "inkgrad-model";

/// What is looked at first, so that a file of another kind or version is called that and not faulty.
#[derive(Deserialize)]
struct Header {
    format: Option<String>,
    version: Option<u64>,
}

/// The fields of version 1. A duplicate is refused; a field that is not known is passed over.
///
/// `L` is what it says of a layer: with the numbers in a JSON file, without them in a safetensors file.
#[derive(Deserialize)]
pub(super) struct Description<L> {
    pub(super) name: String,
    cost: String,
    normalization: String,
    pub(super) training: TrainingRecord,
    /// Files of before calibration do not have it.
    pub(super) calibration: Option<Calibration>,
    pub(super) layers: Vec<L>,
}

impl<L: DeserializeOwned> Description<L> {
    /// Checks format, version and normalization; the layers are the caller's.
    pub(super) fn read(text: &str) -> Result<Self, ModelProblem> {
        check_header(text)?;
        let model: Self = serde_json::from_str(text).map_err(|error| problem_at(text, &error))?;
        if model.normalization != NORMALIZATION_ID {
            return Err(ModelProblem::UnknownNormalization {
                found: quoted(&model.normalization),
            });
        }
        if let Some(calibration) = &model.calibration {
            calibration.check()?;
        }
        Ok(model)
    }

    pub(super) fn cost(&self) -> Result<Cost, ModelProblem> {
        Cost::ALL
            .into_iter()
            .find(|cost| cost.id() == self.cost)
            .ok_or_else(|| ModelProblem::UnknownCost {
                found: quoted(&self.cost),
                known: listed(Cost::ALL.map(Cost::id)),
            })
    }
}

/// The activation that a file names for a layer, counted from 1.
pub(super) fn activation_of(layer: usize, id: &str) -> Result<Activation, ModelProblem> {
    Activation::ALL
        .into_iter()
        .find(|activation| activation.id() == id)
        .ok_or_else(|| ModelProblem::UnknownActivation {
            layer,
            found: quoted(id),
            known: listed(Activation::ALL.map(Activation::id)),
        })
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text, 40))
}

fn check_header(text: &str) -> Result<(), ModelProblem> {
    let header: Header = serde_json::from_str(text).map_err(|error| {
        let problem = problem_at(text, &error);
        match &problem {
            ModelProblem::WrongValue { place, .. } if *place != version_field() => {
                ModelProblem::NotAModel {
                    found: "is not there as a text".to_owned(),
                }
            }
            _ => problem,
        }
    })?;
    match header.format {
        Some(format) if format == FORMAT => {}
        Some(format) => {
            return Err(ModelProblem::NotAModel {
                found: format!("is {}", quoted(&format)),
            });
        }
        None => {
            return Err(ModelProblem::NotAModel {
                found: "is missing".to_owned(),
            });
        }
    }
    match header.version {
        Some(VERSION) => Ok(()),
        Some(found) if found > VERSION => Err(ModelProblem::NewerVersion { found }),
        Some(found) => Err(ModelProblem::NoSuchVersion { found }),
        None => Err(ModelProblem::MissingField {
            place: Place::Model,
            field: "version".to_owned(),
        }),
    }
}

fn version_field() -> Place {
    Place::Field("version".to_owned())
}

fn listed<const N: usize>(ids: [&str; N]) -> String {
    ids.join(", ")
}
