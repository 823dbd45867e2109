//! Lines of equal cost on a grid, by marching squares.

use super::grid::{Grid, log_cost};
use std::collections::HashMap;

/// A line of equal cost on a map, in parts of its width and height, 0..=1 from the left and from the lowest edge.
pub type ContourLine = Vec<[f32; 2]>;

/// An edge of the lattice between two points side by side (`across`) or one above the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Edge {
    row: usize,
    column: usize,
    across: bool,
}

/// Round costs between the lowest and the highest of a grid, about ten of them: 1, 2, 5 times powers of ten where it
/// spans much, equal steps where it spans little.
pub fn contour_levels(lowest: f32, highest: f32) -> Vec<f32> {
    let lowest = lowest.max(1e-6);
    let spans_some = highest > lowest && highest.is_finite();
    if !spans_some {
        return Vec::new();
    }
    if highest / lowest < 5.0 {
        let step = round_step((highest - lowest) / 12.0);
        let first = (lowest / step).floor() as u32 + 1;
        let levels = (first..).map(|place| place as f32 * step);
        return levels
            .take_while(|level| *level < highest)
            .take(20)
            .collect();
    }
    let decades = (highest / lowest).log10();
    let mantissas: &[f32] = match decades {
        ..1.5 => &[1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0],
        ..3.5 => &[1.0, 2.0, 5.0],
        ..6.0 => &[1.0, 3.0],
        _ => &[1.0],
    };
    let from = lowest.log10().floor() as i32;
    let to = highest.log10().ceil() as i32;
    (from..=to)
        .flat_map(|power| mantissas.iter().map(move |m| m * 10_f32.powi(power)))
        .filter(|level| lowest < *level && *level < highest)
        .collect()
}

/// 1, 2 or 5 times a power of ten, near `step` and not below it.
fn round_step(step: f32) -> f32 {
    let power = 10_f32.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * power >= step);
    factor.unwrap_or(10.0) * power
}

/// The lines on which the cost is `level`. A closed one ends where it begins; none crosses a square with a corner whose
/// cost is no number.
pub fn contour_lines(grid: &Grid, level: f32) -> Vec<ContourLine> {
    let mut ends: HashMap<Edge, Vec<usize>> = HashMap::new();
    let mut segments = Vec::new();
    for row in 0..grid.side() - 1 {
        for column in 0..grid.side() - 1 {
            for segment in square(grid, level, row, column).into_iter().flatten() {
                for edge in segment {
                    ends.entry(edge).or_default().push(segments.len());
                }
                segments.push(segment);
            }
        }
    }
    let mut used = vec![false; segments.len()];
    let mut lines = Vec::new();
    // Lines that end at the edge of the map are followed from there; what remains is closed.
    for only_open in [true, false] {
        for first in 0..segments.len() {
            for begin in segments[first] {
                let is_end = ends.get(&begin).is_some_and(|at| at.len() == 1);
                if used[first] || only_open != is_end {
                    continue;
                }
                let edges = follow(&segments, &ends, &mut used, first, begin);
                let points = edges.into_iter().map(|edge| crossing(grid, level, edge));
                lines.push(points.collect());
            }
        }
    }
    lines
}

/// The edges that a line crosses, from `begin` on.
fn follow(
    segments: &[[Edge; 2]],
    ends: &HashMap<Edge, Vec<usize>>,
    used: &mut [bool],
    first: usize,
    begin: Edge,
) -> Vec<Edge> {
    let mut edges = vec![begin];
    let (mut segment, mut from) = (first, begin);
    loop {
        used[segment] = true;
        let [a, b] = segments[segment];
        from = if a == from { b } else { a };
        edges.push(from);
        let next = ends
            .get(&from)
            .and_then(|at| at.iter().find(|&&next| !used[next]));
        match next {
            Some(&next) => segment = next,
            None => return edges,
        }
    }
}

/// What the level cuts through the square above and to the right of a lattice point: no, one or two segments.
fn square(grid: &Grid, level: f32, row: usize, column: usize) -> [Option<[Edge; 2]>; 2] {
    let cost = |up: usize, right: usize| grid.costs[[row + up, column + right]];
    let corners = [cost(0, 0), cost(0, 1), cost(1, 1), cost(1, 0)];
    if corners.iter().any(|cost| !cost.is_finite()) {
        return [None, None];
    }
    let edge = |up: usize, right: usize, across: bool| Edge {
        row: row + up,
        column: column + right,
        across,
    };
    let [bottom, right] = [edge(0, 0, true), edge(0, 1, false)];
    let [top, left] = [edge(1, 0, true), edge(0, 0, false)];
    // Which corners lie above the level, from the lower left one against the clock.
    let above = corners.map(|cost| cost > level);
    match above {
        [a, b, c, d] if a == b && b == c && c == d => [None, None],
        [a, b, c, d] if a == c && b == d => {
            // A saddle: the middle of the square says which corners belong together.
            let middle = corners.iter().map(|cost| log_cost(*cost)).sum::<f32>() / 4.0;
            if (middle > log_cost(level)) == a {
                [Some([bottom, right]), Some([top, left])]
            } else {
                [Some([bottom, left]), Some([top, right])]
            }
        }
        [a, b, c, d] => {
            let crossed = [
                (bottom, a != b),
                (right, b != c),
                (top, c != d),
                (left, d != a),
            ];
            let mut crossed = crossed.iter().filter(|(_, is)| *is).map(|(edge, _)| *edge);
            match (crossed.next(), crossed.next()) {
                (Some(from), Some(to)) => [Some([from, to]), None],
                _ => [None, None],
            }
        }
    }
}

