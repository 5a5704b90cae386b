//! What the list on the left holds: the differences in sections, without those that the filter hides. No DOM.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use diff_core::{Entry, Kind, Report, Severity};

/// What the sections are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// One a table, or an object that belongs to none.
    #[default]
    Object,
    /// One a kind of difference.
    Group,
}

/// What is shown of the differences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Words that must all occur in names, values, rules or files; blanks part them.
    pub(crate) text: String,
    /// The severities that are shown; all where empty.
    pub(crate) severities: BTreeSet<Severity>,
}

impl Filter {
    /// Whether it hides nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.severities.is_empty()
    }
}

/// What the filter looks into: of each entry all its words, in lower case.
#[derive(Debug)]
pub(crate) struct Haystack(Vec<String>);

impl Haystack {
    pub(crate) fn new(report: &Report) -> Self {
        Self(report.entries.iter().map(|entry| words(entry, report)).collect())
    }
}

fn words(entry: &Entry, report: &Report) -> String {
    let origin = entry.origin.as_ref().map(ToString::to_string);
    let parts = [
        Some(entry.id.to_string()),
        Some(entry.id.kind().label().to_owned()),
        Some(entry.group.title(&report.old.name, &report.new.name)),
        entry.attribute.as_deref().map(|attribute| attribute.replace('_', " ")),
        entry.old.clone(),
        entry.new.clone(),
        entry.rule.map(str::to_owned),
        origin,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n").to_lowercase()
}

/// One line of the list, and what is shown when it is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Tells sections apart; stable while the same files are open.
    pub(crate) key: Rc<str>,
    /// The schema of a table; empty for groups.
    pub(crate) schema: String,
    /// The name of the table or object, or the title of the group.
    pub(crate) title: String,
    /// The word for what it is: `table`, `function`; empty for groups.
    pub(crate) word: &'static str,
    /// The entries that are shown, by their index in the report.
    pub(crate) entries: Vec<usize>,
    /// The highest severity among them.
    pub(crate) severity: Severity,
}

/// The sections and what the filter leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) sections: Vec<Section>,
    /// Differences that are shown.
    pub(crate) shown: usize,
    /// All differences.
    pub(crate) total: usize,
}

impl Listing {
    /// Sorts the entries of `report` that `filter` lets through into sections.
    pub(crate) fn new(report: &Report, haystack: &Haystack, filter: &Filter, grouping: Grouping) -> Self {
        let needles: Vec<String> = filter.text.split_whitespace().map(str::to_lowercase).collect();
        let is_shown = |index: &usize| {
            let severity = report.entries[*index].severity;
            let hay = haystack.0.get(*index).map_or("", String::as_str);
            (filter.severities.is_empty() || filter.severities.contains(&severity))
                && needles.iter().all(|needle| hay.contains(needle.as_str()))
        };
        let indices: Vec<usize> = (0..report.entries.len()).filter(is_shown).collect();
        let shown = indices.len();
        let sections = match grouping {
            Grouping::Object => by_object(report, indices),
            Grouping::Group => by_group(report, indices),
        };
        Self { sections, shown, total: report.entries.len() }
    }

    /// The place of a section.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        self.sections.iter().position(|section| &*section.key == key)
    }

    /// The section that shows an entry.
    pub(crate) fn section_of(&self, entry: usize) -> Option<&Section> {
        self.sections.iter().find(|section| section.entries.contains(&entry))
    }
}

fn by_object(report: &Report, indices: Vec<usize>) -> Vec<Section> {
    let mut found: BTreeMap<(Vec<String>, Option<Kind>), Vec<usize>> = BTreeMap::new();
    for index in indices {
        let id = &report.entries[index].id;
        // A relation's parts differ in kind and belong together; other objects may share a path.
        let key = match id.relation() {
            Some(relation) => (relation.to_vec(), None),
            None => (id.path().to_vec(), Some(id.kind())),
        };
        found.entry(key).or_default().push(index);
    }
    let section = |((path, kind), entries): ((Vec<String>, Option<Kind>), Vec<usize>)| {
        let first = &report.entries[entries[0]];
        let own = entries.iter().map(|index| &report.entries[*index].id).find(|id| id.path() == path);
        let word = kind.or(own.map(diff_core::ObjectId::kind)).unwrap_or(Kind::Table).label();
        let is_top = path.len() == 1;
        Section {
            key: format!("{word}:{}", path.join("\u{1f}")).into(),
            schema: if is_top { String::new() } else { first.id.schema().to_owned() },
            title: path.last().cloned().unwrap_or_default(),
            word,
            severity: highest(report, &entries),
            entries,
        }
    };
    found.into_iter().map(section).collect()
}

fn by_group(report: &Report, indices: Vec<usize>) -> Vec<Section> {
    let shown: BTreeSet<usize> = indices.into_iter().collect();
    let section = |(group, entries): (diff_core::Group, Vec<&Entry>)| {
        // `groups` lends entries; their places in the report are what the page addresses them by.
        let is_of_it = |index: &usize| shown.contains(index) && report.entries[*index].group == group;
        let indices: Vec<usize> = (0..report.entries.len()).filter(is_of_it).collect();
        debug_assert!(indices.len() <= entries.len());
        let title = group.title(&report.old.name, &report.new.name);
        (!indices.is_empty()).then(|| Section {
            key: format!("group:{title}").into(),
            schema: String::new(),
            title,
            word: "",
            severity: highest(report, &indices),
            entries: indices,
        })
    };
    report.groups().filter_map(section).collect()
}

fn highest(report: &Report, entries: &[usize]) -> Severity {
    entries.iter().map(|index| report.entries[*index].severity).max().unwrap_or(Severity::Low)
}
