//! Filling the rows that are there, some at a time.

use super::{Phase, Piece, statement};
use crate::plan::sql::{literal, relation};
use crate::plan::{Action, Statement};

/// How many pages of a table are gone through in one transaction: some thousand rows.
const PAGES: u32 = 64;

/// How many rows may be left for the last statement, which fills them in one transaction.
const FEW: u32 = 5_000;

const FILLED: &str = "Fills the old rows, a few thousand a transaction, with a pause in between. It may be stopped, and run \
                      again: what is filled is passed over. New rows are filled as they are written.";

/// Sets a column of all rows of which a condition is true.
pub(super) fn fill(like: &Statement, set: &str, condition: &str, major: u32) -> Piece {
    const HAS_RANGE_SCANS: u32 = 14;
    let table = relation(&like.object);
    let name = literal(&table);
    let range = match major >= HAS_RANGE_SCANS {
        true => "ctid >= format('(%s,0)', at)::tid AND ctid < format('(%s,0)', at + step)::tid",
        // Older servers go to rows by their place only where each is named; no page holds more than 291.
        false => {
            "ctid = ANY (ARRAY(SELECT format('(%s,%s)', page, line)::tid
            FROM generate_series(at, at + step - 1) AS page, generate_series(1, 291) AS line))"
        }
    };
    let sql = format!(
        "DO $do$
DECLARE
    step CONSTANT bigint := {PAGES};
    pages bigint;
    at bigint;
    filled bigint;
    passed bigint;
BEGIN
    LOOP
        pages := pg_relation_size({name}) / current_setting('block_size')::bigint;
        at := 0;
        passed := 0;
        WHILE at < pages LOOP
            UPDATE {table} SET {set}
            WHERE {range}
                AND {condition};
            GET DIAGNOSTICS filled = ROW_COUNT;
            COMMIT;
            IF filled > 0 THEN
                PERFORM pg_sleep(0.01);
            END IF;
            passed := passed + filled;
            at := at + step;
        END LOOP;
        EXIT WHEN passed < {FEW};
    END LOOP;
    -- Rows that others wrote meanwhile stand elsewhere now: one look at all that are left.
    UPDATE {table} SET {set}
    WHERE {condition};
    COMMIT;
END $do$"
    );
    Piece::alone(Phase::Backfill, FILLED, statement(like, Action::Alter("values"), sql))
}
