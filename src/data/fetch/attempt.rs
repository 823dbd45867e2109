use super::archive::Archive;
use super::download::{self, News, Setback};
use super::{FetchError, FetchOptions, unwritable};
use crate::data::write::sync_folder;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

/// How often the progress is looked at while nothing comes: the longest that a cancel waits.
const LOOK: Duration = Duration::from_millis(50);

/// Attempts at one mirror, each of which must have brought something new.
const ATTEMPTS: usize = 5;

/// The fetching of one archive.
pub(super) struct Fetch<'a> {
    pub options: &'a FetchOptions,
    pub client: &'a ureq::Agent,
    pub archive: &'a Archive,
    pub place: PathBuf,
    /// What has come so far; the next attempt, or the next fetch, goes on from here.
    pub part: PathBuf,
    pub progress: &'a mut dyn FnMut(u64) -> ControlFlow<()>,
}

/// How an attempt went wrong.
enum Stop {
    /// Another attempt, or another mirror, may do better.
    Setback(Setback),
    /// No other attempt would do better.
    Error(FetchError),
}

impl From<FetchError> for Stop {
    fn from(error: FetchError) -> Self {
        Self::Error(error)
    }
}

impl Fetch<'_> {
    pub(super) fn run(&mut self, dir: &Path) -> Result<(), FetchError> {
        let is_there = self.archive.is_at(&self.place);
        if is_there.map_err(unwritable(&self.place))? {
            return self.look(self.archive.bytes);
        }
        let mut setbacks = Vec::new();
        for mirror in &self.options.mirrors {
            let url = format!("{mirror}{}", self.archive.name);
            match self.try_mirror(&url) {
                Ok(()) => return self.put_in_place(dir),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::Setback(setback)) => setbacks.push((mirror.clone(), setback)),
            }
        }
        Err(FetchError::NoMirror {
            file: self.archive.name,
            needed: self.options.archives.iter().map(|a| a.name).collect(),
            dir: dir.to_owned(),
            setbacks,
        })
    }

    /// Tries again from where it stopped as long as every attempt brings something new.
    fn try_mirror(&mut self, url: &str) -> Result<(), Stop> {
        let mut attempt = 1;
        loop {
            let before = self.part_bytes()?;
            let setback = match self.try_once(url, before) {
                Err(Stop::Setback(setback)) => setback,
                done_or_error => return done_or_error,
            };
            let after = self.part_bytes()?;
            // An attempt that went on from an old part may have failed because of that part, which is gone now.
            let worth_another = after > before || (before > 0 && after == 0);
            if attempt == ATTEMPTS || !worth_another {
                return Err(Stop::Setback(setback));
            }
            attempt += 1;
        }
    }

    /// One request for what the part, of `from` bytes, still needs; leaves the right file as the part.
    fn try_once(&mut self, url: &str, from: u64) -> Result<(), Stop> {
        let expected = self.archive.bytes;
        if from < expected {
            self.receive(url, from)?;
        }
        let found = self.part_bytes()?;
        if found < expected {
            return Err(Stop::Setback(Setback::CutOff { found, expected }));
        }
        let is_right = self.archive.is_at(&self.part);
        if is_right.map_err(unwritable(&self.part))? {
            return Ok(());
        }
        self.discard_part()?;
        Err(Stop::Setback(if found > expected {
            Setback::TooLong { found, expected }
        } else {
            Setback::WrongChecksum
        }))
    }

    /// Writes what the server sends to the part, until it ends, stalls or has sent too much.
    fn receive(&mut self, url: &str, from: u64) -> Result<(), Stop> {
        let stall = self.options.stall_timeout;
        let news = download::request(self.client, url.to_owned(), from, stall);
        let mut file = None;
        let mut done = from;
        loop {
            self.look(done)?;
            match news.recv_timeout(LOOK) {
                Ok(News::StartsAt(place)) => {
                    // A server that ignores the wish to resume sends everything, from the start.
                    done = if place == from { from } else { 0 };
                    if place != done {
                        self.discard_part()?;
                        return Ok(());
                    }
                    file = Some(self.open_part(done)?);
                }
                Ok(News::Block(block)) => {
                    let Some(file) = &mut file else { return Ok(()) };
                    file.write_all(&block).map_err(unwritable(&self.part))?;
                    done += block.len() as u64;
                    if done > self.archive.bytes {
                        return Ok(());
                    }
                }
                Ok(News::Failed(Setback::Status(status))) if status.as_u16() == 416 => {
                    // The part is longer than the server's file, or the server wants no part at all.
                    self.discard_part()?;
                    return Err(Stop::Setback(Setback::Status(status)));
                }
                Ok(News::Failed(setback)) => {
                    // Once bytes have come, an error of the network only means that the rest is missing.
                    return match setback {
                        Setback::NoConnection(_) if file.is_some() => Ok(()),
                        setback => Err(Stop::Setback(setback)),
                    };
                }
                Ok(News::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn look(&mut self, done: u64) -> Result<(), FetchError> {
        match (self.progress)(done.min(self.archive.bytes)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(FetchError::Cancelled),
        }
    }

    fn part_bytes(&self) -> Result<u64, FetchError> {
        match fs::metadata(&self.part) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(unwritable(&self.part)(error)),
        }
    }

    /// The part, ready to be continued or, at 0, empty.
    fn open_part(&self, from: u64) -> Result<File, FetchError> {
        let mut options = OpenOptions::new();
        match from {
            0 => options.write(true).create(true).truncate(true),
            _ => options.append(true),
        };
        options.open(&self.part).map_err(unwritable(&self.part))
    }

    fn discard_part(&self) -> Result<(), FetchError> {
        match fs::remove_file(&self.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(unwritable(&self.part)(error))
            }
            _ => Ok(()),
        }
    }

    /// Renames the verified part, once it is on the disk for certain.
    fn put_in_place(&self, dir: &Path) -> Result<(), FetchError> {
        let synced = File::open(&self.part).and_then(|part| part.sync_all());
        synced.map_err(unwritable(&self.part))?;
        if self.place.exists() {
            let old = dir.join(format!("{}.old", self.archive.name));
            fs::rename(&self.place, old).map_err(unwritable(&self.place))?;
        }
        fs::rename(&self.part, &self.place).map_err(unwritable(&self.place))?;
        sync_folder(dir);
        Ok(())
    }
}
