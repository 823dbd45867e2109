use serde::{Deserialize, Serialize};

/// How the learning rate changes over a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    Constant,
    /// Halved after each quarter of the run.
    Step,
    /// `½(1 + cos πt)`: from the full rate to 0 (Loshchilov and Hutter 2017).
    Cosine,
    /// Up from 0 over the first tenth, then cosine to 0 (after Smith and Topin 2018).
    OneCycle,
}

impl Schedule {
    pub const ALL: [Self; 4] = [Self::Constant, Self::Step, Self::Cosine, Self::OneCycle];

    pub fn label(self) -> &'static str {
        match self {
            Self::Constant => "Constant",
            Self::Step => "Step (half every quarter)",
            Self::Cosine => "Cosine to 0",
            Self::OneCycle => "One-cycle with warm-up",
        }
    }

    /// The factor on the learning rate at `progress` 0..=1 of the run; beyond, that of the nearer end.
    pub fn factor(self, progress: f64) -> f64 {
        let t = progress.clamp(0.0, 1.0);
        match self {
            Self::Constant => 1.0,
            Self::Step => 0.5_f64.powf((4.0 * t).floor().min(3.0)),
            Self::Cosine => cosine(t),
            Self::OneCycle if t < WARM_UP => t / WARM_UP,
            Self::OneCycle => cosine((t - WARM_UP) / (1.0 - WARM_UP)),
        }
    }
}

/// The part of a one-cycle run in which the rate rises.
const WARM_UP: f64 = 0.1;

/// From 1 to 0 along half a cosine.
fn cosine(t: f64) -> f64 {
    0.5 * (1.0 + (std::f64::consts::PI * t).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_factors(schedule: Schedule, expected: &[(f64, f64)]) {
        for &(progress, factor) in expected {
            let found = schedule.factor(progress);
            assert!(
                (found - factor).abs() < 1e-12,
                "{schedule:?} at {progress}: {found} instead of {factor}"
            );
        }
    }

    #[test]
    fn constant_stays() {
        assert_factors(Schedule::Constant, &[(0.0, 1.0), (0.5, 1.0), (1.0, 1.0)]);
    }

    #[test]
    fn step_halves_after_each_quarter() {
        assert_factors(
            Schedule::Step,
            &[
                (0.0, 1.0),
                (0.24, 1.0),
                (0.25, 0.5),
                (0.5, 0.25),
                (0.75, 0.125),
                (1.0, 0.125),
            ],
        );
    }

    #[test]
    fn cosine_goes_from_one_to_zero() {
        assert_factors(Schedule::Cosine, &[(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)]);
        let third = 0.5 * (1.0 + 0.5);
        assert_factors(Schedule::Cosine, &[(1.0 / 3.0, third)]);
    }

    #[test]
    fn one_cycle_warms_up_and_cools_down() {
        assert_factors(
            Schedule::OneCycle,
            &[(0.0, 0.0), (0.05, 0.5), (0.1, 1.0), (0.55, 0.5), (1.0, 0.0)],
        );
    }

    #[test]
    fn progress_outside_the_run_counts_as_its_ends() {
        for schedule in Schedule::ALL {
            assert_eq!(schedule.factor(-0.1), schedule.factor(0.0));
            assert_eq!(schedule.factor(1.1), schedule.factor(1.0));
        }
    }
}
