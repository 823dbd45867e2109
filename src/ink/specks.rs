use super::GrayImage;

/// A piece of ink that hangs together.
#[derive(Clone, Copy, Debug)]
struct Piece {
    mass: u64,
    low: [usize; 2],
    high: [usize; 2],
}

/// Ink below this part of the brightest joins no pieces.
const JOINING_PART: f32 = 0.12;

/// A piece so many times shorter than the longest one is a speck.
const SPECK: usize = 25;

/// Specks that are more than one part in so many of all the ink are how the digit is drawn.
const FEW: u64 = 4;

/// Takes dust away: pieces far smaller than the digit, which would make it small, as they belong to the ink's box.
pub(super) fn remove_specks(picture: &mut GrayImage) {
    let brightest = picture.ink.iter().copied().max().unwrap_or(0);
    let threshold = ((f32::from(brightest) * JOINING_PART) as u8).max(1);
    let (owner, pieces) = pieces(picture, threshold);
    let longest = pieces.iter().map(Piece::length).max().unwrap_or(0);
    let is_speck = |piece: &Piece| piece.length() * SPECK <= longest;
    let mass =
        |pieces: &mut dyn Iterator<Item = &Piece>| pieces.map(|piece| piece.mass).sum::<u64>();
    let specks = mass(&mut pieces.iter().filter(|piece| is_speck(piece)));
    if specks == 0 || specks * FEW > mass(&mut pieces.iter()) {
        return;
    }
    for (ink, owner) in picture.ink.iter_mut().zip(owner) {
        // What joins no piece is the edge of one, or as faint as dust is.
        if owner.is_some_and(|piece| is_speck(&pieces[piece])) {
            *ink = 0;
        }
    }
}

impl Piece {
    fn length(&self) -> usize {
        (self.high[0] - self.low[0]).max(self.high[1] - self.low[1]) + 1
    }
}

/// To which piece each pixel belongs, and the pieces; neighbours touch at sides and corners.
fn pieces(picture: &GrayImage, threshold: u8) -> (Vec<Option<usize>>, Vec<Piece>) {
    let (width, height) = (picture.width, picture.height);
    let mut owner = vec![None; picture.ink.len()];
    let mut pieces = Vec::new();
    let mut open = Vec::new();
    for start in 0..picture.ink.len() {
        if picture.ink[start] < threshold || owner[start].is_some() {
            continue;
        }
        let number = pieces.len();
        let place = [start % width, start / width];
        let mut piece = Piece {
            mass: 0,
            low: place,
            high: place,
        };
        owner[start] = Some(number);
        open.push(start);
        while let Some(pixel) = open.pop() {
            let [x, y] = [pixel % width, pixel / width];
            piece.mass += u64::from(picture.ink[pixel]);
            piece.low = [piece.low[0].min(x), piece.low[1].min(y)];
            piece.high = [piece.high[0].max(x), piece.high[1].max(y)];
            for near_y in y.saturating_sub(1)..(y + 2).min(height) {
                for near_x in x.saturating_sub(1)..(x + 2).min(width) {
                    let near = near_y * width + near_x;
                    if picture.ink[near] >= threshold && owner[near].is_none() {
                        owner[near] = Some(number);
                        open.push(near);
                    }
                }
            }
        }
        pieces.push(piece);
    }
    (owner, pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(inked: impl Fn(usize, usize) -> bool) -> GrayImage {
        GrayImage {
            width: 100,
            height: 100,
            ink: (0..10_000)
                .map(|i| if inked(i % 100, i / 100) { 200 } else { 0 })
                .collect(),
        }
    }

    #[test]
    fn dust_goes_and_what_is_drawn_stays() {
        let bar = |x: usize, y: usize| (40..45).contains(&x) && (20..80).contains(&y);
        let flag = |x: usize, y: usize| (50..56).contains(&x) && y == 20;
        let mut dusty = picture(|x, y| bar(x, y) || flag(x, y) || (x, y) == (3, 97));
        remove_specks(&mut dusty);
        assert_eq!(dusty, picture(|x, y| bar(x, y) || flag(x, y)));
    }

    #[test]
    fn a_digit_of_dots_is_no_dust() {
        let dotted = picture(|x, y| {
            (40..42).contains(&x) && (20..80).contains(&y) && y % 4 < 2 || (x > 80 && y == 9)
        });
        let mut read = dotted.clone();
        remove_specks(&mut read);
        assert_eq!(read, dotted);
    }
}
