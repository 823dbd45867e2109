//! Fetching archives from servers that behave, and from servers that do not; all of them on the loopback.

use inkgrad::data::{Archive, FetchError, FetchOptions, FetchProgress, fetch_archives};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

const LARGE: &str = "large.gz";
const SMALL: &str = "small.gz";
const LARGE_BYTES: usize = 300_000;

/// How a server answers.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Proper,
    /// Sends everything, whatever part was asked for.
    IgnoresRange,
    /// Answers a wish for a part with another part.
    WrongRange,
    /// Closes the connection after so many bytes.
    CutsOffAfter(usize),
    CutsOffAfterAndIgnoresRange(usize),
    /// Says nothing more after so many bytes.
    StallsAfter(usize),
    /// The right number of wrong bytes.
    Rubbish,
    /// The right bytes and then more.
    TooMuch,
    NotFound,
}

/// A small HTTP server that ends with the test. It is also a proxy that leads every address to itself.
struct Server {
    address: SocketAddr,
    /// The path of each request, and where it wanted to start: "large.gz 300".
    requests: Arc<Mutex<Vec<String>>>,
    stopping: Arc<AtomicBool>,
}

impl Server {
    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let (log, stop) = (Arc::clone(&requests), Arc::clone(&stopping));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let log = Arc::clone(&log);
                // A client that goes away in the middle is part of these tests.
                thread::spawn(move || stream.and_then(|stream| answer(stream, manner, &log)));
            }
        });
        Self {
            address,
            requests,
            stopping,
        }
    }

    fn mirror(&self) -> String {
        format!("http://{}/", self.address)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Wakes the listener, so that its thread sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn answer(stream: TcpStream, manner: Manner, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(5);
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;

    let (mut path, mut from) = read_request(&mut reader)?;
    if path.starts_with("CONNECT") {
        log.lock().unwrap().push(path);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        (path, from) = read_request(&mut reader)?;
    }
    log.lock().unwrap().push(format!("{path} {from}"));

    let whole = content(&path);
    let ignores_range = matches!(
        manner,
        Manner::IgnoresRange | Manner::CutsOffAfterAndIgnoresRange(_)
    );
    let start = match manner {
        _ if ignores_range => 0,
        Manner::WrongRange if from > 0 => from + 1,
        _ => from,
    };
    if manner == Manner::NotFound || whole.is_empty() {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    }
    if start > whole.len() {
        return stream.write_all(b"HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n");
    }
    let mut body = whole[start..].to_vec();
    match manner {
        Manner::Rubbish => body.fill(b'?'),
        Manner::TooMuch => body.extend([0; 1000]),
        _ => {}
    }
    let status = if start == 0 {
        "200 OK".to_owned()
    } else {
        let (last, total) = (whole.len() - 1, whole.len());
        format!("206 Partial Content\r\nContent-Range: bytes {start}-{last}/{total}")
    };
    let length = body.len();
    stream.write_all(
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
            .as_bytes(),
    )?;
    match manner {
        Manner::CutsOffAfter(bytes) | Manner::CutsOffAfterAndIgnoresRange(bytes) => {
            stream.write_all(&body[..bytes.min(length)])
        }
        Manner::StallsAfter(bytes) => {
            stream.write_all(&body[..bytes.min(length)])?;
            // Waits for the client to give up.
            reader.read(&mut [0]).map(drop)
        }
        _ => stream.write_all(&body),
    }
}

/// The path of a request, or the whole line for a proxy, and the first byte that is asked for.
fn read_request(reader: &mut BufReader<TcpStream>) -> std::io::Result<(String, usize)> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut from = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let line = line.trim().to_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap();
        }
    }
    let path = match first.strip_prefix("GET /") {
        Some(rest) => rest.split(' ').next().unwrap_or_default().to_owned(),
        None => first.trim().to_owned(),
    };
    Ok((path, from))
}

/// The right bytes of each file.
fn content(name: &str) -> Vec<u8> {
    match name {
        LARGE => (0..LARGE_BYTES).map(|i| (i * i / 7) as u8).collect(),
        SMALL => b"a small file".to_vec(),
        _ => Vec::new(),
    }
}

fn archive(name: &'static str) -> Archive {
    let bytes = content(name);
    let digest = Sha256::digest(&bytes);
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Archive {
        name,
        bytes: bytes.len() as u64,
        sha256: sha256.leak(),
    }
}

fn options(mirrors: &[&Server]) -> FetchOptions {
    FetchOptions {
        mirrors: mirrors.iter().map(|server| server.mirror()).collect(),
        archives: vec![archive(LARGE), archive(SMALL)],
        proxy: None,
        connect_timeout: Duration::from_secs(5),
        stall_timeout: Duration::from_secs(5),
    }
}

