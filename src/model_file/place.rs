use std::fmt;

/// A place in a model file; layers, units and inputs are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The outermost object.
    Model,
    /// A field outside the layers: "training.epochs".
    Field(String),
    Layer {
        layer: usize,
    },
    LayerField {
        layer: usize,
        field: String,
    },
    Unit {
        layer: usize,
        unit: usize,
    },
    Weight {
        layer: usize,
        unit: usize,
        input: usize,
    },
    Bias {
        layer: usize,
        unit: usize,
    },
}

/// One step from the outside of a JSON text to the inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Field(&'a str),
    /// Counted from 0.
    Index(usize),
}

/// Nothing in a model file is nested deeper; what is deeper is only counted, so that no file can fill the memory.
const DEEPEST: usize = 8;

impl Place {
    pub(super) fn from_path(path: &[Step<'_>]) -> Self {
        let [Step::Field("layers"), Step::Index(layer), inside @ ..] = path else {
            let fields: Vec<&str> = path
                .iter()
                .filter_map(|step| match step {
                    Step::Field(name) => Some(*name),
                    Step::Index(_) => None,
                })
                .collect();
            return if fields.is_empty() {
                Self::Model
            } else {
                Self::Field(shortened(&fields.join("."), 60))
            };
        };
        let layer = layer + 1;
        match *inside {
            [
                Step::Field("weights"),
                Step::Index(unit),
                Step::Index(input),
                ..,
            ] => Self::Weight {
                layer,
                unit: unit + 1,
                input: input + 1,
            },
            [Step::Field("weights"), Step::Index(unit), ..] => Self::Unit {
                layer,
                unit: unit + 1,
            },
            [Step::Field("biases"), Step::Index(unit), ..] => Self::Bias {
                layer,
                unit: unit + 1,
            },
            [Step::Field(field), ..] => Self::LayerField {
                layer,
                field: shortened(field, 30),
            },
            _ => Self::Layer { layer },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model => write!(f, "the model"),
            Self::Field(field) => write!(f, "field \"{field}\""),
            Self::Layer { layer } => write!(f, "layer {layer}"),
            Self::LayerField { layer, field } => write!(f, "layer {layer}, field \"{field}\""),
            Self::Unit { layer, unit } => write!(f, "layer {layer}, unit {unit}"),
            Self::Weight { layer, unit, input } => {
                write!(f, "layer {layer}, unit {unit}, weight from input {input}")
            }
            Self::Bias { layer, unit } => write!(f, "layer {layer}, unit {unit}, bias"),
        }
    }
}

/// The way from the outside of `text` to the value that holds byte `end`, read as far as that byte.
pub(super) fn path_at(text: &str, end: usize) -> Vec<Step<'_>> {
    let bytes = &text.as_bytes()[..end.min(text.len())];
    let mut path: Vec<Option<Step<'_>>> = Vec::new();
    let mut depth = 0;
    let mut string_start = None;
    let mut last_string = "";
    let mut escaped = false;
    for (position, byte) in bytes.iter().copied().enumerate() {
        if let Some(start) = string_start {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    last_string = text.get(start..position).unwrap_or_default();
                    string_start = None;
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => string_start = Some(position + 1),
            b'{' | b'[' => {
                depth += 1;
                if depth <= DEEPEST {
                    path.push((byte == b'[').then_some(Step::Index(0)));
                }
            }
            b'}' | b']' => {
                if depth <= DEEPEST {
                    path.pop();
                }
                depth = depth.saturating_sub(1);
            }
            b':' | b',' if depth <= DEEPEST => {
                if let Some(step) = path.last_mut() {
                    *step = match (byte, *step) {
                        (b',', Some(Step::Index(index))) => Some(Step::Index(index + 1)),
                        (b':', None | Some(Step::Field(_))) => Some(Step::Field(last_string)),
                        (_, Some(Step::Index(index))) => Some(Step::Index(index)),
                        _ => None,
                    };
                }
            }
            _ => {}
        }
    }
    path.into_iter().map_while(|step| step).collect()
}

/// Text from a file for a sentence: on one line and at most `longest` characters of it.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let mut short: String = text
        .chars()
        .take(longest)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(text: &str, needle: &str) -> String {
        let end = text.find(needle).unwrap();
        Place::from_path(&path_at(text, end)).to_string()
    }

    #[test]
    fn a_place_is_named_from_the_nesting() {
        let text = r#"{"name":"a,[{\"","training":{"epochs":X1},
            "layers":[{"biases":[1,2]},{"activation":X2,"weights":[[1],[2,3,X3]],"biases":[0,X4]},X5]}"#;
        for (needle, place) in [
            ("X1", "field \"training.epochs\""),
            ("X2", "layer 2, field \"activation\""),
            ("X3", "layer 2, unit 2, weight from input 3"),
            ("X4", "layer 2, unit 2, bias"),
            ("X5", "layer 3"),
            ("\"name", "the model"),
        ] {
            assert_eq!(place_of(text, needle), place);
        }
    }

    #[test]
    fn deep_nesting_is_counted_and_not_kept() {
        let text = format!("{}{}X", "[".repeat(100_000), "]".repeat(99_999));
        assert_eq!(path_at(&text, text.len() - 1), [Step::Index(0)]);
        assert!(path_at(&text, 100_000).len() <= DEEPEST);
    }

    #[test]
    fn a_long_text_is_shortened_to_one_line() {
        assert_eq!(shortened("a\nb", 9), "a b");
        assert_eq!(shortened(&"é".repeat(50), 9), format!("{}…", "é".repeat(9)));
    }
}
