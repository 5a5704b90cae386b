//! Where PostgreSQL's own printing has two texts for one meaning, this settles on one.
//!
//! Constant defaults are settled by asking the server what they come to. The rest is a short table: the
//! current time, and casts of text literals, which come out otherwise after a dump was restored.

mod calls;
mod lists;
mod logic;
mod tokens;
mod views;

use std::collections::BTreeMap;

use diff_core::{Body, Counting};
use tokio_postgres::Row;

/// A default whose value can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Constant {
    expression: String,
    data_type: String,
    is_bare: bool,
    is_numeric: bool,
}

impl Constant {
    /// Reads a row of `constants.sql`, about a default of this text.
    pub(super) fn new(row: &Row, expression: &str) -> Self {
        Self {
            expression: expression.to_owned(),
            data_type: row.get("type"),
            is_bare: row.get("is_bare"),
            is_numeric: row.get("is_numeric"),
        }
    }

    /// What to ask the server: the value as text.
    pub(super) fn question(&self) -> String {
        let value = format!("({})::{}", self.expression, self.data_type);
        if self.is_numeric { format!("trim_scale({value})::text") } else { format!("({value})::text") }
    }

    /// The answer as a literal without a cast, bare where it is a number or a truth value. NULL is no
    /// default at all.
    pub(super) fn literal(&self, answer: Option<String>) -> Option<String> {
        let answer = answer?;
        let is_plain = !answer.is_empty() && answer.chars().all(|c| c.is_ascii_digit() || "+-.e".contains(c));
        if self.is_bare && (is_plain || answer == "true" || answer == "false") {
            return Some(answer);
        }
        Some(format!("'{}'", answer.replace('\'', "''")))
    }
}

/// Settles the texts of a body.
pub(super) fn settle(mut body: Body) -> Body {
    match &mut body {
        Body::Column(column) => {
            if let Some(default) = &mut column.default {
                *default = without_cast(&expression(default)).to_owned();
            }
            if let Some(generated) = &mut column.generated {
                generated.expression = expression(&generated.expression);
            }
            if let Some(identity) = &mut column.identity {
                leave_out_implied(&mut identity.counting);
                identity.counting.value_type = None;
            }
        }
        Body::Sequence(it) => leave_out_implied(&mut it.counting),
        Body::Check(it) | Body::DomainCheck(it) | Body::Exclusion(it) => {
            it.definition = expression(&it.definition);
        }
        Body::Index(it) => it.definition = expression(&it.definition),
        Body::Trigger(it) => it.definition = expression(&it.definition),
        Body::Rule(it) => it.definition = expression(&it.definition),
        Body::Statistics(it) => it.definition = expression(&it.definition),
        Body::Function(it) | Body::Procedure(it) => {
            it.arguments = without_mode(&expression(&it.arguments));
            if it.sql_body {
                it.definition = expression(&it.definition);
            }
        }
        Body::Publication(it) => {
            for table in it.tables.values_mut() {
                table.filter = table.filter.as_deref().map(expression);
            }
        }
        Body::ViewColumn(it) => {
            it.default = it.default.as_deref().map(|default| without_cast(&expression(default)).to_owned());
        }
        Body::View(it) | Body::MaterializedView(it) => {
            it.definition = expression(&views::query(&it.definition));
            settle_options(&mut it.options);
        }
        Body::Table(it) => {
            it.partition_by = it.partition_by.as_deref().map(expression);
            settle_options(&mut it.options);
        }
        Body::Partition(it) => {
            it.partition_by = it.partition_by.as_deref().map(expression);
            settle_options(&mut it.options);
        }
        Body::Domain(it) => {
            if let Some(default) = &mut it.default {
                *default = without_cast(&expression(default)).to_owned();
            }
        }
        Body::Policy(it) => {
            for text in [&mut it.using, &mut it.check].into_iter().flatten() {
                *text = expression(text);
            }
        }
        _ => {}
    }
    body
}

