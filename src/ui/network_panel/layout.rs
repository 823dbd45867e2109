use crate::ink::SIDE;
use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// A unit of the network: the layer counted from 0 (the input), the unit within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnitId {
    pub layer: usize,
    pub unit: usize,
}

/// Where the units of one layer are on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub total: usize,
    pub rect: Rect,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The 28×28 input as a picture, one cell a unit.
    Picture,
    /// A grid of discs, filled column by column.
    Units {
        /// The units that are shown, in order; all of them unless the layer is too large.
        shown: Vec<usize>,
        rows: usize,
        pitch: f32,
        radius: f32,
    },
}

/// Room beside the last layer for digits and values.
pub const OUTPUT_LABELS: f32 = 66.0;
/// A single column is kept down to this distance of its units.
const SINGLE_COLUMN_PITCH: f32 = 13.0;
const SMALLEST_PITCH: f32 = 9.0;

/// Lays the layers of `sizes` units out in `area`, from left to right, each centred on its height.
pub fn lay_out(area: Rect, sizes: &[usize]) -> Vec<Column> {
    let gaps = sizes.len().saturating_sub(1).max(1) as f32;
    let picture_side = (area.height() * 0.6)
        .min(area.width() * 0.24)
        .clamp(28.0, 230.0);
    let picture = sizes.first() == Some(&(SIDE * SIDE));
    let first_width = if picture { picture_side } else { 0.0 };
    let smallest_gap = (area.width() / (4.0 * gaps)).clamp(10.0, 90.0);
    let budget = (area.width() - first_width - OUTPUT_LABELS - gaps * smallest_gap) / gaps;

    let mut columns: Vec<Column> = sizes
        .iter()
        .enumerate()
        .map(|(layer, &total)| {
            if layer == 0 && picture {
                Column {
                    total,
                    rect: Rect::from_min_size(area.min, Vec2::splat(picture_side)),
                    kind: Kind::Picture,
                }
            } else {
                grid(area, total, budget)
            }
        })
        .collect();

    let widths: f32 = columns.iter().map(|column| column.rect.width()).sum();
    let gap = ((area.width() - OUTPUT_LABELS - widths) / gaps).max(4.0);
    let mut left = area.left();
    for column in &mut columns {
        let size = column.rect.size();
        let top = area.center().y - size.y / 2.0;
        column.rect = Rect::from_min_size(pos2(left, top), size);
        left += size.x + gap;
    }
    columns
}

/// `places` of `total` things at even distances, the first included.
pub fn sample(total: usize, places: usize) -> Vec<usize> {
    if places >= total {
        (0..total).collect()
    } else {
        (0..places).map(|place| place * total / places).collect()
    }
}

impl Column {
    /// The centre of a unit, if it is shown.
    pub fn position(&self, unit: usize) -> Option<Pos2> {
        match &self.kind {
            Kind::Picture => (unit < self.total).then(|| {
                let cell = self.rect.width() / SIDE as f32;
                let place = vec2((unit % SIDE) as f32 + 0.5, (unit / SIDE) as f32 + 0.5);
                self.rect.min + place * cell
            }),
            Kind::Units {
                shown, rows, pitch, ..
            } => {
                let place = shown.binary_search(&unit).ok()?;
                let cell = vec2((place / rows) as f32 + 0.5, (place % rows) as f32 + 0.5);
                Some(self.rect.min + cell * *pitch)
            }
        }
    }

    /// The unit at a place on the screen.
    pub fn unit_at(&self, place: Pos2) -> Option<usize> {
        if !self.rect.contains(place) {
            return None;
        }
        let within = place - self.rect.min;
        match &self.kind {
            Kind::Picture => {
                let cell = self.rect.width() / SIDE as f32;
                let column = ((within.x / cell) as usize).min(SIDE - 1);
                let row = ((within.y / cell) as usize).min(SIDE - 1);
                Some(row * SIDE + column)
            }
            Kind::Units {
                shown, rows, pitch, ..
            } => {
                let row = ((within.y / pitch) as usize).min(rows - 1);
                let column = (within.x / pitch) as usize;
                shown.get(column * rows + row).copied()
            }
        }
    }

    /// Of the discs; 0 where there are none.
    pub fn radius(&self) -> f32 {
        match &self.kind {
            Kind::Picture => 0.0,
            Kind::Units { radius, .. } => *radius,
        }
    }

    /// Where the edges of a unit begin on its right (`side` = 1) or end on its left (−1).
    pub fn port(&self, unit: usize, side: f32) -> Option<Pos2> {
        self.position(unit)
            .map(|centre| centre + vec2(side * self.radius(), 0.0))
    }

    /// The units that are shown, or `None` when all are.
    pub fn shown_of_more(&self) -> Option<&[usize]> {
        match &self.kind {
            Kind::Units { shown, .. } if shown.len() < self.total => Some(shown),
            _ => None,
        }
    }

    /// The unit `down` places below and `across` sub-columns to the right, if that is in this layer.
    pub fn neighbour(&self, unit: usize, down: isize, across: isize) -> Option<usize> {
        let Kind::Units { shown, rows, .. } = &self.kind else {
            return None;
        };
        let place = shown.binary_search(&unit).ok()? as isize;
        let target = place + down + across * *rows as isize;
        shown.get(usize::try_from(target).ok()?).copied()
    }

