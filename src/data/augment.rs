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

/// A picture with blank cells around, so that a look beside it finds paper.
#[derive(Clone)]
struct Padded([[f32; PADDED_SIDE]; PADDED_SIDE]);

/// Blank cells before the first: as many as a cubic curve reaches from the farthest place that is looked at.
const BEFORE: usize = 3;

const PADDED_SIDE: usize = SIDE + 2 * BEFORE + 1;

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

    pub fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Standard => "Standard",
            Self::Strong => "Strong",
        }
    }

    /// A changed copy of `cells`; `None` copies it as it is.
    pub fn apply(self, cells: &Cells, rng: &mut impl Rng) -> Cells {
        let limits = match self {
            Self::None => return *cells,
            Self::Standard => &STANDARD,
            Self::Strong => &STRONG,
        };
        let affine = Affine::draw(limits, rng);
        let elastic = Elastic::draw(rng.random_range(0.0..=limits.elastic), rng);
        let thickening = rng.random_range(-limits.thinner..=limits.thicker);
        let ink = Padded::new(cells).thickened(thickening);
        ink.warped(|column, row| {
            let [x, y] = affine.source(column, row);
            let [dx, dy] = elastic.displacement(column, row);
            [x + dx, y + dy]
        })
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

    /// Where the middle of this cell comes from.
    fn source(&self, column: usize, row: usize) -> [f32; 2] {
        let (x, y) = (column as f32 + 0.5 - MIDDLE, row as f32 + 0.5 - MIDDLE);
        [0, 1].map(|axis| self.origin[axis] + self.matrix[axis][0] * x + self.matrix[axis][1] * y)
    }
}

impl Padded {
    fn new(cells: &Cells) -> Self {
        let mut padded = [[0.0; PADDED_SIDE]; PADDED_SIDE];
        for (to, from) in padded[BEFORE..].iter_mut().zip(cells.0.chunks_exact(SIDE)) {
            for (to, from) in to[BEFORE..].iter_mut().zip(from) {
                *to = f32::from(*from);
            }
        }
        Self(padded)
    }

    /// The same ink that reaches `by` of a cell farther to all sides, or less far where `by` is negative: each cell goes
    /// this part of the way to the strongest, or faintest, of itself and its four neighbours. `by` is from −1 to 1.
    fn thickened(&self, by: f32) -> Self {
        let strongest = |a: f32, b: f32| if a < b { b } else { a };
        let faintest = |a: f32, b: f32| if a < b { a } else { b };
        if by < 0.0 {
            self.toward(-by, faintest)
        } else {
            self.toward(by, strongest)
        }
    }

    fn toward(&self, part: f32, extreme: impl Fn(f32, f32) -> f32) -> Self {
        let mut changed = self.clone();
        for y in 1..PADDED_SIDE - 1 {
            let [above, here, below] = [y - 1, y, y + 1].map(|row| &self.0[row]);
            for x in 1..PADDED_SIDE - 1 {
                let beside = extreme(here[x - 1], here[x + 1]);
                let across = extreme(above[x], below[x]);
                let goal = extreme(here[x], extreme(beside, across));
                changed.0[y][x] = here[x] + part * (goal - here[x]);
            }
        }
        changed
    }

    /// The picture whose every cell holds the ink of its source, given in cells for column and row.
    fn warped(&self, source: impl Fn(usize, usize) -> [f32; 2]) -> Cells {
        let inked = self.inked();
        let mut warped = Cells::BLANK;
        for (row, line) in warped.0.chunks_exact_mut(SIDE).enumerate() {
            // Places first, for a whole line: that is done for many cells at once.
            let mut places = [[0.0; SIDE]; 2];
            let mut corners = [[0; SIDE]; 2];
            for column in 0..SIDE {
                let place = source(column, row).map(in_padded);
                for axis in [0, 1] {
                    places[axis][column] = place[axis];
                    corners[axis][column] = place[axis] as i32;
                }
            }
            for (column, cell) in line.iter_mut().enumerate() {
                let [left, top] = corners.map(|corner| corner[column] as usize);
                if inked[top][left] {
                    let [x, y] = places.map(|place| place[column]);
                    *cell = (self.at(left, top, x - left as f32, y - top as f32) + 0.5) as u8;
                }
            }
        }
        warped
    }

