use super::{normal, on_pad};
use inkgrad::ink::Drawing;
use rand::RngExt;
use rand::rngs::StdRng;
use std::f32::consts::TAU;

/// A way of scribbling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scribble {
    /// The pen wanders.
    Walk,
    /// To and fro, closely, from one side to the other.
    Zigzag,
    /// Three turns or more.
    Spiral,
    /// An area filled with ink.
    Blob,
    /// Two crossing lines.
    Cross,
    /// Five points and more, in one go.
    Star,
    /// Three to six lines anywhere.
    Lines,
    /// Several dots.
    Dots,
    /// A row of loops, as one tries a pen.
    Loops,
    /// Lines down and lines across.
    Grid,
}

impl Scribble {
    pub const ALL: [Self; 10] = [
        Self::Walk,
        Self::Zigzag,
        Self::Spiral,
        Self::Blob,
        Self::Cross,
        Self::Star,
        Self::Lines,
        Self::Dots,
        Self::Loops,
        Self::Grid,
    ];

    pub fn draw(self, rng: &mut StdRng) -> Drawing {
        let strokes = match self {
            Self::Walk => vec![walk(rng)],
            Self::Zigzag => vec![zigzag(rng)],
            Self::Spiral => vec![spiral(rng)],
            Self::Blob => vec![blob(rng)],
            Self::Cross => cross(rng),
            Self::Star => vec![star(rng)],
            Self::Lines => (0..rng.random_range(3..=6)).map(|_| line(rng)).collect(),
            Self::Dots => (0..rng.random_range(4..=12))
                .map(|_| vec![[rng.random(), rng.random()]])
                .collect(),
            Self::Loops => vec![loops(rng)],
            Self::Grid => grid(rng),
        };
        on_pad(strokes, rng)
    }
}

fn walk(rng: &mut StdRng) -> Vec<[f32; 2]> {
    let mut place: [f32; 2] = [rng.random(), rng.random()];
    let mut direction = rng.random_range(0.0..TAU);
    (0..rng.random_range(60..160))
        .map(|_| {
            direction += normal(rng, 0.7);
            for (axis, part) in [direction.cos(), direction.sin()].into_iter().enumerate() {
                place[axis] += 0.06 * part;
                if !(0.0..=1.0).contains(&place[axis]) {
                    place[axis] = place[axis].clamp(0.0, 1.0);
                    direction += TAU / 3.0;
                }
            }
            place
        })
        .collect()
}

fn zigzag(rng: &mut StdRng) -> Vec<[f32; 2]> {
    let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
    let turns = rng.random_range(5..14);
    let height = rng.random_range(0.3..0.9);
    (0..=turns)
        .map(|turn| {
            let along = turn as f32 / turns as f32 - 0.5 + normal(rng, 0.02);
            let side = if turn % 2 == 0 { 0.5 } else { -0.5 };
            let across = side * height + normal(rng, 0.05);
            [
                0.5 + cos * along - sin * across,
                0.5 + sin * along + cos * across,
            ]
        })
        .collect()
}

fn spiral(rng: &mut StdRng) -> Vec<[f32; 2]> {
    let turns = rng.random_range(2.6..4.5);
    let start = rng.random_range(0.0..TAU);
    let way = if rng.random() { 1.0 } else { -1.0 };
    let squeeze = rng.random_range(0.7..1.0);
    (0..=120)
        .map(|step| {
            let part = step as f32 / 120.0;
            let (sin, cos) = (start + way * part * turns * TAU).sin_cos();
            [0.5 + 0.5 * part * cos * squeeze, 0.5 + 0.5 * part * sin]
        })
        .collect()
}

fn blob(rng: &mut StdRng) -> Vec<[f32; 2]> {
    let [first, second, third] = [0; 3].map(|_| normal(rng, 0.12));
    let squeeze = rng.random_range(0.6..1.0);
    let outline = |angle: f32| {
        0.42 * (1.0
            + first * angle.cos()
            + second * (2.0 * angle).sin()
            + third * (3.0 * angle).cos())
    };
    // From the middle outwards, closely enough to leave no paper.
    (0..=900)
        .map(|step| {
            let part = step as f32 / 900.0;
            let angle = part * 16.0 * TAU;
            let radius = part * outline(angle);
            [
                0.5 + radius * angle.cos() * squeeze,
                0.5 + radius * angle.sin(),
            ]
        })
        .collect()
}

fn cross(rng: &mut StdRng) -> Vec<Vec<[f32; 2]>> {
    let turn = rng.random_range(0.0..TAU);
    [0.0, TAU / 4.0]
        .map(|quarter| {
            let (sin, cos) = (turn + quarter + normal(rng, 0.15)).sin_cos();
            let half = rng.random_range(0.35..0.5);
            let middle = [0; 2].map(|_| 0.5 + normal(rng, 0.04));
            vec![
                [middle[0] - half * cos, middle[1] - half * sin],
                [middle[0] + half * cos, middle[1] + half * sin],
            ]
        })
        .to_vec()
}

fn star(rng: &mut StdRng) -> Vec<[f32; 2]> {
    let points = [5, 7][rng.random_range(0..2_usize)];
    let turn = rng.random_range(0.0..TAU);
    (0..=points)
        .map(|point| {
            let (sin, cos) = (turn + (point * (points / 2)) as f32 / points as f32 * TAU).sin_cos();
            [
                0.5 + 0.5 * cos + normal(rng, 0.03),
                0.5 + 0.5 * sin + normal(rng, 0.03),
            ]
        })
        .collect()
}

fn line(rng: &mut StdRng) -> Vec<[f32; 2]> {
    vec![[rng.random(), rng.random()], [rng.random(), rng.random()]]
}

fn loops(rng: &mut StdRng) -> Vec<[f32; 2]> {
    let count = rng.random_range(3.0..5.5);
    let [width, height] = [rng.random_range(0.1..0.2), rng.random_range(0.12..0.3)];
    let slope = normal(rng, 0.15);
    (0..=160)
        .map(|step| {
            let part = step as f32 / 160.0;
            let (sin, cos) = (part * count * TAU).sin_cos();
            [
                part + width * cos,
                0.5 + slope * (part - 0.5) + height * sin,
            ]
        })
        .collect()
}

fn grid(rng: &mut StdRng) -> Vec<Vec<[f32; 2]>> {
    let lines = rng.random_range(2..=4);
    (0..lines)
        .flat_map(|index| {
            let place = (index as f32 + 0.5) / lines as f32;
            let [a, b, c, d] = [0; 4].map(|_| place + normal(rng, 0.04));
            [vec![[a, 0.0], [b, 1.0]], vec![[0.0, c], [1.0, d]]]
        })
        .collect()
}
