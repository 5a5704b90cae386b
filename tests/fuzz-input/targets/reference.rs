//! Fuzzes `fuzz_input::reference`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::reference(bytes));
