use super::ExamplePass;
use super::pass::truth;
use crate::explain::{short, signed};
use crate::nn::{Network, Optimizer, OptimizerKind};
use std::sync::Arc;

/// One step of plain gradient descent on the one example: all weights and biases at once.
#[derive(Clone, Debug)]
pub struct Update {
    /// η
    pub learning_rate: f32,
    /// The network after the step; the one that was walked is as it was.
    pub network: Arc<Network>,
    /// What it answers to the same input.
    pub outputs: Vec<f32>,
    pub cost_before: f64,
    pub cost_after: f64,
    /// `−η‖∇C‖²`, how the cost would change if the surface were flat as far as the step goes.
    pub promised: f64,
}

impl Update {
    /// `w ← w − η·∂C/∂w` and `b ← b − η·∂C/∂b` everywhere.
    pub fn new(pass: &ExamplePass, learning_rate: f32) -> Self {
        let mut network = (*pass.network).clone();
        let mut descent = Optimizer::new(OptimizerKind::Sgd, &network);
        descent.step(&mut network, &pass.gradients, learning_rate, 0.0, 0.0);
        let outputs = network.forward(pass.trace.activations[0].view());
        Self {
            learning_rate,
            outputs: outputs.into_iter().collect(),
            cost_before: exact_cost(&pass.network, pass),
            cost_after: exact_cost(&network, pass),
            promised: -f64::from(learning_rate) * pass.squared_gradient(),
            network: Arc::new(network),
        }
    }

    /// How the cost did change.
    pub fn happened(&self) -> f64 {
        self.cost_after - self.cost_before
    }

    /// What was promised and what happened, in a sentence.
    pub fn sentence(&self) -> String {
        let happened = self.happened() as f32;
        let promised = signed(self.promised as f32);
        if !happened.is_finite() {
            return format!(
                "The cost is no number any more: η = {} is far too big",
                short(self.learning_rate)
            );
        }
        let change = if happened > 0.0 {
            format!("the cost rose by {}", short(happened))
        } else {
            format!("the cost fell by {}", short(-happened))
        };
        let verdict = match self.happened() / self.promised {
            _ if self.promised == 0.0 => "there was nothing to gain",
            share if share < 0.0 => "η is too big: the step went beyond the valley",
            share if share < 0.8 => "the surface bends within the step",
            share if share > 1.25 => "the slope grew steeper within the step",
            _ => "the straight line was a good guide",
        };
        format!("−η‖∇C‖² promised {promised}, and {change}: {verdict}")
    }
}

/// The cost in double precision: differences of a small step would drown in the rounding of `f32`.
fn exact_cost(network: &Network, pass: &ExamplePass) -> f64 {
    let x = pass.trace.activations[0].mapv(f64::from);
    let y = truth(network.output_size(), pass.label).mapv(f64::from);
    network.cast::<f64>().mean_cost(x.view(), y.view())
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{close, pass, passes};
    use super::*;
    use crate::nn::{Activation, Cost};

    #[test]
    fn every_weight_and_bias_moves_by_eta_times_its_gradient() {
        for pass in passes() {
            let update = Update::new(&pass, 0.25);
            for (l, (before, after)) in pass
                .network
                .layers()
                .iter()
                .zip(update.network.layers())
                .enumerate()
            {
                let expected = &before.weights - &(&pass.gradients.weights[l] * 0.25);
                assert!(
                    after
                        .weights
                        .iter()
                        .zip(&expected)
                        .all(|(a, b)| close(*a, *b))
                );
                let expected = &before.biases - &(&pass.gradients.biases[l] * 0.25);
                assert!(
                    after
                        .biases
                        .iter()
                        .zip(&expected)
                        .all(|(a, b)| close(*a, *b))
                );
            }
        }
    }

    #[test]
    fn a_small_step_does_what_was_promised() {
        for pass in passes() {
            let update = Update::new(&pass, 1e-4);
            let share = update.happened() / update.promised;
            assert!((share - 1.0).abs() < 0.05, "{share}: {}", update.sentence());
            assert!(update.sentence().ends_with("a good guide"));
        }
    }

    #[test]
    fn a_step_that_is_too_long_is_said_to_be() {
        let pass = pass(Activation::Linear, Activation::Linear, Cost::Quadratic);
        let update = Update::new(&pass, 10.0);
        assert!(update.happened() > 0.0);
        assert!(
            update.sentence().contains("η is too big"),
            "{}",
            update.sentence()
        );
        let absurd = Update::new(&pass, 1e30);
        assert!(absurd.sentence().contains("no number any more"));
    }
}
