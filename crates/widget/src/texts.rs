//! The widget's own words. English for now; other languages will replace this table at run time.

/// Every text that is not an error (those stand in `error.rs`, those of a single field in `submission.rs`).
pub(crate) mod en {
    /// The button that ends a run.
    pub(crate) const STOP: &str = "Stop";
    /// The button that copies the answer.
    pub(crate) const COPY: &str = "Copy";
    /// The same, just after.
    pub(crate) const COPIED: &str = "Copied";
    /// The answer's heading.
    pub(crate) const ANSWER: &str = "Answer";
    /// Said when a run starts.
    pub(crate) const WORKING: &str = "Working on the answer";
    /// Said when it ends.
    pub(crate) const DONE: &str = "The answer is complete.";
    /// Said when the visitor ended it.
    pub(crate) const STOPPED: &str = "Stopped.";
    /// Ended before the first word.
    pub(crate) const STOPPED_EMPTY: &str = "Stopped before the first word. This run was not counted.";
    /// Nobody kept the words.
    pub(crate) const EXPIRED: &str = "This answer was finished, but it is no longer kept. It was counted once, nothing more. Press again for a new one.";
    /// While the browser is offline.
    pub(crate) const OFFLINE: &str = "You are offline. Your request is kept and goes on as soon as you are back.";
    /// While the server cannot be reached.
    pub(crate) const RECONNECTING: &str = "The connection broke. Trying again…";
    /// An embed whose limit is 0.
    pub(crate) const CLOSED: &str = "This tool is closed at the moment.";
    /// A limit for which the owner wrote no message.
    pub(crate) const LIMIT: &str = "You have used all your runs.";
    /// The link to where the owner sends visitors then.
    pub(crate) const MORE: &str = "Continue here";
    /// Between two numbers: "3 of 5".
    pub(crate) const OF: &str = " of ";
    /// After two numbers.
    pub(crate) const RUNS_LEFT: &str = " runs left";
    /// After "3 of 1".
    pub(crate) const RUN_LEFT: &str = " run left";
    /// Before a date, after the count.
    pub(crate) const NEXT_RETURNS: &str = " · next run returns on ";
    /// After how many characters are left.
    pub(crate) const CHARACTERS_LEFT: &str = " characters left";
    /// After how many characters are too many.
    pub(crate) const CHARACTERS_OVER: &str = " characters too many";
}
