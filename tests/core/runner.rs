//! Random sequences of operations from a seed that is printed, so that a failure can be had again.

use std::{
    env,
    fmt::Debug,
    hash::{BuildHasher, RandomState},
};

use proptest::{
    collection::vec,
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use scrip::{Credits, Timestamp};

/// Operations in one sequence.
const LENGTH: usize = 250;
/// Operations in all, for each model, unless `SCRIP_MODEL_OPERATIONS` says otherwise.
const OPERATIONS: usize = 20_000;

/// Runs `check` on sequences of operations; `SCRIP_SEED` repeats those of an earlier time.
pub(crate) fn sequences<T: Clone + Debug>(operation: impl Strategy<Value = T>, check: impl Fn(Vec<T>)) {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("SCRIP_SEED").unwrap_or_else(|| RandomState::new().hash_one("seed"));
    let operations = number("SCRIP_MODEL_OPERATIONS").map_or(OPERATIONS, |count| usize::try_from(count).unwrap());
    println!("SCRIP_SEED={seed}, {operations} operations");
    let bytes: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
    let config = Config {
        cases: u32::try_from((operations / LENGTH).max(1)).unwrap(),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner.run(&vec(operation, LENGTH), |operations| {
        check(operations);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("SCRIP_SEED={seed}: {failure}");
    }
}

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const WINDOW: i64 = 30 * DAY;

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

pub(crate) fn nanos(amount: u64) -> Credits {
    Credits::from_nanos(amount).unwrap()
}

pub(crate) fn wide(amount: Credits) -> i128 {
    i128::from(amount.nanos())
}

/// How the clock moves before an operation.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// By this many milliseconds, perhaps backwards.
    By(i64),
    /// To the moment the next amount returns, or this close to it.
    ToReturn(i64),
}

pub(crate) fn steps() -> impl Strategy<Value = Step> {
    use proptest::prelude::{Just, prop_oneof};
    prop_oneof![
        6 => Just(Step::By(0)),
        6 => (0..DAY).prop_map(Step::By),
        1 => (-2 * DAY..0).prop_map(Step::By),
        1 => (-1_i64..=1).prop_map(|near| Step::By(WINDOW + near)),
        3 => (-1_i64..=1).prop_map(Step::ToReturn),
    ]
}

impl Step {
    /// The clock after this step.
    pub(crate) fn from(&self, now: i64, next_return: Option<i64>) -> i64 {
        match (self, next_return) {
            (Self::By(millis), _) => now + millis,
            (Self::ToReturn(near), Some(at)) => at + near,
            (Self::ToReturn(_), None) => now,
        }
    }
}
