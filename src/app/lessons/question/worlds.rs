//! Questions about the small worlds.

use super::Posed;
use crate::app::lessons::Problem;
use crate::app::{ChainWorld, GraphWorld};
use crate::explain::{Chain, ChainError, ChainPlace, short};

/// "w1", "b2", "a1", "z2" or "x", as a place of the chain.
pub(super) fn chain_place(text: &str) -> Result<ChainPlace, Problem> {
    let no_place = || Problem::NoPlaceOfTheChain {
        text: text.to_owned(),
    };
    if text == "x" {
        return Ok(ChainPlace::Activation(0));
    }
    let mut letters = text.chars();
    let letter = letters.next();
    let layer = letters.as_str().parse().ok().filter(|layer| *layer > 0);
    match (letter, layer) {
        (Some('w'), Some(layer)) => Ok(ChainPlace::Weight(layer)),
        (Some('b'), Some(layer)) => Ok(ChainPlace::Bias(layer)),
        (Some('z'), Some(layer)) => Ok(ChainPlace::Sum(layer)),
        (Some('a'), Some(layer)) => Ok(ChainPlace::Activation(layer)),
        _ => Err(no_place()),
    }
}

pub(super) fn chain_slope(chain: &Chain, place: ChainPlace) -> Result<Posed, String> {
    let pass = chain.pass().map_err(|error| error.to_string())?;
    let found = pass.derivatives.iter().find(|one| one.of == place);
    let derivative = found.ok_or("The chain on the screen is too short for this question")?;
    let factors: Vec<f64> = derivative
        .factors
        .iter()
        .map(|factor| factor.value)
        .collect();
    let printed: Vec<String> = factors.iter().map(|factor| short(*factor)).collect();
    let because = format!("{} = {}", printed.join(" · "), short(derivative.value));
    let without_last: f64 = factors[..factors.len() - 1].iter().product();
    let decoys = [
        -derivative.value,
        without_last,
        factors.iter().sum(),
        derivative.value * 2.0,
        0.0,
    ];
    Ok(Posed::among_values(derivative.value, &decoys, because))
}

pub(super) fn faintest_link(chain: &Chain) -> Result<Posed, String> {
    let pass = chain.pass().map_err(|error| error.to_string())?;
    let slopes: Vec<f64> = (1..=chain.links.len())
        .map(|layer| pass.slope(ChainPlace::Weight(layer)))
        .collect();
    let sizes = slopes.iter().map(|slope| slope.abs()).enumerate();
    let smallest = sizes.min_by(|(_, a), (_, b)| a.total_cmp(b));
    let name = |index: usize| format!("w{}", index + 1);
    let each: Vec<String> = slopes
        .iter()
        .enumerate()
        .map(|(index, slope)| format!("{} for {}", short(*slope), name(index)))
        .collect();
    Ok(Posed {
        choices: (0..slopes.len()).map(name).collect(),
        right: smallest.map_or(0, |(index, _)| index),
        because: format!("The slopes are {}", each.join(", ")),
    })
}

pub(super) fn after_step(world: &ChainWorld) -> Result<Posed, String> {
    let costs = || -> Result<_, ChainError> {
        let next = world.chain.stepped(world.learning_rate)?;
        Ok((world.chain.pass()?.cost, next.pass()?.cost))
    };
    let (before, after) = costs().map_err(|error| error.to_string())?;
    Ok(Posed::of_costs(before, after, world.learning_rate))
}

pub(super) fn graph_slope(world: &GraphWorld, name: &str) -> Result<Posed, String> {
    let (node, _) = world
        .graph
        .variables()
        .find(|(_, variable)| *variable == name)
        .ok_or_else(|| format!("There is no {name} in the expression on the screen"))?;
    let evaluation = world
        .graph
        .evaluate(&world.numbers)
        .map_err(|error| error.reason.to_string())?;
    let slope = evaluation.derivatives[node].unwrap_or(0.0);
    let because = format!(
        "If {name} grew by a little, the result would grow by {} times as much",
        short(slope)
    );
    let decoys = [
        evaluation.values[node],
        evaluation.result(),
        -slope,
        1.0,
        0.0,
        slope + 1.0,
    ];
    Ok(Posed::among_values(slope, &decoys, because))
}
