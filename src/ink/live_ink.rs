//! The ink of a drawing while it is drawn: only what was added to it is inked.

use super::raster::{Canvas, Fit, Nib};
use super::{Drawing, PixelRect, Stroke};

/// A picture of a drawing that follows it. It holds the same ink as [`rasterize`](super::rasterize) makes.
pub struct LiveInk {
    canvas: Canvas,
    /// What the canvas shows.
    drawing: Drawing,
    /// Where the last stroke was inked to.
    last: Option<Nib>,
    /// Where there may be ink.
    inked: PixelRect,
}

impl LiveInk {
    /// Paper of `side`×`side` pixels.
    pub fn new(side: usize) -> Self {
        Self {
            canvas: Canvas::new(side, side),
            drawing: Drawing::new([1.0; 2]),
            last: None,
            inked: PixelRect::default(),
        }
    }

    /// Pixels on a side.
    pub fn side(&self) -> usize {
        self.canvas.width()
    }

    /// All pixels outside are paper.
    pub fn inked(&self) -> &PixelRect {
        &self.inked
    }

    /// Shows `drawing` from now on. Returns the pixels that may have changed.
    pub fn follow(&mut self, drawing: &Drawing) -> PixelRect {
        let mut changed = PixelRect::default();
        if !is_continued(&self.drawing, drawing) {
            changed = std::mem::take(&mut self.inked);
            self.canvas.clear();
            self.drawing = Drawing::new(drawing.size);
        }
        let fit = Fit::new(drawing.size, self.side(), self.side());
        for (index, stroke) in drawing.strokes.iter().enumerate() {
            if index == self.drawing.strokes.len() {
                self.last = None;
                self.drawing.strokes.push(Stroke {
                    points: Vec::new(),
                    width: stroke.width,
                });
            }
            let inked = &mut self.drawing.strokes[index].points;
            let added = &stroke.points[inked.len()..];
            inked.extend_from_slice(added);
            let nibs = added.iter().map(|point| fit.nib(stroke, point));
            let reached = self.canvas.stroke(&mut self.last, nibs);
            self.inked = self.inked.with(&reached);
            changed = changed.with(&reached);
        }
        changed
    }

    /// Ink of each pixel of a part, row by row: 0 paper, 255 full ink.
    pub fn ink_in(&self, part: &PixelRect) -> impl Iterator<Item = u8> {
        self.canvas.ink_in(part)
    }
}

/// Whether points were only added, to the last stroke or as further ones.
fn is_continued(before: &Drawing, now: &Drawing) -> bool {
    let Some((last, finished)) = before.strokes.split_last() else {
        return before.size == now.size;
    };
    before.size == now.size
        && now.strokes.starts_with(finished)
        && now.strokes.get(finished.len()).is_some_and(|stroke| {
            stroke.width == last.width && stroke.points.starts_with(&last.points)
        })
}

#[cfg(test)]
mod tests {
    use super::super::{Point, practice_digit, rasterize};
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const SIDE: usize = 120;

    /// A picture that only hears of what changed.
    struct Screen {
        live: LiveInk,
        pixels: Vec<u8>,
    }

    impl Screen {
        fn new() -> Self {
            Self {
                live: LiveInk::new(SIDE),
                pixels: vec![0; SIDE * SIDE],
            }
        }

        /// How many pixels were told to have changed.
        fn follow(&mut self, drawing: &Drawing) -> usize {
            let changed = self.live.follow(drawing);
            let mut ink = self.live.ink_in(&changed);
            for row in changed.rows.clone() {
                for column in changed.columns.clone() {
                    self.pixels[row * SIDE + column] = ink.next().unwrap();
                }
            }
            assert_eq!(ink.next(), None);
            changed.rows.len() * changed.columns.len()
        }

        fn shows(&self, drawing: &Drawing) -> bool {
            self.pixels == rasterize(drawing, SIDE, SIDE).ink
        }
    }

    fn digit(class: u8) -> Drawing {
        practice_digit(class, &mut StdRng::seed_from_u64(3))
    }

    #[test]
    fn a_drawing_that_grows_point_by_point_is_the_same_ink_as_the_whole() {
        let mut whole = digit(5);
        whole.strokes.extend(digit(1).strokes);
        let mut screen = Screen::new();
        let mut growing = Drawing::new(whole.size);
        let mut most = 0;
        for stroke in &whole.strokes {
            growing.strokes.push(Stroke {
                points: Vec::new(),
                width: stroke.width,
            });
            for &point in &stroke.points {
                growing.strokes.last_mut().unwrap().points.push(point);
                most = most.max(screen.follow(&growing));
                assert!(screen.shows(&growing));
            }
        }
        assert_eq!(growing.strokes, whole.strokes);
        assert!(most < SIDE * SIDE / 10, "{most} pixels for a point");
        assert_eq!(screen.follow(&growing), 0);
    }

    #[test]
    fn what_is_taken_back_erased_or_another_drawing_is_inked_anew() {
        let mut screen = Screen::new();
        let five = digit(5);
        let mut undone = five.clone();
        undone.strokes.pop();
        let mut erased = five.clone();
        assert!(erased.erase([0.0, 140.0], [280.0, 140.0], 20.0));
        let mut wider = five.clone();
        wider.strokes.last_mut().unwrap().width *= 2.0;
        let mut on_a_larger_pad = five.clone();
        on_a_larger_pad.size = [400.0, 560.0];
        let blank = Drawing::new(five.size);
        for drawing in [
            &five,
            &undone,
            &five,
            &erased,
            &five,
            &wider,
            &five,
            &on_a_larger_pad,
            &digit(8),
            &blank,
            &five,
        ] {
            screen.follow(drawing);
            assert!(screen.shows(drawing));
        }
    }

    #[test]
    fn outside_of_what_is_inked_is_paper() {
        let mut screen = Screen::new();
        assert!(screen.live.inked().is_empty());
        let mut dot = Drawing::new([10.0; 2]);
        dot.strokes.push(Stroke {
            points: vec![Point::new(5.0, 5.0)],
            width: 2.0,
        });
        screen.follow(&dot);
        let inked = screen.live.inked().clone();
        // The pen is 24 pixels wide at the usual pressure.
        assert_eq!((inked.columns.len(), inked.rows.len()), (26, 26));
        for (index, &ink) in screen.pixels.iter().enumerate() {
            let (row, column) = (index / SIDE, index % SIDE);
            let is_inside = inked.rows.contains(&row) && inked.columns.contains(&column);
            assert!(is_inside || ink == 0, "row {row}, column {column}");
        }
        screen.follow(&Drawing::new([10.0; 2]));
        assert!(screen.live.inked().is_empty());
    }
}
