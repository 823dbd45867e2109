//! One thread that writes all files, in the order in which they were asked for. It is waited for at the end, so
//! that nothing is cut off when the window closes.

use super::my_digits_file::{MyDigitsFile, text_of};
use super::performer::{Reporter, panic_sentence};
use super::recovery::RecoveryFiles;
use super::{DialogFor, KeptDigit, LoadedDigits, News};
use crate::data::{user_data_dir, write_atomically};
use crate::model_file::{Model, save_model};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Something to do with files.
#[derive(Debug)]
pub(super) enum FileWork {
    Write {
        purpose: DialogFor,
        path: PathBuf,
        bytes: Vec<u8>,
    },
    WriteModel {
        path: PathBuf,
        model: Box<Model>,
    },
    KeepForRecovery(Box<Model>),
    RemoveRecovery,
    FindRecovery,
    ForgetRecovered,
    LoadMyDigits,
    SaveMyDigits(Vec<Arc<KeptDigit>>),
    ExportMyDigits {
        path: PathBuf,
        digits: Vec<Arc<KeptDigit>>,
    },
}

/// The files in the user's data folder, where the system names one.
struct OwnFiles {
    recovery: RecoveryFiles,
    my_digits: MyDigitsFile,
}

/// The handle of the thread. Dropping it waits until everything is written.
pub(super) struct FileWorker {
    work: Option<Sender<FileWork>>,
    thread: Option<JoinHandle<()>>,
}

impl FileWorker {
    pub fn spawn(reporter: Reporter) -> std::io::Result<Self> {
        let (sender, work) = channel();
        let thread = std::thread::Builder::new()
            .name("files".into())
            .spawn(move || carry_out_all(&work, &reporter))?;
        Ok(Self {
            work: Some(sender),
            thread: Some(thread),
        })
    }

    pub fn send(&self, work: FileWork) {
        if let Some(sender) = &self.work {
            // The thread lives as long as the sender and survives panics of its work.
            let _ = sender.send(work);
        }
    }
}

impl Drop for FileWorker {
    fn drop(&mut self) {
        self.work = None;
        if let Some(thread) = self.thread.take() {
            // Panics were caught and told inside.
            let _ = thread.join();
        }
    }
}

impl FileWork {
    /// The news that this could not be done.
    pub fn failed(self, reason: &str) -> News {
        let (purpose, path) = match self {
            Self::Write { purpose, path, .. } => (purpose, path),
            Self::WriteModel { path, .. } => (DialogFor::SaveModel, path),
            Self::ExportMyDigits { path, .. } => (DialogFor::ExportMyDigits, path),
            Self::LoadMyDigits => {
                return News::MyDigitsLoaded(Err(format!("My digits cannot be read: {reason}")));
            }
            Self::SaveMyDigits(_) => {
                return News::MyDigitsSaved(Err(format!("My digits are not kept: {reason}")));
            }
            _ => {
                return News::Problem {
                    sentence: format!("The recovery file is not kept: {reason}"),
                };
            }
        };
        News::Written {
            purpose,
            result: Err(format!("{} could not be written: {reason}", path.display())),
            path,
        }
    }

    /// The news that a panic in the middle of it makes.
    fn panicked(&self) -> impl FnOnce(String) -> News + use<> {
        let written = match self {
            Self::Write { purpose, path, .. } => Some((*purpose, path.clone())),
            Self::WriteModel { path, .. } => Some((DialogFor::SaveModel, path.clone())),
            Self::ExportMyDigits { path, .. } => Some((DialogFor::ExportMyDigits, path.clone())),
            _ => None,
        };
        move |sentence| match written {
            Some((purpose, path)) => News::Written {
                purpose,
                path,
                result: Err(sentence),
            },
            None => News::Problem { sentence },
        }
    }
}

/// Said at the start, where nothing can be kept.
const NO_FOLDER: &str = "This system names no folder for a user's data, so My digits last until the window closes: set INKGRAD_HOME to a folder to keep them";

fn carry_out_all(work: &Receiver<FileWork>, reporter: &Reporter) {
    let mut own = user_data_dir().map(|dir| OwnFiles {
        recovery: RecoveryFiles::in_dir(dir.join("recovery")),
        my_digits: MyDigitsFile::in_dir(&dir),
    });
    for work in work {
        let panicked = work.panicked();
        let done = catch_unwind(AssertUnwindSafe(|| carry_out(work, own.as_mut())));
        match done {
            Ok(Some(news)) => reporter.tell(news),
            Ok(None) => {}
            Err(panic) => reporter.tell(panicked(panic_sentence(&*panic))),
        }
    }
}

fn carry_out(work: FileWork, own: Option<&mut OwnFiles>) -> Option<News> {
    match (work, own) {
        (
            FileWork::Write {
                purpose,
                path,
                bytes,
            },
            _,
        ) => Some(News::Written {
            purpose,
            result: write_atomically(&path, &bytes).map_err(|error| error.to_string()),
            path,
        }),
        (FileWork::WriteModel { path, model }, _) => Some(News::Written {
            purpose: DialogFor::SaveModel,
            result: save_model(&path, &model).map_err(|error| error.to_string()),
            path,
        }),
        (FileWork::ExportMyDigits { path, digits }, _) => Some(News::Written {
            purpose: DialogFor::ExportMyDigits,
            result: write_atomically(&path, text_of(&digits).as_bytes())
                .map_err(|error| error.to_string()),
            path,
        }),
        (FileWork::LoadMyDigits, Some(own)) => Some(News::MyDigitsLoaded(own.my_digits.load())),
        (FileWork::LoadMyDigits, None) => Some(News::MyDigitsLoaded(Ok(LoadedDigits {
            digits: Vec::new(),
            note: Some(NO_FOLDER.into()),
        }))),
        (FileWork::SaveMyDigits(digits), Some(own)) => {
            Some(News::MyDigitsSaved(own.my_digits.save(&digits)))
        }
        (FileWork::KeepForRecovery(model), Some(own)) => {
            let sentence = own.recovery.write(&model).err()?;
            Some(News::Problem { sentence })
        }
        (FileWork::RemoveRecovery, Some(own)) => {
            own.recovery.remove();
            None
        }
        (FileWork::FindRecovery, Some(own)) => {
            let model = own.recovery.find()?;
            Some(News::RecoveryFound(Box::new(model)))
        }
        (FileWork::ForgetRecovered, Some(own)) => {
            own.recovery.forget_found();
            None
        }
        // Without a folder for a user's data there is nothing to recover from.
        (_, None) => None,
    }
}
