//! The digits that the user has drawn, labelled and kept.

use crate::ink::{Blank, Cells, Drawing, Ink, cells_of};
use std::sync::Arc;

/// What the user has kept, oldest first, with its own undo.
#[derive(Clone, Debug, Default)]
pub struct MyDigits {
    digits: Vec<Arc<KeptDigit>>,
    /// Whether changes reach the file.
    pub storage: Storage,
    /// Grows with every change.
    pub version: u64,
    undo: Vec<Earlier>,
    next_id: u64,
}

/// A drawing of the user's, and which digit it is.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptDigit {
    /// Its number in this program; files know none.
    pub id: u64,
    pub label: u8,
    /// With the same label.
    pub drawing: Drawing,
    /// As the network sees it.
    pub cells: Cells,
}

/// Whether changes of My digits reach their file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// The file is being read.
    #[default]
    Loading,
    Ready,
    /// The file can be neither read nor set aside, so that it is left alone: what is kept lasts until the window closes.
    Refused(String),
}

/// What to go back to.
#[derive(Clone, Debug)]
struct Earlier {
    /// "kept a 7"
    change: String,
    digits: Vec<Arc<KeptDigit>>,
}

/// So many changes can be taken back.
const UNDO_STEPS: usize = 50;

impl KeptDigit {
    /// `drawing` as an example of `label` 0..=9; there is no example without ink.
    pub fn new(mut drawing: Drawing, label: u8) -> Result<Self, Blank> {
        drawing.label = Some(label);
        Ok(Self {
            id: 0,
            label,
            cells: cells_of(Ink::Drawing(&drawing))?,
            drawing,
        })
    }
}

impl MyDigits {
    /// The most that can be kept: more would be slow to write and to learn from.
    pub const MAX: usize = 10_000;

    /// Oldest first.
    pub fn all(&self) -> &[Arc<KeptDigit>] {
        &self.digits
    }

    pub fn with_id(&self, id: u64) -> Option<&Arc<KeptDigit>> {
        self.digits.iter().find(|digit| digit.id == id)
    }

    /// How many there are of each digit.
    pub fn counts(&self) -> [usize; 10] {
        let mut counts = [0; 10];
        for digit in &self.digits {
            counts[usize::from(digit.label)] += 1;
        }
        counts
    }

    /// "0: 3 · 1: 2 · 2: none yet · …"
    pub fn counts_sentence(&self) -> String {
        let parts = self.counts().into_iter().enumerate();
        let parts = parts.map(|(digit, count)| match count {
            0 => format!("{digit}: none yet"),
            _ => format!("{digit}: {count}"),
        });
        parts.collect::<Vec<_>>().join(" · ")
    }

    /// "12 digits of yours"
    pub fn count_sentence(&self) -> String {
        count_text(self.digits.len())
    }

    /// What undo would take back: "kept a 7".
    pub fn last_change(&self) -> Option<&str> {
        self.undo.last().map(|earlier| earlier.change.as_str())
    }

    pub fn has_room(&self) -> bool {
        self.digits.len() < Self::MAX
    }

    /// Adds a digit and returns its number.
    pub(super) fn keep(&mut self, digit: KeptDigit) -> u64 {
        self.remember(format!("kept {}", a_digit(digit.label)));
        self.insert(digit)
    }

    /// Adds those that are not here yet, as far as there is room; returns how many.
    pub(super) fn import(&mut self, digits: Vec<KeptDigit>) -> usize {
        let strangers: Vec<KeptDigit> = self.strangers(digits);
        let room = Self::MAX.saturating_sub(self.digits.len());
        let added = strangers.len().min(room);
        if added > 0 {
            self.remember(format!("imported {added}"));
            for digit in strangers.into_iter().take(room) {
                self.insert(digit);
            }
        }
        added
    }

    /// What the file held comes before what was kept while it was being read.
    pub(super) fn loaded(&mut self, digits: Vec<KeptDigit>) {
        let kept_meanwhile = std::mem::take(&mut self.digits);
        for digit in digits {
            self.insert(digit);
        }
        self.digits.extend(kept_meanwhile);
        // An undo to the time before the file was read would delete all that it held.
        self.undo.clear();
        self.storage = Storage::Ready;
        self.version += 1;
    }

    /// Returns whether anything has changed.
    pub(super) fn relabel(&mut self, id: u64, label: u8) -> bool {
        let Some(index) = self.index_of(id) else {
            return false;
        };
        let before = Arc::clone(&self.digits[index]);
        if before.label == label || label > 9 {
            return false;
        }
        let (from, to) = (a_digit(before.label), a_digit(label));
        self.remember(format!("made {from} {to}"));
        let mut changed = KeptDigit::clone(&before);
        changed.label = label;
        changed.drawing.label = Some(label);
        self.digits[index] = Arc::new(changed);
        true
    }

    /// Takes one away and returns it.
    pub(super) fn delete(&mut self, id: u64) -> Option<Arc<KeptDigit>> {
        let index = self.index_of(id)?;
        let label = self.digits[index].label;
        self.remember(format!("deleted {}", a_digit(label)));
        Some(self.digits.remove(index))
    }

