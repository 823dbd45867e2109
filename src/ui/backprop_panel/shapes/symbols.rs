//! Names of matrices as text: the raised T of a transposed matrix, which no font here has, and B in its own colour.

use crate::ui::theme::{self, Palette};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Align2, Color32, FontId, Painter, Pos2, Response, Ui};

/// The sign in texts for what is painted as a small T.
const TRANSPOSED: char = 'ᵀ';

/// `text` with its raised Ts.
pub fn job(text: &str, size: f32, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    append(&mut job, text, size, color);
    job
}

/// "B×784": the letter of the examples stands out.
pub fn shape_job(shape: &str, size: f32, color: Color32, palette: &Palette) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (place, side) in shape.split('×').enumerate() {
        if place > 0 {
            append(&mut job, "×", size, color);
        }
        let is_examples = side == "B";
        append(
            &mut job,
            side,
            size,
            if is_examples {
                examples(palette)
            } else {
                color
            },
        );
    }
    job
}

/// The colour of the sides that count examples.
pub fn examples(palette: &Palette) -> Color32 {
    palette.good
}

/// Text that wraps.
pub fn label(ui: &mut Ui, text: &str, color: Color32) -> Response {
    let job = job(text, theme::BODY_SIZE, color);
    ui.label(job)
}

/// Paints `job` at `place`.
pub fn paint(painter: &Painter, place: Pos2, anchor: Align2, job: LayoutJob) {
    let galley = painter.layout_job(job);
    let rect = anchor.anchor_size(place, galley.size());
    painter.galley(rect.min, galley, Color32::PLACEHOLDER);
}

/// How wide `text` is in one line.
pub fn width(ui: &Ui, text: &str, size: f32) -> f32 {
    let job = job(text, size, Color32::PLACEHOLDER);
    ui.painter().layout_job(job).size().x
}

/// Goes on with `text` after what `job` holds.
pub fn append(job: &mut LayoutJob, text: &str, size: f32, color: Color32) {
    let format = |size: f32, valign: Align| TextFormat {
        font_id: FontId::proportional(size),
        color,
        valign,
        ..TextFormat::default()
    };
    for (place, part) in text.split(TRANSPOSED).enumerate() {
        if place > 0 {
            job.append("T", 0.0, format(size * 0.72, Align::TOP));
        }
        job.append(part, 0.0, format(size, Align::BOTTOM));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::DARK;

    #[test]
    fn a_transposed_matrix_has_a_small_t() {
        let job = job("Xᵀ·δ¹ / B", 14.0, Color32::WHITE);
        assert_eq!(job.text, "XT·δ¹ / B");
        assert!(job.sections[1].format.font_id.size < job.sections[0].format.font_id.size);
    }

    #[test]
    fn the_examples_stand_out_of_a_shape() {
        let job = shape_job("B×784", 12.0, DARK.text, &DARK);
        assert_eq!(job.text, "B×784");
        assert_eq!(job.sections[0].format.color, examples(&DARK));
        assert_eq!(job.sections[1].format.color, DARK.text);
    }
}
