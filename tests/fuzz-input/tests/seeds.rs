//! Every seed is read as the fuzzers read it: where they begin, and what once went wrong.

use std::fs;
use std::path::Path;

type Reader = fn(&[u8]);

const READERS: [(&str, Reader); 9] = [
    ("answers", fuzz_input::answers),
    ("edits", fuzz_input::edits),
    ("pair", fuzz_input::pair),
    ("published", fuzz_input::published),
    ("reference", fuzz_input::reference),
    ("revision", fuzz_input::revision),
    ("settings", fuzz_input::settings),
    ("snapshot", fuzz_input::snapshot),
    ("statements", fuzz_input::statements),
];

#[test]
fn every_seed_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> =
        fs::read_dir(root.join("seeds")).unwrap().map(|it| it.unwrap().file_name()).collect();
    folders.sort();
    assert_eq!(folders, READERS.map(|(name, _)| name), "each folder has a reader, and each reader a folder");
    for (name, read) in READERS {
        assert!(root.join("targets").join(name).with_extension("rs").is_file(), "{name} has no fuzzer");
        let mut seeds: Vec<_> =
            fs::read_dir(root.join("seeds").join(name)).unwrap().map(|it| it.unwrap().path()).collect();
        seeds.sort();
        assert!(!seeds.is_empty(), "{name} has no seed");
        for seed in seeds {
            // The name of the seed stands above the panic.
            println!("{}", seed.display());
            read(&fs::read(seed).unwrap());
        }
    }
}
