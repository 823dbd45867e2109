use super::GrayImage;

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crop {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Where a crop goes: `scale` cells a pixel, its top left corner at `origin` (cells).
#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    pub(super) scale: f32,
    pub(super) origin: [f32; 2],
}

/// One output cell along one axis: the first source pixel under it and the weight of each from there on.
struct Tap {
    first: usize,
    weights: Vec<f32>,
}

impl Crop {
    pub(super) fn whole(picture: &GrayImage) -> Self {
        Self {
            left: 0,
            top: 0,
            width: picture.width,
            height: picture.height,
        }
    }

    /// The smallest that holds every pixel with at least `threshold` ink; `None` where there is none.
    pub(super) fn around_ink(picture: &GrayImage, threshold: u8) -> Option<Self> {
        let (mut left, mut right) = (usize::MAX, 0);
        let (mut top, mut bottom) = (usize::MAX, 0);
        for (y, row) in picture.rows().enumerate() {
            let inked = |&ink: &u8| ink >= threshold;
            let (Some(first), Some(last)) =
                (row.iter().position(inked), row.iter().rposition(inked))
            else {
                continue;
            };
            left = left.min(first);
            right = right.max(last);
            top = top.min(y);
            bottom = y;
        }
        (left != usize::MAX).then(|| Self {
            left,
            top,
            width: right + 1 - left,
            height: bottom + 1 - top,
        })
    }

    pub(super) fn longest_side(&self) -> usize {
        self.width.max(self.height)
    }

    /// The pixels inside, row by row.
    pub(super) fn rows<'a>(&self, picture: &'a GrayImage) -> impl Iterator<Item = &'a [u8]> {
        let Self {
            left,
            top,
            width,
            height,
        } = *self;
        picture
            .rows()
            .skip(top)
            .take(height)
            .map(move |row| &row[left..left + width])
    }
}

/// The crop on a grid of `width`×`height` cells, 0..=255: a mean over each cell when it shrinks (box filter),
/// cubic interpolation when it grows; paper all around.
pub(super) fn resample(
    picture: &GrayImage,
    crop: Crop,
    placement: Placement,
    width: usize,
    height: usize,
) -> Vec<f32> {
    let columns = taps(width, placement.origin[0], placement.scale, crop.width);
    let rows = taps(height, placement.origin[1], placement.scale, crop.height);
    let narrow: Vec<f32> = crop
        .rows(picture)
        .flat_map(|row| {
            columns.iter().map(|tap| {
                let pixels = row[tap.first..].iter();
                pixels
                    .zip(&tap.weights)
                    .map(|(&v, w)| f32::from(v) * w)
                    .sum::<f32>()
            })
        })
        .collect();
    let mut cells = vec![0.0; width * height];
    for (tap, line) in rows.iter().zip(cells.chunks_exact_mut(width)) {
        let sources = narrow[tap.first * width..].chunks_exact(width);
        for (source, weight) in sources.zip(&tap.weights) {
            for (cell, value) in line.iter_mut().zip(source) {
                *cell += value * weight;
            }
        }
    }
    for cell in &mut cells {
        // Beside an edge a cubic goes a little beyond what the pixels hold.
        *cell = cell.clamp(0.0, 255.0);
    }
    cells
}

/// Shrinking, the window over each cell is as wide as the cell; growing, a cubic goes through the nearest pixels.
fn taps(cells: usize, origin: f32, scale: f32, pixels: usize) -> Vec<Tap> {
    let (reach, weight): (f32, fn(f32, f32) -> f32) = if scale < 1.0 {
        (0.5 / scale, overlap)
    } else {
        (2.0, |away, _| cubic(away.abs()))
    };
    (0..cells)
        .map(|cell| {
            let middle = (cell as f32 + 0.5 - origin) / scale;
            let first = ((middle - reach).floor() as usize).min(pixels);
            let end = ((middle + reach).ceil() as usize).clamp(first, pixels);
            let weights = (first..end)
                .map(|pixel| weight(pixel as f32 + 0.5 - middle, reach))
                .collect();
            Tap { first, weights }
        })
        .collect()
}

/// The part of a window of `reach` on either side that a pixel covers whose middle is so far `away`.
fn overlap(away: f32, reach: f32) -> f32 {
    let covered = (away + 0.5).min(reach) - (away - 0.5).max(-reach);
    covered.max(0.0) / (2.0 * reach)
}

/// Weight of a pixel so far away, in pixels (Keys 1981, a = −1/2): it keeps edges sharper than a line between pixels.
fn cubic(away: f32) -> f32 {
    match away {
        ..1.0 => (1.5 * away - 2.5) * away * away + 1.0,
        ..2.0 => ((-0.5 * away + 2.5) * away - 4.0) * away + 2.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, ink: &[u8]) -> GrayImage {
        GrayImage {
            width,
            height: ink.len() / width,
            ink: ink.to_vec(),
        }
    }

    #[test]
    fn a_crop_holds_the_ink_and_nothing_more() {
        let dots = picture(4, &[0, 0, 0, 0, 0, 0, 90, 0, 0, 200, 0, 0]);
        assert_eq!(
            Crop::around_ink(&dots, 50),
            Some(Crop {
                left: 1,
                top: 1,
                width: 2,
                height: 2
            })
        );
        assert_eq!(Crop::around_ink(&dots, 201), None);
    }

    #[test]
    fn shrinking_takes_the_mean() {
        let source = picture(4, &[0, 100, 200, 40, 100, 200, 0, 0]);
        let placement = Placement {
            scale: 0.5,
            origin: [0.0, 0.0],
        };
        assert_eq!(
            resample(&source, Crop::whole(&source), placement, 2, 1),
            [100.0, 60.0]
        );
    }

    #[test]
    fn growing_interpolates() {
        let source = picture(2, &[0, 200].repeat(9));
        let placement = Placement {
            scale: 2.0,
            origin: [0.0, 0.0],
        };
        // Away from the upper and the lower edge, where ink fades into the paper around.
        let row = &resample(&source, Crop::whole(&source), placement, 4, 18)[36..40];
        for (found, expected) in row.iter().zip([0.0, 45.3, 173.4, 173.4]) {
            assert!((found - expected).abs() < 0.1, "{row:?}");
        }
    }

    #[test]
    fn ink_keeps_its_mass_wherever_it_is_placed() {
        let source = picture(3, &[9, 200, 30, 80, 255, 7, 1, 60, 90]);
        let total: f32 = source.ink.iter().map(|&v| f32::from(v)).sum();
        for scale in [0.37, 1.0, 2.6] {
            let placement = Placement {
                scale,
                origin: [5.3, 7.8],
            };
            let cells = resample(&source, Crop::whole(&source), placement, 20, 20);
            let mass: f32 = cells.iter().sum::<f32>() / (scale * scale);
            assert!((mass / total - 1.0).abs() < 0.05, "{scale}: {mass} {total}");
        }
    }
}
