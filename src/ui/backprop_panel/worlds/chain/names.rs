use crate::explain::{ChainDerivative, ChainPlace, ChainSlope};
use crate::nn::Activation;
use crate::ui::number;
use crate::ui::theme::Palette;
use egui::Color32;

/// "³"
pub fn raised(layer: usize) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    RAISED[layer % RAISED.len()]
}

/// As the texts write it: "w²", "x", "C".
pub fn symbol(place: ChainPlace) -> String {
    match place {
        ChainPlace::Cost => "C".into(),
        ChainPlace::Truth => "y".into(),
        ChainPlace::Activation(0) => "x".into(),
        ChainPlace::Activation(layer) => format!("a{}", raised(layer)),
        ChainPlace::Sum(layer) => format!("z{}", raised(layer)),
        ChainPlace::Weight(layer) => format!("w{}", raised(layer)),
        ChainPlace::Bias(layer) => format!("b{}", raised(layer)),
    }
}

/// In words, for a screen reader: "Weight 2".
pub fn name(place: ChainPlace) -> String {
    match place {
        ChainPlace::Cost => "Cost".into(),
        ChainPlace::Truth => "Truth".into(),
        ChainPlace::Activation(0) => "Input".into(),
        ChainPlace::Activation(layer) => format!("Activation {layer}"),
        ChainPlace::Sum(layer) => format!("Sum {layer}"),
        ChainPlace::Weight(layer) => format!("Weight {layer}"),
        ChainPlace::Bias(layer) => format!("Bias {layer}"),
    }
}

/// Each kind of place has its colour, in the picture and in the factors that come from there.
pub fn colour(palette: &Palette, place: ChainPlace) -> Color32 {
    let [_, weight, sum, cost, bias, activation] = palette.runs;
    match place {
        ChainPlace::Cost | ChainPlace::Truth => cost,
        ChainPlace::Activation(_) => activation,
        ChainPlace::Sum(_) => sum,
        ChainPlace::Weight(_) => weight,
        ChainPlace::Bias(_) => bias,
    }
}

/// What the factor comes to in a chain of `layers` layers: "2(a³ − y)", "σ′(z²)".
pub fn factor(slope: ChainSlope, layers: usize) -> String {
    let last = raised(layers);
    match slope {
        ChainSlope::CostByAnswer => format!("2(a{last} − y)"),
        ChainSlope::CostByTruth => format!("−2(a{last} − y)"),
        ChainSlope::ActivationBySum(layer) => format!("σ′(z{})", raised(layer)),
        ChainSlope::SumByBias(_) => "1".into(),
        ChainSlope::SumByWeight(_) | ChainSlope::SumByActivation(_) => symbol(slope.lives_at()),
    }
}

/// The factor as the derivative that it is, with where it comes from: "∂a²/∂z² = σ′(z²) = a(1 − a)".
pub fn explanation(slope: ChainSlope, layers: usize, activations: &[Activation]) -> String {
    let product = factor(slope, layers);
    let last = raised(layers);
    match slope {
        ChainSlope::CostByAnswer => format!("∂C/∂a{last} = {product}, because C = (a{last} − y)²"),
        ChainSlope::CostByTruth => format!("∂C/∂y = {product}, because C = (a{last} − y)²"),
        ChainSlope::ActivationBySum(layer) => {
            let l = raised(layer);
            let activation = layer.checked_sub(1).and_then(|l| activations.get(l));
            let rule = activation.map_or("", |activation| sigma_slope(*activation));
            format!("∂a{l}/∂z{l} = {product} = {rule}")
        }
        ChainSlope::SumByWeight(layer) => {
            weighted(layer, &format!("∂w{}", raised(layer)), &product)
        }
        ChainSlope::SumByBias(layer) => weighted(layer, &format!("∂b{}", raised(layer)), &product),
        ChainSlope::SumByActivation(layer) => {
            let before = symbol(ChainPlace::Activation(layer.saturating_sub(1)));
            weighted(layer, &format!("∂{before}"), &product)
        }
    }
}

/// "∂C/∂w² = 2(a³ − y) · σ′(z³) · … = −0.43 · 0.21 · … = −0.0182"
pub fn sentence(derivative: &ChainDerivative, layers: usize) -> String {
    let factors = derivative.factors.iter();
    let signs: Vec<String> = factors
        .clone()
        .map(|one| factor(one.slope, layers))
        .collect();
    let numbers: Vec<String> = factors.map(|one| number::short(one.value)).collect();
    format!(
        "∂C/∂{} = {} = {} = {}",
        symbol(derivative.of),
        signs.join(" · "),
        numbers.join(" · "),
        number::signed(derivative.value)
    )
}

fn weighted(layer: usize, by: &str, product: &str) -> String {
    let l = raised(layer);
    let before = symbol(ChainPlace::Activation(layer.saturating_sub(1)));
    format!("∂z{l}/{by} = {product}, because z{l} = w{l}·{before} + b{l}")
}

/// The slope of the activation as it is computed.
fn sigma_slope(activation: Activation) -> &'static str {
    match activation {
        Activation::Linear => "1: without an activation nothing is changed",
        Activation::Sigmoid | Activation::Softmax => "a·(1 − a)",
        Activation::Tanh => "1 − a²",
        Activation::Relu => "1 where z > 0, else 0",
        Activation::LeakyRelu => "1 where z > 0, else 0.01",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::ChainFactor;

    #[test]
    fn a_derivative_is_written_as_in_the_texts() {
        let factor = |slope, value| ChainFactor { slope, value };
        let derivative = ChainDerivative {
            of: ChainPlace::Weight(2),
            factors: vec![
                factor(ChainSlope::CostByAnswer, -0.5),
                factor(ChainSlope::ActivationBySum(2), 0.25),
                factor(ChainSlope::SumByWeight(2), 2.0),
            ],
            value: -0.25,
        };
        assert_eq!(
            sentence(&derivative, 2),
            "∂C/∂w² = 2(a² − y) · σ′(z²) · a¹ = −0.500 · 0.250 · 2 = −0.250"
        );
    }

    #[test]
    fn every_factor_says_which_derivative_it_is() {
        let explain = |slope| explanation(slope, 2, &[Activation::Tanh, Activation::Linear]);
        assert_eq!(
            explain(ChainSlope::ActivationBySum(1)),
            "∂a¹/∂z¹ = σ′(z¹) = 1 − a²"
        );
        assert!(explain(ChainSlope::ActivationBySum(2)).contains("= 1: without"));
        assert_eq!(
            explain(ChainSlope::SumByActivation(1)),
            "∂z¹/∂x = w¹, because z¹ = w¹·x + b¹"
        );
    }
}
