//! The directions in which points spread most.

use super::weights::{add_scaled, dot, unit};
use ndarray::Array2;

/// The first two principal components of some points.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Principal {
    /// Of length 1, at a right angle; along the first the last point lies ahead of the first one.
    pub axes: [Vec<f32>; 2],
    /// The part of the squared distances from the mean that lies along each, 0..=1.
    pub shares: [f64; 2],
}

/// `None` for points on a line, or fewer than three.
///
/// There are few points in very many dimensions, so the components come from the products of the points with each
/// other (the eigenvectors `a` of the centred Gram matrix; the component is `Σ aᵢ·(pᵢ − mean)`), not from the covariance.
pub(super) fn principal_components(points: &[Vec<f32>]) -> Option<Principal> {
    let n = points.len();
    if n < 3 {
        return None;
    }
    let gram = centred(Array2::from_shape_fn((n, n), |(i, j)| {
        if j < i {
            0.0
        } else {
            dot(&points[i], &points[j])
        }
    }));
    let spread: f64 = gram.diag().sum();
    let eigen = eigenvectors(gram);
    let [(first, a), (second, b)] = [eigen.first()?, eigen.get(1)?];
    // Less than this is what rounding leaves.
    if !spread.is_finite() || *second < 1e-9 * spread {
        return None;
    }
    let mut axes = [component(points, a)?, component(points, b)?];
    for axis in &mut axes {
        let travelled = dot(&points[n - 1], axis) - dot(&points[0], axis);
        if travelled < 0.0 {
            axis.iter_mut().for_each(|number| *number = -*number);
        }
    }
    Some(Principal {
        axes,
        shares: [first / spread, second / spread],
    })
}

/// The products of points, given above the diagonal, as if their mean were zero.
fn centred(upper: Array2<f64>) -> Array2<f64> {
    let n = upper.nrows();
    let full = Array2::from_shape_fn((n, n), |(i, j)| upper[[i.min(j), i.max(j)]]);
    let means: Vec<f64> = full
        .rows()
        .into_iter()
        .map(|row| row.sum() / n as f64)
        .collect();
    let mean = means.iter().sum::<f64>() / n as f64;
    Array2::from_shape_fn((n, n), |(i, j)| full[[i, j]] - means[i] - means[j] + mean)
}

/// `Σ aᵢ·pᵢ` of length 1; as the `aᵢ` add up to 0 the mean falls out.
fn component(points: &[Vec<f32>], a: &[f64]) -> Option<Vec<f32>> {
    let mut sum = vec![0.0; points.first()?.len()];
    let mean = a.iter().sum::<f64>() / a.len() as f64;
    for (point, a) in points.iter().zip(a) {
        add_scaled(&mut sum, point, (a - mean) as f32);
    }
    unit(sum)
}

/// Eigenvalues with eigenvectors of a symmetric matrix, the largest value first: Jacobi's rotations, each of which
/// makes one pair of entries beside the diagonal zero (Golub and Van Loan, *Matrix Computations*, section 8.5).
fn eigenvectors(mut a: Array2<f64>) -> Vec<(f64, Vec<f64>)> {
    const SWEEPS: usize = 30;
    let n = a.nrows();
    let mut vectors = Array2::<f64>::eye(n);
    for _ in 0..SWEEPS {
        let beside: f64 = a
            .indexed_iter()
            .filter(|((i, j), _)| i != j)
            .map(|(_, v)| v * v)
            .sum();
        let diagonal: f64 = a.diag().iter().map(|v| v * v).sum();
        if beside <= 1e-24 * diagonal {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> = (0..n)
        .map(|i| (a[[i, i]], vectors.column(i).to_vec()))
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs
}

/// Turns the axes `p` and `q` so that `a[p, q]` becomes 0.
fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    if a[[p, q]] == 0.0 {
        return;
    }
    let theta = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..a.nrows() {
        let (kp, kq) = (a[[k, p]], a[[k, q]]);
        a[[k, p]] = c * kp - s * kq;
        a[[k, q]] = s * kp + c * kq;
    }
    for k in 0..a.nrows() {
        let (pk, qk) = (a[[p, k]], a[[q, k]]);
        a[[p, k]] = c * pk - s * qk;
        a[[q, k]] = s * pk + c * qk;
        let (kp, kq) = (vectors[[k, p]], vectors[[k, q]]);
        vectors[[k, p]] = c * kp - s * kq;
        vectors[[k, q]] = s * kp + c * kq;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Five points in four dimensions.
    fn points() -> Vec<Vec<f32>> {
        vec![
            vec![0.0, 0.0, 0.0, 0.0],
            vec![2.0, 1.0, 0.0, 1.0],
            vec![4.0, 1.0, 1.0, 0.0],
            vec![5.0, 3.0, 2.0, 1.0],
            vec![7.0, 4.0, 1.0, 2.0],
        ]
    }

    #[test]
    fn components_and_shares_agree_with_numpy() {
        // C = P - P.mean(0); u, s, vt = np.linalg.svd(C); shares s²/Σs², components vt (NumPy 2, float64). The second
        // one is turned round, as the last point lies behind the first one along NumPy's.
        let found = principal_components(&points()).unwrap();
        let expected = [
            [0.826_050_5, 0.490_690_05, 0.189_841_1, 0.202_049_8],
            [-0.252_065_3, 0.373_568_5, -0.585_748_4, 0.673_653],
        ];
        for (axis, expected) in found.axes.iter().zip(expected) {
            for (number, expected) in axis.iter().zip(expected) {
                assert!((number - expected).abs() < 1e-6, "{found:?}");
            }
        }
        assert!((found.shares[0] - 0.925_260_14).abs() < 1e-8);
        assert!((found.shares[1] - 0.050_364_56).abs() < 1e-8);
    }

    #[test]
    fn points_far_from_zero_have_the_same_components() {
        let mut moved = points();
        for point in &mut moved {
            for (number, shift) in point.iter_mut().zip([8.0, -4.0, 2.0, 16.0]) {
                *number += shift;
            }
        }
        let (near, far) = (
            principal_components(&points()).unwrap(),
            principal_components(&moved).unwrap(),
        );
        for (near, far) in near.axes.iter().flatten().zip(far.axes.iter().flatten()) {
            assert!((near - far).abs() < 1e-5);
        }
    }

    #[test]
    fn points_on_a_line_have_no_second_component() {
        let line = (0..5)
            .map(|i| vec![i as f32, 2.0 * i as f32, 1.0])
            .collect::<Vec<_>>();
        assert_eq!(principal_components(&line), None);
        assert_eq!(principal_components(&points()[..2]), None);
    }

    #[test]
    fn eigenvectors_of_a_matrix_worked_out_by_hand() {
        // [[2 1], [1 2]]: 3 along (1, 1)/√2 and 1 along (1, −1)/√2.
        let pairs = eigenvectors(array![[2.0, 1.0], [1.0, 2.0]]);
        assert!((pairs[0].0 - 3.0).abs() < 1e-12 && (pairs[1].0 - 1.0).abs() < 1e-12);
        let half = 0.5_f64.sqrt();
        assert!((pairs[0].1[0].abs() - half).abs() < 1e-12);
        assert!((pairs[0].1[0] - pairs[0].1[1]).abs() < 1e-12);
        assert!((pairs[1].1[0] + pairs[1].1[1]).abs() < 1e-12);
    }
}
