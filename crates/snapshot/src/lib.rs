//! Every way to get a snapshot.
