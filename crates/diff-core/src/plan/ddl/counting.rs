//! How sequences and identity columns count.

use crate::Counting;

/// How a sequence counts, as CREATE SEQUENCE has it, or as ALTER SEQUENCE has it where it counted as `old`.
pub(super) fn counting_options(new: &Counting, old: Option<&Counting>) -> Vec<String> {
    let mut options = Vec::new();
    let first = if new.increment > 0 { new.minimum.unwrap_or(1) } else { new.maximum.unwrap_or(-1) };
    let mut say = |differs: bool, is_implied: bool, text: String| {
        if if old.is_some() { differs } else { !is_implied } {
            options.push(text);
        }
    };
    let was = |differs: fn(&Counting, &Counting) -> bool| old.is_some_and(|old| differs(old, new));
    let value_type = new.value_type.as_deref().unwrap_or("bigint");
    say(was(|a, b| a.value_type != b.value_type), value_type == "bigint", format!("AS {value_type}"));
    say(
        was(|a, b| a.increment != b.increment),
        new.increment == 1,
        format!("INCREMENT BY {}", new.increment),
    );
    let limit = |word: &str, value: Option<i64>| match value {
        Some(value) => format!("{word} {value}"),
        None => format!("NO {word}"),
    };
    let moves =
        |a: &Counting, b: &Counting| (&a.value_type, a.increment > 0) != (&b.value_type, b.increment > 0);
    let minimum = old.is_some_and(|old| old.minimum != new.minimum || moves(old, new));
    let maximum = old.is_some_and(|old| old.maximum != new.maximum || moves(old, new));
    say(minimum, new.minimum.is_none(), limit("MINVALUE", new.minimum));
    say(maximum, new.maximum.is_none(), limit("MAXVALUE", new.maximum));
    say(was(|a, b| a.start != b.start), new.start == first, format!("START WITH {}", new.start));
    say(was(|a, b| a.cache != b.cache), new.cache == 1, format!("CACHE {}", new.cache));
    say(
        was(|a, b| a.cycle != b.cycle),
        !new.cycle,
        (if new.cycle { "CYCLE" } else { "NO CYCLE" }).to_owned(),
    );
    if let Some(old) = old {
        let (least, most) = if new.increment > 0 { (Some(1), None) } else { (None, Some(-1)) };
        let is_outside = new.minimum.or(least).is_some_and(|least| old.start < least)
            || new.maximum.or(most).is_some_and(|most| old.start > most)
            || (old.increment > 0) != (new.increment > 0);
        if is_outside {
            options.push(format!("RESTART WITH {}", new.start));
        }
    }
    options
}
