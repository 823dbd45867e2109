//! One line of the table: a digit, the length of its gradient, its wishes, and how far it agrees.

use super::arrows;
use super::digits::{Digit, Row};
use crate::app::a_digit;
use crate::explain::{Nudge, Parameter};
use crate::ui::number;
use crate::ui::theme::{self, Palette};
use egui::{Align2, FontId, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// What stands in a row, from left to right.
struct Columns {
    digit: Rect,
    length: Rect,
    wishes: Rect,
    with_batch: Rect,
    with_whole: Rect,
}

/// What all rows are drawn with.
pub struct Look<'a> {
    pub palette: &'a Palette,
    /// The longest arrow.
    pub limit: f64,
    /// Whose wishes are shown; `None` are the outputs.
    pub parameter: Option<Parameter>,
    /// A click takes the digit out.
    pub by_hand: bool,
}

/// Height of a line.
pub const ROW: f32 = 34.0;
const PICTURE: f32 = 28.0;
const DIGIT_WIDTH: f32 = 58.0;
const LENGTH_WIDTH: f32 = 48.0;
const COSINE_WIDTH: f32 = 92.0;
const HEADER: f32 = 34.0;

impl Columns {
    fn of(rect: Rect) -> Self {
        let digit = rect.with_max_x(rect.left() + DIGIT_WIDTH);
        let with_whole = rect.with_min_x(rect.right() - COSINE_WIDTH);
        let with_batch = with_whole.translate(vec2(-COSINE_WIDTH - 10.0, 0.0));
        let length = digit
            .translate(vec2(DIGIT_WIDTH, 0.0))
            .with_max_x(digit.right() + LENGTH_WIDTH);
        let wishes = Rect::from_x_y_ranges(
            length.right() + 8.0..=(with_batch.left() - 12.0).max(length.right() + 40.0),
            rect.y_range(),
        );
        Self {
            digit,
            length,
            wishes,
            with_batch,
            with_whole,
        }
    }

    /// The place of the arrow for `output` of `count`.
    fn output(&self, output: usize, count: usize) -> Rect {
        let width = self.wishes.width() / count.max(1) as f32;
        let left = self.wishes.left() + output as f32 * width;
        Rect::from_x_y_ranges(left..=left + width, self.wishes.y_range())
    }
}

/// What the columns are.
pub fn header(ui: &mut Ui, width: f32, outputs: usize, look: &Look<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEADER), Sense::hover());
    let columns = Columns::of(rect);
    let font = FontId::proportional(theme::SMALL_SIZE);
    let write = |x: f32, anchor: Align2, text: &str| {
        let place = pos2(x, rect.bottom() - 3.0);
        ui.painter()
            .text(place, anchor, text, font.clone(), look.palette.weak_text);
    };
    write(columns.digit.left(), Align2::LEFT_BOTTOM, "loudest\nfirst");
    write(columns.length.right(), Align2::RIGHT_BOTTOM, "length\n‖∇C‖");
    write(
        columns.with_batch.right(),
        Align2::RIGHT_BOTTOM,
        "cosine with\nthe mean",
    );
    write(
        columns.with_whole.right(),
        Align2::RIGHT_BOTTOM,
        "with the whole\ntraining set",
    );
    match look.parameter {
        Some(parameter) => write(
            columns.wishes.center().x,
            Align2::CENTER_BOTTOM,
            &format!("wish for {parameter}"),
        ),
        None => {
            for output in 0..outputs {
                let x = columns.output(output, outputs).center().x;
                write(x, Align2::CENTER_BOTTOM, &output.to_string());
            }
        }
    }
}

/// The mean of `count` examples.
pub fn mean(ui: &mut Ui, width: f32, count: usize, nudge: &Nudge, look: &Look<'_>) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW + 4.0), Sense::hover());
    ui.painter().rect_filled(rect, 4.0, look.palette.raised);
    let columns = Columns::of(rect.shrink2(vec2(0.0, 2.0)));
    let place = columns.digit.left_center() + vec2(4.0, 0.0);
    let font = FontId::proportional(theme::BODY_SIZE);
    ui.painter()
        .text(place, Align2::LEFT_CENTER, "mean", font, look.palette.text);
    numbers(ui, &columns, nudge, look);
    let name = format!("Mean of {}: {}", number::grouped(count), words(nudge));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    tooltip(response, &name, nudge);
}

