use ndarray::Array2;
use std::ops::ControlFlow;

/// The part of a plane that a map shows: a square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub center: [f32; 2],
    /// From the centre to each edge.
    pub half: f32,
}

/// The true mean cost at the points of a square lattice over a [`Frame`], its edges included.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub frame: Frame,
    /// `[side, side]`; rows are y from the lowest up, columns x. NaN where a network's sums are no numbers.
    pub costs: Array2<f32>,
    /// `log₁₀` of them.
    logs: Array2<f32>,
}

impl Frame {
    /// The smallest square with all the points and a margin around them; `least` is half its side at least.
    pub(super) fn around(points: impl Iterator<Item = [f32; 2]>, least: f32) -> Self {
        let mut low = [f32::INFINITY; 2];
        let mut high = [f32::NEG_INFINITY; 2];
        for point in points {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        if low[0] > high[0] {
            return Self {
                center: [0.0; 2],
                half: least,
            };
        }
        let extent = (high[0] - low[0]).max(high[1] - low[1]);
        Self {
            center: [0, 1].map(|axis: usize| (low[axis] + high[axis]) / 2.0),
            half: (MARGIN * extent / 2.0).max(least),
        }
    }

    /// Where a point lies, 0..=1 from the left and from the lowest edge; beyond that outside the map.
    pub fn share_of(&self, at: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis: usize| (at[axis] - self.center[axis]) / (2.0 * self.half) + 0.5)
    }

    /// The point at these parts of the width and of the height.
    pub fn at_share(&self, share: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis: usize| self.center[axis] + (share[axis] - 0.5) * 2.0 * self.half)
    }

    pub fn contains(&self, at: [f32; 2]) -> bool {
        self.share_of(at)
            .iter()
            .all(|share| (0.0..=1.0).contains(share))
    }
}

/// A quarter of free room around the points of a path.
const MARGIN: f32 = 1.5;

impl Grid {
    /// Points on a side, from coarse to fine: each lattice holds all points of the one before.
    pub const SIDES: [usize; 4] = [9, 17, 33, 65];

    pub(super) fn new(frame: Frame, costs: Array2<f32>) -> Self {
        Self {
            frame,
            logs: costs.mapv(log_cost),
            costs,
        }
    }

    /// Points on a side.
    pub fn side(&self) -> usize {
        self.costs.nrows()
    }

