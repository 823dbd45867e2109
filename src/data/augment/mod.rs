mod elastic;
mod sheet;

use crate::ink::{Cells, SIDE};
use elastic::Elastic;
use pulp::{Arch, Simd, WithSimd};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use sheet::{Places, Sheet};
use std::cell::RefCell;

/// Small changes to training images, fresh each time, so that a network meets more hands than the data holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Augmentation {
    #[default]
    None,
    /// About half of what `Strong` does: for small networks, which cannot learn more hands than they have room for.
    Standard,
    /// Rotation, scale, shear, shift, elastic distortion (Simard, Steinkraus and Platt, ICDAR 2003) and thickness, as far
    /// as a digit stays what it is.
    Strong,
}

/// How far each change goes at most; drawn evenly, to either side.
struct Limits {
    /// In radians.
    rotation: f32,
    /// Of each axis, as a natural logarithm.
    log_scale: f32,
    /// Cells to the right for each cell down.
    shear: f32,
    /// In cells.
    shift: f32,
    /// Root mean square of the elastic displacements along each axis, in cells.
    elastic: f32,
    /// Thickening by this part of a cell all round, and thinning.
    thicker: f32,
    thinner: f32,
}

/// Where each cell of the new picture looks in the old one: `matrix`·(place − middle) + `origin`, in cells.
struct Affine {
    matrix: [[f32; 2]; 2],
    origin: [f32; 2],
}

/// What is done to a picture, or to several of them.
struct Change {
    thickening: f32,
    affine: Affine,
    elastic: Elastic,
}

/// Rotation and scale leave this place where it is, in cells.
const MIDDLE: f32 = SIDE as f32 / 2.0;

const DEGREE: f32 = std::f32::consts::PI / 180.0;

const STANDARD: Limits = Limits {
    rotation: 8.0 * DEGREE,
    log_scale: 0.08,
    shear: 0.12,
    shift: 1.0,
    elastic: 0.6,
    thicker: 0.4,
    thinner: 0.25,
};

const STRONG: Limits = Limits {
    rotation: 13.0 * DEGREE,
    log_scale: 0.15,
    shear: 0.22,
    shift: 1.5,
    elastic: 1.35,
    thicker: 0.8,
    thinner: 0.5,
};

impl Augmentation {
    pub const ALL: [Self; 3] = [Self::None, Self::Standard, Self::Strong];

    /// So many pictures are best changed together: one number of each fills the widest vector.
    pub const TOGETHER: usize = 16;

    pub fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Standard => "Standard",
            Self::Strong => "Strong",
        }
    }

    /// Changes `pictures`, all of them in the same way, as another hand that wrote them would. `None` leaves them.
    pub fn apply(self, pictures: &mut [Cells], rng: &mut impl Rng) {
        let limits = match self {
            Self::None => return,
            Self::Standard => &STANDARD,
            Self::Strong => &STRONG,
        };
        let change = Change::draw(limits, rng);
        SHEET.with_borrow_mut(|sheet| {
            for pictures in pictures.chunks_mut(Self::TOGETHER) {
                Arch::new().dispatch(Changing(&change, pictures, sheet));
            }
        });
    }

    /// A copy of one picture, changed.
    pub fn changed(self, cells: &Cells, rng: &mut impl Rng) -> Cells {
        let mut cells = *cells;
        self.apply(std::slice::from_mut(&mut cells), rng);
        cells
    }
}

impl Change {
    fn draw(limits: &Limits, rng: &mut impl Rng) -> Self {
        Self {
            affine: Affine::draw(limits, rng),
            elastic: Elastic::draw(rng.random_range(0.0..=limits.elastic), rng),
            thickening: rng.random_range(-limits.thinner..=limits.thicker),
        }
    }
}

thread_local! {
    /// A blank one for every change would take a tenth of its time.
    static SHEET: RefCell<Box<Sheet>> = RefCell::new(Box::new(Sheet::BLANK));
}

/// A change, about to be made to at most [`Augmentation::TOGETHER`] pictures, and a sheet to make it on.
struct Changing<'a>(&'a Change, &'a mut [Cells], &'a mut Sheet);

impl WithSimd for Changing<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(change, pictures, sheet) = self;
        let field = change.elastic.field();
        sheet.put(pictures, change.thickening);
        sheet.warp(
            simd,
            pictures,
            #[inline(always)]
            |row| {
                let mut places = change.affine.sources(row);
                for (places, moved) in places.iter_mut().zip(field.line(row)) {
                    for (place, moved) in places.iter_mut().zip(moved) {
                        *place += moved;
                    }
                }
                places
            },
        );
    }
}

impl Affine {
    fn draw(limits: &Limits, rng: &mut impl Rng) -> Self {
        let mut within = |limit: f32| rng.random_range(-limit..=limit);
        let (sin, cos) = within(limits.rotation).sin_cos();
        let shear = within(limits.shear);
        let [wide, high] = [
            within(limits.log_scale).exp(),
            within(limits.log_scale).exp(),
        ];
        let shift = [within(limits.shift), within(limits.shift)];
        // Rotation, then shear along x, then each axis scaled.
        let matrix = [
            [(cos + shear * sin) * wide, (shear * cos - sin) * wide],
            [sin * high, cos * high],
        ];
        Self {
            matrix,
            origin: shift.map(|shift| MIDDLE + shift),
        }
    }

