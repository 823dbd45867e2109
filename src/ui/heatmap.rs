//! Grids of numbers as pictures: one texture a panel, one texel a value, remade only when the numbers change.

use super::number;
use super::theme::Palette;
use egui::{
    Align2, Color32, ColorImage, Context, Mesh, Painter, Rect, Role, Sense, Shape, Stroke,
    TextStyle, TextureHandle, TextureId, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

/// A texture without smoothing that is remade when its key moves.
pub struct KeyedTexture<Key> {
    made: Option<(Key, TextureHandle)>,
}

/// Where a symmetric colour scale ends, and how many values lie beyond.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scale {
    /// The colours run from −limit to +limit.
    pub limit: f32,
    /// Values beyond the limit, painted in the colour of the end.
    pub outside: usize,
    pub total: usize,
    /// The limit is the 99.5th percentile of the sizes rather than the largest one.
    pub is_percentile: bool,
}

/// The diverging colours of a scale, looked up instead of mixed anew for each value.
pub struct Colours {
    table: Vec<Color32>,
    damaged: Color32,
    per_unit: f32,
}

/// Below this many values one outlier says something, and the scale goes to the largest.
const FEWEST_FOR_PERCENTILE: usize = 1000;
const PER_MILLE: usize = 995;
/// Colours on each side of zero.
const SHADES: usize = 255;
/// Cells that are hatched one by one; a picture with more of them is plain to see without.
const MOST_HATCHED: usize = 500;

impl<Key> Default for KeyedTexture<Key> {
    fn default() -> Self {
        Self { made: None }
    }
}

impl<Key: PartialEq> KeyedTexture<Key> {
    /// The texture of `key`, from `make` if the last one was another's.
    pub fn texture(
        &mut self,
        context: &Context,
        key: Key,
        make: impl FnOnce() -> ColorImage,
    ) -> TextureId {
        match &mut self.made {
            Some((made_for, texture)) => {
                if *made_for != key {
                    texture.set(make(), TextureOptions::NEAREST);
                    *made_for = key;
                }
                texture.id()
            }
            none => {
                let texture = context.load_texture("heatmap", make(), TextureOptions::NEAREST);
                let id = texture.id();
                *none = Some((key, texture));
                id
            }
        }
    }
}

impl Scale {
    /// The scale that shows `values`; those that are not finite are left out of it.
    pub fn of(values: impl Iterator<Item = f32>) -> Self {
        let mut sizes: Vec<f32> = values
            .map(f32::abs)
            .filter(|size| size.is_finite())
            .collect();
        let total = sizes.len();
        let largest = sizes.iter().copied().fold(0.0, f32::max);
        let rank = (total * PER_MILLE).div_ceil(1000);
        let limit = if total < FEWEST_FOR_PERCENTILE {
            largest
        } else {
            *sizes.select_nth_unstable_by(rank - 1, f32::total_cmp).1
        };
        // Where nearly all values are 0 the percentile would hide the few that are not.
        let is_percentile = limit > 0.0 && limit < largest;
        let limit = if is_percentile { limit } else { largest };
        Self {
            limit,
            outside: sizes.iter().filter(|size| **size > limit).count(),
            total,
            is_percentile,
        }
    }

    /// What the ends of the colours mean, in words.
    pub fn sentence(&self) -> String {
        if self.limit == 0.0 {
            "All values are 0".to_owned()
        } else if self.is_percentile {
            format!(
                "The ends are the 99.5th percentile; {} of {} values lie outside and take the colour of the end",
                number::grouped(self.outside),
                number::grouped(self.total)
            )
        } else {
            "The ends are the largest value".to_owned()
        }
    }

    /// Prints the scale: the colours with −limit, 0 and +limit below them.
    pub fn legend(&self, ui: &mut Ui, palette: &Palette) {
        let font = TextStyle::Small.resolve(ui.style());
        let size = vec2(ui.available_width(), 10.0 + font.size + 4.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 10.0));
        let mut mesh = Mesh::default();
        let steps = 64;
        for step in 0..steps {
            let at = |step: usize| bar.left() + bar.width() * step as f32 / steps as f32;
            let value = 2.0 * (step as f32 + 0.5) / steps as f32 - 1.0;
            let cell = Rect::from_x_y_ranges(at(step)..=at(step + 1), bar.y_range());
            mesh.add_colored_rect(cell, palette.diverging(value));
        }
        let painter = ui.painter();
        painter.add(mesh);
        outline(painter, bar, palette);
        let marks = [
            (bar.left(), Align2::LEFT_TOP, -self.limit),
            (bar.center().x, Align2::CENTER_TOP, 0.0),
            (bar.right(), Align2::RIGHT_TOP, self.limit),
        ];
        for (x, anchor, value) in marks {
            let text = number::signed(value);
            let place = pos2(x, bar.bottom() + 2.0);
            painter.text(place, anchor, text, font.clone(), palette.weak_text);
        }
        response.widget_info(|| {
            let name = format!("Colours from −{0} to {0}", number::short(self.limit));
            WidgetInfo::labeled(Role::Image, true, name)
        });
    }
}

