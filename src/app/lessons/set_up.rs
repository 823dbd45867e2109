use super::Problem;
use super::error::one_of;
use crate::data::DataSource;
use crate::model_file::bundled_names;
use crate::training::{Hyperparameters, Preset};
use serde_json::Value;

/// What a lesson does to network, data and settings, in one go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetUp {
    pub network: Option<NetworkFrom>,
    pub data: Option<DataSource>,
    /// Fields of [`Hyperparameters`] by name with their values, in the order of the file.
    settings: Vec<(String, Value)>,
}

/// The network that a lesson works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkFrom {
    /// One that comes with the program, already trained.
    Bundled(&'static str),
    /// Fresh weights, with the settings of a preset.
    Preset(Preset),
    /// Fresh weights, with the settings as they are.
    Fresh,
}

const PRESETS: [(&str, Preset); 3] = [
    ("textbook", Preset::Textbook),
    ("two small layers", Preset::TwoSmallLayers),
    ("modern", Preset::Modern),
];

impl SetUp {
    /// Reads "preset two small layers, init zero, seed 1".
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let mut set_up = Self::default();
        for part in text.split(',') {
            set_up.read_part(part.trim())?;
        }
        if let Some(NetworkFrom::Preset(preset)) = set_up.network {
            let settings = set_up.applied_to(preset.hyperparameters());
            settings.check().map_err(|errors| {
                let sentences: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Problem::WrongSettings(sentences.join("; "))
            })?;
        }
        Ok(set_up)
    }

    /// `present`, as this changes it. Threads belong to the machine and stay.
    pub fn hyperparameters(&self, present: &Hyperparameters) -> Hyperparameters {
        match self.network {
            Some(NetworkFrom::Preset(preset)) => self.applied_to(Hyperparameters {
                threads: present.threads,
                ..preset.hyperparameters()
            }),
            _ => self.applied_to(present.clone()),
        }
    }

    fn applied_to(&self, hyperparameters: Hyperparameters) -> Hyperparameters {
        let mut changed = hyperparameters;
        for (field, value) in &self.settings {
            // It was tried when the file was read, so it fits.
            if let Ok(fitting) = with_field(&changed, field, value.clone()) {
                changed = fitting;
            }
        }
        changed
    }

    fn read_part(&mut self, part: &str) -> Result<(), Problem> {
        let lower = part.to_lowercase();
        let (word, rest) = lower.split_once(' ').unwrap_or((&lower, ""));
        match word {
            "model" => self.network = Some(NetworkFrom::Bundled(model_named(rest)?)),
            "preset" => self.network = Some(NetworkFrom::Preset(preset_named(rest)?)),
            "fresh" if rest.is_empty() || rest == "network" => {
                self.network = Some(NetworkFrom::Fresh);
            }
            "data" => self.data = Some(data_named(rest)?),
            _ => self.settings.push(setting(&lower)?),
        }
        Ok(())
    }
}

fn model_named(name: &str) -> Result<&'static str, Problem> {
    let found = bundled_names().find(|bundled| *bundled == name);
    found.ok_or_else(|| Problem::UnknownName {
        what: "model inside the program called",
        text: name.to_owned(),
        known: one_of(&bundled_names().collect::<Vec<_>>()),
    })
}

fn preset_named(name: &str) -> Result<Preset, Problem> {
    let found = PRESETS.into_iter().find(|(preset, _)| *preset == name);
    found
        .map(|(_, preset)| preset)
        .ok_or_else(|| Problem::UnknownName {
            what: "preset",
            text: name.to_owned(),
            known: one_of(&PRESETS.map(|(name, _)| name)),
        })
}

fn data_named(name: &str) -> Result<DataSource, Problem> {
    match name {
        "practice" => Ok(DataSource::Practice),
        "mnist" => Ok(DataSource::Mnist),
        _ => Err(Problem::UnknownName {
            what: "data set that every learner has called",
            text: name.to_owned(),
            known: one_of(&["practice", "mnist"]),
        }),
    }
}

