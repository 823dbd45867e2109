use crate::ink::SIDE;
use rand::{Rng, RngExt};

/// A smooth field of small displacements, as a hand that wavers would make them
/// (Simard, Steinkraus and Platt, ICDAR 2003).
///
/// The paper blurs noise with a Gaussian of σ = 4 cells; here a coarse grid of noise is joined by cubic B-splines, which
/// is as smooth and costs a fraction.
pub(super) struct Elastic {
    field: [[f32; 2]; SIDE * SIDE],
}

/// Cells between the nodes of the grid.
const SPACING: usize = 5;

/// A spline needs one node before and two after each stretch.
const NODES: usize = SIDE.div_ceil(SPACING) + 3;

/// What the nodes reach for each cell that the cells between them move by (root mean square): nodes drawn evenly from ±1
/// move by 1/√3, and the mean of the sixteen nodes around a cell by 151/315 of that.
const REACH: f32 = 1.732_050_8 * 315.0 / 151.0;

impl Elastic {
    /// Cells move by `strength` along each axis (root mean square, in cells).
    pub(super) fn draw(strength: f32, rng: &mut impl Rng) -> Self {
        let reach = REACH * strength;
        let mut nodes = [[[0.0_f32; 2]; NODES]; NODES];
        for node in nodes.iter_mut().flatten().flatten() {
            *node = rng.random_range(-reach..=reach);
        }
        let weights: [[f32; 4]; SPACING] =
            std::array::from_fn(|cell| spline((cell as f32 + 0.5) / SPACING as f32));
        // One axis after the other: rows of nodes are joined to rows of cells first.
        let mut rows = [[[0.0_f32; 2]; SIDE]; NODES];
        for (row, nodes) in rows.iter_mut().zip(&nodes) {
            for (column, value) in row.iter_mut().enumerate() {
                let near = &nodes[column / SPACING..];
                *value = mix(
                    &weights[column % SPACING],
                    [near[0], near[1], near[2], near[3]],
                );
            }
        }
        let mut field = [[0.0; 2]; SIDE * SIDE];
        for (row, line) in field.chunks_exact_mut(SIDE).enumerate() {
            let near = &rows[row / SPACING..];
            for (column, value) in line.iter_mut().enumerate() {
                *value = mix(
                    &weights[row % SPACING],
                    [
                        near[0][column],
                        near[1][column],
                        near[2][column],
                        near[3][column],
                    ],
                );
            }
        }
        Self { field }
    }

    /// In cells, right and down.
    pub(super) fn displacement(&self, column: usize, row: usize) -> [f32; 2] {
        self.field[row * SIDE + column]
    }
}

/// Weights of four neighbouring nodes at `t` between the second and the third.
fn spline(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        (1.0 - t) * (1.0 - t) * (1.0 - t) / 6.0,
        (3.0 * t3 - 6.0 * t2 + 4.0) / 6.0,
        (-3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0) / 6.0,
        t3 / 6.0,
    ]
}

fn mix(weights: &[f32; 4], nodes: [[f32; 2]; 4]) -> [f32; 2] {
    [0, 1].map(|axis| {
        weights
            .iter()
            .zip(&nodes)
            .map(|(w, node)| w * node[axis])
            .sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn the_weights_of_a_spline_sum_to_one() {
        for t in [0.0, 0.1, 0.5, 0.9, 1.0] {
            assert!((spline(t).iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn displacements_are_as_strong_as_asked_for_and_smooth() {
        let strength = 1.35;
        let (mut squares, mut folds, mut count) = (0.0, 0, 0);
        for seed in 0..200 {
            let elastic = Elastic::draw(strength, &mut StdRng::seed_from_u64(seed));
            for row in 0..SIDE {
                for column in 1..SIDE {
                    let here = elastic.displacement(column, row);
                    let left = elastic.displacement(column - 1, row);
                    squares += here[0] * here[0] + here[1] * here[1];
                    count += 1;
                    // Where cells swap places, a line folds.
                    folds += u32::from(left[0] - here[0] > 1.0);
                }
            }
        }
        let root_mean_square = (squares / (2 * count) as f32).sqrt();
        assert!(
            (root_mean_square / strength - 1.0).abs() < 0.05,
            "{root_mean_square}"
        );
        assert!(folds * 200 < count, "{folds} of {count}");
    }

    #[test]
    fn no_strength_moves_nothing() {
        let elastic = Elastic::draw(0.0, &mut StdRng::seed_from_u64(1));
        assert!(elastic.field.iter().flatten().all(|&moved| moved == 0.0));
    }
}
