use super::{LayerHealth, Progress};
use crate::nn::Evaluation;
use std::fmt::Write;

/// The most samples of the whole run, and the most validations.
const WHOLE: usize = 4096;
/// The newest samples that are kept each one: more than half a minute of them.
const RECENT: usize = 1024;

/// One point of the training curves: news, or the mean of several that lie side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Of the last news in it, as `epoch` and `learning_rate` are.
    pub step: u64,
    pub epoch: f32,
    pub cost: f32,
    /// The lowest cost of the news in it; a mean alone would hide it.
    pub lowest_cost: f32,
    pub highest_cost: f32,
    pub learning_rate: f32,
}

/// One point of the validation curves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Validation {
    pub step: u64,
    pub epoch: f32,
    pub cost: f32,
    /// 0..=1
    pub accuracy: f32,
    /// Two standard errors of the accuracy.
    pub two_sigma: f32,
}

/// The whole run in bounded memory and its recent part in full.
///
/// When the whole run has grown to 4096 samples, each two neighbours become one: their mean, with the lowest and
/// the highest cost of both, so that no peak is lost. Of as many validations every second one stays, as the mean
/// of two scores is no score.
#[derive(Clone, Debug, Default)]
pub struct History {
    whole: Vec<Sample>,
    /// Each up to twice as long as what is shown of it, so that it is one slice and rarely moved.
    recent: Vec<Sample>,
    validation: Vec<Validation>,
    /// One entry a layer, each as long as `whole`.
    gradient_norms: Vec<Vec<f32>>,
    update_ratios: Vec<Vec<f32>>,
    /// How many times `whole` was halved: a full sample is the mean of 2 to this power news.
    halvings: u32,
    /// News in the last sample of `whole`.
    in_last: u32,
}

impl History {
    /// Takes news in. News of a step that was already there means that training went back: what lay after it
    /// is forgotten.
    pub fn push(&mut self, progress: &Progress) {
        self.forget_from(progress.step);
        let sample = Sample {
            step: progress.step,
            epoch: progress.epoch,
            cost: progress.cost,
            lowest_cost: progress.cost,
            highest_cost: progress.cost,
            learning_rate: progress.learning_rate,
        };
        if self.recent.len() == 2 * RECENT {
            self.recent.drain(..RECENT);
        }
        self.recent.push(sample);

        if self.whole.len() == WHOLE && self.in_last == self.news_per_sample() {
            self.halve();
        }
        if self.whole.is_empty() || self.in_last == self.news_per_sample() {
            self.push_sample(sample, &progress.layers);
        } else {
            self.merge_into_last(sample, &progress.layers);
        }
    }

    /// Takes a score in.
    pub fn push_validation(&mut self, step: u64, epoch: f32, evaluation: &Evaluation) {
        let known = self.validation.partition_point(|v| v.step < step);
        self.validation.truncate(known);
        if self.validation.len() == WHOLE {
            let mut index = 0;
            self.validation.retain(|_| {
                index += 1;
                index % 2 == 0
            });
        }
        self.validation.push(Validation {
            step,
            epoch,
            cost: evaluation.mean_cost() as f32,
            accuracy: evaluation.accuracy() as f32,
            two_sigma: evaluation.two_sigma() as f32,
        });
    }

    /// The whole run; at most a few thousand samples, evenly thinned.
    pub fn whole(&self) -> &[Sample] {
        &self.whole
    }

    /// The newest samples, each one.
    pub fn recent(&self) -> &[Sample] {
        &self.recent[self.recent.len().saturating_sub(RECENT)..]
    }

    pub fn validation(&self) -> &[Validation] {
        &self.validation
    }

    /// Gradient norms of `layer` (from 0), one for each entry of `whole`; empty when there is no such layer.
    pub fn gradient_norms(&self, layer: usize) -> &[f32] {
        self.gradient_norms.get(layer).map_or(&[], Vec::as_slice)
    }

    /// Update-to-weight ratios of `layer` (from 0), one for each entry of `whole`.
    pub fn update_ratios(&self, layer: usize) -> &[f32] {
        self.update_ratios.get(layer).map_or(&[], Vec::as_slice)
    }

    pub fn layer_count(&self) -> usize {
        self.gradient_norms.len()
    }

