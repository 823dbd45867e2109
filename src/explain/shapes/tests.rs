use super::*;
use crate::nn::{Architecture, BiasInit, Init, Trace};
use ndarray::{Array2, Axis};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashMap;

fn network(sizes: &[usize], output: Activation, cost: Cost) -> Network<f64> {
    let architecture = Architecture {
        sizes: sizes.to_vec(),
        hidden: Activation::Sigmoid,
        output,
        cost,
    };
    let rng = &mut StdRng::seed_from_u64(3);
    Network::init(&architecture, Init::Xavier, BiasInit::Normal, rng).unwrap()
}

fn tape(sizes: &[usize], batch: usize) -> Tape {
    let network = network(sizes, Activation::Softmax, Cost::CrossEntropy);
    Tape::new(&network, batch)
}

/// Every matrix of the tape with its numbers, as the network computes them for some batch.
fn matrices(network: &Network<f64>, batch: usize) -> HashMap<Quantity, Array2<f64>> {
    let rng = &mut StdRng::seed_from_u64(6);
    let x = Array2::from_shape_simple_fn((batch, network.input_size()), || rng.random());
    let y = Array2::from_shape_fn((batch, network.output_size()), |(i, j)| {
        f64::from(u8::from(i % network.output_size() == j))
    });
    let Trace { zs, activations } = network.trace(x.view());
    let mut workspace = crate::nn::Workspace::new(network, batch);
    let cost = crate::nn::backprop(network, x.view(), y.view(), &mut workspace);
    let mut all = HashMap::new();
    all.insert(Quantity::Truths, y);
    all.insert(Quantity::Cost, Array2::from_elem((1, 1), cost));
    for (layer, a) in activations.into_iter().enumerate() {
        all.insert(Quantity::Activations(layer), a);
    }
    for (l, own) in network.layers().iter().enumerate() {
        let gradients = &workspace.gradients;
        let delta = workspace.errors(l, batch).to_owned();
        if l > 0 {
            all.insert(Quantity::ActivationSlopes(l), delta.dot(&own.weights.t()));
        }
        let row = |biases: &ndarray::Array1<f64>| biases.clone().insert_axis(Axis(0));
        all.insert(Quantity::Weights(l + 1), own.weights.clone());
        all.insert(Quantity::Biases(l + 1), row(&own.biases));
        all.insert(Quantity::Sums(l + 1), zs[l].clone());
        all.insert(Quantity::Errors(l + 1), delta);
        all.insert(
            Quantity::WeightGradients(l + 1),
            gradients.weights[l].clone(),
        );
        all.insert(Quantity::BiasGradients(l + 1), row(&gradients.biases[l]));
    }
    all
}

#[test]
fn all_shapes_are_those_of_the_matrices_themselves() {
    let network = network(&[7, 5, 4, 3], Activation::Softmax, Cost::Quadratic);
    let tape = Tape::new(&network, 6);
    let matrices = matrices(&network, 6);
    // X, Y, C, and W, b, Z, A, δ, ∂C/∂W, ∂C/∂b of three layers, ∂C/∂A of two.
    assert_eq!(matrices.len(), 3 + 3 * 7 + 2);
    for (quantity, matrix) in &matrices {
        let shape = tape.lengths(tape.shape(*quantity));
        assert_eq!(shape, [matrix.nrows(), matrix.ncols()], "{quantity}");
    }
}

#[test]
fn the_row_and_the_column_that_meet_make_the_number_in_the_cell() {
    for (output, cost) in [
        (Activation::Softmax, Cost::CrossEntropy),
        (Activation::Sigmoid, Cost::Quadratic),
        (Activation::Softmax, Cost::Quadratic),
    ] {
        let network = network(&[7, 5, 4, 3], output, cost);
        let tape = Tape::new(&network, 6);
        let matrices = matrices(&network, 6);
        for quantity in tape.in_order() {
            let operation = tape.operation(quantity).unwrap();
            let [rows, columns] = tape.lengths(tape.shape(quantity));
            for (row, column) in [(0, 0), (rows - 1, columns - 1), (rows / 2, columns / 3)] {
                let parts = Tape::meeting(&operation, row, column);
                let numbers: Vec<Vec<f64>> = parts
                    .iter()
                    .map(|(quantity, part)| numbers_of(&matrices[quantity], *part))
                    .collect();
                let made = make(&tape, &operation, &numbers, column);
                let expected = matrices[&quantity][[row, column]];
                assert!(
                    (made - expected).abs() < 1e-12,
                    "{quantity}[{row},{column}]"
                );
            }
        }
    }
}

