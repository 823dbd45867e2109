use super::layout::{Spot, lay_out};
use super::names;
use crate::app::GraphWorld;
use crate::explain::{BackwardStep, Evaluation, EvaluationError, Graph, Operation};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::epaint::CubicBezierShape;
use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

/// The graph with its numbers, ready to be painted.
pub struct Picture<'a> {
    graph: &'a Graph,
    names: &'a [String],
    spots: Vec<Spot>,
    /// As far as they are known.
    values: &'a [f64],
    /// `∂f/∂` of each node, as far as the way back was walked.
    derivatives: Vec<Option<f64>>,
    /// The operation that was the last on the way back so far.
    current: Option<&'a BackwardStep>,
    /// The node that has no value or no slope.
    failed: Option<usize>,
}

/// Sizes at scale 1.
const COLUMN: f32 = 118.0;
const ROW: f32 = 52.0;
const NODE: Vec2 = vec2(34.0, 32.0);
/// The wire behind a node that carries its numbers.
const STUB: f32 = 58.0;
const MARGIN: Vec2 = vec2(14.0, 8.0);
const FONT_SIZE: f32 = 14.0;
/// A graph that would have to be smaller scrolls.
const SMALLEST: f32 = 0.8;
const LARGEST: f32 = 1.9;
/// Longer names are cut in the picture.
const LONGEST_NAME: usize = 7;

impl<'a> Picture<'a> {
    pub fn new(
        world: &'a GraphWorld,
        names: &'a [String],
        evaluated: Result<&'a Evaluation, &'a EvaluationError>,
    ) -> Self {
        let graph = &world.graph;
        let (values, derivatives, current, failed) = match evaluated {
            Ok(evaluation) => {
                let count = evaluation.steps.len();
                let walked = world.backward_steps.map(|steps| steps.min(count));
                let derivatives = evaluation.derivatives_after(walked.unwrap_or(count));
                let current = walked.and_then(|walked| walked.checked_sub(1));
                let current = current.and_then(|step| evaluation.steps.get(step));
                (evaluation.values.as_slice(), derivatives, current, None)
            }
            Err(error) => (error.values.as_slice(), Vec::new(), None, Some(error.node)),
        };
        Self {
            graph,
            names,
            spots: lay_out(graph),
            values,
            derivatives,
            current,
            failed,
        }
    }

    /// Paints the graph as large as fits into `room`.
    pub fn show(&self, ui: &mut Ui, room: Vec2) {
        let natural = self.natural_size();
        let scale = (room / natural).min_elem().clamp(SMALLEST, LARGEST);
        let size = (natural * scale).max(room - Vec2::splat(1.0));
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let painter = ui.painter_at(rect);
        let scene = Scene {
            picture: self,
            painter: &painter,
            palette: theme::palette(ui),
            origin: rect.center() - natural * scale / 2.0,
            scale,
        };
        scene.paint();
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.sentence()));
        let pointer = response.hover_pos();
        let nodes = 0..self.spots.len();
        let under = pointer.and_then(|at| {
            let mut nodes = nodes.rev();
            nodes.find(|&index| scene.node(index).expand2(vec2(4.0, 8.0)).contains(at))
        });
        if let Some(index) = under {
            response.on_hover_ui_at_pointer(|ui| {
                ui.strong(names::equation(self.graph, self.names, index));
                for line in self.lines(index) {
                    ui.label(line);
                }
            });
        }
    }

    fn natural_size(&self) -> Vec2 {
        let columns = self.spots.iter().map(|spot| spot.column).max();
        let rows = self.spots.iter().map(|spot| spot.row).fold(0.0, f32::max);
        let columns = columns.unwrap_or_default() as f32;
        vec2(columns * COLUMN + NODE.x + STUB + 20.0, rows * ROW + NODE.y) + 2.0 * MARGIN
    }

    /// "x = 1", "∂f/∂x = +3", as far as they are known.
    fn lines(&self, index: usize) -> Vec<String> {
        let name = &self.names[index];
        let value = self.values.get(index);
        let value = value.map(|&value| format!("{name} = {}", number::short(value)));
        let slope = self.derivatives.get(index).copied().flatten();
        let slope = slope.map(|slope| format!("∂f/∂{name} = {}", number::signed(slope)));
        value.into_iter().chain(slope).collect()
    }

    fn sentence(&self) -> String {
        let nodes = 0..self.spots.len();
        let told = nodes.map(|index| {
            let equation = names::equation(self.graph, self.names, index);
            format!("{equation}: {}", self.lines(index).join(", "))
        });
        format!("Computation graph. {}", told.collect::<Vec<_>>().join("; "))
    }
}

/// Where on the screen the picture is painted.
struct Scene<'a> {
    picture: &'a Picture<'a>,
    painter: &'a Painter,
    palette: &'a Palette,
    origin: Pos2,
    scale: f32,
}

