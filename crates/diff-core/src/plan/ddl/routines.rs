//! Functions, procedures, languages, event triggers.

use itertools::Itertools;

use super::Writer;
use crate::plan::sql::{address, dollar_quoted, ident, literal, name};
use crate::{Enabled, EventTrigger, Kind, Language, Parallel, Routine, Volatility};

/// A function or a procedure.
pub(super) fn create(writer: &mut Writer<'_, '_>, routine: &Routine) {
    let sql = format!("CREATE {}", statement(writer, routine));
    writer.create(sql);
}

/// The same function with another body or other attributes.
pub(super) fn replace(writer: &mut Writer<'_, '_>, routine: &Routine) {
    let sql = format!("CREATE OR REPLACE {}", statement(writer, routine));
    writer.alter("definition", sql);
}

fn statement(writer: &Writer<'_, '_>, it: &Routine) -> String {
    let id = writer.id;
    let text = |attribute: &str, settled: &str| match writer.work.new.objects.get(id) {
        Some(object) => object.text(attribute, settled).to_owned(),
        None => settled.to_owned(),
    };
    let kind = if id.kind() == Kind::Procedure { "PROCEDURE" } else { "FUNCTION" };
    let mut lines = vec![format!(
        "{kind} {}.{}({})",
        ident(id.schema()),
        own_name(id.name()),
        text("arguments", &it.arguments)
    )];
    if let Some(returns) = &it.returns {
        lines.push(format!("RETURNS {returns}"));
    }
    lines.push(format!("LANGUAGE {}", ident(&it.language)));
    if !it.transforms.is_empty() {
        lines.push(format!(
            "TRANSFORM {}",
            it.transforms.iter().map(|name| format!("FOR TYPE {name}")).join(", ")
        ));
    }
    lines.extend(attributes(it));
    lines.extend(it.settings.iter().map(|(name, value)| format!("SET {name} TO {}", setting(name, value))));
    lines.push(match &it.library {
        _ if it.sql_body => text("definition", &it.definition),
        Some(library) => format!("AS {}, {}", literal(library), literal(&it.definition)),
        None => format!("AS {}", dollar_quoted(&it.definition)),
    });
    lines.join("\n")
}

/// The name at the start of a signature, as it stands there.
fn own_name(signature: &str) -> &str {
    let end = match signature.strip_prefix('"') {
        // A quote within is doubled.
        Some(rest) => {
            let mut chars = rest.char_indices().peekable();
            loop {
                match chars.next() {
                    Some((_, '"')) if chars.next_if(|(_, next)| *next == '"').is_some() => {}
                    Some((at, '"')) => break at + 2,
                    Some(_) => {}
                    None => break signature.len(),
                }
            }
        }
        None => signature.find('(').unwrap_or(signature.len()),
    };
    &signature[..end]
}

fn attributes(it: &Routine) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut say = |is_set: bool, word: &str| {
        if is_set {
            words.push(word.to_owned());
        }
    };
    say(it.window, "WINDOW");
    say(it.volatility == Volatility::Stable, "STABLE");
    say(it.volatility == Volatility::Immutable, "IMMUTABLE");
    say(it.strict, "STRICT");
    say(it.security_definer, "SECURITY DEFINER");
    say(it.leakproof, "LEAKPROOF");
    say(it.parallel == Parallel::Safe, "PARALLEL SAFE");
    say(it.parallel == Parallel::Restricted, "PARALLEL RESTRICTED");
    words.extend(it.cost.iter().map(|cost| format!("COST {cost}")));
    words.extend(it.rows.iter().map(|rows| format!("ROWS {rows}")));
    words.extend(it.support.iter().map(|support| format!("SUPPORT {support}")));
    words
}

/// A setting's value. The settings that are lists of names hold them quoted already.
fn setting(name: &str, value: &str) -> String {
    const LISTS: [&str; 6] = [
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "shared_preload_libraries",
        "temp_tablespaces",
        "unix_socket_directories",
    ];
    if !LISTS.contains(&name) {
        return literal(value);
    }
    names(value).iter().map(|name| literal(name)).join(", ")
}

/// Splits `"$user", public` at the commas, and takes the quotes away.
fn names(list: &str) -> Vec<String> {
    let (mut names, mut name, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => names.push(std::mem::take(&mut name)),
            ' ' if !is_quoted => {}
            c => name.push(c),
        }
    }
    names.push(name);
    names
}

/// A language.
pub(super) fn create_language(writer: &mut Writer<'_, '_>, it: &Language) {
    let trusted = if it.trusted { "TRUSTED " } else { "" };
    let clause = |word: &str, function: &Option<String>| {
        function.as_ref().map_or_else(String::new, |name| format!(" {word} {name}"))
    };
    let sql = format!(
        "CREATE {trusted}LANGUAGE {}{}{}{}",
        name(writer.id),
        clause("HANDLER", &it.handler),
        clause("INLINE", &it.inline),
        clause("VALIDATOR", &it.validator)
    );
    writer.create(sql);
}

/// An event trigger.
pub(super) fn create_event_trigger(writer: &mut Writer<'_, '_>, it: &EventTrigger) {
    let tags = match it.tags.as_slice() {
        [] => String::new(),
        tags => format!(" WHEN TAG IN ({})", tags.iter().map(|tag| literal(tag)).join(", ")),
    };
    let call = if it.function.ends_with(')') { it.function.clone() } else { format!("{}()", it.function) };
    writer.create(format!("CREATE {} ON {}{tags} EXECUTE FUNCTION {call}", address(writer.id), it.event));
    if it.enabled != Enabled::Origin {
        enable_event_trigger(writer, it.enabled);
    }
}

/// Switches an event trigger.
pub(super) fn enable_event_trigger(writer: &mut Writer<'_, '_>, enabled: Enabled) {
    let how = match enabled {
        Enabled::Origin => "ENABLE",
        Enabled::Disabled => "DISABLE",
        Enabled::Replica => "ENABLE REPLICA",
        Enabled::Always => "ENABLE ALWAYS",
    };
    writer.alter("enabled", format!("ALTER {} {how}", address(writer.id)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_off_signatures() {
        for (signature, expected) in
            [("f(integer)", "f"), ("\"F (x)\"(integer)", "\"F (x)\""), ("\"a\"\"b\"()", "\"a\"\"b\"")]
        {
            assert_eq!(own_name(signature), expected);
        }
    }

    #[test]
    fn lists_of_names_are_quoted_one_by_one() {
        assert_eq!(setting("search_path", "\"$user\", public"), "'$user', 'public'");
        assert_eq!(setting("search_path", "\"\""), "''");
        assert_eq!(setting("work_mem", "4MB"), "'4MB'");
    }
}