    /// The shown unit nearest to the height `y`, at the left end or the right one.
    pub fn nearest(&self, y: f32, from_right: bool) -> Option<usize> {
        let Kind::Units { shown, rows, .. } = &self.kind else {
            return None;
        };
        let columns = shown.len().div_ceil(*rows);
        let column = if from_right {
            columns.saturating_sub(1)
        } else {
            0
        };
        shown
            .iter()
            .skip(column * rows)
            .take(*rows)
            .copied()
            .min_by(|&one, &other| {
                let distance = |unit| self.position(unit).map_or(f32::MAX, |at| (at.y - y).abs());
                distance(one).total_cmp(&distance(other))
            })
    }
}

/// The grid for `total` units with the largest distance that fits the height and the width `budget`; as many as
/// fit at the smallest distance where not all do.
fn grid(area: Rect, total: usize, budget: f32) -> Column {
    let height = area.height().max(SMALLEST_PITCH);
    let fits = |pitch: f32| ((height / pitch) as usize).max(1);
    let largest = (height / 14.0).clamp(26.0, 44.0);
    let single = (height / total.max(1) as f32).min(largest);
    let (pitch, places) = if single >= SINGLE_COLUMN_PITCH {
        (single, total)
    } else {
        let mut pitch = largest;
        while pitch > SMALLEST_PITCH && total.div_ceil(fits(pitch)) as f32 * pitch > budget {
            pitch -= 1.0;
        }
        let columns = ((budget / pitch) as usize).max(1);
        (pitch, total.min(columns * fits(pitch)))
    };
    let columns = places
        .div_ceil(((height / pitch + 1e-3) as usize).max(1))
        .max(1);
    let rows = places.div_ceil(columns).max(1);
    let size = vec2(columns as f32, rows as f32) * pitch;
    Column {
        total,
        rect: Rect::from_min_size(area.min, size),
        kind: Kind::Units {
            shown: sample(total, places),
            rows,
            pitch,
            radius: (pitch * 0.5 - 1.5).min(pitch * 0.38).max(3.0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Kind, OUTPUT_LABELS, lay_out, sample};
    use egui::{Rect, pos2, vec2};

    fn area(width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(30.0, 50.0), vec2(width, height))
    }

    fn shown(column: &Column) -> usize {
        match &column.kind {
            Kind::Picture => column.total,
            Kind::Units { shown, .. } => shown.len(),
        }
    }

    const NETWORKS: [&[usize]; 6] = [
        &[784, 30, 10],
        &[784, 16, 16, 10],
        &[784, 128, 64, 10],
        &[784, 1000, 500, 10],
        &[784, 64, 64, 64, 64, 64, 10],
        &[784, 10],
    ];

    #[test]
    fn layers_stay_inside_and_apart() {
        for sizes in NETWORKS {
            for (width, height) in [(500.0, 320.0), (1080.0, 640.0)] {
                let area = area(width, height);
                let columns = lay_out(area, sizes);
                assert_eq!(columns.len(), sizes.len());
                for column in &columns {
                    assert!(area.expand(0.5).contains_rect(column.rect), "{sizes:?}");
                }
                for pair in columns.windows(2) {
                    assert!(pair[0].rect.right() + 4.0 <= pair[1].rect.left());
                }
                let last = columns.last().map_or(0.0, |column| column.rect.right());
                assert!(last <= area.right() - OUTPUT_LABELS + 0.5);
            }
        }
    }

    #[test]
    fn all_units_of_a_common_network_are_shown() {
        let columns = lay_out(area(500.0, 320.0), &[784, 128, 64, 10]);
        assert!(columns.iter().all(|column| shown(column) == column.total));
        assert_eq!(columns[1].shown_of_more(), None);
    }

    #[test]
    fn a_layer_that_is_too_large_is_sampled_evenly() {
        let columns = lay_out(area(500.0, 320.0), &[784, 1000, 500, 10]);
        let units = columns[1].shown_of_more().unwrap();
        assert!(units.len() >= 100 && units.len() < 1000);
        assert!(units.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(*units.last().unwrap() > 950);
    }

    #[test]
    fn every_shown_unit_is_found_where_it_is() {
        for sizes in NETWORKS {
            for column in lay_out(area(760.0, 400.0), sizes) {
                let mut found = 0;
                for unit in 0..column.total {
                    if let Some(place) = column.position(unit) {
                        assert_eq!(column.unit_at(place), Some(unit));
                        found += 1;
                    }
                }
                assert_eq!(found, shown(&column));
            }
        }
    }

    #[test]
    fn outside_of_a_layer_there_is_no_unit() {
        let columns = lay_out(area(500.0, 320.0), &[784, 16, 10]);
        assert_eq!(columns[1].unit_at(pos2(0.0, 0.0)), None);
        assert_eq!(columns[1].position(16), None);
        assert_eq!(columns[0].position(784), None);
    }

    #[test]
    fn neighbours_are_below_and_beside() {
        let columns = lay_out(area(500.0, 320.0), &[784, 128, 10]);
        let Kind::Units { rows, .. } = &columns[1].kind else {
            panic!("a grid");
        };
        assert_eq!(columns[1].neighbour(0, 1, 0), Some(1));
        assert_eq!(columns[1].neighbour(0, -1, 0), None);
        assert_eq!(columns[1].neighbour(0, 0, 1), Some(*rows));
        assert_eq!(columns[1].neighbour(127, 0, 1), None);
        assert_eq!(columns[2].nearest(-1e4, false), Some(0));
        assert_eq!(columns[2].nearest(1e4, true), Some(9));
    }

    #[test]
    fn a_sample_begins_at_the_first_and_keeps_the_order() {
        assert_eq!(sample(3, 5), [0, 1, 2]);
        assert_eq!(sample(10, 5), [0, 2, 4, 6, 8]);
        assert_eq!(sample(0, 5), [0; 0]);
    }
}
