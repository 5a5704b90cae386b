//! The names of columns in a view of one table: `t.id` before PostgreSQL 16, `id` since.
//!
//! `ruleutils.c` leaves the qualifier out at the top of a query whose range table has one entry. Before 16
//! a view's had three, OLD and NEW among them. In queries within the query the qualifier is always there.

use std::ops::Range;

use super::tokens::{Kind, Tokens};

/// What ends a FROM clause.
const AFTER_FROM: [&str; 9] =
    ["WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"];

/// A view's query as the newest server prints it. Where it is not sure what the names belong to, the text stays
/// as it is.
pub(super) fn query(text: &str) -> String {
    Tokens::of(text).and_then(|tokens| unqualified(&tokens)).unwrap_or_else(|| text.to_owned())
}

fn unqualified(tokens: &Tokens<'_>) -> Option<String> {
    let end = tokens.len();
    let is_combined = tokens.level(0, end).any(|at| is_combining(tokens.text(at)));
    let mut selects = tokens.level(0, end).filter(|at| tokens.text(*at) == "SELECT");
    let select = selects.next().filter(|_| !is_combined && selects.next().is_none())?;
    let from = tokens.level(select, end).find(|at| tokens.text(*at) == "FROM")?;
    let after = tokens.level(from, end).find(|at| AFTER_FROM.contains(&tokens.text(*at))).unwrap_or(end);
    let query = Query { tokens, select, from, after, alias: alias(tokens, from + 1..after)? };
    let mut dropped = vec![false; end];
    query.mark(select..from, &mut dropped);
    query.mark(after..end, &mut dropped);
    Some(tokens.with(|at| (!dropped[at]).then(|| tokens.text(at).to_owned())))
}

fn is_combining(word: &str) -> bool {
    ["UNION", "INTERSECT", "EXCEPT"].contains(&word)
}

/// The name of the one thing in a FROM clause; `None` where there are several, or another form.
fn alias<'a>(tokens: &Tokens<'a>, clause: Range<usize>) -> Option<&'a str> {
    let is_several =
        tokens.level(clause.start, clause.end).any(|at| [",", "JOIN"].contains(&tokens.text(at)));
    let mut at = clause.start;
    let mut name = None;
    if is_several {
        return None;
    }
    if ["ONLY", "LATERAL"].contains(&tokens.text(at)) {
        at += 1;
    }
    if tokens.is(at, Kind::Open) {
        // A query, unless it is a join.
        let mut inside = tokens.level(at + 1, tokens.end(at));
        if inside.any(|at| tokens.text(at) == "JOIN") {
            return None;
        }
        at = tokens.end(at) + 1;
    } else {
        while tokens.get(at).is_some_and(|token| token.is_name()) {
            name = Some(tokens.text(at));
            at += 1;
            if tokens.text(at) != "." {
                break;
            }
            at += 1;
        }
        // ROWS FROM, UNNEST, XMLTABLE: functions that are keywords.
        while name.is_none() && tokens.is(at, Kind::Word) {
            at += 1;
        }
        if tokens.text(at) == "(" {
            at = tokens.end(at) + 1;
        }
        if tokens.are(at, &["WITH", "ORDINALITY"]) {
            at += 2;
        }
    }
    let named = tokens.get(at).filter(|token| at < clause.end && token.is_name());
    named.map(|token| token.text).or(name)
}

struct Query<'a> {
    tokens: &'a Tokens<'a>,
    select: usize,
    from: usize,
    after: usize,
    alias: &'a str,
}

