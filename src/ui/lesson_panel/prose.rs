//! A paragraph with its marks: `**strong**` and `` `code` ``.

use crate::ui::theme;
use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Label, Ui};
use std::borrow::Cow;

/// A run of text that looks the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run<'a> {
    text: &'a str,
    look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Plain,
    Strong,
    Code,
}

/// Shows the paragraph in letters of `size`, its lines `leading` times as high.
pub fn paragraph(ui: &mut Ui, text: &str, size: f32, leading: f32) {
    let palette = theme::palette(ui);
    let mut job = LayoutJob::default();
    for run in runs(text) {
        let mut format = TextFormat {
            font_id: FontId::proportional(size),
            color: palette.text,
            line_height: Some(size * leading),
            ..TextFormat::default()
        };
        let mut text = Cow::Borrowed(run.text);
        match run.look {
            Look::Plain => {}
            // The fonts have no bold: the accent says it.
            Look::Strong => format.color = palette.accent,
            Look::Code => {
                format.font_id = FontId::monospace(size - 1.0);
                text = Cow::Owned(in_one_line(run.text));
            }
        }
        job.append(&text, 0.0, format);
    }
    ui.add(Label::new(job).wrap());
}

/// A formula is read whole: no line ends at its spaces.
fn in_one_line(formula: &str) -> String {
    formula.replace(' ', "\u{a0}")
}

/// The text in runs; a mark without its partner is shown as it is.
fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some((mark, look)) = next_mark(text, at) {
        let inside = mark + look.mark().len();
        let Some(length) = text[inside..]
            .find(look.mark())
            .filter(|length| *length > 0)
        else {
            at = inside;
            continue;
        };
        push(&mut runs, &text[plain_from..mark], Look::Plain);
        push(&mut runs, &text[inside..inside + length], look);
        plain_from = inside + length + look.mark().len();
        at = plain_from;
    }
    push(&mut runs, &text[plain_from..], Look::Plain);
    runs
}

fn push<'a>(runs: &mut Vec<Run<'a>>, text: &'a str, look: Look) {
    if !text.is_empty() {
        runs.push(Run { text, look });
    }
}

/// Where the next mark stands, and which it is.
fn next_mark(text: &str, from: usize) -> Option<(usize, Look)> {
    let found = [Look::Strong, Look::Code]
        .into_iter()
        .filter_map(|look| Some((from + text[from..].find(look.mark())?, look)));
    found.min_by_key(|(at, _)| *at)
}

impl Look {
    fn mark(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "**",
            Self::Code => "`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(text: &str) -> Vec<(&str, Look)> {
        let runs = runs(text).into_iter();
        runs.map(|run| (run.text, run.look)).collect()
    }

    #[test]
    fn marks_are_taken_out_and_what_stands_between_them_is_marked() {
        assert_eq!(
            looks("It sees **28 × 28 cells**: `z = Σ w·x`."),
            [
                ("It sees ", Look::Plain),
                ("28 × 28 cells", Look::Strong),
                (": ", Look::Plain),
                ("z = Σ w·x", Look::Code),
                (".", Look::Plain),
            ]
        );
        assert_eq!(looks("`**`"), [("**", Look::Code)]);
    }

    #[test]
    fn a_mark_without_its_partner_stays() {
        for text in ["2 ** 3", "a ` b", "****", "``", "**"] {
            assert_eq!(looks(text), [(text, Look::Plain)], "{text}");
        }
        assert_eq!(looks(""), []);
    }
}
