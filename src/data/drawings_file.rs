use super::DataError;
use crate::ink::Drawing;
use std::path::Path;

/// The drawings of a `.jsonl` file, one a line.
pub fn read_drawings(path: &Path) -> Result<Vec<Drawing>, DataError> {
    let _ = path;
    todo!()
}

/// The text of a drawings file.
pub fn write_drawings(drawings: &[Drawing]) -> String {
    let _ = drawings;
    todo!()
}
