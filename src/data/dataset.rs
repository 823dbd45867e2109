use super::error::DataError;
use super::{Augmentation, DataSource};
use crate::ink::{Cells, SIDE, unit, units};
use ndarray::{ArrayViewMut1, ArrayViewMut2};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of one image.
pub(super) const IMAGE_BYTES: usize = SIDE * SIDE;

/// Memory comes in pieces of so many bytes.
const LINE_BYTES: usize = 64;

/// The most examples one data set may hold: 784 MB of images, and every index fits in a `u32`.
pub(super) const MAX_EXAMPLES: usize = 1_000_000;

/// Labelled digits, kept as bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// 784 bytes an example.
    images: Vec<u8>,
    labels: Vec<u8>,
    /// The hand of each example, or empty where they are not all known.
    writers: Vec<u32>,
}

/// Some examples of a data set, in an order; a view, which never copies an image.
#[derive(Clone, Debug)]
pub struct Examples {
    data: Arc<Dataset>,
    indices: Arc<[u32]>,
}

/// Three sets that share no example: one to learn from, one to watch and choose by, one to be judged by once.
#[derive(Clone, Debug)]
pub struct DataSets {
    pub source: DataSource,
    /// "MNIST", "Practice digits", a folder's name.
    pub name: String,
    pub train: Examples,
    pub validation: Examples,
    pub test: Examples,
    /// What a person should know about the reading: "400 pictures of 50×50 were fitted to 28×28".
    pub notes: Vec<String>,
}

impl DataSets {
    /// All examples of the three sets, each once, in the order of the file where they are of one.
    pub fn all(&self) -> Result<Examples, DataError> {
        let sets = [&self.train, &self.validation, &self.test].map(Examples::clone);
        let all = Examples::chained(&Examples::sharing(&sets)?);
        let mut indices = all.indices.to_vec();
        indices.sort_unstable();
        indices.dedup();
        Ok(all.view(indices))
    }
}

impl Dataset {
    pub(super) const EMPTY: Self = Self {
        images: Vec::new(),
        labels: Vec::new(),
        writers: Vec::new(),
    };

    /// `images` holds 784 bytes for each label, every label is 0..=9, and there are at most a million; `None`
    /// otherwise.
    pub fn new(images: Vec<u8>, labels: Vec<u8>) -> Option<Self> {
        let fits = images.len() == labels.len() * IMAGE_BYTES && labels.len() <= MAX_EXAMPLES;
        (fits && labels.iter().all(|&label| label <= 9)).then_some(Self {
            images,
            labels,
            writers: Vec::new(),
        })
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Adds one example, whose label the reader has checked to be 0..=9.
    pub(super) fn push(&mut self, cells: &Cells, label: u8) {
        self.images.extend_from_slice(&cells.0);
        self.labels.push(label);
    }

    /// Names the hand of every example; a list of another length is ignored.
    pub(super) fn set_writers(&mut self, writers: Vec<u32>) {
        if writers.len() == self.len() {
            self.writers = writers;
        }
    }
}

impl Examples {
    /// All of `data`, in its order.
    pub fn all(data: Arc<Dataset>) -> Self {
        // A data set holds at most a million examples, so no index is cut short.
        let indices = (0..data.len() as u32).collect();
        Self { data, indices }
    }

    pub fn len(&self) -> usize {
        self.indices.len()
    }

    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// 784 bytes.
    pub fn image(&self, index: usize) -> &[u8] {
        let start = self.indices[index] as usize * IMAGE_BYTES;
        &self.data.images[start..start + IMAGE_BYTES]
    }

    pub fn cells(&self, index: usize) -> Cells {
        let mut cells = Cells::BLANK;
        cells.0.copy_from_slice(self.image(index));
        cells
    }

    pub fn label(&self, index: usize) -> u8 {
        self.data.labels[self.indices[index] as usize]
    }

    /// Who wrote it, where that is known of every example.
    pub fn writer(&self, index: usize) -> Option<u32> {
        let writers = &self.data.writers;
        writers.get(self.indices[index] as usize).copied()
    }

