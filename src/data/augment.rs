use super::elastic::Elastic;
use crate::ink::{Cells, SIDE};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Small changes to training images, fresh each time, so that a network meets more hands than the data holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Augmentation {
    #[default]
    None,
    /// Rotation ±8°, scale ±8 %, shear ±0.12, shift ±1 cell.
    Standard,
    /// Rotation ±13°, scale ±15 %, shear ±0.22, shift ±1.5 cells, elastic distortion
    /// (Simard, Steinkraus and Platt, ICDAR 2003).
    Strong,
}

/// How far each change goes at most, to either side; drawn evenly.
struct Limits {
    /// In radians.
    rotation: f32,
    scale: f32,
    shear: f32,
    /// In cells.
    shift: f32,
}

/// Where each cell of the new picture looks in the old one: `matrix`·(place − middle) + `origin`, in cells.
struct Affine {
    matrix: [[f32; 2]; 2],
    origin: [f32; 2],
}

/// The old picture with blank cells around, so that a look beside it finds paper.
struct Padded([f32; PADDED_SIDE * PADDED_SIDE]);

const PADDED_SIDE: usize = SIDE + 3;

/// Rotation and scale leave this place where it is, in cells.
const MIDDLE: f32 = SIDE as f32 / 2.0;

const STANDARD: Limits = Limits {
    rotation: 8.0 * DEGREE,
    scale: 0.08,
    shear: 0.12,
    shift: 1.0,
};

const STRONG: Limits = Limits {
    rotation: 13.0 * DEGREE,
    scale: 0.15,
    shear: 0.22,
    shift: 1.5,
};

const DEGREE: f32 = std::f32::consts::PI / 180.0;

impl Augmentation {
    pub const ALL: [Self; 3] = [Self::None, Self::Standard, Self::Strong];

    pub fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Standard => "Standard",
            Self::Strong => "Strong",
        }
    }

    /// A changed copy of `cells`; `None` copies it as it is.
    pub fn apply(self, cells: &Cells, rng: &mut impl Rng) -> Cells {
        match self {
            Self::None => *cells,
            Self::Standard => {
                let affine = Affine::draw(&STANDARD, rng);
                warp(cells, |column, row| affine.source(column, row))
            }
            Self::Strong => {
                let affine = Affine::draw(&STRONG, rng);
                let elastic = Elastic::draw(rng);
                warp(cells, |column, row| {
                    let [x, y] = affine.source(column, row);
                    let [dx, dy] = elastic.displacement(column, row);
                    [x + dx, y + dy]
                })
            }
        }
    }
}

impl Affine {
    fn draw(limits: &Limits, rng: &mut impl Rng) -> Self {
        let mut within = |limit: f32| rng.random_range(-limit..=limit);
        let (sin, cos) = within(limits.rotation).sin_cos();
        let shear = within(limits.shear);
        let [wide, high] = [
            1.0 / (1.0 + within(limits.scale)),
            1.0 / (1.0 + within(limits.scale)),
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

    /// Where the middle of this cell comes from.
    fn source(&self, column: usize, row: usize) -> [f32; 2] {
        let (x, y) = (column as f32 + 0.5 - MIDDLE, row as f32 + 0.5 - MIDDLE);
        [0, 1].map(|axis| self.origin[axis] + self.matrix[axis][0] * x + self.matrix[axis][1] * y)
    }
}

impl Padded {
    fn new(cells: &Cells) -> Self {
        let mut padded = [0.0; PADDED_SIDE * PADDED_SIDE];
        let rows = padded.chunks_exact_mut(PADDED_SIDE).skip(1);
        for (to, from) in rows.zip(cells.0.chunks_exact(SIDE)) {
            for (to, from) in to[1..].iter_mut().zip(from) {
                *to = f32::from(*from);
            }
        }
        Self(padded)
    }

    /// The ink at a place in cells, interpolated linearly between the middles of the four cells around it.
    fn at(&self, [x, y]: [f32; 2]) -> f32 {
        // The middle of the first blank cell around is at 0 here; farther away is as blank.
        let last = (PADDED_SIDE - 2) as f32;
        let (x, y) = ((x + 0.5).clamp(0.0, last), (y + 0.5).clamp(0.0, last));
        let (column, row) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - row as f32);
        let above = row * PADDED_SIDE + column;
        let below = above + PADDED_SIDE;
        let mix = |left: usize| self.0[left] + (self.0[left + 1] - self.0[left]) * right;
        let (top, bottom) = (mix(above), mix(below));
        top + (bottom - top) * down
    }
}

/// The picture whose every cell holds the ink of its source, given for column and row.
fn warp(cells: &Cells, source: impl Fn(usize, usize) -> [f32; 2]) -> Cells {
    let padded = Padded::new(cells);
    let mut warped = Cells::BLANK;
    for (row, line) in warped.0.chunks_exact_mut(SIDE).enumerate() {
        for (column, cell) in line.iter_mut().enumerate() {
            *cell = (padded.at(source(column, row)) + 0.5) as u8;
        }
    }
    warped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Hands, practice_digits};
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn mass(cells: &Cells) -> f32 {
        cells.0.iter().map(|&ink| f32::from(ink) / 255.0).sum()
    }

