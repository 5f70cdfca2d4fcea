//! The pure core of Scrip.
