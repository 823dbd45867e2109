use super::GrayImage;
use super::paper::ink_of;
use image::error::ImageError;
use image::{ExtendedColorType, ImageEncoder, ImageReader, Limits};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// Why a file is not a picture that can be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is a folder; a picture is a file", path = path.display())]
    Folder { path: PathBuf },
    #[error("{path} is not a picture that Inkgrad knows (PNG, JPEG, GIF, BMP, WebP): {reason}", path = path.display())]
    NotAPicture { path: PathBuf, reason: String },
    #[error("{path} is empty: 0 bytes are no picture", path = path.display())]
    Empty { path: PathBuf },
    #[error("{path} is damaged or cut off: {reason}", path = path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "{path} is {width} × {height} pixels, more than the {MAX_SIDE} × {MAX_SIDE} that are accepted: make it smaller first",
        path = path.display()
    )]
    TooLarge {
        path: PathBuf,
        width: u32,
        height: u32,
    },
    #[error(
        "{path} needs more than the {limit} MB of memory that a picture may take: make it smaller first",
        path = path.display(),
        limit = MAX_BYTES / 1_000_000
    )]
    TooMuchMemory { path: PathBuf },
    #[error(
        "{path} is larger than the {limit} MB that a picture file may have",
        path = path.display(),
        limit = MAX_FILE_BYTES / 1_000_000
    )]
    FileTooLarge { path: PathBuf },
}

/// Pixels on the longer side that are accepted.
const MAX_SIDE: u32 = 8000;

/// Memory that decoding may take.
const MAX_BYTES: u64 = 300_000_000;

/// Of a file that is read at all.
const MAX_FILE_BYTES: u64 = 100_000_000;

/// Reads a picture file into ink: polarity from the border, transparency as paper, size bounded.
pub fn open_picture(path: &Path) -> Result<GrayImage, PictureError> {
    let unreadable = |source| PictureError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if path.is_dir() {
        return Err(PictureError::Folder {
            path: path.to_owned(),
        });
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large from one that just fits.
    let read = file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PictureError::FileTooLarge {
            path: path.to_owned(),
        });
    }
    decode_picture(path, &bytes)
}

