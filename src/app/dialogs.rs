//! The file dialogs of the system, which never hold the window up.

use super::performer::{Reporter, panic_sentence};
use super::{Dialog, DialogFor, News};
use rfd::{AsyncFileDialog, FileHandle};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::{Duration, Instant};

/// No hand closes a dialog faster: one that ends sooner was never there.
const QUICKEST_CANCEL: Duration = Duration::from_millis(250);

const NO_SERVICE: &str = "No file dialog can be opened here: install zenity, drop files on the window, or use the command line (`inkgrad --help`)";

type Choice = Pin<Box<dyn Future<Output = Option<FileHandle>> + Send>>;

/// Opens the dialog (this must be the main thread: macOS insists) and waits for its end on a thread.
pub(super) fn open(dialog: Dialog, frame: Option<&eframe::Frame>, reporter: Reporter) {
    if let Some(sentence) = missing_service() {
        reporter.tell(News::NoDialog { sentence });
        return;
    }
    let purpose = dialog.purpose;
    let choice = begin(dialog, frame);
    let on_thread = reporter.clone();
    let thread = std::thread::Builder::new()
        .name("file dialog".into())
        .spawn(move || {
            let opened = Instant::now();
            let done = catch_unwind(AssertUnwindSafe(|| pollster::block_on(choice)));
            on_thread.tell(match done {
                Ok(None) if opened.elapsed() < QUICKEST_CANCEL && !has_zenity() => News::NoDialog {
                    sentence: NO_SERVICE.into(),
                },
                Ok(chosen) => News::Chosen {
                    purpose,
                    path: chosen.map(|file| with_extension(file.path(), purpose)),
                },
                Err(panic) => News::NoDialog {
                    sentence: panic_sentence(&*panic),
                },
            });
        });
    if let Err(error) = thread {
        reporter.tell(News::NoDialog {
            sentence: format!("A file dialog cannot be opened: no thread can be started ({error})"),
        });
    }
}

fn begin(dialog: Dialog, frame: Option<&eframe::Frame>) -> Choice {
    let mut builder = AsyncFileDialog::new().set_title(title(dialog.purpose));
    if let Some(frame) = frame {
        builder = builder.set_parent(frame);
    }
    if let Some((name, extensions)) = filter(dialog.purpose) {
        builder = builder.add_filter(name, extensions);
    }
    if let Some(name) = dialog.file_name {
        builder = builder.set_file_name(name);
    }
    match dialog.purpose {
        DialogFor::OpenModel
        | DialogFor::OpenDrawing
        | DialogFor::OpenLesson
        | DialogFor::OpenDataFile
        | DialogFor::ImportMyDigits => Box::pin(builder.pick_file()),
        DialogFor::OpenDataFolder => Box::pin(builder.pick_folder()),
        DialogFor::SaveModel
        | DialogFor::SaveDrawingPng
        | DialogFor::SaveDrawing28
        | DialogFor::SaveDrawingStrokes
        | DialogFor::ExportCurvesCsv
        | DialogFor::ExportCurvesPng
        | DialogFor::ExportMyDigits => Box::pin(builder.save_file()),
    }
}

fn title(purpose: DialogFor) -> &'static str {
    match purpose {
        DialogFor::OpenModel => "Open model",
        DialogFor::SaveModel => "Save model",
        DialogFor::OpenDrawing => "Open drawing",
        DialogFor::OpenLesson => "Open lesson",
        DialogFor::SaveDrawingPng => "Save drawing as picture",
        DialogFor::SaveDrawing28 => "Save what the network sees",
        DialogFor::SaveDrawingStrokes => "Save drawing as strokes",
        DialogFor::OpenDataFolder => "Open data folder",
        DialogFor::OpenDataFile => "Open drawings as data",
        DialogFor::ExportCurvesCsv => "Export curves as table",
        DialogFor::ExportCurvesPng => "Export curves as picture",
        DialogFor::ImportMyDigits => "Import into My digits",
        DialogFor::ExportMyDigits => "Export My digits",
    }
}

