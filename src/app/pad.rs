use crate::ink::{Cells, Drawing, GrayImage, Point, Stroke};
use std::sync::Arc;

/// What the pen does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PenMode {
    #[default]
    Draw,
    Erase,
}

/// Where what is on the pad comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum InkFrom {
    /// Drawn here with the pen.
    #[default]
    Pen,
    /// Drawn with the pen and kept in My digits, under this number.
    MyDigits(u64),
    /// A picture, a test digit, a practice digit, the drawing of a file.
    Elsewhere,
}

/// The pad: the drawing (or an opened picture) with its undo and redo.
#[derive(Clone, Debug)]
pub struct Pad {
    pub drawing: Arc<Drawing>,
    /// A picture that was opened or a test digit, in place of strokes; the drawing then only holds its label.
    pub picture: Option<Arc<GrayImage>>,
    pub mode: PenMode,
    /// In pad units (the pad is 280 wide).
    pub pen_width: f32,
    /// Grows with every change: the panel redraws its picture when it moves.
    pub version: u64,
    /// What a test digit of a data set is made of: it is read as it is, not normalised once more.
    cells: Option<Arc<Cells>>,
    from: InkFrom,
    undo: Vec<Content>,
    redo: Vec<Content>,
    pen: Option<Pen>,
}

/// What is on the pad.
#[derive(Clone, Debug)]
struct Content {
    drawing: Arc<Drawing>,
    picture: Option<Arc<GrayImage>>,
    cells: Option<Arc<Cells>>,
    from: InkFrom,
}

/// The pen while it is down.
#[derive(Clone, Debug)]
enum Pen {
    Drawing,
    Erasing {
        last: [f32; 2],
        before: Content,
        changed: bool,
    },
}

/// Side of the pad in its own units.
pub const PAD_SIZE: f32 = 280.0;

/// So many steps can be taken back.
const UNDO_STEPS: usize = 100;

impl Pad {
    pub fn new(pen_width: f32) -> Self {
        Self {
            drawing: Arc::new(Drawing::new([PAD_SIZE, PAD_SIZE])),
            picture: None,
            mode: PenMode::default(),
            pen_width,
            version: 0,
            cells: None,
            from: InkFrom::Pen,
            undo: Vec::new(),
            redo: Vec::new(),
            pen: None,
        }
    }

