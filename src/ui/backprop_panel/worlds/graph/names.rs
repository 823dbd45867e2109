use crate::explain::{Evaluation, Graph, Operation};
use crate::ui::number;

/// How each node of a graph is called: variables by their name, constants by their number, the result `f`, and what is
/// between them `u₁`, `u₂`, … (or another letter, where that is a variable's).
pub fn names(graph: &Graph) -> Vec<String> {
    let nodes = graph.nodes();
    let taken = |letter: char| graph.variables().any(|(_, name)| name.starts_with(letter));
    let letters = ['u', 'q', 'p', 'n', 's', 't'];
    let letter = letters.into_iter().find(|&letter| !taken(letter));
    let letter = letter.unwrap_or('u');
    let mut count = 0;
    let name = |(index, node): (usize, &crate::explain::Node)| {
        if node.operation.is_leaf() {
            return node.operation.sign();
        }
        if index + 1 == nodes.len() {
            return "f".to_owned();
        }
        count += 1;
        format!("{letter}{}", lowered(count))
    };
    nodes.iter().enumerate().map(name).collect()
}

/// "u₂ = u₁ · z"
pub fn equation(graph: &Graph, names: &[String], index: usize) -> String {
    let node = &graph.nodes()[index];
    match &node.operation {
        Operation::Variable(name) => name.clone(),
        Operation::Constant(_) => names[index].clone(),
        operation => {
            let operands: Vec<String> = node.inputs.iter().map(|&i| names[i].clone()).collect();
            format!("{} = {}", names[index], operation.of(&operands))
        }
    }
}

/// What one operation does on the way back, in words: `step` counts from 1.
pub fn backward_sentence(
    graph: &Graph,
    names: &[String],
    evaluation: &Evaluation,
    step: usize,
) -> String {
    let count = evaluation.steps.len();
    let current = step
        .checked_sub(1)
        .and_then(|step| evaluation.steps.get(step));
    let Some(step_taken) = current else {
        return format!(
            "0 of {count}: at the end of the graph stands ∂f/∂f = 1, and nothing has gone back yet"
        );
    };
    let received = number::short(step_taken.received);
    let sent: Vec<String> = step_taken
        .sent
        .iter()
        .map(|sent| {
            let (to, slope) = (&names[sent.to], number::short(sent.slope));
            let share = number::short(sent.share);
            format!("{to} gets {received} · {slope} = {share}")
        })
        .collect();
    format!(
        "{step} of {count}: ∂f/∂{} is {received}. Through {}: {}",
        names[step_taken.node],
        equation(graph, names, step_taken.node),
        sent.join(", ")
    )
}

fn lowered(count: usize) -> String {
    let digits = count.to_string();
    let lower = |digit: char| {
        let value = digit.to_digit(10).unwrap_or_default();
        char::from_u32(u32::from('₀') + value).unwrap_or(digit)
    };
    digits.chars().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::parse_expression;

    #[test]
    fn what_is_between_has_a_letter_that_no_variable_has() {
        let named = |text: &str| names(&parse_expression(text).unwrap());
        assert_eq!(named("(x + y)·z"), ["x", "y", "u₁", "z", "f"]);
        assert_eq!(named("(u + 2)·u"), ["u", "2", "q₁", "f"]);
    }

    #[test]
    fn a_backward_step_is_told_with_its_numbers() {
        let graph = parse_expression("(x + y)·z").unwrap();
        let numbers = [("x", 1.0), ("y", 2.0), ("z", 4.0)];
        let numbers = numbers.map(|(name, value)| (name.to_owned(), value)).into();
        let evaluation = graph.evaluate(&numbers).unwrap();
        let sentence = |step| backward_sentence(&graph, &names(&graph), &evaluation, step);
        assert!(sentence(0).contains("∂f/∂f = 1"));
        assert_eq!(
            sentence(1),
            "1 of 2: ∂f/∂f is 1. Through f = u₁ · z: u₁ gets 1 · 4 = 4, z gets 1 · 3 = 3"
        );
        assert_eq!(
            sentence(2),
            "2 of 2: ∂f/∂u₁ is 4. Through u₁ = x + y: x gets 4 · 1 = 4, y gets 4 · 1 = 4"
        );
    }
}
