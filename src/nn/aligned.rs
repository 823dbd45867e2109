//! Matrices that begin where a line of the cache does: to load a vector that lies across two lines takes twice as long.

use super::Scalar;
use ndarray::{Array1, Array2, s};

/// Bytes of a line.
const LINE: usize = 64;

/// Zeros, `[rows, columns]`.
pub(crate) fn zeros<S: Scalar>((rows, columns): (usize, usize)) -> Array2<S> {
    let (length, most) = (rows * columns, LINE / size_of::<S>());
    let room = Array1::<S>::zeros(length + most);
    let first = room.as_ptr().align_offset(LINE).min(most);
    // The part has exactly as many numbers as the matrix.
    room.slice_move(s![first..first + length])
        .into_shape_with_order((rows, columns))
        .unwrap_or_else(|_| Array2::zeros((rows, columns)))
}

/// The same numbers.
pub(super) fn copy<S: Scalar>(matrix: &Array2<S>) -> Array2<S> {
    let mut copy = zeros(matrix.dim());
    copy.assign(matrix);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_begins_with_a_line_and_lies_row_by_row() {
        for shape in [(784, 16), (3, 7), (1, 1), (1000, 500)] {
            let mut kept = Vec::new();
            for _ in 0..8 {
                let matrix = zeros::<f32>(shape);
                assert!(matrix.as_ptr().addr().is_multiple_of(LINE));
                assert!(matrix.is_standard_layout() && matrix.dim() == shape);
                // Memory that is still held makes the next matrix begin elsewhere.
                kept.push((matrix, vec![0_u8; 16]));
            }
        }
        assert!(zeros::<f64>((20, 9)).as_ptr().addr().is_multiple_of(LINE));
        assert_eq!(zeros::<f32>((0, 5)).dim(), (0, 5));
    }

    #[test]
    fn a_copy_has_the_same_numbers() {
        let matrix = Array2::from_shape_fn((9, 5), |(row, column)| (10 * row + column) as f32);
        assert_eq!(copy(&matrix), matrix);
        let turned = matrix.t().to_owned();
        let copy = copy(&turned);
        assert_eq!(copy, turned);
        assert!(copy.is_standard_layout());
    }
}
