use super::fitted_drawing::FittedDrawing;
use super::fitted_picture::{FITTING, FittedPicture, brightest, thumbnail};
use super::resample::Crop;
use super::{Cells, Drawing, GrayImage, SIDE, Step, Steps, rasterize};

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
    /// The ink on its way, first to last, for showing; the last one shows `cells`.
    pub stages: Vec<Stage>,
}

/// The ink after a step of the normalisation, as a small picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// "Fitted to 20×20", "Centred by mass": sentence case.
    pub name: &'static str,
    /// The step that led here, where it can be left out.
    pub step: Option<Step>,
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

/// Side of the pictures that show a stage.
const THUMBNAIL: usize = 56;

/// From any ink to the network's input, as MNIST was made: fitted into 20×20 keeping the aspect, then centred
/// by its mass in 28×28 (LeCun, Cortes and Burges). Used by the pad, by picture files and by every data set.
///
/// Drawings are redrawn with one pen; pictures are cut out and resampled. A picture of 28×28 that is normalised
/// already stays as it is. Steps that are left out are skipped; the stages are the same.
pub fn normalize(ink: Ink<'_>, steps: Steps) -> Result<Normalized, Blank> {
    match ink {
        Ink::Drawing(drawing) => normalize_drawing(drawing, steps),
        Ink::Picture(picture) => normalize_picture(picture, steps),
    }
}

/// What [`normalize`] gives with all steps, without the pictures of the stages, which take most of its time: where
/// nobody looks.
pub fn cells_of(ink: Ink<'_>) -> Result<Cells, Blank> {
    match ink {
        Ink::Drawing(drawing) => cells_with_pen(drawing, PEN_WIDTH),
        Ink::Picture(picture) => match already_normalized(picture) {
            Some(cells) => Ok(cells),
            None => {
                let fit = FittedPicture::new(picture, PEN_WIDTH, Steps::ALL).ok_or(Blank)?;
                let in_place = fit.render(fit.home());
                Ok(fit.render(centred(&in_place, fit.home(), fit.extent())))
            }
        },
    }
}

/// A drawing as the network sees it, redrawn with a pen of `pen_width` cells.
pub(super) fn cells_with_pen(drawing: &Drawing, pen_width: f32) -> Result<Cells, Blank> {
    let fit = FittedDrawing::new(drawing, Some(pen_width)).ok_or(Blank)?;
    let in_place = fit.render(fit.home());
    Ok(fit.render(centred(&in_place, fit.home(), fit.extent())))
}

fn normalize_drawing(drawing: &Drawing, steps: Steps) -> Result<Normalized, Blank> {
    let with_pen = |pen_width| {
        let fitted = if steps.has(Step::Fit) {
            FittedDrawing::new(drawing, pen_width)
        } else {
            FittedDrawing::of_whole_pad(drawing, pen_width)
        };
        fitted.ok_or(Blank)
    };
    let fitted = with_pen(None)?;
    let inked = with_pen(steps.has(Step::Thickness).then_some(PEN_WIDTH))?;
    let in_place = inked.render(inked.home());
    let cells = if steps.has(Step::Centre) {
        inked.render(centred(&in_place, inked.home(), inked.extent()))
    } else {
        in_place
    };
    let stages = vec![
        start("As drawn", rasterize(drawing, THUMBNAIL, THUMBNAIL)),
        after(Step::Fit, "Fitted to 20×20", &fitted.render(fitted.home())),
        after(Step::Thickness, "Standard pen", &in_place),
        after(Step::Centre, "Centred by mass", &cells),
    ];
    Ok(Normalized { cells, stages })
}

fn normalize_picture(picture: &GrayImage, steps: Steps) -> Result<Normalized, Blank> {
    let opened = start("As opened", thumbnail(picture, THUMBNAIL, 1.0));
    if let Some(cells) = already_normalized(picture) {
        let kept = start("Kept: it is as MNIST's are", cells.picture());
        return Ok(Normalized {
            cells,
            stages: vec![opened, kept],
        });
    }
    let with = |steps| FittedPicture::new(picture, PEN_WIDTH, steps).ok_or(Blank);
    let fitted = with(steps.with(Step::Thickness, false))?;
    let inked = with(steps)?;
    let in_place = inked.render(inked.home());
    let cells = if steps.has(Step::Centre) {
        inked.render(centred(&in_place, inked.home(), inked.extent()))
    } else {
        in_place
    };
    let gain = if steps.has(Step::Brightness) {
        255.0 / f32::from(brightest(picture).max(1))
    } else {
        1.0
    };
    let bright = Stage {
        name: "Brightest ink to 1",
        step: Some(Step::Brightness),
        picture: thumbnail(picture, THUMBNAIL, gain),
    };
    let stages = vec![
        opened,
        bright,
        after(Step::Fit, "Fitted to 20×20", &fitted.render(fitted.home())),
        after(Step::Thickness, "Usual thickness", &in_place),
        after(Step::Centre, "Centred by mass", &cells),
    ];
    Ok(Normalized { cells, stages })
}

fn start(name: &'static str, picture: GrayImage) -> Stage {
    Stage {
        name,
        step: None,
        picture,
    }
}

