//! All tests over real servers, real models and the built command.

mod corpus;
mod faults;
mod models;
mod postgres;
mod samples;
mod shadow;
mod tidy;