    #[test]
    fn none_changes_nothing() {
        for (cells, _) in practice_digits(Hands::Known, 20, 1) {
            let mut rng = StdRng::seed_from_u64(1);
            assert_eq!(Augmentation::None.apply(&cells, &mut rng), cells);
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_change_and_another_does_not() {
        let (cells, _) = practice_digits(Hands::Known, 1, 1)[0];
        for augmentation in [Augmentation::Standard, Augmentation::Strong] {
            let with = |seed| augmentation.apply(&cells, &mut StdRng::seed_from_u64(seed));
            assert_eq!(with(1), with(1));
            assert_ne!(with(1), with(2));
            assert_ne!(with(1), cells);
        }
    }

    #[test]
    fn the_ink_stays_about_as_much_and_inside() {
        let mut rng = StdRng::seed_from_u64(3);
        for (cells, _) in practice_digits(Hands::Known, 300, 2) {
            for (augmentation, bound) in
                [(Augmentation::Standard, 0.2), (Augmentation::Strong, 0.5)]
            {
                let part = mass(&augmentation.apply(&cells, &mut rng)) / mass(&cells);
                assert!((1.0 - bound..1.0 + bound).contains(&part), "{part}");
            }
        }
    }

    #[test]
    fn a_blank_picture_stays_blank_and_a_full_one_stays_full_in_the_middle() {
        let mut rng = StdRng::seed_from_u64(4);
        let full = Cells([255; SIDE * SIDE]);
        for augmentation in Augmentation::ALL {
            assert_eq!(augmentation.apply(&Cells::BLANK, &mut rng), Cells::BLANK);
            let changed = augmentation.apply(&full, &mut rng);
            for row in 9..19 {
                for column in 9..19 {
                    assert_eq!(changed.0[row * SIDE + column], 255);
                }
            }
        }
    }

    #[test]
    fn an_affine_map_that_changes_nothing_changes_nothing() {
        let identity = Affine {
            matrix: [[1.0, 0.0], [0.0, 1.0]],
            origin: [MIDDLE; 2],
        };
        for (cells, _) in practice_digits(Hands::Known, 20, 5) {
            assert_eq!(
                warp(&cells, |column, row| identity.source(column, row)),
                cells
            );
        }
    }

    #[test]
    fn a_shift_moves_every_cell() {
        let (cells, _) = practice_digits(Hands::Known, 1, 6)[0];
        let shift = Affine {
            matrix: [[1.0, 0.0], [0.0, 1.0]],
            origin: [MIDDLE + 1.0, MIDDLE],
        };
        let moved = warp(&cells, |column, row| shift.source(column, row));
        for row in 0..SIDE {
            assert_eq!(
                moved.0[row * SIDE..][..SIDE - 1],
                cells.0[row * SIDE + 1..][..SIDE - 1]
            );
        }
    }
}
