use super::fitted_drawing::FittedDrawing;
use super::fitted_picture::{FittedPicture, thumbnail};
use super::resample::Crop;
use super::{Cells, Drawing, GrayImage, SIDE, rasterize};

/// Anything that can become a network's input.
#[derive(Clone, Copy, Debug)]
pub enum Ink<'a> {
    Drawing(&'a Drawing),
    Picture(&'a GrayImage),
}

/// Ink as the network sees it, and how it came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalized {
    pub cells: Cells,
    /// The steps between, first to last, for showing; the last one shows `cells`.
    pub steps: Vec<Step>,
}

/// One step of the normalisation, as a small picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// "Fitted to 20×20", "Centred by mass": sentence case.
    pub name: &'static str,
    pub picture: GrayImage,
}

/// There is no ink to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no ink")]
pub struct Blank;

/// Identifies this way of normalising in model files.
pub const NORMALIZATION_ID: &str = "box20-mass-centred";

/// The pen that every drawing is redrawn with, in cells, with a soft edge of one cell.
pub(super) const PEN_WIDTH: f32 = 2.6;

/// Where the centre of mass goes, in cells from the top left. MNIST's 70,000 digits have theirs at 14.5 on average
/// (measured: between 14 and 15), as whole cells were shifted, and not at 14, the middle of the picture.
const MASS_CENTRE: f32 = 14.5;

/// Side of the pictures that show a step.
const THUMBNAIL: usize = 56;

/// From any ink to the network's input, as MNIST was made: fitted into 20×20 keeping the aspect, then centred
/// by its mass in 28×28 (LeCun, Cortes and Burges). Used by the pad, by picture files and by every data set.
///
/// Drawings are redrawn with one pen; pictures are cut out and resampled. A picture of 28×28 that is normalised
/// already stays as it is.
pub fn normalize(ink: Ink<'_>) -> Result<Normalized, Blank> {
    let (first, cropped, fitted, cells) = match ink {
        Ink::Drawing(drawing) => {
            let fit = FittedDrawing::new(drawing, PEN_WIDTH).ok_or(Blank)?;
            let (fitted, cells) = centre_by_mass(fit.extent(), |middle| fit.render(middle));
            let drawn = rasterize(drawing, THUMBNAIL, THUMBNAIL);
            (drawn, fit.cropped(THUMBNAIL), fitted, cells)
        }
        Ink::Picture(picture) => {
            let first = thumbnail(picture, Crop::whole(picture), THUMBNAIL);
            if let Some(cells) = already_normalized(picture) {
                let steps = vec![step("As opened", first), step("Kept", cells.picture())];
                return Ok(Normalized { cells, steps });
            }
            let fit = FittedPicture::new(picture, PEN_WIDTH).ok_or(Blank)?;
            let (fitted, cells) = centre_by_mass(fit.extent(), |middle| fit.render(middle));
            (first, fit.cropped(THUMBNAIL), fitted, cells)
        }
    };
    let steps = vec![
        step("As drawn", first),
        step("Cropped", cropped),
        step("Fitted to 20×20", fitted.picture()),
        step("Centred by mass", cells.picture()),
    ];
    Ok(Normalized { cells, steps })
}

/// What [`normalize`] gives, without the pictures of the steps, which take most of its time: where nobody looks.
pub fn cells_of(ink: Ink<'_>) -> Result<Cells, Blank> {
    match ink {
        Ink::Drawing(drawing) => cells_with_pen(drawing, PEN_WIDTH),
        Ink::Picture(picture) => match already_normalized(picture) {
            Some(cells) => Ok(cells),
            None => {
                let fit = FittedPicture::new(picture, PEN_WIDTH).ok_or(Blank)?;
                Ok(centre_by_mass(fit.extent(), |middle| fit.render(middle)).1)
            }
        },
    }
}

