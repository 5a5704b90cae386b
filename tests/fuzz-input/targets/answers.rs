//! Fuzzes `fuzz_input::answers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_input::answers(bytes));