fn fetch(dir: &Path, options: &FetchOptions) -> Result<(), FetchError> {
    fetch_archives(dir, options, &mut |_| ControlFlow::Continue(()))
}

/// Fetches into a folder that holds `part` as what an earlier fetch has left of the large file.
fn fetch_after(part: &[u8], mirrors: &[&Server]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large.gz.part"), part).unwrap();
    fetch(folder.path(), &options(mirrors)).unwrap();
    folder
}

#[track_caller]
fn assert_complete(folder: &Path) {
    assert_eq!(
        names(folder),
        BTreeSet::from([LARGE, SMALL].map(str::to_owned))
    );
    for name in [LARGE, SMALL] {
        assert!(fs::read(folder.join(name)).unwrap() == content(name));
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn files_are_fetched_once_and_the_progress_only_grows() {
    let server = Server::start(Manner::Proper);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("made/on/the/way");
    let mut seen: Vec<FetchProgress> = Vec::new();
    fetch_archives(&dir, &options(&[&server]), &mut |progress| {
        seen.push(progress.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_complete(&dir);
    assert!(seen.is_sorted_by_key(|progress| (progress.file_number, progress.bytes_done)));
    for (file, number, bytes) in [(LARGE, 1, LARGE_BYTES as u64), (SMALL, 2, 12)] {
        let last = seen.iter().rfind(|progress| progress.file == file).unwrap();
        assert_eq!((last.file_number, last.bytes_done), (number, bytes));
        assert_eq!(last.bytes_total, bytes);
    }

    fetch(&dir, &options(&[&server])).unwrap();
    assert_eq!(server.requests(), ["large.gz 0", "small.gz 0"]);
}

#[test]
fn a_connection_that_is_cut_off_is_taken_up_where_it_ended() {
    let server = Server::start(Manner::CutsOffAfter(120_000));
    let folder = tempfile::tempdir().unwrap();
    fetch(folder.path(), &options(&[&server])).unwrap();
    assert_complete(folder.path());
    assert_eq!(
        server.requests(),
        [
            "large.gz 0",
            "large.gz 120000",
            "large.gz 240000",
            "small.gz 0"
        ]
    );
}

#[test]
fn an_earlier_fetch_is_resumed() {
    let server = Server::start(Manner::Proper);
    let folder = fetch_after(&content(LARGE)[..100_000], &[&server]);
    assert_complete(folder.path());
    assert_eq!(server.requests(), ["large.gz 100000", "small.gz 0"]);
}

#[test]
fn a_part_that_is_already_whole_needs_no_request() {
    let server = Server::start(Manner::Proper);
    let folder = fetch_after(&content(LARGE), &[&server]);
    assert_complete(folder.path());
    assert_eq!(server.requests(), ["small.gz 0"]);
}

#[test]
fn a_bad_part_is_thrown_away_and_fetched_anew() {
    for part in [vec![b'?'; 100_000], vec![b'?'; LARGE_BYTES + 5]] {
        let server = Server::start(Manner::Proper);
        let folder = fetch_after(&part, &[&server]);
        assert_complete(folder.path());
        assert!(server.requests().contains(&"large.gz 0".to_owned()));
    }
}

#[test]
fn a_server_that_ignores_ranges_is_read_from_the_start() {
    let server = Server::start(Manner::IgnoresRange);
    let folder = fetch_after(&content(LARGE)[..100_000], &[&server]);
    assert_complete(folder.path());
    assert_eq!(server.requests(), ["large.gz 100000", "small.gz 0"]);
}

#[test]
fn a_part_from_the_wrong_place_is_not_used() {
    let server = Server::start(Manner::WrongRange);
    let folder = fetch_after(&content(LARGE)[..100_000], &[&server]);
    assert_complete(folder.path());
    assert_eq!(
        server.requests(),
        ["large.gz 100000", "large.gz 0", "small.gz 0"]
    );
}

#[test]
fn a_server_that_always_cuts_off_and_cannot_resume_is_given_up() {
    let first = Server::start(Manner::CutsOffAfterAndIgnoresRange(50_000));
    let second = Server::start(Manner::Proper);
    let folder = tempfile::tempdir().unwrap();
    fetch(folder.path(), &options(&[&first, &second])).unwrap();
    assert_complete(folder.path());
    assert_eq!(second.requests()[0], "large.gz 50000");
}

#[test]
fn a_server_that_stalls_is_left_for_the_next_which_goes_on_from_there() {
    let first = Server::start(Manner::StallsAfter(0));
    let second = Server::start(Manner::Proper);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large.gz.part"), &content(LARGE)[..7]).unwrap();
    let mut options = options(&[&first, &second]);
    options.stall_timeout = Duration::from_millis(150);
    fetch(folder.path(), &options).unwrap();
    assert_complete(folder.path());
    assert_eq!(second.requests()[0], "large.gz 7");
}

#[test]
fn rubbish_and_wrong_lengths_and_errors_lead_to_the_next_mirror() {
    for manner in [Manner::Rubbish, Manner::TooMuch, Manner::NotFound] {
        let first = Server::start(manner);
        let second = Server::start(Manner::Proper);
        let folder = tempfile::tempdir().unwrap();
        fetch(folder.path(), &options(&[&first, &second])).unwrap();
        assert_complete(folder.path());
        assert_eq!(second.requests(), ["large.gz 0", "small.gz 0"]);
    }
}

#[test]
fn when_every_mirror_fails_nothing_is_in_place_and_the_error_says_what_to_do() {
    let rubbish = Server::start(Manner::Rubbish);
    let not_found = Server::start(Manner::NotFound);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let closed = format!("http://{}/", closed.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(&[&rubbish, &not_found]);
    options.mirrors.push(closed.clone());

    let error = fetch(folder.path(), &options).unwrap_err();
    assert!(matches!(error, FetchError::NoMirror { file: LARGE, .. }));
    let sentence = error.to_string();
    let expected = [
        format!("{}: its file is another one", rubbish.mirror()),
        format!("{}: it answered 404 Not Found", not_found.mirror()),
        format!("{closed}: no connection"),
        format!("into {}", folder.path().display()),
        "large.gz, small.gz".to_owned(),
        "INKGRAD_DATA_DIR".to_owned(),
    ];
    for part in expected {
        assert!(sentence.contains(&part), "{part} is not in: {sentence}");
    }
    assert_eq!(names(folder.path()), BTreeSet::new());
}

#[test]
fn a_cancel_in_the_middle_of_a_file_puts_nothing_in_place_and_the_next_fetch_goes_on() {
    let server = Server::start(Manner::StallsAfter(100_000));
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(&[&server]);
    let outcome = fetch_archives(folder.path(), &options, &mut |progress| {
        if progress.bytes_done == 100_000 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(matches!(outcome, Err(FetchError::Cancelled)));
    assert_eq!(
        names(folder.path()),
        BTreeSet::from(["large.gz.part".to_owned()])
    );

    let proper = Server::start(Manner::Proper);
    options.mirrors = vec![proper.mirror()];
    fetch(folder.path(), &options).unwrap();
    assert_complete(folder.path());
    assert_eq!(proper.requests()[0], "large.gz 100000");
}

#[test]
fn a_cancel_does_not_wait_for_a_silent_server() {
    // It accepts and then says nothing; the patience of both sides is longer than any test.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(&[]);
    options.mirrors = vec![format!("http://{}/", silent.local_addr().unwrap())];
    options.stall_timeout = Duration::from_secs(600);
    let mut looks = 0;
    let outcome = fetch_archives(folder.path(), &options, &mut |_| {
        looks += 1;
        if looks == 4 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(matches!(outcome, Err(FetchError::Cancelled)));
    assert_eq!(names(folder.path()), BTreeSet::new());
}

#[test]
fn another_file_of_the_same_name_is_kept_aside() {
    let server = Server::start(Manner::Proper);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(SMALL), "somebody's").unwrap();
    fetch(folder.path(), &options(&[&server])).unwrap();
    let old = folder.path().join("small.gz.old");
    assert_eq!(fs::read_to_string(&old).unwrap(), "somebody's");
    fs::remove_file(old).unwrap();
    assert_complete(folder.path());
}

#[test]
fn a_proxy_is_honoured() {
    let proxy = Server::start(Manner::Proper);
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(&[]);
    options.mirrors = vec!["http://mirror.invalid/".to_owned()];
    options.proxy = Some(ureq::Proxy::new(&proxy.mirror()).unwrap());
    fetch(folder.path(), &options).unwrap();
    assert_complete(folder.path());
    let requests = proxy.requests();
    assert_eq!(requests[0], "CONNECT mirror.invalid:80 HTTP/1.1");
    assert_eq!(requests[1], "large.gz 0");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let sentence = fetch(&file.join("mnist"), &options(&[])).unwrap_err();
    assert!(sentence.to_string().contains("file/mnist"), "{sentence}");
}
