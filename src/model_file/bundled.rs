use super::{Model, read_model};
use std::path::Path;

/// Name and file of each model inside the program, the default first; `build.rs` names them.
const BUNDLED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// Names of the models inside the program, the default first.
pub fn bundled_names() -> impl Iterator<Item = &'static str> {
    BUNDLED.iter().map(|(name, _)| *name)
}

/// A model that comes with the program; `None` for another name.
pub fn bundled_model(name: &str) -> Option<Model> {
    let (name, bytes) = BUNDLED.iter().find(|(bundled, _)| *bundled == name)?;
    read_model(Path::new(name), bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_file::{open_model, write_model};

    #[test]
    fn a_bundled_model_is_the_one_in_the_folder_of_models_bit_for_bit() {
        for name in bundled_names() {
            let bundled = bundled_model(name).unwrap_or_else(|| panic!("{name} is damaged"));
            let json = format!("{}/models/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let committed = open_model(Path::new(&json)).unwrap();
            assert_eq!(bundled.name, name);
            assert_eq!(
                write_model(&bundled).unwrap(),
                write_model(&committed).unwrap()
            );
        }
    }

    #[test]
    fn another_name_is_no_bundled_model() {
        assert!(bundled_model("models/default.json").is_none());
    }
}
