//! The ten outputs as bars, with arrows to where each should be: which way, and to scale how far.

use super::Places;
use super::stage::{Known, Stage};
use crate::explain::{Step, short, signed};
use crate::ui::theme::{self, Palette};
use egui::{Align2, Color32, FontId, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

/// Room for the numbers at the right.
const NUMBERS: f32 = 62.0;
/// Room for the digit at the left.
const NAMES: f32 = 16.0;

pub fn paint(ui: &Ui, places: &Places, stage: &Stage<'_>, label: Option<u8>, palette: &Palette) {
    let last = stage.pass.layers();
    let a = stage.pass.a(last);
    let truth = stage.pass.truth();
    let known = stage.known(last) != Known::Nothing;
    let compared = stage.has_reached(Step::Cost);
    let again = stage.step == Step::ForwardAgain;
    let everything = a.iter().chain(stage.after.iter()).copied();
    let finite = everything.filter(|value| value.is_finite());
    let (low, high) = finite.fold((0.0_f32, 1.0_f32), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    for output in 0..places.output_count {
        let row = places.row(output);
        let size = (row.height() - 1.0).clamp(8.0, theme::SMALL_SIZE);
        let font = FontId::proportional(size);
        let is_truth = label.map(usize::from) == Some(output);
        let painter = ui.painter();
        painter.text(
            row.left_center() + vec2(4.0, 0.0),
            Align2::LEFT_CENTER,
            output.to_string(),
            font.clone(),
            if is_truth {
                palette.accent
            } else {
                palette.text
            },
        );
        let track = track(row);
        painter.rect_filled(track, 2.0, palette.raised);
        if !known {
            continue;
        }
        let x_of = |value: f32| {
            let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
            track.left() + track.width() * share
        };
        let shown = if again {
            stage.after[output]
        } else {
            a[output]
        };
        let bar = Rect::from_x_y_ranges(
            x_of(0.0).min(x_of(shown))..=x_of(0.0).max(x_of(shown)),
            track.y_range(),
        );
        let fill = if is_truth {
            palette.accent
        } else {
            palette.weak_text
        };
        painter.rect_filled(bar, 2.0, fill.gamma_multiply(0.75));
        let number = if again {
            let before = x_of(a[output]);
            painter.vline(before, row.y_range(), Stroke::new(2.0, palette.text));
            signed(stage.after[output] - a[output])
        } else if compared {
            let (from, to) = (x_of(a[output]), x_of(truth[output]));
            painter.vline(to, row.y_range(), Stroke::new(1.5, palette.text));
            let distance = truth[output] - a[output];
            let rises = distance > 0.0;
            let color = if rises {
                palette.positive
            } else {
                palette.negative
            };
            let middle = row.center().y;
            arrow(ui, pos2(from, middle), pos2(to, middle), color);
            wish(distance)
        } else {
            short(shown)
        };
        let color = if again || compared {
            palette.text
        } else {
            palette.weak_text
        };
        painter.text(
            pos2(row.right() - 4.0, row.center().y),
            Align2::RIGHT_CENTER,
            number,
            font,
            color,
        );
    }
}

/// Where the bar of a row lies.
pub fn track(row: Rect) -> Rect {
    Rect::from_min_max(
        pos2(row.left() + NAMES, row.top() + 2.0),
        pos2(row.right() - NUMBERS, row.bottom() - 2.0),
    )
}

/// Up or down, and how far on the scale of the bars, where more digits would say nothing.
fn wish(distance: f32) -> String {
    if distance.abs() < 0.0005 {
        return "≈ 0".to_owned();
    }
    let way = if distance > 0.0 { '▲' } else { '▼' };
    format!("{way} {distance:+.3}").replace('-', "−")
}

/// A line with a head; too short ones are left away, the number beside them remains.
fn arrow(ui: &Ui, from: Pos2, to: Pos2, color: Color32) {
    let length = to.x - from.x;
    if length.abs() < 3.0 {
        return;
    }
    let painter = ui.painter();
    painter.line_segment([from, to], Stroke::new(2.5, color));
    let head = length.signum() * length.abs().min(6.0);
    painter.add(Shape::convex_polygon(
        vec![to, to + vec2(-head, -4.0), to + vec2(-head, 4.0)],
        color,
        Stroke::NONE,
    ));
}

#[cfg(test)]
mod tests {
    use super::wish;

    #[test]
    fn the_way_is_told_by_a_sign_and_not_by_colour_alone() {
        assert_eq!(wish(0.93), "▲ +0.930");
        assert_eq!(wish(-0.12), "▼ −0.120");
        assert_eq!(wish(-1e-9), "≈ 0");
    }
}
