//! The list of what differs: which entries the filter lets through, and the tree of rows they make.

use std::collections::{BTreeMap, BTreeSet};

use diff_core::{Entry, ObjectId, Report, Severity, collect};
use itertools::Itertools as _;

use crate::ask::{Changes, Fate, Filter, Fold, Grouping, Listing, Row};
use crate::comparison::{Comparison, Section};

/// The same difference in fewer places than this is not folded.
const MIN_FOLD: usize = 3;

/// The list as `listing` wants it.
pub(crate) fn changes(comparison: &Comparison, listing: &Listing) -> Changes {
    let shown = shown(comparison, &listing.filter);
    let mut tree = Tree { comparison, listing, rows: Vec::new() };
    match listing.grouping {
        Grouping::Table => tree.by_table(&shown),
        Grouping::Kind => tree.by(&shown, |entry| entry.group as usize, kind_title),
        Grouping::Risk => tree.by(&shown, risk, risk_title),
        Grouping::Cause => tree.by(&shown, cause, cause_title),
        Grouping::Why => tree.by(&shown, why, why_title),
    }
    let mut seen = BTreeSet::new();
    let named = tree.rows.iter().filter_map(|row| row.object.as_ref());
    let objects = named.filter(|object| seen.insert(*object)).cloned().collect();
    let total = comparison.report.entries.len();
    Changes { rows: tree.rows, shown: shown.iter().filter(|is_shown| **is_shown).count(), total, objects }
}

/// For each entry whether the filter lets it through.
pub(crate) fn shown(comparison: &Comparison, filter: &Filter) -> Vec<bool> {
    let needles: Vec<String> = filter.text.split_whitespace().map(str::to_lowercase).collect();
    let any = |is_empty: bool, is_in: bool| is_empty || is_in;
    let lets_through = |(entry, words): (&Entry, &String)| {
        any(filter.severities.is_empty(), filter.severities.contains(&entry.severity))
            && any(filter.groups.is_empty(), filter.groups.contains(&entry.group))
            && any(filter.fates.is_empty(), filter.fates.contains(&Fate::of(entry.change)))
            && any(filter.rules.is_empty(), entry.rule.is_some_and(|rule| filter.rules.contains(rule)))
            && any(filter.schemas.is_empty(), filter.schemas.contains(schema(&entry.id)))
            && any(!filter.is_loss, loses_data(entry))
            && needles.iter().all(|needle| words.contains(needle.as_str()))
    };
    comparison.report.entries.iter().zip(&comparison.words).map(lets_through).collect()
}

/// The schema that an object is listed under; empty for what stands outside of schemas.
pub(crate) fn schema(id: &ObjectId) -> &str {
    if id.kind().is_outside_schemas() || id.path().len() < 2 { "" } else { id.schema() }
}

/// Whether the way from old to new can lose data here.
pub(crate) fn loses_data(entry: &Entry) -> bool {
    entry.hazards.contains(&diff_core::Hazard::DataLoss)
}

/// What stands for the name of the table in the names of things that are called after it.
const TABLE: &str = "…";

/// What a difference is, without the name of the table: the same in many places is folded.
type Shape<'a> = (&'static str, &'static str, Option<&'a str>, Option<&'a str>, Option<&'a str>, String);

fn shape(entry: &Entry) -> Shape<'_> {
    // What only one side has is the same only under the same name.
    let name = if entry.attribute.is_none() { pattern(entry) } else { String::new() };
    (
        entry.id.kind().label(),
        entry.change,
        entry.attribute.as_deref(),
        entry.old.as_deref(),
        entry.new.as_deref(),
        name,
    )
}

/// The name, without that of its table: `ix_…_created_at`.
fn pattern(entry: &Entry) -> String {
    let name = entry.id.name();
    match entry.id.parent().last().filter(|table| !table.is_empty() && entry.id.parent().len() > 1) {
        Some(table) => name.replace(table.as_str(), TABLE),
        None => name.to_owned(),
    }
}

