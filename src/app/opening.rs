//! Telling by looking what a file is: a model, a picture, a drawing, a lesson or a data set.

use super::jobs::sentence_case;
use super::lessons::open_lesson;
use super::my_digits_file::import_file;
use super::{DialogFor, News};
use crate::data::read_drawings;
use crate::ink::open_picture;
use crate::model_file::open_model;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What a file can be opened as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Model,
    Picture,
    Drawings,
    Lesson,
    /// The path of the data set, which for one of MNIST's files is its folder.
    Data,
    Unknown,
}

/// The first bytes of a file tell most kinds.
const HEAD_BYTES: usize = 512;

/// Reads what is at `path`. `purpose` is what the user asked for, where they did.
pub(super) fn look_at(path: PathBuf, purpose: Option<DialogFor>) -> News {
    if purpose == Some(DialogFor::ImportMyDigits) {
        return News::MyDigitsImported {
            result: import_file(&path),
            path,
        };
    }
    let kind = match (purpose, kind_of(&path)) {
        // Asked for as a model or a lesson it gets the sentence that a broken one deserves.
        (Some(DialogFor::OpenModel), _) => Kind::Model,
        (Some(DialogFor::OpenLesson), _) => Kind::Lesson,
        (_, kind) => kind,
    };
    match kind {
        Kind::Model => News::ModelOpened {
            result: open_model(&path)
                .map(Box::new)
                .map_err(|error| sentence_case(&error.to_string())),
            path,
        },
        Kind::Picture => News::PictureOpened {
            result: open_picture(&path).map_err(|error| sentence_case(&error.to_string())),
            path,
        },
        Kind::Drawings => drawings(path, purpose),
        Kind::Lesson => News::LessonOpened {
            result: open_lesson(&path).map(Box::new),
            path,
        },
        Kind::Data => News::DataFound {
            path: match path.parent() {
                Some(folder) if path.is_file() => folder.to_owned(),
                _ => path,
            },
        },
        Kind::Unknown => News::Problem {
            sentence: format!(
                "{} is neither a model (.json, .safetensors), a picture, a drawing (.jsonl), a lesson (.md) nor a data set",
                path.display()
            ),
        },
    }
}

/// One drawing goes on the pad. Several are a data set, unless the user asked for a drawing: then it is the first.
fn drawings(path: PathBuf, purpose: Option<DialogFor>) -> News {
    match read_drawings(&path) {
        Ok(drawings) if drawings.len() > 1 && purpose != Some(DialogFor::OpenDrawing) => {
            News::DataFound { path }
        }
        Ok(drawings) => News::DrawingOpened {
            result: drawings
                .into_iter()
                .next()
                .ok_or_else(|| format!("{} holds no drawing", path.display())),
            path,
        },
        Err(error) => News::DrawingOpened {
            result: Err(sentence_case(&error.to_string())),
            path,
        },
    }
}

fn kind_of(path: &Path) -> Kind {
    if path.is_dir() {
        return Kind::Data;
    }
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    let by_name = match extension.as_deref() {
        Some("json" | "safetensors") => Kind::Model,
        Some("jsonl" | "ndjson") => Kind::Drawings,
        Some("md") => Kind::Lesson,
        Some("png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp") => Kind::Picture,
        _ => Kind::Unknown,
    };
    match by_name {
        Kind::Unknown => kind_of_head(&head(path)),
        known => known,
    }
}

fn kind_of_head(head: &[u8]) -> Kind {
    const PICTURES: [&[u8]; 5] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF"];
    const IDX: [&[u8]; 2] = [b"\0\0\x08\x03", b"\0\0\x08\x01"];
    const GZIP: &[u8] = b"\x1f\x8b";
    let starts_with = |magic: &&[u8]| head.starts_with(magic);
    if PICTURES.iter().any(starts_with) {
        return Kind::Picture;
    }
    if IDX.iter().any(starts_with) || head.starts_with(GZIP) {
        return Kind::Data;
    }
    let text = String::from_utf8_lossy(head);
    match text.trim_start().strip_prefix('{') {
        Some(rest)
            if rest
                .lines()
                .next()
                .is_some_and(|line| line.contains("\"strokes\"")) =>
        {
            Kind::Drawings
        }
        Some(_) => Kind::Model,
        None => Kind::Unknown,
    }
}