fn numbers_of(matrix: &Array2<f64>, part: Part) -> Vec<f64> {
    match part {
        Part::Row(row) => matrix.row(row).to_vec(),
        Part::Column(column) => matrix.column(column).to_vec(),
        Part::Cell(row, column) => vec![matrix[[row, column]]],
        Part::All => matrix.iter().copied().collect(),
    }
}

/// The number that an operation makes of the parts that meet, by its definition.
fn make(tape: &Tape, operation: &MatrixOperation, parts: &[Vec<f64>], column: usize) -> f64 {
    let n = tape.batch as f64;
    let dot = || {
        parts[0]
            .iter()
            .zip(&parts[1])
            .map(|(a, b)| a * b)
            .sum::<f64>()
    };
    let first = parts[0][0];
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    match operation.kind {
        MatrixOperationKind::WeightedSums => dot() + parts[2][0],
        MatrixOperationKind::Product => dot(),
        MatrixOperationKind::MeanProduct => dot() / n,
        MatrixOperationKind::MeanOfRows => parts[0].iter().sum::<f64>() / n,
        MatrixOperationKind::Activate => sigmoid(first),
        MatrixOperationKind::ActivateRows => {
            let exponentials = parts[0].iter().map(|z| z.exp());
            parts[0][column].exp() / exponentials.sum::<f64>()
        }
        MatrixOperationKind::MeanCost => {
            let squares = parts[0]
                .iter()
                .zip(&parts[1])
                .map(|(a, y)| 0.5 * (a - y).powi(2));
            match tape.cost {
                Cost::Quadratic => squares.sum::<f64>() / n,
                Cost::CrossEntropy => {
                    let terms = parts[0].iter().zip(&parts[1]);
                    terms
                        .filter(|(_, y)| **y == 1.0)
                        .map(|(a, _)| -a.ln())
                        .sum::<f64>()
                        / n
                }
            }
        }
        MatrixOperationKind::Difference => first - parts[1][0],
        MatrixOperationKind::OutputErrors => (first - parts[1][0]) * first * (1.0 - first),
        MatrixOperationKind::OutputErrorsByRow => {
            let slopes = parts[0].iter().zip(&parts[1]).map(|(a, y)| a - y);
            let mean: f64 = slopes.zip(&parts[0]).map(|(slope, a)| slope * a).sum();
            parts[0][column] * (parts[0][column] - parts[1][column] - mean)
        }
        MatrixOperationKind::PullBack => {
            first * sigmoid(parts[1][0]) * (1.0 - sigmoid(parts[1][0]))
        }
    }
}

#[test]
fn partners_have_one_shape_and_are_each_others() {
    for bias in [BiasAs::Vector, BiasAs::ExtraUnit] {
        let tape = Tape {
            bias,
            ..tape(&[784, 16, 16, 10], 32)
        };
        let partners = tape
            .slots()
            .into_iter()
            .filter_map(|slot| Some((slot.forward, slot.backward?)));
        let partners: Vec<_> = partners.collect();
        assert_eq!(partners.len(), if bias == BiasAs::Vector { 11 } else { 8 });
        for (forward, backward) in partners {
            assert_eq!(tape.shape(forward), tape.shape(backward), "{forward}");
            assert_eq!(tape.partner(backward), Some(forward));
            assert!(backward.is_backward() && !forward.is_backward());
        }
    }
}

