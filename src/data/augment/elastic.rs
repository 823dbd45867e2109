use crate::ink::SIDE;
use rand::{Rng, RngExt};

/// A smooth field of small displacements, as a hand that wavers would make them
/// (Simard, Steinkraus and Platt, ICDAR 2003).
///
/// The paper blurs noise with a Gaussian of σ = 4 cells; here a coarse grid of noise is joined by cubic B-splines, which
/// is as smooth and costs a fraction.
pub(super) struct Elastic {
    /// For each axis.
    nodes: [[[f32; NODES]; NODES]; 2],
}

/// How far each cell moves along each axis, right and down: the nodes are joined to cells along each of their rows.
pub(super) struct Field {
    rows: [[[f32; SIDE]; NODES]; 2],
    /// Of the four nodes near each cell, along either axis.
    weights: [[f32; 4]; SPACING],
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
        let mut nodes = [[[0.0; NODES]; NODES]; 2];
        for node in nodes.as_flattened_mut().as_flattened_mut() {
            *node = rng.random_range(-reach..=reach);
        }
        Self { nodes }
    }

    #[inline(always)]
    pub(super) fn field(&self) -> Field {
        let weights: [[f32; 4]; SPACING] =
            std::array::from_fn(|cell| spline((cell as f32 + 0.5) / SPACING as f32));
        let mut rows = [[[0.0; SIDE]; NODES]; 2];
        let nodes = self.nodes.as_flattened().iter();
        for (row, nodes) in rows.as_flattened_mut().iter_mut().zip(nodes) {
            for (column, value) in row.iter_mut().enumerate() {
                let near = &nodes[column / SPACING..][..4];
                for (weight, node) in weights[column % SPACING].iter().zip(near) {
                    *value += weight * node;
                }
            }
        }
        Field { rows, weights }
    }
}

impl Field {
    /// How far the cells of a line move along each axis, in cells.
    #[inline(always)]
    pub(super) fn line(&self, row: usize) -> [[f32; SIDE]; 2] {
        let mut line = [[0.0; SIDE]; 2];
        for (line, rows) in line.iter_mut().zip(&self.rows) {
            let near = &rows[row / SPACING..][..4];
            for (weight, near) in self.weights[row % SPACING].iter().zip(near) {
                for (moved, near) in line.iter_mut().zip(near) {
                    *moved += weight * near;
                }
            }
        }
        line
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
            let field = Elastic::draw(strength, &mut StdRng::seed_from_u64(seed)).field();
            for row in 0..SIDE {
                let line = field.line(row);
                let moved = |column: usize| line.map(|axis| axis[column]);
                for column in 1..SIDE {
                    let (here, left) = (moved(column), moved(column - 1));
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
        let field = elastic.field();
        let mut lines = (0..SIDE).map(|row| field.line(row));
        assert!(lines.all(|line| line == [[0.0; SIDE]; 2]));
    }
}
