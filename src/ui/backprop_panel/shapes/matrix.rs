//! One matrix to scale: a rectangle with lit rows, columns and cells, and a mark where it cannot be built.

use super::symbols;
use crate::explain::{Outcome, Part, Side};
use crate::ui::theme::Palette;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// How long sides are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Points for a side of length 1; others are longer by the root of theirs.
    points: f32,
}

/// A matrix as it is drawn.
#[derive(Clone, Debug)]
pub struct Drawn<'a> {
    /// What its rows and columns count.
    pub sides: [Side; 2],
    /// Rows and columns in numbers.
    pub lengths: [usize; 2],
    pub outcome: Outcome,
    pub is_chosen: bool,
    pub is_partner: bool,
    pub lit: &'a [Part],
}

/// A side of so many is as long as the room.
const LONGEST: f32 = 1000.0;
/// Lit rows and columns are at least so wide.
const THINNEST: f32 = 2.0;

impl Scale {
    /// The scale at which a side of 1,000 is `room` points long.
    pub fn of_room(room: f32) -> Self {
        Self {
            points: room / LONGEST.sqrt(),
        }
    }

    pub fn size(self, [rows, columns]: [usize; 2]) -> Vec2 {
        vec2(self.length(columns), self.length(rows))
    }

    fn length(self, side: usize) -> f32 {
        (self.points * (side as f32).sqrt()).max(2.5)
    }
}

impl Drawn<'_> {
    pub fn paint(&self, painter: &Painter, rect: Rect, palette: &Palette) {
        let fill = if self.outcome.is_built() {
            palette.raised
        } else {
            palette.window
        };
        painter.rect_filled(rect, 1.0, fill);
        for part in self.lit {
            self.light(painter, rect, *part, palette);
        }
        match self.outcome {
            Outcome::Fits => {}
            Outcome::FitsByChance { .. } => warn(painter, rect, palette.warning),
            Outcome::Clash { .. } => cross(painter, rect, Stroke::new(2.0, palette.error)),
            Outcome::LeftOut => cross(painter, rect, Stroke::new(1.0, palette.weak_text)),
            Outcome::NotReached { .. } => {}
        }
        self.outline(painter, rect, palette);
    }

    fn outline(&self, painter: &Painter, rect: Rect, palette: &Palette) {
        let (width, color) = match self.outcome {
            Outcome::Clash { .. } => (1.5, palette.error),
            Outcome::FitsByChance { .. } => (1.5, palette.warning),
            _ => (1.0, palette.weak_text),
        };
        if self.outcome.is_built() {
            painter.rect_stroke(rect, 1.0, Stroke::new(width, color), StrokeKind::Outside);
            self.mark_examples(painter, rect, palette);
        } else {
            dashed(painter, rect.expand(0.5), Stroke::new(width, color));
        }
        if self.is_chosen {
            let stroke = Stroke::new(2.0, palette.accent);
            painter.rect_stroke(rect.expand(2.5), 2.0, stroke, StrokeKind::Outside);
        } else if self.is_partner {
            dashed(painter, rect.expand(3.5), Stroke::new(2.0, palette.accent));
        }
    }

    /// The sides that count examples: a thick edge.
    fn mark_examples(&self, painter: &Painter, rect: Rect, palette: &Palette) {
        let stroke = Stroke::new(3.0, symbols::examples(palette));
        let [rows, columns] = self.sides;
        if rows == Side::Examples {
            painter.line_segment([rect.left_top(), rect.left_bottom()], stroke);
        }
        if columns == Side::Examples {
            painter.line_segment([rect.left_top(), rect.right_top()], stroke);
        }
    }

    fn light(&self, painter: &Painter, rect: Rect, part: Part, palette: &Palette) {
        let band = palette.accent.gamma_multiply(0.75);
        let [rows, columns] = self.lengths;
        let row = |row: usize| slice(rect.y_range().min, rect.height(), row, rows);
        let column = |column: usize| slice(rect.x_range().min, rect.width(), column, columns);
        match part {
            Part::Row(index) => {
                painter.rect_filled(rect_of([rect.left(), rect.right()], row(index)), 0.0, band);
            }
            Part::Column(index) => {
                painter.rect_filled(
                    rect_of(column(index), [rect.top(), rect.bottom()]),
                    0.0,
                    band,
                );
            }
            Part::Cell(at_row, at_column) => {
                let cell = rect_of(column(at_column), row(at_row));
                painter.rect_filled(cell, 0.0, palette.accent);
                if cell.width() < 6.0 || cell.height() < 6.0 {
                    let ring = Stroke::new(1.2, palette.accent);
                    painter.circle_stroke(cell.center(), 5.0, ring);
                }
            }
            Part::All => {
                painter.rect_filled(rect, 0.0, band);
            }
        }
    }
}

