use super::{ExamplePass, Step, Update};
use ndarray::Array1;

/// The numbers of a step, a row for each unit (or for each layer).
#[derive(Clone, Debug, PartialEq)]
pub struct StepTable {
    /// The layer whose units the rows are; `None` when the rows are the layers.
    pub layer: Option<usize>,
    pub columns: Vec<&'static str>,
    /// One number for each column.
    pub rows: Vec<Vec<f32>>,
    /// The column that the step is about.
    pub main: usize,
}

impl StepTable {
    /// `None` for steps whose numbers are pictures: the input and the gradients.
    pub fn new(step: Step, pass: &ExamplePass, update: &Update) -> Option<Self> {
        let last = pass.layers();
        let (columns, values, main): (_, Vec<Array1<f32>>, _) = match step {
            Step::Input | Step::Gradients { .. } => return None,
            Step::Forward { layer } => {
                let b = pass.network.layers()[layer - 1].biases.clone();
                let z = pass.z(layer).to_owned();
                let values = vec![&z - &b, b, z, pass.a(layer).to_owned()];
                (vec!["Σ w·a", "b", "z", "a"], values, 3)
            }
            Step::Cost => {
                let terms = pass.terms.iter().map(|term| term.cost).collect();
                let values = vec![pass.a(last).to_owned(), pass.truth(), terms];
                (vec!["a", "y", "adds to C"], values, 2)
            }
            Step::OutputDelta => {
                let (a, y) = (pass.a(last), pass.truth());
                let values = vec![
                    a.to_owned(),
                    y.clone(),
                    &y - &a,
                    pass.delta(last).to_owned(),
                ];
                (vec!["a", "y", "y − a", "δ"], values, 3)
            }
            Step::Wishes { layer } => {
                let weights = &pass.network.layers()[layer].weights;
                let wishes = weights * &pass.delta(layer + 1).mapv(|delta| -delta);
                let sum_of = |keep: fn(f32) -> f32| -> Array1<f32> {
                    wishes
                        .rows()
                        .into_iter()
                        .map(|row| row.mapv(keep).sum())
                        .collect()
                };
                let up = sum_of(|wish| wish.max(0.0));
                let down = sum_of(|wish| wish.min(0.0));
                let sum = pass.pull(layer).mapv(|pull| -pull);
                (vec!["up", "down", "wish"], vec![up, down, sum], 2)
            }
            Step::Delta { layer } => {
                let values = vec![
                    pass.pull(layer).to_owned(),
                    pass.slopes(layer),
                    pass.delta(layer).to_owned(),
                ];
                (vec!["∂C/∂a", "σ′(z)", "δ"], values, 2)
            }
            Step::Update => return Some(of_layers(pass, update)),
            Step::ForwardAgain => {
                let (before, after) = (pass.a(last), Array1::from(update.outputs.clone()));
                let change = &after - &before;
                let values = vec![pass.truth(), before.to_owned(), after, change];
                (vec!["y", "before", "after", "change"], values, 3)
            }
        };
        let rows = (0..values[0].len()).map(|unit| values.iter().map(|of| of[unit]).collect());
        Some(Self {
            layer: step.layer(last),
            columns,
            rows: rows.collect(),
            main,
        })
    }
}

/// How far the weights of each layer go.
fn of_layers(pass: &ExamplePass, update: &Update) -> StepTable {
    let layers = pass.network.layers().iter().enumerate();
    let rows = layers.map(|(l, layer)| {
        let gradient = pass.gradients.weight_norm(l);
        let step = f64::from(update.learning_rate) * gradient;
        let norm = layer.weight_norm();
        let share = if norm > 0.0 { step / norm } else { 0.0 };
        [gradient, step, norm, share]
            .map(|value| value as f32)
            .to_vec()
    });
    StepTable {
        layer: None,
        columns: vec!["‖∂C/∂W‖", "‖ΔW‖", "‖W‖", "share"],
        rows: rows.collect(),
        main: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pass::tests::{close, passes};
    use super::*;

    #[test]
    fn every_step_has_a_number_for_each_column_of_each_unit() {
        for pass in passes() {
            let update = Update::new(&pass, 0.1);
            for step in Step::all(3) {
                let Some(table) = StepTable::new(step, &pass, &update) else {
                    assert!(matches!(step, Step::Input | Step::Gradients { .. }));
                    continue;
                };
                let rows = table.layer.map_or(3, |layer| pass.sizes()[layer]);
                assert_eq!(table.rows.len(), rows, "{step:?}");
                assert!(table.main < table.columns.len());
                assert!(
                    table
                        .rows
                        .iter()
                        .all(|row| row.len() == table.columns.len())
                );
            }
        }
    }

    #[test]
    fn the_columns_hold_together_as_the_formulas_say() {
        for pass in passes() {
            let update = Update::new(&pass, 0.1);
            let rows = |step| StepTable::new(step, &pass, &update).unwrap().rows;
            for row in rows(Step::Forward { layer: 2 }) {
                assert!(close(row[0] + row[1], row[2]), "Σ w·a + b = z");
            }
            let cost: f32 = rows(Step::Cost).iter().map(|row| row[2]).sum();
            assert!(close(cost, pass.cost));
            for row in rows(Step::Wishes { layer: 1 }) {
                assert!(close(row[0] + row[1], row[2]), "{row:?}");
            }
            for row in rows(Step::Delta { layer: 2 }) {
                assert!(close(row[0] * row[1], row[2]), "∂C/∂a · σ′(z) = δ: {row:?}");
            }
            for row in rows(Step::ForwardAgain) {
                assert!(close(row[1] + row[3], row[2]));
            }
            for row in rows(Step::Update) {
                assert!(close(row[0] * 0.1, row[1]));
            }
        }
    }
}
