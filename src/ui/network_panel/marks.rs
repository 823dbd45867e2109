use crate::ui::theme::Palette;
use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, vec2};
use std::f32::consts::{FRAC_PI_2, TAU};

/// Paints a connection of signed strength −1..=1: the stronger the thicker; orange and solid above zero, blue and
/// dashed below.
pub fn paint_edge(
    painter: &Painter,
    palette: &Palette,
    ends: [Pos2; 2],
    strength: f32,
    emphasis: f32,
) {
    let size = strength.abs().min(1.0);
    let colour = if strength < 0.0 {
        palette.negative
    } else {
        palette.positive
    };
    let colour = colour.gamma_multiply(emphasis * (0.2 + 0.8 * size));
    let stroke = Stroke::new(0.5 + 1.9 * size, colour);
    let line = curve(ends, stroke);
    if strength < 0.0 {
        let steps = (ends[0].distance(ends[1]) / 8.0).ceil().clamp(1.0, 32.0) as usize;
        let points: Vec<Pos2> = (0..=steps)
            .map(|step| line.sample(step as f32 / steps as f32))
            .collect();
        painter.extend(Shape::dashed_line(&points, stroke, 6.0, 4.0));
    } else {
        painter.add(line);
    }
}

/// Paints a bias as an arc from the top of a unit, −1..=1 of the way round: clockwise above zero.
pub fn paint_ring(painter: &Painter, palette: &Palette, centre: Pos2, radius: f32, bias: f32) {
    painter.circle_stroke(centre, radius, Stroke::new(1.0, palette.outline));
    let bias = bias.clamp(-1.0, 1.0);
    if bias.is_nan() || bias == 0.0 {
        return;
    }
    let steps = (24.0 * bias.abs()).ceil().max(2.0) as usize;
    let arc = (0..=steps)
        .map(|step| {
            let angle = bias * TAU * 0.98 * step as f32 / steps as f32 - FRAC_PI_2;
            centre + radius * Vec2::angled(angle)
        })
        .collect();
    let colour = if bias < 0.0 {
        palette.negative
    } else {
        palette.positive
    };
    painter.add(Shape::line(
        arc,
        Stroke::new((radius * 0.24).clamp(1.0, 2.4), colour),
    ));
}

/// A line that leaves and arrives level, so that bundles stay readable.
pub fn curve([from, to]: [Pos2; 2], stroke: Stroke) -> CubicBezierShape {
    let bend = vec2((to.x - from.x) * 0.45, 0.0);
    let points = [from, from + bend, to - bend, to];
    CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke)
}
