//! All tests over real servers, real models and the built command.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod coverage;
mod faults;
mod models;
mod postgres;
mod samples;
mod shadow;
mod tidy;
mod versions;
mod view;
