use pulp::{Arch, Simd, WithSimd};

/// Cells on one side of the network's picture.
pub const SIDE: usize = 28;

/// The 28×28 grey values that a network reads, row by row; 0 is paper, 255 is full ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells(pub [u8; SIDE * SIDE]);

/// A grey picture of any size; 0 is no ink, 255 is full ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrayImage {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    pub ink: Vec<u8>,
}

/// The one place where bytes become the network's 0..=1: `byte / 255`, to the last bit, without the time of a division.
pub fn unit(byte: u8) -> f32 {
    // So much of 1/255 that no product with a byte is rounded, and what is left.
    const MOST: f32 = 257.0 / 65_536.0;
    const REST: f32 = (1.0 / 255.0 - 257.0 / 65_536.0_f64) as f32;
    let byte = f32::from(byte);
    byte * MOST + byte * REST
}

/// The whole number that is nearest, below 2²³. A number so great that `f32` has no parts of it keeps it, rounded, in its
/// lowest bits, which costs less than turning it into an integer.
#[inline(always)]
pub fn whole(number: f32) -> u32 {
    const GREAT: f32 = (1 << 23) as f32;
    (number + GREAT).to_bits() ^ GREAT.to_bits()
}

/// [`unit()`] of every byte, as many at a time as the processor can.
pub fn units(bytes: &[u8], units: &mut [f32]) {
    Arch::new().dispatch(Units(bytes, units));
}

struct Units<'a>(&'a [u8], &'a mut [f32]);

impl WithSimd for Units<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self(bytes, units) = self;
        for (value, &byte) in units.iter_mut().zip(bytes) {
            *value = unit(byte);
        }
    }
}

impl Cells {
    pub const BLANK: Self = Self([0; SIDE * SIDE]);

    /// The network's input, 784 values 0..=1.
    pub fn input(&self) -> Vec<f32> {
        self.0.iter().copied().map(unit).collect()
    }

    /// As a picture of 28×28.
    pub fn picture(&self) -> GrayImage {
        GrayImage {
            width: SIDE,
            height: SIDE,
            ink: self.0.to_vec(),
        }
    }
}

impl GrayImage {
    /// Top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        // A chunk of no pixels is not allowed; a picture without width has no rows either way.
        self.ink.chunks_exact(self.width.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_ink_is_one_and_paper_is_zero() {
        assert_eq!(unit(0), 0.0);
        assert_eq!(unit(255), 1.0);
        assert_eq!(Cells([255; SIDE * SIDE]).input(), vec![1.0; SIDE * SIDE]);
    }

    #[test]
    fn a_byte_is_divided_by_255_to_the_last_bit() {
        let bytes: Vec<u8> = (0..=255).collect();
        let divided: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        let mut found = vec![f32::NAN; 256];
        units(&bytes, &mut found);
        assert_eq!(found, divided);
    }

    #[test]
    fn the_nearest_whole_number_is_found() {
        for (number, nearest) in [(0.0, 0), (0.4, 0), (0.6, 1), (101.7, 102), (1224.0, 1224)] {
            assert_eq!(whole(number), nearest);
        }
    }

    #[test]
    fn a_picture_has_its_rows_from_top_to_bottom() {
        let picture = GrayImage {
            width: 2,
            height: 3,
            ink: vec![1, 2, 3, 4, 5, 6],
        };
        let rows: Vec<&[u8]> = picture.rows().collect();
        assert_eq!(rows, [[1, 2], [3, 4], [5, 6]]);
    }
}
