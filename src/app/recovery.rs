//! The file that a crash or a kill leaves behind: at most a minute old, offered at the next start.
//!
//! Every program that runs has a file of its own, `PROCESS-TIME.json`, and holds a lock on the `.lock` beside it.
//! The system lets go of the lock when the process ends, however it ends: a file whose lock is free was left behind.

use crate::model_file::{Model, open_model, save_model};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The recovery file of this program, and one that another left behind.
#[derive(Debug)]
pub(super) struct RecoveryFiles {
    dir: PathBuf,
    own: PathBuf,
    /// Held while there is an own file.
    own_lock: Option<File>,
    found: Option<Found>,
    /// The last failure, so that one that lasts is told once.
    failure: Option<String>,
}

/// A file that was left behind. The lock keeps other programs from offering it as well.
#[derive(Debug)]
struct Found {
    path: PathBuf,
    _lock: File,
}

/// Where files cannot be locked, one that was not written for so long counts as left behind.
const ABANDONED_AFTER: Duration = Duration::from_secs(120);

impl RecoveryFiles {
    pub fn in_dir(dir: PathBuf) -> Self {
        let since_1970 = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        // A process number alone comes again, in containers at every start.
        let name = format!("{}-{}.json", std::process::id(), since_1970.as_nanos());
        Self {
            own: dir.join(name),
            dir,
            own_lock: None,
            found: None,
            failure: None,
        }
    }

    /// Puts `model` into the own file. An error that lasts is told once.
    pub fn write(&mut self, model: &Model) -> Result<(), String> {
        let failure = self.try_to_write(model).err();
        if failure == self.failure {
            return Ok(());
        }
        self.failure = failure.clone();
        match failure {
            Some(reason) => Err(format!(
                "A crash would lose what is not saved: the recovery file cannot be kept ({reason})"
            )),
            None => Ok(()),
        }
    }

    /// Removes the own file.
    pub fn remove(&mut self) {
        remove_with_lock(&self.own);
        self.own_lock = None;
    }

    /// The newest model that a program which is gone has left behind.
    pub fn find(&mut self) -> Option<Model> {
        let mut left: Vec<(SystemTime, PathBuf)> = fs::read_dir(&self.dir)
            .ok()?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| *path != self.own && path.extension().is_some_and(|end| end == "json"))
            .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))
            .collect();
        left.sort();
        left.into_iter().rev().find_map(|(modified, path)| {
            let lock = lock_of_gone_program(&path, modified)?;
            let model = open_model(&path).ok()?;
            self.found = Some(Found { path, _lock: lock });
            Some(model)
        })
    }

    /// Removes the file that [`Self::find`] has found.
    pub fn forget_found(&mut self) {
        if let Some(found) = self.found.take() {
            remove_with_lock(&found.path);
        }
    }

    fn try_to_write(&mut self, model: &Model) -> Result<(), String> {
        fs::create_dir_all(&self.dir)
            .map_err(|error| format!("{}: {error}", self.dir.display()))?;
        if self.own_lock.is_none() {
            let path = lock_path(&self.own);
            let lock =
                File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            // Where files cannot be locked their age has to do.
            let _ = lock.try_lock();
            self.own_lock = Some(lock);
        }
        save_model(&self.own, model).map_err(|error| error.to_string())
    }
}

/// The lock of a recovery file, if its program has ended.
fn lock_of_gone_program(path: &Path, modified: SystemTime) -> Option<File> {
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock_path(path))
        .ok()?;
    match lock.try_lock() {
        Ok(()) => Some(lock),
        Err(TryLockError::WouldBlock) => None,
        Err(TryLockError::Error(_)) => {
            let age = modified.elapsed().unwrap_or_default();
            (age > ABANDONED_AFTER).then_some(lock)
        }
    }
}

fn lock_path(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

/// The lock goes last: without it the file would look left behind.
fn remove_with_lock(path: &Path) {
    // A file that is not there is what was wanted; one that cannot be removed is offered again.
    if fs::remove_file(path).is_ok() || !path.exists() {
        let _ = fs::remove_file(lock_path(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_file::TrainingRecord;
    use crate::training::Hyperparameters;

    fn model(name: &str) -> Model {
        let hyperparameters = Hyperparameters {
            hidden_layers: vec![2],
            ..Hyperparameters::default()
        };
        Model {
            name: name.into(),
            network: hyperparameters.check().unwrap().fresh_network().unwrap(),
            record: TrainingRecord::default(),
            calibration: None,
        }
    }

    fn files_in(dir: &Path) -> usize {
        fs::read_dir(dir).map_or(0, Iterator::count)
    }

    #[test]
    fn what_a_program_left_behind_is_found_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let mut crashed = RecoveryFiles::in_dir(dir.path().into());
        crashed.write(&model("kept")).unwrap();
        drop(crashed);
        let mut next = RecoveryFiles::in_dir(dir.path().into());
        assert_eq!(next.find().unwrap(), model("kept"));
        next.forget_found();
        assert_eq!(files_in(dir.path()), 0);
    }

    #[test]
    fn the_file_of_a_program_that_still_runs_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut running = RecoveryFiles::in_dir(dir.path().into());
        running.write(&model("theirs")).unwrap();
        let mut other = RecoveryFiles::in_dir(dir.path().into());
        assert!(other.find().is_none());
        other.forget_found();
        assert_eq!(files_in(dir.path()), 2);
    }

    #[test]
    fn what_was_put_off_is_offered_again() {
        let dir = tempfile::tempdir().unwrap();
        RecoveryFiles::in_dir(dir.path().into())
            .write(&model("kept"))
            .unwrap();
        for _ in 0..2 {
            assert!(RecoveryFiles::in_dir(dir.path().into()).find().is_some());
        }
    }

    #[test]
    fn a_found_file_is_not_offered_by_two_programs() {
        let dir = tempfile::tempdir().unwrap();
        RecoveryFiles::in_dir(dir.path().into())
            .write(&model("kept"))
            .unwrap();
        let mut first = RecoveryFiles::in_dir(dir.path().into());
        let mut second = RecoveryFiles::in_dir(dir.path().into());
        assert!(first.find().is_some());
        assert!(second.find().is_none());
    }

    #[test]
    fn a_clean_end_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut files = RecoveryFiles::in_dir(dir.path().into());
        files.write(&model("saved")).unwrap();
        files.remove();
        assert_eq!(files_in(dir.path()), 0);
        files.write(&model("again")).unwrap();
        assert_eq!(files_in(dir.path()), 2);
    }

    #[test]
    fn the_newest_whole_file_wins_over_a_damaged_one() {
        let dir = tempfile::tempdir().unwrap();
        RecoveryFiles::in_dir(dir.path().into())
            .write(&model("whole"))
            .unwrap();
        fs::write(dir.path().join("1-1.json"), "{\"format\":").unwrap();
        let mut next = RecoveryFiles::in_dir(dir.path().into());
        assert_eq!(next.find().unwrap().name, "whole");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        fs::write(&blocked, "in the way").unwrap();
        let mut files = RecoveryFiles::in_dir(blocked);
        assert!(files.write(&model("a")).is_err());
        assert!(files.write(&model("b")).is_ok());
        assert!(files.find().is_none());
    }
}
