//! Tables, partitions and foreign tables that one side lacks, and settings of tables.

use super::{BASE, BRIEF, Case, Lock, Mode, On, Rule, Severity, Work, added, altered, own, removed};
use crate::{Body, Group};

const REWRITE: &[Lock] = &[own(Mode::AccessExclusive, Work::Rewrite)];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "partition-missing",
        group: Group::MissingTables,
        locks: &[
            Lock::new(On::Parent, Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Default, Mode::AccessExclusive, Work::Scan),
        ],
        effect: "Rows of that range have no place: INSERT fails, unless a default partition takes them. CREATE \
                 TABLE … PARTITION OF blocks the whole table, and reads the default partition.",
        remedy: "Create it with CREATE TABLE … (LIKE parent), then ATTACH PARTITION, which blocks less than \
                 CREATE TABLE … PARTITION OF.",
        applies: |case| matches!(added(case), Some(Body::Partition(_))),
        ..BASE
    },
    Rule {
        id: "partition-extra",
        group: Group::ExtraTables,
        severity: Severity::Low,
        loses_data: true,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Parent, Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Default, Mode::AccessExclusive, Work::Brief),
        ],
        effect: "Partitions come and go with time; models seldom declare them.",
        remedy: "Leave it, and ignore such partitions by pattern if a job makes them. Never drop one for \
                 this report: its rows go with it.",
        applies: |case| matches!(removed(case), Some(Body::Partition(_))),
        ..BASE
    },
    Rule {
        id: "table-missing",
        group: Group::MissingTables,
        severity: Severity::High,
        effect: "Every query that touches the table fails.",
        remedy: "Is there a migration that creates it? Run it. If none was written, write it before the code \
                 is deployed.",
        applies: |case| matches!(added(case), Some(Body::Table(_) | Body::ForeignTable(_))),
        ..BASE
    },
    Rule {
        id: "table-extra",
        group: Group::ExtraTables,
        loses_data: true,
        breaks_code: true,
        locks: BRIEF,
        effect: "Dropping it would lose its rows for good.",
        remedy: "Find out who uses it. If the application does, declare it in the models; if somebody else \
                 does, ignore it by pattern; if nobody does, rename it, wait for a release, then drop it.",
        applies: |case| matches!(removed(case), Some(Body::Table(_))),
        ..BASE
    },
    Rule {
        id: "foreign-table-extra",
        group: Group::ExtraTables,
        severity: Severity::Low,
        breaks_code: true,
        locks: BRIEF,
        effect: "Dropping it loses no rows: they are elsewhere. Queries on it fail.",
        remedy: "If it is used, take it into a migration; else drop it.",
        applies: |case| matches!(removed(case), Some(Body::ForeignTable(_))),
        ..BASE
    },
    Rule {
        id: "partitioning-changed",
        group: Group::Other,
        attributes: &["partition_by"],
        severity: Severity::High,
        loses_data: true,
        breaks_code: true,
        locks: BRIEF,
        effect: "A table cannot be partitioned, or partitioned otherwise, in place: the plain way drops it and \
                 makes it anew without its rows.",
        remedy: "Make a new table, copy the rows in batches, then swap the names.",
        applies: |case| {
            matches!(altered(case), Some((Body::Table(old), Body::Table(new)))
                if old.partition_by != new.partition_by)
        },
        ..BASE
    },
    Rule {
        id: "partition-moved",
        group: Group::Other,
        attributes: &["of", "bound"],
        severity: Severity::High,
        locks: &[
            own(Mode::AccessExclusive, Work::Scan),
            Lock::new(On::Parent, Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Default, Mode::AccessExclusive, Work::Scan),
        ],
        may_be_refused: true,
        effect: "The partition takes other rows, or is one of another table: it is detached and attached again, \
                 for which its rows are read.",
        remedy: "Add a CHECK of the new range NOT VALID and validate it first: then ATTACH PARTITION reads nothing.",
        applies: |case| {
            matches!(altered(case), Some((Body::Partition(old), Body::Partition(new)))
                if old.bound != new.bound || old.of != new.of)
        },
        ..BASE
    },
    Rule {
        id: "persistence-changed",
        group: Group::Other,
        attributes: &["persistence"],
        severity: Severity::High,
        locks: REWRITE,
        effect: "An unlogged table is emptied after a crash and absent on replicas; changing that rewrites \
                 it while nobody can use it.",
        remedy: "Decide which one is meant. For a large table copy into a new one and swap the names.",
        applies: |case| is_table(case),
        ..BASE
    },
    Rule {
        id: "table-moved",
        group: Group::Other,
        attributes: &["tablespace", "access_method"],
        severity: Severity::Low,
        locks: &[own(Mode::AccessExclusive, Work::Rewrite)],
        effect: "The table is kept in another place or by another access method; changing that writes it anew \
                 while nobody can use it.",
        remedy: "pg_repack moves a table while it is used. Environments that differ by design are ignored with \
                 `#tablespace`.",
        applies: |case| is_table(case),
        ..BASE
    },
    Rule {
        id: "replica-identity",
        group: Group::Other,
        attributes: &["replica_identity"],
        severity: Severity::High,
        locks: BRIEF,
        effect: "Logical replication tells rows apart by other columns: updates and deletes fail there, or carry \
                 the whole row.",
        remedy: "ALTER TABLE … REPLICA IDENTITY is brief, once the index is there.",
        applies: |case| is_table(case),
        ..BASE
    },
    Rule {
        id: "inheritance-changed",
        group: Group::Other,
        attributes: &["inherits", "of_type"],
        breaks_code: true,
        locks: &[
            own(Mode::AccessExclusive, Work::Brief),
            Lock::new(On::Parent, Mode::ShareUpdateExclusive, Work::Brief),
        ],
        effect: "Queries on the parent see other rows.",
        remedy: "INHERIT and NO INHERIT are brief; columns must be there already.",
        applies: |case| is_table(case),
        ..BASE
    },
    Rule {
        id: "storage-parameters",
        group: Group::Other,
        attributes: &["options"],
        severity: Severity::Low,
        locks: &[Lock::new(On::Only, Mode::ShareUpdateExclusive, Work::Brief)],
        effect: "The table is filled or vacuumed in another way. With autovacuum_enabled = false it grows without \
                 end.",
        remedy: "ALTER TABLE … SET is brief and blocks no reader or writer; what is there stays as it is.",
        applies: |case| is_table(case),
        ..BASE
    },
];

