//! Tables and partitions that one side lacks.

use super::{Rule, Severity, added, altered, removed};
use crate::{Body, Group};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "partition-missing",
        group: Group::MissingTables,
        severity: Severity::Medium,
        loses_data: false,
        effect: "Rows of that range have no place: INSERT fails, unless a default partition takes them.",
        remedy: "Create it with CREATE TABLE … (LIKE parent), then ATTACH PARTITION, which blocks less than \
                 CREATE TABLE … PARTITION OF.",
        applies: |delta| matches!(added(delta), Some(Body::Partition(_))),
    },
    Rule {
        id: "partition-extra",
        group: Group::ExtraTables,
        severity: Severity::Low,
        loses_data: true,
        effect: "Partitions come and go with time; models seldom declare them.",
        remedy: "Leave it, and ignore such partitions by pattern if a job makes them. Never drop one for \
                 this report: its rows go with it.",
        applies: |delta| matches!(removed(delta), Some(Body::Partition(_))),
    },
    Rule {
        id: "table-missing",
        group: Group::MissingTables,
        severity: Severity::High,
        loses_data: false,
        effect: "Every query that touches the table fails.",
        remedy: "Is there a migration that creates it? Run it. If none was written, write it before the code \
                 is deployed.",
        applies: |delta| matches!(added(delta), Some(Body::Table(_))),
    },
    Rule {
        id: "table-extra",
        group: Group::ExtraTables,
        severity: Severity::Medium,
        loses_data: true,
        effect: "Dropping it would lose its rows for good.",
        remedy: "Find out who uses it. If the application does, declare it in the models; if somebody else \
                 does, ignore it by pattern; if nobody does, rename it, wait for a release, then drop it.",
        applies: |delta| matches!(removed(delta), Some(Body::Table(_))),
    },
    Rule {
        id: "partitioning-changed",
        group: Group::Other,
        severity: Severity::High,
        loses_data: false,
        effect: "A table cannot be partitioned, or partitioned otherwise, in place.",
        remedy: "Make a new table, copy the rows in batches, then swap the names.",
        applies: |delta| {
            matches!(altered(delta), Some((Body::Table(old), Body::Table(new)))
                if old.partition_by != new.partition_by)
        },
    },
    Rule {
        id: "persistence-changed",
        group: Group::Other,
        severity: Severity::High,
        loses_data: false,
        effect: "An unlogged table is emptied after a crash and absent on replicas; changing that rewrites \
                 it while nobody can use it.",
        remedy: "Decide which one is meant. For a large table copy into a new one and swap the names.",
        applies: |delta| {
            matches!(altered(delta), Some((Body::Table(old), Body::Table(new)))
                if old.persistence != new.persistence)
        },
    },
];

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
        check(
            "table:public.t",
            plain,
            r#"{"table": {"persistence": "unlogged"}}"#,
            Group::Other,
            "persistence-changed",
        );
        check("table:public.t", plain, r#"{"table": {"options": {"fillfactor": "70"}}}"#, Group::Other, "");
    }
}
