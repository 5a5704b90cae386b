//! What the plain way from old to new does to tables that stand: which lock, on which of them, for how long.
//!
//! The modes and what they block are PostgreSQL's manual, "Explicit Locking". Which statement takes which was
//! measured; a test runs the example of every rule on the servers and compares.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter};

use super::Case;
use crate::{ObjectId, Size};

/// A lock on a table, the weakest first. Weaker ones stop neither readers nor writers nor other changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Mode {
    /// `ShareUpdateExclusiveLock`: stops VACUUM and other changes of the table.
    #[serde(rename = "ShareUpdateExclusiveLock")]
    #[strum(to_string = "SHARE UPDATE EXCLUSIVE")]
    ShareUpdateExclusive,
    /// `ShareLock`: stops writers.
    #[serde(rename = "ShareLock")]
    #[strum(to_string = "SHARE")]
    Share,
    /// `ShareRowExclusiveLock`: stops writers.
    #[serde(rename = "ShareRowExclusiveLock")]
    #[strum(to_string = "SHARE ROW EXCLUSIVE")]
    ShareRowExclusive,
    /// `ExclusiveLock`: stops writers and SELECT … FOR UPDATE.
    #[serde(rename = "ExclusiveLock")]
    #[strum(to_string = "EXCLUSIVE")]
    Exclusive,
    /// `AccessExclusiveLock`: stops everybody.
    #[serde(rename = "AccessExclusiveLock")]
    #[strum(to_string = "ACCESS EXCLUSIVE")]
    AccessExclusive,
}

impl Mode {
    /// Whom it keeps waiting, as the end of a sentence.
    pub fn blocks(self) -> &'static str {
        match self {
            Self::ShareUpdateExclusive => "blocks neither reads nor writes",
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => "blocks writes",
            Self::AccessExclusive => "blocks reads and writes",
        }
    }
}

/// What is done to the rows while the lock is held: how long it is held grows with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Work {
    /// Nothing: the lock is held for milliseconds, once it is granted.
    Brief,
    /// Every row is read, for a check or for an index.
    Scan,
    /// Every row and every index is written anew.
    Rewrite,
}

/// Which tables a lock is on, seen from the object that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub enum On {
    /// Its table, and what inherits from it or is a partition of it.
    #[strum(to_string = "the table and its partitions")]
    Table,
    /// Its table alone.
    #[strum(to_string = "the table")]
    Only,
    /// The table that a foreign key refers to.
    #[strum(to_string = "the table referred to")]
    Referenced,
    /// The tables whose foreign keys refer to the key or column, and those that its own foreign keys refer to.
    #[strum(to_string = "the other tables of its foreign keys")]
    Partners,
    /// The tables that it is a partition of or inherits from.
    #[strum(to_string = "the table above")]
    Parent,
    /// The partition that takes what no other does.
    #[strum(to_string = "the default partition")]
    Default,
    /// The tables that have a column of the type.
    #[strum(to_string = "every table with a column of the type")]
    Users,
    /// The tables that a publication or statistics are of.
    #[strum(to_string = "the tables that it names")]
    Named,
}

/// One lock that a rule speaks of.
#[derive(Clone, Copy, Debug)]
pub struct Lock {
    /// Which tables.
    pub on: On,
    /// How strong.
    pub mode: Mode,
    /// What is done meanwhile.
    pub work: Work,
    /// On which condition, as the end of a sentence; empty where there is none.
    pub when: &'static str,
    pub(crate) holds: fn(&Case<'_, '_>) -> bool,
}

impl Lock {
    pub(super) const fn new(on: On, mode: Mode, work: Work) -> Self {
        Self { on, mode, work, when: "", holds: |_| true }
    }

    pub(super) const fn when(self, when: &'static str, holds: fn(&Case<'_, '_>) -> bool) -> Self {
        Self { when, holds, ..self }
    }
}

/// A lock on a table, as it is to be expected of one difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Locked {
    /// The table.
    pub table: ObjectId,
    /// How strong.
    pub mode: Mode,
    /// What is done meanwhile.
    pub work: Work,
    /// How large the table is, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
}

impl Locked {
    /// Whether the table is known to hold nothing: then all is brief.
    pub fn is_empty(&self) -> bool {
        self.size.is_some_and(|size| size.rows == 0 && size.bytes == 0)
    }

    /// Whether somebody waits for as long as the table is large.
    pub fn is_long(&self) -> bool {
        self.mode > Mode::ShareUpdateExclusive && self.work > Work::Brief && !self.is_empty()
    }

    /// As people say it: `rewrites public.orders (41 GB) and blocks reads and writes`.
    pub fn sentence(&self) -> String {
        let table = self.table.dotted();
        let size = self.size.filter(|size| size.bytes > 0);
        let size = size.map_or_else(String::new, |size| format!(" ({})", in_units(size.bytes)));
        let blocks = self.mode.blocks();
        match self.work {
            _ if self.is_empty() => format!("{table} is empty: brief"),
            Work::Brief => format!("{blocks} of {table} briefly"),
            Work::Scan => format!("reads all of {table}{size} and {blocks}"),
            Work::Rewrite => format!("rewrites {table}{size} and {blocks}"),
        }
    }
}

/// Bytes in the unit that people would use: `41 GB`, `1.5 MB`.
pub fn in_units(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut size = bytes;
    while size >= 1024 * 1024 && unit + 1 < UNITS.len() {
        size /= 1024;
        unit += 1;
    }
    let tenths = size.saturating_mul(10) / 1024;
    match (tenths / 10, tenths % 10) {
        (whole, tenth) if whole < 10 && tenth > 0 => format!("{whole}.{tenth} {}", UNITS[unit]),
        (whole, _) => format!("{whole} {}", UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_units() {
        for (bytes, expected) in [
            (0, "0 kB"),
            (8192, "8 kB"),
            (1_600_000, "1.5 MB"),
            (44_023_414_784, "41 GB"),
            (3 << 40, "3 TB"),
            (u64::MAX, "16777215 TB"),
        ] {
            assert_eq!(in_units(bytes), expected);
        }
    }

    #[test]
    fn sentences() {
        let sentence = |mode, work, size: Option<(u64, u64)>| {
            let size = size.map(|(rows, bytes)| Size { rows, bytes });
            let table = "table:shop.orders".parse().unwrap();
            Locked { table, mode, work, size }.sentence()
        };
        let strongest = Mode::AccessExclusive;
        assert_eq!(
            sentence(strongest, Work::Rewrite, Some((9, 44_023_414_784))),
            "rewrites shop.orders (41 GB) and blocks reads and writes"
        );
        assert_eq!(sentence(strongest, Work::Rewrite, Some((0, 0))), "shop.orders is empty: brief");
        assert_eq!(sentence(Mode::Share, Work::Scan, None), "reads all of shop.orders and blocks writes");
        assert_eq!(
            sentence(strongest, Work::Brief, Some((5, 8192))),
            "blocks reads and writes of shop.orders briefly"
        );
    }
}
