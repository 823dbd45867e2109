//! Work that is cut into parts, to be done side by side.

use ndarray::{ArrayViewMut2, Axis};
use std::ops::Range;

/// Parts of the units of a layer are multiples of this: so many numbers fill the widest vector.
pub(crate) const UNITS: usize = 16;
/// Parts of the examples of a mini-batch are multiples of this: the tiles of a matrix product are as high.
pub(crate) const EXAMPLES: usize = 8;
/// Multiplications and additions below which reaching the other of a crew of two takes longer than it saves.
const WORTH_SHARING: usize = 80_000;
/// The same for a larger crew, of which another one may take the part each time and wants its numbers handed over.
const WORTH_SHARING_BY_MANY: usize = 500_000;

/// Those who carry out two pieces of work side by side. The mathematics know no threads; who trains lends them some.
pub(crate) trait Crew: Copy + Sync {
    /// How many there are.
    fn size(self) -> usize;

    fn join(self, one: impl FnOnce() + Send, other: impl FnOnce() + Send);

    /// Does `first` and `then` to each part: where there are two of the crew each does one of them, the second a part
    /// behind the first.
    fn relay<T: Send>(
        self,
        parts: impl Iterator<Item = T> + Send,
        first: impl Fn(&mut T) + Sync,
        then: impl Fn(T) + Sync,
    ) {
        for mut part in parts {
            first(&mut part);
            then(part);
        }
    }

    /// How many are worth so many multiplications and additions: all, or one where sharing does not pay.
    fn worth(self, work: usize) -> usize {
        let enough = match self.size() {
            ..=2 => WORTH_SHARING,
            _ => WORTH_SHARING_BY_MANY,
        };
        if work < enough { 1 } else { self.size() }
    }
}

/// A crew of one.
#[derive(Clone, Copy)]
pub(crate) struct Alone;

impl Crew for Alone {
    fn size(self) -> usize {
        1
    }

    fn join(self, one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
        one();
        other();
    }
}

/// Something that can be cut in two along what it counts: rows, columns, examples.
pub(crate) trait Cut: Sized + Send {
    /// The first `count`, and the others.
    fn cut(self, count: usize) -> (Self, Self);
}

/// A matrix that is cut between its rows.
pub(crate) struct ByRows<'a, S>(pub ArrayViewMut2<'a, S>);

/// A matrix that is cut between its columns.
pub(crate) struct ByColumns<'a, S>(pub ArrayViewMut2<'a, S>);

impl<S: Send> Cut for ByRows<'_, S> {
    fn cut(self, count: usize) -> (Self, Self) {
        let (upper, lower) = self.0.split_at(Axis(0), count);
        (Self(upper), Self(lower))
    }
}

impl<S: Send> Cut for ByColumns<'_, S> {
    fn cut(self, count: usize) -> (Self, Self) {
        let (left, right) = self.0.split_at(Axis(1), count);
        (Self(left), Self(right))
    }
}

impl<A: Cut, B: Cut> Cut for (A, B) {
    fn cut(self, count: usize) -> (Self, Self) {
        let (first, others) = (self.0.cut(count), self.1.cut(count));
        ((first.0, others.0), (first.1, others.1))
    }
}

/// Does `work` on the `range` that `whole` stands for, in `parts` of which the `crew` takes one each. Parts begin at
/// multiples of `grain` from the start.
pub(crate) fn share_out<C: Cut>(
    crew: impl Crew,
    parts: usize,
    grain: usize,
    range: Range<usize>,
    whole: C,
    work: &(impl Fn(Range<usize>, C) + Sync),
) {
    let half = parts / 2;
    let cut = cut(range.len(), [half, parts], grain);
    if half == 0 || cut >= range.len() {
        return work(range, whole);
    }
    let (first, others) = whole.cut(cut);
    let middle = range.start + cut;
    crew.join(
        || share_out(crew, half, grain, range.start..middle, first, work),
        || share_out(crew, parts - half, grain, middle..range.end, others, work),
    );
}

/// Where [`share_out`] cuts so many inputs of a layer between two.
pub(crate) fn half(inputs: usize) -> usize {
    cut(inputs, [1, 2], UNITS).min(inputs)
}

/// Where something so long is cut, so that one side has `some` of `parts`.
fn cut(length: usize, [some, parts]: [usize; 2], grain: usize) -> usize {
    (length * some)
        .div_ceil(parts.max(1))
        .next_multiple_of(grain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use std::sync::Mutex;

    #[test]
    fn the_half_of_the_inputs_is_where_they_are_cut() {
        for inputs in [1, 16, 17, 40, 784, 1000] {
            let seen = Mutex::new(Vec::new());
            let rows = &mut Array2::<f32>::zeros((inputs, 1));
            let whole = ByRows(rows.view_mut());
            share_out(Alone, 2, UNITS, 0..inputs, whole, &|range, _| {
                seen.lock().unwrap().push(range);
            });
            let first = seen.into_inner().unwrap()[0].clone();
            assert_eq!(first, 0..half(inputs));
        }
    }

    #[test]
    fn every_part_is_worked_on_once_with_its_range() {
        for parts in [1, 2, 3, 7] {
            for columns in [0, 1, 15, 16, 33, 100] {
                let mut marks = Array2::zeros((2, columns));
                let whole = ByColumns(marks.view_mut());
                share_out(Alone, parts, 16, 0..columns, whole, &|range, mut part| {
                    assert_eq!(part.0.ncols(), range.len());
                    assert_eq!(range.start % 16, 0);
                    for (mut column, place) in part.0.columns_mut().into_iter().zip(range) {
                        column += place as f32 + 1.0;
                    }
                });
                let right =
                    |((_, column), mark): ((usize, usize), &f32)| *mark == column as f32 + 1.0;
                assert!(marks.indexed_iter().all(right), "{parts}, {columns}");
            }
        }
    }
}
