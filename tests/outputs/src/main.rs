//! What is made of pairs of snapshots, by this program and by the same code in a browser: `tests/page/test_equal.py`
//! compares the two.
//!
//! ```text
//! outputs PAIR…            a line for each: the sums of its outputs, as JSON
//! outputs text PAIR NAME   one output
//! outputs time PAIR        the milliseconds of each work, the shortest of five, as JSON
//! ```

// The module exports what the library offers.
#[cfg(target_arch = "wasm32")]
use outputs as _;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.as_slice() {
        [word, pair, name] if word == "text" => print!("{}", outputs::text_of(&std::fs::read(pair)?, name)),
        [word, pair] if word == "time" => println!("{}", serde_json::json!(times(&std::fs::read(pair)?))),
        pairs => {
            for pair in pairs {
                println!("{}", outputs::sums(&std::fs::read(pair)?));
            }
        }
    }
    Ok(())
}

#[cfg(not(target_arch = "wasm32"))]
fn times(pair: &[u8]) -> Vec<f64> {
    let Some(pair) = outputs::Measured::new(pair) else { return Vec::new() };
    let millis = |work| {
        let times = (0..5).map(|_| {
            let start = std::time::Instant::now();
            std::hint::black_box(pair.run(work));
            start.elapsed().as_secs_f64() * 1000.0
        });
        // The shortest: what else the machine does only ever adds to it.
        times.fold(f64::INFINITY, f64::min)
    };
    (0..outputs::WORKS.len()).map(millis).collect()
}
