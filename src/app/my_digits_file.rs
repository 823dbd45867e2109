//! The file that My digits live in: read once, replaced whole, never overwritten when it holds what cannot be read.

use super::KeptDigit;
use super::jobs::sentence_case;
use crate::data::{read_drawings, write_atomically, write_drawings};
use crate::ink::Drawing;
use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `my-digits.jsonl` in the user's data folder, and what this program knows of it.
#[derive(Debug)]
pub(super) struct MyDigitsFile {
    path: PathBuf,
    /// The lines as this program last read or wrote them: a line of the file that is not among them was written by
    /// another window, and stays.
    known: HashSet<String>,
}

/// What the file held.
#[derive(Debug, Default, PartialEq)]
pub struct LoadedDigits {
    pub digits: Vec<KeptDigit>,
    /// What a person should know about the reading.
    pub note: Option<String>,
}

/// Drawings with a label and ink, out of any drawings file.
#[derive(Debug, Default, PartialEq)]
pub struct ImportedDigits {
    pub digits: Vec<KeptDigit>,
    /// Drawings without a label or without ink.
    pub left_out: usize,
}

const NAME: &str = "my-digits.jsonl";

/// A broken file is set aside under the first free of so many names.
const MOST_SET_ASIDE: usize = 100;

impl MyDigitsFile {
    pub fn in_dir(dir: &Path) -> Self {
        Self {
            path: dir.join(NAME),
            known: HashSet::new(),
        }
    }

    /// Reads the file. One that is broken is set aside and told in the note; the error says why it must be left alone.
    pub fn load(&mut self) -> Result<LoadedDigits, String> {
        if self.is_absent() {
            return Ok(LoadedDigits::default());
        }
        let broken = match read_drawings(&self.path) {
            Ok(drawings) => {
                let ImportedDigits { digits, left_out } = import(drawings);
                if left_out == 0 {
                    self.known = lines_of(digits.iter()).collect();
                    return Ok(LoadedDigits { digits, note: None });
                }
                format!("{left_out} of its drawings have no label or no ink")
            }
            Err(error) => error.to_string(),
        };
        let aside = self.set_aside(&broken)?;
        let note = format!(
            "My digits could not be read ({broken}): the file was set aside as {}, and can be imported once it is mended",
            aside.display()
        );
        Ok(LoadedDigits {
            digits: Vec::new(),
            note: Some(note),
        })
    }

    /// Replaces the file with `digits`, and with what another window has added meanwhile. Returns what a person should
    /// know about it.
    pub fn save(&mut self, digits: &[Arc<KeptDigit>]) -> Result<Option<String>, String> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))
                .map_err(not_kept)?;
        }
        let own: Vec<String> = lines_of(digits.iter().map(Arc::as_ref)).collect();
        let (theirs, note) = self.lines_of_others()?;
        let text: String = theirs
            .iter()
            .chain(own.iter().filter(|line| !theirs.contains(line)))
            .map(String::as_str)
            .collect();
        write_atomically(&self.path, text.as_bytes())
            .map_err(|error| not_kept(error.to_string()))?;
        self.known = own.into_iter().collect();
        Ok(note)
    }

    /// What the file holds that this program has neither read nor written.
    fn lines_of_others(&self) -> Result<(Vec<String>, Option<String>), String> {
        if self.is_absent() {
            return Ok((Vec::new(), None));
        }
        match read_drawings(&self.path) {
            Ok(drawings) => {
                let mut lines: Vec<String> = drawings.iter().map(line_of).collect();
                lines.retain(|line| !self.known.contains(line));
                Ok((lines, None))
            }
            Err(error) => {
                let aside = self.set_aside(&error.to_string())?;
                let note = format!(
                    "The file of My digits was changed and could not be read any more ({error}): it was set aside as {}",
                    aside.display()
                );
                Ok((Vec::new(), Some(note)))
            }
        }
    }

    /// Gives a broken file another name; the error says why it had to stay.
    fn set_aside(&self, broken: &str) -> Result<PathBuf, String> {
        let names =
            (1..=MOST_SET_ASIDE).map(|number| format!("my-digits-set-aside-{number}.jsonl"));
        let free = names
            .map(|name| self.path.with_file_name(name))
            .find(|path| !path.exists());
        let moved = match free {
            Some(aside) => fs::rename(&self.path, &aside)
                .map(|()| aside)
                .map_err(|error| error.to_string()),
            None => Err(format!("there are {MOST_SET_ASIDE} such files already")),
        };
        moved.map_err(|error| {
            format!(
                "{} can be neither read ({broken}) nor set aside ({error}), so it is left alone: what you keep now lasts until the window closes, unless you export it",
                self.path.display()
            )
        })
    }

    fn is_absent(&self) -> bool {
        let found = fs::metadata(&self.path);
        found.is_err_and(|error| {
            matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
        })
    }
}

/// The drawings that can be kept.
pub(super) fn import(drawings: Vec<Drawing>) -> ImportedDigits {
    let count = drawings.len();
    let digits: Vec<KeptDigit> = drawings
        .into_iter()
        .filter_map(|drawing| {
            let label = drawing.label?;
            KeptDigit::new(drawing, label).ok()
        })
        .collect();
    ImportedDigits {
        left_out: count - digits.len(),
        digits,
    }
}

