//! Ink that is no digit, for a gate to learn what to refuse: aimless curves, lines and dots, letters and signs,
//! spoiled digits, grey shapes and clouds.

use super::normal::normal;
use super::stranger_signs::SIGNS;
use super::{Cells, Drawing, Ink, Point, SIDE, Stroke, cells_of, practice_digit};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use std::f32::consts::TAU;

/// Side of the pad that strangers are drawn on.
const PAD: f32 = 280.0;

/// The pen that they are drawn with; normalisation puts its own in place of it.
const PEN: f32 = 20.0;

/// Places of a stroke, in units in which the stranger is about 1 high.
type Places = Vec<[f32; 2]>;

/// Something that is not a digit, as the network would see it; never blank.
pub fn stranger(rng: &mut impl Rng) -> Cells {
    let strokes = match rng.random_range(0..100) {
        0..26 => sign(rng),
        26..46 => curves(rng),
        46..60 => lines(rng),
        60..69 => dots(rng),
        69..76 => return cells(&spoiled_digit(rng)),
        76..92 => return shapes(rng),
        _ => return clouds(rng),
    };
    let mut cells = cells(&drawing(strokes));
    if rng.random_range(0..6) == 0 {
        cells = fattened(&cells);
    }
    if rng.random_range(0..6) == 0 {
        for (ink, shade) in cells.0.iter_mut().zip(clouds(rng).0) {
            *ink = (u16::from(*ink) * u16::from(shade) / 255) as u8;
        }
    }
    // A stroke that lies in the gaps between the clouds alone is none.
    if cells == Cells::BLANK {
        return clouds(rng);
    }
    cells
}

/// What is left of a digit when its picture is turned over sideways or by a quarter; `None` where that may be a
/// digit again.
pub fn turned(cells: &Cells, digit: u8, rng: &mut impl Rng) -> Option<Cells> {
    let last = SIDE - 1;
    let at = |x: usize, y: usize| cells.0[y * SIDE + x];
    // By a quarter, 0 is a 0 and 1 a dash; over sideways, 0, 1 and 8 are what they were and 5 is a 2.
    let (mirrored, quarter): (&[u8], &[u8]) = (&[3, 4, 6, 7, 9], &[2, 3, 4, 5, 6, 7, 8, 9]);
    let mirror = rng.random_range(0..3) == 0;
    let clockwise = rng.random::<bool>();
    if !if mirror { mirrored } else { quarter }.contains(&digit) {
        return None;
    }
    let mut turned = Cells::BLANK;
    for (index, ink) in turned.0.iter_mut().enumerate() {
        let (x, y) = (index % SIDE, index / SIDE);
        *ink = match (mirror, clockwise) {
            (true, _) => at(last - x, y),
            (false, true) => at(y, last - x),
            (false, false) => at(last - y, x),
        };
    }
    Some(turned)
}

/// A letter or a sign, as some hand might write it.
fn sign(rng: &mut impl Rng) -> Vec<Places> {
    let Some(template) = SIGNS.choose(rng) else {
        return Vec::new();
    };
    let slant = normal(rng, 0.15);
    let (sin, cos) = normal(rng, 0.1).sin_cos();
    let aspect = rng.random_range(0.7..1.35);
    let jitter = rng.random_range(0.0..0.05);
    let roundness = rng.random_range(0.2..1.0);
    template
        .iter()
        .map(|places| {
            let moved: Places = places
                .iter()
                .map(|&(x, y)| {
                    let x = (f32::from(x) / 100.0 - 0.35 + normal(rng, jitter)) * aspect;
                    let y = f32::from(y) / 100.0 - 0.5 + normal(rng, jitter);
                    let x = x - slant * y;
                    [cos * x - sin * y, sin * x + cos * y]
                })
                .collect();
            curve(&moved, |a, b, c| cosine(a, b, c) > 1.0 - roundness)
        })
        .collect()
}

/// One to five strokes that go anywhere, so many turns in all that no digit comes of them.
fn curves(rng: &mut impl Rng) -> Vec<Places> {
    let count = rng.random_range(1..=5);
    let fewest = [7, 4, 3, 2, 2][count - 1];
    let width = rng.random_range(0.4..1.2);
    (0..count)
        .map(|_| {
            let reach = rng.random_range(0.2..1.0);
            let mut place = [rng.random::<f32>(), rng.random::<f32>()];
            let mut places = vec![place];
            // Few long ways or many short ones.
            let most = fewest + (6.0 / reach) as usize;
            for _ in 0..rng.random_range(fewest..=most) {
                for axis in &mut place {
                    *axis = (*axis + reach * rng.random_range(-1.0..1.0)).clamp(0.0, 1.0);
                }
                places.push(place);
            }
            for place in &mut places {
                place[0] *= width;
            }
            let round = rng.random::<f32>() < 0.6;
            curve(&places, |_, _, _| round)
        })
        .collect()
}

