use super::by_writer::{ByWriter, WriterScore};
use crate::answering::{Honesty, Reliability};
use crate::data::Examples;
use crate::nn::{Evaluation, Network};
use crate::training::evaluate;
use serde::Serialize;
use std::io::{self, Write};

/// An evaluation in which digits without ink count as read wrongly, although no network is asked about them.
pub(super) struct Tally {
    /// Of the digits with ink.
    pub(super) evaluation: Evaluation,
    /// Digits without ink.
    pub(super) blank: u32,
}

/// An evaluation for programs to read. The first five fields are older than the others.
#[derive(Debug, Serialize)]
pub(super) struct Score {
    n: u32,
    correct: u32,
    accuracy: f64,
    mean_cost: f64,
    /// Rows are the truth, columns the answer.
    confusion: Vec<Vec<u32>>,
    two_sigma: f64,
    split: &'static str,
    /// Digits without ink: they are in `n`, but not in `confusion` and `mean_cost`.
    blank: u32,
    /// Digits that were taken for none.
    refused: u32,
    /// Null where the model is not calibrated.
    not_sure: Option<u32>,
    expected_calibration_error: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    writers: Option<Vec<WriterScore>>,
}

impl Tally {
    pub(super) fn of(network: &Network, examples: &Examples) -> Self {
        let has_ink = |index| examples.image(index).iter().any(|&byte| byte > 0);
        let inked = examples.filtered(has_ink);
        Self {
            evaluation: evaluate(network, &inked),
            // A data set holds at most a million examples.
            blank: (examples.len() - inked.len()) as u32,
        }
    }

    pub(super) fn count(&self) -> u32 {
        self.evaluation.count() + self.blank
    }

    pub(super) fn correct(&self) -> u32 {
        self.evaluation.correct()
    }

    /// 0..=1; NaN when empty.
    pub(super) fn accuracy(&self) -> f64 {
        f64::from(self.correct()) / f64::from(self.count())
    }

    /// Two standard errors of the accuracy.
    pub(super) fn two_sigma(&self) -> f64 {
        let p = self.accuracy();
        2.0 * (p * (1.0 - p) / f64::from(self.count())).sqrt()
    }

    /// "97.51 % ± 0.31 %".
    pub(super) fn accuracy_text(&self) -> String {
        format!(
            "{:.2} % ± {:.2} %",
            100.0 * self.accuracy(),
            100.0 * self.two_sigma()
        )
    }

    /// Truth, wrong answer and how many times, the commonest first.
    pub(super) fn confusions(&self) -> Vec<(usize, usize, u32)> {
        let confusion = &self.evaluation.confusion;
        let mut wrong: Vec<_> = confusion
            .indexed_iter()
            .filter(|&((truth, answer), &times)| truth != answer && times > 0)
            .map(|((truth, answer), &times)| (truth, answer, times))
            .collect();
        wrong.sort_by_key(|&(_, _, times)| std::cmp::Reverse(times));
        wrong
    }
}

impl Score {
    pub(super) fn new(
        tally: &Tally,
        honesty: &Honesty,
        split: &'static str,
        writers: Option<&ByWriter>,
    ) -> Self {
        let rows = tally.evaluation.confusion.rows();
        Self {
            n: tally.count(),
            correct: tally.correct(),
            accuracy: tally.accuracy(),
            mean_cost: tally.evaluation.mean_cost(),
            confusion: rows.into_iter().map(|row| row.to_vec()).collect(),
            two_sigma: tally.two_sigma(),
            split,
            blank: tally.blank,
            refused: honesty.refused,
            not_sure: honesty.not_sure,
            expected_calibration_error: honesty
                .reliability
                .as_ref()
                .map(Reliability::expected_calibration_error),
            writers: writers.map(ByWriter::scores),
        }
    }
}

/// "97.51 % ± 0.31 %": the accuracy with two standard errors.
pub(super) fn accuracy(evaluation: &Evaluation) -> String {
    if evaluation.count() == 0 {
        return "no examples".to_owned();
    }
    format!(
        "{:.2} % ± {:.2} %",
        100.0 * evaluation.accuracy(),
        100.0 * evaluation.two_sigma()
    )
}

