//! A pair of snapshot files, for who measures how long each work takes here and there.

use diff_core::{DiffOptions, PlanOptions, Report, Snapshot, diff, plan};

/// What is measured, in its order: each by itself, of a pair that has been read.
pub const WORKS: [&str; 4] = ["Snapshot::from_json of both", "diff", "diff and Report::new", "plan"];

/// Two snapshots, and the files that they are of.
#[derive(Debug)]
pub struct Measured {
    files: [Vec<u8>; 2],
    read: [Snapshot; 2],
}

impl Measured {
    /// Reads a pair; none where it is not two snapshots.
    pub fn new(pair: &[u8]) -> Option<Self> {
        let middle = pair.iter().position(|byte| *byte == 0)?;
        let files = [pair[..middle].to_vec(), pair[middle + 1..].to_vec()];
        let [old, new] = files.each_ref().map(|file| Snapshot::from_json(file));
        Some(Self { read: [old.ok()?, new.ok()?], files })
    }

    /// Does one of the works; gives how much came of it, so that nobody leaves it out.
    pub fn run(&self, work: usize) -> usize {
        let ([old, new], options) = (&self.read, DiffOptions::default());
        match WORKS.get(work) {
            Some(&"diff") => diff(old, new, &options).deltas.len(),
            Some(&"diff and Report::new") => {
                let found = diff(old, new, &options);
                Report::new(old, new, &found, &options).entries.len()
            }
            Some(&"plan") => plan(old, new, &PlanOptions::default()).map_or(0, |plan| plan.steps.len()),
            _ => {
                self.files.iter().flat_map(|file| Snapshot::from_json(file)).map(|it| it.objects.len()).sum()
            }
        }
    }
}