/// Straight lines that cross or lie side by side.
fn lines(rng: &mut impl Rng) -> Vec<Places> {
    let [direction, spread] = [rng.random_range(0.0..TAU), rng.random_range(0.0..TAU)];
    (0..rng.random_range(3..=7))
        .map(|_| {
            let (sin, cos) = (direction + spread * rng.random_range(-0.5..0.5)).sin_cos();
            let half = rng.random_range(0.15..0.5);
            let middle = [0; 2].map(|_| rng.random_range(-0.4..0.4));
            vec![
                [middle[0] - half * cos, middle[1] - half * sin],
                [middle[0] + half * cos, middle[1] + half * sin],
            ]
        })
        .collect()
}

/// A dot, or several.
fn dots(rng: &mut impl Rng) -> Vec<Places> {
    let count = rng.random_range(1..=10);
    (0..count)
        .map(|_| {
            let place = [rng.random::<f32>(), rng.random::<f32>()];
            let size = rng.random_range(0.0..0.06);
            vec![place, [place[0] + size, place[1] + size]]
        })
        .collect()
}

/// A written digit turned over, laid on its side, crossed out, or written over and beside another.
fn spoiled_digit(rng: &mut impl Rng) -> Drawing {
    let mut digit = |among: &[u8]| practice_digit(among.choose(rng).copied().unwrap_or(4), rng);
    let any = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let ways = [
        digit(&[3, 4, 6, 7, 9]),
        digit(&[2, 3, 4, 5, 6, 7, 8, 9]),
        digit(&[3, 4, 7]),
        digit(any),
    ];
    let other = digit(any);
    let way = rng.random_range(0..5);
    let [sideways, quarter, upside_down, plain] = ways;
    match way {
        0 => moved(sideways, |[x, y]| [-x, y]),
        1 if rng.random() => moved(quarter, |[x, y]| [y, -x]),
        1 => moved(quarter, |[x, y]| [-y, x]),
        2 => moved(upside_down, |[x, y]| [x, -y]),
        3 => {
            let [dx, dy] = [0.4, 0.4].map(|far: f32| PAD * rng.random_range(-far..far));
            // Exactly on top of each other they may be one digit.
            let dx = if dx.abs() + dy.abs() < 0.2 * PAD {
                0.4 * PAD
            } else {
                dx
            };
            let other = moved(other, |[x, y]| [x + dx, y + dy]);
            let mut both = plain;
            both.strokes.extend(other.strokes);
            both
        }
        _ => {
            let mut crossed = plain;
            let lines = lines(rng).into_iter().take(3);
            crossed.strokes.extend(drawing(lines.collect()).strokes);
            crossed
        }
    }
}

/// Filled rectangles and ellipses of different greys, plain or patterned, half of them in mirror symmetry.
fn shapes(rng: &mut impl Rng) -> Cells {
    let mut cells = Cells::BLANK;
    let is_symmetric = rng.random::<bool>();
    for _ in 0..rng.random_range(1..=4) {
        let ellipse = rng.random::<bool>();
        // Of a symmetric picture only the left half is looked at.
        let across = rng.random_range(if is_symmetric { 4.0..14.0 } else { 7.0..21.0 });
        let down = rng.random_range(7.0..21.0);
        let [half_width, half_height] = [0; 2].map(|_| rng.random_range(1.5..13.0));
        let turn = if rng.random() {
            rng.random_range(0.0..TAU)
        } else {
            0.0
        };
        let (sin, cos) = f32::sin_cos(turn);
        let [ink, pattern] = [rng.random_range(40.0..255.0), rng.random_range(0.0..80.0)];
        for (index, cell) in cells.0.iter_mut().enumerate() {
            let column = index % SIDE;
            let column = if is_symmetric {
                column.min(SIDE - 1 - column)
            } else {
                column
            };
            let x = column as f32 + 0.5 - across;
            let y = (index / SIDE) as f32 + 0.5 - down;
            let u = (x * cos + y * sin) / half_width;
            let v = (y * cos - x * sin) / half_height;
            let inside = if ellipse {
                u.hypot(v)
            } else {
                u.abs().max(v.abs())
            };
            if inside < 1.0 {
                *cell = (ink + pattern * rng.random_range(-1.0..1.0)) as u8;
            }
        }
    }
    cells
}

/// Light and shade without an edge: a few waves on top of each other, all over the picture.
fn clouds(rng: &mut impl Rng) -> Cells {
    let finest = rng.random_range(0.3..1.5);
    let waves = [(); 5].map(|()| {
        let [across, down] = [0; 2].map(|_| rng.random_range(-finest..finest));
        (
            across,
            down,
            rng.random_range(0.0..TAU),
            rng.random_range(20.0..90.0),
        )
    });
    let middle = rng.random_range(60.0..220.0);
    let mut cells = Cells::BLANK;
    for (index, cell) in cells.0.iter_mut().enumerate() {
        let (x, y) = ((index % SIDE) as f32, (index / SIDE) as f32);
        let height: f32 = waves
            .iter()
            .map(|(across, down, start, height)| height * (across * x + down * y + start).cos())
            .sum();
        *cell = (middle + height) as u8;
    }
    cells
}

