use super::layout::{Column, UnitId};
use crate::nn::{Network, Trace};
use ndarray::ArrayView2;

/// A connection worth painting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    pub from: UnitId,
    pub to: usize,
    /// `w·a`, or `w` alone while nothing is drawn.
    pub strength: f32,
    /// The size of `strength` against the strongest one painted between the same layers, 0..=1.
    pub relative: f32,
}

/// Edges painted at once, shared among the layers, so that painting stays smooth for any network.
pub const MOST_EDGES: usize = 200;

/// The strongest connections among the units that are shown, layer by layer.
pub fn strongest_overall(
    network: &Network,
    trace: Option<&Trace>,
    columns: &[Column],
) -> Vec<Edge> {
    let share = MOST_EDGES / network.layers().len().max(1);
    let mut edges = Vec::with_capacity(MOST_EDGES);
    for layer in 0..network.layers().len() {
        edges.extend(between(network, trace, columns, layer, share, |_, _| true));
    }
    edges
}

/// The strongest connections into and out of one unit.
pub fn strongest_of(
    network: &Network,
    trace: Option<&Trace>,
    columns: &[Column],
    id: UnitId,
) -> Vec<Edge> {
    let share = MOST_EDGES / 2;
    let mut edges = Vec::new();
    if let Some(before) = id.layer.checked_sub(1) {
        let into = |_, to| to == id.unit;
        edges.extend(between(network, trace, columns, before, share, into));
    }
    if id.layer < network.layers().len() {
        let out_of = |from, _| from == id.unit;
        edges.extend(between(network, trace, columns, id.layer, share, out_of));
    }
    edges
}

/// The `count` strongest of the wanted connections from `layer` to the next, strongest first.
fn between(
    network: &Network,
    trace: Option<&Trace>,
    columns: &[Column],
    layer: usize,
    count: usize,
    wanted: impl Fn(usize, usize) -> bool,
) -> Vec<Edge> {
    let (Some(weights), Some(left), Some(right)) = (
        network.layers().get(layer),
        columns.get(layer),
        columns.get(layer + 1),
    ) else {
        return Vec::new();
    };
    let activations = trace.and_then(|trace| trace.activations.get(layer));
    let activation = |from: usize| activations.map_or(1.0, |a| a[[0, from]]);
    let is_shown = |column: &Column| -> Vec<bool> {
        (0..column.total)
            .map(|unit| {
                column
                    .shown_of_more()
                    .is_none_or(|shown| shown.binary_search(&unit).is_ok())
            })
            .collect()
    };
    let (from_shown, to_shown) = (is_shown(left), is_shown(right));
    let strongest = strongest(weights.weights.view(), activation, count, |from, to| {
        from_shown[from] && to_shown[to] && wanted(from, to)
    });
    let most = strongest.first().map_or(0.0, |edge| edge.2.abs());
    strongest
        .into_iter()
        .map(|(from, to, strength)| Edge {
            from: UnitId { layer, unit: from },
            to,
            strength,
            relative: strength.abs() / most,
        })
        .collect()
}

/// The `count` largest `|w·a|` of a layer as `(from, to, w·a)`, largest first; zeros and NaN never count.
pub fn strongest(
    weights: ArrayView2<'_, f32>,
    activation: impl Fn(usize) -> f32,
    count: usize,
    wanted: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize, f32)> {
    let larger_first = |one: &(usize, usize, f32), other: &(usize, usize, f32)| {
        other.2.abs().total_cmp(&one.2.abs())
    };
    // Candidates are gathered in a buffer that is cut back to `count` when it is full: each cut raises the
    // threshold, so that soon nearly every weight is passed over with one comparison.
    let room = 4 * count.max(1);
    let mut candidates = Vec::with_capacity(room);
    let mut threshold = 0.0;
    for (from, row) in weights.rows().into_iter().enumerate() {
        let a = activation(from);
        if a == 0.0 {
            continue;
        }
        for (to, w) in row.iter().enumerate() {
            let strength = w * a;
            if strength.abs() > threshold && wanted(from, to) {
                candidates.push((from, to, strength));
                if candidates.len() == room {
                    let (_, last, _) =
                        candidates.select_nth_unstable_by(count.max(1) - 1, larger_first);
                    threshold = last.2.abs();
                    candidates.truncate(count);
                }
            }
        }
    }
    candidates.sort_by(larger_first);
    candidates.truncate(count);
    candidates
}

#[cfg(test)]
mod tests {
    use super::strongest;
    use ndarray::{Array2, array};

    #[test]
    fn the_strongest_come_first_with_their_sign() {
        let weights = array![[0.5, -3.0], [1.0, 2.0], [9.0, 9.0]];
        let activations = [1.0, 2.0, 0.0];
        let edges = strongest(weights.view(), |from| activations[from], 3, |_, _| true);
        assert_eq!(edges, [(1, 1, 4.0), (0, 1, -3.0), (1, 0, 2.0)]);
    }

    #[test]
    fn cutting_the_buffer_back_loses_no_strong_edge() {
        let weights = Array2::from_shape_fn((50, 40), |(i, j)| ((i * 40 + j) as f32 * 1.7).sin());
        let edges = strongest(weights.view(), |_| 1.0, 7, |_, _| true);
        let mut sizes: Vec<f32> = weights.iter().map(|w| w.abs()).collect();
        sizes.sort_by(|one, other| other.total_cmp(one));
        let found: Vec<f32> = edges.iter().map(|edge| edge.2.abs()).collect();
        assert_eq!(found, sizes[..7]);
    }

    #[test]
    fn only_wanted_edges_count() {
        let weights = array![[5.0, 1.0], [4.0, 2.0]];
        let edges = strongest(weights.view(), |_| 1.0, 10, |_, to| to == 1);
        assert_eq!(edges, [(1, 1, 2.0), (0, 1, 1.0)]);
    }

    #[test]
    fn zeros_and_nan_are_no_edges() {
        let weights = array![[0.0, f32::NAN]];
        assert!(strongest(weights.view(), |_| 1.0, 5, |_, _| true).is_empty());
    }
}
