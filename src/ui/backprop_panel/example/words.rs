//! The present step in words: sentence, formulas, shapes, signs of trouble, and the lines of the program that do it.

use super::examination::Examination;
use super::formula;
use crate::app::AppState;
use crate::explain::{CodeExcerpt, Step};
use crate::ui::theme;
use egui::{FontId, Frame, Label, Margin, RichText, ScrollArea, Ui};

/// A cost below this leaves gradients that nobody can see.
const LITTLE: f32 = 1e-3;
const NOTHING_TO_LEARN: &str = "The network reads this one well, so there is next to nothing to learn from it. Say that \
     another digit is meant, or make a new network, to see what a mistake does";

pub fn ui(ui: &mut Ui, state: &AppState, examination: &Examination, step: Step) {
    let pass = &examination.pass;
    let palette = theme::palette(ui);
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt("words of the step")
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.label(RichText::new(step.title(pass.layers())).heading());
            ui.label(step.sentence(pass, &examination.update));
            if matches!(step, Step::Cost | Step::OutputDelta) && pass.cost < LITTLE {
                ui.label(RichText::new(NOTHING_TO_LEARN).color(palette.good));
            }
            ui.add_space(2.0);
            let mono = FontId::monospace(theme::BODY_SIZE);
            for line in step.formulas(pass) {
                ui.add(Label::new(formula::job(&line, &mono, palette.accent)).wrap());
            }
            let small = FontId::monospace(theme::SMALL_SIZE);
            for line in step.shapes(pass) {
                ui.add(Label::new(formula::job(&line, &small, palette.weak_text)).wrap())
                    .on_hover_text("Shapes: rows × columns");
            }
            for trouble in &examination.troubles {
                if trouble.is_met_at(step, pass.layers()) {
                    let text = format!("! {}", trouble.sentence());
                    ui.label(RichText::new(text).color(palette.warning));
                }
            }
            if let Some(form) = state.microscope.code {
                ui.add_space(4.0);
                match CodeExcerpt::of(step, form) {
                    Some(excerpt) => code(ui, &excerpt),
                    None => {
                        ui.label("No line of the program does this step by itself");
                    }
                }
            }
        });
}

fn code(ui: &mut Ui, excerpt: &CodeExcerpt) {
    let palette = theme::palette(ui);
    let lines = excerpt.text.lines().count();
    let place = match lines {
        1 => format!("{}, line {}", excerpt.file, excerpt.first_line),
        _ => format!(
            "{}, lines {} to {}",
            excerpt.file,
            excerpt.first_line,
            excerpt.first_line + lines - 1
        ),
    };
    ui.label(RichText::new(place).small().color(palette.weak_text));
    Frame::new()
        .fill(palette.paper)
        .corner_radius(4.0)
        .inner_margin(Margin::same(6))
        .show(ui, |ui| {
            ScrollArea::horizontal()
                .auto_shrink([false, true])
                .id_salt("code of the step")
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    let font = FontId::monospace(theme::SMALL_SIZE);
                    for line in without_indent(excerpt.text) {
                        let is_comment = line.trim_start().starts_with("//");
                        let color = if is_comment {
                            palette.weak_text
                        } else {
                            palette.text
                        };
                        ui.add(Label::new(formula::job(line, &font, color)).extend());
                    }
                });
        });
}

/// The lines without the spaces that all of them begin with.
fn without_indent(text: &str) -> impl Iterator<Item = &str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let least = filled.map(indent).min().unwrap_or(0);
    text.lines()
        .map(move |line| line.get(least..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::without_indent;

    #[test]
    fn the_common_indent_is_left_away() {
        let lines: Vec<&str> = without_indent("    if a {\n        b\n\n    }").collect();
        assert_eq!(lines, ["if a {", "    b", "", "}"]);
    }
}