/// Strokes two cells wider: each cell as dark as the darkest around it.
fn fattened(cells: &Cells) -> Cells {
    let mut fat = *cells;
    let last = SIDE as isize - 1;
    for (index, cell) in fat.0.iter_mut().enumerate() {
        let (x, y) = ((index % SIDE) as isize, (index / SIDE) as isize);
        for (dx, dy) in [
            (-1, 0),
            (1, 0),
            (0, -1),
            (0, 1),
            (-1, -1),
            (1, 1),
            (-1, 1),
            (1, -1),
        ] {
            let (x, y) = ((x + dx).clamp(0, last), (y + dy).clamp(0, last));
            *cell = (*cell).max(cells.0[y as usize * SIDE + x as usize]);
        }
    }
    fat
}

fn drawing(strokes: Vec<Places>) -> Drawing {
    let mut drawing = Drawing::new([PAD, PAD]);
    for places in strokes {
        let points = places
            .into_iter()
            .map(|[x, y]| Point::new(PAD * x, PAD * y));
        drawing.strokes.push(Stroke {
            points: points.collect(),
            width: PEN,
        });
    }
    drawing
}

fn moved(mut drawing: Drawing, to: impl Fn([f32; 2]) -> [f32; 2]) -> Drawing {
    for point in drawing
        .strokes
        .iter_mut()
        .flat_map(|stroke| &mut stroke.points)
    {
        [point.x, point.y] = to([point.x, point.y]);
    }
    drawing
}

fn cells(drawing: &Drawing) -> Cells {
    cells_of(Ink::Drawing(drawing)).unwrap_or(Cells::BLANK)
}

/// A way through all places (Catmull–Rom) that breaks where `is_round` does not hold for three in a row.
fn curve(places: &[[f32; 2]], is_round: impl Fn([f32; 2], [f32; 2], [f32; 2]) -> bool) -> Places {
    let mut way: Places = places.first().copied().into_iter().collect();
    for (index, pair) in places.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let before = index.checked_sub(1).map(|i| places[i]);
        let before = before.filter(|&before| is_round(before, from, to));
        let after = places.get(index + 2).copied();
        let after = after.filter(|&after| is_round(from, to, after));
        for step in 1..=6 {
            let t = step as f32 / 6.0;
            way.push([0, 1].map(|axis| {
                let (p1, p2) = (from[axis], to[axis]);
                let p0 = before.map_or(p1, |place| place[axis]);
                let p3 = after.map_or(p2, |place| place[axis]);
                let (a, b) = (
                    2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3,
                    3.0 * (p1 - p2) + p3 - p0,
                );
                p1 + 0.5 * t * (p2 - p0 + t * (a + t * b))
            }));
        }
    }
    way
}

/// Of the turn from `a` by `b` to `c`: 1 straight on, −1 back.
fn cosine(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    let [u, v] = [[b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]];
    let length = |w: [f32; 2]| w[0].hypot(w[1]);
    (u[0] * v[0] + u[1] * v[1]) / (length(u) * length(v)).max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn strangers_have_ink_and_are_all_different() {
        let mut rng = StdRng::seed_from_u64(1);
        let strangers: Vec<Cells> = (0..300).map(|_| stranger(&mut rng)).collect();
        let mut alike = 0;
        for (index, cells) in strangers.iter().enumerate() {
            assert_ne!(*cells, Cells::BLANK, "{index}");
            alike += usize::from(strangers[..index].contains(cells));
        }
        // One dot is as another.
        assert!(alike <= 5, "{alike}");
    }

    #[test]
    fn the_same_seed_makes_the_same_strangers() {
        let made = |seed| {
            let mut rng = StdRng::seed_from_u64(seed);
            [(); 50].map(|()| stranger(&mut rng))
        };
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
    }

    #[test]
    fn a_turned_digit_keeps_its_ink_and_one_that_stays_a_digit_is_left_out() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut cells = Cells::BLANK;
        cells.0[3 * SIDE + 5] = 200;
        let corner = SIDE - 1;
        for _ in 0..20 {
            let turned = turned(&cells, 7, &mut rng).unwrap();
            let place = turned.0.iter().position(|&ink| ink == 200).unwrap();
            let place = (place % SIDE, place / SIDE);
            // Over sideways, or a quarter one way or the other.
            let places = [(corner - 5, 3), (corner - 3, 5), (3, corner - 5)];
            assert!(places.contains(&place), "{place:?}");
            assert_eq!(super::turned(&cells, 0, &mut rng), None);
            assert_eq!(super::turned(&cells, 1, &mut rng), None);
        }
    }

    #[test]
    fn a_curve_breaks_where_it_is_not_round() {
        let places = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]];
        let broken = curve(&places, |_, _, _| false);
        let on_line = |place: &[f32; 2]| place[1].abs() < 1e-6 || (place[0] - 1.0).abs() < 1e-6;
        assert!(broken.iter().all(on_line));
        assert!(!curve(&places, |_, _, _| true).iter().all(on_line));
    }
}
