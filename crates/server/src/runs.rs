//! Runs whose words are coming: a task owns each one, whoever is listening.

pub mod events;
mod execute;
mod hub;
mod outcome;

use events::{Event, Place};
pub use execute::{Begun, Job, begin};
pub use hub::{Hub, Live};
pub use outcome::{Ended, result_of, told_again};
