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

pub(super) fn read_data(
    path: &Path,
    progress: &mut dyn FnMut(f32) -> std::ops::ControlFlow<()>,
) -> Result<super::Dataset, DataError> {
    let _ = (path, progress);
    todo!()
}
