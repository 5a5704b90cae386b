//! What is said of a NOT NULL beyond that it is there, from `not_null.sql`: seldom anything.

use diff_core::{Body, NotNull};
use tokio_postgres::Row;

use super::Found;
use super::rows::address;

/// What a name may be, in bytes.
const LONGEST_NAME: usize = 63;

const ENDING: &str = "_not_null";

/// Records the rows in the columns that they speak of.
pub(super) fn record(found: &mut Found, rows: &[Row]) {
    for row in rows {
        let Some((id, object)) = found.get_mut(&address(row)).map(|found| &mut **found) else { continue };
        let Body::Column(column) = &mut object.body else { continue };
        let [_, table, name] = id.path() else { continue };
        let given: &str = row.get("name");
        let (no_inherit, not_valid): (bool, bool) = (row.get("no_inherit"), row.get("not_valid"));
        let is_usual = given == usual(table, name);
        if !column.nullable && (!is_usual || no_inherit || not_valid) {
            let name = (!is_usual).then(|| given.to_owned());
            column.not_null = Some(NotNull { name, no_inherit, not_valid });
        }
    }
}

/// The name that the server gives: of a long table and column it keeps about as much of either (`makeObjectName`).
fn usual(table: &str, column: &str) -> String {
    let room = LONGEST_NAME - ENDING.len() - 1;
    let table_part = begin(table, room.div_ceil(2).max(room.saturating_sub(column.len())));
    let column_part = begin(column, (room / 2).max(room.saturating_sub(table.len())));
    format!("{table_part}_{column_part}{ENDING}")
}

/// So many bytes of a name, or less where that would cut a character.
fn begin(name: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    &name[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As PostgreSQL 18 names them.
    #[test]
    fn names_are_the_servers() {
        for (table, column, expected) in [
            ("t", "a", "t_a_not_null".to_owned()),
            (&*"t".repeat(40), &*"c".repeat(13), format!("{}_{}_not_null", "t".repeat(40), "c".repeat(13))),
            (&*"t".repeat(40), &*"c".repeat(40), format!("{}_{}_not_null", "t".repeat(27), "c".repeat(26))),
            (&*"t".repeat(63), "c", format!("{}_c_not_null", "t".repeat(52))),
            ("t", &*"c".repeat(63), format!("t_{}_not_null", "c".repeat(52))),
            (&*"é".repeat(31), &*"ü".repeat(31), format!("{}_{}_not_null", "é".repeat(13), "ü".repeat(13))),
        ] {
            assert_eq!(usual(table, column), expected);
        }
    }
}
