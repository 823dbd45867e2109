//! Questions about one step of gradient descent on the drawing, which is worked out without being taken.

use super::{Posed, pass_of};
use crate::app::AppState;
use crate::explain::{ExamplePass, Update, signed};

pub(super) fn most_moved(state: &AppState) -> Result<Posed, String> {
    let (pass, update) = step(state)?;
    let before = pass.a(pass.layers());
    let moves = update
        .outputs
        .iter()
        .zip(before)
        .map(|(after, before)| after - before);
    let mut moves: Vec<(usize, f32)> = moves.enumerate().collect();
    moves.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
    let ((first, by), (second, less)) = (moves[0], moves[1]);
    let because = format!(
        "Output {first} moves by {}, and output {second}, which comes next, by {}",
        signed(by),
        signed(less)
    );
    let others: Vec<usize> = moves[1..].iter().map(|(output, _)| *output).collect();
    Ok(Posed::among_numbers(first, &others, because))
}

pub(super) fn cost_after(state: &AppState) -> Result<Posed, String> {
    let (_, update) = step(state)?;
    Ok(Posed::of_costs(
        update.cost_before,
        update.cost_after,
        update.learning_rate.into(),
    ))
}

fn step(state: &AppState) -> Result<(ExamplePass, Update), String> {
    let pass = pass_of(state)?;
    let update = Update::new(&pass, state.settings.hyperparameters.learning_rate);
    Ok((pass, update))
}
