//! What the pen and the other commands of the pad do. Every change is read by the network at once.

use super::AppState;
use crate::app::{AppCommand, PenMode, Reading};
use crate::ink::{Point, Steps, practice_digit};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

impl AppState {
    pub(super) fn change_pad(&mut self, command: AppCommand) {
        let before = self.pad.version;
        match command {
            AppCommand::PenDown {
                x,
                y,
                pressure,
                erase,
            } => {
                let erases = erase || self.pad.mode == PenMode::Erase;
                if erases && self.pad.picture.is_some() {
                    self.say("The eraser removes strokes: clear the pad to remove the picture");
                }
                self.pad.pen_down(Point { x, y, pressure }, erase);
            }
            AppCommand::PenMove { x, y, pressure } => {
                self.pad.pen_move(Point { x, y, pressure });
            }
            AppCommand::PenUp => self.pad.pen_up(),
            AppCommand::Undo => self.pad.undo(),
            AppCommand::Redo => self.pad.redo(),
            AppCommand::ClearPad => self.pad.clear(),
            AppCommand::ToggleEraser => {
                self.pad.mode = match self.pad.mode {
                    PenMode::Draw => PenMode::Erase,
                    PenMode::Erase => PenMode::Draw,
                };
            }
            AppCommand::SetPenWidth(width) => {
                self.settings.set_pen_width(width);
                self.pad.pen_width = self.settings.pen_width;
            }
            AppCommand::ShowExample { index } => self.show_example(index),
            AppCommand::WritePracticeDigit => self.write_practice_digit(),
            _ => {}
        }
        if self.pad.version != before {
            self.follow_kept();
            self.read_pad();
        }
    }

    /// Does or leaves out steps of the normalisation.
    pub(super) fn set_steps(&mut self, steps: Steps) {
        if self.steps != steps {
            self.steps = steps;
            self.read_pad();
        }
    }

    /// The pad has changed, or what is done to its ink.
    pub(super) fn read_pad(&mut self) {
        self.reading = Reading::of_pad(&self.pad, &self.model, self.steps);
    }

    /// The network has changed, the pad has not.
    pub(super) fn read_pad_again(&mut self) {
        self.follow_path();
        if let Some(reading) = self.reading.take() {
            self.reading = reading.by(&self.model);
        }
    }

    fn show_example(&mut self, index: usize) {
        if let Some(sets) = &self.data.sets
            && index < sets.test.len()
        {
            let (cells, label) = (sets.test.cells(index), sets.test.label(index));
            self.pad.put_example(cells, label);
        }
    }

    fn write_practice_digit(&mut self) {
        self.practice_digits += 1;
        let mut rng = StdRng::seed_from_u64(self.practice_digits);
        let digit = rng.random_range(0..10);
        let mut drawing = practice_digit(digit, &mut rng);
        drawing.label = Some(digit);
        self.pad.put_drawing(drawing);
    }
}