    /// Fills one row of `x` `[positions, 784]` (values 0..=1) and of `y` `[positions, classes]` (one-hot) for each
    /// position in this set. A label that `y` has no column for leaves its row zero.
    pub fn fill_batch(
        &self,
        positions: &[u32],
        x: ArrayViewMut2<'_, f32>,
        y: ArrayViewMut2<'_, f32>,
    ) {
        self.fill_cells(positions, 0..IMAGE_BYTES, x);
        self.fill_truths(positions, y);
    }

    /// The inputs of [`fill_batch`](Self::fill_batch), those of the cells `cells`: `x` is `[positions, cells]`.
    pub(crate) fn fill_cells(
        &self,
        positions: &[u32],
        cells: Range<usize>,
        mut x: ArrayViewMut2<'_, f32>,
    ) {
        let bytes = |&position: &u32| &self.image(position as usize)[cells.clone()];
        // Pictures lie anywhere in memory: all are asked for before the first is waited for.
        for bytes in positions.iter().map(bytes) {
            black_box(
                bytes
                    .iter()
                    .step_by(LINE_BYTES)
                    .fold(0, |all, byte| all | byte),
            );
        }
        for (bytes, x) in positions.iter().map(bytes).zip(x.rows_mut()) {
            fill_inputs(bytes, x);
        }
    }

    /// The inputs of [`fill_batch`](Self::fill_batch), but `change` sees the images on their way,
    /// [`Augmentation::TOGETHER`] at a time and the rest, which is where augmentation happens.
    pub(crate) fn fill_changed(
        &self,
        positions: &[u32],
        mut x: ArrayViewMut2<'_, f32>,
        mut change: impl FnMut(&mut [Cells]),
    ) {
        let mut rows = x.rows_mut().into_iter();
        for positions in positions.chunks(Augmentation::TOGETHER) {
            let mut pictures = [Cells::BLANK; Augmentation::TOGETHER];
            let pictures = &mut pictures[..positions.len()];
            for (cells, &position) in pictures.iter_mut().zip(positions) {
                *cells = self.cells(position as usize);
            }
            change(pictures);
            for (cells, x) in pictures.iter().zip(&mut rows) {
                fill_inputs(&cells.0, x);
            }
        }
    }

    /// The truths of [`fill_batch`](Self::fill_batch).
    pub(crate) fn fill_truths(&self, positions: &[u32], mut y: ArrayViewMut2<'_, f32>) {
        y.fill(0.0);
        for (&position, mut y) in positions.iter().zip(y.rows_mut()) {
            if let Some(y) = y.get_mut(usize::from(self.label(position as usize))) {
                *y = 1.0;
            }
        }
    }

    /// The first part of a seeded shuffle, and the rest.
    pub fn split(&self, first: usize, seed: u64) -> (Self, Self) {
        let mut indices = self.indices.to_vec();
        indices.shuffle(&mut StdRng::seed_from_u64(seed));
        let rest = indices.split_off(first.min(indices.len()));
        (self.view(indices), self.view(rest))
    }

    /// Those whose place `is_wanted`, in the same order.
    pub fn filtered(&self, is_wanted: impl Fn(usize) -> bool) -> Self {
        let wanted = (0..self.len()).filter(|&index| is_wanted(index));
        self.view(wanted.map(|index| self.indices[index]).collect())
    }

    /// `count` of them: all as many times as there is room for, then a seeded part of them once more.
    pub(super) fn repeated(&self, count: usize, seed: u64) -> Self {
        let mut indices = Vec::with_capacity(count);
        while !self.is_empty() && indices.len() + self.len() <= count {
            indices.extend_from_slice(&self.indices);
        }
        let (part, _) = self.split(count - indices.len(), seed);
        indices.extend_from_slice(&part.indices);
        self.view(indices)
    }

