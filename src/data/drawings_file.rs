use super::dataset::{Dataset, MAX_EXAMPLES};
use super::error::DataError;
use super::source::Purpose;
use crate::ink::{Cells, Drawing, Ink, cells_of};
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The longest line: some hundred thousand points.
const MAX_LINE_BYTES: u64 = 4 << 20;

/// The largest file whose drawings are all kept.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// Drawings read between two looks at the progress.
const CHUNK: usize = 64;

/// The drawings of a `.jsonl` file, one a line; blank lines are skipped.
pub fn read_drawings(path: &Path) -> Result<Vec<Drawing>, DataError> {
    let mut lines = Lines::open(path)?;
    let mut drawings = Vec::new();
    while let Some((_, drawing)) = lines.next_drawing()? {
        drawings.push(drawing);
    }
    Ok(drawings)
}

/// The text of a drawings file.
pub fn write_drawings(drawings: &[Drawing]) -> String {
    let mut text = String::new();
    for drawing in drawings {
        // Numbers, lists and names of fields always have a text; there is no other way to fail.
        if let Ok(line) = serde_json::to_string(drawing) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// The drawings of a file as a data set: all of them with a label and with ink, normalised as the pad is. It knows
/// the writers where every drawing names its own.
pub(super) fn read_data(
    path: &Path,
    purpose: Purpose,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Dataset, DataError> {
    let mut lines = Lines::open(path)?;
    let mut data = Dataset::default();
    let mut writers = Vec::new();
    while let Some((line, drawing)) = lines.next_drawing()? {
        if data.len().is_multiple_of(CHUNK) && progress(lines.part_done()).is_break() {
            return Err(DataError::Cancelled);
        }
        let path = || path.to_owned();
        if data.len() == MAX_EXAMPLES {
            let limit = format!("{MAX_EXAMPLES} drawings");
            return Err(DataError::TooLarge {
                path: path(),
                limit,
            });
        }
        let Some(label) = drawing.label else {
            return Err(DataError::Unlabelled { path: path(), line });
        };
        let cells = match cells_of(Ink::Drawing(&drawing)) {
            Ok(cells) => cells,
            Err(_) if purpose == Purpose::Scoring => Cells::BLANK,
            Err(_) => return Err(DataError::BlankDrawing { path: path(), line }),
        };
        data.push(&cells, label);
        writers.extend(drawing.writer);
    }
    data.set_writers(writers);
    Ok(data)
}

/// The drawings of a file, one after the other, with their line numbers.
struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    text: Vec<u8>,
    /// Of the line in `text`, counted from 1.
    number: usize,
    bytes_done: u64,
    bytes_total: u64,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, DataError> {
        let metadata = path.metadata().map_err(DataError::unreadable(path))?;
        if !metadata.is_file() {
            return Err(DataError::NotADataSet {
                path: path.to_owned(),
            });
        }
        let mut lines = Self {
            path: path.to_owned(),
            file: BufReader::new(File::open(path).map_err(DataError::unreadable(path))?),
            text: Vec::new(),
            number: 0,
            bytes_done: 0,
            bytes_total: metadata.len(),
        };
        if lines.bytes_total > MAX_FILE_BYTES {
            return Err(lines.too_large(format!("{} MB", MAX_FILE_BYTES >> 20)));
        }
        // A picture, an archive or a single IDX file would only be told to be bad in line 1.
        let start = lines.file.fill_buf().map_err(DataError::unreadable(path))?;
        if start.contains(&0) {
            return Err(DataError::NotADataSet {
                path: path.to_owned(),
            });
        }
        Ok(lines)
    }

    /// How far the reading is, 0..=1.
    fn part_done(&self) -> f32 {
        (self.bytes_done as f32 / self.bytes_total.max(1) as f32).min(1.0)
    }

    fn next_drawing(&mut self) -> Result<Option<(usize, Drawing)>, DataError> {
        loop {
            self.text.clear();
            let read = (&mut self.file)
                .take(MAX_LINE_BYTES + 1)
                .read_until(b'\n', &mut self.text)
                .map_err(DataError::unreadable(&self.path))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.bytes_done += read as u64;
            if self.bytes_done > MAX_FILE_BYTES {
                return Err(self.too_large(format!("{} MB", MAX_FILE_BYTES >> 20)));
            }
            if read as u64 > MAX_LINE_BYTES {
                let limit = format!("it is longer than {} MB", MAX_LINE_BYTES >> 20);
                return Err(self.bad_line(limit));
            }
            // Some editors start a file with a byte order mark.
            let text = self.text.strip_prefix("\u{feff}".as_bytes());
            let text = text.unwrap_or(&self.text).trim_ascii();
            if !text.is_empty() {
                let drawing = serde_json::from_slice(text)
                    .map_err(|error| self.bad_line(in_one_line(&error)))?;
                return Ok(Some((self.number, drawing)));
            }
        }
    }

    fn too_large(&self, limit: String) -> DataError {
        DataError::TooLarge {
            path: self.path.clone(),
            limit,
        }
    }

    fn bad_line(&self, reason: String) -> DataError {
        DataError::Drawing {
            path: self.path.clone(),
            line: self.number,
            reason,
        }
    }
}

/// What JSON's reader says, with the column alone: the line is always 1 for it. What only the whole drawing shows has
/// no place in the line.
fn in_one_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = match text.rsplit_once(" at line ") {
        Some((reason, _)) => reason,
        None => &text,
    };
    match error.column() {
        0 => reason.to_owned(),
        column => format!("{reason} (column {column})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const SEVEN: &str = r#"{"label":7,"size":[100,100],"strokes":[[[20,20],[80,20],[40,90]]]}"#;
    const UNLABELLED: &str = r#"{"size":[100,100],"strokes":[[[20,20],[80,20]]]}"#;
    const BLANK: &str = r#"{"label":7,"size":[100,100],"strokes":[]}"#;

    /// What both readers say of a file with this text.
    fn read(text: impl AsRef<[u8]>) -> (Result<Vec<Drawing>, String>, Result<Dataset, String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drawings.jsonl");
        fs::write(&path, text).unwrap();
        let data = read_data(&path, Purpose::Learning, &mut |_| ControlFlow::Continue(()));
        let drawings = read_drawings(&path);
        (
            drawings.map_err(|error| error.to_string()),
            data.map_err(|error| error.to_string()),
        )
    }

    #[test]
    fn blank_lines_line_ends_and_a_byte_order_mark_are_tolerated() {
        let text = format!("\u{feff}{SEVEN}\r\n\n  \n{SEVEN}\n{SEVEN}");
        let (drawings, data) = read(text);
        assert_eq!(drawings.unwrap().len(), 3);
        assert_eq!(data.unwrap().len(), 3);
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let drawings = read(format!("{SEVEN}\n{UNLABELLED}\n{BLANK}\n")).0.unwrap();
        assert_eq!(read(write_drawings(&drawings)).0.unwrap(), drawings);
    }

    #[test]
    fn drawings_without_a_label_or_ink_can_be_opened_but_are_no_data_set() {
        let (drawings, data) = read(format!("{SEVEN}\n\n{UNLABELLED}\n"));
        assert_eq!(drawings.unwrap().len(), 2);
        let sentence = data.unwrap_err();
        assert!(sentence.contains("in line 3 of"), "{sentence}");
        assert!(sentence.contains("has no label"), "{sentence}");

        let (drawings, data) = read(format!("{SEVEN}\n{BLANK}\n"));
        assert!(drawings.unwrap()[1].is_blank());
        let sentence = data.unwrap_err();
        assert!(sentence.contains("in line 2 of"), "{sentence}");
        assert!(sentence.contains("has no ink"), "{sentence}");
    }

    #[test]
    fn a_line_that_is_no_drawing_is_named_with_the_reason() {
        for (line, reason) in [
            ("{\"label\":", "EOF while parsing"),
            ("hello", "expected value"),
            (r#"{"label":12,"size":[9,9],"strokes":[]}"#, "12"),
            (
                r#"{"label":1,"size":[9,9],"strokes":[[[1,1e400]]]}"#,
                "number out of range",
            ),
            (r#"{"label":1,"size":[9,9]}"#, "missing field `strokes`"),
            (&"[".repeat(100_000), ""),
        ] {
            let (drawings, data) = read(format!("{SEVEN}\n\n{line}\n{SEVEN}"));
            for sentence in [drawings.unwrap_err(), data.unwrap_err()] {
                assert!(sentence.starts_with("line 3 of "), "{sentence}");
                assert!(sentence.contains(reason), "{sentence}");
                assert!(!sentence.contains("at line 1"), "{sentence}");
                assert!(!sentence.contains("column 0"), "{sentence}");
            }
        }
    }

    #[test]
    fn a_line_without_an_end_takes_bounded_memory() {
        let sentence = read(vec![b' '; MAX_LINE_BYTES as usize + 10])
            .0
            .unwrap_err();
        assert!(sentence.contains("longer than 4 MB"), "{sentence}");
    }

    #[test]
    fn bytes_and_folders_are_no_drawings() {
        let sentence = read([0, 0, 8, 3, 0, 0]).0.unwrap_err();
        assert!(sentence.contains("neither a data set folder"), "{sentence}");
        let folder = tempfile::tempdir().unwrap();
        assert!(read_drawings(folder.path()).is_err());
        assert!(read_drawings(&folder.path().join("absent")).is_err());
    }
}
