use crate::explain::Frame;
use crate::ui::theme::{self, Palette};
use egui::{Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2};

/// The map as a sheet to draw on.
pub struct Sheet<'a> {
    /// Cut off at the edges of the map.
    pub painter: Painter,
    pub palette: &'a Palette,
    pub rect: Rect,
    pub frame: Frame,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub color: Color32,
    pub dash: Option<f32>,
    pub width: f32,
}

/// From a place to its name: the ball fits between.
const BESIDE: f32 = 15.0;

impl Sheet<'_> {
    /// A point of the plane on the screen.
    pub fn pos_from(&self, at: [f32; 2]) -> Pos2 {
        self.pos_from_share(self.frame.share_of(at))
    }

    /// The same from the parts of the map's width and height.
    pub fn pos_from_share(&self, [x, y]: [f32; 2]) -> Pos2 {
        let rect = self.rect;
        pos2(
            rect.left() + x * rect.width(),
            rect.bottom() - y * rect.height(),
        )
    }

    /// A point of the screen on the plane.
    pub fn at_pos(&self, pos: Pos2) -> [f32; 2] {
        let rect = self.rect;
        self.frame.at_share([
            (pos.x - rect.left()) / rect.width(),
            (rect.bottom() - pos.y) / rect.height(),
        ])
    }

    /// A line with a rim, so that it stands out from light and dark ground.
    pub fn line(&self, places: &[Pos2], line: Line) {
        if places.len() < 2 {
            return;
        }
        let rim = Stroke::new(line.width + 2.4, self.palette.panel.gamma_multiply(0.85));
        self.painter.add(Shape::line(places.to_vec(), rim));
        let stroke = Stroke::new(line.width, line.color);
        match line.dash {
            Some(dash) => self
                .painter
                .extend(Shape::dashed_line(places, stroke, dash, dash * 0.6)),
            None => {
                self.painter.add(Shape::line(places.to_vec(), stroke));
            }
        }
    }

    /// A name beside a place, where there is room beside what is `taken`, or at the edge with an arrow for a place outside
    /// the map. What it covers is taken from now on.
    pub fn name(&self, at: [f32; 2], text: &str, color: Color32, taken: &mut Vec<Rect>) {
        let pos = self.pos_from(at);
        match self.frame.contains(at) {
            true => self.plate(pos, text, color, taken),
            false => self.arrow(pos, text, color, taken),
        }
    }

    fn plate(&self, pos: Pos2, text: &str, color: Color32, taken: &mut Vec<Rect>) {
        let font = FontId::proportional(theme::SMALL_SIZE);
        let galley = self.painter.layout_no_wrap(text.to_owned(), font, color);
        let size = galley.size() + Vec2::splat(6.0);
        // To the right of the place and above it, or else round about it, further and further away.
        let left = pos.x - BESIDE - size.x;
        let right = pos.x + BESIDE;
        let heights = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0].map(|rows| pos.y - size.y * (0.8 - rows));
        let places = heights.into_iter().flat_map(|y| [(right, y), (left, y)]);
        let rects = places.map(|(x, y)| Rect::from_min_size(pos2(x, y), size));
        let fits = |rect: &Rect| {
            self.rect.contains_rect(*rect) && !taken.iter().any(|other| other.intersects(*rect))
        };
        let covered = rects.clone().find(fits).unwrap_or_else(|| {
            let x = if right + size.x <= self.rect.right() {
                right
            } else {
                left
            };
            let inside = self.rect.shrink2(size / 2.0);
            let center = pos2(x, pos.y - 0.8 * size.y) + size / 2.0;
            Rect::from_center_size(inside.clamp(center), size)
        });
        let ground = self.palette.panel.gamma_multiply(0.85);
        self.painter.rect_filled(covered, 3.0, ground);
        self.painter.galley(covered.shrink(3.0).min, galley, color);
        taken.push(covered);
    }

    fn arrow(&self, pos: Pos2, text: &str, color: Color32, taken: &mut Vec<Rect>) {
        let inner = self.rect.shrink(10.0);
        // However far away: an infinity would leave no direction.
        const FAR: f32 = 1e9;
        let way = (pos - inner.center()).clamp(Vec2::splat(-FAR), Vec2::splat(FAR));
        let reach = (inner.width() / 2.0 / way.x.abs().max(1e-6))
            .min(inner.height() / 2.0 / way.y.abs().max(1e-6));
        let tip = inner.center() + way * reach;
        let ahead = way.normalized();
        let aside = ahead.rot90();
        let points = [
            tip + ahead * 8.0,
            tip - ahead * 6.0 + aside * 7.0,
            tip - ahead * 6.0 - aside * 7.0,
        ];
        let rim = Stroke::new(1.5, self.palette.panel);
        self.painter
            .add(Shape::convex_polygon(points.to_vec(), color, rim));
        taken.push(Rect::from_center_size(tip, Vec2::splat(16.0)));
        self.plate(tip - ahead * 10.0, text, color, taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Frame;
    use crate::ui::theme::DARK;
    use egui::{Context, LayerId, vec2};

    fn on_sheet(test: impl Fn(&Sheet<'_>)) {
        let context = Context::default();
        let output = context.run_ui(egui::RawInput::default(), |ui| {
            let rect = Rect::from_min_size(pos2(100.0, 50.0), vec2(200.0, 200.0));
            let painter = Painter::new(ui.ctx().clone(), LayerId::background(), rect);
            test(&Sheet {
                painter,
                palette: &DARK,
                rect,
                frame: Frame {
                    center: [1.0, 1.0],
                    half: 2.0,
                },
            });
        });
        output.drop_without_applying_deltas();
    }

    #[test]
    fn up_on_the_plane_is_up_on_the_screen_and_back() {
        on_sheet(|sheet| {
            assert_eq!(sheet.pos_from([-1.0, -1.0]), pos2(100.0, 250.0));
            assert_eq!(sheet.pos_from([1.0, 3.0]), pos2(200.0, 50.0));
            assert_eq!(sheet.at_pos(pos2(200.0, 50.0)), [1.0, 3.0]);
        });
    }

    #[test]
    fn names_stay_on_the_map_wherever_their_places_are_and_cover_nothing() {
        on_sheet(|sheet| {
            let mut taken = Vec::new();
            for at in [
                [1.0, 1.0],
                [1.0, 1.1],
                [1.1, 1.0],
                [2.9, 2.9],
                [2.9, -0.9],
                [40.0, 1.0],
                [-7.0, -900.0],
            ] {
                sheet.name(at, "step 1,234", DARK.text, &mut taken);
            }
            for (index, rect) in taken.iter().enumerate() {
                assert!(sheet.rect.contains_rect(*rect), "{rect:?}");
                let others = &taken[index + 1..];
                assert!(
                    others.iter().all(|other| !other.intersects(*rect)),
                    "{index}"
                );
            }
        });
    }

    #[test]
    fn a_place_however_far_away_has_its_arrow_on_the_map() {
        on_sheet(|sheet| {
            for at in [[1e30, 1e30], [f32::MAX, -f32::MAX]] {
                let mut taken = Vec::new();
                sheet.name(at, "η 10: cost 9.1e12", DARK.text, &mut taken);
                assert!(
                    taken.iter().all(|rect| sheet.rect.contains_rect(*rect)),
                    "{taken:?}"
                );
            }
        });
    }
}
