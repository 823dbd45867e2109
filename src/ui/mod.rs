//! Painting only: a panel is a plain struct with what only painting needs (textures, the chosen unit) and
//! `fn ui(&mut self, ui, state: &AppState, commands: &mut Vec<AppCommand>)`. It reads the state and pushes
//! commands; nothing here changes the state. Colours come from [`theme`] alone.

mod about;
mod accessible;
mod answer_panel;
mod backprop_panel;
mod command_button;
mod crisp;
mod curves_panel;
mod data_settings;
mod focus;
mod frame_times;
mod heatmap;
mod histogram;
mod icon;
mod ink_texture;
mod keep_row;
mod keyboard;
mod launch;
mod lesson_panel;
mod log_window;
mod marks;
mod mean_ghost;
mod menu;
mod mistakes_panel;
mod my_digits_panel;
mod network_panel;
mod nine_ways;
mod number;
mod pace;
mod pad_ink;
mod pad_panel;
mod pen;
mod question;
mod sees_panel;
mod settings_panel;
mod shortcuts_window;
mod status;
pub mod theme;
mod transport;
mod weights_panel;
mod why_panel;
mod window;
mod workbench;

pub use launch::run;
pub use window::InkgradApp;