    pub(super) fn delete_all(&mut self) {
        self.remember(format!("deleted all {}", self.digits.len()));
        self.digits.clear();
    }

    /// Takes the last change back and says what it was.
    pub(super) fn undo(&mut self) -> Option<String> {
        let earlier = self.undo.pop()?;
        self.digits = earlier.digits;
        self.version += 1;
        Some(earlier.change)
    }

    /// Of `digits` those that are not here, each once: the same ink with the same label is the same digit.
    fn strangers(&self, digits: Vec<KeptDigit>) -> Vec<KeptDigit> {
        let mut known: std::collections::HashSet<(u8, [u8; 784])> = self
            .digits
            .iter()
            .map(|digit| (digit.label, digit.cells.0))
            .collect();
        let mut strangers = digits;
        strangers.retain(|digit| known.insert((digit.label, digit.cells.0)));
        strangers
    }

    fn index_of(&self, id: u64) -> Option<usize> {
        self.digits.iter().position(|digit| digit.id == id)
    }

    fn insert(&mut self, digit: KeptDigit) -> u64 {
        self.next_id += 1;
        let id = self.next_id;
        self.digits.push(Arc::new(KeptDigit { id, ..digit }));
        id
    }

    fn remember(&mut self, change: String) {
        if self.undo.len() == UNDO_STEPS {
            self.undo.remove(0);
        }
        self.undo.push(Earlier {
            change,
            digits: self.digits.clone(),
        });
        self.version += 1;
    }
}

/// "12 digits of yours"
pub(super) fn count_text(count: usize) -> String {
    match count {
        0 => "no digits of yours yet".into(),
        1 => "1 digit of yours".into(),
        count => format!("{} digits of yours", super::grouped(count as u64)),
    }
}

/// A digit with its article: "a 7", "an 8".
pub fn a_digit(digit: impl Into<usize>) -> String {
    let digit = digit.into();
    let article = if digit == 8 { "an" } else { "a" };
    format!("{article} {digit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Point, Stroke};

    /// A line that leans as `lean` says.
    pub(crate) fn digit(label: u8, lean: f32) -> KeptDigit {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.strokes.push(Stroke {
            points: vec![Point::new(140.0 + lean, 40.0), Point::new(140.0, 240.0)],
            width: 20.0,
        });
        KeptDigit::new(drawing, label).unwrap()
    }

    fn labels(digits: &MyDigits) -> Vec<u8> {
        digits.all().iter().map(|digit| digit.label).collect()
    }

    #[test]
    fn undo_takes_back_change_by_change_and_says_which() {
        let mut digits = MyDigits::default();
        let seven = digits.keep(digit(7, 0.0));
        let eight = digits.keep(digit(8, 60.0));
        digits.relabel(seven, 1);
        digits.delete(eight);
        digits.delete_all();
        let mut story = Vec::new();
        while let Some(change) = digits.undo() {
            story.push((change, labels(&digits)));
        }
        let expected = [
            ("deleted all 1", vec![1]),
            ("deleted an 8", vec![1, 8]),
            ("made a 7 a 1", vec![7, 8]),
            ("kept an 8", vec![7]),
            ("kept a 7", vec![]),
        ];
        assert_eq!(story, expected.map(|(change, left)| (change.into(), left)));
    }

    #[test]
    fn what_was_kept_while_the_file_was_read_comes_after_what_it_held() {
        let mut digits = MyDigits::default();
        digits.keep(digit(3, 0.0));
        digits.loaded(vec![digit(1, 0.0), digit(2, 0.0)]);
        assert_eq!(labels(&digits), [1, 2, 3]);
        assert_eq!(digits.last_change(), None);
        let mut ids: Vec<u64> = digits.all().iter().map(|digit| digit.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 3);
    }

    #[test]
    fn importing_twice_adds_nothing_the_second_time_and_stops_when_full() {
        let mut digits = MyDigits::default();
        let file: Vec<KeptDigit> = (0..5).map(|n| digit(1, 30.0 * n as f32)).collect();
        assert_eq!(digits.import(file.clone()), 5);
        assert_eq!(digits.import(file), 0);
        let one = Arc::clone(&digits.digits[0]);
        digits.digits.resize(MyDigits::MAX - 1, one);
        assert_eq!(digits.import(vec![digit(2, 0.0), digit(3, 0.0)]), 1);
        assert!(!digits.has_room());
    }

    #[test]
    fn the_counts_name_what_is_missing() {
        let mut digits = MyDigits::default();
        digits.keep(digit(0, 0.0));
        digits.keep(digit(0, 50.0));
        let sentence = digits.counts_sentence();
        assert!(sentence.starts_with("0: 2 · 1: none yet · "), "{sentence}");
        assert_eq!(digits.count_sentence(), "2 digits of yours");
    }

    #[test]
    fn a_label_that_is_no_digit_changes_nothing() {
        let mut digits = MyDigits::default();
        let id = digits.keep(digit(4, 0.0));
        assert!(!digits.relabel(id, 10) && !digits.relabel(id, 4) && !digits.relabel(99, 5));
        assert_eq!(labels(&digits), [4]);
    }
}
