use super::ExpressionError;

/// A number, a name or a sign of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    /// As it was typed.
    pub text: String,
    /// Its first character, counted from 1.
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    Number(f64),
    Name,
    Plus,
    Minus,
    Times,
    Divide,
    Power,
    Open,
    Close,
}

/// Cuts a text into its tokens. A name is letters and then digits, so `w0x0` is two of them.
pub fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let signs: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(&sign) = signs.get(start) {
        if sign.is_whitespace() {
            start += 1;
            continue;
        }
        let at = start + 1;
        let end = end_of_token(&signs, start);
        let text: String = signs[start..end].iter().collect();
        let kind = match sign {
            '+' => TokenKind::Plus,
            '-' | '−' | '–' => TokenKind::Minus,
            '*' | '·' | '×' | '⋅' => TokenKind::Times,
            '/' | '÷' => TokenKind::Divide,
            '^' => TokenKind::Power,
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            _ if is_digit(sign) => TokenKind::Number(number(&text, at)?),
            _ if is_letter(sign) => TokenKind::Name,
            _ if is_superscript(sign) => {
                let number = TokenKind::Number(number(&lowered(&text), at)?);
                let power = TokenKind::Power;
                for kind in [power, number] {
                    let text = text.clone();
                    tokens.push(Token { kind, text, at });
                }
                start = end;
                continue;
            }
            _ => return Err(ExpressionError::UnknownSign { sign, at }),
        };
        tokens.push(Token { kind, text, at });
        start = end;
    }
    Ok(tokens)
}

const SUPERSCRIPTS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
const LOWERED: &str = "0123456789-";

fn is_letter(sign: char) -> bool {
    // The raised ⁿ and its like count as letters elsewhere.
    (sign.is_alphabetic() && !is_superscript(sign)) || sign == '_'
}

/// Of a number, as it is typed.
fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit() || sign == '.'
}

/// What may end a name: x1, w₀.
fn is_index(sign: char) -> bool {
    sign.is_ascii_digit() || ('₀'..='₉').contains(&sign)
}

fn is_superscript(sign: char) -> bool {
    SUPERSCRIPTS.contains(sign)
}

fn lowered(text: &str) -> String {
    let lower = |sign| {
        let place = SUPERSCRIPTS.chars().position(|raised| raised == sign)?;
        LOWERED.chars().nth(place)
    };
    text.chars().filter_map(lower).collect()
}

fn number(text: &str, at: usize) -> Result<f64, ExpressionError> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(ExpressionError::NotANumber {
            text: text.to_owned(),
            at,
        }),
    }
}

fn end_of_token(signs: &[char], start: usize) -> usize {
    let skip = |from: usize, belongs: fn(char) -> bool| {
        let rest = signs.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|&&sign| belongs(sign)).count()
    };
    let first = signs[start];
    if is_digit(first) {
        let end = skip(start, is_digit);
        // 1e3 and 1e−3 are numbers; in 2e the e is a name.
        let e = matches!(signs.get(end), Some('e' | 'E'));
        let sign = usize::from(matches!(signs.get(end + 1), Some('+' | '-')));
        let digits = end + 1 + sign;
        let after = skip(digits, |sign| sign.is_ascii_digit());
        if e && after > digits { after } else { end }
    } else if is_letter(first) {
        skip(skip(start, is_letter), is_index)
    } else if is_superscript(first) {
        skip(start, is_superscript)
    } else {
        start + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text)
            .unwrap()
            .into_iter()
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn a_name_ends_with_its_digits() {
        assert_eq!(texts("w0x0"), ["w0", "x0"]);
        assert_eq!(texts("w₁₂x"), ["w₁₂", "x"]);
        assert_eq!(texts("learning_rate"), ["learning_rate"]);
    }

    #[test]
    fn numbers_may_have_an_exponent() {
        let numbers = |text: &str| -> Vec<TokenKind> {
            let tokens = tokens(text).unwrap();
            tokens.into_iter().map(|token| token.kind).collect()
        };
        assert_eq!(numbers("1.5e-3"), [TokenKind::Number(0.0015)]);
        assert_eq!(numbers("2e"), [TokenKind::Number(2.0), TokenKind::Name]);
        let raised = [TokenKind::Name, TokenKind::Power, TokenKind::Number(-12.0)];
        assert_eq!(numbers("x⁻¹²"), raised);
    }

    #[test]
    fn places_count_characters_and_not_bytes() {
        let tokens = tokens("σ(w₀ · 2)").unwrap();
        let places: Vec<usize> = tokens.iter().map(|token| token.at).collect();
        assert_eq!(places, [1, 2, 3, 6, 8, 9]);
    }
}
