use super::GrayImage;
use image::DynamicImage;

/// What strays further from the paper than this is no noise, however much of the border it covers.
const MOST_NOISE: u8 = 60;

/// The ink of a picture: what differs from the paper, and paper is what the border shows.
pub(super) fn ink_of(picture: &DynamicImage) -> GrayImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut light = flatten(picture);
    let border = border(&light, width, height);
    let paper = quantile(&border, 0.5);
    let (darkest, lightest) = light
        .iter()
        .fold((255, 0), |(low, high), &v| (v.min(low), v.max(high)));
    let ink_is_dark = paper.saturating_sub(darkest) >= lightest.saturating_sub(paper);
    // From the paper to the end of the scale on the ink's side.
    let range = f32::from(if ink_is_dark { paper } else { 255 - paper }).max(1.0);
    let difference = |light: u8| {
        if ink_is_dark {
            paper.saturating_sub(light)
        } else {
            light.saturating_sub(paper)
        }
    };
    // How far most of the border strays from the paper is noise; a clean picture has none and keeps its faintest ink.
    let strays: Vec<u8> = border.iter().map(|&light| difference(light)).collect();
    let noise = quantile(&strays, 0.75).saturating_mul(2).min(MOST_NOISE);
    for value in &mut light {
        let above = difference(*value);
        *value = if above > noise {
            (f32::from(above) / range * 255.0 + 0.5) as u8
        } else {
            0
        };
    }
    let inked = light.iter().filter(|&&ink| ink > 127).count();
    // More ink than paper: the digit touches the border and was taken for the paper.
    if inked * 10 > light.len() * 6 {
        for ink in &mut light {
            *ink = 255 - *ink;
        }
    }
    GrayImage {
        width,
        height,
        ink: light,
    }
}

/// Lightness of every pixel, with what is transparent as paper: white under dark ink, black under light ink.
fn flatten(picture: &DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.to_luma8().into_raw();
    }
    let pixels = picture.to_luma_alpha8().into_raw();
    let (mut weight, mut sum) = (0_u64, 0_u64);
    for pixel in pixels.chunks_exact(2) {
        weight += u64::from(pixel[1]);
        sum += u64::from(pixel[0]) * u64::from(pixel[1]);
    }
    let under = if sum > weight * 160 { 0 } else { 255 };
    pixels
        .chunks_exact(2)
        .map(|pixel| {
            let alpha = u16::from(pixel[1]);
            ((u16::from(pixel[0]) * alpha + under * (255 - alpha) + 127) / 255) as u8
        })
        .collect()
}

/// The pixels of the outermost rows and columns.
fn border(light: &[u8], width: usize, height: usize) -> Vec<u8> {
    let rows = light.chunks_exact(width.max(1));
    let mut border = Vec::with_capacity(2 * (width + height));
    for (y, row) in rows.enumerate() {
        if y == 0 || y + 1 == height {
            border.extend_from_slice(row);
        } else {
            border.extend(row.first());
            border.extend(row.last());
        }
    }
    border
}

/// The value that this part of the values stays below; 0 for none at all.
fn quantile(values: &[u8], part: f32) -> u8 {
    let mut counts = [0_usize; 256];
    for &value in values {
        counts[usize::from(value)] += 1;
    }
    let rank = (values.len() as f32 * part) as usize;
    let mut seen = 0;
    for (value, count) in (0..=255).zip(counts) {
        seen += count;
        if seen > rank {
            return value;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_counts_from_the_smallest() {
        let values = [9, 1, 5, 7, 3];
        assert_eq!(quantile(&values, 0.0), 1);
        assert_eq!(quantile(&values, 0.5), 5);
        assert_eq!(quantile(&values, 0.9), 9);
        assert_eq!(quantile(&[], 0.5), 0);
    }

    #[test]
    fn a_border_holds_every_outer_pixel_once() {
        let light: Vec<u8> = (0..12).collect();
        assert_eq!(border(&light, 4, 3), [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]);
    }

    #[test]
    fn a_picture_one_pixel_wide_is_read() {
        let line =
            image::GrayImage::from_fn(1, 9, |_, y| image::Luma([if y < 4 { 0 } else { 255 }]));
        let ink = ink_of(&DynamicImage::ImageLuma8(line)).ink;
        assert_eq!(ink, [255, 255, 255, 255, 0, 0, 0, 0, 0]);
    }
}
