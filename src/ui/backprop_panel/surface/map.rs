use super::ball::Ball;
use super::contours::Contours;
use super::path::Path;
use super::sheet::Sheet;
use super::{path_on_map, walks_on_map};
use crate::app::{AppCommand, AppState};
use crate::explain::{Frame, Grid, Surface, log_cost};
use crate::ui::heatmap::{KeyedTexture, hatch, outline, paint};
use crate::ui::theme::{self, Palette};
use egui::{
    ColorImage, EventFilter, Key, Pos2, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2,
};
use std::sync::Arc;

/// The picture: heights, lines of equal cost, the path, the ball.
#[derive(Default)]
pub struct Map {
    texture: KeyedTexture<(usize, bool)>,
    /// They hold the grid that both show, so that its address, by which the texture is known, cannot become another's.
    contours: Contours,
}

/// What lies on the map, and how large it is.
pub struct Scene<'a> {
    pub surface: &'a Surface,
    pub path: &'a Path,
    pub ball: &'a Ball,
    /// Of the map, in points.
    pub side: f32,
}

/// Texels on a side: between the points of the grid the logarithm of the cost is interpolated, not the colour.
const TEXELS: usize = 256;
/// One press of an arrow moves the ball by this part of the map, with Shift by more.
const NUDGE: f32 = 1.0 / 64.0;
const LARGE_NUDGE: f32 = 1.0 / 8.0;

impl Map {
    /// Returns whether the ball is being dragged.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        scene: &Scene<'_>,
        commands: &mut Vec<AppCommand>,
    ) -> bool {
        let palette = theme::palette(ui);
        let sense = Sense::click_and_drag();
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(scene.side), sense);
        self.paint_heights(ui, scene.surface, rect, palette);
        self.contours.follow(&scene.surface.grid);
        let sheet = Sheet {
            painter: ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())),
            palette,
            rect,
            frame: scene.surface.grid.frame,
        };
        self.contours.paint(&sheet);
        let ball = sheet.pos_from(state.surface.ball);
        let mut taken = vec![Rect::from_center_size(ball, Vec2::splat(26.0))];
        let walks = &scene.surface.slice.walks;
        if walks.is_empty() {
            path_on_map::paint(&sheet, state, scene.path, &mut taken);
        } else {
            // The path of training lies far beside the plane of two short walks.
            walks_on_map::paint(&sheet, walks, &mut taken);
            path_on_map::paint_now(&sheet, state, scene.path, &mut taken);
        }
        self.contours.paint_labels(&sheet, &mut taken);
        scene.ball.paint(&sheet.painter, palette, ball);
        outline(ui.painter(), rect, palette);

        name(&response, state, scene);
        follow_pointer(&response, &sheet, commands);
        follow_keys(ui, &response, state, sheet.frame, commands);
        response.dragged()
    }

    fn paint_heights(&mut self, ui: &Ui, surface: &Surface, rect: Rect, palette: &Palette) {
        let grid = &surface.grid;
        let key = (Arc::as_ptr(grid).addr(), ui.visuals().dark_mode);
        let texture = self
            .texture
            .texture(ui.ctx(), key, || heights(grid, palette));
        let texels = Rect::from_min_size(Pos2::ZERO, Vec2::splat(TEXELS as f32));
        paint(ui.painter(), texture, [TEXELS; 2], texels, rect);
        if grid.damaged() > 0 {
            let cell = rect.width() / (grid.side() - 1) as f32;
            let damaged = grid
                .costs
                .indexed_iter()
                .filter(|(_, cost)| !cost.is_finite());
            let cells = damaged.map(|((row, column), _)| {
                let center = pos2(
                    rect.left() + column as f32 * cell,
                    rect.bottom() - row as f32 * cell,
                );
                Rect::from_center_size(center, Vec2::splat(cell)).intersect(rect)
            });
            hatch(ui.painter(), cells, palette);
        }
    }
}

fn name(response: &Response, state: &AppState, scene: &Scene<'_>) {
    let [x, y] = scene.surface.grid.frame.share_of(state.surface.ball);
    let name = format!(
        "Cost surface with the path of training; ball at {:.0} % from the left and {:.0} % from below, cost {}. Arrow \
         keys move it",
        100.0 * x,
        100.0 * y,
        scene.ball.cost_text()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
}

/// Each texel takes the colour of the cost at its middle.
fn heights(grid: &Grid, palette: &Palette) -> ColorImage {
    let [lowest, highest] = grid.range().unwrap_or_default();
    let (low, high) = (log_cost(lowest), log_cost(highest));
    let span = (high - low).max(f32::MIN_POSITIVE);
    let mut image = ColorImage::filled([TEXELS; 2], palette.panel);
    for (index, pixel) in image.pixels.iter_mut().enumerate() {
        let (row, column) = (index / TEXELS, index % TEXELS);
        let share = [
            (column as f32 + 0.5) / TEXELS as f32,
            1.0 - (row as f32 + 0.5) / TEXELS as f32,
        ];
        let log = grid.log_at_share(share);
        if log.is_finite() {
            *pixel = palette.height((log - low) / span);
        }
    }
    image
}

/// A press or a drag takes the ball along.
fn follow_pointer(response: &Response, sheet: &Sheet<'_>, commands: &mut Vec<AppCommand>) {
    if !response.is_pointer_button_down_on() && !response.clicked() {
        return;
    }
    if let Some(pos) = response.interact_pointer_pos() {
        response.request_focus();
        let at = sheet.at_pos(pos);
        commands.push(AppCommand::MoveBall { at });
    }
}

fn follow_keys(
    ui: &Ui,
    response: &Response,
    state: &AppState,
    frame: Frame,
    commands: &mut Vec<AppCommand>,
) {
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let moved = ui.input(|input| {
        let presses = |key: Key| input.num_presses(key) as f32;
        let size = if input.modifiers.shift {
            LARGE_NUDGE
        } else {
            NUDGE
        };
        [
            size * (presses(Key::ArrowRight) - presses(Key::ArrowLeft)),
            size * (presses(Key::ArrowUp) - presses(Key::ArrowDown)),
        ]
    });
    if moved != [0.0; 2] {
        let [x, y] = frame.share_of(state.surface.ball);
        let at = frame.at_share([x + moved[0], y + moved[1]]);
        commands.push(AppCommand::MoveBall { at });
    }
}
