//! How often news from the background asks for a frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// After a frame, news rests for so many times as long as that frame took: at most a tenth of the time goes to it.
const REST: u32 = 9;

/// But not for longer after one slow frame.
const LONGEST_REST: Duration = Duration::from_millis(250);

/// Keeps training its core where frames take long, because the processor paints them. What the pointer and the keys ask for
/// is painted at once, and shows the news as well.
#[derive(Clone)]
pub struct Pace {
    start: Instant,
    /// Microseconds since then.
    rest_ends: Arc<AtomicU64>,
}

impl Pace {
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            rest_ends: Arc::default(),
        }
    }

    /// Begins the rest after a frame that took so many seconds.
    pub fn frame_took(&self, secs: f32) {
        let end = self.start.elapsed() + rest_after(secs);
        self.rest_ends
            .store(end.as_micros() as u64, Ordering::Relaxed);
    }

    /// How long news has to wait now.
    pub fn rest(&self) -> Duration {
        let end = Duration::from_micros(self.rest_ends.load(Ordering::Relaxed));
        end.saturating_sub(self.start.elapsed())
    }
}

fn rest_after(secs: f32) -> Duration {
    (Duration::from_secs_f32(secs.max(0.0)) * REST).min(LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_rests_nine_times_as_long_as_a_frame_took_but_not_for_ever() {
        let millis = |secs: f32| rest_after(secs).as_millis();
        assert_eq!([0.0, 0.0078125, 20.0].map(millis), [0, 70, 250]);
    }

    #[test]
    fn a_rest_begins_with_a_frame_and_ends_with_one_that_took_no_time() {
        let pace = Pace::new();
        assert_eq!(pace.rest(), Duration::ZERO);
        pace.frame_took(20.0);
        assert!(pace.clone().rest() <= LONGEST_REST);
        pace.frame_took(0.0);
        assert_eq!(pace.rest(), Duration::ZERO);
    }
}
