//! Writes `o200k_base.bin` and `cl100k_base.bin` into the folder that is named: what `Tokenizer.load` fetches.
//!
//! `cargo run --release -p scrip-tokenizer --example build_vocabulary -- target/vocabulary`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/ranks.rs"]
mod ranks;

use std::path::PathBuf;
use std::{env, fs, io};

use scrip_tokenizer::Encoding;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/vocabulary".to_owned()));
    fs::create_dir_all(&folder)?;
    for encoding in Encoding::ALL {
        let file = folder.join(format!("{encoding}.bin"));
        let bytes = ranks::file(encoding);
        fs::write(&file, bytes)?;
        println!("{}: {} bytes", file.display(), bytes.len());
    }
    Ok(())
}