impl Colours {
    pub fn new(palette: &Palette, scale: &Scale) -> Self {
        let shade = |index: usize| (index as f32 - SHADES as f32) / SHADES as f32;
        Self {
            table: (0..=2 * SHADES)
                .map(|index| palette.diverging(shade(index)))
                .collect(),
            damaged: palette.error,
            per_unit: if scale.limit > 0.0 {
                1.0 / scale.limit
            } else {
                0.0
            },
        }
    }

    pub fn of(&self, value: f32) -> Color32 {
        if value.is_nan() {
            return self.damaged;
        }
        let position = (value * self.per_unit).clamp(-1.0, 1.0);
        // An infinity on an empty scale would be 0 · ∞.
        if position.is_nan() {
            return self.damaged;
        }
        let index = ((position + 1.0) * SHADES as f32).round() as usize;
        self.table.get(index).copied().unwrap_or(self.damaged)
    }
}

/// Paints the part `texels` of a texture of `size` texels into `rect`.
pub fn paint(painter: &Painter, texture: TextureId, size: [usize; 2], texels: Rect, rect: Rect) {
    let mut mesh = Mesh::with_texture(texture);
    add_part(&mut mesh, size, texels, rect);
    painter.add(mesh);
}

/// Adds the part `texels` of the mesh's texture of `size` texels, to be painted into `rect`.
pub fn add_part(mesh: &mut Mesh, size: [usize; 2], texels: Rect, rect: Rect) {
    let scale = vec2(1.0 / size[0] as f32, 1.0 / size[1] as f32);
    let uv = Rect::from_min_max(
        (texels.min.to_vec2() * scale).to_pos2(),
        (texels.max.to_vec2() * scale).to_pos2(),
    );
    mesh.add_rect_with_uv(rect, uv, Color32::WHITE);
}

/// The frame of a picture, so that pale cells at its edge have an end.
pub fn outline(painter: &Painter, rect: Rect, palette: &Palette) {
    painter.rect_stroke(
        rect,
        0.0,
        Stroke::new(1.0, palette.outline),
        egui::StrokeKind::Outside,
    );
}

/// Hatches the cells that hold no number.
pub fn hatch(painter: &Painter, cells: impl Iterator<Item = Rect>, palette: &Palette) {
    for cell in cells.take(MOST_HATCHED) {
        painter.rect_filled(cell, 0.0, palette.panel);
        let stroke = Stroke::new(1.0, palette.error);
        let spacing = 4.0;
        let diagonal = cell.width() + cell.height();
        let clipped = painter.with_clip_rect(cell.intersect(painter.clip_rect()));
        let mut along = spacing / 2.0;
        while along < diagonal {
            let from = pos2(cell.left() + along, cell.top());
            let to = from + vec2(-cell.height(), cell.height());
            clipped.add(Shape::line_segment([from, to], stroke));
            along += spacing;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Colours, Scale};
    use crate::ui::theme::{DARK, LIGHT};

    #[test]
    fn a_few_values_are_scaled_to_the_largest() {
        let scale = Scale::of([0.5, -2.0, 1.0].into_iter());
        assert_eq!(scale.limit, 2.0);
        assert_eq!(scale.outside, 0);
        assert!(!scale.is_percentile);
    }

    #[test]
    fn many_values_are_scaled_to_the_percentile_and_the_rest_is_counted() {
        let scale = Scale::of((1..=2000).map(|i| i as f32 * -0.001));
        assert!((scale.limit - 1.99).abs() < 1e-4);
        assert_eq!(scale.outside, 10);
        assert!(scale.is_percentile);
        assert!(scale.sentence().contains("10 of 2,000"));
    }

    #[test]
    fn a_percentile_of_zero_gives_way_to_the_largest() {
        let scale = Scale::of((0..4000).map(|i| if i == 7 { 3.0 } else { 0.0 }));
        assert_eq!(scale.limit, 3.0);
        assert!(!scale.is_percentile);
    }

    #[test]
    fn values_that_are_not_finite_do_not_spoil_the_scale() {
        let scale = Scale::of([f32::NAN, 1.0, f32::INFINITY].into_iter());
        assert_eq!(scale.limit, 1.0);
        assert_eq!(scale.total, 1);
        assert_eq!(Scale::of(std::iter::empty()).sentence(), "All values are 0");
    }

    #[test]
    fn colours_are_symmetric_about_zero_and_end_at_the_limit() {
        let scale = Scale::of([-4.0, 2.0].into_iter());
        for palette in [&DARK, &LIGHT] {
            let colours = Colours::new(palette, &scale);
            assert_eq!(colours.of(0.0), palette.diverging(0.0));
            assert_eq!(colours.of(4.0), palette.diverging(1.0));
            assert_eq!(colours.of(-9.0), palette.diverging(-1.0));
            assert_eq!(colours.of(f32::NAN), palette.error);
            assert_ne!(colours.of(1.0), colours.of(-1.0));
        }
    }

    #[test]
    fn a_scale_without_extent_paints_zero() {
        let colours = Colours::new(&DARK, &Scale::default());
        assert_eq!(colours.of(0.0), DARK.diverging(0.0));
        assert_eq!(colours.of(f32::INFINITY), DARK.error);
    }
}
