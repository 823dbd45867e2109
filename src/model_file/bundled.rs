use super::{Model, read_model};
use std::path::Path;

/// Names of the models inside the program, the default first.
pub const BUNDLED: [&str; 1] = ["default"];

const DEFAULT: &[u8] = include_bytes!("../../models/default.json");

/// A model that comes with the program; `None` for another name.
pub fn bundled_model(name: &str) -> Option<Model> {
    let bytes = match name {
        "default" => DEFAULT,
        _ => return None,
    };
    read_model(Path::new(name), bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_model_can_be_read() {
        for name in BUNDLED {
            let model = bundled_model(name).unwrap_or_else(|| panic!("{name} is damaged"));
            assert_eq!(model.network.input_size(), 784);
        }
    }

    #[test]
    fn another_name_is_no_bundled_model() {
        assert!(bundled_model("models/default.json").is_none());
    }
}
