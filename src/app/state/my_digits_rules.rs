//! Keeping what the user draws: a label keeps the drawing, the same label again takes it back.

use super::AppState;
use super::saving::file_name;
use crate::app::{
    AppCommand, DialogFor, Effect, ImportedDigits, KeptDigit, LoadedDigits, MyDigits, Storage,
    a_digit,
};
use std::path::Path;

impl AppState {
    /// What the key of a digit makes of the label: the same key again takes it back, unless the drawing can be kept.
    pub fn label_after_press(&self, digit: u8) -> Option<u8> {
        let is_taken_back = self.pad.drawing.label == Some(digit) && !self.pad.can_be_kept();
        (!is_taken_back).then_some(digit)
    }

    /// Labels the drawing on the pad. Drawn with the pen, it is in My digits as long as it has a label.
    pub(super) fn label_drawing(&mut self, label: Option<u8>) -> Vec<Effect> {
        // A stroke that is not finished ends here.
        self.pad.pen_up();
        let before = self.my_digits.version;
        match (label.filter(|label| *label <= 9), self.pad.kept()) {
            (Some(label), Some(id)) => {
                if self.my_digits.relabel(id, label) {
                    self.say_kept(label);
                }
            }
            (None, Some(id)) => {
                self.delete_my_digit(id);
            }
            (Some(label), None) if self.pad.can_be_kept() => self.keep_drawing(label),
            (label, None) => self.pad.set_label(label),
        }
        self.follow_kept();
        self.read_pad();
        self.save_my_digits_since(before)
    }

    pub(super) fn change_my_digits(&mut self, command: AppCommand) -> Vec<Effect> {
        if command.enabled(self).is_err() {
            return Vec::new();
        }
        let before = self.my_digits.version;
        match command {
            AppCommand::PutMyDigit { id } => {
                if let Some(digit) = self.my_digits.with_id(id) {
                    self.pad.put_kept(digit.drawing.clone(), id);
                    self.read_pad();
                }
            }
            AppCommand::RelabelMyDigit { id, label } => self.relabel_my_digit(id, label),
            AppCommand::DeleteMyDigit { id } => self.delete_my_digit(id),
            AppCommand::DeleteMyDigits => {
                let count = self.my_digits.count_sentence();
                self.my_digits.delete_all();
                self.say(format!(
                    "Deleted {count}; Undo in My digits brings them back"
                ));
            }
            AppCommand::UndoMyDigits => {
                if let Some(change) = self.my_digits.undo() {
                    let count = self.my_digits.count_sentence();
                    self.say(format!("Taken back: {change}; {count}"));
                }
            }
            AppCommand::ImportMyDigits => return self.open_dialog(DialogFor::ImportMyDigits, None),
            AppCommand::ExportMyDigits => {
                let name = Some("my-digits.jsonl".into());
                return self.open_dialog(DialogFor::ExportMyDigits, name);
            }
            _ => {}
        }
        self.follow_kept();
        self.save_my_digits_since(before)
    }

    /// The drawing on the pad has the label that it has in My digits; one that was deleted there can be drawn on again.
    pub(super) fn follow_kept(&mut self) {
        let Some(id) = self.pad.kept() else {
            return;
        };
        match self.my_digits.with_id(id) {
            Some(digit) => self.pad.set_label(Some(digit.label)),
            None => self.pad.let_go(),
        }
    }

    pub(super) fn my_digits_loaded(&mut self, result: Result<LoadedDigits, String>) -> Vec<Effect> {
        match result {
            Ok(LoadedDigits { digits, note }) => {
                let kept_meanwhile = !self.my_digits.all().is_empty();
                self.my_digits.loaded(digits);
                if let Some(note) = note {
                    self.warn(note);
                }
                if kept_meanwhile {
                    return self.save_my_digits();
                }
            }
            Err(sentence) => {
                self.my_digits.storage = Storage::Refused(sentence.clone());
                self.complain(sentence);
            }
        }
        Vec::new()
    }

    pub(super) fn my_digits_saved(&mut self, result: Result<Option<String>, String>) {
        match result {
            Ok(None) => {}
            Ok(Some(note)) => self.warn(note),
            Err(sentence) => self.complain(sentence),
        }
    }

    pub(super) fn my_digits_imported(
        &mut self,
        path: &Path,
        result: Result<ImportedDigits, String>,
    ) -> Vec<Effect> {
        let ImportedDigits { digits, left_out } = match result {
            Ok(imported) => imported,
            Err(sentence) => {
                self.not_opened(&sentence);
                return Vec::new();
            }
        };
        let before = self.my_digits.version;
        let found = digits.len();
        let added = self.my_digits.import(digits);
        let mut sentence = format!(
            "Imported {added} of {} drawings of {}",
            found + left_out,
            file_name(path)
        );
        if left_out > 0 {
            sentence += &format!("; {left_out} without a label or without ink were left out");
        }
        if added < found && self.my_digits.has_room() {
            sentence += &format!("; {} are here already", found - added);
        }
        self.say(sentence);
        if !self.my_digits.has_room() {
            self.warn(full());
        }
        self.save_my_digits_since(before)
    }

    fn keep_drawing(&mut self, label: u8) {
        if !self.my_digits.has_room() {
            self.pad.set_label(Some(label));
            self.warn(full());
            return;
        }
        let drawing = (*self.pad.drawing).clone();
        match KeptDigit::new(drawing, label) {
            Ok(digit) => {
                let id = self.my_digits.keep(digit);
                self.pad.mark_kept(id);
                self.say_kept(label);
            }
            // Ink too faint to be read is still a drawing with a label.
            Err(_) => self.pad.set_label(Some(label)),
        }
    }

    fn relabel_my_digit(&mut self, id: u64, label: u8) {
        if self.my_digits.relabel(id, label) {
            self.say(format!("Now {} in My digits", a_digit(label)));
        }
    }

    fn delete_my_digit(&mut self, id: u64) {
        if let Some(digit) = self.my_digits.delete(id) {
            let count = self.my_digits.count_sentence();
            self.say(format!(
                "{} was taken out of My digits: {count}",
                sentence_begin(&a_digit(digit.label))
            ));
        }
    }

    fn say_kept(&mut self, label: u8) {
        let count = self.my_digits.count_sentence();
        self.say(format!(
            "Kept as {}: {count}. The next stroke begins another; the key {label} again takes it back",
            a_digit(label)
        ));
    }

    fn save_my_digits_since(&self, version: u64) -> Vec<Effect> {
        if self.my_digits.version == version {
            return Vec::new();
        }
        self.save_my_digits()
    }

    fn save_my_digits(&self) -> Vec<Effect> {
        match self.my_digits.storage {
            Storage::Ready => vec![Effect::SaveMyDigits(self.my_digits.all().to_vec())],
            // What is kept now is saved when the file is read; a file that was refused is left alone.
            Storage::Loading | Storage::Refused(_) => Vec::new(),
        }
    }
}

fn full() -> String {
    format!(
        "My digits are full: {} is the most; export them and delete some to go on",
        super::grouped(MyDigits::MAX as u64)
    )
}

fn sentence_begin(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