/// The drawings of a file that the user has chosen.
pub(super) fn import_file(path: &Path) -> Result<ImportedDigits, String> {
    let drawings = read_drawings(path).map_err(|error| sentence_case(&error.to_string()))?;
    let imported = import(drawings);
    if imported.digits.is_empty() {
        return Err(format!(
            "{} holds no drawing with a label: in a drawings file each line says which digit it is",
            path.display()
        ));
    }
    Ok(imported)
}

/// The text of a drawings file.
pub(super) fn text_of(digits: &[Arc<KeptDigit>]) -> String {
    lines_of(digits.iter().map(Arc::as_ref)).collect()
}

fn lines_of<'a>(digits: impl Iterator<Item = &'a KeptDigit>) -> impl Iterator<Item = String> {
    digits.map(|digit| line_of(&digit.drawing))
}

fn line_of(drawing: &Drawing) -> String {
    write_drawings(std::slice::from_ref(drawing))
}

fn not_kept(reason: String) -> String {
    format!("My digits are not kept: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Point, Stroke};

    fn digit(label: u8, lean: f32) -> Arc<KeptDigit> {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.strokes.push(Stroke {
            points: vec![Point::new(140.0 + lean, 40.0), Point::new(140.0, 240.0)],
            width: 20.0,
        });
        Arc::new(KeptDigit::new(drawing, label).unwrap())
    }

    fn labels(file: &mut MyDigitsFile) -> Vec<u8> {
        let loaded = file.load().unwrap();
        assert_eq!(loaded.note, None);
        loaded.digits.iter().map(|digit| digit.label).collect()
    }

    #[test]
    fn what_is_saved_is_there_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("not made yet");
        let mut file = MyDigitsFile::in_dir(&folder);
        assert_eq!(file.load(), Ok(LoadedDigits::default()));
        assert_eq!(file.save(&[digit(3, 0.0), digit(7, 9.0)]), Ok(None));
        assert_eq!(labels(&mut MyDigitsFile::in_dir(&folder)), [3, 7]);
        assert_eq!(file.save(&[digit(7, 9.0)]), Ok(None));
        assert_eq!(labels(&mut MyDigitsFile::in_dir(&folder)), [7]);
    }

    #[test]
    fn a_broken_file_is_set_aside_and_told_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        for (number, broken) in [
            (1, "{\"label\": 3, \"str"),
            (2, "{\"size\":[9,9],\"strokes\":[]}"),
        ] {
            fs::write(&path, broken).unwrap();
            let mut file = MyDigitsFile::in_dir(dir.path());
            let loaded = file.load().unwrap();
            let aside = dir
                .path()
                .join(format!("my-digits-set-aside-{number}.jsonl"));
            let note = loaded.note.unwrap();
            assert!(note.contains(&aside.display().to_string()), "{note}");
            file.save(&[digit(1, 0.0)]).unwrap();
            assert_eq!(fs::read_to_string(&aside).unwrap(), broken);
            assert_eq!(labels(&mut MyDigitsFile::in_dir(dir.path())), [1]);
        }
    }

    #[test]
    fn a_file_that_breaks_while_the_program_runs_is_set_aside_too() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = MyDigitsFile::in_dir(dir.path());
        file.save(&[digit(1, 0.0)]).unwrap();
        fs::write(dir.path().join(NAME), "scribble").unwrap();
        let note = file.save(&[digit(2, 0.0)]).unwrap().unwrap();
        assert!(note.contains("set-aside-1"), "{note}");
        assert_eq!(labels(&mut MyDigitsFile::in_dir(dir.path())), [2]);
    }

    #[test]
    fn two_windows_at_once_lose_nothing_of_each_other() {
        let dir = tempfile::tempdir().unwrap();
        MyDigitsFile::in_dir(dir.path())
            .save(&[digit(0, 0.0), digit(1, 0.0)])
            .unwrap();
        let [mut first, mut second] = [(); 2].map(|()| MyDigitsFile::in_dir(dir.path()));
        assert_eq!(labels(&mut first), [0, 1]);
        assert_eq!(labels(&mut second), [0, 1]);
        // One window adds a 2, the other deletes the 0 and adds a 3.
        first
            .save(&[digit(0, 0.0), digit(1, 0.0), digit(2, 0.0)])
            .unwrap();
        second.save(&[digit(1, 0.0), digit(3, 0.0)]).unwrap();
        first
            .save(&[digit(1, 0.0), digit(2, 0.0), digit(4, 0.0)])
            .unwrap();
        let mut all = labels(&mut MyDigitsFile::in_dir(dir.path()));
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3, 4]);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        fs::write(&blocked, "in the way").unwrap();
        let mut file = MyDigitsFile::in_dir(&blocked);
        assert_eq!(file.load(), Ok(LoadedDigits::default()));
        let sentence = file.save(&[digit(1, 0.0)]).unwrap_err();
        assert!(sentence.starts_with("My digits are not kept"), "{sentence}");
    }

    #[test]
    fn an_import_leaves_out_what_has_no_label_or_no_ink() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("theirs.jsonl");
        let blank = Drawing::new([9.0, 9.0]);
        let mut unlabelled = digit(1, 0.0).drawing.clone();
        unlabelled.label = None;
        let drawings = [digit(5, 0.0).drawing.clone(), blank, unlabelled];
        fs::write(&path, write_drawings(&drawings)).unwrap();
        let imported = import_file(&path).unwrap();
        assert_eq!((imported.digits.len(), imported.left_out), (1, 2));
        fs::write(&path, write_drawings(&drawings[1..])).unwrap();
        assert!(
            import_file(&path)
                .unwrap_err()
                .contains("no drawing with a label")
        );
    }
}
