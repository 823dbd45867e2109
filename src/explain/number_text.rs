//! Numbers as text: as many digits as help, and a true minus sign.

/// `value` in about four significant digits: "−0.0312", "12.5", "3.2e−6".
pub fn short(value: impl Into<f64>) -> String {
    let value = value.into();
    let size = value.abs();
    let text = if value == 0.0 {
        "0".to_owned()
    } else if !value.is_finite() {
        value.to_string()
    } else if !(1e-4..1e6).contains(&size) {
        format!("{value:.1e}")
    } else {
        let decimals = match size {
            _ if size.fract() == 0.0 => 0,
            ..0.1 => 4,
            ..10.0 => 3,
            ..100.0 => 2,
            ..1000.0 => 1,
            _ => 0,
        };
        format!("{value:.decimals$}")
    };
    text.replace('-', "−")
}

/// `value` with its sign always shown, for what can raise or lower: "+0.312".
pub fn signed(value: impl Into<f64>) -> String {
    let value = value.into();
    let text = short(value);
    if value > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{short, signed};

    #[test]
    fn small_and_large_values_keep_their_meaning() {
        assert_eq!(short(0.0), "0");
        assert_eq!(short(-0.0), "0");
        assert_eq!(short(0.031_24), "0.0312");
        assert_eq!(short(-3.316), "−3.316");
        assert_eq!(short(1.0), "1");
        assert_eq!(short(12.345), "12.35");
        assert_eq!(short(54_321.0), "54321");
        assert_eq!(short(3.2e-6), "3.2e−6");
        assert_eq!(short(f32::NAN), "NaN");
        assert_eq!(short(f32::NEG_INFINITY), "−inf");
    }

    #[test]
    fn a_sign_is_shown_but_not_for_zero() {
        assert_eq!(signed(0.5), "+0.500");
        assert_eq!(signed(-0.5), "−0.500");
        assert_eq!(signed(0.0), "0");
    }
}
