//! What a comparison comes to: counts, the worst first, what is the same in many places, what is hidden.

use std::collections::BTreeMap;

use diff_core::{Entry, Group, Report, collect};
use itertools::Itertools as _;

use crate::ask::{Fate, GroupCount, Overview, Risk, SchemaCount};
use crate::changes::{after, fold, folds, loses_data, schema};
use crate::comparison::{Comparison, cause_word};

/// So many differences of a risk are named.
const EXAMPLES: usize = 4;
/// So many folds are shown.
const MAX_FOLDS: usize = 8;

/// The order in which fates are counted.
const FATES: [Fate; 4] = [Fate::Added, Fate::Removed, Fate::Altered, Fate::Renamed];

/// What the comparison comes to.
pub(crate) fn overview(comparison: &Comparison) -> Overview {
    let report = &comparison.report;
    let entries = &report.entries;
    let counts = counts(entries.iter());
    Overview {
        old: report.old.clone(),
        new: report.new.clone(),
        totals: report.totals,
        is_in_sync: report.is_in_sync(),
        losses: entries.iter().filter(|entry| loses_data(entry)).count(),
        fates: FATES.into_iter().zip(counts).collect(),
        standing: report.causes.as_ref().map_or_else(String::new, |causes| causes.standing.clone()),
        causes: report.causes.iter().flat_map(|causes| &causes.found).map(cause).collect(),
        groups: groups(report),
        risks: risks(comparison),
        folds: folds(report, 0..entries.len())
            .iter()
            .take(MAX_FOLDS)
            .map(|same| fold(report, same))
            .collect(),
        schemas: schemas(comparison),
        findings: report.findings.clone(),
        information: report.information.clone(),
        not_compared: report.not_compared.clone(),
        ignored: comparison.diff.not_compared.ignored,
        objects: comparison.sections.iter().map(|it| (it.id.to_string(), it.mark.clone())).collect(),
    }
}

fn cause(found: &diff_core::CauseFound) -> Risk {
    let mut effect = found.cause.label().to_owned();
    if let [first, rest @ ..] = found.revisions.as_slice() {
        let last = rest.last().map_or("", String::as_str);
        effect =
            [effect.as_str(), " (", first, if last.is_empty() { "" } else { " to " }, last, ")"].concat();
    }
    Risk {
        rule: cause_word(found.cause),
        severity: diff_core::Severity::Low,
        is_loss: false,
        effect,
        remedy: found.next.clone(),
        count: found.count,
        examples: Vec::new(),
    }
}

fn counts<'a>(entries: impl Iterator<Item = &'a Entry>) -> [usize; 4] {
    entries.fold([0; 4], |mut counts, entry| {
        let fate = Fate::of(entry.change);
        if let Some(place) = FATES.iter().position(|known| *known == fate) {
            counts[place] += 1;
        }
        counts
    })
}

fn groups(report: &Report) -> Vec<GroupCount> {
    let mut found: BTreeMap<Group, Vec<&Entry>> = BTreeMap::new();
    for entry in &report.entries {
        found.entry(entry.group).or_default().push(entry);
    }
    let count = |(group, entries): (Group, Vec<&Entry>)| GroupCount {
        group,
        title: group.title(&report.old.name, &report.new.name),
        counts: counts(entries.into_iter()),
    };
    found.into_iter().map(count).collect()
}

/// The rules that speak: what can lose data first, then by severity.
fn risks(comparison: &Comparison) -> Vec<Risk> {
    let report = &comparison.report;
    let mut found: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in &report.entries {
        if let Some(rule) = entry.rule {
            found.entry(rule).or_default().push(entry);
        }
    }
    let example = |entry: &&Entry| {
        let name = entry.id.dotted();
        let after = if entry.attribute.is_some() { after(entry) } else { String::new() };
        (comparison.top(&entry.id).to_string(), format!("{name} {after}").trim_end().to_owned())
    };
    let risk = |advice: &diff_core::Advice| {
        let entries = found.get(advice.rule)?;
        Some(Risk {
            rule: advice.rule.to_owned(),
            severity: advice.severity,
            is_loss: advice.hazards.contains(&diff_core::Hazard::DataLoss),
            effect: advice.effect.to_owned(),
            remedy: advice.remedy.to_owned(),
            count: entries.len(),
            examples: entries.iter().take(EXAMPLES).map(example).collect(),
        })
    };
    collect::sorted_by_key(report.advice.iter().filter_map(risk), |risk| !risk.is_loss)
}

fn schemas(comparison: &Comparison) -> Vec<SchemaCount> {
    let mut found: BTreeMap<String, SchemaCount> = BTreeMap::new();
    let both = [&comparison.old, &comparison.new].map(|snapshot| snapshot.objects.keys());
    let [old, new] = both;
    for id in old.merge(new).dedup().filter(|id| id.relation().is_none_or(|path| path == id.path())) {
        let schema = schema(id).to_owned();
        let count = found.entry(schema.clone()).or_insert(SchemaCount {
            schema,
            objects: 0,
            changed: 0,
            severity: None,
        });
        count.objects += 1;
    }
    for section in &comparison.sections {
        if let Some(count) = found.get_mut(schema(&section.id)) {
            count.changed += 1;
            count.severity = count.severity.max(Some(section.severity));
        }
    }
    found.into_values().collect()
}
