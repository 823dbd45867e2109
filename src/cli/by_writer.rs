use super::score::Tally;
use crate::data::Examples;
use crate::nn::Network;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Confusions of the worst writer that are named.
const NAMED: usize = 3;

/// How well each writer is read: the mean over all digits hides the person whose every 7 is taken for a 1.
pub(super) struct ByWriter {
    /// By number; each with at least one digit, and never empty.
    tallies: Vec<(u32, Tally)>,
}

/// A writer for programs to read.
#[derive(Debug, Serialize)]
pub(super) struct WriterScore {
    writer: u32,
    n: u32,
    correct: u32,
    accuracy: f64,
}

impl ByWriter {
    /// `None` where not every example names its writer.
    pub(super) fn of(network: &Network, examples: &Examples) -> Option<Self> {
        let writers: BTreeSet<u32> = (0..examples.len())
            .map(|index| examples.writer(index))
            .collect::<Option<_>>()?;
        let tally = |writer| {
            let own = examples.filtered(|index| examples.writer(index) == Some(writer));
            (writer, Tally::of(network, &own))
        };
        let tallies: Vec<_> = writers.into_iter().map(tally).collect();
        (!tallies.is_empty()).then_some(Self { tallies })
    }

    pub(super) fn scores(&self) -> Vec<WriterScore> {
        let score = |(writer, tally): &(u32, Tally)| WriterScore {
            writer: *writer,
            n: tally.count(),
            correct: tally.correct(),
            accuracy: tally.accuracy(),
        };
        self.tallies.iter().map(score).collect()
    }

    /// Mean and spread over the writers, and the one who is read worst.
    pub(super) fn write_summary(&self, out: &mut impl Write) -> io::Result<()> {
        let ranked = self.ranked();
        let (Some((worst, tally)), Some((_, best))) = (ranked.first(), ranked.last()) else {
            return Ok(());
        };
        writeln!(
            out,
            "writers    {}: mean {:.2} %, spread {:.2} (standard deviation between writers), from {:.2} % to {:.2} %",
            ranked.len(),
            100.0 * self.mean(),
            100.0 * self.spread(),
            100.0 * tally.accuracy(),
            100.0 * best.accuracy()
        )?;
        write!(
            out,
            "worst      writer {worst} with {}",
            tally.accuracy_text()
        )?;
        let confusions = tally.confusions();
        for (index, (truth, answer, times)) in confusions.into_iter().take(NAMED).enumerate() {
            let comma = if index == 0 { ":" } else { "," };
            write!(out, "{comma} {truth} read as {answer} {times}×")?;
        }
        writeln!(out)
    }

    /// Every writer, the worst first.
    pub(super) fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out)?;
        writeln!(
            out,
            "{:>6}  {:<18}  {:>8}  examples",
            "writer", "accuracy", "right"
        )?;
        for (writer, tally) in self.ranked() {
            writeln!(
                out,
                "{writer:>6}  {:<18}  {:>8}  {:>8}",
                tally.accuracy_text(),
                tally.correct(),
                tally.count()
            )?;
        }
        Ok(())
    }

    /// The worst first; of equals the smaller number.
    fn ranked(&self) -> Vec<&(u32, Tally)> {
        let mut ranked: Vec<_> = self.tallies.iter().collect();
        ranked.sort_by(|(_, a), (_, b)| a.accuracy().total_cmp(&b.accuracy()));
        ranked
    }

    /// Of the writers' accuracies, each of the same weight however many digits are theirs.
    fn mean(&self) -> f64 {
        let sum: f64 = self.tallies.iter().map(|(_, tally)| tally.accuracy()).sum();
        sum / self.tallies.len() as f64
    }

    /// The standard deviation of the writers' accuracies; 0 for a single one.
    fn spread(&self) -> f64 {
        let mean = self.mean();
        let squares = self.tallies.iter().map(|(_, tally)| {
            let deviation = tally.accuracy() - mean;
            deviation * deviation
        });
        let freedom = (self.tallies.len() - 1).max(1);
        (squares.sum::<f64>() / freedom as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two writers with 4 of 4 and 1 of 4 right, who has one digit without ink.
    fn two() -> ByWriter {
        let mut good = Tally::default();
        good.evaluation.confusion[[7, 7]] = 4;
        let mut bad = Tally {
            blank: 1,
            ..Tally::default()
        };
        bad.evaluation.confusion[[9, 3]] = 2;
        bad.evaluation.confusion[[7, 7]] = 1;
        ByWriter {
            tallies: vec![(3, good), (12, bad)],
        }
    }

    fn text(write: impl Fn(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut text = Vec::new();
        write(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_spread_and_the_worst_writer_are_told() {
        // The mean of 1 and 0.25 is 0.625; each is 0.375 away, so the deviation is √(2·0.375²).
        assert_eq!(
            text(|out| two().write_summary(out)),
            "writers    2: mean 62.50 %, spread 53.03 (standard deviation between writers), from 25.00 % to 100.00 %\n\
             worst      writer 12 with 25.00 % ± 43.30 %: 9 read as 3 2×\n"
        );
    }

    #[test]
    fn the_worst_writer_is_the_first_in_the_table() {
        let table = text(|out| two().write_table(out));
        let writers: Vec<&str> = table
            .lines()
            .skip(2)
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(writers, ["12", "3"]);
    }

    #[test]
    fn one_writer_has_no_spread() {
        let mut one = two();
        one.tallies.truncate(1);
        assert_eq!((one.mean(), one.spread()), (1.0, 0.0));
    }
}
