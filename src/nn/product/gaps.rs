//! The terms of a sum that are not 0: each row of `L` passes over the others.
//!
//! A part of `R` that fits into the first cache is copied there, row by row and without what no row of `L` asks for;
//! all rows of `L` go over it before the next part comes. Meanwhile the sums stand beside it: `C` is written once, when
//! they are done, for another thread may be writing the columns beside, with which its lines of the cache are shared.

use super::{Left, Product, Right, Rows, add, load};
use pulp::Simd;
use std::mem::offset_of;
use std::ops::Range;

/// Terms of the sums that are added in one go: bits of a [`Terms`].
const TERMS: usize = 64;
/// So many of them are looked for in one go, as bits of a number as wide as those that are looked at.
const HALF: usize = TERMS / 2;
/// Columns of a strip at most: eight vectors of sixteen. With [`TERMS`] rows they take 32 KiB.
const COLUMNS: usize = 128;
/// Rows that go over a part of `R` at most.
const BAND: usize = 128;
/// Columns, and terms of them, that are copied together from a factor that is transposed.
const BLOCK: usize = 8;

/// Which of [`TERMS`] terms there are, the first in the lowest bit.
type Terms = u64;

/// What a product needs beside its factors, kept for the next one. `C` keeps the fields in this order, so that vectors
/// begin where lines of the cache do: loading one that lies across two takes twice as long.
#[repr(C, align(64))]
pub(super) struct Desk {
    /// A part of `R`: [`TERMS`] rows of a strip, one behind the other. What is not wanted there is what stood there
    /// before.
    part: [f32; TERMS * COLUMNS],
    /// The sums of a strip of [`BAND`] rows, as far as they have come, one row behind the other.
    sums: [f32; BAND * COLUMNS],
    /// Which terms each row wants, for one part of `R` after the other.
    wanted: Vec<[Terms; BAND]>,
}

const _: () = {
    assert!(offset_of!(Desk, part).is_multiple_of(align_of::<Desk>()));
    assert!(offset_of!(Desk, sums).is_multiple_of(align_of::<Desk>()));
};

/// Some columns of some rows of `C`.
struct Strip {
    rows: Range<usize>,
    columns: Range<usize>,
}

/// A part of the terms of all sums.
#[derive(Clone, Copy)]
struct Stage {
    /// The first of them.
    from: usize,
    /// None come after.
    last: bool,
}

