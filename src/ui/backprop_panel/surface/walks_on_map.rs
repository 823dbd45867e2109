//! The walks of the two copies: the one with the learning rate as it is in a line, the one with ten times as much dashed.

use super::contours::cost_text;
use super::sheet::{Line, Sheet};
use crate::explain::Walk;
use crate::ui::number;
use crate::ui::theme::Palette;
use egui::{Pos2, Rect};

/// How the first walk and the second one are drawn.
pub fn lines(palette: &Palette) -> [Line; 2] {
    let [gentle, steep] = [(palette.good, None), (palette.error, Some(6.0))];
    [gentle, steep].map(|(color, dash)| Line {
        color,
        dash,
        width: 2.0,
    })
}

/// Names are put where nothing is `taken`.
pub fn paint(sheet: &Sheet<'_>, walks: &[Walk], taken: &mut Vec<Rect>) {
    let lines = lines(sheet.palette);
    for (walk, line) in walks.iter().zip(lines) {
        let steps = walk.steps.iter();
        let places: Vec<Pos2> = steps.map(|step| sheet.pos_from(step.placed.at)).collect();
        sheet.line(&places, line);
        for place in &places {
            sheet
                .painter
                .circle_filled(*place, 2.4, sheet.palette.panel);
            sheet.painter.circle_filled(*place, 1.7, line.color);
        }
    }
    for (walk, line) in walks.iter().zip(lines) {
        let Some(last) = walk.steps.last() else {
            continue;
        };
        let cost = match walk.diverged_after {
            Some(step) => format!("no numbers any more after step {step}"),
            None => format!("cost {}", number::short(last.cost)),
        };
        let text = format!("η {}: {cost}", cost_text(walk.learning_rate));
        sheet.name(last.placed.at, &text, line.color, taken);
    }
}
