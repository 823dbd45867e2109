//! How many values lie where: counts in bins that are symmetric about zero.

use super::number;
use super::theme::Palette;
use egui::{Align2, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

/// Counts of values in equal bins from −limit to +limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    pub limit: f32,
    pub counts: Vec<usize>,
    /// Values that are not finite, in no bin.
    pub damaged: usize,
}

/// Odd, so that zero has a bin of its own.
const BINS: usize = 41;

impl Histogram {
    /// Bins that reach to the largest of `values`.
    pub fn of(values: impl Iterator<Item = f32> + Clone) -> Self {
        let finite = values.clone().filter(|value| value.is_finite());
        let limit = finite.clone().map(f32::abs).fold(0.0, f32::max);
        let mut histogram = Self {
            limit,
            counts: vec![0; BINS],
            damaged: values.filter(|value| !value.is_finite()).count(),
        };
        for value in finite {
            let bin = histogram.bin(value);
            histogram.counts[bin] += 1;
        }
        histogram
    }

    /// Where bin `index` begins and ends.
    pub fn edges(&self, index: usize) -> (f32, f32) {
        let at = |edge: usize| self.limit * (2.0 * edge as f32 / BINS as f32 - 1.0);
        (at(index), at(index + 1))
    }

    /// Paints the bars in the colours of a scale that ends at `colour_limit`; hovering one gives its count.
    pub fn ui(&self, ui: &mut Ui, palette: &Palette, colour_limit: f32, height: f32) {
        let font = TextStyle::Small.resolve(ui.style());
        let size = vec2(ui.available_width(), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let plot = Rect::from_min_max(
            rect.min + vec2(0.0, font.size + 4.0),
            rect.max - vec2(0.0, font.size + 4.0),
        );
        let painter = ui.painter();
        let most = self.counts.iter().copied().max().unwrap_or(0).max(1);
        let width = plot.width() / BINS as f32;
        let hovered = response
            .hover_pos()
            .filter(|place| plot.x_range().contains(place.x))
            .map(|place| (((place.x - plot.left()) / width) as usize).min(BINS - 1));

        for (index, &count) in self.counts.iter().enumerate() {
            if count == 0 {
                continue;
            }
            let (low, high) = self.edges(index);
            let colour = if colour_limit > 0.0 {
                palette.diverging((low + high) / 2.0 / colour_limit)
            } else {
                palette.zero
            };
            // A bin with anything in it stays visible beside one with a hundred thousand.
            let tall = (plot.height() * count as f32 / most as f32).max(1.0);
            let left = plot.left() + width * index as f32;
            let bar = Rect::from_min_max(
                pos2(left + 0.5, plot.bottom() - tall),
                pos2(left + width - 0.5, plot.bottom()),
            );
            painter.rect_filled(bar, 0.0, colour);
            let edge = if hovered == Some(index) {
                palette.accent
            } else {
                palette.weak_text.gamma_multiply(0.6)
            };
            painter.rect_stroke(bar, 0.0, Stroke::new(1.0, edge), egui::StrokeKind::Inside);
        }
        painter.hline(
            plot.x_range(),
            plot.bottom(),
            Stroke::new(1.0, palette.outline),
        );

        let below = plot.bottom() + 2.0;
        let marks = [
            (plot.left(), Align2::LEFT_TOP, -self.limit),
            (plot.center().x, Align2::CENTER_TOP, 0.0),
            (plot.right(), Align2::RIGHT_TOP, self.limit),
        ];
        for (x, anchor, value) in marks {
            let text = number::signed(value);
            painter.text(
                pos2(x, below),
                anchor,
                text,
                font.clone(),
                palette.weak_text,
            );
        }
        let heading = match hovered {
            Some(index) => self.bin_sentence(index),
            None => format!("highest bar: {}", number::grouped(most)),
        };
        painter.text(rect.min, Align2::LEFT_TOP, heading, font, palette.weak_text);

        response.widget_info(|| {
            let total: usize = self.counts.iter().sum();
            let name = format!(
                "Histogram of {} values from −{1} to {1}",
                number::grouped(total),
                number::short(self.limit)
            );
            WidgetInfo::labeled(Role::Image, true, name)
        });
    }

    fn bin(&self, value: f32) -> usize {
        if self.limit == 0.0 {
            return BINS / 2;
        }
        let position = (value / self.limit + 1.0) / 2.0;
        ((position * BINS as f32) as usize).min(BINS - 1)
    }

    fn bin_sentence(&self, index: usize) -> String {
        let (low, high) = self.edges(index);
        let count = self.counts.get(index).copied().unwrap_or(0);
        format!(
            "{} … {}: {}",
            number::short(low),
            number::short(high),
            number::grouped(count)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{BINS, Histogram};

    #[test]
    fn every_finite_value_is_counted_once() {
        let values = [-1.0, -0.999, 0.0, 0.0, 0.5, 1.0, f32::NAN];
        let histogram = Histogram::of(values.into_iter());
        assert_eq!(histogram.counts.iter().sum::<usize>(), 6);
        assert_eq!(histogram.damaged, 1);
        assert_eq!(histogram.counts[0], 2);
        assert_eq!(histogram.counts[BINS / 2], 2);
        assert_eq!(histogram.counts[BINS - 1], 1);
    }

    #[test]
    fn values_lie_within_the_edges_of_their_bin() {
        let values: Vec<f32> = (0..500).map(|i| (i as f32 * 0.37).sin() * 3.0).collect();
        let histogram = Histogram::of(values.iter().copied());
        for value in values {
            let (low, high) = histogram.edges(histogram.bin(value));
            assert!(low - 1e-5 <= value && value <= high + 1e-5);
        }
    }

    #[test]
    fn zeros_alone_fill_the_middle() {
        let histogram = Histogram::of([0.0; 9].into_iter());
        assert_eq!(histogram.counts[BINS / 2], 9);
        assert_eq!(histogram.limit, 0.0);
    }

    #[test]
    fn no_values_make_no_bars() {
        let histogram = Histogram::of(std::iter::empty());
        assert!(histogram.counts.iter().all(|count| *count == 0));
    }
}
