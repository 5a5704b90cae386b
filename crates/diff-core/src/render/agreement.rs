//! Who agrees with whom, on a console: the groups, then a letter for what each group says of an object.

use itertools::Itertools;

use super::run::line;
use super::text::{Style, TextOptions, describe, paint};
use crate::Cell;
use crate::agreement::{Agreement, Standing};

/// So many names of a group are written out.
const FEW: usize = 6;

/// Writes an agreement for a console, ending with a line feed.
pub fn agreement(found: &Agreement, options: TextOptions) -> String {
    let mut lines = Vec::new();
    for (number, group) in found.groups.iter().enumerate() {
        lines.extend(describe_group(found, number, group, options));
    }
    if !found.rows.is_empty() {
        lines.push(String::new());
        lines.extend(table(found, options));
        lines.push(String::new());
        let baseline = if found.baseline.is_some() { "  * not as the baseline" } else { "" };
        let legend = format!("the same letter is the same definition  − absent  ? not known there{baseline}");
        lines.push(format!("  {}", paint(options, Style::Dim, &legend)));
    }
    lines.push(String::new());
    lines.push(verdict(found, options));
    lines.join("\n") + "\n"
}

fn describe_group(found: &Agreement, number: usize, group: &[usize], options: TextOptions) -> Vec<String> {
    let shown = if options.verbose || group.len() <= FEW + 1 { group.len() } else { FEW };
    let names = group[..shown].iter().map(|place| line(&found.members[*place].name)).join(", ");
    let more = if shown < group.len() { format!(" and {} more", group.len() - shown) } else { String::new() };
    let number_shown = paint(options, Style::Bold, &format!("{:>3}", number + 1));
    let is_baseline = found.baseline == Some(number);
    let baseline = if is_baseline { paint(options, Style::Good, "  baseline") } else { String::new() };
    let mut lines = vec![format!("{number_shown}  {names}{more}{baseline}")];
    if let [one] = group {
        lines.push(format!("     {}", paint(options, Style::Dim, &line(&describe(&found.members[*one])))));
    } else if found.groups.len() > 1 {
        let count = format!("{} that agree", group.len());
        lines.push(format!("     {}", paint(options, Style::Dim, &count)));
    }
    lines
}

fn table(found: &Agreement, options: TextOptions) -> Vec<String> {
    let name = |row: &Standing| line(&format!("{} {}", row.object.kind().label(), row.object.dotted()));
    let most = options.width.saturating_sub(4 * found.groups.len() + 4).clamp(20, 72);
    let longest = found.rows.iter().map(|row| name(row).chars().count()).max().unwrap_or(0).min(most);
    let heads = (1..=found.groups.len()).map(|number| format!("{number:>3} ")).collect::<String>();
    let mut lines = vec![format!("  {:longest$} {}", "", paint(options, Style::Bold, &heads))];
    for row in &found.rows {
        let name = name(row);
        let cells =
            row.cells.iter().enumerate().map(|(group, cell)| cell_text(found, row, group, *cell, options));
        let cells = cells.collect::<String>();
        let odd = row.odd_one.map(|group| odd_one(found, group));
        let odd = odd.map_or_else(String::new, |odd| paint(options, Style::Dim, &format!("   {odd}")));
        // A name that is too long stands on a line of its own.
        if name.chars().count() > longest {
            lines.push(format!("  {name}"));
            lines.push(format!("  {:longest$} {cells}{odd}", ""));
        } else {
            lines.push(format!("  {name:longest$} {cells}{odd}"));
        }
    }
    lines
}

fn cell_text(found: &Agreement, row: &Standing, group: usize, cell: Cell, options: TextOptions) -> String {
    let letter = match cell {
        Cell::Class(number) => letters(number),
        Cell::Absent => "−".to_owned(),
        Cell::Unknown => "?".to_owned(),
    };
    let is_apart = match found.baseline {
        Some(baseline) => row.cells[baseline] != cell && cell != Cell::Unknown,
        None => row.odd_one == Some(group),
    };
    // What is not as the baseline has it is marked where there are no colours, too.
    let mark = if is_apart && found.baseline.is_some() { "*" } else { " " };
    let text = format!("{letter:>3}{mark}");
    if is_apart { paint(options, Style::Medium, &text) } else { text }
}

/// `A` to `Z`, then `AA`.
fn letters(number: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    let first = if number < 26 { String::new() } else { letters(number / 26 - 1) };
    format!("{first}{}", letter(number))
}

fn odd_one(found: &Agreement, group: usize) -> String {
    match found.groups[group].as_slice() {
        [one] => format!("only {} differs", line(&found.members[*one].name)),
        several => format!("only the {} of group {} differ", several.len(), group + 1),
    }
}

fn verdict(found: &Agreement, options: TextOptions) -> String {
    let (mark, style) = if found.is_in_sync() { ("✓", Style::Good) } else { ("✗", Style::Medium) };
    let objects = match found.rows.len() {
        0 => String::new(),
        count => format!(", in {}", crate::report::counted(count, "object")),
    };
    paint(options, style, &format!("{mark} {}{objects}", found.verdict()))
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_go_on_after_the_last() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