    /// The coarsest grid, or one with the points of `coarser` and one between each two; `None` when stopped.
    pub(super) fn finer(
        frame: Frame,
        coarser: Option<&Self>,
        side: usize,
        cost_at: impl Fn([f32; 2]) -> f32,
        mut go_on: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Option<Self> {
        let mut costs = Array2::from_elem((side, side), f32::NAN);
        let mut found = 0;
        for row in 0..side {
            for column in 0..side {
                let known = coarser
                    .filter(|coarser| {
                        2 * coarser.side() - 1 == side && row % 2 == 0 && column % 2 == 0
                    })
                    .map(|coarser| coarser.costs[[row / 2, column / 2]]);
                costs[[row, column]] =
                    match known {
                        Some(cost) => cost,
                        None => {
                            found += 1;
                            if go_on(found).is_break() {
                                return None;
                            }
                            cost_at(frame.at_share(
                                [column, row].map(|place| place as f32 / (side - 1) as f32),
                            ))
                        }
                    };
            }
        }
        Some(Self::new(frame, costs))
    }

    /// The cost at a point between the lattice points, in equal parts of its logarithm; `None` outside the map.
    pub fn interpolated(&self, at: [f32; 2]) -> Option<f32> {
        let share = self.frame.share_of(at);
        let is_inside = share.iter().all(|share| (0.0..=1.0).contains(share));
        is_inside.then(|| 10_f32.powf(self.log_at_share(share)))
    }

    /// `log₁₀` of the cost at these parts of the width and of the height, 0..=1 (clamped).
    pub fn log_at_share(&self, share: [f32; 2]) -> f32 {
        let last = self.side() - 1;
        let [x, y] = share.map(|share| share.clamp(0.0, 1.0) * last as f32);
        let column = (x as usize).min(last - 1);
        let row = (y as usize).min(last - 1);
        let (x, y) = (x - column as f32, y - row as f32);
        let low = mix(self.logs[[row, column]], self.logs[[row, column + 1]], x);
        let high = mix(
            self.logs[[row + 1, column]],
            self.logs[[row + 1, column + 1]],
            x,
        );
        mix(low, high, y)
    }

    /// The lowest and the highest cost that is a number.
    pub fn range(&self) -> Option<[f32; 2]> {
        let mut finite = self.costs.iter().copied().filter(|cost| cost.is_finite());
        let first = finite.next()?;
        Some(finite.fold([first, first], |[low, high], cost| {
            [low.min(cost), high.max(cost)]
        }))
    }

    /// Lattice points where the cost is no number.
    pub fn damaged(&self) -> usize {
        self.costs.iter().filter(|cost| !cost.is_finite()).count()
    }
}

/// Costs below this are as good as none, and have a logarithm all the same.
const LEAST_COST: f32 = 1e-6;

/// `log₁₀` of a cost.
pub fn log_cost(cost: f32) -> f32 {
    // `max` would swallow a NaN.
    if cost < LEAST_COST {
        LEAST_COST.log10()
    } else {
        cost.log10()
    }
}

fn mix(from: f32, to: f32, share: f32) -> f32 {
    // At a lattice point its neighbour does not matter, not even when it is no number.
    if share == 0.0 {
        from
    } else {
        from + share * (to - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const FRAME: Frame = Frame {
        center: [1.0, -1.0],
        half: 2.0,
    };

    fn bowl([x, y]: [f32; 2]) -> f32 {
        0.5 + (x - 1.0).powi(2) + 2.0 * (y + 1.0).powi(2)
    }

    fn all_levels() -> (Vec<Grid>, usize) {
        let asked = Cell::new(0);
        let mut levels: Vec<Grid> = Vec::new();
        for side in Grid::SIDES {
            let cost_at = |at| {
                asked.set(asked.get() + 1);
                bowl(at)
            };
            let go_on = |_| ControlFlow::Continue(());
            levels.extend(Grid::finer(FRAME, levels.last(), side, cost_at, go_on));
        }
        (levels, asked.get())
    }

    #[test]
    fn every_level_holds_the_costs_at_its_points_and_asks_for_none_twice() {
        let (levels, asked) = all_levels();
        assert_eq!(asked, 65 * 65);
        for grid in levels {
            let last = (grid.side() - 1) as f32;
            for ((row, column), cost) in grid.costs.indexed_iter() {
                let at = FRAME.at_share([column as f32 / last, row as f32 / last]);
                assert_eq!(*cost, bowl(at));
            }
        }
    }

    #[test]
    fn edges_and_centre_of_the_frame_are_lattice_points() {
        assert_eq!(FRAME.at_share([0.0, 1.0]), [-1.0, 1.0]);
        assert_eq!(FRAME.share_of([1.0, -1.0]), [0.5, 0.5]);
        assert!(FRAME.contains([3.0, -3.0]) && !FRAME.contains([3.1, -1.0]));
        assert_eq!(all_levels().0[0].costs[[4, 4]], 0.5);
    }

    #[test]
    fn between_the_points_the_cost_is_close_to_the_true_one() {
        let grid = &all_levels().0[3];
        let lowest = grid.interpolated([1.0, -1.0]).unwrap();
        assert!((lowest - 0.5).abs() < 1e-6);
        let found = grid.interpolated([1.71, -0.13]).unwrap();
        let exact = bowl([1.71, -0.13]);
        assert!((found / exact - 1.0).abs() < 0.01, "{found} {exact}");
        assert_eq!(grid.interpolated([9.0, 0.0]), None);
    }

    #[test]
    fn a_cost_that_is_no_number_is_counted_and_left_out_of_the_range() {
        let mut grid = all_levels().0.remove(0);
        grid.costs[[0, 0]] = f32::NAN;
        assert_eq!(grid.damaged(), 1);
        let [low, high] = grid.range().unwrap();
        assert_eq!(low, 0.5);
        assert_eq!(high, bowl([3.0, 1.0]));
    }

    #[test]
    fn stopping_leaves_the_level_out() {
        let stopped = Grid::finer(FRAME, None, 9, bowl, |found| match found {
            40 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        assert_eq!(stopped, None);
    }

    #[test]
    fn a_frame_is_a_square_around_its_points() {
        let frame = Frame::around([[0.0, 1.0], [4.0, 2.0]].into_iter(), 0.1);
        assert_eq!((frame.center, frame.half), ([2.0, 1.5], 3.0));
        assert_eq!(Frame::around(std::iter::empty(), 1.0).half, 1.0);
    }
}