/// A default that is nothing but a literal, without its cast: the column's type says the same.
fn without_cast(text: &str) -> &str {
    let (code, literals) = lift_literals(text);
    let is_cast = code.strip_prefix(MARK).is_some_and(|rest| {
        rest.strip_prefix("::").is_some_and(|name| !name.contains(['(', ')', ':', '+', '|', '-']))
    });
    match literals.first() {
        Some(literal) if is_cast && literal.starts_with('\'') => &text[..literal.len()],
        _ => text,
    }
}

/// Arguments without `IN`, which PostgreSQL 14 prints for procedures and 13 does not.
fn without_mode(arguments: &str) -> String {
    let (code, literals) = lift_literals(arguments);
    let code = code.replace(", IN ", ", ");
    put_back(code.strip_prefix("IN ").unwrap_or(&code), &literals)
}

/// An option that is switched on is `true`, however it was written.
fn settle_options(options: &mut BTreeMap<String, String>) {
    for value in options.values_mut() {
        match value.as_str() {
            "on" | "yes" => "true".clone_into(value),
            "off" | "no" => "false".clone_into(value),
            _ => {}
        }
    }
}

/// Takes out the limits that a sequence's type and direction imply (manual, "CREATE SEQUENCE").
fn leave_out_implied(counting: &mut Counting) {
    let (smallest, largest) = match counting.value_type.as_deref() {
        Some("smallint") => (i16::MIN.into(), i16::MAX.into()),
        Some("integer") => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    let implied = if counting.increment > 0 { (1, largest) } else { (smallest, -1) };
    counting.minimum = counting.minimum.filter(|minimum| *minimum != implied.0);
    counting.maximum = counting.maximum.filter(|maximum| *maximum != implied.1);
}

/// Where none of these is in a text there is nothing to settle: most are plain, and looking closer takes longer than
/// all the rest of reading a row.
const SIGNS: [&str; 25] = [
    "CURRENT_TIMESTAMP",
    "transaction_timestamp()",
    " AND ",
    " OR ",
    "ANY (",
    "ALL (",
    "ARRAY[",
    "varying",
    "XMLSERIALIZE",
    "TRIM",
    "SUBSTRING",
    "OVERLAY",
    "NORMALIZE",
    "POSITION",
    "timezone",
    "trim(",
    "\"substring\"",
    "\"position\"",
    "\"overlay\"",
    "\"overlaps\"",
    "\"normalize\"",
    "is_normalized",
    "pg_collation_for",
    "\"xmlexists\"",
    "\n",
];

fn is_plain(text: &str) -> bool {
    !SIGNS.iter().any(|sign| text.contains(sign))
}

/// Settles an expression as PostgreSQL prints it. Literals and quoted names are left as they are.
fn expression(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let (code, literals) = lift_literals(text);
    let text = put_back(&current_time(&code), &literals);
    logic::flat(&lists::one_form(&calls::syntax(&text)))
}

/// Stands for the literal in code; private use, so it is in no printed text.
const MARK: char = '\u{F8FF}';

/// Replaces each literal and quoted name by a mark, and returns them in order.
fn lift_literals(text: &str) -> (String, Vec<String>) {
    let (mut code, mut literals) = (String::new(), Vec::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\'' && c != '"' {
            code.push(c);
            continue;
        }
        let mut literal = String::from(c);
        while let Some(inside) = chars.next() {
            literal.push(inside);
            if inside == c {
                match chars.next_if_eq(&c) {
                    Some(doubled) => literal.push(doubled),
                    None => break,
                }
            }
        }
        code.push(MARK);
        literals.push(literal);
    }
    (code, literals)
}

fn put_back(code: &str, literals: &[String]) -> String {
    let mut literals = literals.iter();
    code.chars().fold(String::new(), |mut text, c| {
        match literals.as_slice() {
            [literal, ..] if c == MARK => {
                text.push_str(literal);
                literals.next();
            }
            _ => text.push(c),
        }
        text
    })
}

/// `CURRENT_TIMESTAMP` and `transaction_timestamp()` are `now()`; with a precision they are not.
fn current_time(code: &str) -> String {
    replace_word(&replace_word(code, "transaction_timestamp()", "now()"), "CURRENT_TIMESTAMP", "now()")
}

/// Replaces `word` where it is not a part of a longer name, nor another schema's.
fn replace_word(code: &str, word: &str, by: &str) -> String {
    let is_name = |c: char| c == '_' || c == '$' || c == '.' || c.is_alphanumeric();
    let mut text = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let follows = !word.ends_with(')') && after.starts_with(|c| is_name(c) || c == '(');
        text.push_str(before);
        text.push_str(if before.ends_with(is_name) || follows { word } else { by });
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(expression(text), expected);
        assert_eq!(expression(expected), expected, "what is settled stays as it is");
    }

    #[test]
    fn the_current_time_has_one_name() {
        check("CURRENT_TIMESTAMP", "now()");
        check("(CURRENT_TIMESTAMP - '1 day'::interval)", "(now() - '1 day'::interval)");
        check("transaction_timestamp()", "now()");
        check("CURRENT_TIMESTAMP(3)", "CURRENT_TIMESTAMP(3)");
        check("my_transaction_timestamp()", "my_transaction_timestamp()");
        check("public.transaction_timestamp()", "public.transaction_timestamp()");
        check("timezone('utc'::text, CURRENT_TIMESTAMP)", "(now() AT TIME ZONE 'utc'::text)");
        check("'CURRENT_TIMESTAMP'::text", "'CURRENT_TIMESTAMP'::text");
    }

    #[test]
    fn a_literal_needs_no_cast() {
        for (text, expected) in [
            ("'new'::public.status", "'new'"),
            ("'it''s'::\"Odd\".\"Type\"", "'it''s'"),
            ("'a'::text || 'b'::text", "'a'::text || 'b'::text"),
            ("'a'::character varying(3)", "'a'::character varying(3)"),
            ("nextval('s'::regclass)", "nextval('s'::regclass)"),
            ("5", "5"),
        ] {
            assert_eq!(without_cast(text), expected);
        }
    }

    #[test]
    fn arguments_are_for_input_unless_they_say_otherwise() {
        assert_eq!(
            without_mode("IN a integer, IN \"IN \" text DEFAULT ', IN '::text, OUT c integer"),
            "a integer, \"IN \" text DEFAULT ', IN '::text, OUT c integer"
        );
    }

    #[test]
    fn implied_limits_are_left_out() {
        let limits = |value_type: &str, increment, minimum, maximum| {
            let mut counting = Counting {
                value_type: Some(value_type.to_owned()),
                start: 1,
                increment,
                minimum: Some(minimum),
                maximum: Some(maximum),
                cache: 1,
                cycle: false,
            };
            leave_out_implied(&mut counting);
            (counting.minimum, counting.maximum)
        };
        assert_eq!(limits("integer", 1, 1, 2_147_483_647), (None, None));
        assert_eq!(limits("bigint", 1, 1, 2_147_483_647), (None, Some(2_147_483_647)));
        assert_eq!(limits("smallint", -1, -32_768, -1), (None, None));
        assert_eq!(limits("smallint", 1, 5, 9), (Some(5), Some(9)));
    }

    #[test]
    fn answers_become_literals() {
        let constant = |is_bare| Constant {
            expression: String::new(),
            data_type: String::new(),
            is_bare,
            is_numeric: false,
        };
        let literal = |is_bare, answer: &str| constant(is_bare).literal(Some(answer.to_owned()));
        assert_eq!(literal(true, "-1.5").as_deref(), Some("-1.5"));
        assert_eq!(literal(true, "true").as_deref(), Some("true"));
        assert_eq!(literal(true, "NaN").as_deref(), Some("'NaN'"));
        assert_eq!(literal(false, "it's").as_deref(), Some("'it''s'"));
        assert_eq!(constant(false).literal(None), None);
    }
}
