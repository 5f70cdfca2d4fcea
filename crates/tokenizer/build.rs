//! Writes the runs of code points with their class: the only thing the encodings' regular expressions know of Unicode.
//!
//! Format, per run: its length as a LEB128 number whose lowest three bits are the class's index (see `src/classes.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::{env, fs};

use regex_syntax::hir::{Class, HirKind};

/// In the order of `src/classes.rs`; whatever is in none of them is OTHER (0).
const CLASSES: [(&str, u8); 7] = [
    (r"[\p{Lu}\p{Lt}]", 1),
    (r"\p{Ll}", 2),
    (r"[\p{Lm}\p{Lo}]", 3),
    (r"\p{M}", 4),
    (r"\p{N}", 5),
    (r"[\s--[\r\n]]", 6),
    (r"[\r\n]", 7),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut classes = vec![0_u8; 0x11_0000];
    for (pattern, class) in CLASSES {
        for (start, end) in ranges(pattern) {
            for one in classes.iter_mut().take(end as usize + 1).skip(start as usize) {
                assert_eq!(*one, 0, "the classes are disjoint");
                *one = class;
            }
        }
    }
    let runs: Vec<u8> =
        classes.chunk_by(|a, b| a == b).flat_map(|run| leb128((run.len() as u32) << 3 | u32::from(run[0]))).collect();
    let out = env::var_os("OUT_DIR").expect("cargo names a folder");
    fs::write(Path::new(&out).join("classes.bin"), runs).expect("the folder can be written");
}

fn ranges(pattern: &str) -> Vec<(u32, u32)> {
    let hir = regex_syntax::parse(pattern).expect("the pattern is a class");
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
        other => panic!("{pattern} is not a class but {other:?}"),
    }
}

fn leb128(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