    /// Whether there is any ink in the 4×4 cells from one before each corner on: most of a picture is paper, which
    /// needs no curve.
    fn inked(&self) -> [[bool; PADDED_SIDE]; PADDED_SIDE] {
        let mut lines = [[false; PADDED_SIDE]; PADDED_SIDE];
        for (line, ink) in lines.iter_mut().zip(&self.0) {
            for x in 1..PADDED_SIDE - 2 {
                line[x] = ink[x - 1] + ink[x] + ink[x + 1] + ink[x + 2] > 0.0;
            }
        }
        let mut inked = [[false; PADDED_SIDE]; PADDED_SIDE];
        for y in 1..PADDED_SIDE - 2 {
            for x in 1..PADDED_SIDE - 2 {
                inked[y][x] = lines[y - 1][x] | lines[y][x] | lines[y + 1][x] | lines[y + 2][x];
            }
        }
        inked
    }

    /// The ink at parts `right` and `down` of a cell from the corner, on the cubic curves through the middles of the
    /// sixteen cells around it (Keys 1981, a = −½), which keeps edges that a linear mix would blur.
    fn at(&self, left: usize, top: usize, right: f32, down: f32) -> f32 {
        let mut sum = [0.0; 4];
        for (line, weight) in self.0[top - 1..top + 3].iter().zip(cubic(down)) {
            for (sum, ink) in sum.iter_mut().zip(&line[left - 1..left + 3]) {
                *sum += weight * ink;
            }
        }
        let across = cubic(right);
        (sum[0] * across[0] + sum[1] * across[1]) + (sum[2] * across[2] + sum[3] * across[3])
    }
}

/// A coordinate in cells as one between the middles of padded cells. What lies farther away is as blank as the cells
/// around the picture.
fn in_padded(coordinate: f32) -> f32 {
    const FARTHEST: f32 = (SIDE + 2 * BEFORE - 2) as f32;
    (coordinate + (BEFORE as f32 - 0.5)).clamp(1.0, FARTHEST)
}

/// Weights of four neighbours at `t` between the second and the third.
fn cubic(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        -0.5 * t + t2 - 0.5 * t3,
        1.0 - 2.5 * t2 + 1.5 * t3,
        0.5 * t + 2.0 * t2 - 1.5 * t3,
        -0.5 * t2 + 0.5 * t3,
    ]
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
        for augmentation in [Augmentation::Standard, Augmentation::Strong] {
            let mut sum = 0.0;
            let digits = practice_digits(Hands::Known, 300, 2);
            for (cells, _) in &digits {
                let part = mass(&augmentation.apply(cells, &mut rng)) / mass(cells);
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
    fn ink_is_thickened_and_thinned_by_parts_of_a_cell() {
        let mut bar = Cells::BLANK;
        for row in 5..23 {
            for column in 12..15 {
                bar.0[row * SIDE + column] = 255;
            }
        }
        let line = |by: f32| {
            let cells = Padded::new(&bar)
                .thickened(by)
                .warped(|column, row| [column as f32 + 0.5, row as f32 + 0.5]);
            cells.0[14 * SIDE + 10..14 * SIDE + 17].to_vec()
        };
        assert_eq!(line(0.0), [0, 0, 255, 255, 255, 0, 0]);
        assert_eq!(line(0.4), [0, 102, 255, 255, 255, 102, 0]);
        assert_eq!(line(-0.4), [0, 0, 153, 255, 153, 0, 0]);
    }

    #[test]
    fn a_cubic_curve_passes_through_its_middle_and_its_weights_sum_to_one() {
        assert_eq!(cubic(0.0), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(cubic(1.0), [0.0, 0.0, 1.0, 0.0]);
        for t in [0.1, 0.5, 0.9] {
            assert!((cubic(t).iter().sum::<f32>() - 1.0).abs() < 1e-6);
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
                Padded::new(&cells).warped(|column, row| identity.source(column, row)),
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
        let moved = Padded::new(&cells).warped(|column, row| shift.source(column, row));
        for row in 0..SIDE {
            assert_eq!(
                moved.0[row * SIDE..][..SIDE - 1],
                cells.0[row * SIDE + 1..][..SIDE - 1]
            );
        }
    }
}
