//! The answers that are there, each with its question. An old one stays until the next is there, so that
//! nothing flickers.

use std::rc::Rc;

use viewer::ask::{
    Answer, Ask, Changes, Definition, MatrixView, Migration, ObjectView, Overview, StatementView,
};
use viewer::map::{Atlas, Map};
use viewer::search::Hit;

/// An answer and its question.
#[derive(Clone, Debug)]
struct Known<T> {
    ask: Ask,
    /// Absent where there is no answer.
    value: Option<Rc<T>>,
}

type Slot<T> = Option<Known<T>>;

/// The last answer of each topic.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    overview: Slot<Overview>,
    changes: Slot<Changes>,
    object: Slot<Option<ObjectView>>,
    definition: Slot<Definition>,
    statements: Slot<Vec<StatementView>>,
    search: Slot<Vec<Hit>>,
    migration: Slot<Migration>,
    map: Slot<Map>,
    atlas: Slot<Atlas>,
    matrix: Slot<MatrixView>,
}

/// The questions of which only the last one counts.
pub(crate) fn topic(ask: &Ask) -> &'static str {
    match ask {
        Ask::Overview(..) => "overview",
        Ask::Changes(..) => "changes",
        Ask::Object(..) => "object",
        Ask::Definition(..) => "definition",
        Ask::Statements(..) => "statements",
        Ask::Search(..) => "search",
        Ask::Migration(..) => "migration",
        Ask::Map(..) => "map",
        Ask::Atlas(..) => "atlas",
        Ask::Matrix(..) => "matrix",
    }
}

fn value<T>(slot: &Slot<T>) -> Option<&Rc<T>> {
    slot.as_ref()?.value.as_ref()
}

fn known<T>(ask: Ask, value: T) -> Slot<T> {
    Some(Known { ask, value: Some(Rc::new(value)) })
}

impl Answers {
    /// Whether the answer to this very question is there.
    pub(crate) fn has(&self, ask: &Ask) -> bool {
        self.ask(ask) == Some(ask)
    }

    /// The question of the same topic that was answered last.
    fn ask(&self, ask: &Ask) -> Option<&Ask> {
        fn of<T>(slot: &Slot<T>) -> Option<&Ask> {
            slot.as_ref().map(|known| &known.ask)
        }
        match ask {
            Ask::Overview(..) => of(&self.overview),
            Ask::Changes(..) => of(&self.changes),
            Ask::Object(..) => of(&self.object),
            Ask::Definition(..) => of(&self.definition),
            Ask::Statements(..) => of(&self.statements),
            Ask::Search(..) => of(&self.search),
            Ask::Migration(..) => of(&self.migration),
            Ask::Map(..) => of(&self.map),
            Ask::Atlas(..) => of(&self.atlas),
            Ask::Matrix(..) => of(&self.matrix),
        }
    }

    /// Keeps an answer.
    pub(crate) fn take(&mut self, ask: Ask, answer: Answer) {
        match answer {
            Answer::Overview(it) => self.overview = known(ask, it),
            Answer::Changes(it) => self.changes = known(ask, it),
            Answer::Object(it) => self.object = known(ask, it),
            Answer::Definition(it) => self.definition = known(ask, it),
            Answer::Statements(it) => self.statements = known(ask, it),
            Answer::Search(it) => self.search = known(ask, it),
            Answer::Migration(it) => self.migration = known(ask, it),
            Answer::Map(it) => self.map = known(ask, it),
            Answer::Atlas(it) => self.atlas = known(ask, it),
            Answer::Matrix(it) => self.matrix = known(ask, it),
            Answer::Failed(_) => self.fail(ask),
        }
    }

    /// Remembers that a question has no answer, so that it is not asked again.
    pub(crate) fn fail(&mut self, ask: Ask) {
        fn none<T>(ask: Ask) -> Slot<T> {
            Some(Known { ask, value: None })
        }
        match ask {
            Ask::Overview(..) => self.overview = none(ask),
            Ask::Changes(..) => self.changes = none(ask),
            Ask::Object(..) => self.object = none(ask),
            Ask::Definition(..) => self.definition = none(ask),
            Ask::Statements(..) => self.statements = none(ask),
            Ask::Search(..) => self.search = none(ask),
            Ask::Migration(..) => self.migration = none(ask),
            Ask::Map(..) => self.map = none(ask),
            Ask::Atlas(..) => self.atlas = none(ask),
            Ask::Matrix(..) => self.matrix = none(ask),
        }
    }

    pub(crate) fn overview(&self) -> Option<&Rc<Overview>> {
        value(&self.overview)
    }

    pub(crate) fn changes(&self) -> Option<&Rc<Changes>> {
        value(&self.changes)
    }

    pub(crate) fn object(&self) -> Option<&Rc<Option<ObjectView>>> {
        value(&self.object)
    }

    pub(crate) fn definition(&self) -> Option<&Rc<Definition>> {
        value(&self.definition)
    }

    pub(crate) fn statements(&self) -> Option<&Rc<Vec<StatementView>>> {
        value(&self.statements)
    }

    pub(crate) fn search(&self) -> Option<&Rc<Vec<Hit>>> {
        value(&self.search)
    }

    pub(crate) fn migration(&self) -> Option<&Rc<Migration>> {
        value(&self.migration)
    }

    pub(crate) fn map(&self) -> Option<&Rc<Map>> {
        value(&self.map)
    }

    pub(crate) fn atlas(&self) -> Option<&Rc<Atlas>> {
        value(&self.atlas)
    }

    pub(crate) fn matrix(&self) -> Option<&Rc<MatrixView>> {
        value(&self.matrix)
    }
}
