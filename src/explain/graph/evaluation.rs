use super::{Graph, Undefined};
use std::collections::BTreeMap;
use thiserror::Error;

/// A graph with numbers in it: every value forward, every derivative of the result backward.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// One for each node.
    pub values: Vec<f64>,
    /// `∂result/∂node` of each node; `None` where no variable has a part in the node's value.
    pub derivatives: Vec<Option<f64>>,
    /// The backward pass, one operation after the other from the result to the leaves.
    pub steps: Vec<BackwardStep>,
}

/// What one operation does on the way back: it knows `∂result/∂node` by now, and sends each of its inputs its share.
#[derive(Clone, Debug, PartialEq)]
pub struct BackwardStep {
    pub node: usize,
    /// `∂result/∂node`, which all nodes that use this one have summed up before.
    pub received: f64,
    pub sent: Vec<Sent>,
}

/// One share of a derivative, from a node to one of its inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sent {
    /// Which of the operation's inputs, from 0.
    pub place: usize,
    /// The node that receives it.
    pub to: usize,
    /// `∂node/∂input`, the operation's own slope.
    pub slope: f64,
    /// `∂result/∂node · ∂node/∂input`
    pub share: f64,
}

/// Where a graph cannot be evaluated, and why.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{reason}")]
pub struct EvaluationError {
    pub node: usize,
    pub reason: Undefined,
    /// The values of the nodes before it, or of all when it is a derivative that is missing.
    pub values: Vec<f64>,
}

impl Graph {
    /// Forward with these numbers for the variables, then backward from the result.
    pub fn evaluate(&self, numbers: &BTreeMap<String, f64>) -> Result<Evaluation, EvaluationError> {
        let mut values = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            match node.value(&values, numbers) {
                Ok(value) => values.push(value),
                Err(reason) => {
                    return Err(EvaluationError {
                        node: index,
                        reason,
                        values,
                    });
                }
            }
        }
        self.backward(values)
    }

    /// Reverse-mode differentiation: from the result, whose derivative by itself is 1, every operation passes on
    /// its derivative times its own slopes, and what arrives at a node from several sides is summed.
    fn backward(&self, values: Vec<f64>) -> Result<Evaluation, EvaluationError> {
        let depends = self.depends_on_variables();
        let mut derivatives: Vec<Option<f64>> = depends
            .iter()
            .map(|&depends| depends.then_some(0.0))
            .collect();
        if let Some(Some(result)) = derivatives.last_mut() {
            *result = 1.0;
        }
        let mut steps = Vec::new();
        for (index, node) in self.nodes.iter().enumerate().rev() {
            let Some(received) = derivatives[index] else {
                continue;
            };
            match node.send(received, &values, values[index], &mut derivatives) {
                Ok(sent) if sent.is_empty() => {}
                Ok(sent) => steps.push(BackwardStep {
                    node: index,
                    received,
                    sent,
                }),
                Err(reason) => {
                    return Err(EvaluationError {
                        node: index,
                        reason,
                        values,
                    });
                }
            }
        }
        Ok(Evaluation {
            values,
            derivatives,
            steps,
        })
    }
}

impl Evaluation {
    /// The value of the last node.
    pub fn result(&self) -> f64 {
        self.values.last().copied().unwrap_or_default()
    }

    /// What has arrived at each node after the first `count` steps of the way back; `None` where nothing has.
    pub fn derivatives_after(&self, count: usize) -> Vec<Option<f64>> {
        let mut arrived = vec![None; self.derivatives.len()];
        if let (Some(last), Some(result)) = (arrived.last_mut(), self.derivatives.last()) {
            *last = *result;
        }
        for sent in self.steps.iter().take(count).flat_map(|step| &step.sent) {
            *arrived[sent.to].get_or_insert(0.0) += sent.share;
        }
        arrived
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Function, Node, Operation, parse_expression};
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    fn numbers(pairs: &[(&str, f64)]) -> BTreeMap<String, f64> {
        let owned = pairs.iter().map(|&(name, value)| (name.to_owned(), value));
        owned.collect()
    }

    fn evaluate(text: &str, pairs: &[(&str, f64)]) -> Evaluation {
        let graph = parse_expression(text).unwrap();
        graph.evaluate(&numbers(pairs)).unwrap()
    }

    /// `∂result/∂name`
    fn slope(text: &str, name: &str, pairs: &[(&str, f64)]) -> f64 {
        let graph = parse_expression(text).unwrap();
        let node = graph.variables().find(|(_, n)| *n == name).unwrap().0;
        graph.evaluate(&numbers(pairs)).unwrap().derivatives[node].unwrap()
    }

    fn refusal(text: &str, pairs: &[(&str, f64)]) -> (usize, String) {
        let graph = parse_expression(text).unwrap();
        let error = graph.evaluate(&numbers(pairs)).unwrap_err();
        (error.node, error.to_string())
    }