/// One example, whose picture is at `place` of `pictures`.
pub fn example(
    ui: &mut Ui,
    width: f32,
    (pictures, place): (&Row, usize),
    (digit, label): (Digit, u8),
    nudge: &Nudge,
    look: &Look<'_>,
) -> Response {
    let sense = if look.by_hand {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), sense);
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, 4.0, look.palette.raised.gamma_multiply(0.6));
    }
    let columns = Columns::of(rect);
    let picture = Rect::from_min_size(
        pos2(rect.left(), rect.center().y - PICTURE / 2.0),
        vec2(PICTURE, PICTURE),
    );
    pictures.paint(ui, place, picture);
    let at = pos2(picture.right() + 8.0, rect.center().y);
    let font = FontId::proportional(theme::HEADING_SIZE);
    ui.painter().text(
        at,
        Align2::LEFT_CENTER,
        label.to_string(),
        font,
        look.palette.text,
    );
    numbers(ui, &columns, nudge, look);

    let who = match digit {
        Digit::Drawing => format!("The drawing, {}", a_digit(label)),
        Digit::Training(index) => format!("Training digit {index}, {}", a_digit(label)),
    };
    let name = format!("{who}: {}", words(nudge));
    let role = if look.by_hand {
        Role::Button
    } else {
        Role::Label
    };
    response.widget_info(|| WidgetInfo::labeled(role, true, &name));
    let text = if look.by_hand {
        format!("{name}\nClick: take it out")
    } else {
        name
    };
    tooltip(response, &text, nudge)
}

/// Length, wishes and agreement.
fn numbers(ui: &Ui, columns: &Columns, nudge: &Nudge, look: &Look<'_>) {
    let font = FontId::proportional(theme::SMALL_SIZE);
    let length = number::short(nudge.norm as f32);
    let place = columns.length.right_center();
    ui.painter()
        .text(place, Align2::RIGHT_CENTER, length, font, look.palette.text);
    wishes(ui, columns, nudge, look);
    arrows::cosine(
        ui.painter(),
        columns.with_batch,
        nudge.with_batch,
        look.palette,
    );
    arrows::cosine(
        ui.painter(),
        columns.with_whole,
        nudge.with_whole,
        look.palette,
    );
}

fn wishes(ui: &Ui, columns: &Columns, nudge: &Nudge, look: &Look<'_>) {
    let painter = ui.painter();
    if look.parameter.is_some() {
        let wish = nudge.parameter_wish.unwrap_or(0.0);
        let arrow = columns.wishes.with_max_x(columns.wishes.right() - 64.0);
        arrows::left_or_right(painter, arrow, wish, look.limit, look.palette);
        let font = FontId::proportional(theme::SMALL_SIZE);
        let place = columns.wishes.right_center();
        let text = number::signed(wish as f32);
        painter.text(place, Align2::RIGHT_CENTER, text, font, look.palette.text);
        return;
    }
    let count = nudge.output_wishes.len();
    for (output, &wish) in nudge.output_wishes.iter().enumerate() {
        let rect = columns.output(output, count).shrink2(vec2(2.0, 2.0));
        arrows::up_or_down(painter, rect, wish, look.limit, look.palette);
    }
}

/// "cost 0.31; output 7 up by 0.26, output 1 down by 0.11; cosine with the mean 0.53, with the training set 0.31"
fn words(nudge: &Nudge) -> String {
    let mut parts = vec![format!("cost {}", number::short(nudge.cost as f32))];
    match nudge.parameter_wish {
        Some(wish) => parts.push(format!("wish {}", number::signed(wish as f32))),
        None => {
            let wish = |best: fn(f64, f64) -> bool| {
                let wishes = nudge.output_wishes.iter().copied().enumerate();
                wishes.reduce(|a, b| if best(b.1, a.1) { b } else { a })
            };
            if let (Some(up), Some(down)) = (wish(|a, b| a > b), wish(|a, b| a < b)) {
                parts.push(format!(
                    "output {} {}, output {} {}",
                    up.0,
                    number::signed(up.1 as f32),
                    down.0,
                    number::signed(down.1 as f32)
                ));
            }
        }
    }
    if let Some(cosine) = nudge.with_batch {
        parts.push(format!(
            "cosine with the mean {}",
            arrows::cosine_text(cosine)
        ));
    }
    if let Some(cosine) = nudge.with_whole {
        parts.push(format!(
            "with the whole training set {}",
            arrows::cosine_text(cosine)
        ));
    }
    parts.join("; ")
}

fn tooltip(response: Response, name: &str, nudge: &Nudge) -> Response {
    response.on_hover_ui(|ui| {
        ui.label(name);
        ui.label(format!(
            "Length of the whole gradient: {}",
            number::short(nudge.norm as f32)
        ));
        let wishes = nudge.output_wishes.iter().enumerate();
        let wishes =
            wishes.map(|(output, &wish)| format!("{output}: {}", number::signed(wish as f32)));
        let wishes: Vec<String> = wishes.collect();
        ui.label(RichText::new(format!("−δ of the outputs  {}", wishes.join("  "))).small());
    })
}