    /// Neither ink nor picture.
    pub fn is_blank(&self) -> bool {
        self.picture.is_none() && self.drawing.is_blank()
    }

    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty() || self.pen.is_some()
    }

    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Whether it holds a drawing of the user's own that is not in My digits yet.
    pub fn can_be_kept(&self) -> bool {
        self.from == InkFrom::Pen && self.picture.is_none() && !self.drawing.is_blank()
    }

    /// The number in My digits of the drawing on the pad. Such a drawing is finished: the next stroke begins another.
    pub fn kept(&self) -> Option<u64> {
        match self.from {
            InkFrom::MyDigits(id) => Some(id),
            InkFrom::Pen | InkFrom::Elsewhere => None,
        }
    }

    /// How far around the pen ink is removed, in pad units.
    pub fn eraser_radius(&self) -> f32 {
        self.pen_width / 2.0
    }

    /// The cells of a test digit, where one is on the pad.
    pub(super) fn cells(&self) -> Option<&Cells> {
        self.cells.as_deref()
    }

    /// The drawing on the pad is in My digits now.
    pub(super) fn mark_kept(&mut self, id: u64) {
        self.from = InkFrom::MyDigits(id);
        self.version += 1;
    }

    /// The drawing on the pad is not in My digits any more, and can be drawn on.
    pub(super) fn let_go(&mut self) {
        self.from = InkFrom::Pen;
        self.set_label(None);
        self.version += 1;
    }

    /// Drawing on a picture, or after a drawing was kept, begins a new drawing in its place; a picture cannot be erased in part.
    /// Returns whether what is on the pad changed.
    pub(super) fn pen_down(&mut self, point: Point, erase: bool) -> bool {
        self.pen_up();
        if !is_finite(point) {
            return false;
        }
        if erase || self.mode == PenMode::Erase {
            self.pen = Some(Pen::Erasing {
                last: [point.x, point.y],
                before: self.content(),
                changed: false,
            });
            return self.pen_move(point);
        }
        self.remember();
        if self.picture.take().is_some() || self.kept().is_some() {
            self.cells = None;
            self.from = InkFrom::Pen;
            self.drawing = Arc::new(Drawing::new([PAD_SIZE, PAD_SIZE]));
        }
        self.pen = Some(Pen::Drawing);
        Arc::make_mut(&mut self.drawing).strokes.push(Stroke {
            points: vec![point],
            width: self.pen_width,
        });
        self.version += 1;
        true
    }

    /// Returns whether what is on the pad changed.
    pub(super) fn pen_move(&mut self, point: Point) -> bool {
        if !is_finite(point) {
            return false;
        }
        let radius = self.eraser_radius();
        match &mut self.pen {
            None => return false,
            // A drawing that is larger could not be opened again.
            Some(Pen::Drawing) if self.drawing.point_count() >= Drawing::MAX_POINTS => {
                return false;
            }
            Some(Pen::Drawing) => {
                let Some(stroke) = Arc::make_mut(&mut self.drawing).strokes.last_mut() else {
                    return false;
                };
                stroke.points.push(point);
            }
            Some(Pen::Erasing { last, changed, .. }) => {
                let from = std::mem::replace(last, [point.x, point.y]);
                if self.picture.is_some()
                    || !Arc::make_mut(&mut self.drawing).erase(from, *last, radius)
                {
                    return false;
                }
                *changed = true;
                if self.kept().is_some() {
                    // What was kept stays as it was; this is another drawing now.
                    self.let_go();
                }
            }
        }
        self.version += 1;
        true
    }

    pub(super) fn pen_up(&mut self) {
        if let Some(Pen::Erasing {
            before,
            changed: true,
            ..
        }) = self.pen.take()
        {
            self.remember_content(before);
        }
    }

    pub(super) fn undo(&mut self) {
        self.pen_up();
        if let Some(earlier) = self.undo.pop() {
            self.redo.push(self.content());
            self.replace(earlier);
        }
    }

    pub(super) fn redo(&mut self) {
        self.pen_up();
        if let Some(later) = self.redo.pop() {
            self.undo.push(self.content());
            self.replace(later);
        }
    }

    pub(super) fn clear(&mut self) {
        self.pen_up();
        if !self.is_blank() || self.drawing.label.is_some() {
            self.put(Content {
                drawing: Arc::new(Drawing::new([PAD_SIZE, PAD_SIZE])),
                picture: None,
                cells: None,
                from: InkFrom::Pen,
            });
        }
    }

    pub(super) fn set_label(&mut self, label: Option<u8>) {
        let label = label.filter(|label| *label <= 9);
        if self.drawing.label != label {
            Arc::make_mut(&mut self.drawing).label = label;
            self.version += 1;
        }
    }

    /// Puts a drawing of any size on the pad, fitted to it.
    pub(super) fn put_drawing(&mut self, drawing: Drawing) {
        self.put_drawing_from(drawing, InkFrom::Elsewhere);
    }

    /// Puts a drawing of My digits on the pad.
    pub(super) fn put_kept(&mut self, drawing: Drawing, id: u64) {
        self.put_drawing_from(drawing, InkFrom::MyDigits(id));
    }

    pub(super) fn put_picture(&mut self, picture: GrayImage) {
        self.put(Content {
            drawing: Arc::new(Drawing::new([PAD_SIZE, PAD_SIZE])),
            picture: Some(Arc::new(picture)),
            cells: None,
            from: InkFrom::Elsewhere,
        });
    }

    pub(super) fn put_example(&mut self, cells: Cells, label: u8) {
        let mut drawing = Drawing::new([PAD_SIZE, PAD_SIZE]);
        drawing.label = Some(label);
        self.put(Content {
            drawing: Arc::new(drawing),
            picture: Some(Arc::new(cells.picture())),
            cells: Some(Arc::new(cells)),
            from: InkFrom::Elsewhere,
        });
    }

    /// Puts on what another pad held, as a change that can be taken back.
    pub(super) fn put_back(&mut self, earlier: &Self) {
        if !Arc::ptr_eq(&self.drawing, &earlier.drawing) {
            self.put(earlier.content());
        }
    }

    fn put_drawing_from(&mut self, drawing: Drawing, from: InkFrom) {
        self.put(Content {
            drawing: Arc::new(fitted(drawing)),
            picture: None,
            cells: None,
            from,
        });
    }

    fn put(&mut self, content: Content) {
        self.pen_up();
        self.remember();
        self.replace(content);
    }

    fn content(&self) -> Content {
        Content {
            drawing: Arc::clone(&self.drawing),
            picture: self.picture.clone(),
            cells: self.cells.clone(),
            from: self.from,
        }
    }

    fn replace(&mut self, content: Content) {
        self.drawing = content.drawing;
        self.picture = content.picture;
        self.cells = content.cells;
        self.from = content.from;
        self.version += 1;
    }

    fn remember(&mut self) {
        self.remember_content(self.content());
    }

    fn remember_content(&mut self, content: Content) {
        if self.undo.len() == UNDO_STEPS {
            self.undo.remove(0);
        }
        self.undo.push(content);
        self.redo.clear();
    }
}