/// Differences that are the same in several places, those in most places first. Indices into the report.
pub(crate) fn folds(report: &Report, indices: impl Iterator<Item = usize>) -> Vec<Vec<usize>> {
    let mut found: BTreeMap<Shape, Vec<usize>> = BTreeMap::new();
    for index in indices {
        found.entry(shape(&report.entries[index])).or_default().push(index);
    }
    let is_repeated =
        |entries: &Vec<usize>| entries.len() >= MIN_FOLD && !report.entries[entries[0]].id.path().is_empty();
    let repeated = found.into_values().filter(is_repeated);
    collect::sorted_by_key(repeated, |entries| std::cmp::Reverse(entries.len()))
}

/// A fold as it is shown.
pub(crate) fn fold(report: &Report, entries: &[usize]) -> Fold {
    let first = &report.entries[entries[0]];
    let name = if has_name(report, entries) { pattern(first) } else { String::new() };
    let parts = name.split(TABLE).map(Some).chain([first.old.as_deref(), first.new.as_deref()]);
    let is_findable = |text: &&str| !text.is_empty() && !text.contains('\n');
    let text = parts.flatten().filter(is_findable).join(" ");
    Fold {
        title: format!("{} {}", first.id.kind().label(), after(first)).trim_end().to_owned(),
        count: entries.len(),
        severity: entries.iter().map(|index| report.entries[*index].severity).max().unwrap_or_default(),
        fate: Fate::of(first.change),
        text,
        group: first.group,
        name,
    }
}

/// A difference in a few words, behind the name: `type integer → bigint`.
pub(crate) fn after(entry: &Entry) -> String {
    const LONGEST: usize = 60;
    let short = |text: &Option<String>| {
        let line = text.as_deref().unwrap_or("none").lines().next().unwrap_or_default().to_owned();
        match line.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    };
    let Some(attribute) = &entry.attribute else {
        return match entry.change {
            "renamed" => format!("{} → {}", short(&entry.old), short(&entry.new)),
            _ => short(if entry.new.is_some() { &entry.new } else { &entry.old }),
        };
    };
    let is_long = |side: &Option<String>| side.as_deref().is_some_and(|text| text.contains('\n'));
    let attribute = attribute.replace('_', " ");
    if is_long(&entry.old) || is_long(&entry.new) || attribute == "definition" {
        return attribute;
    }
    // "nullable → not null" says it all.
    let attribute = if attribute == "nullable" { String::new() } else { attribute + " " };
    format!("{attribute}{} → {}", short(&entry.old), short(&entry.new))
}

struct Tree<'a> {
    comparison: &'a Comparison,
    listing: &'a Listing,
    rows: Vec<Row>,
}

