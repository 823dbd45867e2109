use super::quantity::{LayerValues, Quantity};
use crate::ink::SIDE;
use crate::ui::heatmap::{Colours, Scale};
use crate::ui::histogram::Histogram;
use crate::ui::theme::Palette;
use egui::{Color32, ColorImage, Rect, pos2, vec2};

/// A layer's numbers made ready for painting: scale, histogram, statistics and the texels of its picture.
pub struct LayerView {
    pub quantity: Quantity,
    /// Counted from 0.
    pub layer: usize,
    pub values: LayerValues,
    pub scale: Scale,
    pub histogram: Histogram,
    pub mean: f32,
    pub deviation: f32,
    pub arrangement: Arrangement,
    /// The weights that are not a number, as `(input, unit)`.
    pub damaged: Vec<(usize, usize)>,
}

/// How weights lie in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// A tile of 28×28 cells for each unit, this many tiles in a row.
    Fields { across: usize },
    /// A column for each input, a row for each unit.
    Matrix,
}

impl LayerView {
    pub fn new(quantity: Quantity, layer: usize, values: LayerValues) -> Self {
        let (inputs, units) = values.weights.dim();
        let arrangement = if inputs == SIDE * SIDE {
            Arrangement::Fields {
                across: (units as f32).sqrt().ceil().max(1.0) as usize,
            }
        } else {
            Arrangement::Matrix
        };
        let finite = || values.all().filter(|value| value.is_finite());
        let count = finite().count().max(1) as f64;
        let mean = finite().map(f64::from).sum::<f64>() / count;
        let variance = finite()
            .map(|value| (f64::from(value) - mean).powi(2))
            .sum::<f64>()
            / count;
        Self {
            quantity,
            layer,
            scale: Scale::of(values.all()),
            histogram: Histogram::of(values.all()),
            mean: mean as f32,
            deviation: variance.sqrt() as f32,
            arrangement,
            damaged: values
                .weights
                .indexed_iter()
                .filter(|(_, value)| value.is_nan())
                .map(|(place, _)| place)
                .collect(),
            values,
        }
    }

    pub fn inputs(&self) -> usize {
        self.values.weights.nrows()
    }

    pub fn units(&self) -> usize {
        self.values.weights.ncols()
    }

    /// Width and height of the picture in texels.
    pub fn texels(&self) -> [usize; 2] {
        match self.arrangement {
            Arrangement::Fields { across } => {
                let down = self.units().div_ceil(across).max(1);
                [across * SIDE, down * SIDE]
            }
            Arrangement::Matrix => [self.inputs().max(1), self.units().max(1)],
        }
    }

    /// The part of the picture that shows the weights into `unit`.
    pub fn part(&self, unit: usize) -> Rect {
        match self.arrangement {
            Arrangement::Fields { across } => {
                let place = pos2((unit % across) as f32, (unit / across) as f32) * SIDE as f32;
                Rect::from_min_size(place, vec2(SIDE as f32, SIDE as f32))
            }
            Arrangement::Matrix => {
                Rect::from_min_size(pos2(0.0, unit as f32), vec2(self.inputs() as f32, 1.0))
            }
        }
    }

    /// The picture itself.
    pub fn image(&self, palette: &Palette) -> ColorImage {
        let colours = Colours::new(palette, &self.scale);
        let [width, height] = self.texels();
        let mut image = ColorImage::filled([width, height], Color32::TRANSPARENT);
        for ((input, unit), &value) in self.values.weights.indexed_iter() {
            let (x, y) = match self.arrangement {
                Arrangement::Fields { across } => (
                    unit % across * SIDE + input % SIDE,
                    unit / across * SIDE + input / SIDE,
                ),
                Arrangement::Matrix => (input, unit),
            };
            image.pixels[y * width + x] = colours.of(value);
        }
        image
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrangement, LayerView};
    use crate::ui::theme::DARK;
    use crate::ui::weights_panel::quantity::{LayerValues, Quantity};
    use ndarray::{Array1, Array2, array};

    #[test]
    fn a_matrix_has_a_column_an_input_and_a_row_a_unit() {
        let values = LayerValues {
            weights: array![[0.0, 0.5], [0.0, 0.0], [-1.0, 0.0]],
            biases: array![0.0, 0.25],
        };
        let view = LayerView::new(Quantity::Weights, 1, values);
        assert_eq!(view.texels(), [3, 2]);
        let image = view.image(&DARK);
        assert_eq!(image[(2, 0)], DARK.diverging(-1.0));
        assert_ne!(image[(0, 1)], DARK.diverging(0.0));
        assert_eq!(view.histogram.counts.iter().sum::<usize>(), 8);
        assert!((view.mean - -0.25 / 8.0).abs() < 1e-6);
    }

    #[test]
    fn a_layer_of_pictures_has_a_tile_a_unit() {
        let mut weights = Array2::zeros((784, 5));
        // Row 2, column 3 of the last unit: the second tile of the second row.
        weights[[2 * 28 + 3, 4]] = 2.0;
        let values = LayerValues {
            weights,
            biases: Array1::zeros(5),
        };
        let view = LayerView::new(Quantity::Weights, 0, values);
        assert_eq!(view.arrangement, Arrangement::Fields { across: 3 });
        assert_eq!(view.texels(), [84, 56]);
        let image = view.image(&DARK);
        assert_eq!(image[(28 + 3, 28 + 2)], DARK.diverging(1.0));
        assert_eq!(view.part(4).min, egui::pos2(28.0, 28.0));
    }

    #[test]
    fn damaged_weights_are_found() {
        let values = LayerValues {
            weights: array![[0.0, f32::NAN]],
            biases: array![0.0, 0.0],
        };
        let view = LayerView::new(Quantity::Gradient, 2, values);
        assert_eq!(view.damaged, [(0, 1)]);
        assert_eq!(view.image(&DARK)[(0, 1)], DARK.error);
    }
}
