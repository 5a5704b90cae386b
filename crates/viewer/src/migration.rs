//! What takes a planner: the way from one side to the other, its statements, what each is about and what it can do;
//! and the SQL of one object.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use diff_core::{
    Change, ObjectId, Plan, PlanOptions, Snapshot, Statement, collect, plan, plan_selected, render,
};

use crate::ask::{AdviceView, Definition, Migration, StatementView, StepView, Way};
use crate::comparison::{Comparison, options as options_of};
use crate::lines;
use crate::sql::Language;

/// The migration that `way` asks for.
///
/// # Errors
/// Why there is none.
pub(crate) fn migration(comparison: &mut Comparison, way: &Way) -> Result<Migration, String> {
    let (old, new) = ends(comparison, way.is_back);
    let made = if way.only.is_none() {
        comparison.plan(way.is_back)?
    } else {
        planned(comparison, way, &old, &new, &options(comparison, way.is_back))?.into()
    };
    let (text, file) = if way.is_alembic {
        alembic(&made, comparison, way)?
    } else {
        (render::sql(&made), "migration.sql".to_owned())
    };
    Ok(Migration {
        notes: made.notes.clone(),
        suggestions: made.suggestions.iter().map(|it| it.rename.to_string()).collect(),
        steps: if way.is_alembic { Vec::new() } else { steps(comparison, &made) },
        lines: if way.is_alembic { lines::highlight(&text, Language::Python) } else { Vec::new() },
        text,
        file,
    })
}

impl Comparison {
    /// The whole plan there or back; made when it is first asked for.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn plan(&mut self, is_back: bool) -> Result<Rc<Plan>, String> {
        if let Some(known) = &self.plans[usize::from(is_back)] {
            return Ok(Rc::clone(known));
        }
        let options = options(self, is_back);
        let (old, new) = ends(self, is_back);
        let made = Rc::new(plan(&old, &new, &options).map_err(|error| error.to_string())?);
        self.plans[usize::from(is_back)] = Some(Rc::clone(&made));
        Ok(made)
    }
}

fn ends(comparison: &Comparison, is_back: bool) -> (Rc<Snapshot>, Rc<Snapshot>) {
    let (old, new) = (comparison.standing.clone(), comparison.new.clone());
    if is_back { (new, old) } else { (old, new) }
}

fn options(comparison: &Comparison, is_back: bool) -> PlanOptions {
    let there = PlanOptions { diff: options_of(&comparison.pair), ..PlanOptions::default() };
    if is_back { there.reversed() } else { there }
}

/// The plan from `old` to `new`, of the chosen objects alone where some are.
fn planned(
    comparison: &Comparison,
    way: &Way,
    old: &Snapshot,
    new: &Snapshot,
    options: &PlanOptions,
) -> Result<Plan, String> {
    let made = match &way.only {
        Some(objects) => plan_selected(old, new, options, &selection(comparison, objects)),
        None => plan(old, new, options),
    };
    made.map_err(|error| error.to_string())
}

/// The deltas of the chosen objects, with everything in them, by their ids on either side.
fn selection(comparison: &Comparison, objects: &BTreeSet<String>) -> BTreeSet<ObjectId> {
    let deltas = comparison.diff.deltas.iter();
    let chosen = deltas.filter(|delta| objects.contains(&comparison.top(&delta.id).to_string()));
    let ids = chosen.flat_map(|delta| match &delta.change {
        Change::Renamed { from, .. } => vec![&delta.id, from],
        _ => vec![&delta.id],
    });
    collect::set(ids.cloned())
}

/// The revision with the way back in it.
fn alembic(up: &Plan, comparison: &mut Comparison, way: &Way) -> Result<(String, String), String> {
    let (old, new) = ends(comparison, way.is_back);
    let options = options(comparison, !way.is_back);
    let down = planned(comparison, way, &new, &old, &options)?;
    let revisions = |snapshot: &Snapshot| snapshot.alembic_revisions().next().cloned();
    let message = "bring the schema over".to_owned();
    let revision = render::Revision::new(&old, &new, revisions(&old), message);
    let file = format!("{}_bring_the_schema_over.py", revision.id);
    Ok((render::alembic(up, &down, &old, &new, &revision), file))
}

fn steps(comparison: &Comparison, plan: &Plan) -> Vec<StepView> {
    let hazards = Hazards::new(comparison);
    let mut number = 0;
    let mut view = |statement: &Statement| {
        number += 1;
        statement_view(comparison, &hazards, statement, number)
    };
    plan.steps
        .iter()
        .map(|step| StepView {
            is_transaction: step.is_transaction,
            statements: step.statements.iter().map(&mut view).collect(),
        })
        .collect()
}

fn statement_view(
    comparison: &Comparison,
    hazards: &Hazards,
    statement: &Statement,
    number: usize,
) -> StatementView {
    let top = comparison.top(&statement.object);
    StatementView {
        number,
        lines: lines::highlight(&format!("{};", statement.sql), Language::Sql),
        about: format!("{} {}", statement.object.kind().label(), statement.object.dotted()),
        hazards: hazards.of(statement, &top),
        object: top.to_string(),
    }
}

/// The statements that are about one object, of the whole plan there.
///
/// # Errors
/// Why there is no plan.
pub(crate) fn statements(comparison: &mut Comparison, id: &ObjectId) -> Result<Vec<StatementView>, String> {
    let plan = comparison.plan(false)?;
    let hazards = Hazards::new(comparison);
    let numbered = plan.statements().enumerate();
    let own = numbered.filter(|(_, statement)| comparison.top(&statement.object) == *id);
    Ok(own.map(|(at, statement)| statement_view(comparison, &hazards, statement, at + 1)).collect())
}

/// The SQL that makes an object on both sides, compared line by line.
pub(crate) fn definition(comparison: &Comparison, id: &ObjectId) -> Definition {
    let (old, new) =
        diff_core::definitions(&comparison.old, &comparison.new, id, &options_of(&comparison.pair));
    let lines::Rows { rows, is_plain } = lines::rows(&old, &new, Language::Sql);
    Definition { rows, is_plain, old, new }
}

/// The rules that speak about each object.
struct Hazards<'a>(BTreeMap<&'a ObjectId, BTreeSet<&'static str>>);

impl<'a> Hazards<'a> {
    fn new(comparison: &'a Comparison) -> Self {
        let mut found: BTreeMap<&ObjectId, BTreeSet<&'static str>> = BTreeMap::new();
        for entry in &comparison.report.entries {
            found.entry(&entry.id).or_default().extend(entry.rule);
        }
        Self(found)
    }

    /// Those of the object itself, and of the table that is made or dropped as a whole.
    fn of(&self, statement: &Statement, top: &ObjectId) -> Vec<AdviceView> {
        let whole = (statement.object != *top).then(|| self.0.get(top)).flatten();
        let is_whole = |rule: &&&str| matches!(**rule, "table-extra" | "table-missing");
        let own = self.0.get(&statement.object).into_iter().flatten();
        let rules = collect::set(own.chain(whole.into_iter().flatten().filter(is_whole)).copied());
        let told = rules.into_iter().filter_map(AdviceView::of);
        collect::sorted_by_key(told, |advice| (!advice.is_loss, std::cmp::Reverse(advice.severity)))
    }
}
