//! Digits on paper as people have it: photographed, scanned, coloured, ruled, tiny and huge. A network that reads the
//! drawings reads the pictures of them as well.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, Luma};
use image::{LumaA, Rgb, RgbImage};
use inkgrad::ink::{Drawing, Ink, cells_of, decode_picture, practice_digit, rasterize};
use inkgrad::model_file::bundled_model;
use inkgrad::nn::Network;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

/// Digits on each kind of paper, all ten in turn.
const COUNT: usize = 100;

/// Pixels on a side of most pictures.
const SIDE: usize = 100;

/// So many of the digits that are read as drawings are read on every paper.
const KEPT: f32 = 0.95;

/// What a digit is drawn with and photographed on.
struct Paper {
    name: &'static str,
    side: usize,
    /// Times the width of the drawing's own pen.
    pen: f32,
    /// The bytes of a file from ink, 0..=1 at x and y, and a number that is different for every digit.
    file: fn(&Shot) -> Vec<u8>,
}

/// The ink of one digit, to be put on paper.
struct Shot {
    side: usize,
    /// 0..=1, row by row.
    ink: Vec<f32>,
    number: u64,
}

const PAPERS: &[Paper] = &[
    paper("dark on light", Shot::plain),
    paper("light on dark", |shot| shot.grey(|_, _| 0.0, 255.0)),
    paper("chalk on slate", |shot| shot.grey(|_, _| 70.0, 215.0)),
    paper("pencil", |shot| shot.grey(|_, _| 245.0, 175.0)),
    paper("black on nothing", |shot| shot.transparent(0)),
    paper("white on nothing", |shot| shot.transparent(255)),
    paper("blue on yellow", |shot| {
        shot.coloured([250, 230, 120], [30, 40, 150])
    }),
    paper("red on green, equally light", |shot| {
        shot.coloured([60, 150, 60], [240, 80, 80])
    }),
    paper("blue on black", |shot| {
        shot.coloured([0, 0, 0], [0, 0, 190])
    }),
    paper("in a shadow", |shot| {
        shot.grey(|x, y| 245.0 - 110.0 * x - 40.0 * y, 25.0)
    }),
    paper("in a soft shadow's edge", |shot| {
        let edge = |x: f32, y: f32| 1.0 / (1.0 + (-(x + 0.6 * y - 0.8) * 7.0).exp());
        shot.grey(move |x, y| 235.0 - 90.0 * edge(x, y), 30.0)
    }),
    paper("lamp in the middle", |shot| {
        let away = |x: f32, y: f32| (x - 0.5).powi(2) + (y - 0.5).powi(2);
        shot.grey(move |x, y| 250.0 - 190.0 * away(x, y), 20.0)
    }),
    paper("light on unevenly dark", |shot| {
        shot.grey(|x, y| 20.0 + 70.0 * y + 20.0 * x, 235.0)
    }),
    paper("ruled", |shot| {
        let line = |y: f32| if (y * 11.0).fract() < 0.08 { 45.0 } else { 0.0 };
        shot.grey(move |_, y| 250.0 - line(y), 30.0)
    }),
    paper("checked", |shot| {
        let line = |at: f32| -> f32 {
            if (at * 13.0).fract() < 0.09 {
                55.0
            } else {
                0.0
            }
        };
        shot.grey(move |x, y| 245.0 - line(x).max(line(y)), 40.0)
    }),
    paper("checked in a shadow", |shot| {
        let line = |at: f32| -> f32 {
            if (at * 13.0).fract() < 0.09 {
                40.0
            } else {
                0.0
            }
        };
        shot.grey(move |x, y| 245.0 - 80.0 * x - line(x).max(line(y)), 25.0)
    }),
    paper("noisy", |shot| shot.noisy(40.0)),
    paper("dusty", |shot| shot.dusty()),
    paper("JPEG of poor quality", |shot| shot.jpeg(12)),
    Paper {
        pen: 0.06,
        ..paper("hairline", Shot::plain)
    },
    Paper {
        pen: 0.06,
        ..paper("hairline of pencil in a shadow", |shot| {
            shot.grey(|x, _| 245.0 - 60.0 * x, 100.0)
        })
    },
    Paper {
        pen: 0.5,
        ..paper("thin", Shot::plain)
    },
    Paper {
        pen: 2.0,
        ..paper("bold", Shot::plain)
    },
    Paper {
        pen: 2.4,
        ..paper("very bold", Shot::plain)
    },
    Paper {
        side: 8,
        ..paper("8×8", Shot::plain)
    },
    Paper {
        side: 11,
        ..paper("11×11", Shot::plain)
    },
    Paper {
        side: 16,
        ..paper("16×16", Shot::plain)
    },
    Paper {
        side: 28,
        ..paper("28×28", Shot::plain)
    },
    Paper {
        side: 48,
        ..paper("48×48", Shot::plain)
    },
];

const fn paper(name: &'static str, file: fn(&Shot) -> Vec<u8>) -> Paper {
    Paper {
        name,
        side: SIDE,
        pen: 1.0,
        file,
    }
}

impl Shot {
    fn at(&self, x: u32, y: u32) -> f32 {
        self.ink[y as usize * self.side + x as usize]
    }

    /// Ink of one lightness on paper that is so light at x and y, both 0..=1.
    fn picture(&self, paper: impl Fn(f32, f32) -> f32, ink: f32) -> GrayImage {
        let side = self.side as u32;
        GrayImage::from_fn(side, side, |x, y| {
            let part = |place: u32| (place as f32 + 0.5) / side as f32;
            let (paper, inked) = (paper(part(x), part(y)), self.at(x, y));
            Luma([(paper + (ink - paper) * inked).clamp(0.0, 255.0) as u8])
        })
    }

