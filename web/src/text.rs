//! Words about what is shown: names made safe to look at, sizes of things, glyphs. No DOM.

use std::borrow::Cow;

use diff_core::Severity;
use viewer::ask::Fate;

/// A text with the characters shown that otherwise would move, hide or reverse what stands around them:
/// control characters and the marks that override the direction of writing. Line feeds and tabs stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_deceptive(c) {
            shown.push_str(&format!("‹U+{:04X}›", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn is_deceptive(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_invisible = matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}');
    is_direction || is_invisible || (c.is_control() && c != '\n' && c != '\t')
}

/// `1 table`, `2,310 tables`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with a comma between thousands.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The sign and the word of a severity: what it is must not hang on a colour.
pub(crate) fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::High => ("▲", "high"),
        Severity::Medium => ("◆", "medium"),
        Severity::Low => ("○", "low"),
    }
}

/// The sign and the word of what becomes of something: what it is must not hang on a colour.
pub(crate) fn fate(fate: Fate) -> (&'static str, &'static str) {
    match fate {
        Fate::Same => ("=", "same"),
        Fate::Added => ("+", "added"),
        Fate::Removed => ("−", "removed"),
        Fate::Altered => ("~", "changed"),
        Fate::Renamed => ("→", "renamed"),
    }
}

/// Bytes as people write them: `41 GB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut rest = count;
    let mut unit = 0;
    while rest >= 10_000 && unit + 1 < UNITS.len() {
        rest /= 1_000;
        unit += 1;
    }
    format!("{} {}", grouped(usize::try_from(rest).unwrap_or(usize::MAX)), UNITS[unit])
}

/// `2026-03-14T09:26:53Z` as people write it: `2026-03-14 09:26 UTC`. Anything else stays as it is.
pub(crate) fn moment(taken_at: &str) -> String {
    match (taken_at.get(..10), taken_at.get(10..11), taken_at.get(11..16)) {
        (Some(date), Some("T"), Some(time)) if taken_at.ends_with('Z') => format!("{date} {time} UTC"),
        _ => taken_at.to_owned(),
    }
}

/// Pixels of a letter in pictures, where nothing else cuts texts.
pub(crate) const LETTER: i32 = 7;

/// As much of a text as has room in so many pixels of a picture.
pub(crate) fn cut(text: &str, room: i32) -> String {
    let shown = visible(text);
    let letters = usize::try_from(room / LETTER).unwrap_or(0);
    if shown.chars().count() <= letters {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(letters.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceptive_characters_are_shown() {
        assert_eq!(visible("orders"), "orders");
        assert_eq!(visible("a\u{202e}b\0"), "a‹U+202E›b‹U+0000›");
        assert_eq!(visible("a\n\tb"), "a\n\tb");
        assert_eq!(visible("späti 🍦"), "späti 🍦");
    }

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(cut("orders", 70), "orders");
        assert_eq!(cut("orders_of_customers", 70), "orders_of…");
        assert_eq!(cut("a", 0), "…");
    }

    #[test]
    fn numbers_and_moments_read_well() {
        assert_eq!(counted(1, "table"), "1 table");
        assert_eq!(counted(1_234_567, "table"), "1,234,567 tables");
        assert_eq!(bytes(9_999), "9,999 B");
        assert_eq!(bytes(41_300_000_000), "41 GB");
        assert_eq!(moment("2026-03-14T09:26:53Z"), "2026-03-14 09:26 UTC");
        assert_eq!(moment("yesterday – or so"), "yesterday – or so");
    }
}
