//! Texts side by side: which lines and words differ.

use super::*;

fn changed(spans: &[Span]) -> Vec<&str> {
    spans.iter().filter(|span| span.is_changed).map(|span| span.text.as_str()).collect()
}

fn text(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// The rows as `old|new`, `=` in front of those that are equal.
fn told(old: &str, new: &str) -> Vec<String> {
    let side = |line: &Option<Line>| {
        line.as_ref().map(|line| format!("{} {}", line.number, text(&line.spans))).unwrap_or_default()
    };
    let tell = |row: &Row| match row {
        Row::Equal { old, new, spans } => format!("= {old} {new} {}", text(spans)),
        Row::Changed { old, new } => format!("{}|{}", side(old), side(new)),
    };
    rows(old, new, Language::Sql).rows.iter().map(tell).collect()
}

#[test]
fn words_that_differ_are_emphasized() {
    for (old, new, left, right) in [
        ("numeric(6,2)", "numeric(8,3)", vec!["6", "2"], vec!["8", "3"]),
        ("none", "CHECK ((quantity > 0))", vec![], vec![]),
        ("'a red house'", "'a blue house'", vec!["red"], vec!["blue"]),
        ("a <= b_c", "a < b_c", vec!["<="], vec!["<"]),
        ("x", "", vec![], vec![]),
    ] {
        let (was, is) = words(old, new);
        assert_eq!((changed(&was), changed(&is)), (left, right), "{old} {new}");
    }
}

#[test]
fn spans_hold_the_whole_text() {
    for (old, new) in [("", "a"), ("späti 🍦", "späti  🍦!"), ("a.b", "a,b"), ("x", "x"), ("$$ a", "$$ b $$")]
    {
        let (a, b) = words(old, new);
        assert_eq!((text(&a).as_str(), text(&b).as_str()), (old, new));
    }
}

#[test]
fn rows_stand_beside_their_like() {
    for (old, new, expected) in [
        ("", "", &[][..]),
        ("a\nc", "a\nb\nc", &["= 1 1 a", "|2 b", "= 2 3 c"]),
        ("a\r\nb", "a\nb\n", &["= 1 1 a", "= 2 2 b"]),
        ("x\n\ny", "x\n\nz", &["= 1 1 x", "= 2 2 ", "3 y|3 z"]),
        (
            "WHERE paid IS NULL AND sent",
            "LEFT JOIN billing.payments p ON p.id = i.id\nWHERE paid IS NULL",
            &[
                "|1 LEFT JOIN billing.payments p ON p.id = i.id",
                "1 WHERE paid IS NULL AND sent|2 WHERE paid IS NULL",
            ],
        ),
    ] {
        assert_eq!(told(old, new), expected, "{old}");
    }
}

#[test]
fn every_line_of_both_sides_is_there_once() {
    let pool = ["SELECT a", "SELECT b", "", "  'x", "y'", "-- c", "$$ d", "e $$", "SELECT a, b"];
    let mut seed = 3_u32;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as usize % below
    };
    for _ in 0..300 {
        let mut side = || (0..next(12)).map(|_| pool[next(pool.len())]).collect::<Vec<&str>>();
        let (old, new) = (side(), side());
        let found = rows(&old.join("\n"), &new.join("\n"), Language::Sql);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for row in &found.rows {
            match row {
                Row::Equal { old, new, spans } => {
                    left.push((*old, text(spans)));
                    right.push((*new, text(spans)));
                }
                Row::Changed { old, new } => {
                    left.extend(old.iter().map(|line| (line.number, text(&line.spans))));
                    right.extend(new.iter().map(|line| (line.number, text(&line.spans))));
                }
            }
        }
        for (side, found) in [(old, left), (new, right)] {
            let lines: Vec<(usize, String)> =
                side.join("\n").lines().map(str::to_owned).zip(1..).map(|(line, at)| (at, line)).collect();
            assert_eq!(found, lines);
        }
    }
}