/// "learning rate 30" as the field `learning_rate` with the number 30.
fn setting(part: &str) -> Result<(String, Value), Problem> {
    let fields = field_names();
    let spelled = |field: &String| field.replace('_', " ");
    let found = fields.iter().find_map(|field| {
        let rest = part.strip_prefix(&spelled(field))?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| (field.clone(), rest.trim()))
    });
    let Some((field, text)) = found else {
        let mut known: Vec<String> = ["model", "preset", "fresh", "data"]
            .map(str::to_owned)
            .into();
        known.extend(fields.iter().map(spelled));
        return Err(Problem::UnknownSetting {
            text: part.to_owned(),
            known: one_of(&known),
        });
    };
    let usual = serde_json::to_value(Hyperparameters::default()).unwrap_or_default();
    let value = value_like(&usual[&field], text);
    match with_field(&Hyperparameters::default(), &field, value.clone()) {
        Ok(_) => Ok((field, value)),
        Err(reason) => Err(Problem::WrongValue {
            setting: spelled(&field),
            text: text.to_owned(),
            reason,
        }),
    }
}

fn field_names() -> Vec<String> {
    match serde_json::to_value(Hyperparameters::default()) {
        Ok(Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// `text` as a value of the kind that `usual` is.
fn value_like(usual: &Value, text: &str) -> Value {
    let number = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    match usual {
        Value::Array(_) => text.split_whitespace().map(number).collect(),
        Value::Number(_) => number(text),
        _ => Value::from(text.replace([' ', '-'], "_")),
    }
}

fn with_field(
    hyperparameters: &Hyperparameters,
    field: &str,
    value: Value,
) -> Result<Hyperparameters, String> {
    let mut fields = serde_json::to_value(hyperparameters).map_err(|error| error.to_string())?;
    fields[field] = value;
    serde_json::from_value(fields).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Init};

    fn problem(text: &str) -> String {
        SetUp::read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_preset_is_changed_by_what_stands_behind_it() {
        let text = "Preset two small layers, init zero, learning rate 30, hidden layers 8 4, hidden activation leaky relu, data practice";
        let set_up = SetUp::read(text).unwrap();
        let present = Hyperparameters {
            threads: 3,
            ..Hyperparameters::default()
        };
        let settings = set_up.hyperparameters(&present);
        assert_eq!(set_up.data, Some(DataSource::Practice));
        assert_eq!(settings.hidden_layers, [8, 4]);
        assert_eq!((settings.init, settings.learning_rate), (Init::Zero, 30.0));
        assert_eq!(settings.hidden_activation, Activation::LeakyRelu);
        assert_eq!(settings.threads, 3);
        assert_eq!(settings.cost, Preset::TwoSmallLayers.hyperparameters().cost);
    }

    #[test]
    fn without_a_network_only_what_is_named_changes() {
        let set_up = SetUp::read("learning rate 0.5").unwrap();
        let present = Preset::Textbook.hyperparameters();
        let wanted = Hyperparameters {
            learning_rate: 0.5,
            ..present.clone()
        };
        assert_eq!(set_up.hyperparameters(&present), wanted);
        assert_eq!(set_up.network, None);
    }

    #[test]
    fn every_mistake_says_what_there_is() {
        assert!(problem("model great").contains("“great”: use default or textbook"));
        assert!(problem("preset huge").contains("use textbook, two small layers or modern"));
        assert!(problem("colour red").contains("“colour red” is no setting: use model, preset"));
        let wrong = problem("learning rate fast");
        assert!(
            wrong.starts_with("“fast” is no value for learning rate:"),
            "{wrong}"
        );
        let wrong = problem("init huge");
        assert!(wrong.contains("xavier"), "{wrong}");
        assert!(problem("data cifar").contains("practice or mnist"));
    }

    #[test]
    fn settings_that_do_not_go_together_are_refused_when_the_file_is_read() {
        let wrong = problem("preset modern, learning rate 0");
        assert!(wrong.contains("learning rate is 0"), "{wrong}");
    }
}
