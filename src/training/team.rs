use crate::nn::share_out::Crew;
use rayon::{ThreadPool, Yield};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The threads that share the mini-batches of a run.
#[derive(Clone)]
pub struct Team {
    /// `None` for a single thread.
    pool: Option<Arc<ThreadPool>>,
    /// Whether there is enough to do to keep all of them from falling asleep.
    busy: bool,
}

/// More threads do not help with a mini-batch.
const MOST_THREADS: usize = 16;
/// A thread without work looks for some so often before it lets others on its core have a turn.
const LOOKS: u32 = 64;

impl Team {
    pub(super) fn new(threads: usize) -> Self {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.min(MOST_THREADS))
            .thread_name(|index| format!("training-{index}"));
        Self {
            // Without a pool the result is the same, only later: no reason to stop a run.
            pool: (threads > 1)
                .then(|| pool.build().ok())
                .flatten()
                .map(Arc::new),
            busy: false,
        }
    }

    pub(super) fn threads(&self) -> usize {
        let pool = self.pool.as_deref();
        pool.map_or(1, ThreadPool::current_num_threads)
    }

    /// The same team with much or little to do.
    pub(super) fn with_work(&self, busy: bool) -> Self {
        let pool = self.pool.clone();
        Self { pool, busy }
    }

    /// Does some `work` on a thread of the team, so that its steps reach the other threads fast. They stay awake
    /// until it is done: parts of a step take some ten microseconds, and to wake a thread takes as long.
    pub fn work<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) if self.busy => {
                let shift = &Shift::default();
                pool.scope(|scope| {
                    let working = rayon::current_thread_index();
                    let others = pool.current_num_threads() - 1;
                    scope.spawn_broadcast(move |_, context| {
                        // The thread that works would wait for itself.
                        if Some(context.index()) != working {
                            shift.stand_by();
                        }
                    });
                    // A thread that began to stand by in the middle of its part would never finish that part.
                    wait_until(|| shift.awake.load(Ordering::Acquire) >= others);
                    let _end = EndOf(&shift.over);
                    work()
                })
            }
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Those who share what is done in [`Team::work`].
    pub(super) fn crew(&self) -> Sharing {
        Sharing(if self.busy { self.threads() } else { 1 })
    }

    /// Does a part of some work which so many `threads` will share: on a thread of the team, unless it is one.
    pub(super) fn step<R: Send>(&self, threads: usize, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) if threads > 1 => pool.install(work),
            _ => work(),
        }
    }
}

/// So many threads of the pool that this is used in.
#[derive(Clone, Copy)]
pub(super) struct Sharing(pub usize);

impl Crew for Sharing {
    fn size(self) -> usize {
        self.0
    }

    fn join(self, one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
        let other_part = &Part::default();
        rayon::join(
            || {
                one();
                other_part.watch();
            },
            || {
                other_part.begun.store(true, Ordering::Release);
                let _end = EndOf(&other_part.over);
                other();
            },
        );
    }

    fn relay<T: Send>(
        self,
        parts: impl Iterator<Item = T> + Send,
        first: impl Fn(&mut T) + Sync,
        then: impl Fn(T) + Sync,
    ) {
        let mut parts = parts.peekable();
        while parts.peek().is_some() {
            let belt = &Belt::default();
            self.join(
                || {
                    let _end = EndOf(&belt.over);
                    for (place, mut part) in parts.by_ref().take(PLACES).enumerate() {
                        first(&mut part);
                        belt.lay_down(place, part);
                    }
                },
                || {
                    (0..PLACES)
                        .map_while(|place| belt.take(place))
                        .for_each(&then)
                },
            );
        }
    }
}

/// Parts of some work on their way from one thread to another.
struct Belt<T> {
    places: [Mutex<Option<T>>; PLACES],
    /// Places that were laid upon.
    used: AtomicUsize,
    /// No more will be.
    over: AtomicBool,
}

/// The first thread never waits for the second, which may come when it is done: there is a place for each part.
const PLACES: usize = 16;

impl<T> Belt<T> {
    fn lay_down(&self, place: usize, part: T) {
        *self.place(place) = Some(part);
        self.used.store(place + 1, Ordering::Release);
    }

    /// Waits for what is laid down there; `None` if nothing is.
    fn take(&self, place: usize) -> Option<T> {
        wait_until(|| {
            self.over.load(Ordering::Acquire) || self.used.load(Ordering::Acquire) > place
        });
        self.place(place).take()
    }