#[test]
fn long_runs_of_equal_lines_are_folded() {
    let lines = |changed: &[usize]| {
        let line = |at| if changed.contains(&at) { format!("ten {at} x") } else { format!("line {at}") };
        (0..20).map(line).collect::<Vec<String>>().join("\n")
    };
    for (at, context, folds) in [
        (&[9][..], 3, &[(0, 6), (13, 20)][..]),
        (&[0, 19], 3, &[(4, 16)]),
        (&[5, 14], 3, &[]),
        (&[4, 14], 3, &[(8, 11)]),
        (&[], 3, &[(0, 20)]),
        (&[10], 0, &[(0, 10), (11, 20)]),
        (&[10], 100, &[]),
    ] {
        let found = rows(&lines(&[]), &lines(at), Language::Sql).rows;
        assert_eq!(found.len(), 20);
        let told: Vec<(usize, usize)> =
            fold(&found, context).into_iter().map(|fold| (fold.start, fold.end)).collect();
        assert_eq!(told, folds, "{at:?} {context}");
    }
    assert!(fold(&rows("a\nb", "a\nb", Language::Sql).rows, 3).is_empty());
}

#[test]
fn tokens_have_their_colours_on_every_line() {
    let lines = highlight("SELECT 'a\nb' -- 1\n\n\"Q\" 2", Language::Sql);
    let told: Vec<Vec<(Class, &str)>> = lines
        .iter()
        .map(|line| line.spans.iter().map(|span| (span.class, span.text.as_str())).collect())
        .collect();
    use Class::{Comment, Keyword, Number, Plain, Quoted, String};
    assert_eq!(
        told,
        [
            vec![(Keyword, "SELECT"), (Plain, " "), (String, "'a")],
            vec![(String, "b'"), (Plain, " "), (Comment, "-- 1")],
            vec![],
            vec![(Quoted, "\"Q\""), (Plain, " "), (Number, "2")],
        ]
    );
}

#[test]
fn what_is_too_large_is_plain_and_says_so() {
    let many = "SELECT 1\n".repeat(MAX_LINES + 1);
    let found = rows(&many, &format!("{many}x"), Language::Sql);
    assert!(found.is_plain);
    assert_eq!(found.rows.len(), MAX_LINES + 2);
    let wide = "a,".repeat(MAX_WORDS);
    let found = rows(&wide, &format!("{wide}b"), Language::Sql);
    assert!(found.is_plain);
    assert_eq!(found.rows.len(), 1);
    assert!(!rows("a", "b", Language::Sql).is_plain);
}

#[test]
fn is_compact_as_json() {
    let found = rows("SELECT a, 1", "SELECT a, 2", Language::Sql);
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(
        json,
        r#"{"rows":[{"changed":{"old":{"number":1,"spans":[{"t":"SELECT","c":"keyword"},{"t":" a, "},{"t":"1","c":"number","x":true}]},"new":{"number":1,"spans":[{"t":"SELECT","c":"keyword"},{"t":" a, "},{"t":"2","c":"number","x":true}]}}}]}"#
    );
    assert_eq!(serde_json::from_str::<Rows>(&json).unwrap(), found);
}

/// `cargo test --release -- --ignored --nocapture`
#[test]
#[ignore = "prints how long it takes"]
fn speed() {
    let line = |at: usize, other: usize| {
        format!("    column_{at} numeric(12, {other}) NOT NULL DEFAULT 'x{at}', -- {at}\n")
    };
    let text = |every: usize, other: usize| -> String {
        (0..20_000).map(|at| line(at, if at % every == 0 { other } else { 0 })).collect()
    };
    for (name, old, new) in [
        ("20,000 lines, 1 in 20 differs", text(20, 0), text(20, 1)),
        ("20,000 lines, all differ", text(1, 0), text(1, 1)),
        (
            "a function of 300 lines",
            text(9, 0).lines().take(300).collect::<Vec<_>>().join("\n"),
            text(9, 1).lines().take(300).collect::<Vec<_>>().join("\n"),
        ),
    ] {
        let start = std::time::Instant::now();
        let found = rows(&old, &new, Language::Sql);
        println!("{name}: {} rows in {:?}", found.rows.len(), start.elapsed());
    }
}