impl Scene<'_> {
    fn paint(&self) {
        let nodes = self.picture.graph.nodes();
        for (index, node) in nodes.iter().enumerate() {
            for (place, &input) in node.inputs.iter().enumerate() {
                self.wire(input, index, place);
            }
        }
        for index in 0..nodes.len() {
            self.paint_node(index);
            self.paint_numbers(index);
        }
    }

    /// The body of a node.
    fn node(&self, index: usize) -> Rect {
        let spot = self.picture.spots[index];
        let long = self.sign(index).chars().count().saturating_sub(2);
        let size = NODE + vec2(7.0 * long as f32, 0.0);
        let middle = MARGIN + NODE / 2.0 + vec2(spot.column as f32 * COLUMN, spot.row * ROW);
        // Long names grow over the wire behind them, where there is none in the way.
        let left = middle.x - NODE.x / 2.0;
        let corner = self.origin + vec2(left, middle.y - NODE.y / 2.0) * self.scale;
        Rect::from_min_size(corner, size * self.scale)
    }

    fn sign(&self, index: usize) -> String {
        let sign = self.picture.graph.nodes()[index].operation.sign();
        if sign.chars().count() <= LONGEST_NAME {
            return sign;
        }
        let begin: String = sign.chars().take(LONGEST_NAME - 1).collect();
        format!("{begin}…")
    }

    /// From the numbers behind a node to the place of the operation that takes them.
    fn wire(&self, from: usize, to: usize, place: usize) {
        let (start, target) = (self.node(from), self.node(to));
        let count = self.picture.graph.nodes()[to].inputs.len();
        let share = if count == 1 { 0.0 } else { place as f32 - 0.5 };
        let end = target.left_center() + vec2(0.0, share * 0.55 * target.height());
        let bend = 26.0 * self.scale;
        let leave = pos2((end.x - bend).max(start.right()), start.center().y);
        let walked = self.picture.current.is_some_and(|step| {
            let mut sent = step.sent.iter();
            step.node == to && sent.any(|sent| sent.to == from && sent.place == place)
        });
        let stroke = if walked {
            Stroke::new(3.0, self.palette.accent)
        } else {
            Stroke::new(1.6, self.palette.weak_text.gamma_multiply(0.8))
        };
        self.painter
            .line_segment([start.right_center(), leave], stroke);
        let half = vec2((end.x - leave.x) * 0.5, 0.0);
        self.painter.add(CubicBezierShape::from_points_stroke(
            [leave, leave + half, end - half, end],
            false,
            Color32::TRANSPARENT,
            stroke,
        ));
        let size = 5.0 * self.scale.min(1.3);
        // The way back points the other way.
        let (tip, along) = if walked { (leave, -size) } else { (end, size) };
        let head = vec![
            tip,
            tip + vec2(-along * 1.5, -size * 0.8),
            tip + vec2(-along * 1.5, size * 0.8),
        ];
        let head = Shape::convex_polygon(head, stroke.color, Stroke::NONE);
        self.painter.add(head);
    }

    fn paint_node(&self, index: usize) {
        let palette = self.palette;
        let rect = self.node(index);
        let operation = &self.picture.graph.nodes()[index].operation;
        let failed = self.picture.failed == Some(index);
        let current = self.picture.current.is_some_and(|step| step.node == index);
        let (fill, stroke) = match operation {
            Operation::Variable(_) => (palette.raised, Stroke::new(1.6, palette.text)),
            Operation::Constant(_) => (palette.window, Stroke::new(1.0, palette.outline)),
            _ => (palette.panel, Stroke::new(1.6, palette.weak_text)),
        };
        let stroke = match (failed, current) {
            (true, _) => Stroke::new(3.0, palette.error),
            (false, true) => Stroke::new(3.0, palette.accent),
            (false, false) => stroke,
        };
        let corner = rect.height() / 2.0;
        self.painter
            .rect(rect, corner, fill, stroke, StrokeKind::Inside);
        let text = self.sign(index);
        let centre = rect.center();
        let font = FontId::proportional((FONT_SIZE + 1.0) * self.scale);
        self.painter
            .text(centre, Align2::CENTER_CENTER, text, font, palette.text);
    }

    /// The value above the wire behind the node, the derivative below it. A constant says its number itself.
    fn paint_numbers(&self, index: usize) {
        let (picture, palette) = (self.picture, self.palette);
        if matches!(
            picture.graph.nodes()[index].operation,
            Operation::Constant(_)
        ) {
            return;
        }
        let rect = self.node(index);
        let behind = rect.right_center();
        let is_result = index + 1 == picture.spots.len();
        if is_result {
            let end = behind + vec2((STUB + 12.0) * self.scale, 0.0);
            let stroke = Stroke::new(1.6, palette.weak_text);
            self.painter.line_segment([behind, end], stroke);
        }
        let font = FontId::proportional(FONT_SIZE * self.scale);
        let at = behind + vec2(5.0 * self.scale, 0.0);
        let lift = vec2(0.0, 2.0);
        let value = match picture.values.get(index) {
            Some(&value) => number::short(value),
            None => "?".to_owned(),
        };
        let text = if is_result {
            format!("f = {value}")
        } else {
            value
        };
        self.painter.text(
            at - lift,
            Align2::LEFT_BOTTOM,
            text,
            font.clone(),
            palette.text,
        );
        if let Some(slope) = picture.derivatives.get(index).copied().flatten() {
            let colour = match slope {
                _ if slope > 0.0 => palette.positive,
                _ if slope < 0.0 => palette.negative,
                _ => palette.weak_text,
            };
            let text = number::signed(slope);
            self.painter
                .text(at + lift, Align2::LEFT_TOP, text, font, colour);
        }
    }
}
