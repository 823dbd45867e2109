use crate::data::DataSource;
use crate::training::Hyperparameters;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How much of the program is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Depth {
    /// Pad, answer, play.
    Draw,
    /// Adds the network, its weights, cost and accuracy, mistakes.
    #[default]
    Learn,
    /// Everything.
    Lab,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ThemeChoice {
    #[default]
    System,
    Dark,
    Light,
}

/// What is remembered between starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub depth: Depth,
    pub theme: ThemeChoice,
    /// Scale of everything on the screen, 1 is normal.
    pub zoom: f32,
    pub pen_width: f32,
    pub hyperparameters: Hyperparameters,
    pub data: DataSource,
    /// Model files, newest first.
    pub recent: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            depth: Depth::default(),
            theme: ThemeChoice::default(),
            zoom: 1.0,
            pen_width: 20.0,
            hyperparameters: Hyperparameters::default(),
            data: DataSource::default(),
            recent: Vec::new(),
        }
    }
}