/// A drawing as the network sees it, redrawn with a pen of `pen_width` cells.
pub(super) fn cells_with_pen(drawing: &Drawing, pen_width: f32) -> Result<Cells, Blank> {
    let fit = FittedDrawing::new(drawing, pen_width).ok_or(Blank)?;
    Ok(centre_by_mass(fit.extent(), |middle| fit.render(middle)).1)
}

fn step(name: &'static str, picture: GrayImage) -> Step {
    Step { name, picture }
}

/// The ink in the middle of the picture, and the same ink with its centre of mass where MNIST has it; as near as
/// possible where ink of this `extent` would leave the picture.
fn centre_by_mass(extent: [f32; 2], render: impl Fn([f32; 2]) -> Cells) -> (Cells, Cells) {
    let middle = SIDE as f32 / 2.0;
    let fitted = render([middle; 2]);
    let mass = centre_of_mass(&fitted.0).unwrap_or([MASS_CENTRE; 2]);
    let mut centred = [middle; 2];
    for axis in 0..2 {
        let room = ((SIDE as f32 - extent[axis]) / 2.0).max(0.0);
        centred[axis] += (MASS_CENTRE - mass[axis]).clamp(-room, room);
    }
    let cells = render(centred);
    (fitted, cells)
}

/// In cells from the top left corner; `None` for blank cells.
fn centre_of_mass(cells: &[u8; SIDE * SIDE]) -> Option<[f32; 2]> {
    let (mut mass, mut x_sum, mut y_sum) = (0_u32, 0_u32, 0_u32);
    for (y, row) in (0..).zip(cells.chunks_exact(SIDE)) {
        for (x, &ink) in (0..).zip(row) {
            let ink = u32::from(ink);
            mass += ink;
            x_sum += ink * x;
            y_sum += ink * y;
        }
    }
    (mass > 0).then(|| [x_sum, y_sum].map(|sum| sum as f32 / mass as f32 + 0.5))
}