fn is_table(case: &Case<'_, '_>) -> bool {
    matches!(altered(case), Some((Body::Table(_) | Body::Partition(_), _)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::check;
    use super::Group;

    #[test]
    fn tables_and_partitions() {
        let (plain, partition) =
            (r#"{"table": {}}"#, r#"{"partition": {"of": "table:public.t", "bound": "DEFAULT"}}"#);
        check("table:public.t", "", plain, Group::MissingTables, "table-missing");
        check("table:public.t", plain, "", Group::ExtraTables, "table-extra");
        check("partition:public.t_1", partition, "", Group::ExtraTables, "partition-extra");
        check("partition:public.t_1", "", partition, Group::MissingTables, "partition-missing");
        for (table, rule) in [
            (r#"{"table": {"persistence": "unlogged"}}"#, "persistence-changed"),
            (r#"{"table": {"options": {"fillfactor": "70"}}}"#, "storage-parameters"),
            (r#"{"table": {"partition_by": "LIST (a)"}}"#, "partitioning-changed"),
            (r#"{"table": {"tablespace": "fast"}}"#, "table-moved"),
            (r#"{"table": {"replica_identity": "full"}}"#, "replica-identity"),
            (r#"{"table": {"inherits": ["table:public.p"]}}"#, "inheritance-changed"),
        ] {
            check("table:public.t", plain, table, Group::Other, rule);
        }
    }
}
