//! The lines of this program that carry out a step, taken from the very sources that it is built from.

use super::Step;

/// How backpropagation is written: both find the same, as a test of `nn` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeForm {
    /// A loop over the layers: what trains.
    Loop,
    /// A recursion into the layers behind: for reading.
    Recursion,
}

/// Some lines of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeExcerpt {
    /// "src/nn/backprop.rs"
    pub file: &'static str,
    /// Counted from 1.
    pub first_line: usize,
    pub text: &'static str,
}

/// A source of the program.
#[derive(Clone, Copy)]
struct Source {
    file: &'static str,
    text: &'static str,
}

const LOOP: Source = Source {
    file: "src/nn/backprop.rs",
    text: include_str!("../../nn/backprop.rs"),
};
const RECURSION: Source = Source {
    file: "src/nn/recursion.rs",
    text: include_str!("../../nn/recursion.rs"),
};
const DESCENT: Source = Source {
    file: "src/nn/optimizer.rs",
    text: include_str!("../../nn/optimizer.rs"),
};

impl CodeForm {
    pub const ALL: [Self; 2] = [Self::Loop, Self::Recursion];

    /// "Loop", "Recursion".
    pub fn label(self) -> &'static str {
        match self {
            Self::Loop => "Loop",
            Self::Recursion => "Recursion",
        }
    }
}

impl CodeExcerpt {
    /// The lines of `step`. `None` when the sources have none, which a test of this module rules out.
    pub fn of(step: Step, form: CodeForm) -> Option<Self> {
        let (source, from, to) = match (step, form) {
            (Step::Input, CodeForm::Loop) => (LOOP, "pub fn backprop<", "-> S {"),
            (Step::Forward { .. } | Step::ForwardAgain, CodeForm::Loop) => {
                (LOOP, "// From the first layer to the last", "forward_into(")
            }
            (Step::Cost, CodeForm::Loop) => (LOOP, "let cost =", "let cost ="),
            (Step::OutputDelta, CodeForm::Loop) => (
                LOOP,
                "network.output_delta_into(",
                "network.output_delta_into(",
            ),
            (Step::Gradients { .. }, CodeForm::Loop) => {
                (LOOP, "// What came into a layer", "bias_gradient(")
            }
            (Step::Wishes { .. }, CodeForm::Loop) => (
                LOOP,
                "// From the last layer to the second",
                "multiply_by_transposed(",
            ),
            (Step::Delta { .. }, CodeForm::Loop) => (LOOP, "let sigma =", "sigma.pull_back("),
            (Step::Input, CodeForm::Recursion) => {
                (RECURSION, "pub fn backprop_recursive<", "= descend(network")
            }
            (Step::Forward { .. } | Step::ForwardAgain, CodeForm::Recursion) => (
                RECURSION,
                "let a = layer.forward(x)",
                "= descend(network, rest",
            ),
            (Step::Cost, CodeForm::Recursion) => (
                RECURSION,
                "return (network.total_cost",
                "return (network.total_cost",
            ),
            (Step::OutputDelta, CodeForm::Recursion) => (
                RECURSION,
                "// Behind the last layer",
                "let delta = network.output_delta",
            ),
            (Step::Gradients { .. }, CodeForm::Recursion) => (
                RECURSION,
                "gradients.weights.insert",
                "gradients.biases.insert",
            ),
            (Step::Wishes { .. }, CodeForm::Recursion) => (
                RECURSION,
                "(cost, gradients, delta.dot(",
                "(cost, gradients, delta.dot(",
            ),
            (Step::Delta { .. }, CodeForm::Recursion) => {
                (RECURSION, "if !rest.is_empty()", "pull_back(")
            }
            (Step::Update, _) => (DESCENT, "/// Gradient descent:", "*w -= eta"),
        };
        source.lines(from, to)
    }
}

impl Source {
    /// From the first line that holds `from` to the next that holds `to`.
    fn lines(self, from: &str, to: &str) -> Option<CodeExcerpt> {
        let found = self.text.find(from)?;
        let start = self.text[..found].rfind('\n').map_or(0, |end| end + 1);
        let last = found + self.text[found..].find(to)?;
        let end = self.text[last..]
            .find('\n')
            .map_or(self.text.len(), |length| last + length);
        Some(CodeExcerpt {
            file: self.file,
            first_line: self.text[..start].lines().count() + 1,
            text: &self.text[start..end],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(step: Step, form: CodeForm) -> CodeExcerpt {
        CodeExcerpt::of(step, form).unwrap_or_else(|| panic!("{step:?}, {form:?} has no lines"))
    }

    #[test]
    fn every_step_finds_its_lines_and_few_of_them() {
        for step in Step::all(3) {
            for form in CodeForm::ALL {
                let lines = excerpt(step, form).text.lines().count();
                assert!(
                    (1..=14).contains(&lines),
                    "{step:?}, {form:?}: {lines} lines"
                );
            }
        }
    }

    #[test]
    fn the_lines_stand_in_the_file_where_it_is_said() {
        for step in Step::all(3) {
            for form in CodeForm::ALL {
                let found = excerpt(step, form);
                let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(found.file);
                let source = std::fs::read_to_string(path).unwrap();
                let there = source.lines().skip(found.first_line - 1);
                assert!(
                    there
                        .zip(found.text.lines())
                        .all(|(there, line)| there == line)
                );
            }
        }
    }

    #[test]
    fn the_lines_are_those_of_the_step() {
        use CodeForm::{Loop, Recursion};
        for (step, form, word) in [
            (Step::Forward { layer: 1 }, Loop, "layer.forward_into("),
            (Step::Forward { layer: 1 }, Recursion, "layer.forward("),
            (Step::Cost, Loop, "total_cost("),
            (Step::Cost, Recursion, "total_cost("),
            (Step::OutputDelta, Loop, "output_delta_into("),
            (Step::OutputDelta, Recursion, "output_delta("),
            (Step::Gradients { layer: 1 }, Loop, "gradients.weights[l]"),
            (Step::Gradients { layer: 1 }, Recursion, "x.t().dot(&delta)"),
            (Step::Wishes { layer: 1 }, Loop, "multiply_by_transposed("),
            (Step::Wishes { layer: 1 }, Recursion, "layer.weights.t()"),
            (Step::Delta { layer: 1 }, Loop, "pull_back("),
            (Step::Delta { layer: 1 }, Recursion, "pull_back("),
            (Step::Update, Loop, "eta * (g"),
        ] {
            let text = excerpt(step, form).text;
            assert!(text.contains(word), "{step:?}, {form:?}: {text}");
        }
    }
}
