use super::Stop;
use super::bar::bar;
use super::interrupt::Interrupt;
use crate::data::{DataSource, MIRRORS, fetch_mnist};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct FetchOptions {
    /// Where to put MNIST's four files; by default where `--data mnist` finds them
    #[arg(long)]
    dir: Option<PathBuf>,
}

pub(super) fn fetch(options: &FetchOptions) -> Result<(), Stop> {
    let dir = options
        .dir
        .clone()
        .or_else(DataSource::mnist_fetch_dir)
        .ok_or_else(|| {
            Stop::sentence("this system names no folder for a user's data; give one with --dir")
        })?;
    let interrupt = Interrupt::listen().map_err(Stop::sentence)?;
    let bar = bar(
        0,
        "{prefix} {msg} {wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}",
    );
    let mut announced = 0;
    let fetched = fetch_mnist(&dir, &MIRRORS, &mut |progress| {
        bar.set_prefix(format!("{} of 4", progress.file_number));
        bar.set_message(progress.file);
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes_done);
        if bar.is_hidden() && progress.file_number != announced {
            announced = progress.file_number;
            let _ = writeln!(io::stdout(), "{} of 4: {}", announced, progress.file);
        }
        interrupt.flow()
    });
    bar.finish_and_clear();
    fetched.map_err(Stop::sentence)?;
    writeln!(io::stdout(), "MNIST is in {}", dir.display())?;
    Ok(())
}
