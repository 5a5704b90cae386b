//! Random pairs of schemas over all kinds: the plan from old to new is run and must arrive, and so must the way back.
//!
//! `DRIFTGLASS_FUZZ_PAIRS` says how many pairs, `DRIFTGLASS_FUZZ_SEED` where to begin: pair n has the seed
//! that many further on, so that one pair is tried again by its seed alone. Every second pair goes there in two
//! plans, the first of some of the differences. What fails is made smaller, shown, and written
//! below `target/fuzz`. With `DRIFTGLASS_FUZZ_ONLINE` set the plans are those beside which others go on.

mod access;
mod builder;
mod columns;
mod constraints;
mod dump;
mod genes;
mod indexes;
mod others;
mod partitions;
mod parts;
mod routines;
mod search;
mod shrink;
mod tables;
mod trial;
mod types;
mod views;

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use genes::{Genes, hash};
use tests::{psql, root};
use trial::{Outcome, Trial, Way};

const PAIRS: u64 = 200;
const WORKERS: u64 = 2;

/// So many failures are made smaller and shown; of the others only the seeds.
const SHOWN: u64 = 8;

/// Of a hundred decisions about new, how many are made anew: few, some, all.
const MUTATIONS: [u64; 4] = [2, 6, 20, 100];

/// Two schemas.
struct Pair {
    seed: u64,
    old: Genes,
    new: Genes,
}

impl Pair {
    fn new(seed: u64) -> Self {
        let percent = MUTATIONS[usize::try_from(seed % 4).unwrap()];
        let start = hash(seed, "old");
        Self {
            seed,
            old: Genes::new(start, None),
            new: Genes::new(start, Some((hash(seed, "new"), percent))),
        }
    }

    /// Every tenth is compared by `pg_dump` too, which takes long; every second goes by way of some of the
    /// differences.
    fn way(&self) -> Way {
        let is_halved = self.seed % 2 == 1;
        Way {
            seed: self.seed,
            is_exact: self.seed.is_multiple_of(10),
            halfway: is_halved.then_some(self.seed),
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// Superusers: materialized views are filled with the rights of owners.
fn make_roles() {
    for role in builder::ROLES {
        let role = builder::ident(role);
        let make = format!(
            "DO $$BEGIN CREATE ROLE {role} SUPERUSER; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$"
        );
        psql("postgres", &[&make], &[]);
    }
}

#[test]
fn plans_arrive_there_and_back() {
    if tests::major() < 18 {
        eprintln!("passed over: the pairs are written for the newest server");
        return;
    }
    let (pairs, first) = (number("DRIFTGLASS_FUZZ_PAIRS", PAIRS), number("DRIFTGLASS_FUZZ_SEED", 1));
    let shown = usize::try_from(number("DRIFTGLASS_FUZZ_SHOWN", SHOWN)).unwrap();
    make_roles();
    let start = Instant::now();
    let next = AtomicU64::new(0);
    let failed = Mutex::new(Vec::<(u64, String)>::new());
    let unloadable = Mutex::new(Vec::<String>::new());
    let work = |worker: u64| {
        let trial = Trial::new(worker);
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= pairs {
                return;
            }
            let pair = Pair::new(first + at);
            match trial.run(&builder::build(&pair.old), &builder::build(&pair.new), pair.way()) {
                Outcome::Arrived => {}
                Outcome::Unloadable(why) => {
                    unloadable.lock().unwrap().push(format!("seed {}: {why}", pair.seed));
                }
                Outcome::Failed { sort, text } => {
                    let is_shown = failed.lock().unwrap().len() < shown;
                    let text = if is_shown { shrink::shrink(&trial, &pair, &sort, text) } else { sort };
                    failed.lock().unwrap().push((pair.seed, text));
                }
            }
        }
    };
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            scope.spawn(move || work(worker));
        }
    });
    let (failed, unloadable) = (failed.into_inner().unwrap(), unloadable.into_inner().unwrap());
    for why in unloadable.iter().take(20) {
        eprintln!("does not load: {why}");
    }
    let folder = root().join("target/fuzz");
    for (seed, text) in &failed {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{seed}.txt")), text).unwrap();
        eprintln!("──── seed {seed} ────\n{text}");
    }
    let seeds: Vec<u64> = failed.iter().map(|(seed, _)| *seed).collect();
    eprintln!(
        "{pairs} pairs in {} s: {} failed {seeds:?}, {} do not load",
        start.elapsed().as_secs(),
        failed.len(),
        unloadable.len()
    );
    assert!(failed.is_empty(), "plans fail for the seeds {seeds:?}; see {}", folder.display());
    let share = u64::try_from(unloadable.len()).unwrap() * 50;
    assert!(share <= pairs.max(50), "more than 2 % of the schemas do not load");
}
