use super::drawing::DrawingError;
use super::{Drawing, Point, Stroke};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A drawing as the drawings format has it; fields that are not named here are ignored.
#[derive(Serialize, Deserialize)]
#[serde(expecting = "a drawing with a size and strokes")]
pub(super) struct DrawingRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<i64>,
    size: [f32; 2],
    strokes: Vec<Vec<PointRecord>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    writer: Option<i64>,
}

/// `[x, y]` or `[x, y, pressure]`.
struct PointRecord(Point);

impl From<Drawing> for DrawingRecord {
    fn from(drawing: Drawing) -> Self {
        Self {
            label: drawing.label.map(i64::from),
            size: drawing.size,
            strokes: drawing
                .strokes
                .into_iter()
                .map(|stroke| stroke.points.into_iter().map(PointRecord).collect())
                .collect(),
            writer: drawing.writer.map(i64::from),
        }
    }
}

impl TryFrom<DrawingRecord> for Drawing {
    type Error = DrawingError;

    fn try_from(record: DrawingRecord) -> Result<Self, DrawingError> {
        let label = match record.label {
            Some(found) => Some(u8::try_from(found).map_err(|_| DrawingError::Label { found })?),
            None => None,
        };
        let writer = match record.writer {
            Some(found) => Some(u32::try_from(found).map_err(|_| DrawingError::Writer { found })?),
            None => None,
        };
        let width = Self::usual_pen_width(record.size);
        let drawing = Self {
            label,
            writer,
            size: record.size,
            strokes: record
                .strokes
                .into_iter()
                .map(|points| Stroke {
                    points: points.into_iter().map(|PointRecord(point)| point).collect(),
                    width,
                })
                .collect(),
        };
        drawing.check()?;
        Ok(drawing)
    }
}

impl Serialize for PointRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Point { x, y, pressure } = self.0;
        let has_pressure = pressure != Point::USUAL_PRESSURE;
        let mut numbers = serializer.serialize_seq(Some(2 + usize::from(has_pressure)))?;
        numbers.serialize_element(&x)?;
        numbers.serialize_element(&y)?;
        if has_pressure {
            numbers.serialize_element(&pressure)?;
        }
        numbers.end()
    }
}

impl<'de> Deserialize<'de> for PointRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl<'de> Visitor<'de> for Numbers {
            type Value = PointRecord;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a point [x, y] or [x, y, pressure]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<PointRecord, A::Error> {
                let x = numbers.next_element()?;
                let y = numbers.next_element()?;
                let (Some(x), Some(y)) = (x, y) else {
                    return Err(A::Error::invalid_length(usize::from(x.is_some()), &self));
                };
                let pressure = numbers.next_element()?.unwrap_or(Point::USUAL_PRESSURE);
                if numbers.next_element::<f32>()?.is_some() {
                    return Err(A::Error::invalid_length(4, &self));
                }
                Ok(PointRecord(Point { x, y, pressure }))
            }
        }

        deserializer.deserialize_seq(Numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Drawing, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_drawing_reads_as_the_format_says() {
        let drawing = read(
            r#"{"label":7,"size":[500,400],"strokes":[[[1,2],[3.5,4,0.9]],[[5,6]]],"writer":3}"#,
        )
        .unwrap();
        assert_eq!(drawing.label, Some(7));
        assert_eq!(drawing.writer, Some(3));
        assert_eq!(drawing.size, [500.0, 400.0]);
        assert_eq!(drawing.strokes.len(), 2);
        assert_eq!(drawing.strokes[0].points[0], Point::new(1.0, 2.0));
        assert_eq!(drawing.strokes[0].points[1].pressure, 0.9);
        assert_eq!(drawing.strokes[1].points, [Point::new(5.0, 6.0)]);
    }

    #[test]
    fn a_drawing_writes_what_it_reads() {
        let text = r#"{"label":7,"size":[280.0,280.0],"strokes":[[[1.0,2.0],[3.5,-4.0,0.75]],[]],"writer":3}"#;
        let drawing = read(text).unwrap();
        assert_eq!(serde_json::to_string(&drawing).unwrap(), text);
        let unlabelled = r#"{"size":[280.0,280.0],"strokes":[]}"#;
        assert_eq!(
            serde_json::to_string(&read(unlabelled).unwrap()).unwrap(),
            unlabelled
        );
    }

    #[test]
    fn what_is_not_a_drawing_is_refused_with_the_reason() {
        for (text, reason) in [
            (r#"{"label":12,"size":[9,9],"strokes":[]}"#, "label is 12"),
            (r#"{"label":-1,"size":[9,9],"strokes":[]}"#, "label is -1"),
            (r#"{"size":[9,9],"strokes":[],"writer":-1}"#, "writer is -1"),
            (r#"{"label":300,"size":[9,9],"strokes":[]}"#, "label is 300"),
            (r#"{"label":7,"size":[0,9],"strokes":[]}"#, "size is 0 × 9"),
            (r#"{"label":7,"strokes":[]}"#, "missing field `size`"),
            (r#"{"size":[9,9]}"#, "missing field `strokes`"),
            (r#"{"size":[9,9],"strokes":[[[1]]]}"#, "a point [x, y]"),
            (
                r#"{"size":[9,9],"strokes":[[[1,2,3,4]]]}"#,
                "a point [x, y]",
            ),
            (r#"{"size":[9,9],"strokes":[[[1,null]]]}"#, "null"),
            (
                r#"{"size":[9,9],"strokes":[[[1,1e200]]]}"#,
                "point 1 of stroke 1",
            ),
            ("[]", "expected a drawing with a size and strokes"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
