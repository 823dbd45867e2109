use image::DynamicImage;
use rayon::prelude::*;

/// Colours of a picture, row by row, with how opaque each is: red, green, blue, alpha.
pub(super) struct Colours {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<[u8; 4]>,
}

/// Pixels on the longer side that are kept: far more than 28×28 cells need, and as many as a pad shows.
const LARGEST_SIDE: usize = 1024;

/// The picture, larger ones shrunk by a whole factor: what is done with ink takes then a bounded time, and noise fades.
pub(super) fn shrunk(picture: &DynamicImage) -> Colours {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let factor = width.max(height).div_ceil(LARGEST_SIDE).max(1);
    let means = |samples: &[u8], channels, rgba: fn(&[u8]) -> [u8; 4]| Colours {
        width: width.div_ceil(factor),
        height: height.div_ceil(factor),
        pixels: means(samples, width * channels, channels, factor, rgba),
    };
    match picture {
        DynamicImage::ImageLuma8(grey) => means(grey, 1, |p| [p[0], p[0], p[0], 255]),
        DynamicImage::ImageLumaA8(grey) => means(grey, 2, |p| [p[0], p[0], p[0], p[1]]),
        DynamicImage::ImageRgb8(colours) => means(colours, 3, |p| [p[0], p[1], p[2], 255]),
        DynamicImage::ImageRgba8(colours) => means(colours, 4, |p| [p[0], p[1], p[2], p[3]]),
        deeper => means(&deeper.to_rgba8(), 4, |p| [p[0], p[1], p[2], p[3]]),
    }
}

/// Means over squares of `factor`×`factor` pixels, cut off at the right and the bottom, weighted by how opaque each is.
fn means(
    samples: &[u8],
    row: usize,
    channels: usize,
    factor: usize,
    rgba: fn(&[u8]) -> [u8; 4],
) -> Vec<[u8; 4]> {
    samples
        .par_chunks(row.max(1) * factor)
        .flat_map_iter(|rows| {
            let columns = (row / channels).div_ceil(factor);
            // Red, green and blue times alpha, alpha, and how many.
            let mut sums = vec![[0_u32; 5]; columns];
            for row in rows.chunks_exact(row) {
                for (square, sum) in row.chunks(channels * factor).zip(&mut sums) {
                    for pixel in square.chunks_exact(channels) {
                        let [red, green, blue, alpha] = rgba(pixel).map(u32::from);
                        for (sum, value) in sum.iter_mut().zip([red, green, blue]) {
                            *sum += value * alpha;
                        }
                        sum[3] += alpha;
                        sum[4] += 1;
                    }
                }
            }
            sums.into_iter().map(|[red, green, blue, alpha, count]| {
                let mean = |sum: u32| ((sum + alpha / 2) / alpha.max(1)) as u8;
                let alpha_mean = ((alpha + count / 2) / count.max(1)) as u8;
                [mean(red), mean(green), mean(blue), alpha_mean]
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Luma, Rgba, RgbaImage};

    #[test]
    fn a_small_picture_keeps_every_pixel() {
        let picture = RgbaImage::from_fn(5, 3, |x, y| Rgba([x as u8, y as u8, 9, 255]));
        let colours = shrunk(&DynamicImage::ImageRgba8(picture));
        assert_eq!((colours.width, colours.height), (5, 3));
        assert_eq!(colours.pixels[7], [2, 1, 9, 255]);
    }

    #[test]
    fn a_large_picture_is_shrunk_to_the_means_of_its_squares_and_keeps_its_edges() {
        let side = 2 * LARGEST_SIDE as u32 + 1;
        let picture = image::GrayImage::from_fn(side, 4, |x, y| {
            Luma([match (x, y) {
                (0, _) => 200,
                (x, 3) if x == side - 1 => 90,
                _ => 50,
            }])
        });
        let colours = shrunk(&DynamicImage::ImageLuma8(picture));
        // By three.
        assert_eq!((colours.width, colours.height), (683, 2));
        assert_eq!(colours.pixels[0], [100, 100, 100, 255]);
        assert_eq!(colours.pixels[683 + 682][0], (90 + 50 + 50) / 3);
    }

    #[test]
    fn what_is_transparent_lends_no_colour() {
        let picture = RgbaImage::from_fn(1026, 2, |x, _| {
            Rgba(if x % 2 == 0 {
                [200, 0, 0, 255]
            } else {
                [0, 255, 0, 0]
            })
        });
        let colours = shrunk(&DynamicImage::ImageRgba8(picture));
        assert!(
            colours
                .pixels
                .iter()
                .all(|&pixel| pixel == [200, 0, 0, 128])
        );
    }
}