/// The same from bytes; `path` only names the file in errors.
pub fn decode_picture(path: &Path, bytes: &[u8]) -> Result<GrayImage, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty {
            path: path.to_owned(),
        });
    }
    let format = image::guess_format(bytes).map_err(|error| PictureError::NotAPicture {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let refused = |error| refusal(path, error);
    let (width, height) = reader().into_dimensions().map_err(refused)?;
    if width.max(height) > MAX_SIDE {
        return Err(PictureError::TooLarge {
            path: path.to_owned(),
            width,
            height,
        });
    }
    let mut reader = reader();
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    Ok(ink_of(&reader.decode().map_err(refused)?))
}

/// A PNG of the picture, dark ink on white paper.
pub fn encode_png(image: &GrayImage) -> Vec<u8> {
    // A picture has at least one pixel, and as many as its size says: missing ink is paper.
    let (width, height) = (image.width.max(1), image.height.max(1));
    let mut pixels: Vec<u8> = image.ink.iter().map(|ink| 255 - ink).collect();
    pixels.resize(width * height, 255);
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let written = encoder.write_image(&pixels, width as u32, height as u32, ExtendedColorType::L8);
    debug_assert!(written.is_ok(), "memory takes every byte");
    bytes
}

fn refusal(path: &Path, error: ImageError) -> PictureError {
    let path = path.to_owned();
    match error {
        ImageError::Limits(_) => PictureError::TooMuchMemory { path },
        ImageError::Unsupported(_) => PictureError::NotAPicture {
            path,
            reason: error.to_string(),
        },
        _ => PictureError::Damaged {
            path,
            reason: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{
        DynamicImage, GrayAlphaImage, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage,
    };

    fn bytes(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn decode(bytes: &[u8]) -> Result<GrayImage, String> {
        decode_picture(Path::new("seven.png"), bytes).map_err(|error| error.to_string())
    }

    /// A bar of `ink` in the middle of 40×40 pixels of `paper`.
    fn bar(paper: [u8; 3], ink: [u8; 3]) -> RgbImage {
        RgbImage::from_fn(40, 40, |x, y| {
            let inked = (18..22).contains(&x) && (5..35).contains(&y);
            Rgb(if inked { ink } else { paper })
        })
    }

    fn assert_bar(picture: &GrayImage) {
        assert_eq!((picture.width, picture.height), (40, 40));
        assert!(picture.ink[20 * 40 + 20] > 200, "{}", picture.ink[820]);
        assert!(picture.ink[20 * 40 + 5] < 10, "{}", picture.ink[805]);
    }

    #[test]
    fn a_folder_is_called_one() {
        let folder = tempfile::tempdir().unwrap();
        let error = open_picture(folder.path()).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("is a folder; a picture is a file")
        );
    }

    #[test]
    fn every_format_is_read() {
        let picture = bar([255; 3], [0; 3]);
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Gif,
            ImageFormat::Bmp,
            ImageFormat::WebP,
        ] {
            assert_bar(&decode(&bytes(picture.clone(), format)).unwrap());
        }
    }

    #[test]
    fn ink_is_what_differs_from_the_border() {
        for (paper, ink) in [
            ([255; 3], [0; 3]),
            ([0; 3], [255; 3]),
            ([120; 3], [0, 0, 10]),
            ([120; 3], [255; 3]),
            ([250, 240, 200], [20, 30, 90]),
        ] {
            let picture = decode(&bytes(bar(paper, ink), ImageFormat::Png)).unwrap();
            assert_bar(&picture);
        }
    }

    #[test]
    fn a_digit_that_fills_its_border_is_turned_over() {
        // Ink all around and over two thirds, paper in the middle.
        let picture = RgbImage::from_fn(40, 40, |x, y| {
            let paper = (10..30).contains(&x) && (10..30).contains(&y);
            Rgb([if paper { 0 } else { 255 }; 3])
        });
        let read = decode(&bytes(picture, ImageFormat::Png)).unwrap();
        assert_eq!(read.ink[0], 0);
        assert_eq!(read.ink[20 * 40 + 20], 255);
    }

    #[test]
    fn what_is_transparent_is_paper() {
        for ink in [0, 255] {
            let picture = RgbaImage::from_fn(40, 40, |x, y| {
                let inked = (18..22).contains(&x) && (5..35).contains(&y);
                Rgba(if inked { [ink, ink, ink, 255] } else { [0; 4] })
            });
            assert_bar(&decode(&bytes(picture, ImageFormat::Png)).unwrap());
        }
        let nothing = GrayAlphaImage::from_pixel(9, 9, LumaA([90, 0]));
        let read = decode(&bytes(nothing, ImageFormat::Png)).unwrap();
        assert!(read.ink.iter().all(|&ink| ink == 0));
    }

    #[test]
    fn sixteen_bits_are_read() {
        let picture = image::ImageBuffer::from_fn(40, 40, |x, _| {
            Luma([if (18..22).contains(&x) { 0_u16 } else { 65_535 }])
        });
        let read = decode(&bytes(DynamicImage::ImageLuma16(picture), ImageFormat::Png));
        assert_bar(&read.unwrap());
    }

    #[test]
    fn noise_on_the_paper_is_no_ink() {
        let mut picture = bar([230; 3], [40; 3]);
        for (index, pixel) in picture.pixels_mut().enumerate() {
            let noise = (index * 7919 % 9) as u8;
            pixel.0 = pixel.0.map(|v| v - noise);
        }
        let read = decode(&bytes(picture, ImageFormat::Png)).unwrap();
        assert!(read.ink[..40 * 4].iter().all(|&ink| ink == 0));
        assert_bar(&read);
    }

    #[test]
    fn a_picture_that_is_written_reads_back_the_same() {
        let ink: Vec<u8> = (0..30 * 20)
            .map(|i| {
                if i % 30 < 4 || i % 30 > 25 {
                    0
                } else {
                    (i % 256) as u8
                }
            })
            .collect();
        let picture = GrayImage {
            width: 30,
            height: 20,
            ink: [vec![0; 30], ink[30..570].to_vec(), vec![0; 30]].concat(),
        };
        assert_eq!(decode(&encode_png(&picture)).unwrap(), picture);
    }

    #[test]
    fn a_picture_without_pixels_is_written_as_paper() {
        let picture = GrayImage {
            width: 0,
            height: 0,
            ink: Vec::new(),
        };
        assert_eq!(decode(&encode_png(&picture)).unwrap().ink, [0]);
    }

    #[test]
    fn what_is_no_picture_is_refused_with_the_reason() {
        assert_eq!(
            decode(&[]).unwrap_err(),
            "seven.png is empty: 0 bytes are no picture"
        );
        let text = decode(b"{\"format\": \"inkgrad-model\"}").unwrap_err();
        assert!(text.starts_with("seven.png is not a picture that Inkgrad knows"));
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp] {
            let whole = bytes(bar([255; 3], [0; 3]), format);
            for part in [10, whole.len() / 3] {
                let error = decode(&whole[..part]).unwrap_err();
                assert!(error.starts_with("seven.png is damaged"), "{error}");
            }
        }
        let missing = open_picture(Path::new("no-such-folder/seven.png")).unwrap_err();
        assert!(missing.to_string().contains("cannot be read"));
    }

    #[test]
    fn a_picture_too_large_is_refused_before_it_is_decoded() {
        let wide = bytes(image::GrayImage::new(8001, 2), ImageFormat::Png);
        let error = decode(&wide).unwrap_err();
        assert!(
            error.contains("8001 × 2 pixels, more than the 8000 × 8000"),
            "{error}"
        );
    }
}