#[test]
fn the_examples_are_gone_where_a_product_sums_over_them() {
    let tape = tape(&[784, 128, 64, 10], 32);
    for quantity in tape.in_order() {
        let shape = tape.shape(quantity);
        let operation = tape.operation(quantity).unwrap();
        let has_examples = shape.rows == Side::Examples;
        let summed = tape.summed_over(&operation) == Some(Side::Examples);
        assert_ne!(has_examples, summed, "{quantity}");
        assert_eq!(tape.outcome(quantity), Outcome::Fits);
    }
    let formula = |quantity| tape.formula(&tape.operation(quantity).unwrap());
    assert_eq!(formula(Quantity::Sums(1)), "Z¹ = X·W¹ + b¹");
    assert_eq!(formula(Quantity::Activations(3)), "A³ = Softmax(Z³)");
    assert_eq!(formula(Quantity::Errors(3)), "δ³ = A³ − Y");
    assert_eq!(formula(Quantity::WeightGradients(1)), "∂C/∂W¹ = Xᵀ·δ¹ / B");
    assert_eq!(formula(Quantity::BiasGradients(2)), "∂C/∂b² = Σ δ² / B");
    assert_eq!(formula(Quantity::ActivationSlopes(1)), "∂C/∂A¹ = δ²·(W²)ᵀ");
    assert_eq!(formula(Quantity::Errors(1)), "δ¹ = ∂C/∂A¹ ⊙ σ′(Z¹)");
    assert_eq!(tape.shape_text(tape.shape(Quantity::Sums(2))), "B×64");
    assert_eq!(tape.verdict(), None);
}

#[test]
fn what_is_given_is_looked_at_where_its_partner_is_made_or_where_it_is_read() {
    let tape = tape(&[784, 16, 10], 32);
    let result = |quantity| tape.operation_about(quantity).unwrap().result;
    assert_eq!(result(Quantity::Sums(1)), Quantity::Sums(1));
    assert_eq!(result(Quantity::Weights(2)), Quantity::WeightGradients(2));
    assert_eq!(result(Quantity::Activations(0)), Quantity::Sums(1));
    assert_eq!(result(Quantity::Truths), Quantity::Cost);
    let gradients = tape.operation(Quantity::WeightGradients(1)).unwrap();
    assert_eq!(
        tape.cell_sentence(&gradients, 5, 7),
        "Row 5 of Xᵀ and column 7 of δ¹ meet in ∂C/∂W¹[5,7]: 32 products are summed."
    );
    let sums = tape.operation(Quantity::Sums(1)).unwrap();
    assert_eq!(
        tape.cell_sentence(&sums, 5, 7),
        "Row 5 of X and column 7 of W¹ meet in Z¹[5,7]: 784 products are summed, and b¹[0,7] is added."
    );
}

#[test]
fn a_forgotten_transpose_stops_where_the_sides_differ() {
    let tape = Tape {
        mistake: Some(Mistake::TransposeForgotten),
        ..tape(&[784, 128, 64, 10], 32)
    };
    assert_eq!(tape.outcome(Quantity::Errors(3)), Outcome::Fits);
    let last = Quantity::WeightGradients(3);
    assert_eq!(
        tape.outcome(last),
        Outcome::Clash {
            left: [32, 64],
            right: [32, 10],
        }
    );
    assert_eq!(tape.first_failure(), Some(last));
    assert_eq!(
        tape.sentence(last),
        "[32×64]·[32×10] is no product: A² has 64 columns, δ³ has 32 rows. Transposed, A² is [64×32]: the examples \
         come inside and are summed over."
    );
    assert_eq!(
        tape.outcome(Quantity::Errors(2)),
        Outcome::NotReached {
            missing: Quantity::ActivationSlopes(2),
        }
    );
    assert!(
        tape.verdict()
            .unwrap()
            .starts_with("The pass stops at ∂C/∂W³. [32×64]")
    );
}

#[test]
fn equal_sides_hide_a_forgotten_transpose() {
    // Layer 2 is square, and so is X where there are as many examples as inputs.
    let tape = Tape {
        mistake: Some(Mistake::TransposeForgotten),
        ..tape(&[784, 16, 16, 10], 16)
    };
    let verdict = tape.verdict().unwrap();
    assert!(verdict.contains("∂C/∂A¹"), "{verdict}");
    assert!(verdict.contains("∂C/∂W³ and"), "{verdict}");
    assert_eq!(
        tape.outcome(Quantity::WeightGradients(3)),
        Outcome::FitsByChance { length: 16 }
    );
    let square = Tape {
        mistake: Some(Mistake::TransposeForgotten),
        ..self::tape(&[9, 9, 9], 9)
    };
    assert_eq!(square.first_failure(), None);
    assert!(square.verdict().unwrap().contains("by chance"));
}

