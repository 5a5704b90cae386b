//! All tests over real servers, real models and the built command.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alembic;
mod corpus;
mod coverage;
mod faults;
mod fuzz;
mod models;
mod online;
mod plan;
mod postgres;
mod real;
mod samples;
mod shadow;
mod tidy;
mod versions;
mod view;
