use super::drawing_record::DrawingRecord;
use super::eraser::Eraser;
use serde::{Deserialize, Serialize};

/// A place the pen was at; x right, y down, in the units of the drawing's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
    /// 0..=1; 0.5 where the system gives none.
    pub pressure: f32,
}

/// What was drawn between pen down and pen up; a single point is a dot.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Stroke {
    pub points: Vec<Point>,
    /// Pen width at pressure 0.5, in the drawing's units.
    pub width: f32,
}

/// Strokes on a pad. Serialises as the drawings format: `{"label": 7, "size": [w, h], "strokes": [[[x, y], …], …]}`.
///
/// A point whose pressure is not 0.5 has it as a third number. Pen widths are not part of the format: a drawing
/// that was read has [`Drawing::usual_pen_width`]. Reading refuses what [`Drawing::check`] refuses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "DrawingRecord", into = "DrawingRecord")]
pub struct Drawing {
    /// What it is meant to be, where somebody said so.
    pub label: Option<u8>,
    /// The number of the person whose hand it is, where the file says so.
    pub writer: Option<u32>,
    /// Width and height of the pad.
    pub size: [f32; 2],
    pub strokes: Vec<Stroke>,
}

/// Why a drawing cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DrawingError {
    #[error("the label is {found}, but a digit is 0 to 9")]
    Label { found: i64 },
    #[error("the writer is {found}, but a writer is a number from 0 to {max}", max = u32::MAX)]
    Writer { found: i64 },
    #[error("the size is {width} × {height}, but both must be numbers above 0")]
    Size { width: f32, height: f32 },
    #[error("point {point} of stroke {stroke} is not a place: x {x}, y {y}, pressure {pressure}")]
    NotFinite {
        /// Counted from 1.
        stroke: usize,
        /// Counted from 1.
        point: usize,
        x: f32,
        y: f32,
        pressure: f32,
    },
    #[error("stroke {stroke} has a pen of width {width}, but it must be a number of 0 or more")]
    PenWidth {
        /// Counted from 1.
        stroke: usize,
        width: f32,
    },
    #[error("the drawing has {found} points, more than the {limit} that are accepted", limit = Drawing::MAX_POINTS)]
    TooManyPoints { found: usize },
}

impl Point {
    /// The pressure where the system gives none.
    pub const USUAL_PRESSURE: f32 = 0.5;

    pub fn new(x: f32, y: f32) -> Self {
        Self {
            x,
            y,
            pressure: Self::USUAL_PRESSURE,
        }
    }
}

impl Drawing {
    /// Far more than a hand writes in one digit; bounds the work that a file can ask for.
    pub const MAX_POINTS: usize = 100_000;

    pub fn new(size: [f32; 2]) -> Self {
        Self {
            label: None,
            writer: None,
            size,
            strokes: Vec::new(),
        }
    }

    /// The pen of a drawing that does not say: a fourteenth of the pad's shorter side.
    pub fn usual_pen_width(size: [f32; 2]) -> f32 {
        size[0].min(size[1]) / 14.0
    }

    /// No ink at all.
    pub fn is_blank(&self) -> bool {
        self.strokes.iter().all(|stroke| stroke.points.is_empty())
    }

    /// Points of all strokes.
    pub fn point_count(&self) -> usize {
        self.strokes.iter().map(|stroke| stroke.points.len()).sum()
    }

    /// What makes the drawing unusable, if anything does.
    pub fn check(&self) -> Result<(), DrawingError> {
        if let Some(label) = self.label.filter(|&label| label > 9) {
            return Err(DrawingError::Label {
                found: label.into(),
            });
        }
        let [width, height] = self.size;
        if ![width, height].iter().all(|v| v.is_finite() && *v > 0.0) {
            return Err(DrawingError::Size { width, height });
        }
        let found = self.point_count();
        if found > Self::MAX_POINTS {
            return Err(DrawingError::TooManyPoints { found });
        }
        for (stroke_index, stroke) in self.strokes.iter().enumerate() {
            if !(stroke.width.is_finite() && stroke.width >= 0.0) {
                return Err(DrawingError::PenWidth {
                    stroke: stroke_index + 1,
                    width: stroke.width,
                });
            }
            let wrong = stroke
                .points
                .iter()
                .position(|p| ![p.x, p.y, p.pressure].iter().all(|v| v.is_finite()));
            if let Some(index) = wrong {
                let Point { x, y, pressure } = stroke.points[index];
                return Err(DrawingError::NotFinite {
                    stroke: stroke_index + 1,
                    point: index + 1,
                    x,
                    y,
                    pressure,
                });
            }
        }
        Ok(())
    }