impl Query<'_> {
    /// Marks the qualifiers within `range` that go, at this level of the query.
    fn mark(&self, range: Range<usize>, dropped: &mut [bool]) {
        let tokens = self.tokens;
        let mut at = range.start;
        while at < range.end {
            if tokens.is(at, Kind::Open) && self.is_query(at) {
                at = tokens.end(at);
            } else if self.is_qualified(at) && !self.is_needed(at) {
                dropped[at] = true;
                dropped[at + 1] = true;
                at += 2;
            }
            at += 1;
        }
    }

    fn is_query(&self, open: usize) -> bool {
        let tokens = self.tokens;
        let is_part = |at: usize| ["SELECT", "VALUES", "WITH"].contains(&tokens.text(at));
        tokens.level(open + 1, tokens.end(open)).any(|at| is_part(at) || is_combining(tokens.text(at)))
    }

    /// Whether a column with its qualifier stands here: not a function, a type or a collation of a schema that
    /// has the same name.
    fn is_qualified(&self, at: usize) -> bool {
        let tokens = self.tokens;
        tokens.are(at, &[self.alias, "."])
            && tokens.get(at + 2).is_some_and(|column| column.is_name())
            && !["(", "."].contains(&tokens.text(at + 3))
            && ![".", "::", "COLLATE", "AS", "RETURNING"].contains(&tokens.before(at))
    }

    /// In ORDER BY and DISTINCT ON a bare name means an output column first.
    fn is_needed(&self, at: usize) -> bool {
        let tokens = self.tokens;
        let is_whole = ["BY", ",", "("].contains(&tokens.before(at))
            && ["", ",", ")", "DESC", "NULLS", "USING", "LIMIT", "OFFSET", "FETCH", "FOR"]
                .contains(&tokens.text(at + 3));
        let order = tokens.level(self.after, tokens.len()).find(|at| tokens.text(*at) == "ORDER");
        let in_order = order.is_some_and(|order| tokens.level(order, tokens.len()).any(|one| one == at));
        let on = self.select + 3;
        let in_distinct = tokens.are(self.select + 1, &["DISTINCT", "ON", "("])
            && tokens.level(on + 1, tokens.end(on)).any(|one| one == at);
        is_whole && (in_order || in_distinct) && self.is_output(tokens.text(at + 2))
    }

    /// Whether an expression, not the column itself, is put out by this name.
    fn is_output(&self, name: &str) -> bool {
        let tokens = self.tokens;
        let mut outputs = tokens.level(self.select, self.from).filter(|at| tokens.text(*at) == "AS");
        outputs.any(|at| tokens.text(at + 1) == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What PostgreSQL 13 to 15 print, and what 16 and later do.
    #[track_caller]
    fn check(older: &str, newer: &str) {
        assert_eq!(query(older), newer);
        assert_eq!(query(newer), newer, "what is settled stays as it is");
    }

    #[track_caller]
    fn stays(text: &str) {
        check(text, text);
    }

    #[test]
    fn a_view_of_one_table_needs_no_qualifiers_since_16() {
        check(
            " SELECT t.id,\n    t.\"Odd\" AS b,\n    count(*) FILTER (WHERE t.a) AS n\n   FROM public.t\n  WHERE ((t.b > 0) AND (t.c = 't.x'::text))\n  GROUP BY t.id\n HAVING (max(t.a) > 1)\n  ORDER BY t.id DESC",
            " SELECT id,\n    \"Odd\" AS b,\n    count(*) FILTER (WHERE a) AS n\n   FROM public.t\n  WHERE ((b > 0) AND (c = 't.x'::text))\n  GROUP BY id\n HAVING (max(a) > 1)\n  ORDER BY id DESC",
        );
        check(" SELECT x.a\n   FROM public.t x", " SELECT a\n   FROM public.t x");
        check(" SELECT \"T t\".a\n   FROM public.\"T t\"", " SELECT a\n   FROM public.\"T t\"");
        check(" SELECT t.a\n   FROM ONLY public.t", " SELECT a\n   FROM ONLY public.t");
        check(
            " SELECT t.a,\n    row_number() OVER (PARTITION BY t.b ORDER BY t.c) AS n\n   FROM t TABLESAMPLE system (10)",
            " SELECT a,\n    row_number() OVER (PARTITION BY b ORDER BY c) AS n\n   FROM t TABLESAMPLE system (10)",
        );
    }

    #[test]
    fn functions_queries_and_with_are_one_thing_too() {
        check(
            " SELECT g.n\n   FROM generate_series(1, 3) WITH ORDINALITY g(n, o)",
            " SELECT n\n   FROM generate_series(1, 3) WITH ORDINALITY g(n, o)",
        );
        check(
            " SELECT s.a\n   FROM ( SELECT s.a\n           FROM public.s) s",
            " SELECT a\n   FROM ( SELECT s.a\n           FROM public.s) s",
        );
        check(
            " WITH c AS (\n         SELECT c.a\n           FROM public.c\n        )\n SELECT c.a\n   FROM c",
            " WITH c AS (\n         SELECT c.a\n           FROM public.c\n        )\n SELECT a\n   FROM c",
        );
        check(
            " SELECT x.a\n   FROM UNNEST(ARRAY[1, 2], b) x(a, c)",
            " SELECT a\n   FROM UNNEST(ARRAY[1, 2], b) x(a, c)",
        );
        check(
            " SELECT x.a\n   FROM ROWS FROM(f(1), g(2)) x(a, c)",
            " SELECT a\n   FROM ROWS FROM(f(1), g(2)) x(a, c)",
        );
        check(" SELECT v.a\n   FROM ( VALUES (1)) v(a)", " SELECT a\n   FROM ( VALUES (1)) v(a)");
    }

    #[test]
    fn queries_within_keep_their_qualifiers() {
        check(
            " SELECT t.a,\n    ( SELECT max(u.b) AS max\n           FROM public.u\n          WHERE (u.a = t.a)) AS m\n   FROM public.t\n  WHERE (EXISTS ( SELECT 1\n           FROM public.t t_1\n          WHERE (t_1.a = t.a)))",
            " SELECT a,\n    ( SELECT max(u.b) AS max\n           FROM public.u\n          WHERE (u.a = t.a)) AS m\n   FROM public.t\n  WHERE (EXISTS ( SELECT 1\n           FROM public.t t_1\n          WHERE (t_1.a = t.a)))",
        );
    }

    #[test]
    fn several_tables_keep_theirs() {
        stays(" SELECT t.a\n   FROM public.t,\n    public.u");
        stays(" SELECT t.a\n   FROM (public.t\n     JOIN public.u ON ((t.a = u.a)))");
        stays(" SELECT t.a\n   FROM public.t\nUNION\n SELECT u.a\n   FROM public.u");
        stays(" SELECT 1 AS a");
        stays(" VALUES (1)");
    }

    #[test]
    fn what_is_no_column_stays() {
        stays(" SELECT t.*::public.t AS t\n   FROM public.t");
        stays(" SELECT t.f(a) AS f,\n    (a)::t.kind AS k,\n    (b COLLATE t.c) AS c\n   FROM t.t");
        stays(" SELECT u.a\n   FROM public.t");
        stays(" SELECT 't.a\n   FROM public.t");
    }

    #[test]
    fn an_output_of_the_same_name_comes_first_in_order_by() {
        check(
            " SELECT lower(t.a) AS a\n   FROM public.t\n  ORDER BY t.a, (lower(t.a))",
            " SELECT lower(a) AS a\n   FROM public.t\n  ORDER BY t.a, (lower(a))",
        );
        check(
            " SELECT DISTINCT ON (t.a) lower(t.a) AS a\n   FROM public.t",
            " SELECT DISTINCT ON (t.a) lower(a) AS a\n   FROM public.t",
        );
    }
}
