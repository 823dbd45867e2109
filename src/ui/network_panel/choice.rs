use super::card::Answer;
use super::layout::{Column, UnitId};
use super::scene::Scene;
use egui::{EventFilter, Key, Response, Ui};

/// Which unit is under the pointer, under the keyboard's cursor, and opened.
#[derive(Default)]
pub struct Choice {
    pub hovered: Option<UnitId>,
    pub cursor: Option<UnitId>,
    pub chosen: Option<UnitId>,
    /// The summand of the opened unit whose row is under the pointer.
    pub term: Option<usize>,
}

impl Choice {
    /// The unit whose connections are shown.
    pub fn shown(&self) -> Option<UnitId> {
        self.hovered.or(self.cursor).or(self.chosen)
    }

    /// Forgets units that this network does not have.
    pub fn keep_within(&mut self, scene: &Scene<'_>) {
        for id in [&mut self.hovered, &mut self.cursor, &mut self.chosen] {
            *id = id.filter(|id| scene.holds(*id));
        }
    }

    /// Does what was asked for in the card.
    pub fn take(&mut self, answer: Answer) {
        self.term = answer.term;
        if answer.close {
            self.chosen = None;
            self.cursor = None;
        }
        if answer.open.is_some() {
            self.chosen = answer.open;
        }
    }

    /// Follows the pointer: what is under it is looked at, what is clicked is opened.
    pub fn follow_pointer(&mut self, ui: &Ui, response: &Response, columns: &[Column]) {
        self.hovered = response.hover_pos().and_then(|place| {
            columns.iter().enumerate().find_map(|(layer, column)| {
                let unit = column.unit_at(place)?;
                Some(UnitId { layer, unit })
            })
        });
        // Enter on the focused widget counts as a click as well; it is the keyboard's.
        if response.clicked() && ui.input(|input| input.pointer.primary_clicked()) {
            // Inputs have no sum to open; a click on one, or beside all units, closes the card.
            let opened = self.hovered.filter(|id| id.layer > 0);
            self.chosen = opened.filter(|id| self.chosen != Some(*id));
            self.cursor = None;
        }
    }

    /// Follows the keyboard: arrows move the cursor, Enter opens, Escape closes.
    pub fn follow_keys(&mut self, ui: &Ui, response: &Response, columns: &[Column]) {
        if !response.has_focus() {
            self.cursor = None;
            return;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: self.chosen.is_some(),
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let last = columns.len().saturating_sub(1);
        let first_seen = || {
            let unit = columns.get(last)?.nearest(0.0, false)?;
            Some(UnitId { layer: last, unit })
        };
        let mut cursor = self.cursor.or(self.chosen).or_else(first_seen);
        ui.input(|input| {
            for (key, down, across) in [
                (Key::ArrowUp, -1, 0),
                (Key::ArrowDown, 1, 0),
                (Key::ArrowLeft, 0, -1),
                (Key::ArrowRight, 0, 1),
            ] {
                for _ in 0..input.num_presses(key) {
                    cursor = cursor.map(|id| moved(columns, id, down, across));
                }
            }
            if input.key_pressed(Key::Enter) {
                self.chosen = cursor.filter(|_| self.chosen != cursor);
            }
            if input.key_pressed(Key::Escape) {
                self.chosen = None;
            }
        });
        self.cursor = cursor;
    }
}

/// The unit one step away: within the layer, or in the next one at about the same height.
fn moved(columns: &[Column], id: UnitId, down: isize, across: isize) -> UnitId {
    let Some(column) = columns.get(id.layer) else {
        return id;
    };
    if let Some(unit) = column.neighbour(id.unit, down, across) {
        return UnitId { unit, ..id };
    }
    let beside = || {
        let layer = id.layer.checked_add_signed(across)?;
        let height = column.position(id.unit)?.y;
        let unit = columns.get(layer)?.nearest(height, across < 0)?;
        Some(UnitId { layer, unit })
    };
    if across == 0 {
        id
    } else {
        beside().unwrap_or(id)
    }
}

#[cfg(test)]
mod tests {
    use super::moved;
    use crate::ui::network_panel::layout::{UnitId, lay_out};
    use egui::{Rect, pos2, vec2};

    #[test]
    fn arrows_walk_from_layer_to_layer_and_stop_at_the_ends() {
        let area = Rect::from_min_size(pos2(0.0, 0.0), vec2(600.0, 400.0));
        let columns = lay_out(area, &[784, 16, 10]);
        let output = UnitId { layer: 2, unit: 0 };
        assert_eq!(moved(&columns, output, -1, 0), output);
        assert_eq!(moved(&columns, output, 0, 1), output);
        assert_eq!(moved(&columns, output, 1, 0).unit, 1);
        let hidden = moved(&columns, output, 0, -1);
        assert_eq!(hidden.layer, 1);
        // The input is a picture without units to walk on.
        assert_eq!(moved(&columns, hidden, 0, -1), hidden);
    }
}