    /// The same examples as views of a single data set, into which every image is copied once, and none where they
    /// are views of one already; an error where it would be larger than a data set may be. Writers are not kept of
    /// several data sets, as their numbers may be of different people.
    pub(super) fn sharing(parts: &[Self]) -> Result<Vec<Self>, DataError> {
        let mut data_sets: Vec<&Arc<Dataset>> = Vec::new();
        for part in parts {
            if !data_sets.iter().any(|data| Arc::ptr_eq(data, &part.data)) {
                data_sets.push(&part.data);
            }
        }
        if let [_] = data_sets[..] {
            return Ok(parts.to_vec());
        }
        let found: usize = data_sets.iter().map(|data| data.len()).sum();
        if found > MAX_EXAMPLES {
            return Err(DataError::TooMany {
                found,
                limit: MAX_EXAMPLES,
            });
        }
        let mut all = Dataset::default();
        all.images.reserve_exact(found * IMAGE_BYTES);
        let mut starts = Vec::new();
        for data in &data_sets {
            starts.push(all.len() as u32);
            all.images.extend_from_slice(&data.images);
            all.labels.extend_from_slice(&data.labels);
        }
        let all = Arc::new(all);
        let moved = |part: &Self| {
            let places = data_sets.iter().zip(&starts);
            let start = places
                .filter(|(data, _)| Arc::ptr_eq(data, &part.data))
                .map(|(_, start)| *start)
                .sum::<u32>();
            Self {
                data: Arc::clone(&all),
                indices: part.indices.iter().map(|index| start + index).collect(),
            }
        };
        Ok(parts.iter().map(moved).collect())
    }

    /// One after the other; all must be views of one data set, as [`Self::sharing`] makes them.
    pub(super) fn chained(parts: &[Self]) -> Self {
        let data = parts.first().map(|part| Arc::clone(&part.data));
        let data = data.unwrap_or_default();
        debug_assert!(parts.iter().all(|part| Arc::ptr_eq(&part.data, &data)));
        let indices = parts.iter().flat_map(|part| part.indices.iter().copied());
        Self {
            indices: indices.collect(),
            data,
        }
    }

    fn view(&self, indices: Vec<u32>) -> Self {
        Self {
            data: Arc::clone(&self.data),
            indices: indices.into(),
        }
    }

