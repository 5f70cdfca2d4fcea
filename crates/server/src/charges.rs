//! What a run or a debit costs, and the lines that say why.

use scrip::{Credits, Quantity, Timestamp};

use crate::{
    prices::{Cost, Prices},
    problem::Problem,
    provider::Usage,
    store::{Item, Tariff},
};

/// A prompt's input is at most its bytes, and the frame around it.
const FRAME_TOKENS: usize = 256;
/// A token of ordinary text has about this many bytes, when the provider does not count.
const BYTES_PER_TOKEN: usize = 4;

/// How a run is paid.
#[derive(Clone, Debug)]
pub enum Price {
    /// One credit, whatever the size.
    PromptRun(Item),
    /// What the price book says for what the run used.
    Metered {
        /// A price-book id.
        model: String,
        /// Whose prices are valid.
        at: Timestamp,
        /// The most it can cost.
        bound: Credits,
    },
}

impl Price {
    /// The price of a run of this prompt.
    ///
    /// # Errors
    /// [`Problem::Invalid`] when a metered run's model has no price for tokens.
    pub fn new(
        prices: &Prices,
        tariff: Tariff,
        model: &str,
        prompt: &str,
        max_output_tokens: u32,
        at: Timestamp,
    ) -> Result<Self, Problem> {
        match tariff {
            Tariff::PromptRun => Ok(Self::PromptRun(one_run(model, &prices.supplier(model, at)))),
            Tariff::Metered => {
                let most = Usage {
                    input: whole(prompt.len().saturating_add(FRAME_TOKENS)),
                    cached: 0,
                    output: u64::from(max_output_tokens),
                };
                let bound = tokens(prices, model, most, at)?.amount;
                Ok(Self::Metered { model: model.to_owned(), at, bound })
            }
        }
    }

    /// The most a run can cost: what is held for it.
    #[must_use]
    pub fn bound(&self) -> Credits {
        match self {
            Self::PromptRun(item) => item.amount,
            Self::Metered { bound, .. } => *bound,
        }
    }

    /// What a run costs in the end; `None`: it is void. `whole`: it ended well, or was stopped.
    #[must_use]
    pub fn charge(
        &self,
        prices: &Prices,
        prompt: &str,
        output: &str,
        usage: Option<Usage>,
        ended_well: bool,
    ) -> Option<Cost> {
        if output.is_empty() {
            return None;
        }
        match self {
            Self::PromptRun(item) => ended_well.then(|| Cost { amount: item.amount, items: vec![item.clone()] }),
            Self::Metered { model, at, bound } => {
                let used = usage.unwrap_or_else(|| counted(prompt, output));
                let cost = match tokens(prices, model, used, *at) {
                    Ok(cost) => cost,
                    Err(problem) => {
                        tracing::error!(model, code = problem.code(), "a metered run could not be priced");
                        return None;
                    }
                };
                if cost.amount > *bound {
                    tracing::warn!(model, cost = %cost.amount, %bound, "usage above the hold is charged up to it");
                }
                Some(cost.at_most(*bound))
            }
        }
    }
}

/// When the provider does not count, its words are counted here.
fn counted(prompt: &str, output: &str) -> Usage {
    let tokens = |text: &str| whole(text.len().div_ceil(BYTES_PER_TOKEN));
    Usage { input: tokens(prompt), cached: 0, output: tokens(output) }
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What tokens of a model cost. The provider's cached tokens are part of its input tokens; the book keeps them apart.
fn tokens(prices: &Prices, model: &str, used: Usage, at: Timestamp) -> Result<Cost, Problem> {
    let count = |tokens: u64| Quantity::from_nanos(u128::from(tokens).saturating_mul(1_000_000_000));
    let usage = scrip::Usage {
        input_tokens: count(used.input.saturating_sub(used.cached)),
        cached_input_tokens: count(used.cached).filter(|cached| !cached.is_zero()),
        output_tokens: count(used.output),
        ..scrip::Usage::default()
    };
    prices.cost(&[(model.to_owned(), usage)], at).map_err(|(_, error)| Problem::unpriced("/model", &error))
}

/// Whether a metered run of this model can be priced.
///
/// # Errors
/// [`Problem::Invalid`] when it cannot.
pub fn check_metered(prices: &Prices, model: &str, at: Timestamp) -> Result<(), Problem> {
    tokens(prices, model, Usage { input: 1, cached: 0, output: 1 }, at).map(|_| ())
}

/// The line of one prompt run.
#[must_use]
pub fn one_run(model: &str, supplier: &str) -> Item {
    Item {
        model: model.to_owned(),
        supplier: supplier.to_owned(),
        unit: "run".to_owned(),
        quantity: "1".to_owned(),
        credits: Credits::ONE,
        per: "1".to_owned(),
        amount: Credits::ONE,
        valid_from: None,
    }
}

/// The line of an amount that was named outright.
#[must_use]
pub fn plain(amount: Credits) -> Item {
    Item {
        model: "amount".to_owned(),
        supplier: "owner".to_owned(),
        unit: "credit".to_owned(),
        quantity: amount.to_string(),
        credits: Credits::ONE,
        per: "1".to_owned(),
        amount,
        valid_from: None,
    }
}
