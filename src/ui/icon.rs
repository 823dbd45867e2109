//! The icons of the buttons, drawn with lines: the same in every theme, at every size, without an icon font.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use std::f32::consts::TAU;

/// A picture on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Reset,
    Undo,
    Redo,
    Eraser,
    Clear,
    Write,
    Sun,
    Moon,
    /// Half sun, half moon: the theme of the system.
    System,
    Close,
    Check,
}

impl Icon {
    /// Paints the icon into the largest square in the middle of `rect`.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let side = rect.width().min(rect.height());
        let place = Place {
            origin: rect.center() - vec2(side, side) / 2.0,
            side,
        };
        let stroke = Stroke::new((side / 9.0).max(1.3), color);
        match self {
            Self::Play => {
                let triangle = place.points(&[(0.24, 0.12), (0.88, 0.5), (0.24, 0.88)]);
                painter.add(Shape::convex_polygon(triangle, color, Stroke::NONE));
            }
            Self::Pause => {
                for left in [0.2, 0.58] {
                    let bar =
                        Rect::from_two_pos(place.point(left, 0.14), place.point(left + 0.22, 0.86));
                    painter.rect_filled(bar, side / 14.0, color);
                }
            }
            Self::Reset => {
                painter.add(Shape::line(place.arc(0.36, -0.12, 0.68), stroke));
                let head = place.points(&[(0.895, 0.045), (0.895, 0.415), (0.525, 0.375)]);
                painter.add(Shape::convex_polygon(head, color, Stroke::NONE));
            }
            Self::Undo => turn_back(painter, &place, stroke, |x| x),
            Self::Redo => turn_back(painter, &place, stroke, |x| 1.0 - x),
            Self::Eraser => {
                let body = [
                    (0.1, 0.56),
                    (0.5, 0.14),
                    (0.88, 0.46),
                    (0.5, 0.86),
                    (0.38, 0.86),
                ];
                painter.add(Shape::closed_line(place.points(&body), stroke));
                painter.add(Shape::line(
                    place.points(&[(0.32, 0.33), (0.7, 0.66)]),
                    stroke,
                ));
            }
            Self::Clear => {
                painter.add(Shape::line(
                    place.points(&[(0.14, 0.26), (0.86, 0.26)]),
                    stroke,
                ));
                painter.add(Shape::line(
                    place.points(&[(0.37, 0.24), (0.4, 0.12), (0.6, 0.12), (0.63, 0.24)]),
                    stroke,
                ));
                painter.add(Shape::line(
                    place.points(&[(0.22, 0.28), (0.28, 0.9), (0.72, 0.9), (0.78, 0.28)]),
                    stroke,
                ));
                for x in [0.42, 0.58] {
                    painter.add(Shape::line(place.points(&[(x, 0.42), (x, 0.76)]), stroke));
                }
            }
            Self::Write => {
                let pen = [
                    (0.14, 0.86),
                    (0.2, 0.62),
                    (0.7, 0.12),
                    (0.88, 0.3),
                    (0.38, 0.8),
                ];
                painter.add(Shape::closed_line(place.points(&pen), stroke));
                painter.add(Shape::line(
                    place.points(&[(0.58, 0.24), (0.76, 0.42)]),
                    stroke,
                ));
            }
            Self::Sun => {
                painter.circle_stroke(place.point(0.5, 0.5), side * 0.2, stroke);
                for ray in 0..8 {
                    let angle = TAU * ray as f32 / 8.0;
                    let direction = vec2(angle.cos(), angle.sin()) * side;
                    let middle = place.point(0.5, 0.5);
                    painter.line_segment(
                        [middle + direction * 0.33, middle + direction * 0.46],
                        stroke,
                    );
                }
            }
            Self::Moon => {
                let mut outline = place.arc(0.38, 0.0, 0.75);
                let (Some(&last), Some(&first)) = (outline.last(), outline.first()) else {
                    return;
                };
                let inner = place.point(0.56, 0.44);
                outline.push(last.lerp(inner, 0.75));
                outline.push(inner);
                outline.push(inner.lerp(first, 0.35));
                painter.add(Shape::closed_line(outline, stroke));
            }
            Self::System => {
                painter.circle_stroke(place.point(0.5, 0.5), side * 0.38, stroke);
                painter.add(Shape::convex_polygon(
                    place.arc(0.38, 0.25, 0.75),
                    color,
                    Stroke::NONE,
                ));
            }
            Self::Check => {
                let tick = place.points(&[(0.14, 0.54), (0.4, 0.8), (0.88, 0.24)]);
                painter.add(Shape::line(tick, stroke));
            }
            Self::Close => {
                painter.line_segment([place.point(0.22, 0.22), place.point(0.78, 0.78)], stroke);
                painter.line_segment([place.point(0.78, 0.22), place.point(0.22, 0.78)], stroke);
            }
        }
    }
}

/// A unit square on the screen.
struct Place {
    origin: Pos2,
    side: f32,
}

impl Place {
    fn point(&self, x: f32, y: f32) -> Pos2 {
        pos2(self.origin.x + x * self.side, self.origin.y + y * self.side)
    }

    fn points(&self, points: &[(f32, f32)]) -> Vec<Pos2> {
        points.iter().map(|&(x, y)| self.point(x, y)).collect()
    }

    /// Part of a circle about the middle; `from` and `to` in turns, clockwise from the right.
    fn arc(&self, radius: f32, from: f32, to: f32) -> Vec<Pos2> {
        (0..=20)
            .map(|i| {
                let angle = TAU * (from + (to - from) * i as f32 / 20.0);
                self.point(0.5 + radius * angle.cos(), 0.5 + radius * angle.sin())
            })
            .collect()
    }
}

/// An arrow that goes right and comes back to the left, or its mirror image.
fn turn_back(painter: &Painter, place: &Place, stroke: Stroke, x: impl Fn(f32) -> f32) {
    let path = |points: &[(f32, f32)]| {
        let points = points.iter().map(|&(along, y)| place.point(x(along), y));
        Shape::line(points.collect(), stroke)
    };
    painter.add(path(&[
        (0.2, 0.34),
        (0.62, 0.34),
        (0.77, 0.39),
        (0.85, 0.48),
        (0.87, 0.58),
        (0.85, 0.68),
        (0.77, 0.77),
        (0.62, 0.82),
        (0.4, 0.82),
    ]));
    painter.add(path(&[(0.36, 0.14), (0.14, 0.34), (0.36, 0.54)]));
}