/// What the dialog shows; the first extension is the one of saved files.
fn filter(purpose: DialogFor) -> Option<(&'static str, &'static [&'static str])> {
    match purpose {
        DialogFor::OpenModel | DialogFor::SaveModel => Some(("Models", &["json", "safetensors"])),
        DialogFor::OpenLesson => Some(("Lessons", &["md"])),
        DialogFor::OpenDrawing => Some((
            "Pictures and drawings",
            &["png", "jpg", "jpeg", "gif", "bmp", "webp", "jsonl"],
        )),
        DialogFor::SaveDrawingPng | DialogFor::SaveDrawing28 | DialogFor::ExportCurvesPng => {
            Some(("PNG pictures", &["png"]))
        }
        DialogFor::SaveDrawingStrokes
        | DialogFor::OpenDataFile
        | DialogFor::ImportMyDigits
        | DialogFor::ExportMyDigits => Some(("Drawings", &["jsonl"])),
        DialogFor::ExportCurvesCsv => Some(("Tables", &["csv"])),
        DialogFor::OpenDataFolder => None,
    }
}

/// A name without an extension gets one. The dialog has asked about overwriting only the name that it saw, so
/// another file of the longer name is not touched: a number is added.
fn with_extension(path: &Path, purpose: DialogFor) -> PathBuf {
    let saves = !matches!(
        purpose,
        DialogFor::OpenModel
            | DialogFor::OpenDrawing
            | DialogFor::OpenLesson
            | DialogFor::OpenDataFile
            | DialogFor::OpenDataFolder
            | DialogFor::ImportMyDigits
    );
    let (Some((_, [extension, ..])), Some(name)) = (filter(purpose), path.file_name()) else {
        return path.to_owned();
    };
    if !saves || path.extension().is_some() {
        return path.to_owned();
    }
    let name = name.to_string_lossy();
    let first = path.with_file_name(format!("{name}.{extension}"));
    let numbered =
        (2..100).map(|number| path.with_file_name(format!("{name}-{number}.{extension}")));
    std::iter::once(first)
        .chain(numbered)
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| path.to_owned())
}

/// On Linux a dialog comes from the desktop's portal or from zenity; without both it would end at once, as if it
/// had been cancelled.
fn missing_service() -> Option<String> {
    let bus =
        std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty());
    (!bus && !has_zenity()).then(|| NO_SERVICE.to_owned())
}

/// Whether there is a dialog for sure; other systems bring their own.
fn has_zenity() -> bool {
    if cfg!(not(all(unix, not(target_os = "macos")))) {
        return true;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("zenity").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_name_gets_the_extension_that_it_lacks() {
        let dir = tempfile::tempdir().unwrap();
        let named = |name: &str, purpose| with_extension(&dir.path().join(name), purpose);
        let in_dir = |name: &str| dir.path().join(name);
        assert_eq!(named("seven", DialogFor::SaveModel), in_dir("seven.json"));
        assert_eq!(
            named("seven.safetensors", DialogFor::SaveModel),
            in_dir("seven.safetensors")
        );
        assert_eq!(
            named("seven.txt", DialogFor::SaveModel),
            in_dir("seven.txt")
        );
        assert_eq!(
            named("seven", DialogFor::SaveDrawing28),
            in_dir("seven.png")
        );
        assert_eq!(named("seven", DialogFor::OpenModel), in_dir("seven"));
        assert_eq!(named("seven", DialogFor::OpenDataFolder), in_dir("seven"));
    }

    #[test]
    fn a_file_that_the_dialog_did_not_ask_about_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("seven.json"), "old").unwrap();
        let path = with_extension(&dir.path().join("seven"), DialogFor::SaveModel);
        assert_eq!(path, dir.path().join("seven-2.json"));
    }
}
