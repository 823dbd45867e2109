//! Questions about mini-batches.

use super::Posed;
use crate::app::AppState;
use crate::data::grouped;
use crate::explain::short;

/// Sizes to choose from; none of them may be the right answer.
const SIZES: [usize; 3] = [10, 100, 1000];

/// A mean whose cosine with the whole gradient is at least this points the same way.
const SAME_WAY: f64 = 0.9;

pub(super) fn contrary(state: &AppState) -> Result<Posed, String> {
    const WAITS: &str = "The nudges of this mini-batch are still being worked out";
    let averaged = state.averaged_nudges().ok_or(WAITS)?;
    if !state.nudges_are_current() {
        return Err(WAITS.to_owned());
    }
    let examples = &averaged.nudges.examples;
    let against = |cosine: Option<f64>| cosine.is_some_and(|cosine| cosine < 0.0);
    let count = examples.len();
    let contrary = examples
        .iter()
        .filter(|nudge| against(nudge.with_batch))
        .count();
    let right = match contrary {
        0 => 0,
        _ if 3 * contrary < count => 1,
        _ if 3 * contrary <= 2 * count => 2,
        _ => 3,
    };
    let because = format!(
        "{contrary} of the {} gradients have a negative cosine with their mean",
        grouped(count as u64)
    );
    let choices = ["None", "Less than a third", "About half", "Most of them"];
    Ok(Posed::of(choices, right, because))
}

pub(super) fn settled_size(state: &AppState) -> Result<Posed, String> {
    let settling = state
        .settling()
        .ok_or("The gradient of the whole training set is still being measured")?;
    // Beyond the training set there is nothing to draw from.
    let cosine = |size: usize| {
        let drawn = settling.sizes.iter().find(|drawn| drawn.size == size);
        drawn.map_or(f64::NAN, |drawn| drawn.cosines()[0])
    };
    let cosines = SIZES.map(cosine);
    let first = cosines.iter().position(|cosine| *cosine >= SAME_WAY);
    let each: Vec<String> = SIZES
        .iter()
        .zip(cosines)
        .map(|(size, cosine)| format!("{} for B = {}", short(cosine), grouped(*size as u64)))
        .collect();
    let because = format!(
        "The cosine with the whole gradient is on average {}",
        each.join(", ")
    );
    let choices = ["10", "100", "1,000", "Not even 1,000"];
    Ok(Posed::of(choices, first.unwrap_or(SIZES.len()), because))
}