    #[test]
    fn the_graph_of_the_texts_has_the_values_worked_out_by_hand() {
        // q = x + y = 1 + 2 = 3 and f = q·z = 3·3 = 9.
        // ∂f/∂q = z = 3 and ∂f/∂z = q = 3; ∂q/∂x = ∂q/∂y = 1, so ∂f/∂x = ∂f/∂y = 3·1 = 3.
        let graph = evaluate("(x + y)·z", &[("x", 1.0), ("y", 2.0), ("z", 3.0)]);
        assert_eq!(graph.values, [1.0, 2.0, 3.0, 3.0, 9.0]);
        let derivatives = [3.0, 3.0, 3.0, 3.0, 1.0].map(Some);
        assert_eq!(graph.derivatives, derivatives);
        // With −2, 5 and −4 they are three different numbers: q = 3, f = −12; z = −4 for x, y and q, q = 3 for z.
        let pairs = [("x", -2.0), ("y", 5.0), ("z", -4.0)];
        let graph = evaluate("(x + y)·z", &pairs);
        assert_eq!(graph.values, [-2.0, 5.0, 3.0, -4.0, -12.0]);
        let derivatives = [-4.0, -4.0, -4.0, 3.0, 1.0].map(Some);
        assert_eq!(graph.derivatives, derivatives);
    }

    #[test]
    fn the_sigmoid_unit_of_the_texts_has_the_values_worked_out_by_hand() {
        // w₀x₀ = 2·(−1) = −2; w₁x₁ = −3·(−2) = 6; their sum with b is −2 + 6 − 3 = 1; σ(1) = 0.731 058 578 6.
        // σ′ = σ(1 − σ) = 0.196 611 933 2, which passes through both sums unchanged.
        // ∂w₀ = −1·σ′, ∂x₀ = 2·σ′, ∂w₁ = −2·σ′, ∂x₁ = −3·σ′, ∂b = σ′.
        let text = "σ(w₀x₀ + w₁x₁ + b)";
        let pairs = [
            ("w₀", 2.0),
            ("x₀", -1.0),
            ("w₁", -3.0),
            ("x₁", -2.0),
            ("b", -3.0),
        ];
        assert!((evaluate(text, &pairs).result() - 0.731_058_578_6).abs() < 1e-10);
        for (name, by_hand) in [
            ("w₀", -0.196_611_933_2),
            ("x₀", 0.393_223_866_5),
            ("w₁", -0.393_223_866_5),
            ("x₁", -0.589_835_799_7),
            ("b", 0.196_611_933_2),
        ] {
            assert!(
                (slope(text, name, &pairs) - by_hand).abs() < 1e-10,
                "{name}"
            );
        }
    }

    #[test]
    fn every_operation_has_its_textbook_slopes() {
        let pairs = [("x", 2.0), ("y", 4.0)];
        for (text, by_x, by_y) in [
            ("x + y", 1.0, 1.0),
            ("x − y", 1.0, -1.0),
            ("x·y", 4.0, 2.0),
            // 1/y and −x/y².
            ("x ÷ y", 0.25, -0.125),
            // y·x³ = 4·8 and x⁴·ln 2 = 16 ln 2.
            ("x^y", 32.0, 16.0 * 2.0_f64.ln()),
            ("−x + 0y", -1.0, 0.0),
            // σ′(0) = ¼, tanh′(0) = 1, exp′ = exp(0) = 1.
            ("σ(x − 2) + tanh(y − 4)", 0.25, 1.0),
            ("exp(x − 2) + log(y)", 1.0, 0.25),
            ("relu(x) + relu(−y)", 1.0, 0.0),
        ] {
            let close = |name, by_hand: f64| (slope(text, name, &pairs) - by_hand).abs() < 1e-12;
            assert!(close("x", by_x) && close("y", by_y), "{text}");
        }
    }

    #[test]
    fn what_arrives_from_several_sides_is_summed() {
        // x² + 3x at 5: 2·5 + 3 = 13, three shares of 5, 5 and 3.
        let graph = evaluate("x·x + 3·x", &[("x", 5.0)]);
        assert_eq!(graph.derivatives[0], Some(13.0));
        let shares: Vec<f64> = graph
            .steps
            .iter()
            .flat_map(|step| &step.sent)
            .filter(|sent| sent.to == 0)
            .map(|sent| sent.share)
            .collect();
        assert_eq!(shares, [3.0, 5.0, 5.0]);
    }

    #[test]
    fn constants_have_no_derivative_and_need_none() {
        // By its exponent (−2)^3 would have no derivative: ln(−2) does not exist.
        assert_eq!(slope("x^3", "x", &[("x", -2.0)]), 12.0);
        let graph = evaluate("2·x + 3^2", &[("x", 1.0)]);
        let without: Vec<usize> = (0..graph.derivatives.len())
            .filter(|&node| graph.derivatives[node].is_none())
            .collect();
        // 2, 3, 2 and 3^2.
        assert_eq!(without.len(), 4);
    }

