//! The lines of equal cost, found once for each grid.

use super::sheet::Sheet;
use crate::explain::{ContourLine, Grid, contour_levels, contour_lines};
use crate::ui::number;
use crate::ui::theme;
use egui::{Align2, FontId, Rect, Shape, Stroke};
use std::sync::Arc;

/// The contour lines of a grid.
#[derive(Default)]
pub struct Contours {
    of: Option<Arc<Grid>>,
    levels: Vec<(f32, Vec<ContourLine>)>,
}

impl Contours {
    pub fn follow(&mut self, grid: &Arc<Grid>) {
        if self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, grid)) {
            return;
        }
        self.of = Some(Arc::clone(grid));
        let [lowest, highest] = grid.range().unwrap_or_default();
        self.levels = contour_levels(lowest, highest)
            .into_iter()
            .map(|level| (level, contour_lines(grid, level)))
            .collect();
    }

    pub fn paint(&self, sheet: &Sheet<'_>) {
        let stroke = Stroke::new(1.0, sheet.palette.text.gamma_multiply(0.42));
        for line in self.levels.iter().flat_map(|(_, lines)| lines) {
            let points = line.iter().map(|share| sheet.pos_from_share(*share));
            sheet.painter.add(Shape::line(points.collect(), stroke));
        }
    }

    /// The cost on each line where there is room for it; `taken` is what must not be covered.
    pub fn paint_labels(&self, sheet: &Sheet<'_>, taken: &mut Vec<Rect>) {
        let (painter, palette) = (&sheet.painter, sheet.palette);
        let font = FontId::proportional(theme::SMALL_SIZE - 1.0);
        for (level, lines) in &self.levels {
            let Some(longest) = lines.iter().max_by_key(|line| line.len()) else {
                continue;
            };
            let galley = painter.layout_no_wrap(cost_text(*level), font.clone(), palette.text);
            // From the middle of the line outwards.
            let tries = [0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9];
            let places = tries.map(|part| longest[(part * (longest.len() - 1) as f32) as usize]);
            let rects = places.map(|share| {
                let center = sheet.pos_from_share(share);
                Align2::CENTER_CENTER
                    .anchor_size(center, galley.size())
                    .expand(2.0)
            });
            let fits = |rect: &&Rect| {
                sheet.rect.contains_rect(**rect)
                    && !taken.iter().any(|other| other.intersects(**rect))
            };
            if let Some(rect) = rects.iter().find(fits) {
                painter.rect_filled(*rect, 3.0, palette.panel.gamma_multiply(0.78));
                painter.galley(rect.shrink(2.0).min, galley, palette.text);
                taken.push(rect.expand(4.0));
            }
        }
    }
}

/// A round number, a cost or a rate, in three digits and without zeros that say nothing: "0.05", "0.0001", "2".
pub fn cost_text(cost: f32) -> String {
    if !(1e-6..1e6).contains(&cost) {
        return number::short(cost);
    }
    let decimals = (2.0 - cost.log10().floor()).max(0.0) as usize;
    let text = format!("{cost:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::cost_text;

    #[test]
    fn round_costs_are_written_without_idle_zeros() {
        let texts = [0.05, 0.2, 2.0, 1.5, 10.0, 100.0, 1e-4, 0.0337].map(cost_text);
        let expected = ["0.05", "0.2", "2", "1.5", "10", "100", "0.0001", "0.0337"];
        assert_eq!(texts, expected);
        assert_eq!(cost_text(2e7), "2.0e7");
    }
}
