//! How a data source is written on the command line: `mnist`, `practice`, a path, or a mix of these.

use super::error::DataError;
use super::{DataSource, Part, mix};
use std::path::Path;

impl DataSource {
    /// `mnist`, `practice`, a path, or several of these joined by `+`, each with a share after a `:` or none with
    /// one: `mnist:0.6+practice:0.4`. A path that exists is a path, whatever it holds.
    pub fn parse(text: &str) -> Result<Self, DataError> {
        if let Some(source) = word(text) {
            return Ok(source);
        }
        if Path::new(text).exists() {
            return Ok(Self::Path(text.into()));
        }
        let parts: Vec<Part> = text
            .split('+')
            .map(|part| parse_part(part, text))
            .collect::<Result<_, _>>()?;
        mix::check(&parts)?;
        match <[Part; 1]>::try_from(parts) {
            // The share of a single part is the whole.
            Ok([only]) => Ok(only.source),
            Err(parts) => Ok(Self::Mix(parts)),
        }
    }
}

fn word(text: &str) -> Option<DataSource> {
    match text {
        "mnist" => Some(DataSource::Mnist),
        "practice" => Some(DataSource::Practice),
        _ => None,
    }
}

/// `text` is the whole, for the error.
fn parse_part(part: &str, text: &str) -> Result<Part, DataError> {
    let (name, share) = match part.rsplit_once(':') {
        Some((name, share)) if !Path::new(part).exists() => match share.trim().parse() {
            Ok(share) => (name, Some(share)),
            // A drive's letter, or a colon in a name.
            Err(_) => (part, None),
        },
        _ => (part, None),
    };
    let name = name.trim();
    if name.is_empty() {
        return Err(DataError::EmptyPart {
            text: text.to_owned(),
        });
    }
    let source = word(name).unwrap_or_else(|| DataSource::Path(name.into()));
    Ok(Part { source, share })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(source: DataSource, share: impl Into<Option<f32>>) -> Part {
        Part {
            source,
            share: share.into(),
        }
    }

    #[test]
    fn words_paths_and_mixes_are_told_apart() {
        let parsed = |text| DataSource::parse(text).unwrap();
        assert_eq!(parsed("mnist"), DataSource::Mnist);
        assert_eq!(parsed("practice"), DataSource::Practice);
        let path = parsed("some/where");
        assert_eq!(path, DataSource::Path("some/where".into()));
        assert_eq!(path.label(), "where");
        let [mnist, practice] = [DataSource::Mnist, DataSource::Practice];
        let both = parsed("mnist+practice");
        assert_eq!(
            both,
            DataSource::Mix(vec![
                part(mnist.clone(), None),
                part(practice.clone(), None)
            ])
        );
        assert_eq!(both.label(), "MNIST + Practice digits");
        let three = parsed("mnist:0.6+practice:0.3+my/strokes.jsonl:0.3");
        assert_eq!(
            three,
            DataSource::Mix(vec![
                part(mnist, 0.6),
                part(practice, 0.3),
                part(DataSource::Path("my/strokes.jsonl".into()), 0.3)
            ])
        );
        assert_eq!(
            three.label(),
            "50 % MNIST + 25 % Practice digits + 25 % strokes.jsonl"
        );
    }

    #[test]
    fn a_colon_that_no_number_follows_belongs_to_the_path() {
        let parsed = DataSource::parse(r"C:\digits+mnist").unwrap();
        assert_eq!(
            parsed,
            DataSource::Mix(vec![
                part(DataSource::Path(r"C:\digits".into()), None),
                part(DataSource::Mnist, None)
            ])
        );
        assert_eq!(DataSource::parse("mnist:3").unwrap(), DataSource::Mnist);
    }

    #[test]
    fn a_path_that_exists_is_a_path_whatever_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a+b:2");
        std::fs::write(&path, "").unwrap();
        let parsed = DataSource::parse(&path.to_string_lossy()).unwrap();
        assert_eq!(parsed, DataSource::Path(path));
    }

    #[test]
    fn what_is_no_mix_is_refused_in_a_sentence() {
        for (text, reason) in [
            ("mnist:0+practice:1", "the share of MNIST is 0"),
            (
                "mnist:1+practice:-0.5",
                "the share of Practice digits is -0.5",
            ),
            ("mnist:nan+practice:1", "the share of MNIST is NaN"),
            ("mnist:inf+practice:1", "the share of MNIST is inf"),
            ("mnist:0.5+practice", "Practice digits has no share"),
            ("mnist+", "a part without a name"),
            ("+mnist", "a part without a name"),
            ("mnist+:0.5", "a part without a name"),
            ("", "a part without a name"),
            ("mnist+mnist", "MNIST comes twice"),
        ] {
            let sentence = DataSource::parse(text).unwrap_err().to_string();
            assert!(sentence.contains(reason), "{text}: {sentence}");
        }
    }

    #[test]
    fn a_mix_survives_in_the_settings_and_old_settings_are_read() {
        let mix = DataSource::parse("mnist:0.6+practice:0.4").unwrap();
        let text = serde_json::to_string(&mix).unwrap();
        assert_eq!(serde_json::from_str::<DataSource>(&text).unwrap(), mix);
        for (old, source) in [
            (r#""mnist""#, DataSource::Mnist),
            (r#""practice""#, DataSource::Practice),
            (r#"{"path":"/digits"}"#, DataSource::Path("/digits".into())),
        ] {
            assert_eq!(serde_json::from_str::<DataSource>(old).unwrap(), source);
        }
    }
}
