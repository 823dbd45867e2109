//! One thread that writes all files, in the order in which they were asked for. It is waited for at the end, so
//! that nothing is cut off when the window closes.

use super::performer::{Reporter, panic_sentence};
use super::recovery::RecoveryFiles;
use super::{DialogFor, News};
use crate::data::{user_data_dir, write_atomically};
use crate::model_file::{Model, save_model};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
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

fn carry_out_all(work: &Receiver<FileWork>, reporter: &Reporter) {
    let mut recovery = user_data_dir().map(|dir| RecoveryFiles::in_dir(dir.join("recovery")));
    for work in work {
        let panicked = work.panicked();
        let done = catch_unwind(AssertUnwindSafe(|| carry_out(work, recovery.as_mut())));
        match done {
            Ok(Some(news)) => reporter.tell(news),
            Ok(None) => {}
            Err(panic) => reporter.tell(panicked(panic_sentence(&*panic))),
        }
    }
}

fn carry_out(work: FileWork, recovery: Option<&mut RecoveryFiles>) -> Option<News> {
    match (work, recovery) {
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
        (FileWork::KeepForRecovery(model), Some(recovery)) => {
            let sentence = recovery.write(&model).err()?;
            Some(News::Problem { sentence })
        }
        (FileWork::RemoveRecovery, Some(recovery)) => {
            recovery.remove();
            None
        }
        (FileWork::FindRecovery, Some(recovery)) => {
            let model = recovery.find()?;
            Some(News::RecoveryFound(Box::new(model)))
        }
        (FileWork::ForgetRecovered, Some(recovery)) => {
            recovery.forget_found();
            None
        }
        // Without a folder for a user's data there is nothing to recover from.
        (_, None) => None,
    }
}
