//! What a price comes to by arbitrary-precision integers, from the source's own number.

use num_bigint::BigUint;
use scrip::{EstimateOptions, PriceBook, Quantity, Timestamp, Unit, Usage};
use serde_json::Value;

const MOST: u64 = 9_000_000_000 * 1_000_000_000;

/// A document whose numbers are text: serde_json alone would read them as floats, and not always the nearest.
pub fn document(json: &str) -> Value {
    let (mut quoted, mut in_text, mut in_number, mut escaped) = (String::new(), false, false, false);
    for letter in json.chars() {
        let numeric = letter.is_ascii_digit() || (in_number && "+-.eE".contains(letter)) || letter == '-';
        if !in_text && numeric != in_number {
            quoted.push('"');
            in_number = numeric;
        }
        if letter == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = letter == '\\' && !escaped;
        quoted.push(letter);
    }
    serde_json::from_str(&quoted).unwrap()
}

/// `digits / 10^places` credits, read by hand.
#[derive(Clone, Debug)]
pub struct Number {
    digits: BigUint,
    places: u32,
}

impl Number {
    pub fn of(value: &Value) -> Self {
        let text = value.as_str().unwrap_or_else(|| panic!("{value} is no number")).to_lowercase();
        let (plain, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let digits: BigUint = format!("{whole}{fraction}").parse().unwrap();
        let places = i32::try_from(fraction.len()).unwrap() - exponent.parse::<i32>().unwrap();
        let grown = BigUint::from(10_u32).pow(u32::try_from(-places).unwrap_or(0));
        Self { digits: digits * grown, places: u32::try_from(places).unwrap_or(0) }
    }

    pub fn is_zero(&self) -> bool {
        self.digits == BigUint::from(0_u32)
    }

    /// Nano-credits for so many billionths of a unit, rounded up.
    fn cost(&self, billionths: u128, per: u64) -> BigUint {
        let divisor = BigUint::from(10_u32).pow(self.places) * BigUint::from(per);
        (BigUint::from(billionths) * &self.digits + &divisor - 1_u32) / divisor
    }
}

/// A price of the source: its unit, for how many, the base, and bounds on the whole prompt.
#[derive(Clone, Debug)]
pub struct Said {
    pub unit: Unit,
    pub per: u64,
    pub base: Number,
    pub tiers: Vec<(u64, Number)>,
}

/// What was compared.
#[derive(Debug, Default)]
pub struct Tally {
    pub usages: u64,
    pub lines: u64,
    pub overflows: u64,
    pub mismatches: Vec<String>,
}

/// A generator of its own, so that its seed is the whole story.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

const LARGEST: u64 = 999_999_999_999_999;

/// Quantities worth trying for every unit of a model at once.
fn tries(said: &[Said], random: &mut Random) -> Vec<Vec<u128>> {
    let whole = |count: u64| u128::from(count) * 1_000_000_000;
    let mut tries: Vec<Vec<u128>> =
        [0, 1, 7, 999_999, 1_000_000, 1_000_001].iter().map(|count| vec![whole(*count); said.len()]).collect();
    for _ in 0..4 {
        tries.push(
            said.iter()
                .map(|_| {
                    let digits = 10_u64.pow(1 + random.below(9) as u32);
                    whole(random.below(digits))
                })
                .collect(),
        );
    }
    for (bound, _) in said.iter().flat_map(|one| &one.tiers) {
        // At the bound and one above it, in the prompt alone and shared among its parts.
        for total in [bound.saturating_sub(1), *bound, bound + 1] {
            let parts = said.iter().filter(|one| one.unit.is_input()).count() as u64;
            for share in [true, false] {
                let mut left = total;
                tries.push(
                    said.iter()
                        .enumerate()
                        .map(|(place, one)| {
                            if !one.unit.is_input() {
                                return whole(random.below(100_000));
                            }
                            let last = said.iter().skip(place + 1).all(|other| !other.unit.is_input());
                            let part = if last {
                                left
                            } else if share {
                                total / parts
                            } else {
                                0
                            };
                            left -= part;
                            whole(part)
                        })
                        .collect(),
                );
            }
        }
    }
    // Maximal operands, each alone: what is beyond all amounts must be refused, not wrapped.
    for place in 0..said.len() {
        let mut one = vec![0; said.len()];
        one[place] = if said[place].unit.is_whole() { whole(LARGEST) } else { whole(LARGEST) + 999_999_999 };
        tries.push(one.clone());
        if !said[place].unit.is_whole() {
            one[place] = 1;
            tries.push(one.clone());
            one[place] = u128::from(random.next());
            tries.push(one);
        }
    }
    tries
}

fn usage(said: &[Said], quantities: &[u128]) -> Usage {
    let mut usage = Usage::default();
    for (one, quantity) in said.iter().zip(quantities) {
        let quantity = Quantity::from_nanos(*quantity);
        match one.unit {
            Unit::InputToken => usage.input_tokens = quantity,
            Unit::CachedInputToken => usage.cached_input_tokens = quantity,
            Unit::CacheWriteToken => usage.cache_write_tokens = quantity,
            Unit::OutputToken => usage.output_tokens = quantity,
            Unit::Character => usage.characters = quantity,
            Unit::Second => usage.seconds = quantity,
            Unit::Image => usage.images = quantity,
            Unit::Page => usage.pages = quantity,
            Unit::Request => usage.requests = quantity,
            Unit::Run => panic!("no source prices runs"),
        }
    }
    usage
}

/// A model's prices in the book against the source's, over many usages.
pub fn compare(book: &PriceBook, id: &str, at: Timestamp, said: &[Said], random: &mut Random, tally: &mut Tally) {
    for quantities in tries(said, random) {
        let total: u128 = said.iter().zip(&quantities).filter(|(one, _)| one.unit.is_input()).map(|(_, q)| q).sum();
        let expected: Vec<BigUint> = said
            .iter()
            .zip(&quantities)
            .map(|(one, quantity)| {
                let over = |bound: u64| total > u128::from(bound) * 1_000_000_000;
                let tier = one.tiers.iter().rev().find(|(bound, _)| over(*bound)).map_or(&one.base, |(_, price)| price);
                tier.cost(*quantity, one.per)
            })
            .collect();
        let sum: BigUint = expected.iter().sum();
        let found = book.estimate(id, &usage(said, &quantities), &EstimateOptions::at(at));
        tally.usages += 1;
        let fits = sum <= BigUint::from(MOST);
        match found {
            Ok(estimate) if fits => {
                for (one, amount) in said.iter().zip(&expected) {
                    let line = estimate.lines.iter().find(|line| line.unit == one.unit);
                    tally.lines += 1;
                    if line.map(|line| BigUint::from(line.amount.nanos())).as_ref() != Some(amount) {
                        tally.mismatches.push(format!("{id} {:?} of {quantities:?}: {line:?}, not {amount}", one.unit));
                    }
                }
                if BigUint::from(estimate.total.nanos()) != sum || estimate.lines.len() != said.len() {
                    tally.mismatches.push(format!("{id} {quantities:?}: {} in all, not {sum}", estimate.total));
                }
            }
            Err(error) if !fits && error.code() == "overflow" => tally.overflows += 1,
            found => tally.mismatches.push(format!("{id} {quantities:?}: {found:?}, not {sum}")),
        }
    }
}