/// The whole evaluation for reading: accuracy, cost, each digit, and what was taken for what.
pub(super) fn write_report(
    out: &mut impl Write,
    tally: &Tally,
    honesty: &Honesty,
    writers: Option<&ByWriter>,
) -> io::Result<()> {
    writeln!(
        out,
        "accuracy   {} (2σ; {} of {} right)",
        tally.accuracy_text(),
        tally.correct(),
        tally.count()
    )?;
    if tally.blank > 0 {
        writeln!(
            out,
            "blank      {} without ink, counted as wrong",
            tally.blank
        )?;
    }
    let evaluation = &tally.evaluation;
    writeln!(out, "mean cost  {:.4}", evaluation.mean_cost())?;
    write_honesty(out, honesty)?;
    if let Some(writers) = writers {
        writers.write_summary(out)?;
    }
    writeln!(out)?;
    writeln!(out, "digit  precision   recall  examples")?;
    let classes = evaluation.confusion.nrows();
    for class in 0..classes {
        writeln!(
            out,
            "{class:>5}  {:>9}  {:>7}  {:>8}",
            percent(evaluation.precision(class)),
            percent(evaluation.recall(class)),
            evaluation.confusion.row(class).sum(),
        )?;
    }
    writeln!(out)?;
    writeln!(out, "truth (rows) and answer (columns)")?;
    write!(out, "     ")?;
    for class in 0..classes {
        write!(out, "{class:>6}")?;
    }
    writeln!(out)?;
    for (class, row) in evaluation.confusion.rows().into_iter().enumerate() {
        write!(out, "{class:>5}")?;
        for count in row {
            write!(out, "{count:>6}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// How far the answers could be trusted.
fn write_honesty(out: &mut impl Write, honesty: &Honesty) -> io::Result<()> {
    let share = |count: u32, of: u32| 100.0 * f64::from(count) / f64::from(of);
    let Honesty {
        examples, refused, ..
    } = *honesty;
    if examples == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "refused    {refused} ({:.2} %) do not look like digits",
        share(refused, examples)
    )?;
    let (Some(not_sure), Some(right), Some(reliability)) = (
        honesty.not_sure,
        honesty.sure_and_right,
        &honesty.reliability,
    ) else {
        return writeln!(out, "not sure   unknown: the model was never calibrated");
    };
    writeln!(
        out,
        "not sure   {not_sure} ({:.2} %); {:.2} % of the sure answers are right",
        share(not_sure, examples),
        share(right, examples - refused - not_sure)
    )?;
    writeln!(
        out,
        "calibrated {:.2} % expected calibration error (15 bins)",
        100.0 * reliability.expected_calibration_error()
    )
}

fn percent(part: f64) -> String {
    if part.is_nan() {
        "–".to_owned()
    } else {
        format!("{:.1} %", 100.0 * part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Default for Tally {
        fn default() -> Self {
            Self {
                evaluation: Evaluation::new(10),
                blank: 0,
            }
        }
    }

    fn tally() -> Tally {
        let mut tally = Tally::default();
        tally.evaluation.confusion[[7, 7]] = 3;
        tally.evaluation.confusion[[7, 1]] = 1;
        tally.evaluation.cost_sum = 2.0;
        tally
    }

    #[test]
    fn the_accuracy_comes_with_two_standard_errors() {
        // 2·√(0.75·0.25/4) = 0.4330
        assert_eq!(accuracy(&tally().evaluation), "75.00 % ± 43.30 %");
        assert_eq!(tally().accuracy_text(), "75.00 % ± 43.30 %");
    }

    #[test]
    fn a_digit_without_ink_is_wrong() {
        let mut tally = tally();
        tally.blank = 1;
        assert_eq!((tally.count(), tally.correct()), (5, 3));
        assert_eq!(tally.accuracy(), 0.6);
        let mut text = Vec::new();
        write_report(&mut text, &tally, &honesty(), None).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("3 of 5 right"), "{text}");
        assert!(text.contains("blank      1 without ink"), "{text}");
    }

    #[test]
    fn confusions_are_the_commonest_first() {
        let mut tally = tally();
        tally.evaluation.confusion[[9, 3]] = 2;
        assert_eq!(tally.confusions(), [(9, 3, 2), (7, 1, 1)]);
    }

    /// Four answers: one refused, two not sure, and one sure and right.
    fn honesty() -> Honesty {
        let mut reliability = Reliability::default();
        reliability.add(0.75, true);
        Honesty {
            examples: 4,
            refused: 1,
            reliability: Some(reliability),
            not_sure: Some(2),
            sure_and_right: Some(1),
        }
    }

    #[test]
    fn the_report_says_how_far_the_answers_can_be_trusted() {
        let written = |honesty: &Honesty| {
            let mut text = Vec::new();
            write_honesty(&mut text, honesty).unwrap();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(
            written(&honesty()),
            "refused    1 (25.00 %) do not look like digits\n\
             not sure   2 (50.00 %); 100.00 % of the sure answers are right\n\
             calibrated 25.00 % expected calibration error (15 bins)\n"
        );
        let uncalibrated = Honesty {
            reliability: None,
            not_sure: None,
            sure_and_right: None,
            ..honesty()
        };
        assert!(
            written(&uncalibrated)
                .ends_with("not sure   unknown: the model was never calibrated\n")
        );
        assert_eq!(written(&Honesty::default()), "");
    }

    #[test]
    fn the_json_has_exactly_the_promised_fields() {
        let score = Score::new(&tally(), &honesty(), "all", None);
        let json = serde_json::to_string(&score).unwrap();
        let empty = "[0,0,0,0,0,0,0,0,0,0],";
        let sevens = "[0,1,0,0,0,0,0,3,0,0],";
        let rows = format!("{}{sevens}{}", empty.repeat(7), empty.repeat(2));
        let expected = format!(
            r#"{{"n":4,"correct":3,"accuracy":0.75,"mean_cost":0.5,"confusion":[{}],"two_sigma":{},"split":"all","blank":0,"refused":1,"not_sure":2,"expected_calibration_error":0.25}}"#,
            rows.trim_end_matches(','),
            tally().two_sigma()
        );
        assert_eq!(json, expected);
    }

    #[test]
    fn a_digit_that_never_came_up_has_no_percentage() {
        let mut text = Vec::new();
        write_report(&mut text, &tally(), &honesty(), None).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(
            text.contains("    7    100.0 %   75.0 %         4"),
            "{text}"
        );
        assert!(
            text.contains("    0          –        –         0"),
            "{text}"
        );
    }
}
