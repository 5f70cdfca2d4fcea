//! The Scrip server.
