//! Painting only: a panel is a plain struct with what only painting needs (textures, the chosen unit) and
//! `fn ui(&mut self, ui, state: &AppState, commands: &mut Vec<AppCommand>)`. It reads the state and pushes
//! commands; nothing here changes the state. Colours come from [`theme`] alone.

pub mod theme;
