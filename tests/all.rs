//! All tests over real servers, real models and the built command.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alembic;
mod bad_files;
mod book;
mod causes;
mod corpus;
mod coverage;
mod decisions;
mod edits;
mod faults;
mod fleet;
mod forms;
mod fuzz;
mod hidden;
mod hostile;
mod kills;
mod lints;
mod models;
mod moment;
mod online;
mod plan;
mod postgres;
mod precision;
mod real;
mod rules;
mod samples;
mod secrets;
mod servers;
mod shadow;
mod silence;
mod stores;
mod tidy;
mod versions;
mod view;
