//! Files that are broken, huge or made to do harm: each gets a sentence or a defined answer, in bounded memory.

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, Rgba};
use inkgrad::data::read_drawings;
use inkgrad::ink::{Drawing, GrayImage, Ink, Steps, cells_of, decode_picture, normalize};
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

fn decode(bytes: &[u8]) -> Result<GrayImage, String> {
    decode_picture(Path::new("bad.png"), bytes).map_err(|error| error.to_string())
}

fn bytes(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG of these chunks, whatever they hold.
fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        bytes.extend((data.len() as u32).to_be_bytes());
        let start = bytes.len();
        bytes.extend_from_slice(*kind);
        bytes.extend(data);
        let sum = crc32(&bytes[start..]);
        bytes.extend(sum.to_be_bytes());
    }
    bytes
}

/// The checksum of PNG's chunks.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(!0, step)
}

/// Size, bits and colours of a PNG: 0 grey, 2 colour, 3 palette, 6 colour with transparency.
fn header(width: u32, height: u32, bits: u8, colours: u8) -> Vec<u8> {
    let mut data = [width.to_be_bytes(), height.to_be_bytes()].concat();
    data.extend([bits, colours, 0, 0, 0]);
    data
}

/// Data compressed without being made smaller, in blocks of at most 65,535 bytes (zlib).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = data.chunks(65_535).collect();
    for (index, block) in blocks.iter().enumerate() {
        bytes.push(u8::from(index + 1 == blocks.len()));
        bytes.extend((block.len() as u16).to_le_bytes());
        bytes.extend((!(block.len() as u16)).to_le_bytes());
        bytes.extend_from_slice(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    bytes.extend(((b << 16) | a).to_be_bytes());
    bytes
}

fn assert_bar(picture: &GrayImage) {
    let at = |x: usize, y: usize| picture.ink[y * picture.width + x];
    assert!(
        at(20, 20) > 200 && at(4, 20) < 10,
        "{} {}",
        at(20, 20),
        at(4, 20)
    );
}

#[test]
fn a_tiny_file_that_says_it_is_huge_is_refused_before_any_memory_is_taken() {
    for (width, height) in [(60_000, 60_000), (90_000_000, 3), (8001, 8001)] {
        let bomb = png(&[
            (b"IHDR", header(width, height, 8, 2)),
            (b"IDAT", stored(&[0; 9])),
            (b"IEND", Vec::new()),
        ]);
        let sentence = decode(&bomb).unwrap_err();
        assert!(
            sentence.contains(&format!("{width} × {height} pixels")),
            "{sentence}"
        );
        assert!(sentence.contains("make it smaller first"), "{sentence}");
    }
    // 8,000×8,000 in 64 bits each is half a gigabyte.
    let deep = png(&[
        (b"IHDR", header(8000, 8000, 16, 6)),
        (b"IDAT", stored(&[0; 9])),
        (b"IEND", Vec::new()),
    ]);
    let sentence = decode(&deep).unwrap_err();
    assert!(sentence.contains("300 MB of memory"), "{sentence}");
}

#[test]
fn pictures_without_pixels_and_files_that_are_cut_off_get_a_sentence() {
    for (width, height) in [(0, 0), (0, 5), (5, 0)] {
        let empty = png(&[
            (b"IHDR", header(width, height, 8, 0)),
            (b"IDAT", stored(&[])),
            (b"IEND", Vec::new()),
        ]);
        let sentence = decode(&empty).unwrap_err();
        assert!(sentence.starts_with("bad.png is damaged"), "{sentence}");
    }
    let whole = bytes(
        image::GrayImage::from_fn(64, 64, |x, y| Luma([((x * 4) ^ (y * 3)) as u8])),
        ImageFormat::Png,
    );
    for length in 0..whole.len() - 12 {
        let cut = decode(&whole[..length]);
        assert!(cut.is_err(), "{length} of {} bytes were read", whole.len());
    }
}

#[test]
fn sixteen_bits_and_palettes_are_read() {
    let is_bar = |x: u32, y: u32| (18..22).contains(&x) && (5..35).contains(&y);
    let grey = ImageBuffer::from_fn(40, 40, |x, y| {
        Luma([if is_bar(x, y) { 900_u16 } else { 65_000 }])
    });
    assert_bar(&decode(&bytes(DynamicImage::ImageLuma16(grey), ImageFormat::Png)).unwrap());
    let deep = ImageBuffer::from_fn(40, 40, |x, y| {
        Rgba(if is_bar(x, y) {
            [0, 0, 0, 65_535_u16]
        } else {
            [0; 4]
        })
    });
    assert_bar(&decode(&bytes(DynamicImage::ImageRgba16(deep), ImageFormat::Png)).unwrap());

    // Colour 0 of the palette is dark red, 1 is pale yellow; a line begins with its filter.
    let line = |y: u32| (0..40).map(move |x| u8::from(!is_bar(x, y)));
    let lines: Vec<u8> = (0..40)
        .flat_map(|y| [0].into_iter().chain(line(y)))
        .collect();
    let palette = png(&[
        (b"IHDR", header(40, 40, 8, 3)),
        (b"PLTE", vec![110, 0, 10, 250, 240, 190]),
        (b"IDAT", stored(&lines)),
        (b"IEND", Vec::new()),
    ]);
    assert_bar(&decode(&palette).unwrap());
}

/// A JPEG in cyan, magenta, yellow and black of 5×5 squares of 8×8 pixels, a black bar in the middle one of each line,
/// as programs for printing write it: full ink is 0.
fn cmyk_jpeg() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, data: &[u8]| {
        bytes.extend([0xFF, marker]);
        bytes.extend((data.len() as u16 + 2).to_be_bytes());
        bytes.extend_from_slice(data);
    };
    segment(0xEE, b"Adobe\0\x64\0\0\0\0\0");
    segment(0xDB, &[&[0][..], &[8; 64]].concat());
    let components: Vec<u8> = (1..=4).flat_map(|id| [id, 0x11, 0]).collect();
    segment(0xC0, &[&[8, 0, 40, 0, 40, 4][..], &components].concat());
    // Lengths of steps: twelve codes of four bits. Within a square nothing changes: one code of one bit.
    segment(
        0xC4,
        &[&[0x00, 0, 0, 0, 12][..], &[0; 12], &Vec::from_iter(0..12)].concat(),
    );
    segment(0xC4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
    let components: Vec<u8> = (1..=4).flat_map(|id| [id, 0x00]).collect();
    segment(0xDA, &[&[4][..], &components, &[0, 63, 0]].concat());
    let mut bits = String::new();
    let mut last = [0_i32; 4];
    for square in 0..25 {
        let is_inked = square % 5 == 2;
        for (component, last) in last.iter_mut().enumerate() {
            let level = if is_inked && component == 3 {
                -128
            } else {
                127
            };
            let step = level - *last;
            *last = level;
            let length = 32 - step.unsigned_abs().leading_zeros();
            let value = if step < 0 {
                step + (1 << length) - 1
            } else {
                step
            };
            write!(bits, "{length:04b}").unwrap();
            if length > 0 {
                write!(bits, "{value:0width$b}", width = length as usize).unwrap();
            }
            bits.push('0');
        }
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    for byte in bits.as_bytes().chunks(8) {
        let byte = byte.iter().fold(0, |byte, bit| (byte << 1) | (bit - b'0'));
        bytes.push(byte);
        if byte == 0xFF {
            bytes.push(0);
        }
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

#[test]
fn a_picture_for_printing_is_read() {
    assert_bar(&decode(&cmyk_jpeg()).unwrap());
}

#[test]
fn the_largest_picture_is_shrunk_before_it_is_kept() {
    let side = 8000;
    let bar = |x: u32| (3990..4000).contains(&x);
    let picture = image::GrayImage::from_fn(side, side, |x, y| {
        Luma([if bar(x) && (1000..7000).contains(&y) {
            20
        } else {
            240
        }])
    });
    let read = decode(&bytes(picture, ImageFormat::Bmp)).unwrap();
    assert_eq!((read.width, read.height), (1000, 1000));
    let cells = cells_of(Ink::Picture(&read)).unwrap();
    assert_eq!(cells.0[14 * 28 + 14], 255);
    assert_eq!(cells.0[14 * 28 + 8], 0);
}

/// What is said of a drawings file with this one line.
fn read_line(line: &str) -> Result<Drawing, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.jsonl");
    std::fs::write(&path, line).unwrap();
    let drawings = read_drawings(&path).map_err(|error| error.to_string())?;
    Ok(drawings.into_iter().next().unwrap())
}

#[test]
fn drawings_that_cannot_be_are_refused_with_the_reason() {
    let with = |points: &str| format!(r#"{{"size":[280,280],"strokes":[[{points}]]}}"#);
    let million = vec!["[1,2]"; 1_000_000].join(",");
    let many = vec!["[1,2]"; 100_001].join(",");
    for (line, reason) in [
        (with("[1,NaN]"), "expected value"),
        (with("[1,1e400]"), "number out of range"),
        (with("[1,1e39]"), "point 1 of stroke 1"),
        (with("[1,null]"), "null"),
        (with("[1]"), "a point [x, y]"),
        (with(&million), "longer than 4 MB"),
        (with(&many), "100001 points, more than the 100000"),
        (
            r#"{"label":11,"size":[9,9],"strokes":[]}"#.into(),
            "label is 11",
        ),
        (
            r#"{"label":-3,"size":[9,9],"strokes":[]}"#.into(),
            "label is -3",
        ),
        (r#"{"size":[0,9],"strokes":[]}"#.into(), "size is 0 × 9"),
        (r#"{"size":[-5,9],"strokes":[]}"#.into(), "size is -5 × 9"),
        (
            r#"{"size":[1e60,9],"strokes":[]}"#.into(),
            "size is inf × 9",
        ),
        (with("[1,2]")[..30].into(), "EOF"),
    ] {
        let sentence = read_line(&line).unwrap_err();
        assert!(sentence.starts_with("line 1 of "), "{sentence}");
        assert!(sentence.contains(reason), "{reason}: {sentence}");
    }
}

#[test]
fn drawings_that_are_only_odd_are_read() {
    let blank = r#"{"size":[280,280],"strokes":[[],[]]}"#;
    assert!(cells_of(Ink::Drawing(&read_line(blank).unwrap())).is_err());
    let size = r#""size":[280,280]"#;
    let odd = [
        // An empty stroke before a dot; places far outside of the pad; a pad as large or as small as numbers allow.
        format!(r#"{{{size},"strokes":[[],[[-1,999]]]}}"#),
        format!(r#"{{{size},"strokes":[[[-3e38,-3e38],[3e38,3e38]]]}}"#),
        format!(r#"{{{size},"strokes":[[[-500,-900],[-480,-700]]]}}"#),
        r#"{"size":[3e38,1e-38],"strokes":[[[1,2],[3,4],[1e30,5]]]}"#.into(),
        r#"{"size":[1e-38,1e-38],"strokes":[[[1,2],[3,4]]]}"#.into(),
    ];
    for line in odd {
        let drawing = read_line(&line).unwrap();
        let cells = cells_of(Ink::Drawing(&drawing)).unwrap();
        assert!(cells.0.iter().any(|&ink| ink > 200), "{line}");
        for steps in [Steps::ALL, Steps::NONE] {
            assert!(normalize(Ink::Drawing(&drawing), steps).is_ok(), "{line}");
        }
    }
}