/// Where the level crosses an edge, in parts of the map; in between the logarithm of the cost is taken as straight.
fn crossing(grid: &Grid, level: f32, edge: Edge) -> [f32; 2] {
    let Edge {
        row,
        column,
        across,
    } = edge;
    let (up, right) = if across { (0, 1) } else { (1, 0) };
    let from = log_cost(grid.costs[[row, column]]);
    let to = log_cost(grid.costs[[row + up, column + right]]);
    let share = ((log_cost(level) - from) / (to - from)).clamp(0.0, 1.0);
    let last = (grid.side() - 1) as f32;
    [
        (column as f32 + share * right as f32) / last,
        (row as f32 + share * up as f32) / last,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::surface::Frame;
    use ndarray::Array2;

    fn grid(side: usize, cost: impl Fn(f32, f32) -> f32) -> Grid {
        let last = (side - 1) as f32;
        let frame = Frame {
            center: [0.0; 2],
            half: 1.0,
        };
        let costs = Array2::from_shape_fn((side, side), |(row, column)| {
            cost(
                2.0 * column as f32 / last - 1.0,
                2.0 * row as f32 / last - 1.0,
            )
        });
        Grid::new(frame, costs)
    }

    #[test]
    fn a_round_bowl_has_one_closed_circle_of_the_right_radius() {
        let bowl = grid(65, |x, y| 0.1 + x * x + y * y);
        for level in [0.2, 0.5, 0.9] {
            let lines = contour_lines(&bowl, level);
            assert_eq!(lines.len(), 1, "{level}");
            let line = &lines[0];
            assert_eq!(line.first(), line.last());
            let radius = (level - 0.1_f32).sqrt();
            for [x, y] in line {
                let found = (2.0 * x - 1.0).hypot(2.0 * y - 1.0);
                assert!((found - radius).abs() < 2e-3, "{level}: {found} {radius}");
            }
        }
    }

    #[test]
    fn a_circle_larger_than_the_map_is_cut_into_four_open_arcs() {
        let bowl = grid(33, |x, y| 0.1 + x * x + y * y);
        let lines = contour_lines(&bowl, 1.5);
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.first() != line.last()));
    }

    #[test]
    fn two_valleys_have_a_ring_each_below_the_pass_and_one_around_both_above() {
        let valleys = grid(65, |x, y| {
            let to = |center: f32| (x - center).powi(2) + y * y;
            0.05 + to(-0.4).min(to(0.4))
        });
        // The pass between them is at 0.05 + 0.16.
        assert_eq!(contour_lines(&valleys, 0.15).len(), 2);
        assert_eq!(contour_lines(&valleys, 0.26).len(), 1);
    }

    #[test]
    fn a_saddle_is_cut_twice_and_the_lines_do_not_cross() {
        let saddle = grid(2, |x, y| 1.0 + 0.5 * x * y);
        let lines = contour_lines(&saddle, 1.0);
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn squares_with_a_cost_that_is_no_number_are_left_out() {
        let mut bowl = grid(17, |x, y| 0.1 + x * x + y * y);
        bowl.costs[[8, 12]] = f32::NAN;
        let lines = contour_lines(&bowl, 0.35);
        assert_eq!(lines.len(), 1);
        assert_ne!(lines[0].first(), lines[0].last());
    }

    #[test]
    fn levels_are_round_and_neither_few_nor_many() {
        for (lowest, highest) in [
            (0.03, 9.0),
            (2.25, 2.37),
            (0.2, 2.3),
            (1e-5, 400.0),
            (0.9, 3.0),
        ] {
            let levels = contour_levels(lowest, highest);
            assert!(
                (4..=14).contains(&levels.len()),
                "{lowest} {highest}: {levels:?}"
            );
            assert!(
                levels
                    .iter()
                    .all(|level| lowest < *level && *level < highest)
            );
            assert!(levels.is_sorted());
        }
        assert!(contour_levels(1.0, 1.0).is_empty());
        assert!(contour_levels(f32::NAN, f32::NAN).is_empty());
    }
}
