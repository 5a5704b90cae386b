//! What several sources are called, beside each other.

use std::path::Path;

use anyhow::{Result, bail};
use diff_core::Snapshot;
use snapshot::secrets::mask;

/// A short name for each source: of a file its name without the ending, else what it calls itself. Those that would
/// be called the same keep the whole text that was typed, without a password.
pub(crate) fn of(references: &[String], snapshots: &[Snapshot]) -> Vec<String> {
    let short = |(reference, snapshot): (&String, &Snapshot)| {
        let file = reference.strip_suffix(".json.gz").or(reference.strip_suffix(".json"));
        let file = file.and_then(|file| Path::new(file).file_name()?.to_str());
        let label = Some(snapshot.source.label.as_str()).filter(|label| !label.is_empty());
        file.or(label).map_or_else(|| mask(reference), str::to_owned)
    };
    let short: Vec<String> = references.iter().zip(snapshots).map(short).collect();
    let is_double = |name: &String| short.iter().filter(|other| *other == name).count() > 1;
    let pairs = short.iter().zip(references);
    pairs.map(|(name, whole)| if is_double(name) { mask(whole) } else { name.clone() }).collect()
}

/// The place of the source that is called so: by name, by label, or by its number from 1.
pub(crate) fn place(name: &str, names: &[String], snapshots: &[Snapshot]) -> Result<usize> {
    let by_name = names.iter().position(|known| known == name);
    let by_label = || snapshots.iter().position(|snapshot| snapshot.source.label == name);
    let by_number = || name.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < names.len());
    match by_name.or_else(by_label).or_else(by_number) {
        Some(place) => Ok(place),
        None => bail!("--baseline {name}: none of the sources is called so; there are {}", names.join(", ")),
    }
}
