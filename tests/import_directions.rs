//! The source files themselves keep what the architecture promises: who may use whom, and what is absent where.

use std::fs;
use std::path::{Path, PathBuf};

/// In reading order, which is the order of dependence: none uses one that stands after it.
const MODULES: [&str; 10] = [
    "nn",
    "ink",
    "data",
    "training",
    "explain",
    "answering",
    "model_file",
    "app",
    "ui",
    "cli",
];

/// A source file without its comments and tests.
struct Source {
    /// `src/nn/cost.rs`
    path: PathBuf,
    module: String,
    code: String,
}

#[test]
fn no_module_uses_one_that_stands_below_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = MODULES.iter().position(|module| *module == source.module) else {
            continue;
        };
        for later in &MODULES[own + 1..] {
            if names(&source.code, &format!("crate::{later}")) {
                wrong.push(format!("{} uses {later}", source.path.display()));
            }
        }
        for group in groups_of_crate(&source.code) {
            for later in &MODULES[own + 1..] {
                if names(group, later) {
                    wrong.push(format!("{} uses {later}", source.path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_library_below_the_window_knows_no_window() {
    let below = &MODULES[..7];
    assert_absent(
        |source| below.contains(&source.module.as_str()),
        &["egui", "eframe", "rfd"],
    );
}

#[test]
fn the_mathematics_touch_no_file_thread_clock_or_global_randomness() {
    assert_absent(
        |source| source.module == "nn",
        &[
            "std::fs",
            "std::thread",
            "std::time",
            "std::net",
            "rayon",
            "rand::rng",
            "thread_rng",
            "rand::random",
        ],
    );
}

#[test]
fn colours_are_made_in_the_theme_only() {
    let elsewhere = |source: &Source| !source.path.ends_with("ui/theme.rs");
    for source in sources().iter().filter(|source| elsewhere(source)) {
        assert!(
            !source.code.contains("Color32::from_"),
            "{} makes a colour of its own",
            source.path.display()
        );
    }
}

#[test]
fn every_module_has_its_place_in_the_order() {
    for source in sources() {
        let known = MODULES.contains(&source.module.as_str());
        let root = ["lib", "main"].contains(&source.module.as_str());
        assert!(known || root, "{}", source.path.display());
    }
}

#[test]
fn names_are_told_from_words_that_contain_them() {
    assert!(names("use crate::ui::theme;", "crate::ui"));
    assert!(!names("let unit = crate::units::one();", "crate::unit"));
    assert!(!names("perform();", "rfd"));
    assert_eq!(
        groups_of_crate("use crate::{nn, ui::{theme, x}}; f()"),
        ["nn, ui::{theme, x}"]
    );
}

fn assert_absent(concerned: impl Fn(&Source) -> bool, forbidden: &[&str]) {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| concerned(source)) {
        for name in forbidden {
            if names(&source.code, name) {
                wrong.push(format!("{} mentions {name}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether `code` holds `name` as a whole: no part of a longer name.
fn names(code: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = code[start + name.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// What stands between the braces of each `crate::{…}`.
fn groups_of_crate(code: &str) -> Vec<&str> {
    let opening = "crate::{";
    code.match_indices(opening)
        .map(|(start, _)| {
            let inside = &code[start + opening.len()..];
            let mut depth = 1;
            let end = inside.find(|c| {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth == 0
            });
            &inside[..end.unwrap_or(inside.len())]
        })
        .collect()
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect_rust_files(&root, &mut files);
    assert!(files.len() > MODULES.len(), "{} files found", files.len());
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let inside = path.strip_prefix(&root).unwrap();
            let module = Path::new(inside.iter().next().unwrap()).with_extension("");
            Source {
                module: module.to_str().unwrap().to_owned(),
                code: code_of(&text),
                path,
            }
        })
        .collect()
}

fn collect_rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The text without comments, and without the tests, which stand at the foot.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    text.lines()
        .map(|line| line.split("//").next().unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}
