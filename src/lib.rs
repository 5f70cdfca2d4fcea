//! The pure core of Scrip: how credits are counted, spent, held, returned and limited.
//!
//! No I/O, no clock, no randomness: every method that depends on time takes it as an argument, so the same code counts an
//! owner's credits in a database and a visitor's runs in a browser.
//!
//! ```
//! use scrip::{Account, Allowance, Command, Credits, Timestamp, Window};
//!
//! # fn main() -> Result<(), scrip::Error> {
//! let noon = Timestamp::from_millis(1_700_000_000_000)?;
//!
//! // An account lives on an allowance (here 25 credits that each return 30 days after their own use) and prepaid credits.
//! let mut account = Account::new("25".parse()?, noon);
//! account.apply(Command::TopUp { amount: "2".parse()? }, noon)?;
//! let debit = account.apply(Command::Debit { amount: "26".parse()? }, noon)?;
//! assert_eq!(debit.legs.allowance.to_string(), "25");
//! assert_eq!(debit.legs.prepaid.to_string(), "1");
//! assert_eq!(account.balance().available.to_string(), "1");
//!
//! // The same rolling machine by itself: a credit spent at t is available again at t + 30 days, inclusive.
//! let mut allowance = Allowance::new(Credits::ONE, Some(Window::THIRTY_DAYS), noon);
//! allowance.spend(Credits::ONE, noon)?;
//! let returned = Window::THIRTY_DAYS.after(noon)?;
//! let just_before = Timestamp::from_millis(returned.as_millis() - 1)?;
//! assert_eq!(allowance.available(just_before), Credits::ZERO);
//! assert_eq!(allowance.available(returned), Credits::ONE);
//! # Ok(())
//! # }
//! ```
//!
//! The feature `pricing` adds the price book and the estimator.
// The widget counts with this and has no use for the standard library: its weight is what a visitor waits for.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic, clippy::arithmetic_side_effects)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic))]

extern crate alloc;
#[cfg(all(feature = "std", not(test)))]
extern crate std;

mod account;
mod allowance;
mod credits;
mod error;
#[cfg(feature = "pricing")]
mod estimate;
mod meter;
#[cfg(feature = "pricing")]
mod price_book;
#[cfg(feature = "pricing")]
mod pricing_error;
#[cfg(feature = "pricing")]
mod quantity;
mod said;
mod time;
mod visitor_cap;
#[cfg(feature = "pricing")]
mod wide;
#[cfg(feature = "pricing")]
pub mod wire;

pub use account::{Account, Balance, Command, Debited, Legs, Snapshot, Transition};
pub use allowance::{Allowance, Spend};
pub use credits::Credits;
pub use error::Error;
#[cfg(feature = "pricing")]
pub use estimate::{
    Affordance, BenchmarkEstimate, BenchmarkRequest, Comparison, Conversions, EditedText, Estimate, EstimateOptions,
    Human, Line, OutputTokens, PipelineEstimate, PipelineStep, TextLength, Usage,
};
pub use meter::AllowanceBalance;
#[cfg(feature = "pricing")]
pub use price_book::{Date, Encoding, Model, Price, PriceBook, Task, Tier, TierBy, Unit};
#[cfg(feature = "pricing")]
pub use pricing_error::PricingError;
#[cfg(feature = "pricing")]
pub use quantity::Quantity;
pub use time::{Timestamp, Window};
pub use visitor_cap::{Decision, VisitorCap};