/// The cells of a picture that looks as MNIST's do: 28×28, bright, ink about 20 long, mass within a cell of its place.
/// Such a picture gets the same answer here as when a test set is scored.
fn already_normalized(picture: &GrayImage) -> Option<Cells> {
    let cells = Cells(picture.ink.as_slice().try_into().ok()?);
    let is_bright = cells.0.iter().any(|&ink| ink >= 192);
    let is_sized = picture.width == SIDE
        && Crop::around_ink(picture, 1).is_some_and(|ink| (18..=22).contains(&ink.longest_side()));
    let is_centred = centre_of_mass(&cells.0)
        .is_some_and(|mass| mass.iter().all(|place| (place - MASS_CENTRE).abs() <= 1.0));
    (is_bright && is_sized && is_centred).then_some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Point, Stroke};

    fn drawing(strokes: &[&[[f32; 2]]]) -> Drawing {
        Drawing {
            label: None,
            writer: None,
            size: [280.0, 280.0],
            strokes: strokes
                .iter()
                .map(|points| Stroke {
                    points: points.iter().map(|&[x, y]| Point::new(x, y)).collect(),
                    width: 20.0,
                })
                .collect(),
        }
    }

    fn seven() -> Drawing {
        drawing(&[
            &[[80.0, 60.0], [200.0, 55.0], [120.0, 240.0]],
            &[[100.0, 150.0], [190.0, 145.0]],
        ])
    }

    fn cells(drawing: &Drawing) -> Cells {
        cells_of(Ink::Drawing(drawing)).unwrap()
    }

    /// Columns and rows that hold ink of at least half.
    fn extent(cells: &Cells) -> (usize, usize) {
        let ink = Crop::around_ink(&cells.picture(), 128).unwrap();
        (ink.width, ink.height)
    }

    /// 20, with a cell more or less where ink lies across cells.
    fn is_about_twenty(side: usize) -> bool {
        (19..=21).contains(&side)
    }

    /// In cells of full ink.
    fn total_difference(a: &Cells, b: &Cells) -> f32 {
        let pairs = a.0.iter().zip(&b.0);
        pairs.map(|(a, b)| f32::from(a.abs_diff(*b)) / 255.0).sum()
    }

    fn largest_difference(a: &Cells, b: &Cells) -> u8 {
        let pairs = a.0.iter().zip(&b.0);
        pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
    }

    fn assert_centred(cells: &Cells) {
        for place in centre_of_mass(&cells.0).unwrap() {
            assert!((place - MASS_CENTRE).abs() < 0.05, "{place}");
        }
    }

    #[test]
    fn a_drawing_fills_twenty_cells_and_is_centred_by_mass() {
        let seven = cells(&seven());
        let (width, height) = extent(&seven);
        assert!(is_about_twenty(height));
        assert!(width < 19);
        assert_centred(&seven);
        let wide = cells(&drawing(&[&[[0.0, 0.0], [90.0, 20.0]]]));
        assert!(is_about_twenty(extent(&wide).0));
        assert_centred(&wide);
    }

    #[test]
    fn place_size_and_unit_of_a_drawing_do_not_matter() {
        let expected = cells(&seven());
        for (scale, x, y) in [(1e-6, 0.0, 0.0), (1e30, 0.0, 0.0), (0.3, 200.0, -900.0)] {
            let mut moved = seven();
            moved.size = [280.0 * scale, 90.0 * scale];
            for point in moved.strokes.iter_mut().flat_map(|s| &mut s.points) {
                *point = Point::new(point.x * scale + x, point.y * scale + y);
            }
            assert!(
                largest_difference(&cells(&moved), &expected) <= 2,
                "{scale}"
            );
        }
    }

    #[test]
    fn a_dot_becomes_a_dot() {
        let dot = cells(&drawing(&[&[[3.0, 270.0]]]));
        assert_eq!(extent(&dot), (3, 3));
        assert_centred(&dot);
        let tap = cells(&drawing(&[&[[3.0, 270.0], [4.0, 270.0]]]));
        assert!(largest_difference(&tap, &dot) < 80);
    }

    #[test]
    fn a_hairline_becomes_a_line_of_the_pens_width() {
        let line = cells(&drawing(&[&[[140.0, 20.0], [140.0, 250.0]]]));
        assert_eq!(extent(&line).0, 3);
        assert!(is_about_twenty(extent(&line).1));
        let flat = cells(&drawing(&[&[[20.0, 140.0], [250.0, 140.0]]]));
        assert_eq!(extent(&flat).1, 3);
        assert!(is_about_twenty(extent(&flat).0));
    }

    #[test]
    fn nothing_drawn_is_blank() {
        assert_eq!(normalize(Ink::Drawing(&drawing(&[]))), Err(Blank));
        assert_eq!(normalize(Ink::Drawing(&drawing(&[&[]]))), Err(Blank));
        let paper = GrayImage {
            width: 50,
            height: 30,
            ink: vec![5; 1500],
        };
        assert_eq!(normalize(Ink::Picture(&paper)), Err(Blank));
        let nothing = GrayImage {
            width: 0,
            height: 0,
            ink: Vec::new(),
        };
        assert_eq!(normalize(Ink::Picture(&nothing)), Err(Blank));
    }

    #[test]
    fn a_filled_square_stays_one() {
        let lines: Vec<[f32; 2]> = (0..100)
            .map(|i| {
                [
                    if i % 4 < 2 { 50.0 } else { 250.0 },
                    50.0 + (i / 2) as f32 * 4.0,
                ]
            })
            .collect();
        let square = cells(&drawing(&[&lines]));
        let full = square.0.iter().filter(|&&ink| ink == 255).count();
        assert!((17 * 17..=19 * 19).contains(&full), "{full}");
        assert_centred(&square);
    }

    #[test]
    fn a_picture_of_a_drawing_reads_as_the_drawing_does() {
        let mut drawn = seven();
        for stroke in &mut drawn.strokes {
            // Which becomes the standard pen when 185 units become 16.4 cells.
            stroke.width = 29.3;
        }
        let picture = rasterize(&drawn, 280, 280);
        let from_picture = cells_of(Ink::Picture(&picture)).unwrap();
        assert_centred(&from_picture);
        assert!(total_difference(&from_picture, &cells(&drawn)) < 6.0);
    }

    #[test]
    fn a_thin_line_in_a_picture_is_redrawn_with_the_standard_pen() {
        let mut thin = seven();
        for stroke in &mut thin.strokes {
            stroke.width = 1.5;
        }
        let picture = rasterize(&thin, 280, 280);
        let from_picture = cells_of(Ink::Picture(&picture)).unwrap();
        let ink = |cells: &Cells| cells.0.iter().map(|&v| f32::from(v) / 255.0).sum::<f32>();
        let (found, expected) = (ink(&from_picture), ink(&cells(&seven())));
        assert!((found / expected - 1.0).abs() < 0.12, "{found} {expected}");
        assert!(is_about_twenty(extent(&from_picture).1));
    }

    #[test]
    fn a_thick_line_in_a_picture_is_made_thin() {
        let mut thick = seven();
        for stroke in &mut thick.strokes {
            stroke.width = 52.0;
        }
        let picture = rasterize(&thick, 400, 400);
        let from_picture = cells_of(Ink::Picture(&picture)).unwrap();
        assert_centred(&from_picture);
        assert!(is_about_twenty(extent(&from_picture).1));
        let difference = total_difference(&from_picture, &cells(&seven()));
        assert!(difference < 40.0, "{difference}");
    }

    #[test]
    fn small_large_faint_and_dotted_pictures_are_defined() {
        let dot = |side: usize, ink: u8| {
            let mut picture = GrayImage {
                width: side,
                height: side,
                ink: vec![0; side * side],
            };
            picture.ink[side * side / 3] = ink;
            picture
        };
        for side in [1, 3, 28, 700] {
            let cells = cells_of(Ink::Picture(&dot(side, 90))).unwrap();
            assert!(extent(&cells).0 <= 2);
            assert_eq!(cells.0.iter().max(), Some(&255));
        }
        let square = GrayImage {
            width: 10,
            height: 10,
            ink: vec![60; 100],
        };
        let cells = cells_of(Ink::Picture(&square)).unwrap();
        assert!(is_about_twenty(extent(&cells).0));
        assert_eq!(cells.0.iter().max(), Some(&255));
    }

    #[test]
    fn normalising_twice_changes_nothing() {
        let once = cells(&seven());
        let again = normalize(Ink::Picture(&once.picture())).unwrap();
        assert_eq!(again.cells, once);
        // A digit in a corner is not normalised yet.
        let mut moved = Cells::BLANK;
        for row in 4..SIDE {
            for column in 4..SIDE {
                moved.0[(row - 4) * SIDE + column - 4] = once.0[row * SIDE + column];
            }
        }
        let back = cells_of(Ink::Picture(&moved.picture())).unwrap();
        assert_centred(&back);
        // A little smaller, as the soft edge now counts for the box.
        assert!(total_difference(&back, &once) < 20.0);
    }

    #[test]
    fn the_last_step_shows_the_cells() {
        let picture = rasterize(&seven(), 90, 120);
        for ink in [Ink::Drawing(&seven()), Ink::Picture(&picture)] {
            let normalized = normalize(ink).unwrap();
            assert_eq!(normalized.cells, cells_of(ink).unwrap());
            let last = normalized.steps.last().unwrap();
            assert_eq!(last.picture, normalized.cells.picture());
            for step in &normalized.steps {
                assert!(
                    step.picture.ink.iter().any(|&ink| ink > 100),
                    "{}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn ink_stays_in_the_picture_however_lopsided_it_is() {
        // A heavy blot far to the left of a long thin line.
        let mut points: Vec<[f32; 2]> = (0..400)
            .map(|i| [i as f32 % 20.0, (i / 20) as f32])
            .collect();
        points.push([200.0, 10.0]);
        let cells = cells(&drawing(&[&points]));
        assert!(is_about_twenty(extent(&cells).0));
    }
}