/// The beginning of the file; nothing when it cannot be read, and whoever opens it will say why.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(file) = File::open(path) {
        // What was read before an error is still a beginning.
        let _ = file.take(HEAD_BYTES as u64).read_to_end(&mut head);
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::write_drawings;
    use crate::ink::{Cells, Drawing, Stroke, encode_png};

    fn dot() -> Drawing {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.strokes.push(Stroke {
            points: vec![crate::ink::Point::new(140.0, 140.0)],
            width: 20.0,
        });
        drawing
    }

    fn file(dir: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn a_picture_is_known_by_its_bytes_too() {
        let dir = tempfile::tempdir().unwrap();
        let png = encode_png(&Cells([9; 784]).picture());
        for name in ["seven.png", "seven", "seven.data"] {
            let news = look_at(file(&dir, name, &png), None);
            assert!(
                matches!(news, News::PictureOpened { result: Ok(_), .. }),
                "{name}: {news:?}"
            );
        }
    }

    #[test]
    fn one_drawing_goes_on_the_pad_and_many_are_a_data_set() {
        let dir = tempfile::tempdir().unwrap();
        let one = file(&dir, "one.jsonl", write_drawings(&[dot()]).as_bytes());
        let news = look_at(one, None);
        assert!(
            matches!(news, News::DrawingOpened { result: Ok(_), .. }),
            "{news:?}"
        );
        let many = file(
            &dir,
            "many.jsonl",
            write_drawings(&[dot(), dot()]).as_bytes(),
        );
        let news = look_at(many.clone(), None);
        assert!(matches!(news, News::DataFound { .. }), "{news:?}");
        let news = look_at(many, Some(DialogFor::OpenDrawing));
        assert!(
            matches!(news, News::DrawingOpened { result: Ok(_), .. }),
            "{news:?}"
        );
    }

    #[test]
    fn a_folder_and_a_file_of_mnist_are_data_sets() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().to_owned();
        let images = file(&dir, "train-images-idx3-ubyte", b"\0\0\x08\x03rest");
        for path in [folder.clone(), images] {
            match look_at(path, None) {
                News::DataFound { path } => assert_eq!(path, folder),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_lesson_is_known_by_its_name_and_a_broken_one_names_the_line() {
        let dir = tempfile::tempdir().unwrap();
        let steps = "## One\n\nText.\n\n## Two\n\nText.\n\n## Three\n\nText.\n";
        let whole = format!("# Mine\n\nA lesson\n\n{steps}");
        match look_at(file(&dir, "mine.md", whole.as_bytes()), None) {
            News::LessonOpened { result, .. } => assert_eq!(result.unwrap().title, "Mine"),
            other => panic!("{other:?}"),
        }
        let broken = format!("# Mine\n\nA lesson\n\n- sing (a song)\n\n{steps}");
        // Asked for as a lesson it may have any name.
        let path = file(&dir, "mine.txt", broken.as_bytes());
        match look_at(path.clone(), Some(DialogFor::OpenLesson)) {
            News::LessonOpened { result, .. } => {
                let error = result.unwrap_err();
                let place = format!("{}, line 5: “sing”", path.display());
                assert!(error.starts_with(&place), "{error}");
            }
            other => panic!("{other:?}"),
        }
        let no_text = file(&dir, "noise.md", b"# \xff\xfe");
        match look_at(no_text, None) {
            News::LessonOpened { result, .. } => {
                assert!(result.unwrap_err().contains("not in UTF-8"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_broken_model_says_what_is_wrong_and_anything_else_says_what_it_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let news = look_at(file(&dir, "model.json", b"{\"format\": 1"), None);
        assert!(
            matches!(news, News::ModelOpened { result: Err(_), .. }),
            "{news:?}"
        );
        let news = look_at(
            file(&dir, "letter.txt", b"Dear reader"),
            Some(DialogFor::OpenModel),
        );
        assert!(
            matches!(news, News::ModelOpened { result: Err(_), .. }),
            "{news:?}"
        );
        match look_at(file(&dir, "letter.txt", b"Dear reader"), None) {
            News::Problem { sentence } => assert!(sentence.contains("letter.txt"), "{sentence}"),
            other => panic!("{other:?}"),
        }
    }
}