    /// Where the middles of the cells of this row come from.
    #[inline(always)]
    fn sources(&self, row: usize) -> Places {
        let y = row as f32 + 0.5 - MIDDLE;
        let mut places = Places::default();
        for (axis, places) in places.iter_mut().enumerate() {
            let [right, down] = self.matrix[axis];
            for (column, place) in places.iter_mut().enumerate() {
                let x = column as f32 + 0.5 - MIDDLE;
                *place = self.origin[axis] + right * x + down * y;
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Hands, practice_digits};
    use crate::nn::arches;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn mass(cells: &Cells) -> f32 {
        cells.0.iter().map(|&ink| f32::from(ink) / 255.0).sum()
    }

    #[test]
    fn none_changes_nothing() {
        for (cells, _) in practice_digits(Hands::Known, 20, 1) {
            let mut rng = StdRng::seed_from_u64(1);
            assert_eq!(Augmentation::None.changed(&cells, &mut rng), cells);
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_change_and_another_does_not() {
        let (cells, _) = practice_digits(Hands::Known, 1, 1)[0];
        for augmentation in [Augmentation::Standard, Augmentation::Strong] {
            let with = |seed| augmentation.changed(&cells, &mut StdRng::seed_from_u64(seed));
            assert_eq!(with(1), with(1));
            assert_ne!(with(1), with(2));
            assert_ne!(with(1), cells);
        }
    }

    #[test]
    fn the_ink_stays_about_as_much_and_inside() {
        let mut rng = StdRng::seed_from_u64(3);
        for augmentation in [Augmentation::Standard, Augmentation::Strong] {
            let mut sum = 0.0;
            let digits = practice_digits(Hands::Known, 300, 2);
            for (cells, _) in &digits {
                let part = mass(&augmentation.changed(cells, &mut rng)) / mass(cells);
                assert!((0.4..2.6).contains(&part), "{augmentation:?}: {part}");
                sum += part;
            }
            let mean = sum / digits.len() as f32;
            assert!((0.95..1.2).contains(&mean), "{augmentation:?}: {mean}");
        }
    }

    #[test]
    fn a_blank_picture_stays_blank_and_a_full_one_stays_full_in_the_middle() {
        let mut rng = StdRng::seed_from_u64(4);
        let full = Cells([255; SIDE * SIDE]);
        for augmentation in Augmentation::ALL {
            assert_eq!(augmentation.changed(&Cells::BLANK, &mut rng), Cells::BLANK);
            let changed = augmentation.changed(&full, &mut rng);
            for row in 9..19 {
                for column in 9..19 {
                    assert_eq!(changed.0[row * SIDE + column], 255);
                }
            }
        }
    }

    /// Nothing but what a test asks for.
    fn change(thickening: f32, shift: f32) -> Change {
        let affine = Affine {
            matrix: [[1.0, 0.0], [0.0, 1.0]],
            origin: [MIDDLE + shift, MIDDLE],
        };
        let elastic = Elastic::draw(0.0, &mut StdRng::seed_from_u64(1));
        Change {
            thickening,
            affine,
            elastic,
        }
    }

    /// By each set of instructions that this processor has, which all find the same.
    fn changed(change: &Change, pictures: &[Cells]) -> Vec<Cells> {
        let mut sheet = Box::new(Sheet::BLANK);
        let mut found = arches().into_iter().map(|arch| {
            // Nothing of what was on the sheet before is left.
            sheet.put(&[Cells([255; SIDE * SIDE])], 0.5);
            let mut pictures = pictures.to_vec();
            arch.dispatch(Changing(change, &mut pictures, &mut sheet));
            pictures
        });
        let first = found.next().unwrap();
        assert!(found.all(|other| other == first));
        first
    }

    #[test]
    fn ink_is_thickened_and_thinned_by_parts_of_a_cell() {
        let mut bar = Cells::BLANK;
        for row in 5..23 {
            for column in 12..15 {
                bar.0[row * SIDE + column] = 255;
            }
        }
        let line = |by: f32| {
            let cells = changed(&change(by, 0.0), &[bar])[0];
            cells.0[14 * SIDE + 10..14 * SIDE + 17].to_vec()
        };
        assert_eq!(line(0.0), [0, 0, 255, 255, 255, 0, 0]);
        assert_eq!(line(0.4), [0, 102, 255, 255, 255, 102, 0]);
        assert_eq!(line(-0.4), [0, 0, 153, 255, 153, 0, 0]);
    }

    #[test]
    fn a_change_that_changes_nothing_changes_nothing() {
        let (digits, _): (Vec<_>, Vec<_>) =
            practice_digits(Hands::Known, 16, 5).into_iter().unzip();
        assert_eq!(changed(&change(0.0, 0.0), &digits), digits);
    }

    #[test]
    fn a_shift_moves_every_cell() {
        let (cells, _) = practice_digits(Hands::Known, 1, 6)[0];
        let moved = changed(&change(0.0, 1.0), &[cells])[0];
        for row in 0..SIDE {
            assert_eq!(
                moved.0[row * SIDE..][..SIDE - 1],
                cells.0[row * SIDE + 1..][..SIDE - 1]
            );
        }
    }

    #[test]
    fn pictures_changed_together_are_changed_as_each_alone() {
        let (digits, _): (Vec<_>, Vec<_>) =
            practice_digits(Hands::Known, 37, 7).into_iter().unzip();
        for limits in [&STANDARD, &STRONG] {
            let change = Change::draw(limits, &mut StdRng::seed_from_u64(8));
            let alone = digits.iter().map(|cells| changed(&change, &[*cells])[0]);
            let mut together = digits.clone();
            for pictures in together.chunks_mut(Augmentation::TOGETHER) {
                let found = changed(&change, pictures);
                pictures.copy_from_slice(&found);
            }
            assert_eq!(together, alone.collect::<Vec<_>>());
            assert_ne!(together, digits);
        }
    }
}
