//! A report as GitHub's runner reads it from the log: commands that make annotations at files and lines.
//!
//! A step shows at most ten annotations of each type, so the most severe are written and the rest is counted.

use super::run::{Level, Problem, Run};
use crate::report::counted;

/// So many annotations of a type a step shows.
const MOST: usize = 10;

/// Writes the commands, what fails the run first, and the verdict.
pub fn github(run: &Run<'_>) -> String {
    let problems = run.problems();
    let of = |level: Level| problems.iter().filter(move |problem| problem.level == level);
    // One notice is kept for the count of the rest.
    let most = |level: Level| if level == Level::Notice { MOST - 1 } else { MOST };
    let shown = [Level::Error, Level::Warning, Level::Notice].map(|level| of(level).take(most(level)));
    let mut lines: Vec<String> = shown.into_iter().flatten().map(|problem| command(run, problem)).collect();
    let rest = problems.len() - lines.len();
    if rest > 0 {
        let text =
            format!("{} not shown here: the summary of the run has all.", counted(rest, "more problem"));
        lines.push(format!("::notice title=driftglass::{}", data(&text)));
    }
    lines.push(run.report.verdict());
    lines.extend(run.gates());
    lines.join("\n") + "\n"
}

fn command(run: &Run<'_>, problem: &Problem<'_>) -> String {
    let mut properties = Vec::new();
    if let Some((file, line)) = problem.origin.and_then(|origin| run.place(origin)) {
        properties.push(format!("file={}", property(&file)));
        properties.push(format!("line={line}"));
    }
    properties.push(format!("title={}", property(&format!("driftglass: {}", problem.rule))));
    let text = [vec![format!("{}.", problem.sentence)], problem.more.clone()].concat().join("\n");
    format!("::{} {}::{}", problem.level.word("notice"), properties.join(","), data(&text))
}

/// What stands behind the last `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("a%0A::error::b\r\n"), "a%250A::error::b%0D%0A");
        assert_eq!(property("a,line=1::b"), "a%2Cline=1%3A%3Ab");
    }
}
