//! Pictures sorted by digit: `ROOT/<label>/*.png`, also JPEG, GIF, BMP and WebP.

use super::dataset::{Dataset, MAX_EXAMPLES};
use super::error::DataError;
use super::source::Purpose;
use crate::ink::{Cells, Ink, cells_of, open_picture};
use rayon::prelude::*;
use std::ffi::OsStr;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Pictures read side by side between two looks at the progress.
const CHUNK: usize = 64;

/// Reads every picture below `root`, normalised as the pad is. A picture that cannot be used is an error: half a
/// data set is never used silently.
pub(super) fn read(
    root: &Path,
    purpose: Purpose,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    notes: &mut Vec<String>,
) -> Result<Dataset, DataError> {
    let pictures = list(root, notes)?;
    let mut data = Dataset::default();
    for chunk in pictures.chunks(CHUNK) {
        if progress(data.len() as f32 / pictures.len() as f32).is_break() {
            return Err(DataError::Cancelled);
        }
        let cells: Vec<Cells> = chunk
            .par_iter()
            .map(|(path, _)| read_picture(path, purpose))
            .collect::<Result<_, _>>()?;
        for (cells, (_, label)) in cells.iter().zip(chunk) {
            data.push(cells, *label);
        }
    }
    Ok(data)
}

fn read_picture(path: &Path, purpose: Purpose) -> Result<Cells, DataError> {
    let picture = open_picture(path)?;
    match cells_of(Ink::Picture(&picture)) {
        Ok(cells) => Ok(cells),
        Err(_) if purpose == Purpose::Scoring => Ok(Cells::BLANK),
        Err(_) => Err(DataError::BlankPicture {
            path: path.to_owned(),
        }),
    }
}

/// The pictures of all digit folders with their labels, in the order of their names.
fn list(root: &Path, notes: &mut Vec<String>) -> Result<Vec<(PathBuf, u8)>, DataError> {
    let entries = visible(root)?;
    if entries.is_empty() {
        return Err(DataError::EmptyFolder {
            path: root.to_owned(),
        });
    }
    let (folders, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| path.is_dir());
    if folders.is_empty() {
        return Err(DataError::NotADataSet {
            path: root.to_owned(),
        });
    }

    let mut pictures = Vec::new();
    let mut absent = Vec::from_iter(0..=9);
    for folder in folders {
        let Some(label) = digit(&folder) else {
            return Err(DataError::FolderName { path: folder });
        };
        let inside = visible(&folder)?;
        if !inside.is_empty() {
            absent.retain(|&digit| digit != label);
        }
        pictures.extend(inside.into_iter().map(|path| (path, label)));
        if pictures.len() > MAX_EXAMPLES {
            return Err(DataError::TooLarge {
                path: root.to_owned(),
                limit: format!("{MAX_EXAMPLES} pictures"),
            });
        }
    }
    if !absent.is_empty() {
        let absent: Vec<String> = absent.iter().map(u8::to_string).collect();
        notes.push(format!("No pictures of {}", absent.join(", ")));
    }
    match files.len() {
        0 => {}
        1 => notes.push("1 file beside the digit folders was left out".to_owned()),
        n => notes.push(format!("{n} files beside the digit folders were left out")),
    }
    Ok(pictures)
}

/// The digit that a folder is named after.
fn digit(folder: &Path) -> Option<u8> {
    let name = folder.file_name().and_then(OsStr::to_str)?;
    let label: u8 = name.parse().ok()?;
    (label <= 9 && name.len() == 1).then_some(label)
}

/// What a folder holds, sorted, without what systems leave in it for themselves.
fn visible(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(DataError::unreadable(folder))? {
        let entry = entry.map_err(DataError::unreadable(folder))?;
        let name = entry.file_name();
        let hidden = name.as_encoded_bytes().starts_with(b".");
        if !hidden && name != "Thumbs.db" && name != "desktop.ini" {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