    /// Black ink on white paper.
    fn plain(&self) -> Vec<u8> {
        self.grey(|_, _| 255.0, 0.0)
    }

    fn grey(&self, paper: impl Fn(f32, f32) -> f32, ink: f32) -> Vec<u8> {
        png(self.picture(paper, ink).into())
    }

    fn transparent(&self, ink: u8) -> Vec<u8> {
        let side = self.side as u32;
        let picture = image::GrayAlphaImage::from_fn(side, side, |x, y| {
            LumaA([ink, (self.at(x, y) * 255.0) as u8])
        });
        png(picture.into())
    }

    fn coloured(&self, paper: [u8; 3], ink: [u8; 3]) -> Vec<u8> {
        let side = self.side as u32;
        let picture = RgbImage::from_fn(side, side, |x, y| {
            let inked = self.at(x, y);
            let mix = |axis: usize| {
                let [paper, ink] = [paper, ink].map(|colour| f32::from(colour[axis]));
                (paper + (ink - paper) * inked) as u8
            };
            Rgb([mix(0), mix(1), mix(2)])
        });
        png(picture.into())
    }

    fn noisy(&self, strength: f32) -> Vec<u8> {
        let mut rng = StdRng::seed_from_u64(self.number);
        let mut picture = self.picture(|_, _| 215.0, 40.0);
        for pixel in picture.pixels_mut() {
            let noise = rng.random_range(-0.5..0.5) * strength;
            pixel.0[0] = (f32::from(pixel.0[0]) + noise).clamp(0.0, 255.0) as u8;
        }
        png(picture.into())
    }

    fn dusty(&self) -> Vec<u8> {
        let mut rng = StdRng::seed_from_u64(self.number);
        let mut picture = self.picture(|_, _| 250.0, 20.0);
        for _ in 0..12 {
            let [x, y] = [0; 2].map(|_| rng.random_range(0..self.side as u32));
            picture.put_pixel(x, y, Luma([rng.random_range(20..160)]));
        }
        png(picture.into())
    }

    fn jpeg(&self, quality: u8) -> Vec<u8> {
        let picture = self.picture(|_, _| 235.0, 30.0);
        let mut bytes = Vec::new();
        let side = self.side as u32;
        JpegEncoder::new_with_quality(&mut bytes, quality)
            .write_image(&picture, side, side, ExtendedColorType::L8)
            .unwrap();
        bytes
    }
}

fn png(picture: DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The digits of every paper: different hands, some small, some in a corner, as the generator writes them.
fn digits() -> Vec<Drawing> {
    (0..COUNT)
        .map(|index| {
            let mut rng = StdRng::seed_from_u64(7_000 + index as u64);
            practice_digit((index % 10) as u8, &mut rng)
        })
        .collect()
}

fn is_read(network: &Network, drawing: &Drawing, ink: Ink<'_>) -> bool {
    let Ok(cells) = cells_of(ink) else {
        return false;
    };
    let outputs = network.predict(&cells.input());
    inkgrad::nn::argmax(outputs.view()) == usize::from(drawing.label.unwrap())
}

fn is_read_on(paper: &Paper, network: &Network, number: usize, drawing: &Drawing) -> bool {
    let mut drawn = drawing.clone();
    for stroke in &mut drawn.strokes {
        stroke.width *= paper.pen;
    }
    if paper.side < 20 {
        fill_pad(&mut drawn, 0.7 / paper.side as f32);
    }
    let picture = rasterize(&drawn, paper.side, paper.side);
    let shot = Shot {
        side: paper.side,
        ink: picture
            .ink
            .iter()
            .map(|&ink| f32::from(ink) / 255.0)
            .collect(),
        number: number as u64,
    };
    let file = (paper.file)(&shot);
    let opened = decode_picture(Path::new(paper.name), &file).unwrap();
    is_read(network, drawing, Ink::Picture(&opened))
}

/// Brings the digit to the whole pad but for a margin, a part of the pad's side: a tiny picture has none to give away.
fn fill_pad(drawing: &mut Drawing, margin: f32) {
    let points = drawing.strokes.iter().flat_map(|stroke| &stroke.points);
    let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for point in points {
        low = [low[0].min(point.x), low[1].min(point.y)];
        high = [high[0].max(point.x), high[1].max(point.y)];
    }
    let side = drawing.size[0];
    let scale = side * (1.0 - 2.0 * margin) / (high[0] - low[0]).max(high[1] - low[1]);
    for stroke in &mut drawing.strokes {
        stroke.width *= scale;
        for point in &mut stroke.points {
            point.x = side / 2.0 + (point.x - (low[0] + high[0]) / 2.0) * scale;
            point.y = side / 2.0 + (point.y - (low[1] + high[1]) / 2.0) * scale;
        }
    }
}

#[test]
fn every_paper_is_read_as_well_as_the_drawing() {
    let network = bundled_model("default").unwrap().network;
    let digits = digits();
    let drawings = digits.iter();
    let read = drawings.filter(|digit| is_read(&network, digit, Ink::Drawing(digit)));
    let clean = read.count();
    let mut table = format!("{clean} of {COUNT} drawings are read\n");
    let mut worst = f32::INFINITY;
    for paper in PAPERS {
        let right = digits
            .par_iter()
            .enumerate()
            .filter(|(number, digit)| is_read_on(paper, &network, *number, digit))
            .count();
        writeln!(table, "{right:4} {}", paper.name).unwrap();
        worst = worst.min(right as f32 / clean as f32);
    }
    assert!(worst >= KEPT, "{table}");
}
