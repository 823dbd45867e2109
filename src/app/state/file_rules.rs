//! Opening models, pictures and drawings, and writing drawings and curves.

use super::AppState;
use super::grouped;
use super::saving::{Errand, file_name};
use crate::app::model::check_fits_pad;
use crate::app::{AppCommand, Dialog, DialogFor, Effect, Origin, Phase};
use crate::data::{DataSource, write_drawings};
use crate::ink::{Drawing, GrayImage, encode_png, rasterize};
use crate::model_file::{Model, bundled_model};
use std::path::{Path, PathBuf};

/// Side of a drawing saved as a large picture, in pixels: two for each unit of the pad.
const LARGE_PICTURE: usize = 560;

/// Points of an opened drawing that are painted and read in every frame without being felt.
const MOST_POINTS: usize = 5000;

impl AppState {
    pub(super) fn open_dialog(
        &mut self,
        purpose: DialogFor,
        file_name: Option<String>,
    ) -> Vec<Effect> {
        if self.open_dialog.is_some() {
            return Vec::new();
        }
        self.open_dialog = Some(purpose);
        vec![Effect::OpenDialog(Dialog { purpose, file_name })]
    }

    pub(in crate::app) fn has_open_dialog(&self) -> bool {
        self.open_dialog.is_some()
    }

    /// A dialog was closed, with or without a file.
    pub(super) fn chosen(&mut self, purpose: DialogFor, path: Option<PathBuf>) -> Vec<Effect> {
        self.open_dialog = None;
        let Some(path) = path else {
            self.forget_what_the_dialog_was_for();
            return Vec::new();
        };
        match purpose {
            DialogFor::OpenModel
            | DialogFor::OpenDrawing
            | DialogFor::OpenLesson
            | DialogFor::ImportMyDigits => self.open_file(path, Some(purpose)),
            DialogFor::OpenDataFolder | DialogFor::OpenDataFile => {
                self.choose_data(DataSource::Path(path))
            }
            DialogFor::SaveModel => self.write_model(path),
            DialogFor::ExportMyDigits => vec![Effect::ExportMyDigits {
                path,
                digits: self.my_digits.all().to_vec(),
            }],
            DialogFor::SaveDrawingPng
            | DialogFor::SaveDrawing28
            | DialogFor::SaveDrawingStrokes
            | DialogFor::ExportCurvesCsv
            | DialogFor::ExportCurvesPng => match self.bytes_for(purpose) {
                Some(bytes) => vec![Effect::Write {
                    purpose,
                    path,
                    bytes,
                }],
                None => {
                    self.warn("There is nothing to save any more");
                    Vec::new()
                }
            },
        }
    }

    pub(super) fn no_dialog(&mut self, sentence: String) {
        self.open_dialog = None;
        self.forget_what_the_dialog_was_for();
        self.complain(sentence);
    }

    pub(super) fn export(&mut self, command: AppCommand) -> Vec<Effect> {
        if let Err(reason) = command.enabled(self) {
            self.say(reason);
            return Vec::new();
        }
        let digit = match self.pad.drawing.label {
            Some(label) => format!("digit-{label}"),
            None => "digit".into(),
        };
        let (purpose, name) = match command {
            AppCommand::SaveDrawingPng => (DialogFor::SaveDrawingPng, format!("{digit}.png")),
            AppCommand::SaveDrawing28 => (DialogFor::SaveDrawing28, format!("{digit}-28x28.png")),
            AppCommand::SaveDrawingStrokes => {
                (DialogFor::SaveDrawingStrokes, format!("{digit}.jsonl"))
            }
            AppCommand::ExportCurvesCsv => (DialogFor::ExportCurvesCsv, "curves.csv".into()),
            AppCommand::ExportCurvesPng { png } => {
                self.curves_png = Some(png);
                (DialogFor::ExportCurvesPng, "curves.png".into())
            }
            _ => return Vec::new(),
        };
        self.open_dialog(purpose, Some(name))
    }

    pub(super) fn written(
        &mut self,
        purpose: DialogFor,
        path: PathBuf,
        result: Result<(), String>,
    ) -> Vec<Effect> {
        if purpose == DialogFor::SaveModel {
            return self.model_written(path, result);
        }
        match result {
            Ok(()) => self.tell_saved(&path),
            Err(sentence) => self.complain(sentence),
        }
        Vec::new()
    }

    pub(super) fn open_bundled(&mut self, name: &str) -> Vec<Effect> {
        match bundled_model(name) {
            Some(model) => self.unless_unsaved(Errand::UseModel {
                model: Box::new(model),
                origin: Origin::Bundled,
            }),
            None => {
                self.complain(format!("No model named “{name}” comes with Inkgrad"));
                Vec::new()
            }
        }
    }

    /// Whoever opens a file has read what became of the one before.
    pub(super) fn open_file(&mut self, path: PathBuf, purpose: Option<DialogFor>) -> Vec<Effect> {
        self.log.dismiss();
        vec![Effect::Open { path, purpose }]
    }

