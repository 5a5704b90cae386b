//! Who agrees with whom: any number of snapshots, grouped by equal schema first.

use itertools::Itertools;
use serde::Serialize;

use crate::report::{Side, counted};
use crate::{Cell, DiffOptions, Matrix, ObjectId, Snapshot, collect, matrix};

/// Several snapshots, and where they differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// The version of this form.
    pub format: u32,
    /// The snapshots, in their order.
    pub members: Vec<Side>,
    /// Those of equal schema together, by their places; the largest group first.
    pub groups: Vec<Vec<usize>>,
    /// The group that the others are held against, if one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<usize>,
    /// In how many objects all agree.
    pub same: usize,
    /// The objects in which they do not, by id.
    pub rows: Vec<Standing>,
}

/// An object in which the groups do not all agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The object, with everything in it.
    pub object: ObjectId,
    /// What each group says of it, in their order.
    pub cells: Vec<Cell>,
    /// The group that differs from all the others, where these agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odd_one: Option<usize>,
}

impl Agreement {
    /// Holds snapshots against each other. `names` are what people call them, `baseline` is the place of the one that the
    /// others are held against.
    pub fn new(
        snapshots: &[&Snapshot],
        names: &[String],
        baseline: Option<usize>,
        options: &DiffOptions,
    ) -> Self {
        let found = matrix(snapshots, options);
        let groups = groups(&found);
        let firsts = groups.iter().map(|group| snapshots[group[0]]).collect_vec();
        // Between the groups alone: of two hundred that agree one is enough.
        let found = matrix(&firsts, options);
        let same = found.rows.iter().filter(|row| row.is_same).count();
        let rows = found.rows.into_iter().filter(|row| !row.is_same);
        Self {
            format: 1,
            members: names.iter().zip(snapshots).map(|(name, it)| Side::of(name, it)).collect(),
            baseline: baseline.and_then(|place| groups.iter().position(|group| group.contains(&place))),
            groups,
            same,
            rows: rows
                .map(|row| Standing { object: row.id, cells: row.cells, odd_one: row.odd_one })
                .collect(),
        }
    }

    /// Whether all agree.
    pub fn is_in_sync(&self) -> bool {
        self.rows.is_empty()
    }

    /// The outcome in a sentence: `197 of 200 agree; the other 3 differ in 2 ways`.
    pub fn verdict(&self) -> String {
        let all = self.members.len();
        let largest = self.groups.first().map_or(0, Vec::len);
        match self.groups.len() {
            0 | 1 => format!("all {all} agree"),
            ways if largest == 1 => format!("no two of {all} agree; they differ in {}", counted(ways, "way")),
            ways => {
                let ways = counted(ways - 1, "way");
                format!("{largest} of {all} agree; the other {} differ in {ways}", all - largest)
            }
        }
    }
}

/// Those between which nothing differs, the largest group first.
fn groups(found: &Matrix) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for place in 0..found.distances.len() {
        let agrees = |group: &&mut Vec<usize>| group.iter().all(|other| found.distances[*other][place] == 0);
        match groups.iter_mut().find(agrees) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    collect::sorted_by_key(groups, |group| std::cmp::Reverse(group.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_schemas_are_one_group() {
        let of = |name: &str| {
            let table = format!(
                r#"{{"format": 1, "objects": {{"table:public.{name}": {{"body": {{"table": {{}}}}}}}}}}"#
            );
            Snapshot::from_json(table.as_bytes()).unwrap()
        };
        let all = ["a", "b", "a", "a", "c"].map(of);
        let names = ["1", "2", "3", "4", "5"].map(str::to_owned);
        let agreement = Agreement::new(&all.each_ref(), &names, Some(2), &DiffOptions::default());
        assert_eq!(agreement.groups, [vec![0, 2, 3], vec![1], vec![4]]);
        assert_eq!((agreement.baseline, agreement.rows.len()), (Some(0), 3));
        assert_eq!(agreement.verdict(), "3 of 5 agree; the other 2 differ in 2 ways");
        let alike = Agreement::new(&[&all[0], &all[2]], &names[..2], None, &DiffOptions::default());
        assert!(alike.is_in_sync());
        assert_eq!(alike.verdict(), "all 2 agree");
    }
}