    /// Removes the ink within `radius` of the segment from `a` to `b`, cutting strokes where needed.
    /// Returns whether anything went.
    pub fn erase(&mut self, a: [f32; 2], b: [f32; 2], radius: f32) -> bool {
        let mut erased = false;
        let mut kept = Vec::with_capacity(self.strokes.len());
        for stroke in std::mem::take(&mut self.strokes) {
            // Half the pen more than the radius, so that the round end of what is left stops at the eraser's edge.
            let eraser = Eraser::new(a, b, radius + stroke.width / 2.0);
            match eraser.cut(&stroke.points) {
                Some(pieces) => {
                    erased = true;
                    kept.extend(pieces.into_iter().map(|points| Stroke {
                        points,
                        width: stroke.width,
                    }));
                }
                None => kept.push(stroke),
            }
        }
        self.strokes = kept;
        erased
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(points: &[[f32; 2]]) -> Stroke {
        Stroke {
            points: points.iter().map(|&[x, y]| Point::new(x, y)).collect(),
            width: 2.0,
        }
    }

    fn drawing(strokes: &[&[[f32; 2]]]) -> Drawing {
        Drawing {
            label: None,
            writer: None,
            size: [100.0, 100.0],
            strokes: strokes.iter().map(|points| stroke(points)).collect(),
        }
    }

    #[test]
    fn an_eraser_across_a_stroke_cuts_it_in_two_at_the_erasers_edge() {
        let mut pad = drawing(&[&[[0.0, 50.0], [100.0, 50.0]]]);
        assert!(pad.erase([50.0, 0.0], [50.0, 100.0], 9.0));
        let ends: Vec<[f32; 2]> = pad
            .strokes
            .iter()
            .map(|stroke| [0, 1].map(|end| stroke.points[end].x.round()))
            .collect();
        // 9 of the eraser and 1 of the pen on either side.
        assert_eq!(ends, [[0.0, 40.0], [60.0, 100.0]]);
    }

    #[test]
    fn an_eraser_beside_the_ink_changes_nothing() {
        let mut pad = drawing(&[&[[0.0, 50.0], [100.0, 50.0]], &[[5.0, 5.0]]]);
        let before = pad.clone();
        assert!(!pad.erase([0.0, 20.0], [100.0, 20.0], 9.0));
        assert_eq!(pad, before);
    }

    #[test]
    fn an_eraser_takes_dots_and_short_strokes_whole() {
        let mut pad = drawing(&[&[[50.0, 50.0]], &[[48.0, 50.0], [52.0, 50.0]]]);
        assert!(pad.erase([50.0, 50.0], [50.0, 50.0], 9.0));
        assert!(pad.is_blank());
        assert!(pad.strokes.is_empty());
    }

    #[test]
    fn erasing_twice_at_one_place_erases_once() {
        let mut pad = drawing(&[&[[0.0, 0.0], [31.0, 47.0], [90.0, 77.0]]]);
        assert!(pad.erase([30.0, 40.0], [33.0, 45.0], 5.0));
        let once = pad.clone();
        assert!(!pad.erase([30.0, 40.0], [33.0, 45.0], 5.0));
        assert_eq!(pad, once);
    }

    #[test]
    fn a_check_names_the_point_that_is_not_a_number() {
        let mut pad = drawing(&[&[[1.0, 1.0]], &[[2.0, 2.0], [3.0, f32::NAN]]]);
        let error = pad.check().unwrap_err().to_string();
        assert_eq!(
            error,
            "point 2 of stroke 2 is not a place: x 3, y NaN, pressure 0.5"
        );
        pad.strokes[1].points[1].y = 3.0;
        assert_eq!(pad.check(), Ok(()));
        pad.size = [0.0, 5.0];
        assert!(matches!(pad.check(), Err(DrawingError::Size { .. })));
        pad.size = [5.0, 5.0];
        pad.label = Some(10);
        assert_eq!(pad.check(), Err(DrawingError::Label { found: 10 }));
    }

    #[test]
    fn a_check_bounds_the_number_of_points() {
        let mut pad = Drawing::new([10.0, 10.0]);
        pad.strokes.push(Stroke {
            points: vec![Point::new(1.0, 1.0); Drawing::MAX_POINTS + 1],
            width: 1.0,
        });
        let error = pad.check().unwrap_err().to_string();
        assert_eq!(
            error,
            "the drawing has 100001 points, more than the 100000 that are accepted"
        );
    }
}