impl Product<'_> {
    /// `C = scale · L·R`
    #[inline(always)]
    pub(super) fn over_gaps<S: Simd>(&mut self, simd: S, desk: &mut Desk) {
        if self.inner == 0 && !self.goes_on {
            (0..self.c.rows).for_each(|row| self.c.row_mut(row).fill(0.0));
        }
        let widest = 8 * S::F32_LANES;
        for top in (0..self.c.rows).step_by(BAND) {
            let rows = top..(top + BAND).min(self.c.rows);
            self.find_terms(rows.clone(), &mut desk.wanted);
            for first in (0..self.c.columns).step_by(widest) {
                let columns = first..(first + widest).min(self.c.columns);
                let vectors = columns.len().div_ceil(S::F32_LANES);
                let strip = Strip {
                    rows: rows.clone(),
                    columns,
                };
                match vectors {
                    0..=2 => self.sum_strip::<S, 2>(simd, strip, desk),
                    3..=4 => self.sum_strip::<S, 4>(simd, strip, desk),
                    _ => self.sum_strip::<S, 8>(simd, strip, desk),
                }
            }
        }
    }

    /// Finds for each of `rows` the terms that are not 0, in the order in which the factor lies in memory: it may have
    /// to come from another core.
    #[inline(always)]
    fn find_terms(&self, rows: Range<usize>, wanted: &mut Vec<[Terms; BAND]>) {
        wanted.clear();
        wanted.resize(self.inner.div_ceil(TERMS), [0; BAND]);
        match self.left {
            Left::Rows(a) => {
                for (place, row) in rows.enumerate() {
                    let x = a.at(row, 0)[..self.inner].chunks(TERMS);
                    for (x, wanted) in x.zip(&mut *wanted) {
                        let mut bits = [0; TERMS];
                        for (bits, x) in bits.iter_mut().zip(x) {
                            *bits = x.to_bits();
                        }
                        wanted[place] = not_zero(&bits);
                    }
                }
            }
            Left::Columns(a) => {
                for first in (0..self.inner).step_by(HALF) {
                    let mut halves = [0; BAND];
                    for k in first..(first + HALF).min(self.inner) {
                        let x = &a.at(k, rows.start)[..rows.len()];
                        let term = 1_u32 << (k - first);
                        for (half, x) in halves.iter_mut().zip(x) {
                            *half |= if x.to_bits() == 0 { 0 } else { term };
                        }
                    }
                    for (wanted, half) in wanted[first / TERMS].iter_mut().zip(halves) {
                        *wanted |= Terms::from(half) << (first % TERMS);
                    }
                }
            }
        }
    }

    /// A strip that fills up to `VECTORS` vectors.
    #[inline(always)]
    fn sum_strip<S: Simd, const VECTORS: usize>(&mut self, simd: S, strip: Strip, desk: &mut Desk) {
        let Desk { part, sums, wanted } = desk;
        let stride = stride::<S, VECTORS>();
        let Strip { rows, columns } = strip;
        for (from, of_rows) in (0..self.inner).step_by(TERMS).zip(&*wanted) {
            let terms = from..(from + TERMS).min(self.inner);
            let any = of_rows.iter().fold(0, |any, terms| any | terms);
            copy(
                self.right,
                terms.clone(),
                any,
                columns.clone(),
                stride,
                part,
            );
            let stage = Stage {
                from,
                last: terms.end == self.inner,
            };
            for ((row, &terms), sums) in
                rows.clone().zip(of_rows).zip(sums.chunks_exact_mut(stride))
            {
                let place = (row, columns.clone());
                self.add_terms::<S, VECTORS>(simd, place, terms, part, stage, sums);
            }
        }
    }

    /// Adds `terms` to the `sums` of a row, which go to `C` with the last of them.
    #[inline(always)]
    fn add_terms<S: Simd, const VECTORS: usize>(
        &mut self,
        simd: S,
        (row, columns): (usize, Range<usize>),
        terms: Terms,
        part: &[f32; TERMS * COLUMNS],
        stage: Stage,
        sums: &mut [f32],
    ) {
        let stride = stride::<S, VECTORS>();
        let mut registers = [[simd.splat_f32s(0.0); VECTORS]];
        if self.goes_on && stage.from == 0 {
            let c = &self.c.row_mut(row)[columns.clone()];
            sums[..c.len()].copy_from_slice(c);
        }
        if self.goes_on || stage.from > 0 {
            registers = [load(simd, sums)];
        }
        match self.left {
            Left::Rows(a) => {
                let x = &a.at(row, 0)[stage.from..self.inner];
                each(terms, |k| {
                    add(
                        simd,
                        &mut registers,
                        [&x[k]],
                        load(simd, &part[k * stride..]),
                    );
                });
            }
            Left::Columns(a) => each(terms, |k| {
                let x = &a.at(stage.from + k, row)[0];
                add(simd, &mut registers, [x], load(simd, &part[k * stride..]));
            }),
        }
        let [registers] = registers;
        if !stage.last {
            return store::<S, VECTORS>(sums, registers);
        }
        let scale = simd.splat_f32s(self.scale);
        let scaled = registers.map(|sum| simd.mul_f32s(scale, sum));
        let c = &mut self.c.row_mut(row)[columns];
        if c.len() == VECTORS * S::F32_LANES {
            store::<S, VECTORS>(c, scaled);
        } else {
            store::<S, VECTORS>(sums, scaled);
            c.copy_from_slice(&sums[..c.len()]);
        }
    }
}