    /// The newest sample by itself.
    pub fn last(&self) -> Option<&Sample> {
        self.recent.last()
    }

    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.validation.is_empty()
    }

    /// `step,epoch,cost,learning_rate,validation_cost,validation_accuracy` with a header line; a field that was
    /// not measured at a step is empty.
    pub fn to_csv(&self) -> String {
        let mut csv =
            "step,epoch,cost,learning_rate,validation_cost,validation_accuracy\n".to_owned();
        let mut samples = self.whole.iter().peekable();
        let mut validation = self.validation.iter().peekable();
        loop {
            let steps = [
                samples.peek().map(|sample| sample.step),
                validation.peek().map(|validation| validation.step),
            ];
            let Some(step) = steps.into_iter().flatten().min() else {
                return csv;
            };
            let sample = samples.next_if(|sample| sample.step == step);
            let score = validation.next_if(|validation| validation.step == step);
            let epoch = sample.map(|s| s.epoch).or(score.map(|s| s.epoch));
            let fields = [
                epoch,
                sample.map(|sample| sample.cost),
                sample.map(|sample| sample.learning_rate),
                score.map(|score| score.cost),
                score.map(|score| score.accuracy),
            ];
            // Writing into a string cannot fail.
            let _ = write!(csv, "{step}");
            for field in fields {
                let _ = match field {
                    Some(value) => write!(csv, ",{value}"),
                    None => write!(csv, ","),
                };
            }
            csv.push('\n');
        }
    }

    fn news_per_sample(&self) -> u32 {
        1 << self.halvings
    }

    fn push_sample(&mut self, sample: Sample, layers: &[LayerHealth]) {
        let length = self.whole.len();
        self.whole.push(sample);
        self.in_last = 1;
        let [norms, ratios] = [&mut self.gradient_norms, &mut self.update_ratios];
        for series in [&mut *norms, &mut *ratios] {
            // A layer that was not there before has no past.
            series.resize_with(layers.len().max(series.len()), || vec![0.0; length]);
        }
        for (index, (norms, ratios)) in norms.iter_mut().zip(ratios).enumerate() {
            let health = layers.get(index);
            norms.push(health.map_or(0.0, |health| health.gradient_norm));
            ratios.push(health.map_or(0.0, |health| health.update_ratio));
        }
    }

    fn merge_into_last(&mut self, sample: Sample, layers: &[LayerHealth]) {
        let share = 1.0 / (self.in_last + 1) as f32;
        self.in_last += 1;
        if let Some(last) = self.whole.last_mut() {
            *last = merge(*last, sample, share);
        }
        let series = self.gradient_norms.iter_mut().zip(&mut self.update_ratios);
        for ((norms, ratios), health) in series.zip(layers) {
            if let (Some(norm), Some(ratio)) = (norms.last_mut(), ratios.last_mut()) {
                *norm = mix(*norm, health.gradient_norm, share);
                *ratio = mix(*ratio, health.update_ratio, share);
            }
        }
    }

    fn halve(&mut self) {
        self.whole = (self.whole.chunks_exact(2))
            .map(|pair| merge(pair[0], pair[1], 0.5))
            .collect();
        for series in (self.gradient_norms.iter_mut()).chain(&mut self.update_ratios) {
            *series = (series.chunks_exact(2))
                .map(|pair| mix(pair[0], pair[1], 0.5))
                .collect();
        }
        self.halvings += 1;
        self.in_last = self.news_per_sample();
    }

    fn forget_from(&mut self, step: u64) {
        if self.recent.last().is_none_or(|last| last.step < step) {
            return;
        }
        let before = |samples: &[Sample]| samples.partition_point(|sample| sample.step < step);
        self.recent.truncate(before(&self.recent));
        let known = before(&self.whole);
        if known < self.whole.len() {
            self.whole.truncate(known);
            self.in_last = self.news_per_sample();
        }
        for series in (self.gradient_norms.iter_mut()).chain(&mut self.update_ratios) {
            series.truncate(known);
        }
        self.validation.retain(|validation| validation.step < step);
    }
}

/// The mean of two samples, in which `later` has this share.
fn merge(earlier: Sample, later: Sample, share: f32) -> Sample {
    Sample {
        cost: mix(earlier.cost, later.cost, share),
        lowest_cost: earlier.lowest_cost.min(later.lowest_cost),
        highest_cost: earlier.highest_cost.max(later.highest_cost),
        ..later
    }
}

