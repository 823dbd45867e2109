use super::ModelProblem;
use super::place::{Place, Step, path_at, shortened};

/// What serde_json found, said in terms of the model.
pub(super) fn problem_at(text: &str, error: &serde_json::Error) -> ModelProblem {
    let (line, column) = (error.line(), error.column());
    let mut offset = offset_of(text, line, column);
    if error.is_data() && matches!(text.as_bytes().get(offset), Some(b',' | b':' | b'[')) {
        // serde_json looked at what follows, found it to be of the wrong kind, and counts it as unread.
        offset += 1;
    }
    let path = path_at(text, offset);
    let message = error.to_string();
    let reason = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    let reason = shortened(reason, 100);
    let place = Place::from_path(&path);

    if matches!(place, Place::Weight { .. } | Place::Bias { .. }) && !error.is_eof() {
        let found = token_at(text, offset);
        if !found.is_empty() && !found.parse::<f32>().is_ok_and(f32::is_finite) {
            return ModelProblem::NotANumber {
                place,
                found: shortened(found, 30),
                line,
                column,
            };
        }
    }
    if !error.is_data() {
        return ModelProblem::NotJson {
            line,
            column,
            reason,
        };
    }
    // serde names the field only in its sentence.
    if let Some(field) = reason.strip_prefix("missing field ") {
        // Noticed at the end of the object, when its last field had been read.
        let object = match path.split_last() {
            Some((Step::Field(_), object)) => object,
            _ => &path,
        };
        return ModelProblem::MissingField {
            place: Place::from_path(object),
            field: field.replace('`', ""),
        };
    }
    if let Some(field) = reason.strip_prefix("duplicate field ") {
        return ModelProblem::DuplicateField {
            place,
            field: field.replace('`', ""),
            line,
        };
    }
    ModelProblem::WrongValue {
        place,
        reason,
        line,
        column,
    }
}

/// The byte that serde_json's line and column, both from 1, stand for.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    start + column.saturating_sub(1)
}

/// The run of text around `offset` between two separators.
fn token_at(text: &str, offset: usize) -> &str {
    let separates = |byte: &u8| b",[]{}: \t\r\n".contains(byte);
    let bytes = text.as_bytes();
    let offset = offset.min(bytes.len());
    let start = bytes[..offset].iter().rposition(separates);
    let end = bytes[offset..].iter().position(separates);
    let start = start.map_or(0, |before| before + 1);
    text.get(start..end.map_or(bytes.len(), |length| offset + length))
        .unwrap_or_default()
}
