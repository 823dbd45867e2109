use super::{Model, ModelFileError, ModelProblem, bundled_model, bundled_names, open_model};
use crate::data::user_data_dir;
use std::path::{Path, PathBuf};

/// A model file that can be opened by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundModel {
    pub name: String,
    pub path: PathBuf,
}

/// Endings of the files that a name stands for, the preferred one first.
const EXTENSIONS: [&str; 2] = ["json", "safetensors"];

/// The model that a name or a path means: a bundled one, a file in one of the folders for models, or any file.
pub fn resolve_model(name_or_path: &str) -> Result<Model, ModelFileError> {
    resolve_in(&model_folders(), name_or_path)
}

/// The models in the folders for models, by name; of several with one name the one that the name stands for.
pub fn found_models() -> Vec<FoundModel> {
    found_in(&model_folders())
}

/// Where a name is looked for: in the working folder, beside the program and in the user's data folder.
fn model_folders() -> Vec<PathBuf> {
    let beside_program = std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("models")));
    let own = user_data_dir().map(|folder| folder.join("models"));
    [Some(PathBuf::from("models")), beside_program, own]
        .into_iter()
        .flatten()
        .collect()
}

fn resolve_in(folders: &[PathBuf], name_or_path: &str) -> Result<Model, ModelFileError> {
    if let Some(model) = bundled_model(name_or_path) {
        return Ok(model);
    }
    let models = found_in(folders);
    if let Some(found) = models.iter().find(|found| found.name == name_or_path) {
        return open_model(&found.path);
    }
    open_model(Path::new(name_or_path)).map_err(|mut error| {
        if let ModelProblem::Unreadable(source) = &error.problem
            && source.kind() == std::io::ErrorKind::NotFound
        {
            let found = models.into_iter().map(|model| model.name);
            let places = folders.iter().map(|folder| folder.display().to_string());
            error.problem = ModelProblem::NoSuchModel {
                known: listed(bundled_names().map(str::to_owned).chain(found)),
                places: listed(places),
            };
        }
        error
    })
}

fn found_in(folders: &[PathBuf]) -> Vec<FoundModel> {
    let mut models: Vec<FoundModel> = Vec::new();
    for folder in folders {
        for extension in EXTENSIONS {
            for path in files_ending_in(folder, extension) {
                let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
                    continue;
                };
                let taken = bundled_names().any(|bundled| bundled == name)
                    || models.iter().any(|model| model.name == name);
                if !taken {
                    models.push(FoundModel {
                        name: name.to_owned(),
                        path,
                    });
                }
            }
        }
    }
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models
}

/// None where there is no such folder: nobody has to have one.
fn files_ending_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == extension) && path.is_file())
        .collect()
}

/// "a, b and c"
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_file::save_model;

    /// Two folders with models of these names; the model's own name tells the file.
    fn folders(files: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let root = tempfile::tempdir().unwrap();
        let folders = vec![
            root.path().join("first"),
            root.path().join("second"),
            root.path().join("absent"),
        ];
        for folder in &folders[..2] {
            std::fs::create_dir(folder).unwrap();
        }
        let mut model = bundled_model("textbook").unwrap();
        for file in files {
            model.name = (*file).to_owned();
            save_model(&root.path().join(file), &model).unwrap();
        }
        (root, folders)
    }

    #[test]
    fn a_name_means_the_bundled_model_then_the_first_file_in_the_folders() {
        let (_root, folders) = folders(&[
            "first/textbook.json",
            "first/large.safetensors",
            "second/large.json",
            "second/mine.safetensors",
            "second/mine.json",
        ]);
        let name_of = |name: &str| resolve_in(&folders, name).unwrap().name;
        assert_eq!(name_of("textbook"), "textbook");
        assert_eq!(name_of("large"), "first/large.safetensors");
        assert_eq!(name_of("mine"), "second/mine.json");
        let path = folders[1].join("large.json");
        assert_eq!(name_of(path.to_str().unwrap()), "second/large.json");

        let found = found_in(&folders);
        let names: Vec<&str> = found.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(names, ["large", "mine"]);
    }

    #[test]
    fn a_name_that_is_nothing_tells_the_known_ones_and_where_they_lie() {
        let (_root, folders) = folders(&["first/mine.json"]);
        let sentence = resolve_in(&folders, "mime").unwrap_err().to_string();
        assert!(sentence.starts_with("mime: "), "{sentence}");
        assert!(
            sentence.contains("default, textbook and mine"),
            "{sentence}"
        );
        for folder in &folders {
            assert!(sentence.contains(folder.to_str().unwrap()), "{sentence}");
        }
    }

    #[test]
    fn a_found_model_that_is_damaged_says_so() {
        let (root, folders) = folders(&[]);
        std::fs::write(root.path().join("first/broken.json"), "{").unwrap();
        let sentence = resolve_in(&folders, "broken").unwrap_err().to_string();
        assert!(
            sentence.contains("broken.json: this is not JSON"),
            "{sentence}"
        );
    }
}
