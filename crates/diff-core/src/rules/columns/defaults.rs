//! Whether a default gives each row another value.

use crate::{Body, Volatility};

use super::super::Case;

/// The volatile functions of PostgreSQL, and of the extensions that come with it, that people take for defaults
/// (`pg_proc.provolatile`).
const VOLATILE: [&str; 15] = [
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "normal_rand",
    "random",
    "random_normal",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Whether a default of new calls a function whose result changes from row to row. Functions of the user's tell
/// that themselves; those of extensions that nothing is known of are taken to.
pub(super) fn is_volatile(default: &str, case: &Case<'_, '_>) -> bool {
    calls(default).any(|name| VOLATILE.contains(&name))
        || case.delta.new_object().is_some_and(|column| {
            column.depends_on.iter().any(|id| match case.context.new.objects.get(id).map(|it| &it.body) {
                Some(Body::Function(function)) => function.volatility == Volatility::Volatile,
                _ => false,
            })
        })
}

/// The names in front of parentheses, without their schemas.
fn calls(expression: &str) -> impl Iterator<Item = &str> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    // What stands between quotes is a text.
    let plain = expression.split('\'').step_by(2);
    let before = plain.flat_map(|text| text.match_indices('(').map(|(at, _)| &text[..at]));
    before.map(move |before| {
        let start = before.char_indices().rev().find(|(_, c)| !is_of_name(*c));
        &before[start.map_or(0, |(at, c)| at + c.len_utf8())..]
    })
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn calls_are_names_in_front_of_parentheses() {
        let names = |expression| calls(expression).filter(|name| !name.is_empty()).collect::<Vec<_>>();
        assert_eq!(names("now()"), ["now"]);
        assert_eq!(names("public.uuid_generate_v4()"), ["uuid_generate_v4"]);
        assert_eq!(names("'random()'::text"), [] as [&str; 0]);
        assert_eq!(names("(random() * (10)::double precision)"), ["random"]);
    }
}