impl Desk {
    /// Whether a whole right factor `[inner, columns]` can lie on the desk.
    pub(super) fn has_room_for(inner: usize, columns: usize) -> bool {
        inner <= TERMS && columns <= COLUMNS
    }

    /// The factor `right` `[inner, columns]`, for which there [is room](Self::has_room_for), row by row.
    pub(super) fn turned(&mut self, right: Right<'_>, inner: usize, columns: usize) -> Rows<'_> {
        let stride = columns.next_multiple_of(BLOCK);
        let part = &mut self.part;
        copy(right, 0..inner, Terms::MAX, 0..columns, stride, part);
        Rows {
            values: part,
            stride,
        }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            part: [0.0; TERMS * COLUMNS],
            sums: [0.0; BAND * COLUMNS],
            wanted: Vec::new(),
        }
    }
}

/// Numbers from one row of a strip of so many vectors to the next.
#[inline(always)]
fn stride<S: Simd, const VECTORS: usize>() -> usize {
    (VECTORS * S::F32_LANES).max(BLOCK)
}

/// Copies the rows `terms` of `right`, those that are `wanted`, in these columns.
#[inline(always)]
fn copy(
    right: Right<'_>,
    terms: Range<usize>,
    wanted: Terms,
    columns: Range<usize>,
    stride: usize,
    part: &mut [f32; TERMS * COLUMNS],
) {
    match right {
        Right::Rows(b) => each(wanted, |k| {
            let row = b.at(terms.start + k, columns.start);
            let part = &mut part[k * stride..][..stride];
            // A length that the compiler knows takes no call; what it has too much is never looked at.
            match row.split_at_checked(stride) {
                Some((row, _)) => part.copy_from_slice(row),
                None => part[..columns.len()].copy_from_slice(&row[..columns.len()]),
            }
        }),
        Right::Columns(b) => {
            // Square by square: what lies side by side is read together, and written together.
            let blocks = columns.clone().step_by(BLOCK);
            for (block, first) in blocks.enumerate().take(stride / BLOCK) {
                let from: [_; BLOCK] = std::array::from_fn(|place| {
                    let column = (first + place).min(columns.end - 1);
                    b.at(column, terms.start)[..terms.len()].as_chunks::<BLOCK>()
                });
                let whole = terms.len() / BLOCK;
                let mut rows = part.chunks_exact_mut(stride);
                for at in 0..whole {
                    let square = from.map(|(whole, _)| &whole[at]);
                    for (k, row) in rows.by_ref().take(BLOCK).enumerate() {
                        row.as_chunks_mut().0[block] = square.map(|column| column[k]);
                    }
                }
                for (k, row) in rows.take(terms.len() % BLOCK).enumerate() {
                    row.as_chunks_mut().0[block] = from.map(|(_, rest)| rest[k]);
                }
            }
        }
    }
}

/// Calls `f` with the place of each term.
#[inline(always)]
fn each(mut terms: Terms, mut f: impl FnMut(usize)) {
    while terms != 0 {
        f(terms.trailing_zeros() as usize % TERMS);
        terms &= terms - 1;
    }
}

#[inline(always)]
fn store<S: Simd, const VECTORS: usize>(values: &mut [f32], vectors: [S::f32s; VECTORS]) {
    let places = S::as_mut_simd_f32s(values).0;
    for (place, vector) in places.iter_mut().zip(vectors) {
        *place = vector;
    }
}

/// Which of them are not 0.
#[inline(always)]
fn not_zero(bits: &[u32; TERMS]) -> Terms {
    let flags = bits.map(|bits| u8::from(bits != 0));
    let mut terms = 0;
    for (byte, flags) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Eight bytes of 0 or 1 become the eight bits of the highest byte of the product.
        let bits = u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        terms |= bits << (8 * byte);
    }
    terms
}