    fn place(&self, place: usize) -> MutexGuard<'_, Option<T>> {
        // Nobody panics while one is locked.
        self.places[place]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Belt<T> {
    fn default() -> Self {
        Self {
            places: std::array::from_fn(|_| Mutex::new(None)),
            used: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        }
    }
}

/// A part of some work that another thread may have taken.
#[derive(Default)]
struct Part {
    begun: AtomicBool,
    over: AtomicBool,
}

impl Part {
    /// Waits for the other thread, if one has taken the part. `rayon` would soon fall asleep over it, and to be woken
    /// takes longer than what is left of the part.
    fn watch(&self) {
        if self.begun.load(Ordering::Acquire) {
            wait_until(|| self.over.load(Ordering::Acquire));
        }
    }
}

/// Looks again and again, and lets others on this core have a turn now and then.
fn wait_until(over: impl Fn() -> bool) {
    let mut looks: u32 = 0;
    while !over() {
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(LOOKS) {
            std::thread::yield_now();
        } else {
            std::hint::spin_loop();
        }
    }
}

/// The time of some work.
#[derive(Default)]
struct Shift {
    /// Threads that stand by.
    awake: AtomicUsize,
    over: AtomicBool,
}

impl Shift {
    /// Takes parts of the work until it is over.
    fn stand_by(&self) {
        self.awake.fetch_add(1, Ordering::Release);
        wait_until(|| {
            // Parts one after the other, as long as there are any.
            while rayon::yield_now() == Some(Yield::Executed) {}
            self.over.load(Ordering::Acquire)
        });
    }
}

/// Ends a time when dropped, also by a panic: nobody waits for ever.
struct EndOf<'a>(&'a AtomicBool);

impl Drop for EndOf<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn a_busy_team_returns_what_was_worked_out_by_several_threads() {
        let team = Team::new(3).with_work(true);
        for round in 0..100 {
            let (a, b) = team.work(|| rayon::join(|| round + 1, || round + 2));
            assert_eq!((a, b), (round + 1, round + 2));
        }
    }

    #[test]
    fn work_that_panics_ends_the_wait_of_the_others() {
        let team = Team::new(2).with_work(true);
        let broken = || team.work(|| panic!("on purpose"));
        assert!(catch_unwind(AssertUnwindSafe(broken)).is_err());
        assert_eq!(team.work(|| 7), 7);
    }

    #[test]
    fn a_part_that_panics_ends_the_wait_for_it() {
        let team = Team::new(2).with_work(true);
        let nothing_or_panic = |panics: bool| {
            let other_has_begun = AtomicBool::new(false);
            let one = || wait_until(|| other_has_begun.load(Ordering::Acquire));
            let other = || {
                other_has_begun.store(true, Ordering::Release);
                std::thread::sleep(std::time::Duration::from_millis(20));
                assert!(!panics, "on purpose");
            };
            team.work(|| Sharing(2).join(one, other));
        };
        assert!(catch_unwind(AssertUnwindSafe(|| nothing_or_panic(true))).is_err());
        nothing_or_panic(false);
    }

    #[test]
    fn parts_are_handed_on_in_order_however_many_there_are() {
        let team = Team::new(2).with_work(true);
        for count in [0, 1, PLACES, PLACES + 1, 5 * PLACES] {
            let mut numbers: Vec<usize> = (0..count).collect();
            let seen = Mutex::new(Vec::new());
            team.work(|| {
                let first = |number: &mut &mut usize| **number += 1000;
                let then = |number: &mut usize| seen.lock().unwrap().push(*number);
                Sharing(2).relay(numbers.iter_mut(), first, then);
            });
            let expected: Vec<usize> = (1000..1000 + count).collect();
            assert_eq!(seen.into_inner().unwrap(), expected);
            assert_eq!(numbers, expected);
        }
    }

    #[test]
    fn a_relay_that_panics_on_either_side_ends() {
        let team = Team::new(2).with_work(true);
        let relay = |breaks_first: usize, breaks_then: usize| {
            let first = |number: &mut usize| assert!(*number != breaks_first, "on purpose");
            let then = |number: usize| assert!(number != breaks_then, "on purpose");
            team.work(|| Sharing(2).relay(0..40, first, then));
        };
        for (first, then) in [(3, 99), (99, 3), (20, 99), (99, 39)] {
            assert!(catch_unwind(AssertUnwindSafe(|| relay(first, then))).is_err());
        }
        relay(99, 99);
    }

    #[test]
    fn one_thread_needs_no_pool() {
        let team = Team::new(1);
        assert!(team.pool.is_none());
        assert_eq!((team.threads(), team.work(|| 7)), (1, 7));
    }
}