#[test]
fn a_bias_left_out_fits_everywhere_and_its_gradient_has_nowhere_to_go() {
    let tape = Tape {
        mistake: Some(Mistake::BiasLeftOut),
        ..tape(&[784, 128, 64, 10], 32)
    };
    assert_eq!(tape.first_failure(), None);
    assert_eq!(tape.outcome(Quantity::BiasGradients(1)), Outcome::LeftOut);
    assert!(
        tape.sentence(Quantity::BiasGradients(1))
            .contains("[1×128]")
    );
    // 128 + 64 + 10
    assert!(tape.verdict().unwrap().contains("202 numbers"));
    let sums = tape.operation(Quantity::Sums(1)).unwrap();
    assert_eq!(tape.formula(&sums), "Z¹ = X·W¹");
}

#[test]
fn without_its_column_of_ones_an_extra_unit_fits_nowhere() {
    let with_one = Tape {
        bias: BiasAs::ExtraUnit,
        ..tape(&[784, 128, 64, 10], 32)
    };
    assert_eq!(with_one.first_failure(), None);
    assert_eq!(
        with_one.lengths(with_one.shape(Quantity::Activations(0))),
        [32, 785]
    );
    assert_eq!(
        with_one.lengths(with_one.shape(Quantity::WeightGradients(1))),
        [785, 128]
    );
    let sums = with_one.operation(Quantity::Sums(2)).unwrap();
    assert_eq!(with_one.formula(&sums), "Z² = [A¹ 1]·W²,b");
    let without = Tape {
        mistake: Some(Mistake::BiasLeftOut),
        ..with_one
    };
    assert_eq!(without.first_failure(), Some(Quantity::Sums(1)));
    let sentence = without.sentence(Quantity::Sums(1));
    assert!(
        sentence.starts_with("[32×784]·[785×128] is no product"),
        "{sentence}"
    );
    assert_eq!(
        without.outcome(Quantity::WeightGradients(3)),
        Outcome::NotReached {
            missing: Quantity::Sums(1),
        }
    );
}

#[test]
fn the_bias_as_an_extra_unit_has_the_same_gradient() {
    let network = network(&[7, 5, 3], Activation::Softmax, Cost::CrossEntropy);
    let matrices = matrices(&network, 6);
    for layer in 1..=2 {
        let a = &matrices[&Quantity::Activations(layer - 1)];
        let ones = Array2::ones((6, 1));
        let with_one = ndarray::concatenate![Axis(1), a.view(), ones];
        let joined = with_one.t().dot(&matrices[&Quantity::Errors(layer)]) / 6.0;
        let (weights, bias) = joined.view().split_at(Axis(0), a.ncols());
        let near = |a: &Array2<f64>, b: ndarray::ArrayView2<'_, f64>| {
            a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-15)
        };
        assert!(near(&matrices[&Quantity::WeightGradients(layer)], weights));
        assert!(near(&matrices[&Quantity::BiasGradients(layer)], bias));
    }
}

#[test]
fn every_matrix_has_a_sentence_under_every_mistake() {
    for sizes in [vec![784, 10], vec![784, 16, 16, 10]] {
        for bias in [BiasAs::Vector, BiasAs::ExtraUnit] {
            for mistake in [
                None,
                Some(Mistake::TransposeForgotten),
                Some(Mistake::BiasLeftOut),
            ] {
                let tape = Tape {
                    bias,
                    mistake,
                    ..tape(&sizes, 1)
                };
                for slot in tape.slots() {
                    for quantity in [Some(slot.forward), slot.backward].into_iter().flatten() {
                        let sentence = tape.sentence(quantity);
                        assert!(sentence.ends_with('.'), "{quantity}: {sentence}");
                    }
                }
            }
        }
    }
}
