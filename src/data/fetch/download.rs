//! One HTTP request on a thread of its own, so that nobody who waits for it waits for the network.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;
use ureq::http::{StatusCode, header};

/// Blocks that may wait for the disk.
const QUEUE: usize = 8;

const BLOCK_BYTES: usize = 1 << 16;

/// Why one attempt at one mirror gave no file.
#[derive(Debug, thiserror::Error)]
pub enum Setback {
    #[error("no connection ({0})")]
    NoConnection(String),

    #[error("it answered {0}")]
    Status(StatusCode),

    #[error("nothing came for {0} seconds")]
    Stalled(f32),

    #[error("it stopped after {found} of {expected} bytes")]
    CutOff { found: u64, expected: u64 },

    #[error("its file has at least {found} bytes instead of {expected}")]
    TooLong { found: u64, expected: u64 },

    #[error("its file is another one (the checksum differs)")]
    WrongChecksum,
}

/// What a request reports, in this order: a start, blocks, an end.
#[derive(Debug)]
pub(super) enum News {
    /// The bytes that follow belong at this place of the file: where it was asked for, or 0.
    StartsAt(u64),
    Block(Vec<u8>),
    /// The server has closed the answer. Whether it was complete is for the receiver to judge.
    End,
    Failed(Setback),
}

/// The client for all requests of a fetch.
///
/// `stall` bounds the wait for every piece of an answer, not the answer as a whole: a slow line is no mistake.
pub(super) fn client(
    proxy: Option<ureq::Proxy>,
    connect: Duration,
    stall: Duration,
) -> ureq::Agent {
    ureq::Agent::config_builder()
        .proxy(proxy)
        .timeout_resolve(Some(connect))
        .timeout_connect(Some(connect))
        .timeout_recv_response(Some(stall))
        .timeout_per_read(Some(stall))
        .http_status_as_error(false)
        .user_agent(concat!("inkgrad/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// Asks for the file at `url` from byte `from` on. Dropping the receiver ends the request.
pub(super) fn request(
    client: &ureq::Agent,
    url: String,
    from: u64,
    stall: Duration,
) -> Receiver<News> {
    let (sender, receiver) = sync_channel(QUEUE);
    let client = client.clone();
    // Where there is no thread the sender is dropped, which the receiver takes for an answer that was cut off.
    let _ = thread::Builder::new()
        .name("fetch".to_owned())
        .spawn(move || {
            let last = match answer(&client, &url, from, &sender) {
                Ok(()) => News::End,
                Err(error) => News::Failed(setback(error, stall)),
            };
            // A receiver that is gone has no interest.
            let _ = sender.send(last);
        });
    receiver
}

/// The ways out of a request: what the network said, or an answer that is none.
enum Failure {
    Network(ureq::Error),
    Status(StatusCode),
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        Self::Network(error)
    }
}

fn answer(
    client: &ureq::Agent,
    url: &str,
    from: u64,
    sender: &SyncSender<News>,
) -> Result<(), Failure> {
    let mut request = client.get(url);
    if from > 0 {
        request = request.header(header::RANGE, format!("bytes={from}-"));
    }
    let response = request.call()?;
    let starts_at = match response.status() {
        StatusCode::OK => 0,
        StatusCode::PARTIAL_CONTENT => range_start(&response).unwrap_or(from),
        status => return Err(Failure::Status(status)),
    };
    let mut news = News::StartsAt(starts_at);
    let mut body = response.into_body().into_reader();
    let mut block = vec![0; BLOCK_BYTES];
    while sender.send(news).is_ok() {
        let length = body.read(&mut block).map_err(ureq::Error::from)?;
        if length == 0 {
            return Ok(());
        }
        news = News::Block(block[..length].to_vec());
    }
    Ok(())
}

/// The first byte's place in `Content-Range: bytes 100-199/200`.
fn range_start<B>(response: &ureq::http::Response<B>) -> Option<u64> {
    let range = response
        .headers()
        .get(header::CONTENT_RANGE)?
        .to_str()
        .ok()?;
    let (start, _) = range.trim().strip_prefix("bytes ")?.split_once('-')?;
    start.trim().parse().ok()
}

fn setback(failure: Failure, stall: Duration) -> Setback {
    match failure {
        Failure::Status(status) => Setback::Status(status),
        Failure::Network(ureq::Error::Timeout(
            ureq::Timeout::PerRead | ureq::Timeout::RecvResponse,
        )) => Setback::Stalled(stall.as_secs_f32()),
        Failure::Network(error) => Setback::NoConnection(error.to_string()),
    }
}
