/// How light the paper is at every place: a curved surface, for a lamp and a shadow make no two places alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Surface {
    /// Of 1, x, y, x², xy and y², with x and y from −1 to 1.
    weights: [f64; TERMS],
    width: usize,
    height: usize,
}

const TERMS: usize = 6;

/// Samples along each axis.
const SAMPLES: usize = 64;

/// Rounds of fitting, each without what the last one has shown to be no paper.
const ROUNDS: usize = 12;

/// What is further from the surface than this in the first round is not paper.
const WIDEST: f64 = 48.0;

/// The border is paper for the most part, however unevenly it is lit.
const WIDEST_ON_BORDER: f64 = 150.0;

/// What is nearer than this always is.
const NARROWEST: f64 = 6.0;

impl Surface {
    /// The same everywhere.
    pub(super) fn flat(light: u8, width: usize, height: usize) -> Self {
        let mut weights = [0.0; TERMS];
        weights[0] = f64::from(light);
        Self {
            weights,
            width,
            height,
        }
    }

    /// The surface that most of the picture lies on, looked for from `paper` and from the border on; robust against ink,
    /// which lies off it.
    pub(super) fn curved(light: &[u8], width: usize, height: usize, paper: u8) -> Self {
        let step = |length: usize| (length / SAMPLES).max(1);
        let samples: Vec<Sample> = (0..height)
            .step_by(step(height))
            .chain([height.saturating_sub(1)])
            .flat_map(|y| {
                let columns = (0..width).step_by(step(width));
                columns
                    .chain([width.saturating_sub(1)])
                    .map(move |x| (x, y))
            })
            .map(|(x, y)| Sample {
                terms: terms(x, y, width, height),
                light: f64::from(light[y * width + x]),
            })
            .collect();
        let on_border = |sample: &&Sample| sample.terms[1].abs().max(sample.terms[2].abs()) > 0.9;
        let border: Vec<&Sample> = samples.iter().filter(on_border).collect();
        let mut surface = Self::flat(paper, width, height);
        surface.fit(&border, WIDEST_ON_BORDER);
        surface.fit(&samples.iter().collect::<Vec<_>>(), WIDEST);
        surface
    }

    /// How light the paper is at a pixel, 0..=255.
    pub(super) fn at(&self, x: usize, y: usize) -> f32 {
        let terms = terms(x, y, self.width, self.height);
        dot(&self.weights, &terms).clamp(0.0, 255.0) as f32
    }

    /// What is further away than `reach` has no say, and the reach becomes shorter.
    fn fit(&mut self, samples: &[&Sample], mut reach: f64) {
        for _ in 0..ROUNDS {
            let mut matrix = [[0.0; TERMS + 1]; TERMS];
            for sample in samples {
                let off = (sample.light - dot(&self.weights, &sample.terms)) / reach;
                // Tukey's biweight.
                let weight = (1.0 - off * off).max(0.0).powi(2);
                for (row, a) in matrix.iter_mut().zip(&sample.terms) {
                    for (cell, b) in row.iter_mut().zip(&sample.terms) {
                        *cell += weight * a * b;
                    }
                    row[TERMS] += weight * a * sample.light;
                }
            }
            let Some(weights) = solve(matrix) else {
                return;
            };
            self.weights = weights;
            reach = (reach * 0.8).max(NARROWEST);
        }
    }
}

struct Sample {
    terms: [f64; TERMS],
    light: f64,
}

fn terms(x: usize, y: usize, width: usize, height: usize) -> [f64; TERMS] {
    let part = |place: usize, length: usize| 2.0 * (place as f64 + 0.5) / length as f64 - 1.0;
    let (x, y) = (part(x, width), part(y, height));
    [1.0, x, y, x * x, x * y, y * y]
}

fn dot(a: &[f64; TERMS], b: &[f64; TERMS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Gauss's elimination with the largest pivot; `None` where the samples do not determine the surface.
fn solve(mut matrix: [[f64; TERMS + 1]; TERMS]) -> Option<[f64; TERMS]> {
    for column in 0..TERMS {
        let pivot = (column..TERMS)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))?;
        matrix.swap(column, pivot);
        let top = matrix[column];
        if top[column].abs() < 1e-6 {
            return None;
        }
        for (row, values) in matrix.iter_mut().enumerate() {
            if row != column {
                let factor = values[column] / top[column];
                for (value, above) in values.iter_mut().zip(top) {
                    *value -= factor * above;
                }
            }
        }
    }
    let mut weights = [0.0; TERMS];
    for (index, weight) in weights.iter_mut().enumerate() {
        *weight = matrix[index][TERMS] / matrix[index][index];
    }
    Some(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize, light: impl Fn(f32, f32) -> f32) -> Vec<u8> {
        (0..width * height)
            .map(|i| {
                let (x, y) = (i % width, i / width);
                light(x as f32 / width as f32, y as f32 / height as f32) as u8
            })
            .collect()
    }

    #[test]
    fn a_shadow_across_the_page_is_followed_under_the_ink() {
        let paper = |x: f32, y: f32| 240.0 - 90.0 * x - 30.0 * y * y;
        let is_inked = |x: f32, y: f32| (0.4..0.55).contains(&x) && (0.1..0.9).contains(&y);
        let light = picture(
            120,
            90,
            |x, y| if is_inked(x, y) { 40.0 } else { paper(x, y) },
        );
        let surface = Surface::curved(&light, 120, 90, 195);
        for (x, y) in [(0, 0), (119, 89), (60, 45), (20, 80), (100, 5)] {
            let expected = paper(x as f32 / 120.0, y as f32 / 90.0);
            assert!((surface.at(x, y) - expected).abs() < 3.0, "{x} {y}");
        }
    }

    #[test]
    fn one_light_gives_a_flat_surface_and_tiny_pictures_are_no_trouble() {
        for (width, height) in [(50, 40), (1, 9), (2, 2), (1, 1)] {
            let surface = Surface::curved(&vec![77; width * height], width, height, 77);
            let light = surface.at(width / 2, height - 1);
            assert!((light - 77.0).abs() < 0.5, "{width}×{height}: {light}");
        }
    }
}
