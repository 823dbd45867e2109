use super::GrayImage;
use super::fitted_picture::line_width;
use super::resample::{Crop, Placement, resample};

/// Pixels on one side of a cell in the picture that is worked on.
pub(super) const PIXELS_PER_CELL: f32 = 8.0;

/// Free around the ink, so that every line has paper on both sides, in pixels.
const MARGIN: usize = 2;

/// Lines of this many cells are too thick, for loops close and corners fill; what is thicker still is no line.
const THICK: std::ops::Range<f32> = 3.6..7.0;

/// Ink in a `crop` that is to have `scale` cells a pixel, with its lines made `pen_width` cells thin; `None` where they
/// are not too thick.
pub(super) fn thin(
    picture: &GrayImage,
    crop: Crop,
    scale: f32,
    pen_width: f32,
) -> Option<GrayImage> {
    let width = line_width(picture, crop) * scale;
    if !THICK.contains(&width) {
        return None;
    }
    let scale = scale * PIXELS_PER_CELL;
    let sized = |pixels: usize| (pixels as f32 * scale).ceil() as usize + 2 * MARGIN;
    let (columns, rows) = (sized(crop.width), sized(crop.height));
    let placement = Placement {
        scale,
        origin: [MARGIN as f32; 2],
    };
    let ink = resample(picture, crop, placement, columns, rows);
    let brightest = ink.iter().copied().fold(0.0, f32::max);
    let depth = depths(&ink, brightest / 2.0, columns);
    let taken = (width - pen_width) / 2.0 * PIXELS_PER_CELL;
    let left = depth
        .iter()
        .map(|depth| ((depth - taken).clamp(0.0, 1.0) * 255.0) as u8);
    Some(GrayImage {
        width: columns,
        height: rows,
        ink: left.collect(),
    })
}

/// How far each pixel of ink is from the paper, in pixels, by steps of 1 and √2 to neighbours; 0 on paper.
/// The outermost pixels are paper.
fn depths(ink: &[f32], threshold: f32, columns: usize) -> Vec<f32> {
    let mut depth: Vec<f32> = ink
        .iter()
        .map(|&ink| if ink < threshold { 0.0 } else { f32::INFINITY })
        .collect();
    let inner = columns + 1..depth.len().saturating_sub(columns + 1);
    let step = |depth: &mut [f32], here: usize, near: [usize; 4]| {
        let [side, corner, straight, other] = near.map(|index| depth[index]);
        let nearest = (side.min(straight) + 1.0).min(corner.min(other) + std::f32::consts::SQRT_2);
        depth[here] = depth[here].min(nearest);
    };
    for i in inner.clone() {
        step(
            &mut depth,
            i,
            [i - 1, i - columns - 1, i - columns, i - columns + 1],
        );
    }
    for i in inner.rev() {
        step(
            &mut depth,
            i,
            [i + 1, i + columns + 1, i + columns, i + columns - 1],
        );
    }
    depth
}