impl Tree<'_> {
    fn is_open(&self, key: &str, at_first: bool) -> bool {
        self.listing.toggled.contains(key) != at_first
    }

    /// A row of the first level, open at first; tells whether it is.
    fn heading(&mut self, row: Row) -> bool {
        let is_open = self.is_open(&row.key, true);
        self.rows.push(Row { level: 1, is_open: Some(is_open), ..row });
        is_open
    }

    /// Schemas, the objects in them, and their differences.
    fn by_table(&mut self, shown: &[bool]) {
        let kept = |section: &Section| {
            let entries = section.entries.iter().copied().filter(|index| shown[*index]).collect_vec();
            (!entries.is_empty()).then(|| (section.id.clone(), entries))
        };
        let mut objects = collect::map(self.comparison.sections.iter().filter_map(kept));
        if self.listing.is_whole {
            for id in self.unchanged() {
                objects.entry(id).or_default();
            }
        }
        let mut schemas: BTreeMap<String, Vec<(ObjectId, Vec<usize>)>> = BTreeMap::new();
        for (id, entries) in objects {
            schemas.entry(schema(&id).to_owned()).or_default().push((id, entries));
        }
        let siblings = schemas.len();
        for (place, (schema, objects)) in schemas.into_iter().enumerate() {
            let entries = objects.iter().flat_map(|(_, entries)| entries).copied().collect_vec();
            let heading = Row {
                key: format!("schema:{schema}"),
                place: place + 1,
                siblings,
                title: if schema.is_empty() { "outside of schemas".to_owned() } else { schema },
                ..self.summary(&entries)
            };
            if self.heading(heading) {
                self.objects(objects);
            }
        }
    }

    /// Objects that the filter's words find and that do not differ.
    fn unchanged(&self) -> BTreeSet<ObjectId> {
        let filter = &self.listing.filter;
        let words: Vec<String> = filter.text.split_whitespace().map(str::to_lowercase).collect();
        let has_other_filters = Filter { text: String::new(), ..filter.clone() } != Filter::default();
        if has_other_filters && (filter.schemas.is_empty() || filter.is_loss) {
            return BTreeSet::new();
        }
        let both = self.comparison.old.objects.keys().chain(self.comparison.new.objects.keys());
        let found = both
            .filter(|id| self.comparison.top(id) == **id && self.comparison.section(id).is_none())
            .filter(|id| filter.schemas.is_empty() || filter.schemas.contains(schema(id)))
            .filter(|id| {
                let text = id.to_string().to_lowercase();
                words.iter().all(|word| text.contains(word.as_str()))
            });
        collect::set(found.cloned())
    }

    fn objects(&mut self, objects: Vec<(ObjectId, Vec<usize>)>) {
        let siblings = objects.len();
        for (place, (id, entries)) in objects.into_iter().enumerate() {
            let section = self.comparison.section(&id);
            let key = format!("object:{id}");
            let is_open = self.is_open(&key, false);
            let word = id.kind().label();
            self.rows.push(Row {
                key,
                level: 2,
                place: place + 1,
                siblings,
                is_open: (!entries.is_empty()).then_some(is_open),
                word: if word == "table" { String::new() } else { word.to_owned() },
                title: id.name().to_owned(),
                fate: Some(section.map_or(Fate::Same, |section| section.fate)),
                object: Some(id.to_string()),
                mark: section.map_or_else(String::new, |section| section.mark.clone()),
                ..self.summary(&entries)
            });
            if is_open {
                self.entries(&entries, 3, &id);
            }
        }
    }

    /// Groups by a number, in its order, and the differences in them; the same in many places as one row.
    fn by(
        &mut self,
        shown: &[bool],
        of: fn(&Entry) -> usize,
        title: fn(&Entry, &Report) -> (String, String),
    ) {
        let report = &self.comparison.report;
        let indices = (0..report.entries.len()).filter(|index| shown[*index]);
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in indices {
            groups.entry(of(&report.entries[index])).or_default().push(index);
        }
        let siblings = groups.len();
        for (place, (number, entries)) in groups.into_iter().enumerate() {
            let (title, after) = title(&report.entries[entries[0]], report);
            let heading = Row {
                key: format!("group:{number}"),
                place: place + 1,
                siblings,
                title,
                after,
                ..self.summary(&entries)
            };
            if self.heading(heading) {
                self.folded(number, &entries);
            }
        }
    }

    fn folded(&mut self, group: usize, entries: &[usize]) {
        let report = &self.comparison.report;
        let folds = folds(report, entries.iter().copied());
        let within = collect::set(folds.iter().flatten().copied());
        let alone = entries.iter().copied().filter(|index| !within.contains(index)).collect_vec();
        let siblings = folds.len() + alone.len();
        for (place, same) in folds.iter().enumerate() {
            let fold = fold(report, same);
            let key = format!("fold:{group}:{}", same[0]);
            let is_open = self.is_open(&key, false);
            self.rows.push(Row {
                key,
                level: 2,
                place: place + 1,
                siblings,
                is_open: Some(is_open),
                before: if fold.name.is_empty() { String::new() } else { "in many tables: ".to_owned() },
                word: format!("{}×", same.len()),
                title: if fold.name.is_empty() { fold.title } else { fold.name },
                after: if has_name(report, same) { after(&report.entries[same[0]]) } else { String::new() },
                fate: Some(fold.fate),
                ..self.summary(same)
            });
            if is_open {
                self.leaves(same, 3, 0, same.len());
            }
        }
        self.leaves(&alone, 2, folds.len(), siblings);
    }

    fn leaves(&mut self, entries: &[usize], level: u8, before: usize, siblings: usize) {
        for (place, index) in entries.iter().enumerate() {
            let entry = &self.comparison.report.entries[*index];
            let top = self.comparison.top(&entry.id);
            let parent = if entry.id == top {
                schema(&top).to_owned()
            } else {
                top.path()[top.path().len().min(2) - 1].clone()
            };
            let row = self.leaf(*index, &top, level, before + place + 1, siblings);
            self.rows.push(Row { before: if parent.is_empty() { parent } else { parent + "." }, ..row });
        }
    }

    fn entries(&mut self, entries: &[usize], level: u8, top: &ObjectId) {
        for (place, index) in entries.iter().enumerate() {
            let row = self.leaf(*index, top, level, place + 1, entries.len());
            self.rows.push(row);
        }
    }

    fn leaf(&self, index: usize, top: &ObjectId, level: u8, place: usize, siblings: usize) -> Row {
        let entry = &self.comparison.report.entries[index];
        Row {
            key: format!("entry:{index}"),
            level,
            place,
            siblings,
            word: entry.id.kind().label().to_owned(),
            title: entry.id.name().to_owned(),
            after: after(entry),
            fate: Some(Fate::of(entry.change)),
            object: Some(top.to_string()),
            entry: Some(index),
            ..self.summary(&[index])
        }
    }

    /// What a row says of the differences in it.
    fn summary(&self, entries: &[usize]) -> Row {
        let of = |index: &usize| &self.comparison.report.entries[*index];
        Row {
            severity: entries.iter().map(|index| of(index).severity).max(),
            is_loss: entries.iter().map(of).any(loses_data),
            count: entries.len(),
            ..Row::default()
        }
    }
}

