use crate::nn::Evaluation;
use std::io::{self, Write};

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

/// The evaluation for programs: exactly `n`, `correct`, `accuracy`, `mean_cost`, `confusion` (rows are the truth).
pub(super) fn json(evaluation: &Evaluation) -> serde_json::Value {
    let rows = evaluation.confusion.rows();
    serde_json::json!({
        "n": evaluation.count(),
        "correct": evaluation.correct(),
        "accuracy": evaluation.accuracy(),
        "mean_cost": evaluation.mean_cost(),
        "confusion": rows.into_iter().map(|row| row.to_vec()).collect::<Vec<_>>(),
    })
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
        let json = json(&evaluation());
        let mut names: Vec<&String> = json.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(
            names,
            ["accuracy", "confusion", "correct", "mean_cost", "n"]
        );
        assert_eq!(json["mean_cost"], 0.5);
        assert_eq!(json["confusion"][7][1], 1);
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
