//! Wishes as arrows, agreement as bars: the sign is told by direction as well as by colour.

use crate::ui::theme::{self, Palette};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// Shorter arrows have no head to point with.
const HEAD: f32 = 4.0;
/// Between a bar and the number beside it.
const NUMBER_WIDTH: f32 = 38.0;

/// An arrow from the middle of `rect` upwards for a wish above zero, downwards below; `limit` reaches the edge.
pub fn up_or_down(painter: &Painter, rect: Rect, wish: f64, limit: f64, palette: &Palette) {
    let middle = rect.center();
    let line = Stroke::new(1.0, palette.outline);
    painter.line_segment(
        [
            pos2(rect.left() + 2.0, middle.y),
            pos2(rect.right() - 2.0, middle.y),
        ],
        line,
    );
    let length = share(wish, limit) * rect.height() / 2.0;
    arrow(painter, middle, vec2(0.0, -length), color(wish, palette));
}

/// An arrow from the middle of `rect` to the right for a wish above zero, to the left below.
pub fn left_or_right(painter: &Painter, rect: Rect, wish: f64, limit: f64, palette: &Palette) {
    let middle = rect.center();
    let line = Stroke::new(1.0, palette.outline);
    painter.line_segment([middle - vec2(0.0, 9.0), middle + vec2(0.0, 9.0)], line);
    let length = share(wish, limit) * rect.width() / 2.0;
    arrow(painter, middle, vec2(length, 0.0), color(wish, palette));
}

/// A cosine as a bar from the middle, −1 at the left end of `rect` and 1 at the right, with its number.
pub fn cosine(painter: &Painter, rect: Rect, cosine: Option<f64>, palette: &Palette) {
    let font = FontId::proportional(theme::SMALL_SIZE);
    let bar = rect.with_max_x(rect.right() - NUMBER_WIDTH);
    let middle = bar.center();
    let ground = Rect::from_center_size(middle, vec2(bar.width(), 4.0));
    painter.rect_filled(ground, 2.0, palette.outline.gamma_multiply(0.5));
    painter.line_segment(
        [middle - vec2(0.0, 6.0), middle + vec2(0.0, 6.0)],
        Stroke::new(1.0, palette.outline),
    );
    let place = pos2(rect.right(), middle.y);
    let Some(value) = cosine else {
        painter.text(place, Align2::RIGHT_CENTER, "–", font, palette.weak_text);
        return;
    };
    let end = middle.x + value as f32 * bar.width() / 2.0;
    let filled = Rect::from_x_y_ranges(
        middle.x.min(end)..=middle.x.max(end),
        middle.y - 4.0..=middle.y + 4.0,
    );
    painter.rect_filled(filled, 1.0, color(value, palette));
    painter.text(
        place,
        Align2::RIGHT_CENTER,
        cosine_text(value),
        font,
        palette.text,
    );
}

/// "0.53", "−0.10"
pub fn cosine_text(cosine: f64) -> String {
    let text = format!("{cosine:.2}");
    match text.as_str() {
        "-0.00" => "0.00".to_owned(),
        _ => text.replace('-', "−"),
    }
}

fn arrow(painter: &Painter, from: Pos2, way: Vec2, color: Color32) {
    let length = way.length();
    if length < 0.75 {
        painter.circle_filled(from, 1.5, color);
        return;
    }
    let direction = way / length;
    let head = HEAD.min(length);
    let tip = from + way;
    let neck = tip - direction * head;
    let side = direction.rot90() * head * 0.8;
    painter.line_segment([from, neck], Stroke::new(2.5, color));
    let triangle = vec![tip, neck + side, neck - side];
    painter.add(Shape::convex_polygon(triangle, color, Stroke::NONE));
}

/// The length as a share of the longest, −1..=1: by the square root, so that beside a loud wish the quiet ones are seen.
fn share(wish: f64, limit: f64) -> f32 {
    if limit > 0.0 {
        let share = (wish / limit).clamp(-1.0, 1.0);
        share.abs().sqrt().copysign(share) as f32
    } else {
        0.0
    }
}

fn color(value: f64, palette: &Palette) -> Color32 {
    if value < 0.0 {
        palette.negative
    } else {
        palette.positive
    }
}

#[cfg(test)]
mod tests {
    use super::{cosine_text, share};

    #[test]
    fn a_cosine_has_two_decimals_and_a_true_minus() {
        assert_eq!(cosine_text(0.534), "0.53");
        assert_eq!(cosine_text(-0.1), "−0.10");
        assert_eq!(cosine_text(-0.001), "0.00");
    }

    #[test]
    fn arrows_are_as_long_as_the_root_of_the_wish_and_end_at_the_edge() {
        assert_eq!(share(0.5, 2.0), 0.5);
        assert_eq!(share(-0.02, 2.0), -0.1);
        assert_eq!(share(-5.0, 2.0), -1.0);
        assert_eq!(share(1.0, 0.0), 0.0);
    }
}
