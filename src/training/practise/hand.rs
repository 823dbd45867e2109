use super::{BATCH_SIZE, OTHER_HANDS, OWN_SHARE, STEPS};
use crate::data::{Dataset, Examples};
use crate::ink::{Cells, Drawing, Hands, Ink, cells_of, practice_digits, rewritten};
use crate::training::random::Stream;
use rand::RngExt;
use rand::seq::index;
use std::sync::Arc;

/// The digits of one hand: those to learn from, and those to judge by.
pub(super) struct Hand<'a> {
    by_label: [Vec<&'a Drawing>; 10],
    pub learned: Examples,
    pub kept_aside: Examples,
}

/// Images and labels on their way into a data set.
#[derive(Default)]
struct Gathered {
    images: Vec<u8>,
    labels: Vec<u8>,
}

/// Of each label every third drawing is kept aside: always the same ones as long as only new ones are added, so that
/// practising again does not learn what it was judged by.
const KEPT_ASIDE: usize = 3;

/// Of the time that writing takes, about: the digits of the hand come before the practice digits.
const OWN_PART: f32 = 0.6;

/// Digits that are written between two looks at the progress: each class as often as the others.
const CHUNK: usize = 60;

impl<'a> Hand<'a> {
    pub fn new(own: &'a [Drawing]) -> Self {
        let mut by_label: [Vec<&Drawing>; 10] = Default::default();
        let mut seen = [0; 10];
        let (mut learned, mut kept_aside) = (Gathered::default(), Gathered::default());
        for drawing in own {
            let (Some(label @ 0..=9), Ok(cells)) = (drawing.label, cells_of(Ink::Drawing(drawing)))
            else {
                continue;
            };
            let class = usize::from(label);
            seen[class] += 1;
            if seen[class] % KEPT_ASIDE == 0 {
                kept_aside.push(&cells.0, label);
            } else {
                learned.push(&cells.0, label);
                by_label[class].push(drawing);
            }
        }
        Self {
            by_label,
            learned: learned.into_examples(),
            kept_aside: kept_aside.into_examples(),
        }
    }

    /// What is trained on: the digits of the hand, each time written anew, examples of `replay`, each once, and
    /// practice digits.
    ///
    /// `go_on` is called with 0..=1.
    pub fn mixed_with<E>(
        &self,
        replay: &Examples,
        seed: u64,
        mut go_on: impl FnMut(f32) -> Result<(), E>,
    ) -> Result<Examples, E> {
        let total = STEPS * BATCH_SIZE;
        let of_each = (total as f64 * OWN_SHARE / 10.0) as usize;
        let mut rng = Stream::Practice.rng(seed);
        let mut mixed = Gathered::default();
        for (label, drawings) in (0..).zip(&self.by_label) {
            let times = if drawings.is_empty() { 0 } else { of_each };
            for (count, drawing) in drawings.iter().cycle().take(times).enumerate() {
                if count % CHUNK == 0 {
                    let done = usize::from(label) * of_each + count;
                    go_on(OWN_PART * done as f32 / (10 * of_each) as f32)?;
                }
                // Only drawings with ink are here.
                let cells = rewritten(drawing, &mut rng).unwrap_or(Cells::BLANK);
                mixed.push(&cells.0, label);
            }
        }
        let others = total - mixed.labels.len();
        // In whole rounds, so that no class comes oftener than another.
        let written = (others as f64 * OTHER_HANDS) as usize / 10 * 10;
        for start in (0..written).step_by(CHUNK) {
            go_on(OWN_PART + (1.0 - OWN_PART) * start as f32 / written as f32)?;
            let count = CHUNK.min(written - start);
            for (cells, label) in practice_digits(Hands::Known, count, rng.random()) {
                mixed.push(&cells.0, label);
            }
        }
        let count = (others - written).min(replay.len());
        for place in index::sample(&mut rng, replay.len(), count) {
            mixed.push(replay.image(place), replay.label(place));
        }
        Ok(mixed.into_examples())
    }
}

impl Gathered {
    fn push(&mut self, image: &[u8], label: u8) {
        self.images.extend_from_slice(image);
        self.labels.push(label);
    }

    fn into_examples(self) -> Examples {
        // Every image is whole and every label a digit, so there is always a data set.
        let data = Dataset::new(self.images, self.labels).unwrap_or_default();
        Examples::all(Arc::new(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{Point, Stroke};
    use std::convert::Infallible;

    fn drawing(label: Option<u8>, lean: f32) -> Drawing {
        let mut drawing = Drawing::new([280.0, 280.0]);
        drawing.label = label;
        drawing.strokes.push(Stroke {
            points: vec![Point::new(140.0 + lean, 40.0), Point::new(140.0, 240.0)],
            width: 20.0,
        });
        drawing
    }

    fn replay(count: usize) -> Examples {
        let mut gathered = Gathered::default();
        for index in 0..count {
            gathered.push(&[(index % 251) as u8; 784], (index % 10) as u8);
        }
        gathered.into_examples()
    }

    #[test]
    fn every_third_of_a_label_is_kept_aside_and_stays_so_when_more_come() {
        let own: Vec<Drawing> = (0..7)
            .map(|n| drawing(Some(1), 20.0 * n as f32))
            .chain([drawing(Some(2), 0.0), drawing(Some(2), 9.0)])
            .chain([drawing(None, 0.0), Drawing::new([9.0, 9.0])])
            .collect();
        let hand = Hand::new(&own);
        assert_eq!(hand.learned.counts()[1..3], [5, 2]);
        assert_eq!(hand.kept_aside.counts()[1..3], [2, 0]);
        let earlier = Hand::new(&own[..3]);
        assert_eq!(earlier.kept_aside.image(0), hand.kept_aside.image(0));
    }

    #[test]
    fn each_digit_that_the_hand_has_shown_gets_the_same_share() {
        let own = [
            drawing(Some(1), 0.0),
            drawing(Some(1), 30.0),
            drawing(Some(7), 60.0),
        ];
        let hand = Hand::new(&own);
        let own_share = (STEPS * BATCH_SIZE) as f64 * OWN_SHARE / 10.0;
        let mixed = hand.mixed_with(&replay(0), 1, |_| Ok::<_, Infallible>(()));
        let counts = mixed.unwrap().counts();
        // Practice digits bring as many of every class.
        assert_eq!(counts[1], counts[2] + own_share as usize);
        assert_eq!(counts[7], counts[1]);
        let mixed = hand.mixed_with(&replay(60_000), 1, |_| Ok::<_, Infallible>(()));
        assert_eq!(mixed.unwrap().len(), STEPS * BATCH_SIZE);
    }

    #[test]
    fn no_two_copies_of_a_drawing_are_alike() {
        // Not a straight line, which has few ways to be written again.
        let mut four = drawing(Some(4), 0.0);
        let bent = [[180.0, 40.0], [60.0, 170.0], [230.0, 160.0]];
        four.strokes.push(Stroke {
            points: bent.map(|[x, y]| Point::new(x, y)).to_vec(),
            width: 20.0,
        });
        let own = [four];
        let mixed = Hand::new(&own).mixed_with(&replay(0), 1, |_| Ok::<_, Infallible>(()));
        let mixed = mixed.unwrap();
        // The digits of the hand come first.
        let own = ((STEPS * BATCH_SIZE) as f64 * OWN_SHARE / 10.0) as usize;
        let images: std::collections::HashSet<&[u8]> =
            (0..own).map(|index| mixed.image(index)).collect();
        assert_eq!(images.len(), own);
    }
}
