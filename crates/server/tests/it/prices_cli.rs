//! `scrip prices`, and imported books against wide integers.

mod commands;
mod genai_prices;
mod litellm;
mod oracle;
