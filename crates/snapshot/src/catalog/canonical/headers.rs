//! What a routine's definition says before its body: arguments and their defaults.

use super::tokens::Tokens;

/// What ends the line of the arguments, which may hold line breaks of its own in literals.
const AFTER: [&str; 2] = ["\n RETURNS ", "\n LANGUAGE "];

/// Settles the header by `expression`. Since PostgreSQL 14 a procedure's arguments say IN.
pub(super) fn settle(definition: &str, expression: impl Fn(&str) -> String) -> String {
    let Some(end) = AFTER.iter().filter_map(|word| definition.find(word)).min() else {
        return definition.to_owned();
    };
    let (header, rest) = definition.split_at(end);
    expression(&with_modes(header).unwrap_or_else(|| header.to_owned())) + rest
}

fn with_modes(header: &str) -> Option<String> {
    const MODES: [&str; 4] = ["IN", "OUT", "INOUT", "VARIADIC"];
    let tokens = Tokens::of(header)?;
    let open = tokens.level(0, tokens.len()).find(|at| tokens.text(*at) == "(")?;
    if !tokens.are(0, &["CREATE", "OR", "REPLACE", "PROCEDURE"]) || tokens.end(open) == open + 1 {
        return None;
    }
    let parts = tokens.parts(open + 1, tokens.end(open), ",");
    let lacks = |at: usize| !MODES.contains(&tokens.text(at)) && parts.iter().any(|(from, _)| *from == at);
    Some(tokens.with(|at| {
        Some(if lacks(at) { format!("IN {}", tokens.text(at)) } else { tokens.text(at).to_owned() })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(older: &str, newer: &str) {
        assert_eq!(settle(older, str::to_owned), newer);
        assert_eq!(settle(newer, str::to_owned), newer, "what is settled stays as it is");
    }

    #[test]
    fn a_procedures_arguments_say_in_since_14() {
        check(
            "CREATE OR REPLACE PROCEDURE public.p(a integer DEFAULT f(1, 2), INOUT b numeric(8,2), text, VARIADIC c text[])\n LANGUAGE sql\nAS $procedure$it's (a$procedure$",
            "CREATE OR REPLACE PROCEDURE public.p(IN a integer DEFAULT f(1, 2), INOUT b numeric(8,2), IN text, VARIADIC c text[])\n LANGUAGE sql\nAS $procedure$it's (a$procedure$",
        );
        check(
            "CREATE OR REPLACE PROCEDURE public.p()\n LANGUAGE sql",
            "CREATE OR REPLACE PROCEDURE public.p()\n LANGUAGE sql",
        );
    }

    #[test]
    fn functions_say_no_modes_and_bodies_stay() {
        let text = "CREATE OR REPLACE FUNCTION public.f(a integer)\n RETURNS integer\n LANGUAGE sql\nAS $function$SELECT '$function$";
        check(text, text);
    }

    #[test]
    fn defaults_are_expressions() {
        let settled = settle("CREATE OR REPLACE FUNCTION f(a text DEFAULT b)\n RETURNS text", |header| {
            header.replace('b', "c")
        });
        assert_eq!(settled, "CREATE OR REPLACE FUNCTION f(a text DEFAULT c)\n RETURNS text");
    }
}