fn after(step: Step, name: &'static str, cells: &Cells) -> Stage {
    Stage {
        name,
        step: Some(step),
        picture: cells.picture(),
    }
}

/// Where the middle of the ink goes so that its centre of mass is where MNIST has it, or as near as possible where ink of
/// this `extent` would leave the picture. `in_place` is the ink with its middle at `home`.
fn centred(in_place: &Cells, home: [f32; 2], extent: [f32; 2]) -> [f32; 2] {
    let middle = SIDE as f32 / 2.0;
    let mass = centre_of_mass(&in_place.0).unwrap_or([MASS_CENTRE; 2]);
    [0, 1].map(|axis| {
        let room = ((SIDE as f32 - extent[axis]) / 2.0).max(0.0);
        (home[axis] + (MASS_CENTRE - mass[axis])).clamp(middle - room, middle + room)
    })
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
        && Crop::around_ink(picture, 1).is_some_and(|ink| FITTING.contains(&ink.longest_side()));
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
        assert_eq!(
            normalize(Ink::Drawing(&drawing(&[])), Steps::ALL),
            Err(Blank)
        );
        assert_eq!(
            normalize(Ink::Drawing(&drawing(&[&[]])), Steps::ALL),
            Err(Blank)
        );
        let paper = GrayImage {
            width: 50,
            height: 30,
            ink: vec![5; 1500],
        };
        assert_eq!(normalize(Ink::Picture(&paper), Steps::ALL), Err(Blank));
        let nothing = GrayImage {
            width: 0,
            height: 0,
            ink: Vec::new(),
        };
        assert_eq!(normalize(Ink::Picture(&nothing), Steps::ALL), Err(Blank));
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
        let again = normalize(Ink::Picture(&once.picture()), Steps::ALL).unwrap();
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
    fn the_last_stage_shows_the_cells() {
        let picture = rasterize(&seven(), 90, 120);
        for ink in [Ink::Drawing(&seven()), Ink::Picture(&picture)] {
            let normalized = normalize(ink, Steps::ALL).unwrap();
            assert_eq!(normalized.cells, cells_of(ink).unwrap());
            for steps in [
                Steps::ALL,
                Steps::NONE,
                Steps::NONE.with(Step::Centre, true),
            ] {
                let normalized = normalize(ink, steps).unwrap();
                let last = normalized.stages.last().unwrap();
                assert_eq!(last.picture, normalized.cells.picture());
            }
        }
    }

    #[test]
    fn without_any_step_the_whole_pad_is_shrunk() {
        let mut drawn = seven();
        drawn.size = [300.0, 280.0];
        drawn.strokes[1].width = 9.0;
        let shrunk = normalize(Ink::Drawing(&drawn), Steps::NONE).unwrap().cells;
        let expected = Cells(rasterize(&drawn, SIDE, SIDE).ink.try_into().unwrap());
        assert!(largest_difference(&shrunk, &expected) <= 2);

        let mut picture = rasterize(&drawn, 280, 280);
        for ink in &mut picture.ink {
            *ink = (f32::from(*ink) * 0.6) as u8;
        }
        let shrunk = normalize(Ink::Picture(&picture), Steps::NONE)
            .unwrap()
            .cells;
        assert!((150..=153).contains(shrunk.0.iter().max().unwrap()));
        let mass = |cells: &Cells| centre_of_mass(&cells.0).unwrap();
        for axis in 0..2 {
            assert!((mass(&shrunk)[axis] - mass(&expected)[axis]).abs() < 0.1);
        }
    }

    #[test]
    fn each_step_alone_does_what_its_name_says() {
        let mut drawn = seven();
        for stroke in &mut drawn.strokes {
            stroke.width = 12.0;
            for point in &mut stroke.points {
                *point = Point::new(point.x * 0.6, point.y * 0.6);
            }
        }
        let picture = rasterize(&drawn, 280, 280);
        for ink in [Ink::Drawing(&drawn), Ink::Picture(&picture)] {
            let only = |step| {
                let steps = Steps::NONE.with(step, true);
                normalize(ink, steps).unwrap().cells
            };
            let none = normalize(ink, Steps::NONE).unwrap().cells;
            let area = |cells: &Cells| cells.0.iter().map(|&v| f32::from(v) / 255.0).sum::<f32>();
            assert!(extent(&none).1 < 19);
            assert!(extent(&only(Step::Fit)).1 >= 18);
            assert!(area(&only(Step::Thickness)) > 1.5 * area(&none));
            assert_centred(&only(Step::Centre));
            assert!(largest_difference(&none, &only(Step::Centre)) > 100);
        }
    }

    #[test]
    fn ink_beyond_the_pad_is_defined_whatever_is_left_out() {
        let far = drawing(&[&[[-1e30, 3.0], [1e38, -2e38]], &[[140.0, 279.9]]]);
        let beyond = drawing(&[&[[400.0, 400.0], [500.0, 600.0]]]);
        for steps in [
            Steps::NONE,
            Steps::NONE.with(Step::Centre, true),
            Steps::ALL.with(Step::Fit, false),
            Steps::ALL,
        ] {
            for drawing in [&far, &beyond] {
                assert!(normalize(Ink::Drawing(drawing), steps).is_ok());
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
