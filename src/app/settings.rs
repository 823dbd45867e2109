use super::lessons::LessonProgress;
use super::{MicroscopeView, Tab};
use crate::data::DataSource;
use crate::training::Hyperparameters;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
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
    /// What the centre shows.
    pub tab: Tab,
    /// What the tab *Backprop* shows.
    pub microscope_view: MicroscopeView,
    /// Scale of everything on the screen, 1 is normal.
    pub zoom: f32,
    pub pen_width: f32,
    pub hyperparameters: Hyperparameters,
    pub data: DataSource,
    /// Until somebody chooses a data set, MNIST is taken where it is found.
    pub data_was_chosen: bool,
    /// Model files, newest first.
    pub recent: Vec<PathBuf>,
    /// How far each lesson is, by its name or by the path of its file.
    pub lessons: BTreeMap<String, LessonProgress>,
    /// Letters that can be read from the last row.
    pub large_type: bool,
}

/// Smallest and largest scale of the screen.
pub const ZOOM_RANGE: [f32; 2] = [0.5, 3.0];

/// Thinnest and widest pen, in pad units.
pub const PEN_WIDTH_RANGE: [f32; 2] = [6.0, 40.0];

/// So many model files are remembered.
const RECENT: usize = 10;

impl Default for Settings {
    fn default() -> Self {
        Self {
            depth: Depth::default(),
            theme: ThemeChoice::default(),
            tab: Tab::default(),
            microscope_view: MicroscopeView::default(),
            zoom: 1.0,
            pen_width: 20.0,
            hyperparameters: Hyperparameters::default(),
            data: DataSource::default(),
            data_was_chosen: false,
            recent: Vec::new(),
            lessons: BTreeMap::new(),
            large_type: false,
        }
    }
}

impl Settings {
    /// Reads what [`Self::to_text`] wrote, by this or another version: what is missing, unknown or broken
    /// becomes its default, field by field.
    pub fn from_text(text: &str) -> Self {
        let Ok(stored) = serde_json::from_str::<Value>(text) else {
            return Self::default();
        };
        let mut settings: Self = keeping_what_fits(&stored);
        if let Some(hyperparameters) = stored.get("hyperparameters") {
            settings.hyperparameters = keeping_what_fits(hyperparameters);
        }
        settings.within_ranges()
    }

    /// For the storage of the window's settings.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn set_zoom(&mut self, zoom: f32) {
        if zoom.is_finite() {
            self.zoom = zoom.clamp(ZOOM_RANGE[0], ZOOM_RANGE[1]);
        }
    }

    pub(super) fn set_pen_width(&mut self, width: f32) {
        if width.is_finite() {
            self.pen_width = width.clamp(PEN_WIDTH_RANGE[0], PEN_WIDTH_RANGE[1]);
        }
    }

    pub(super) fn remember_model(&mut self, path: PathBuf) {
        self.recent.retain(|other| *other != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }

    /// Whoever wrote them: no number that would make the window unusable.
    pub(super) fn within_ranges(mut self) -> Self {
        let normal = Self::default();
        let (zoom, pen_width) = (self.zoom, self.pen_width);
        self.zoom = normal.zoom;
        self.set_zoom(zoom);
        self.pen_width = normal.pen_width;
        self.set_pen_width(pen_width);
        self.recent.truncate(RECENT);
        self
    }
}

/// A `T` with every stored field that it can take, one by one, and its defaults for the others.
fn keeping_what_fits<T: Default + Serialize + DeserializeOwned>(stored: &Value) -> T {
    let mut kept = T::default();
    let Value::Object(stored) = stored else {
        return kept;
    };
    for (name, value) in stored {
        let Ok(Value::Object(mut fields)) = serde_json::to_value(&kept) else {
            continue;
        };
        fields.insert(name.clone(), value.clone());
        if let Ok(better) = serde_json::from_value(Value::Object(fields)) {
            kept = better;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_a_restart() {
        let mut settings = Settings {
            depth: Depth::Lab,
            theme: ThemeChoice::Light,
            zoom: 1.5,
            pen_width: 31.0,
            data: DataSource::Path("/digits".into()),
            data_was_chosen: true,
            recent: vec!["/models/a.json".into()],
            ..Settings::default()
        };
        settings.hyperparameters.hidden_layers = vec![16, 16];
        assert_eq!(Settings::from_text(&settings.to_text()), settings);
    }

    #[test]
    fn one_broken_field_does_not_cost_the_others() {
        let text = r#"{"depth": "Abyss", "zoom": 2.0, "pen_width": "wide", "theme": "Dark", "future": [1],
            "hyperparameters": {"epochs": 7, "optimizer": "magic", "hidden_layers": [30]}}"#;
        let settings = Settings::from_text(text);
        assert_eq!(settings.depth, Depth::default());
        assert_eq!(settings.zoom, 2.0);
        assert_eq!(settings.pen_width, Settings::default().pen_width);
        assert_eq!(settings.theme, ThemeChoice::Dark);
        assert_eq!(settings.hyperparameters.epochs, 7);
        assert_eq!(settings.hyperparameters.hidden_layers, [30]);
        assert_eq!(
            settings.hyperparameters.optimizer,
            Hyperparameters::default().optimizer
        );
    }

    #[test]
    fn rubbish_gives_the_defaults() {
        for text in ["", "{", "null", "[1, 2]", "17"] {
            assert_eq!(Settings::from_text(text), Settings::default(), "{text:?}");
        }
    }

    #[test]
    fn numbers_that_would_make_the_window_unusable_are_brought_into_range() {
        let settings = Settings::from_text(r#"{"zoom": 1000.0, "pen_width": -3.0}"#);
        assert_eq!(settings.zoom, ZOOM_RANGE[1]);
        assert_eq!(settings.pen_width, PEN_WIDTH_RANGE[0]);
    }

    #[test]
    fn recent_models_are_newest_first_without_doubles() {
        let mut settings = Settings::default();
        for name in ["a", "b", "a"] {
            settings.remember_model(name.into());
        }
        assert_eq!(settings.recent, [PathBuf::from("a"), PathBuf::from("b")]);
        for number in 0..30 {
            settings.remember_model(format!("{number}").into());
        }
        assert_eq!(settings.recent.len(), RECENT);
    }
}