    #[test]
    fn the_way_back_can_be_walked_one_operation_at_a_time() {
        let graph = evaluate("(x + y)·z", &[("x", 1.0), ("y", 2.0), ("z", 4.0)]);
        let none: Option<f64> = None;
        let start = [none, none, none, none, Some(1.0)];
        assert_eq!(graph.derivatives_after(0), start);
        // Nodes are x, y, x + y, z and the product, which sends 4 to the sum and 3 to z.
        let first = [none, none, Some(4.0), Some(3.0), Some(1.0)];
        assert_eq!(graph.derivatives_after(1), first);
        assert_eq!(graph.derivatives_after(2), graph.derivatives);
        assert_eq!(graph.steps.len(), 2);
    }

    #[test]
    fn what_does_not_exist_is_said_and_never_nan() {
        let x = |value| [("x", value)];
        for (text, value, said) in [
            ("log(x)", -2.0, "log(−2) does not exist"),
            ("log(x)", 0.0, "log(0) does not exist"),
            ("1 ÷ x", 0.0, "1 ÷ 0 does not exist"),
            ("x^-1", 0.0, "0 ^ −1 does not exist"),
            ("x^0.5", -4.0, "(−4) ^ 0.5 is no real number"),
            ("x^0.5", 0.0, "the derivative of 0 ^ 0.5 is infinite here"),
            ("(−2)^x", 3.0, "has no derivative by its exponent"),
            ("exp(x)", 1000.0, "exp(1000) is too large"),
            ("x·x", 1e200, "is too large"),
            ("x·y", 1.0, "y has no number yet"),
        ] {
            let (_, sentence) = refusal(text, &x(value));
            assert!(sentence.contains(said), "{text}: {sentence}");
        }
    }

    #[test]
    fn a_refusal_names_the_operation_and_keeps_the_values_before_it() {
        let graph = parse_expression("2·log(x − 3)").unwrap();
        let error = graph.evaluate(&numbers(&[("x", 1.0)])).unwrap_err();
        assert_eq!(error.values, [2.0, 1.0, 3.0, -2.0]);
        assert_eq!(error.node, 4);
    }

    #[test]
    fn derivatives_agree_with_finite_differences_over_many_random_expressions() {
        let rng = &mut StdRng::seed_from_u64(11);
        let mut checked = 0;
        for _ in 0..600 {
            let text = random_expression(rng, 4);
            let at: Vec<f64> = (0..3).map(|_| rng.random_range(0.3..2.0)).collect();
            let graph = parse_expression(&text).unwrap();
            let value = |at: &[f64]| {
                let pairs: Vec<_> = ["a", "b", "c"].into_iter().zip(at.to_vec()).collect();
                graph.evaluate(&numbers(&pairs))
            };
            let Ok(evaluation) = value(&at) else {
                continue;
            };
            // Where values are huge or a ReLU bends nearby, differences say little.
            let steep = evaluation.values.iter().any(|value| value.abs() > 1e3);
            let bends = |node: &Node| {
                matches!(node.operation, Operation::Function(Function::Relu))
                    && evaluation.values[node.inputs[0]].abs() < 1e-3
            };
            if steep || graph.nodes().iter().any(bends) {
                continue;
            }
            for (node, name) in graph.variables() {
                let place = usize::from(name.as_bytes()[0] - b'a');
                let h = 1e-5;
                let moved = |by: f64| {
                    let mut at = at.clone();
                    at[place] += by;
                    value(&at).map(|evaluation| evaluation.result())
                };
                let (Ok(above), Ok(below)) = (moved(h), moved(-h)) else {
                    continue;
                };
                let measured = (above - below) / (2.0 * h);
                let claimed = evaluation.derivatives[node].unwrap();
                let error = (measured - claimed).abs() / (1.0 + claimed.abs());
                assert!(
                    error < 1e-5,
                    "{text} at {at:?} by {name}: {claimed}, not {measured}"
                );
                checked += 1;
            }
        }
        assert!(checked > 500, "only {checked} derivatives were checked");
    }

    /// An expression of `a`, `b` and `c` with at most `depth` operations one in another.
    fn random_expression(rng: &mut StdRng, depth: u32) -> String {
        if depth == 0 || rng.random_bool(0.15) {
            return ["a", "b", "c", "2", "0.7"][rng.random_range(0..5)].to_owned();
        }
        let left = random_expression(rng, depth - 1);
        match rng.random_range(0..11) {
            kind @ 0..=4 => {
                let right = random_expression(rng, depth - 1);
                let sign = ["+", "−", "·", "÷", "^"][kind];
                format!("({left}) {sign} ({right})")
            }
            5 => format!("−({left})"),
            kind => {
                let name = ["exp", "ln", "sigmoid", "tanh", "relu"][kind - 6];
                format!("{name}({left})")
            }
        }
    }
}
