use super::GrayImage;
use super::shrink::{Colours, shrunk};
use super::specks::remove_specks;
use super::surface::Surface;
use image::DynamicImage;

/// What strays further from the paper than this is no noise, however much of the border it covers.
const MOST_NOISE: u8 = 60;

/// A border whose tenths are further apart than this is lit unevenly.
const EVEN: u8 = 12;

/// Another channel is taken for the lightness where ink stands out so many times better in it.
const BETTER: f32 = 1.5;

/// Marks on the border that are fainter than this part of the ink belong to the paper: the lines that it is ruled with.
const FAINT: f32 = 0.55;

/// On the shorter side: in a smaller picture the border has ink as often as paper, and nobody rules so finely.
const DETAILED: usize = 64;

/// The ink of a picture: what differs from the paper, and paper is what the border shows.
pub(super) fn ink_of(picture: &DynamicImage) -> GrayImage {
    let colours = shrunk(picture);
    let (width, height) = (colours.width, colours.height);
    let light = lightness(&colours);
    let around = border(&light, width, height);
    let paper = quantile(&around, 0.5);
    let (darkest, lightest) = ends(&light);
    let ink_is_dark = paper.saturating_sub(darkest) >= lightest.saturating_sub(paper);
    let is_detailed = width.min(height) >= DETAILED;
    let is_even = !is_detailed || quantile(&around, 0.9) - quantile(&around, 0.1) <= EVEN;
    let surface = if is_even {
        Surface::flat(paper, width, height)
    } else {
        Surface::curved(&light, width, height, paper)
    };
    let mut ink = above_surface(&light, width, &surface, ink_is_dark);
    let around = border(&ink, width, height);
    let range = if ink_is_dark { paper } else { 255 - paper };
    let mut threshold = noise(&around, range);
    if is_detailed {
        threshold = threshold.max(faint_lines(&around, threshold, ends(&ink).1));
    }
    for value in &mut ink {
        if *value <= threshold {
            *value = 0;
        }
    }
    let inked = ink.iter().filter(|&&ink| ink > 127).count();
    // More ink than paper: the digit touches the border and was taken for the paper.
    if inked * 10 > ink.len() * 6 {
        for ink in &mut ink {
            *ink = 255 - *ink;
        }
    }
    let mut ink = GrayImage { width, height, ink };
    remove_specks(&mut ink);
    ink
}

/// How far every pixel is from the paper towards the ink, as a part of the whole way to black or to white.
fn above_surface(light: &[u8], width: usize, surface: &Surface, ink_is_dark: bool) -> Vec<u8> {
    let above = |index: usize, light: f32| {
        let paper = surface.at(index % width, index / width);
        let (difference, range) = if ink_is_dark {
            (paper - light, paper)
        } else {
            (light - paper, 255.0 - paper)
        };
        (difference.max(0.0) / range.max(1.0) * 255.0 + 0.5) as u8
    };
    light
        .iter()
        .enumerate()
        .map(|(index, &light)| above(index, f32::from(light)))
        .collect()
}

/// How far most of the border strays from the paper is noise; a clean picture has none and keeps its faintest ink.
fn noise(border: &[u8], range: u8) -> u8 {
    match quantile(border, 0.75) {
        0 => 0,
        stray => {
            let most = f32::from(MOST_NOISE) / f32::from(range.max(1)) * 255.0;
            ((f32::from(stray) + 1.0) * 2.0).min(most) as u8
        }
    }
}

/// How strong the lines are that the paper is ruled with: they cross the border, and are fainter than the ink.
fn faint_lines(border: &[u8], noise: u8, brightest: u8) -> u8 {
    let strongest = (f32::from(brightest) * FAINT) as u8;
    let marks = border.iter().filter(|&&ink| ink > noise);
    let (ink, lines): (Vec<u8>, Vec<u8>) = marks.partition(|&&ink| ink >= strongest);
    // Where ink itself crosses the border, its soft edges are no lines.
    if lines.len() > 2 * ink.len() {
        let line = lines.iter().copied().max().unwrap_or(0);
        line.saturating_add(line / 8).min(strongest)
    } else {
        0
    }
}

/// How light every pixel is, in the channel in which the ink stands out: mostly the eye's, but blue on black is as dark
/// for it as black. What is transparent is paper: white under dark ink, black under light ink.
fn lightness(colours: &Colours) -> Vec<u8> {
    let under = paper_under(colours);
    let channel = |light: fn([u8; 4]) -> u8| -> Vec<u8> {
        let over_paper = |pixel: &[u8; 4]| {
            let alpha = u16::from(pixel[3]);
            ((u16::from(light(*pixel)) * alpha + under * (255 - alpha) + 127) / 255) as u8
        };
        colours.pixels.iter().map(over_paper).collect()
    };
    let luma = channel(luma);
    let is_grey = colours.pixels.iter().all(|[r, g, b, _]| r == g && g == b);
    if is_grey {
        return luma;
    }
    let stands_out = |light: &[u8]| {
        let paper = quantile(&border(light, colours.width, colours.height), 0.5);
        let (darkest, lightest) = ends(light);
        f32::from(
            paper
                .saturating_sub(darkest)
                .max(lightest.saturating_sub(paper)),
        )
    };
    let mut best = (stands_out(&luma) * BETTER, luma);
    let others: [fn([u8; 4]) -> u8; 3] = [|p| p[0], |p| p[1], |p| p[2]];
    for other in others {
        let light = channel(other);
        let contrast = stands_out(&light);
        if contrast > best.0 {
            best = (contrast, light);
        }
    }
    best.1
}

/// 0 where what is opaque is light, 255 where it is dark.
fn paper_under(colours: &Colours) -> u16 {
    let (mut weight, mut sum) = (0_u64, 0_u64);
    for &pixel in &colours.pixels {
        weight += u64::from(pixel[3]);
        sum += u64::from(luma(pixel)) * u64::from(pixel[3]);
    }
    if sum > weight * 160 { 0 } else { 255 }
}

/// As the eye weighs the colours (Rec. 709).
fn luma([red, green, blue, _]: [u8; 4]) -> u8 {
    let sum = 2126 * u32::from(red) + 7152 * u32::from(green) + 722 * u32::from(blue);
    ((sum + 5000) / 10_000) as u8
}

/// The least and the most of the values.
fn ends(values: &[u8]) -> (u8, u8) {
    values
        .iter()
        .fold((255, 0), |(low, high), &v| (v.min(low), v.max(high)))
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
