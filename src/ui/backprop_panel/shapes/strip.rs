use super::layout::{Layout, Measured};
use super::matrix::{Drawn, Scale, cell_at};
use super::{Chosen, Lit, captions};
use crate::explain::{LARGEST_BATCH, Quantity, Tape};
use crate::ui::theme::palette;
use egui::{
    EventFilter, Id, Key, Pos2, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

/// Two rows of matrices: forward from left to right, and beneath each what goes back from right to left.
#[derive(Default)]
pub struct Strip {
    /// What the pointer is over.
    pub hovered: Option<Chosen>,
    /// The matrix that the keyboard has reached, to scroll to it once.
    focused: Option<Quantity>,
}

/// The heights of the strip, from its top.
pub struct Rows {
    pub forward: f32,
    pub backward: f32,
    /// Of the room for the largest matrix.
    pub matrix: f32,
    all: f32,
}

/// Of the texts beneath a matrix.
pub const LINE: f32 = 15.0;
impl Strip {
    /// Shows the tape; returns the cell that was chosen with a click or the keyboard.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        tape: &Tape,
        (measured, scale): (&Measured, Scale),
        lit: &Lit,
    ) -> Option<Chosen> {
        self.hovered = None;
        let mut answer = None;
        ScrollArea::horizontal()
            .id_salt("shape strip")
            .auto_shrink([false, true])
            .show(ui, |ui| {
                // Room for the largest mini-batch, so that nothing moves when B does.
                let tallest = tape.largest_size().max(LARGEST_BATCH);
                let rows = Rows::new(scale.size([tallest, 1]).y);
                let Layout {
                    places,
                    note,
                    width,
                } = measured.lay_out(tape, scale);
                let (rect, _) = ui.allocate_exact_size(vec2(width, rows.all), Sense::hover());
                captions::notes(ui, rect, &rows, note);
                for place in &places {
                    captions::signs(ui, rect, &rows, place);
                }
                for backward in [false, true] {
                    for place in &places {
                        let quantity = if backward {
                            place.slot.backward
                        } else {
                            Some(place.slot.forward)
                        };
                        let Some(quantity) = quantity else {
                            continue;
                        };
                        let top = rect.top()
                            + if backward {
                                rows.backward
                            } else {
                                rows.forward
                            };
                        let middle = pos2(rect.left() + place.x, top + rows.matrix / 2.0);
                        let chosen = self.matrix(ui, tape, scale, lit, quantity, middle);
                        answer = chosen.or(answer);
                        let below = pos2(middle.x, top + rows.matrix + 5.0);
                        captions::below(ui, tape, quantity, below, lit);
                    }
                }
            });
        answer
    }

    fn matrix(
        &mut self,
        ui: &mut Ui,
        tape: &Tape,
        scale: Scale,
        lit: &Lit,
        quantity: Quantity,
        middle: Pos2,
    ) -> Option<Chosen> {
        let shape = tape.shape(quantity);
        let lengths = tape.lengths(shape);
        let rect = Rect::from_center_size(middle, scale.size(lengths));
        let outcome = tape.outcome(quantity);
        let is_chosen = lit.chosen.quantity == quantity;
        Drawn {
            sides: [shape.rows, shape.columns],
            lengths,
            outcome,
            is_chosen,
            is_partner: lit.partner == Some(quantity),
            lit: &lit.of(quantity),
        }
        .paint(ui.painter(), rect, palette(ui));

        // Vectors are thin, and have to be hit all the same.
        let target = rect.expand2(vec2(
            (14.0 - rect.width()).max(6.0) / 2.0,
            (14.0 - rect.height()).max(6.0) / 2.0,
        ));
        let id = Id::unique(("shape tape", quantity));
        let response = ui.interact(target, id, Sense::click());
        let name = tape.name(quantity);
        response.widget_info(|| {
            let words = format!(
                "{name}, {}×{}: {}",
                lengths[0],
                lengths[1],
                quantity.words()
            );
            WidgetInfo::selected(Role::Button, true, is_chosen, words)
        });
        if let Some(pointer) = response.hover_pos() {
            let cell = cell_at(rect, lengths, pointer);
            self.hovered = Some(Chosen { quantity, cell });
        }
        self.keyboard(ui, &response, lit, quantity, lengths)
            .or_else(|| self.hovered.filter(|_| response.clicked()))
    }

    /// A matrix that is reached with Tab is chosen, and the arrow keys walk through its cells.
    fn keyboard(
        &mut self,
        ui: &Ui,
        response: &Response,
        lit: &Lit,
        quantity: Quantity,
        [rows, columns]: [usize; 2],
    ) -> Option<Chosen> {
        if !response.has_focus() {
            return None;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if self.focused.replace(quantity) != Some(quantity) {
            response.scroll_to_me(None);
            let cell = [rows / 2, columns / 2];
            return Some(Chosen { quantity, cell });
        }
        let [mut row, mut column] = lit.chosen.cell;
        ui.input(|input| {
            let stride = if input.modifiers.shift { 10 } else { 1 };
            let presses = |key: Key| input.num_presses(key) * stride;
            row = (row + presses(Key::ArrowDown))
                .min(rows - 1)
                .saturating_sub(presses(Key::ArrowUp));
            column = (column + presses(Key::ArrowRight))
                .min(columns - 1)
                .saturating_sub(presses(Key::ArrowLeft));
        });
        let cell = [row, column];
        (lit.chosen.quantity == quantity && cell != lit.chosen.cell)
            .then_some(Chosen { quantity, cell })
    }
}

impl Rows {
    fn new(matrix: f32) -> Self {
        let forward = 4.0;
        let backward = forward + matrix + 2.0 * LINE + 16.0;
        Self {
            forward,
            backward,
            matrix,
            all: backward + matrix + 3.0 * LINE + 10.0,
        }
    }
}
