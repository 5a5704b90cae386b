//! Who agrees with whom: any number of snapshots, grouped by equal schema first.

use itertools::Itertools;
use serde::Serialize;

use crate::report::{Side, counted};
use crate::{Cell, DiffOptions, Matrix, ObjectId, Snapshot, collect, matrix};

/// Several snapshots, and where they differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
        // Of two hundred that agree one is enough: the one that can say most.
        let silence = |place: &usize| {
            let coverage = &snapshots[*place].coverage;
            let silent = coverage.unknown_kinds.len() + coverage.unknown_attributes.len();
            (coverage.schemas.is_some(), silent)
        };
        let spokesman =
            |group: &Vec<usize>| group.iter().copied().min_by_key(silence).map(|place| snapshots[place]);
        let firsts = groups.iter().filter_map(spokesman).collect_vec();
        let found = matrix(&firsts, options);
        let same = found.rows.iter().filter(|row| row.is_same).count();
        let rows = found.rows.into_iter().filter(|row| !row.is_same);
        Self {
            format: 1,
            members: names.iter().zip(snapshots).map(|(name, it)| Side::of(name, it)).collect(),
            baseline: baseline.and_then(|place| groups.iter().position(|group| group.contains(&place))),
            rows: rows
                .map(|row| Standing {
                    odd_one: odd_one(&row.cells, &groups),
                    object: row.id,
                    cells: row.cells,
                })
                .collect(),
            groups,
            same,
        }
    }

    /// Whether all agree.
    pub fn is_in_sync(&self) -> bool {
        self.groups.len() <= 1
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
                format!(
                    "{largest} of {all} agree; {} in {ways}",
                    match all - largest {
                        1 => "the other one differs".to_owned(),
                        others => format!("the other {others} differ"),
                    }
                )
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

/// The group that alone differs from all the others, which are more than it is.
fn odd_one(cells: &[Cell], groups: &[Vec<usize>]) -> Option<usize> {
    let said = (0..cells.len()).filter(|group| cells[*group] != Cell::Unknown).collect_vec();
    let members = |all: &[usize]| all.iter().map(|group| groups[*group].len()).sum::<usize>();
    let is_odd = |group: &usize| {
        let others = said.iter().copied().filter(|other| other != group).collect_vec();
        let agree = others.iter().map(|other| cells[*other]).all_equal();
        agree
            && others.iter().all(|other| cells[*other] != cells[*group])
            && members(&others) > groups[*group].len()
    };
    said.iter().copied().find(is_odd)
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
