use super::{Cells, SIDE};
use std::sync::LazyLock;

/// The mean of MNIST's training digits of each class, 0 to 9 from left to right, full ink black.
///
/// Made of the 55,000 digits that the program trains on, each mean rounded to a byte; `tests/mnist_images.rs` makes it
/// again. MNIST: LeCun, Cortes and Burges, CC BY-SA 3.0.
const PICTURE: &[u8] = include_bytes!("../../assets/mean-digits.png");

/// What MNIST's training digits of this class look like on average; blank for what is no digit.
pub fn mean_digit(digit: u8) -> &'static Cells {
    static MEANS: LazyLock<[Cells; 10]> = LazyLock::new(|| {
        let picture = image::load_from_memory(PICTURE).map(|picture| picture.into_luma8());
        let mut means = [Cells::BLANK; 10];
        // The picture is inside the program and a test decodes it, so nothing is left blank.
        if let Ok(picture) = picture {
            for (x, y, light) in picture.enumerate_pixels() {
                let (x, y) = (x as usize, y as usize);
                if let Some(mean) = means.get_mut(x / SIDE)
                    && y < SIDE
                {
                    mean.0[y * SIDE + x % SIDE] = 255 - light.0[0];
                }
            }
        }
        means
    });
    MEANS.get(usize::from(digit)).unwrap_or(&Cells::BLANK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_digits_are_ten_and_centred_and_all_different() {
        for digit in 0..10 {
            let mean = mean_digit(digit);
            assert!(*mean.0.iter().max().unwrap() > 120, "{digit}");
            assert!(mean.0[..SIDE].iter().all(|&ink| ink < 10), "{digit}");
            for other in 0..digit {
                assert_ne!(mean, mean_digit(other));
            }
        }
        assert_eq!(mean_digit(10), &Cells::BLANK);
    }
}
