//! Fuzzes `fuzz_input::pair`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::pair(bytes));
