use crate::nn::Evaluation;
use crate::ui::theme::palette;
use egui::{
    Align2, FontId, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// A place in the confusion matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub truth: u8,
    pub answer: u8,
}

/// The matrix, rows the truth, columns the answer; a click on a wrong cell chooses it, another lets it go.
pub fn show(ui: &mut Ui, evaluation: &Evaluation, chosen: &mut Option<Cell>, side: f32) {
    ui.label(RichText::new("Truth down, answer across; click a cell").color(palette(ui).weak_text));
    let classes = evaluation.confusion.nrows();
    let most_wrong = evaluation
        .confusion
        .indexed_iter()
        .filter(|((truth, answer), _)| truth != answer)
        .map(|(_, &count)| count)
        .max()
        .unwrap_or(0)
        .max(1);
    // One column more on either side: the digits on the left, recall on the right; precision stands below.
    let step = (side / (classes as f32 + 2.4)).floor().max(14.0);
    let size = vec2(step * (classes as f32 + 2.4), step * (classes as f32 + 2.0));
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let at = |row: f32, column: f32| {
        Rect::from_min_size(
            pos2(area.left() + column * step, area.top() + row * step),
            vec2(step, step),
        )
    };
    for class in 0..classes {
        let place = class as f32 + 1.0;
        text(ui, at(0.0, place), &class.to_string(), true);
        text(ui, at(place, 0.0), &class.to_string(), true);
        share(
            ui,
            at(place, classes as f32 + 1.2),
            evaluation.recall(class),
            "Recall",
            class,
        );
        share(
            ui,
            at(classes as f32 + 1.0, place),
            evaluation.precision(class),
            "Precision",
            class,
        );
    }
    for ((truth, answer), &count) in evaluation.confusion.indexed_iter() {
        let cell = Cell {
            truth: truth as u8,
            answer: answer as u8,
        };
        one_cell(
            ui,
            at(truth as f32 + 1.0, answer as f32 + 1.0),
            cell,
            count,
            most_wrong,
            chosen,
        );
    }
    ui.label(
        RichText::new(
            "Right column: recall in %. Bottom row: precision in %. Stronger orange: more mistakes",
        )
        .small()
        .color(palette(ui).weak_text),
    );
}

fn one_cell(
    ui: &mut Ui,
    rect: Rect,
    cell: Cell,
    count: u32,
    most_wrong: u32,
    chosen: &mut Option<Cell>,
) {
    let colors = palette(ui);
    let right = cell.truth == cell.answer;
    let sentence = match (right, count) {
        (true, _) => format!("{count} examples of {} were read right", cell.truth),
        (false, 1) => format!("1 example of {} was read as {}", cell.truth, cell.answer),
        (false, _) => format!(
            "{count} examples of {} were read as {}",
            cell.truth, cell.answer
        ),
    };
    let sense = if right || count == 0 {
        Sense::hover()
    } else {
        Sense::click()
    };
    let response = ui.interact(
        rect,
        ui.scope_id().with(("confusion", cell.truth, cell.answer)),
        sense,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, &sentence));
    let inner = rect.shrink(1.0);
    let strength = (count as f32 / most_wrong as f32).sqrt();
    let fill = if right {
        colors.good.gamma_multiply(0.22)
    } else {
        colors.diverging(0.9 * strength)
    };
    ui.painter().rect_filled(inner, 3.0, fill);
    if *chosen == Some(cell) || response.has_focus() {
        ui.painter().rect_stroke(
            inner,
            3.0,
            Stroke::new(2.0, colors.accent),
            StrokeKind::Outside,
        );
    }
    if count > 0 {
        text(ui, rect, &count.to_string(), false);
    }
    if response.clicked() {
        *chosen = if *chosen == Some(cell) {
            None
        } else {
            Some(cell)
        };
    }
    response.on_hover_text(sentence);
}

fn text(ui: &Ui, rect: Rect, text: &str, strong: bool) {
    let colors = palette(ui);
    let longest = if text.len() > 3 { 0.36 } else { 0.46 };
    let color = if strong { colors.accent } else { colors.text };
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        text,
        FontId::proportional(rect.height() * longest),
        color,
    );
}

/// With one decimal place, but all of them as 100: as wide as the others, and no other is shown as all.
fn in_percent(share: f64) -> String {
    if share.is_nan() {
        "–".to_owned()
    } else if share == 1.0 {
        "100".to_owned()
    } else {
        format!("{:.1}", (100.0 * share).min(99.9))
    }
}

fn share(ui: &mut Ui, rect: Rect, value: f64, what: &str, class: usize) {
    let shown = in_percent(value);
    let colors = palette(ui);
    let font = FontId::proportional(rect.height() * 0.40);
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        &shown,
        font,
        colors.weak_text,
    );
    let sentence = match what {
        "Recall" => {
            format!("Recall of {class}: {shown} % of the examples of {class} were read as {class}")
        }
        _ => format!("Precision of {class}: {shown} % of the answers {class} were right"),
    };
    let response = ui.interact(rect, ui.scope_id().with((what, class)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
    response.on_hover_text(sentence);
}

#[cfg(test)]
mod tests {
    use super::in_percent;

    #[test]
    fn only_all_is_a_hundred_percent() {
        for (share, shown) in [
            (0.0, "0.0"),
            (0.5, "50.0"),
            (0.998_4, "99.8"),
            (0.999_9, "99.9"),
            (1.0, "100"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(in_percent(share), shown);
        }
    }
}