fn mix(earlier: f32, later: f32, share: f32) -> f32 {
    earlier + share * (later - earlier)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(step: u64, cost: f32) -> Progress {
        let layer = LayerHealth {
            gradient_norm: cost,
            update_ratio: 2.0 * cost,
        };
        Progress {
            step,
            epoch: step as f32 / 100.0,
            cost,
            learning_rate: 0.1,
            samples_per_second: 1000.0,
            layers: vec![layer; 3],
        }
    }

    fn history(steps: u64, cost: impl Fn(u64) -> f32) -> History {
        let mut history = History::default();
        for step in 1..=steps {
            history.push(&progress(step, cost(step)));
        }
        history
    }

    fn evaluation(correct: usize, wrong: usize) -> Evaluation {
        let mut evaluation = Evaluation::new(10);
        evaluation.confusion[[3, 3]] = correct as u32;
        evaluation.confusion[[3, 5]] = wrong as u32;
        evaluation.cost_sum = wrong as f64;
        evaluation
    }

    #[test]
    fn a_short_run_is_kept_as_it_was() {
        let history = history(100, |step| step as f32);
        assert_eq!(history.whole().len(), 100);
        assert_eq!(history.whole(), history.recent());
        assert_eq!(history.last().unwrap().step, 100);
        assert_eq!(history.layer_count(), 3);
        assert_eq!(history.gradient_norms(2)[9], 10.0);
        assert_eq!(history.update_ratios(0)[9], 20.0);
        assert!(history.gradient_norms(3).is_empty());
    }

    #[test]
    fn a_long_run_stays_bounded_from_its_first_step_to_its_last() {
        let steps = 100_003;
        let history = history(steps, |step| step as f32);
        assert!((WHOLE / 2..=WHOLE).contains(&history.whole().len()));
        assert!(history.whole()[0].step <= 32);
        assert_eq!(history.whole().last().unwrap().step, steps);
        assert!(history.whole().is_sorted_by(|a, b| a.step < b.step));
        assert_eq!(history.gradient_norms(1).len(), history.whole().len());
        // The mean of the means, each of 32 news but the last, is the mean of all.
        let full = &history.whole()[..history.whole().len() - 1];
        let mean = full.iter().map(|s| f64::from(s.cost)).sum::<f64>() / full.len() as f64;
        let expected = (full.len() as f64 * 32.0 + 1.0) / 2.0;
        assert!((mean / expected - 1.0).abs() < 1e-4, "{mean} {expected}");
        assert_eq!(history.recent().len(), RECENT);
        assert_eq!(history.recent()[0].step, steps + 1 - RECENT as u64);
    }

    #[test]
    fn a_single_peak_is_still_there_after_many_halvings() {
        let history = history(50_000, |step| if step == 777 { 9.0 } else { 1.0 });
        let highest = history.whole().iter().map(|s| s.highest_cost);
        assert_eq!(highest.fold(0.0, f32::max), 9.0);
        assert!(history.whole().iter().all(|s| s.lowest_cost == 1.0));
    }

    #[test]
    fn going_back_forgets_what_lay_ahead() {
        let mut history = history(10_000, |_| 1.0);
        history.push_validation(10_000, 100.0, &evaluation(9, 1));
        history.push(&progress(5_000, 2.0));
        assert_eq!(history.last().unwrap().step, 5_000);
        assert!(history.whole().is_sorted_by(|a, b| a.step < b.step));
        assert_eq!(history.whole().last().unwrap().step, 5_000);
        assert_eq!(history.gradient_norms(0).len(), history.whole().len());
        assert!(history.validation().is_empty());
    }

    #[test]
    fn validations_are_scores_with_their_uncertainty() {
        let mut history = History::default();
        history.push_validation(0, 0.0, &evaluation(90, 10));
        let score = history.validation()[0];
        assert_eq!((score.accuracy, score.cost), (0.9, 0.1));
        assert!((score.two_sigma - 0.06).abs() < 1e-6);
        for step in 1..10_000 {
            history.push_validation(step, 1.0, &evaluation(90, 10));
        }
        assert!(history.validation().len() <= WHOLE);
        assert_eq!(history.validation().last().unwrap().step, 9_999);
    }

    #[test]
    fn the_csv_has_a_row_a_step_and_leaves_open_what_was_not_measured() {
        let mut history = History::default();
        history.push_validation(0, 0.0, &evaluation(1, 9));
        history.push(&progress(50, 0.5));
        history.push(&progress(100, 0.25));
        history.push_validation(100, 1.0, &evaluation(9, 1));
        assert_eq!(
            history.to_csv(),
            "step,epoch,cost,learning_rate,validation_cost,validation_accuracy\n\
             0,0,,,0.9,0.1\n\
             50,0.5,0.5,0.1,,\n\
             100,1,0.25,0.1,0.1,0.9\n"
        );
    }
}
