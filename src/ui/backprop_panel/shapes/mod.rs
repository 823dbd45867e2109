//! The shape tape: all matrices of a pass to scale, forward in one strip and backward in another beneath it.

mod captions;
mod card;
mod controls;
mod layout;
mod matrix;
mod strip;
mod symbols;

use crate::app::{AppCommand, AppState, TapeChoice};
use crate::explain::{Outcome, Part, Quantity, Tape};
use crate::ui::theme;
use egui::{ScrollArea, Ui};
use layout::Measured;
use strip::Strip;

/// All matrices to scale, forward and backward.
#[derive(Default)]
pub struct ShapesPanel {
    strip: Strip,
    chosen: Option<Chosen>,
    /// The layout of the frame before: where another one cannot be built, it is looked at.
    shown: TapeChoice,
}

/// A cell of a matrix that is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Chosen {
    quantity: Quantity,
    /// Row and column.
    cell: [usize; 2],
}

/// What is lit on the tape for a chosen cell.
struct Lit {
    chosen: Chosen,
    partner: Option<Quantity>,
    parts: Vec<(Quantity, Part)>,
}

/// How long a side of 1,000 is drawn, at least and at most.
const SMALLEST: f32 = 54.0;
const LARGEST: f32 = 130.0;
/// Of the texts in the strips and the card beneath them.
const TEXTS: f32 = 236.0;
/// The same where the drawing in the card is taller than its text, and how many times the room is then taken.
const OTHER_TEXTS: f32 = 172.0;
const TIMES: f32 = 2.9;

impl ShapesPanel {
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, commands: &mut Vec<AppCommand>) {
        controls::ui(ui, state, commands);
        let tape = state.tape();
        let measured = Measured::new(ui, &tape);
        let bar = ui.spacing().scroll.allocated_width();
        let most = room(ui.available_height());
        let scale = measured.scale(&tape, [SMALLEST, most], ui.available_width() - bar);
        ScrollArea::vertical()
            .id_salt("shape tape")
            .auto_shrink(false)
            .show(ui, |ui| {
                if let Some(verdict) = tape.verdict() {
                    symbols::label(ui, &verdict, theme::palette(ui).warning);
                }
                if self.shown != state.tape {
                    self.shown = state.tape;
                    self.chosen = trouble(&tape).or(self.chosen);
                }
                let kept = self.chosen.filter(|chosen| exists(&tape, chosen.quantity));
                let kept = kept.unwrap_or_else(|| first(&tape)).within(&tape);
                let lit = Lit::new(&tape, self.strip.hovered.unwrap_or(kept).within(&tape));
                self.chosen = Some(kept);
                let hovered = self.strip.hovered;
                if let Some(chosen) = self.strip.ui(ui, &tape, (&measured, scale), &lit) {
                    self.chosen = Some(chosen);
                }
                if self.strip.hovered != hovered {
                    // What the pointer has come to is lit in the next frame.
                    ui.ctx().request_repaint();
                }
                card::ui(ui, &tape, scale, &lit);
            });
    }
}

impl Chosen {
    /// Where the mini-batch has become smaller, the last row.
    fn within(self, tape: &Tape) -> Self {
        let [rows, columns] = tape.lengths(tape.shape(self.quantity));
        let [row, column] = self.cell;
        Self {
            cell: [
                row.min(rows.saturating_sub(1)),
                column.min(columns.saturating_sub(1)),
            ],
            ..self
        }
    }
}

impl Lit {
    /// The chosen cell, the same cell of its partner, and what meets in it.
    fn new(tape: &Tape, chosen: Chosen) -> Self {
        let [row, column] = chosen.cell;
        let partner = tape
            .partner(chosen.quantity)
            .filter(|partner| exists(tape, *partner));
        let cell = Part::Cell(row, column);
        let mut parts = vec![(chosen.quantity, cell)];
        parts.extend(partner.map(|partner| (partner, cell)));
        // What cannot be built has no row and no column that would meet in it.
        let about = tape.operation_about(chosen.quantity).filter(|operation| {
            let is_shown = operation.result == chosen.quantity || Some(operation.result) == partner;
            is_shown && tape.outcome(operation.result) == Outcome::Fits
        });
        if let Some(operation) = about {
            parts.extend(Tape::meeting(&operation, row, column));
        }
        Self {
            chosen,
            partner,
            parts,
        }
    }

    fn of(&self, quantity: Quantity) -> Vec<Part> {
        let own = self.parts.iter().filter(|(other, _)| *other == quantity);
        own.map(|(_, part)| *part).collect()
    }
}

/// The first matrix that cannot be built, or has nothing left to change.
fn trouble(tape: &Tape) -> Option<Chosen> {
    let mut made = tape.in_order().into_iter();
    let lost = made.find(|quantity| tape.outcome(*quantity) != Outcome::Fits);
    lost.map(|quantity| Chosen {
        quantity,
        cell: [0, 0],
    })
}

/// How long a side of 1,000 may be for strips and card to stand in `height`.
fn room(height: f32) -> f32 {
    let room = ((height - TEXTS) / 2.0).min((height - OTHER_TEXTS) / TIMES);
    room.clamp(SMALLEST, LARGEST)
}

/// What is looked at first: where the examples vanish.
fn first(tape: &Tape) -> Chosen {
    let quantity = Quantity::WeightGradients(1);
    let [rows, columns] = tape.lengths(tape.shape(quantity));
    Chosen {
        quantity,
        cell: [rows / 2, columns / 2],
    }
}

/// Whether the tape has it, in the present way of writing biases.
fn exists(tape: &Tape, quantity: Quantity) -> bool {
    let mut slots = tape.slots().into_iter();
    slots.any(|slot| slot.forward == quantity || slot.backward == Some(quantity))
}
