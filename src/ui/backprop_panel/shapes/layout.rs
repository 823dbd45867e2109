//! Where the matrices of the strip stand, and at which scale all of them are in sight.

use super::matrix::Scale;
use super::{captions, symbols};
use crate::explain::{Quantity, Slot, Tape};
use crate::ui::theme;
use egui::Ui;

/// The places of the strip with the widths of their texts, which no scale changes.
pub struct Measured(Vec<(Slot, f32)>);

/// The strip at a scale.
pub struct Layout {
    pub places: Vec<Place>,
    /// Where there is room for a note, to the right of the last matrix of the way back.
    pub note: f32,
    pub width: f32,
}

/// Where one place of the strip lies.
pub struct Place {
    pub slot: Slot,
    /// Where it begins, and the middle of its matrices, from the left end.
    pub left: f32,
    pub x: f32,
}

/// Room for what stands between two matrices.
pub const SIGN: f32 = 16.0;
const GAP: f32 = 6.0;
/// Of the note beneath the input, and of that beneath outputs and cost.
const FIRST_NOTE: f32 = 66.0;
const LAST_NOTE: f32 = 140.0;
/// Scales are tried in steps of so many points.
const STEP: f32 = 4.0;

impl Measured {
    pub fn new(ui: &Ui, tape: &Tape) -> Self {
        let width = |quantity: Quantity| {
            let texts = [
                tape.name(quantity),
                tape.shape_text(tape.shape(quantity)),
                captions::short_formula(tape, quantity),
            ];
            let widths = texts
                .iter()
                .map(|text| symbols::width(ui, text, theme::SMALL_SIZE));
            widths.fold(0.0, f32::max)
        };
        let slots = tape.slots().into_iter().enumerate();
        let measured = slots.map(|(place, slot)| {
            let note = if place == 0 { FIRST_NOTE } else { 0.0 };
            let backward = slot.backward.map_or(0.0, width);
            (slot, width(slot.forward).max(backward).max(note))
        });
        Self(measured.collect())
    }

    /// The largest scale within these at which the strip is no wider than `width`, or the smallest.
    pub fn scale(&self, tape: &Tape, [least, most]: [f32; 2], width: f32) -> Scale {
        let mut room = most;
        while room > least && self.lay_out(tape, Scale::of_room(room)).width > width {
            room -= STEP;
        }
        Scale::of_room(room.max(least))
    }

    /// The places from left to right, each as wide as the widest of what stands in it.
    pub fn lay_out(&self, tape: &Tape, scale: Scale) -> Layout {
        let mut x = 4.0;
        let places = self.0.iter().map(|&(slot, texts)| {
            let size = scale.size(tape.lengths(tape.shape(slot.forward)));
            let width = texts.max(size.x);
            x += if slot.sign.is_empty() { 0.0 } else { SIGN };
            let left = x;
            x += width + GAP;
            Place {
                slot,
                left,
                x: left + width / 2.0,
            }
        });
        let places: Vec<Place> = places.collect();
        let no_way_back = |place: &&Place| place.slot.backward.is_none();
        let last = places.iter().rev().take_while(no_way_back).last();
        let note = last.map_or(x, |place| place.left);
        Layout {
            places,
            note,
            width: x.max(note + LAST_NOTE),
        }
    }
}