    /// How many there are of each digit.
    pub fn counts(&self) -> [usize; 10] {
        let mut counts = [0; 10];
        for &index in self.indices.iter() {
            counts[usize::from(self.data.labels[index as usize])] += 1;
        }
        counts
    }
}

/// Bytes as a row of inputs, 0..=1.
fn fill_inputs(bytes: &[u8], mut x: ArrayViewMut1<'_, f32>) {
    match x.as_slice_mut() {
        Some(x) => units(bytes, x),
        None => x
            .iter_mut()
            .zip(bytes)
            .for_each(|(x, &byte)| *x = unit(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Axis};
    use std::collections::HashSet;

    /// Example `i` is a picture full of the byte `i`, with the label `i % 10`.
    fn numbered(count: usize) -> Examples {
        let mut data = Dataset::default();
        for i in 0..count {
            data.push(&Cells([i as u8; IMAGE_BYTES]), (i % 10) as u8);
        }
        Examples::all(Arc::new(data))
    }

    #[test]
    fn lengths_that_differ_are_refused() {
        assert!(Dataset::new(vec![0; 2 * IMAGE_BYTES], vec![1, 2]).is_some());
        assert!(Dataset::new(vec![0; 2 * IMAGE_BYTES], vec![1]).is_none());
        assert!(Dataset::new(vec![0; IMAGE_BYTES], vec![10]).is_none());
    }

    #[test]
    fn a_split_loses_nothing_and_shares_nothing() {
        let all = numbered(100);
        let (first, rest) = all.split(30, 7);
        assert_eq!((first.len(), rest.len()), (30, 70));
        let both: HashSet<u8> = bytes(&first).into_iter().chain(bytes(&rest)).collect();
        assert_eq!(both.len(), 100);
        assert_eq!(bytes(&first), bytes(&all.split(30, 7).0));
        assert_ne!(bytes(&first), bytes(&all.split(30, 8).0));
        assert_eq!(all.split(1000, 7).1.len(), 0);
    }

    #[test]
    fn an_image_keeps_its_label_through_a_split() {
        let (first, rest) = numbered(200).split(50, 3);
        for part in [first, rest] {
            for i in 0..part.len() {
                assert_eq!(part.image(i)[0] % 10, part.label(i));
            }
        }
    }

    #[test]
    fn a_batch_holds_units_and_one_hot_rows() {
        let examples = numbered(256);
        let mut x = Array2::from_elem((3, IMAGE_BYTES), -1.0);
        let mut y = Array2::from_elem((3, 10), -1.0);
        examples.fill_batch(&[255, 0, 51], x.view_mut(), y.view_mut());
        for (row, value) in [(0, 1.0), (1, 0.0), (2, 0.2)] {
            assert!(x.row(row).iter().all(|&x| x == value));
        }
        for (row, label) in [(0, 5), (1, 0), (2, 1)] {
            let expected: Vec<f32> = (0..10).map(|k| f32::from(u8::from(k == label))).collect();
            assert_eq!(y.row(row).to_vec(), expected);
        }
    }

    #[test]
    fn a_batch_may_be_filled_some_cells_at_a_time() {
        let images: Vec<u8> = (0..2 * IMAGE_BYTES).map(|at| (at % 251) as u8).collect();
        let examples = Examples::all(Arc::new(Dataset::new(images, vec![3, 4]).unwrap()));
        let mut whole = Array2::zeros((2, IMAGE_BYTES));
        examples.fill_batch(&[1, 0], whole.view_mut(), Array2::zeros((2, 10)).view_mut());
        let mut parts = Array2::zeros((2, IMAGE_BYTES));
        let (left, right) = parts.view_mut().split_at(Axis(1), 400);
        examples.fill_cells(&[1, 0], 0..400, left);
        examples.fill_cells(&[1, 0], 400..IMAGE_BYTES, right);
        assert_eq!(parts, whole);
        assert_eq!(whole[[1, 7]], unit(7));
    }

    #[test]
    fn a_batch_may_be_changed_on_its_way_and_lie_in_columns() {
        let examples = numbered(10);
        let mut x = Array2::zeros((IMAGE_BYTES, 1));
        let across = x.view_mut().reversed_axes();
        examples.fill_changed(&[4], across, |cells| {
            assert_eq!(cells[0].0[0], 4);
            cells[0].0[1] = 255;
        });
        assert_eq!((x[[0, 0]], x[[1, 0]]), (unit(4), 1.0));
    }

    fn bytes(part: &Examples) -> Vec<u8> {
        (0..part.len()).map(|i| part.image(i)[0]).collect()
    }

    #[test]
    fn repeating_is_even_and_loses_nothing() {
        let three = numbered(3);
        let eight = bytes(&three.repeated(8, 1));
        assert_eq!(eight[..6], [0, 1, 2, 0, 1, 2]);
        assert_ne!(eight[6], eight[7]);
        assert_eq!(eight.len(), 8);
        assert_eq!(bytes(&three.repeated(3, 1)), [0, 1, 2]);
        assert_eq!(three.repeated(2, 1).len(), 2);
        assert!(numbered(0).repeated(5, 1).is_empty());
    }

    #[test]
    fn parts_of_several_data_sets_become_views_of_one() {
        let (a, b) = numbered(10).split(4, 1);
        let other = numbered(5);
        let parts = [a, other, b];
        let shared = Examples::sharing(&parts).unwrap();
        for (part, shared) in parts.iter().zip(&shared) {
            assert_eq!(bytes(part), bytes(shared));
            assert!((0..part.len()).all(|i| part.label(i) == shared.label(i)));
        }
        // Ten and five images: those of the first data set are there once.
        assert_eq!(shared[0].data.len(), 15);
        let chain = Examples::chained(&shared);
        let expected: Vec<u8> = parts.iter().flat_map(bytes).collect();
        assert_eq!(bytes(&chain), expected);

        let (a, b) = numbered(10).split(4, 1);
        let alone = Examples::sharing(&[a.clone(), b]).unwrap();
        assert!(Arc::ptr_eq(&alone[0].data, &a.data));
    }

    #[test]
    fn more_than_a_data_set_may_hold_is_not_put_together() {
        let many = |count: usize| Examples {
            data: Arc::new(Dataset {
                images: Vec::new(),
                labels: vec![0; count],
                writers: Vec::new(),
            }),
            indices: Arc::new([]),
        };
        assert!(Examples::sharing(&[many(MAX_EXAMPLES), many(1)]).is_err());
    }

    #[test]
    fn counts_are_those_of_the_part() {
        let (first, rest) = numbered(100).split(40, 1);
        let sum: Vec<usize> = first
            .counts()
            .iter()
            .zip(rest.counts())
            .map(|(a, b)| a + b)
            .collect();
        assert_eq!(sum, [10; 10]);
        assert_eq!(first.counts().iter().sum::<usize>(), 40);
    }
}
