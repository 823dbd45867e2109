use super::digits::{Digit, DigitPictures, MOST_DIGITS};
use super::row::{self, Look, ROW};
use crate::app::{AppCommand, AppState, AveragedNudges};
use crate::explain::Nudge;
use crate::ui::number;
use crate::ui::theme::palette;
use egui::{RichText, ScrollArea, Ui};
use std::ops::Range;

/// One row for each example, and their mean above them.
#[derive(Default)]
pub struct Table {
    pictures: DigitPictures,
}

impl Table {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        averaged: &AveragedNudges,
        height: f32,
        commands: &mut Vec<AppCommand>,
    ) {
        let bottom = ui.cursor().top() + height;
        let nudges = &averaged.nudges;
        let look = Look {
            palette: palette(ui),
            limit: longest(averaged),
            parameter: averaged.request.parameter,
            by_hand: state.nudges.by_hand,
        };
        let bar = ui.spacing().scroll.allocated_width();
        let width = ui.available_width() - bar.max(10.0);
        ui.label(
            RichText::new(caption(averaged, &look))
                .small()
                .color(look.palette.weak_text),
        );
        ui.spacing_mut().item_spacing.y = 0.0;
        row::header(ui, width, nudges.mean.output_wishes.len(), &look);
        row::mean(ui, width, nudges.examples.len(), &nudges.mean, &look);
        ui.add_space(3.0);
        let digits = digits(averaged);
        let order = loudest_first(&nudges.examples);
        ScrollArea::vertical()
            .id_salt("nudges one by one")
            .auto_shrink(false)
            .max_height((bottom - ui.cursor().top()).max(2.0 * ROW))
            .show_rows(ui, ROW, digits.len(), |ui, in_sight: Range<usize>| {
                let in_sight = in_sight.start..in_sight.end.min(in_sight.start + MOST_DIGITS);
                let shown: Vec<Digit> = order[in_sight.clone()]
                    .iter()
                    .map(|&index| digits[index])
                    .collect();
                let pictures = self.pictures.row(ui, state, &averaged.data.train, &shown);
                for (place, &index) in order[in_sight].iter().enumerate() {
                    let nudge = &nudges.examples[index];
                    let digit = (digits[index], label(averaged, digits[index]));
                    let response = row::example(ui, width, (&pictures, place), digit, nudge, &look);
                    if response.clicked() {
                        commands.push(match digits[index] {
                            Digit::Drawing => AppCommand::PickDrawing,
                            Digit::Training(index) => AppCommand::PickNudge {
                                index: index as usize,
                            },
                        });
                    }
                }
            });
    }
}

/// The examples in the order of the wishes.
fn digits(averaged: &AveragedNudges) -> Vec<Digit> {
    let request = &averaged.request;
    let drawing = request.drawing.iter().map(|_| Digit::Drawing);
    drawing
        .chain(request.positions.iter().copied().map(Digit::Training))
        .collect()
}

/// The places of the examples by the length of their gradients: the first have most to say in the mean.
fn loudest_first(examples: &[Nudge]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.sort_by(|&a, &b| examples[b].norm.total_cmp(&examples[a].norm));
    order
}

fn label(averaged: &AveragedNudges, digit: Digit) -> u8 {
    match digit {
        Digit::Drawing => averaged
            .request
            .drawing
            .as_ref()
            .and_then(|drawing| drawing.label)
            .unwrap_or(0),
        Digit::Training(index) => averaged.data.train.label(index as usize),
    }
}

fn longest(averaged: &AveragedNudges) -> f64 {
    let wishes = |nudge: &Nudge| match nudge.parameter_wish {
        Some(wish) => wish.abs(),
        None => nudge
            .output_wishes
            .iter()
            .fold(0.0, |most: f64, wish| most.max(wish.abs())),
    };
    averaged
        .nudges
        .examples
        .iter()
        .map(wishes)
        .fold(0.0, f64::max)
}

/// What the arrows mean, and how many examples pull against the mean.
fn caption(averaged: &AveragedNudges, look: &Look<'_>) -> String {
    let longest = number::short(look.limit as f32);
    let arrows = match look.parameter {
        Some(parameter) => format!("Arrows: −∂C/∂{parameter}, right is a larger weight"),
        None => "Arrows: −δ, up is more of this output".to_owned(),
    };
    let examples = &averaged.nudges.examples;
    let is_against = |nudge: &&Nudge| nudge.with_batch.is_some_and(|cosine| cosine < 0.0);
    let against = number::grouped(examples.iter().filter(is_against).count());
    let count = number::grouped(examples.len());
    format!(
        "{arrows}; the longest is {longest}, the others by the square root. Cosine 1: the same way, 0: unrelated, \
         −1: against; {against} of {count} pull against the mean"
    )
}
