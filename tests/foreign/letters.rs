use super::{normal, on_pad};
use inkgrad::ink::Drawing;
use rand::RngExt;
use rand::rngs::StdRng;

/// Strokes as the places that the pen passes.
type Strokes = &'static [&'static [(i8, i8)]];

/// Letters that nobody would read as a digit, as pen strokes: places in hundredths of the letter's box, x right and
/// y down. Left out are those that are or contain a digit: B D G I J L O Q S Z, b d g i j l o q s y z and their like.
pub const LETTERS: [(char, Strokes); 22] = [
    (
        'A',
        &[&[(0, 100), (40, 0), (80, 100)], &[(15, 62), (65, 62)]],
    ),
    (
        'E',
        &[
            &[(60, 0), (0, 0), (0, 100), (62, 100)],
            &[(0, 48), (50, 48)],
        ],
    ),
    ('F', &[&[(60, 0), (0, 0), (0, 100)], &[(0, 48), (48, 48)]]),
    (
        'H',
        &[
            &[(0, 0), (0, 100)],
            &[(66, 0), (66, 100)],
            &[(0, 50), (66, 50)],
        ],
    ),
    ('K', &[&[(0, 0), (0, 100)], &[(60, 0), (0, 55), (62, 100)]]),
    ('M', &[&[(0, 100), (8, 0), (45, 70), (82, 0), (90, 100)]]),
    ('N', &[&[(0, 100), (0, 0), (64, 100), (64, 0)]]),
    (
        'P',
        &[&[
            (0, 100),
            (0, 0),
            (35, 2),
            (54, 14),
            (54, 36),
            (35, 50),
            (0, 50),
        ]],
    ),
    (
        'R',
        &[&[
            (0, 100),
            (0, 0),
            (35, 2),
            (54, 14),
            (54, 34),
            (35, 48),
            (0, 50),
            (58, 100),
        ]],
    ),
    ('T', &[&[(0, 0), (76, 0)], &[(38, 0), (38, 100)]]),
    (
        'U',
        &[&[
            (0, 0),
            (0, 65),
            (10, 90),
            (34, 100),
            (58, 90),
            (68, 65),
            (68, 0),
        ]],
    ),
    ('V', &[&[(0, 0), (38, 100), (76, 0)]]),
    ('W', &[&[(0, 0), (24, 100), (50, 25), (76, 100), (100, 0)]]),
    ('X', &[&[(0, 0), (70, 100)], &[(70, 0), (0, 100)]]),
    ('Y', &[&[(0, 0), (36, 48), (72, 0)], &[(36, 48), (36, 100)]]),
    (
        'a',
        &[&[
            (55, 20),
            (35, 5),
            (8, 20),
            (0, 55),
            (14, 92),
            (36, 90),
            (55, 60),
            (57, 5),
            (58, 70),
            (76, 98),
        ]],
    ),
    (
        'e',
        &[&[
            (4, 50),
            (60, 48),
            (52, 14),
            (28, 2),
            (6, 22),
            (0, 55),
            (14, 90),
            (40, 98),
            (64, 84),
        ]],
    ),
    (
        'h',
        &[
            &[(0, 0), (0, 100)],
            &[(0, 62), (16, 42), (38, 42), (46, 60), (46, 100)],
        ],
    ),
    (
        'm',
        &[&[
            (0, 20),
            (0, 80),
            (2, 42),
            (22, 22),
            (38, 40),
            (38, 80),
            (40, 42),
            (62, 22),
            (78, 40),
            (78, 80),
        ]],
    ),
    (
        'n',
        &[&[(0, 10), (0, 90), (4, 40), (28, 10), (54, 28), (56, 90)]],
    ),
    ('r', &[&[(0, 10), (0, 90), (6, 40), (24, 12), (50, 14)]]),
    (
        'w',
        &[&[
            (0, 15),
            (8, 70),
            (24, 85),
            (42, 68),
            (44, 25),
            (46, 68),
            (64, 85),
            (82, 68),
            (88, 15),
        ]],
    ),
];

/// The letter at `index` of [`LETTERS`], as some hand might write it.
pub fn letter(index: usize, rng: &mut StdRng) -> Drawing {
    let (_, template) = LETTERS[index % LETTERS.len()];
    let slant = normal(rng, 0.12);
    let (sin, cos) = normal(rng, 0.06).sin_cos();
    let aspect = rng.random_range(0.8..1.25);
    let strokes = template
        .iter()
        .map(|places| {
            let moved: Vec<[f32; 2]> = places
                .iter()
                .map(|&(x, y)| {
                    let x = (f32::from(x) / 100.0 - 0.35 + normal(rng, 0.025)) * aspect;
                    let y = f32::from(y) / 100.0 - 0.5 + normal(rng, 0.025);
                    let x = x - slant * y;
                    [0.5 + cos * x - sin * y, 0.5 + sin * x + cos * y]
                })
                .collect();
            curve(&moved)
        })
        .collect();
    on_pad(strokes, rng)
}

/// Straight pieces where the pen turns sharply, and a round way (Catmull–Rom) where it does not.
fn curve(places: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut points = vec![places[0]];
    for index in 1..places.len() {
        let (from, to) = (places[index - 1], places[index]);
        let before = index.checked_sub(2).map(|i| places[i]);
        let before = before
            .filter(|&before| is_round(before, from, to))
            .unwrap_or(from);
        let after = places.get(index + 1).copied();
        let after = after
            .filter(|&after| is_round(from, to, after))
            .unwrap_or(to);
        for step in 1..=8 {
            let t = step as f32 / 8.0;
            points.push([0, 1].map(|axis| {
                let (p0, p1, p2, p3) = (before[axis], from[axis], to[axis], after[axis]);
                let (a, b) = (
                    2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3,
                    3.0 * (p1 - p2) + p3 - p0,
                );
                p1 + 0.5 * t * (p2 - p0 + t * (a + t * b))
            }));
        }
    }
    points
}

/// The way from `a` by `b` to `c` turns by less than 60°.
fn is_round(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> bool {
    let [u, v] = [[b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]];
    let length = |w: [f32; 2]| w[0].hypot(w[1]);
    u[0] * v[0] + u[1] * v[1] > 0.5 * length(u) * length(v)
}