/// The drawing in pad units: as large as fits, in the middle.
fn fitted(mut drawing: Drawing) -> Drawing {
    let [width, height] = drawing.size;
    let longest = width.max(height);
    if !(longest.is_finite() && longest > 0.0) || drawing.size == [PAD_SIZE, PAD_SIZE] {
        return drawing;
    }
    let scale = PAD_SIZE / longest;
    let left = (PAD_SIZE - width * scale) / 2.0;
    let top = (PAD_SIZE - height * scale) / 2.0;
    for stroke in &mut drawing.strokes {
        stroke.width *= scale;
        for point in &mut stroke.points {
            point.x = left + point.x * scale;
            point.y = top + point.y * scale;
        }
    }
    drawing.size = [PAD_SIZE, PAD_SIZE];
    drawing
}

fn is_finite(point: Point) -> bool {
    point.x.is_finite() && point.y.is_finite() && point.pressure.is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, y: f32) -> Point {
        Point::new(x, y)
    }

    fn with_a_stroke() -> Pad {
        let mut pad = Pad::new(20.0);
        pad.pen_down(at(100.0, 60.0), false);
        pad.pen_move(at(100.0, 200.0));
        pad.pen_up();
        pad
    }

    #[test]
    fn every_point_of_a_stroke_is_kept() {
        let mut pad = Pad::new(20.0);
        pad.pen_down(at(10.0, 10.0), false);
        for step in 0..50 {
            pad.pen_move(at(10.0 + step as f32, 20.0));
        }
        pad.pen_up();
        assert_eq!(pad.drawing.strokes.len(), 1);
        assert_eq!(pad.drawing.strokes[0].points.len(), 51);
        assert_eq!(pad.drawing.strokes[0].width, 20.0);
    }

    #[test]
    fn a_stroke_is_one_step_of_undo() {
        let mut pad = with_a_stroke();
        assert!(pad.can_undo() && !pad.can_redo());
        pad.undo();
        assert!(pad.is_blank() && !pad.can_undo());
        pad.redo();
        assert_eq!(pad.drawing.strokes[0].points.len(), 2);
    }

    #[test]
    fn drawing_after_undo_forgets_what_could_be_redone() {
        let mut pad = with_a_stroke();
        pad.undo();
        pad.pen_down(at(1.0, 1.0), false);
        pad.pen_up();
        assert!(!pad.can_redo());
    }

    #[test]
    fn undo_while_the_pen_is_down_takes_the_whole_stroke_back() {
        let mut pad = with_a_stroke();
        pad.pen_down(at(5.0, 5.0), false);
        pad.pen_move(at(6.0, 6.0));
        pad.undo();
        assert_eq!(pad.drawing.strokes.len(), 1);
        assert!(
            !pad.pen_move(at(7.0, 7.0)),
            "the pen must be set down again"
        );
    }

    #[test]
    fn clearing_is_undone_as_one_step_and_a_blank_pad_is_not_cleared_again() {
        let mut pad = with_a_stroke();
        pad.clear();
        pad.clear();
        pad.clear();
        assert!(pad.is_blank());
        pad.undo();
        assert_eq!(pad.drawing.strokes.len(), 1);
    }

    #[test]
    fn undo_is_bounded() {
        let mut pad = Pad::new(20.0);
        for _ in 0..UNDO_STEPS + 20 {
            pad.pen_down(at(1.0, 1.0), false);
            pad.pen_up();
        }
        let mut steps = 0;
        while pad.can_undo() {
            pad.undo();
            steps += 1;
        }
        assert_eq!(steps, UNDO_STEPS);
    }

    #[test]
    fn drawing_on_a_picture_replaces_it_and_undo_brings_it_back() {
        let mut pad = Pad::new(20.0);
        pad.put_example(Cells([7; 784]), 3);
        assert_eq!(pad.drawing.label, Some(3));
        pad.pen_down(at(50.0, 50.0), false);
        pad.pen_up();
        assert!(pad.picture.is_none() && pad.cells().is_none());
        assert_eq!(
            pad.drawing.label, None,
            "the label was the picture's, not the drawing's"
        );
        pad.undo();
        assert!(pad.picture.is_some() && pad.cells().is_some());
        assert_eq!(pad.drawing.label, Some(3));
    }

    #[test]
    fn an_erase_drag_is_one_step_and_one_that_meets_nothing_is_none() {
        let mut pad = with_a_stroke();
        pad.pen_down(at(250.0, 20.0), true);
        pad.pen_move(at(260.0, 30.0));
        pad.pen_up();
        pad.pen_down(at(60.0, 100.0), true);
        pad.pen_move(at(140.0, 100.0));
        pad.pen_move(at(140.0, 150.0));
        pad.pen_move(at(60.0, 150.0));
        pad.pen_up();
        assert!(pad.drawing.strokes.len() > 1, "the stroke was cut");
        pad.undo();
        assert_eq!(pad.drawing.strokes.len(), 1);
        pad.undo();
        assert!(pad.is_blank());
    }

    #[test]
    fn numbers_that_are_not_finite_leave_no_ink() {
        let mut pad = Pad::new(20.0);
        assert!(!pad.pen_down(at(f32::NAN, 1.0), false));
        pad.pen_down(at(1.0, 1.0), false);
        assert!(!pad.pen_move(at(f32::INFINITY, 1.0)));
        assert_eq!(pad.drawing.strokes[0].points.len(), 1);
    }

    #[test]
    fn a_drawing_of_another_size_is_fitted_in_the_middle() {
        let mut drawing = Drawing::new([100.0, 50.0]);
        drawing.strokes.push(Stroke {
            points: vec![at(0.0, 0.0), at(100.0, 50.0)],
            width: 10.0,
        });
        let mut pad = Pad::new(20.0);
        pad.put_drawing(drawing);
        let stroke = &pad.drawing.strokes[0];
        assert_eq!(stroke.width, 28.0);
        assert_eq!((stroke.points[0].x, stroke.points[0].y), (0.0, 70.0));
        assert_eq!((stroke.points[1].x, stroke.points[1].y), (280.0, 210.0));
    }
}
