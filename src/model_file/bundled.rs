use super::Model;

/// Names of the models inside the program, the default first.
pub const BUNDLED: [&str; 1] = ["default"];

/// A model that comes with the program; `None` for another name.
pub fn bundled_model(name: &str) -> Option<Model> {
    let _ = name;
    todo!()
}