/// The cell of a matrix with these sides that lies at `place` of `rect`.
pub fn cell_at(rect: Rect, [rows, columns]: [usize; 2], place: Pos2) -> [usize; 2] {
    let index = |at: f32, from: f32, length: f32, count: usize| {
        let share = ((at - from) / length.max(1.0)).clamp(0.0, 1.0);
        ((share * count as f32) as usize).min(count.saturating_sub(1))
    };
    [
        index(place.y, rect.top(), rect.height(), rows),
        index(place.x, rect.left(), rect.width(), columns),
    ]
}

/// Where the slice `index` of `count` lies, wide enough to be seen and within the matrix.
fn slice(from: f32, length: f32, index: usize, count: usize) -> [f32; 2] {
    let width = length / count.max(1) as f32;
    let seen = width.max(THINNEST.min(length));
    let middle = from + (index as f32 + 0.5) * width;
    let start = (middle - seen / 2.0).clamp(from, from + length - seen);
    [start, start + seen]
}

fn rect_of([left, right]: [f32; 2], [top, bottom]: [f32; 2]) -> Rect {
    Rect::from_min_max(pos2(left, top), pos2(right, bottom))
}

fn cross(painter: &Painter, rect: Rect, stroke: Stroke) {
    painter.line_segment([rect.left_top(), rect.right_bottom()], stroke);
    painter.line_segment([rect.right_top(), rect.left_bottom()], stroke);
}

/// A triangle in the upper right corner: built, but not to be trusted.
fn warn(painter: &Painter, rect: Rect, color: Color32) {
    let corner = rect.right_top();
    let triangle = vec![corner, corner - vec2(9.0, 0.0), corner + vec2(0.0, 9.0)];
    painter.add(Shape::convex_polygon(triangle, color, Stroke::NONE));
}

fn dashed(painter: &Painter, rect: Rect, stroke: Stroke) {
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    painter.extend(Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_drawn_by_their_root() {
        let scale = Scale::of_room(100.0);
        let size = scale.size([1000, 250]);
        assert!((size.y - 100.0).abs() < 1e-4 && (size.x - 50.0).abs() < 1e-4);
        assert_eq!(
            scale.size([1, 1]),
            vec2(100.0 / LONGEST.sqrt(), 100.0 / LONGEST.sqrt())
        );
    }

    #[test]
    fn the_cell_under_the_pointer_is_within_the_matrix() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(40.0, 100.0));
        assert_eq!(cell_at(rect, [50, 4], pos2(31.0, 41.0)), [10, 2]);
        assert_eq!(cell_at(rect, [50, 4], pos2(500.0, 500.0)), [49, 3]);
        assert_eq!(cell_at(rect, [50, 4], pos2(0.0, 0.0)), [0, 0]);
    }

    #[test]
    fn a_lit_row_is_seen_and_stays_within_the_matrix() {
        for index in [0, 500, 999] {
            let [start, end] = slice(10.0, 100.0, index, 1000);
            assert!((end - start - THINNEST).abs() < 1e-4);
            assert!(start >= 10.0 && end <= 110.001);
        }
        assert_eq!(slice(10.0, 100.0, 1, 4), [35.0, 60.0]);
    }
}
