use super::{Cells, SIDE};

/// Fainter ink joins no pieces.
const JOINING: u8 = 64;

/// A piece so tall, as a part of the tallest, can be a digit of its own.
const TALL: f32 = 0.6;

/// How many digits the ink looks like: pieces of ink beside each other that do not touch and are about as tall. They are
/// read as one, for a network that reads one digit can do no other.
pub fn digits_side_by_side(cells: &Cells) -> usize {
    let pieces = pieces(cells);
    let height = |piece: &Piece| piece.bottom - piece.top + 1;
    let tallest = pieces.iter().map(height).max().unwrap_or(0) as f32;
    let mut tall: Vec<&Piece> = pieces
        .iter()
        .filter(|piece| height(piece) as f32 >= tallest * TALL)
        .collect();
    tall.sort_by_key(|piece| piece.left + piece.right);
    let beside = |pair: &[&Piece]| {
        let shared = pair[0].bottom.min(pair[1].bottom) + 1;
        shared.saturating_sub(pair[0].top.max(pair[1].top)) as f32 >= tallest * TALL / 2.0
    };
    if tall.windows(2).all(beside) {
        tall.len()
    } else {
        1
    }
}

/// A piece of ink that hangs together, in cells; neighbours touch at sides and corners.
struct Piece {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

fn pieces(cells: &Cells) -> Vec<Piece> {
    let mut seen = [false; SIDE * SIDE];
    let mut pieces = Vec::new();
    let mut open = Vec::new();
    for start in 0..SIDE * SIDE {
        if cells.0[start] < JOINING || seen[start] {
            continue;
        }
        let (column, row) = (start % SIDE, start / SIDE);
        let mut piece = Piece {
            left: column,
            right: column,
            top: row,
            bottom: row,
        };
        seen[start] = true;
        open.push(start);
        while let Some(cell) = open.pop() {
            let (column, row) = (cell % SIDE, cell / SIDE);
            piece.left = piece.left.min(column);
            piece.right = piece.right.max(column);
            piece.bottom = piece.bottom.max(row);
            for near_row in row.saturating_sub(1)..(row + 2).min(SIDE) {
                for near_column in column.saturating_sub(1)..(column + 2).min(SIDE) {
                    let near = near_row * SIDE + near_column;
                    if cells.0[near] >= JOINING && !seen[near] {
                        seen[near] = true;
                        open.push(near);
                    }
                }
            }
        }
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Drawing, Hands, Ink, cells_of, practice_digit, practice_digits};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    /// These digits beside each other on one pad, each as wide as the pad was.
    fn beside(digits: &[u8]) -> Cells {
        let mut drawing = Drawing::new([280.0 * digits.len() as f32, 280.0]);
        for (place, &digit) in digits.iter().enumerate() {
            let mut rng = StdRng::seed_from_u64(40 + place as u64);
            for mut stroke in practice_digit(digit, &mut rng).strokes {
                for point in &mut stroke.points {
                    point.x = point.x * 0.8 + 280.0 * place as f32;
                }
                drawing.strokes.push(stroke);
            }
        }
        cells_of(Ink::Drawing(&drawing)).unwrap()
    }

    #[test]
    fn digits_beside_each_other_are_counted() {
        for digits in [&[1, 0][..], &[3, 8], &[7, 7], &[1, 2, 3]] {
            assert_eq!(
                digits_side_by_side(&beside(digits)),
                digits.len(),
                "{digits:?}"
            );
        }
    }

    #[test]
    fn one_digit_is_one_also_of_several_strokes() {
        let digits = practice_digits(Hands::Known, 1000, 5);
        let wrong = digits
            .iter()
            .filter(|(cells, _)| digits_side_by_side(cells) != 1);
        assert!(wrong.count() <= 5);
        assert_eq!(digits_side_by_side(&Cells::BLANK), 0);
    }
}