/// Whether all have one name, but for that of the table in it.
fn has_name(report: &Report, entries: &[usize]) -> bool {
    entries.iter().all(|index| pattern(&report.entries[*index]) == pattern(&report.entries[entries[0]]))
}

fn kind_title(entry: &Entry, report: &Report) -> (String, String) {
    (entry.group.title(&report.old.name, &report.new.name), String::new())
}

/// What can lose data first, then by severity.
fn risk(entry: &Entry) -> usize {
    match (loses_data(entry), entry.severity) {
        (true, _) => 0,
        (_, Severity::High) => 1,
        (_, Severity::Medium) => 2,
        (_, Severity::Low) => 3,
    }
}

fn risk_title(entry: &Entry, _: &Report) -> (String, String) {
    let title = match risk(entry) {
        0 => "Can lose data",
        1 => "High",
        2 => "Medium",
        _ => "Low",
    };
    (title.to_owned(), String::new())
}

/// The number of a group that comes last: it stands in the group's key, so it is the same where numbers are shorter.
const LAST: usize = u32::MAX as usize;

/// The rule's place in the table of rules; what none speaks about comes last.
fn cause(entry: &Entry) -> usize {
    let rules = diff_core::RULES.iter().copied().flatten();
    rules.enumerate().find(|(_, rule)| Some(rule.id) == entry.rule).map_or(LAST, |(place, _)| place)
}

fn cause_title(entry: &Entry, _: &Report) -> (String, String) {
    let Some(rule) = entry.rule.and_then(diff_core::rule) else {
        return ("no rule speaks about it".to_owned(), String::new());
    };
    (rule.id.to_owned(), rule.effect.to_owned())
}

/// The first cause; what the migrations do not tell comes last.
fn why(entry: &Entry) -> usize {
    entry.causes.first().map_or(LAST, |cause| *cause as usize)
}

fn why_title(entry: &Entry, report: &Report) -> (String, String) {
    let Some(cause) = entry.causes.first() else {
        return ("the migrations do not tell".to_owned(), String::new());
    };
    let found = report.causes.iter().flat_map(|causes| &causes.found).find(|found| found.cause == *cause);
    (cause.label().to_owned(), found.map_or_else(String::new, |found| found.next.clone()))
}
