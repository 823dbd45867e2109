use crate::app::{AppState, Reading};
use crate::explain::{InkFor, Question};
use crate::ink::{SIDE, Steps, unit};
use crate::ui::heatmap::{KeyedTexture, Scale, outline, paint};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{
    Color32, ColorImage, Painter, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

/// The drawing as the network sees it, painted by what its ink adds to the answer.
#[derive(Default)]
pub struct InkPicture {
    asked: Asked,
    found: Option<(Key, InkFor)>,
    texture: KeyedTexture<(Key, bool)>,
}

/// Which question is asked of the present answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    /// What speaks for the winner rather than the runner-up.
    #[default]
    Difference,
    Winner,
    RunnerUp,
}

/// What the picture depends on: pad, network, normalisation, question.
type Key = (u64, u64, Steps, Question);

/// Room for the heading and the buttons above the picture, and for the scale and two sentences below.
const TEXT_HEIGHT: f32 = 168.0;

/// Of the limit of the colours: cells with less carry no sign.
const LEAST_SIGNED: f32 = 0.2;

impl InkPicture {
    /// How large the picture is where there is so much room for everything.
    pub fn side(room: Vec2) -> f32 {
        (room.y - TEXT_HEIGHT).min(room.x * 0.5).clamp(140.0, 520.0)
    }

    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, reading: &Reading, side: f32) {
        ui.label(RichText::new("Which ink speaks for the answer").strong());
        self.buttons(ui, reading);
        let question = self.asked.question(reading);
        let key = (
            state.pad.version,
            state.model.version,
            state.steps,
            question,
        );
        let input = reading.normalized.cells.input();
        if self
            .found
            .as_ref()
            .is_none_or(|(made_for, _)| *made_for != key)
        {
            let found = InkFor::new(&state.model.network, &input, question);
            self.found = Some((key, found));
        }
        let Some((_, found)) = &self.found else {
            return;
        };
        let palette = theme::palette(ui);
        let scale = Scale::of(found.cells.iter().copied());
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
        let dark = ui.visuals().dark_mode;
        let texture = self.texture.texture(ui.ctx(), (key, dark), || {
            image(found, &input, scale.limit, palette)
        });
        let texels = Rect::from_min_size(Pos2::ZERO, Vec2::splat(SIDE as f32));
        paint(ui.painter(), texture, [SIDE, SIDE], texels, rect);
        signs(ui.painter(), rect, found, scale.limit, palette);
        outline(ui.painter(), rect, palette);
        let sentence = sentence(question, found);
        let name = format!("Cells coloured by what they add. {sentence}");
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        let cell = response.hover_pos().and_then(|at| cell_at(rect, at));
        if let Some((row, column)) = cell {
            let index = row * SIDE + column;
            response.on_hover_text_at_pointer(format!(
                "Row {}, column {}: ink {:.2}, adds {}",
                row + 1,
                column + 1,
                unit(reading.normalized.cells.0[index]),
                number::signed(found.cells[index])
            ));
        }
        ui.scope(|ui| {
            ui.set_width(side);
            scale.legend(ui, palette);
        });
        let legend = "+ orange speaks for it, − blue against it";
        ui.label(RichText::new(legend).small().color(palette.weak_text));
        ui.label(RichText::new(sentence).small()).on_hover_text(
            "In units of the output's sum z. Integrated gradients (Sundararajan et al. 2017): the ink of a cell times \
             the mean slope ∂z/∂x on the way from blank paper to the drawing. All cells together add what the ink \
             changes",
        );
    }

    fn buttons(&mut self, ui: &mut Ui, reading: &Reading) {
        let (winner, second) = (reading.answer, reading.second);
        ui.horizontal_wrapped(|ui| {
            for (asked, text, tooltip) in [
                (
                    Asked::Difference,
                    format!("For {winner} rather than {second}"),
                    "What lifts the winner's sum above the runner-up's",
                ),
                (
                    Asked::Winner,
                    format!("For {winner}"),
                    "What adds to the winner's sum",
                ),
                (
                    Asked::RunnerUp,
                    format!("For {second}"),
                    "What adds to the runner-up's sum",
                ),
            ] {
                let response = ui.selectable_label(self.asked == asked, text);
                if response.on_hover_text(tooltip).clicked() {
                    self.asked = asked;
                }
            }
        });
    }
}

impl Asked {
    fn question(self, reading: &Reading) -> Question {
        match self {
            Self::Difference => Question::Difference(reading.answer, reading.second),
            Self::Winner => Question::Output(reading.answer),
            Self::RunnerUp => Question::Output(reading.second),
        }
    }
}

/// "Ink for 7: +12.3 in all, to the −0.51 of blank paper".
fn sentence(question: Question, found: &InkFor) -> String {
    let what = match question {
        Question::Output(digit) => format!("Ink for {digit}"),
        Question::Difference(more, less) => format!("Ink for {more} rather than {less}"),
    };
    format!(
        "{what}: {} in all, to the {} of blank paper",
        number::signed(found.with_ink - found.blank),
        number::short(found.blank)
    )
}

/// Ink that adds nothing is grey, so that the drawing stays to be seen.
fn image(found: &InkFor, input: &[f32], limit: f32, palette: &Palette) -> ColorImage {
    let per_unit = if limit > 0.0 { 1.0 / limit } else { 0.0 };
    let pixels = found.cells.iter().zip(input).map(|(&added, &ink)| {
        if added.is_nan() {
            return palette.error;
        }
        let end = if added < 0.0 {
            palette.negative
        } else {
            palette.positive
        };
        let paper = palette.zero.lerp_to_gamma(palette.weak_text, 0.35 * ink);
        paper.lerp_to_gamma(end, (added * per_unit).abs().min(1.0))
    });
    ColorImage::new([SIDE, SIDE], pixels.collect())
}

/// A plus or a minus on each cell that says much, for eyes that do not tell the colours apart.
fn signs(painter: &Painter, rect: Rect, found: &InkFor, limit: f32, palette: &Palette) {
    let side = rect.width() / SIDE as f32;
    let stroke = Stroke::new((side * 0.12).max(1.0), on(palette));
    let half = side * 0.26;
    for (index, &added) in found.cells.iter().enumerate() {
        if added.is_nan() || limit <= 0.0 || added.abs() < LEAST_SIGNED * limit {
            continue;
        }
        let place = vec2((index % SIDE) as f32 + 0.5, (index / SIDE) as f32 + 0.5);
        let centre = rect.min + place * side;
        let across = vec2(half, 0.0);
        painter.line_segment([centre - across, centre + across], stroke);
        if added > 0.0 {
            let down = vec2(0.0, half);
            painter.line_segment([centre - down, centre + down], stroke);
        }
    }
}

fn on(palette: &Palette) -> Color32 {
    palette.paper
}

/// Row and column of the cell at `pos`.
fn cell_at(rect: Rect, pos: Pos2) -> Option<(usize, usize)> {
    let place = ((pos - rect.min) / rect.size() * SIDE as f32).to_pos2();
    let inside = Rect::from_min_size(pos2(0.0, 0.0), Vec2::splat(SIDE as f32 - 0.001));
    inside
        .contains(place)
        .then_some((place.y as usize, place.x as usize))
}