    /// What kept a file from being written is over.
    pub(super) fn tell_saved(&mut self, path: &Path) {
        self.log.dismiss();
        self.say(format!("Saved {}", path.display()));
    }

    /// Says why a file could not be opened, and what can be done now.
    pub(super) fn not_opened(&mut self, problem: &str) {
        self.complain(format!(
            "{problem}. All is as it was; open another file, or this one when it is mended"
        ));
    }

    /// The present model stays unless the other one is whole.
    pub(super) fn model_opened(
        &mut self,
        path: PathBuf,
        result: Result<Box<Model>, String>,
    ) -> Vec<Effect> {
        let fitting = result.and_then(|model| {
            check_fits_pad(&path, &model.network)?;
            Ok(model)
        });
        match fitting {
            Ok(model) => self.unless_unsaved(Errand::UseModel {
                model,
                origin: Origin::File(path),
            }),
            Err(sentence) => {
                self.settings.recent.retain(|recent| *recent != path);
                self.not_opened(&sentence);
                Vec::new()
            }
        }
    }

    pub(super) fn use_model(&mut self, model: Model, origin: Origin) -> Vec<Effect> {
        let stopped = match self.runs.phase {
            Phase::Running | Phase::Paused => {
                format!("; the training of “{}” was stopped", self.model.name)
            }
            _ => String::new(),
        };
        if let Origin::File(path) = &origin {
            self.settings.remember_model(path.clone());
        }
        let mut effects = self.stop_training();
        effects.extend(self.replace_model(model, origin));
        let assumed = match &self.model.record.assumed {
            Some(assumed) => format!("; its file does not say, so assumed: {assumed}"),
            None => String::new(),
        };
        self.say(format!("Opened “{}”{stopped}{assumed}", self.model.name));
        effects
    }

    pub(super) fn replace_model(&mut self, model: Model, origin: Origin) -> Vec<Effect> {
        self.model.replace(model, origin);
        self.release();
        self.read_pad_again();
        let mut effects = self.forget_score();
        effects.extend(self.forget_surface());
        effects.extend(self.calibrate_at_rest());
        effects
    }

    pub(super) fn picture_opened(&mut self, path: &Path, result: Result<GrayImage, String>) {
        match result {
            Ok(picture) => {
                self.pad.put_picture(picture);
                self.read_pad();
                if self.reading.is_none() {
                    self.warn(format!("{} has no ink that could be read", file_name(path)));
                }
            }
            Err(sentence) => self.not_opened(&sentence),
        }
    }

    pub(super) fn drawing_opened(&mut self, path: &Path, result: Result<Drawing, String>) {
        match result {
            Ok(drawing) => {
                let found = drawing.point_count();
                let sparse = drawing.sparse(MOST_POINTS);
                let kept = sparse.point_count();
                self.pad.put_drawing(sparse);
                self.read_pad();
                if kept < found {
                    self.say(format!(
                        "{} has {} points; the {} that make a difference are on the pad",
                        file_name(path),
                        grouped(found as u64),
                        grouped(kept as u64)
                    ));
                }
                if self.reading.is_none() {
                    self.warn(format!("The drawing in {} is blank", file_name(path)));
                }
            }
            Err(sentence) => self.not_opened(&sentence),
        }
    }

    fn forget_what_the_dialog_was_for(&mut self) {
        self.after_saving = None;
        self.curves_png = None;
    }

    /// What goes into the file; `None` when the pad has become blank since the dialog was opened.
    fn bytes_for(&mut self, purpose: DialogFor) -> Option<Vec<u8>> {
        match purpose {
            DialogFor::SaveDrawingPng => match &self.pad.picture {
                Some(picture) => Some(encode_png(picture)),
                None if self.pad.is_blank() => None,
                None => {
                    let picture = rasterize(&self.pad.drawing, LARGE_PICTURE, LARGE_PICTURE);
                    Some(encode_png(&picture))
                }
            },
            DialogFor::SaveDrawing28 => {
                let reading = self.reading.as_ref()?;
                Some(encode_png(&reading.normalized.cells.picture()))
            }
            DialogFor::SaveDrawingStrokes if self.pad.drawing.is_blank() => None,
            DialogFor::SaveDrawingStrokes => {
                Some(write_drawings(std::slice::from_ref(&*self.pad.drawing)).into_bytes())
            }
            DialogFor::ExportCurvesCsv => Some(self.runs.to_csv().into_bytes()),
            DialogFor::ExportCurvesPng => self.curves_png.take(),
            DialogFor::OpenModel
            | DialogFor::SaveModel
            | DialogFor::OpenDrawing
            | DialogFor::OpenLesson
            | DialogFor::OpenDataFolder
            | DialogFor::OpenDataFile
            | DialogFor::ImportMyDigits
            | DialogFor::ExportMyDigits => None,
        }
    }
}
