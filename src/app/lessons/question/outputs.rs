//! Questions about the ten outputs.

use super::{NO_DRAWING, NO_LABEL, Posed};
use crate::app::AppState;
use crate::explain::{CostTerm, cost_terms, short};

pub(super) fn costliest(state: &AppState) -> Result<Posed, String> {
    let mut terms = terms(state)?;
    let whole: f32 = terms.iter().map(|term| term.cost).sum();
    // Where only one output costs anything, the loudest of the others are the best decoys.
    terms.sort_by(|a, b| {
        (b.cost, b.answer)
            .partial_cmp(&(a.cost, a.answer))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let (first, second) = (terms[0], terms[1]);
    let because = format!(
        "Output {} should be {} and is {}: that costs {} of {}. Next comes output {} with {}",
        first.output,
        first.truth,
        short(first.answer),
        short(first.cost),
        short(whole),
        second.output,
        short(second.cost)
    );
    let others: Vec<usize> = terms[1..].iter().map(|term| term.output).collect();
    Ok(Posed::among_numbers(first.output, &others, because))
}

pub(super) fn rising(state: &AppState) -> Result<Posed, String> {
    let terms = terms(state)?;
    let rising: Vec<String> = terms
        .iter()
        .filter(|term| term.truth > term.answer)
        .map(|term| term.output.to_string())
        .collect();
    let because = match &rising[..] {
        [] => "No output is below what it should be".to_owned(),
        [only] => format!(
            "Only output {only} is below what it should be; the others should be 0, and all that they answer is too much"
        ),
        several => format!(
            "Outputs {} are below what they should be",
            several.join(", ")
        ),
    };
    Ok(Posed::among_numbers(rising.len(), &[0, 1, 5, 9], because))
}

/// What each output costs for the label that the drawing has.
fn terms(state: &AppState) -> Result<Vec<CostTerm>, String> {
    let examined = state.examined().ok_or(NO_DRAWING)?;
    let label = examined.label.ok_or(NO_LABEL)?;
    let network = state.examined_network();
    let outputs = network.predict(&examined.input).to_vec();
    Ok(cost_terms(network, &outputs, label))
}
