//! From the pointer events of a frame to the pen on the pad.

use crate::app::{AppCommand, PAD_SIZE};
use egui::{Event, PointerButton, Pos2, Rect, TouchPhase, Ui};

/// Pressure of a pointer that does not report any.
const USUAL_PRESSURE: f32 = 0.5;

/// Follows one stroke over the frames.
#[derive(Debug, Default)]
pub struct Pen {
    /// The button that holds the pen down.
    button: Option<PointerButton>,
    /// The last force of a touch or a stylus, while it reports one.
    force: Option<f32>,
}

impl Pen {
    /// Whether a stroke is being drawn.
    pub fn is_down(&self) -> bool {
        self.button.is_some()
    }

    /// Whether the stroke being drawn takes ink away because of its button.
    pub fn is_erasing(&self) -> bool {
        self.button == Some(PointerButton::Secondary)
    }

    /// Reads *all* pointer events of the frame, so that a quick stroke has no gaps; `pad` is where the pad is shown.
    pub fn read(&mut self, ui: &Ui, pad: Rect, commands: &mut Vec<AppCommand>) {
        let events = ui.input(|input| input.events.clone());
        for event in events {
            match event {
                Event::Touch { phase, force, .. } => {
                    let lifted = matches!(phase, TouchPhase::End | TouchPhase::Cancel);
                    self.force = force.filter(|_| !lifted);
                }
                Event::PointerButton {
                    pos,
                    button: button @ (PointerButton::Primary | PointerButton::Secondary),
                    pressed: true,
                    ..
                } if self.button.is_none() && is_on_pad(ui, pad, pos) => {
                    self.button = Some(button);
                    let (x, y) = pad_from_screen(pad, pos);
                    commands.push(AppCommand::PenDown {
                        x,
                        y,
                        pressure: self.pressure(),
                        erase: button == PointerButton::Secondary,
                    });
                }
                Event::PointerMoved(pos) if self.is_down() => {
                    let (x, y) = pad_from_screen(pad, pos);
                    commands.push(AppCommand::PenMove {
                        x,
                        y,
                        pressure: self.pressure(),
                    });
                }
                Event::PointerButton {
                    button,
                    pressed: false,
                    ..
                } if self.button == Some(button) => self.lift(commands),
                Event::PointerGone | Event::WindowFocused(false) if self.is_down() => {
                    self.lift(commands);
                }
                _ => {}
            }
        }
    }

    fn lift(&mut self, commands: &mut Vec<AppCommand>) {
        self.button = None;
        commands.push(AppCommand::PenUp);
    }

    fn pressure(&self) -> f32 {
        self.force.unwrap_or(USUAL_PRESSURE).clamp(0.0, 1.0)
    }
}

/// Not where a menu, a window or a question lies over the pad.
fn is_on_pad(ui: &Ui, pad: Rect, pos: Pos2) -> bool {
    pad.contains(pos)
        && ui.clip_rect().contains(pos)
        && ui.ctx().layer_id_at(pos) == Some(ui.layer_id())
}

/// A stroke that leaves the pad goes on along its edge: ink that cannot be seen must not be read either.
fn pad_from_screen(pad: Rect, pos: Pos2) -> (f32, f32) {
    let place = (pos - pad.min) / pad.size() * PAD_SIZE;
    (place.x.clamp(0.0, PAD_SIZE), place.y.clamp(0.0, PAD_SIZE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{RawInput, pos2, vec2};

    /// Runs one frame with these events over a pad of 140 points at (10, 20).
    fn frame(pen: &mut Pen, context: &egui::Context, events: Vec<Event>) -> Vec<AppCommand> {
        let mut commands = Vec::new();
        let input = RawInput {
            events,
            ..RawInput::default()
        };
        let pad = Rect::from_min_size(pos2(10.0, 20.0), vec2(140.0, 140.0));
        context
            .run_ui(input, |ui| pen.read(ui, pad, &mut commands))
            .drop_without_applying_deltas();
        commands
    }

    fn button(pos: Pos2, pressed: bool, button: PointerButton) -> Event {
        Event::PointerButton {
            pos,
            button,
            pressed,
            modifiers: egui::Modifiers::NONE,
        }
    }

    #[test]
    fn every_move_of_a_frame_becomes_ink() {
        let (mut pen, context) = (Pen::default(), egui::Context::default());
        frame(&mut pen, &context, vec![]);
        let commands = frame(
            &mut pen,
            &context,
            vec![
                button(pos2(10.0, 20.0), true, PointerButton::Primary),
                Event::PointerMoved(pos2(80.0, 20.0)),
                Event::PointerMoved(pos2(80.0, 90.0)),
                button(pos2(80.0, 90.0), false, PointerButton::Primary),
            ],
        );
        let at = |x, y| AppCommand::PenMove {
            x,
            y,
            pressure: 0.5,
        };
        assert_eq!(
            commands,
            [
                AppCommand::PenDown {
                    x: 0.0,
                    y: 0.0,
                    pressure: 0.5,
                    erase: false
                },
                at(140.0, 0.0),
                at(140.0, 140.0),
                AppCommand::PenUp
            ]
        );
    }

    #[test]
    fn a_stroke_that_leaves_the_pad_stays_at_its_edge_and_ends_outside() {
        let (mut pen, context) = (Pen::default(), egui::Context::default());
        frame(&mut pen, &context, vec![]);
        frame(
            &mut pen,
            &context,
            vec![button(pos2(50.0, 50.0), true, PointerButton::Secondary)],
        );
        assert!(pen.is_erasing());
        let commands = frame(
            &mut pen,
            &context,
            vec![
                Event::PointerMoved(pos2(900.0, -40.0)),
                button(pos2(900.0, -40.0), false, PointerButton::Secondary),
            ],
        );
        assert_eq!(
            commands,
            [
                AppCommand::PenMove {
                    x: PAD_SIZE,
                    y: 0.0,
                    pressure: 0.5
                },
                AppCommand::PenUp
            ]
        );
        assert!(!pen.is_down());
    }

    #[test]
    fn a_press_beside_the_pad_draws_nothing() {
        let (mut pen, context) = (Pen::default(), egui::Context::default());
        frame(&mut pen, &context, vec![]);
        let commands = frame(
            &mut pen,
            &context,
            vec![
                button(pos2(300.0, 50.0), true, PointerButton::Primary),
                Event::PointerMoved(pos2(50.0, 50.0)),
            ],
        );
        assert!(commands.is_empty());
    }
}
