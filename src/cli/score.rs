use crate::nn::Evaluation;
use serde::Serialize;
use std::io::{self, Write};

/// An evaluation for programs to read.
#[derive(Debug, Serialize)]
pub(super) struct Score {
    n: u32,
    correct: u32,
    accuracy: f64,
    mean_cost: f64,
    /// Rows are the truth, columns the answer.
    confusion: Vec<Vec<u32>>,
}

impl From<&Evaluation> for Score {
    fn from(evaluation: &Evaluation) -> Self {
        let rows = evaluation.confusion.rows();
        Self {
            n: evaluation.count(),
            correct: evaluation.correct(),
            accuracy: evaluation.accuracy(),
            mean_cost: evaluation.mean_cost(),
            confusion: rows.into_iter().map(|row| row.to_vec()).collect(),
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
pub(super) fn write_report(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    writeln!(
        out,
        "accuracy   {} (2σ; {} of {} right)",
        accuracy(evaluation),
        evaluation.correct(),
        evaluation.count()
    )?;
    writeln!(out, "mean cost  {:.4}", evaluation.mean_cost())?;
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

    fn evaluation() -> Evaluation {
        let mut evaluation = Evaluation::new(10);
        evaluation.confusion[[7, 7]] = 3;
        evaluation.confusion[[7, 1]] = 1;
        evaluation.cost_sum = 2.0;
        evaluation
    }

    #[test]
    fn the_accuracy_comes_with_two_standard_errors() {
        // 2·√(0.75·0.25/4) = 0.4330
        assert_eq!(accuracy(&evaluation()), "75.00 % ± 43.30 %");
    }

    #[test]
    fn the_json_has_exactly_the_promised_fields() {
        let score = Score::from(&evaluation());
        let json = serde_json::to_string(&score).unwrap();
        let empty = "[0,0,0,0,0,0,0,0,0,0],";
        let sevens = "[0,1,0,0,0,0,0,3,0,0],";
        let rows = format!("{}{sevens}{}", empty.repeat(7), empty.repeat(2));
        let expected = format!(
            r#"{{"n":4,"correct":3,"accuracy":0.75,"mean_cost":0.5,"confusion":[{}]}}"#,
            rows.trim_end_matches(',')
        );
        assert_eq!(json, expected);
    }

    #[test]
    fn a_digit_that_never_came_up_has_no_percentage() {
        let mut text = Vec::new();
        write_report(&mut text, &evaluation()).unwrap();
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
