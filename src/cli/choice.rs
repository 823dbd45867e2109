use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::Serialize;

/// Reads one of `all` by its name in files, written with hyphens or underscores or in one word: `leaky-relu`,
/// `leaky_relu`, `leakyrelu`. The help lists the names with hyphens.
pub(super) fn choice<T>(all: &'static [T]) -> impl TypedValueParser<Value = T>
where
    T: Serialize + Copy + Send + Sync + 'static,
{
    let values = all.iter().map(|value| {
        // clap wants names that live as long as the program; the few that there are do.
        let name: &'static str = file_name(value).leak();
        PossibleValue::new(&*name.replace('_', "-").leak())
            .alias(&*name.replace('_', "").leak())
            .alias(name)
    });
    let plain = |name: &str| name.replace(['-', '_'], "");
    PossibleValuesParser::new(values).try_map(move |text| {
        all.iter()
            .find(|value| plain(&file_name(*value)) == plain(&text))
            .copied()
            .ok_or_else(|| format!("{text} is not known"))
    })
}

/// The name of a value without fields, as serde writes it.
fn file_name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, OptimizerKind};
    use clap::{Arg, Command};

    fn parsed<T>(all: &'static [T], text: &str) -> Result<T, clap::Error>
    where
        T: Serialize + Copy + Send + Sync + 'static,
    {
        Command::new("test")
            .arg(Arg::new("value").value_parser(choice(all)))
            .try_get_matches_from(["test", text])
            .map(|matches| *matches.get_one::<T>("value").unwrap())
    }

    #[test]
    fn a_name_may_be_written_in_three_ways() {
        for text in ["leaky-relu", "leaky_relu", "leakyrelu"] {
            assert_eq!(
                parsed(&Activation::ALL, text).unwrap(),
                Activation::LeakyRelu
            );
        }
        assert_eq!(
            parsed(&OptimizerKind::ALL, "adamw").unwrap(),
            OptimizerKind::AdamW
        );
        assert_eq!(
            parsed(&OptimizerKind::ALL, "adam").unwrap(),
            OptimizerKind::Adam
        );
    }

    #[test]
    fn another_name_is_refused_with_the_known_ones() {
        let error = parsed(&Activation::ALL, "gelu").unwrap_err().to_string();
        assert!(
            error.contains("tanh") && error.contains("leaky-relu"),
            "{error}"
        );
    }
}
