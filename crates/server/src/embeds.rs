//! Embeds: one placement policy of a pickaxe.

use scrip::{Credits, Window};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use crate::{
    ids::{EmbedId, Visitor},
    problem::{Fault, Problem},
    store::CapRule,
    wire::Amount,
};

const MAX_ORIGINS: usize = 50;
const MAX_TEXT: usize = 500;
const MAX_THEME_BYTES: usize = 8 * 1024;

/// The settings of an embed, as the owner sends and reads them.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmbedSettings)]
pub struct Settings {
    /// Sites that may show it, as exact origins: `https://example.com`.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// `null`: unlimited; `0`: closed.
    #[serde(default = "five")]
    pub prompt_runs_per_user: Option<u32>,
    /// How long a run stays away; `null`: for ever.
    #[serde(default = "thirty_days")]
    #[schema(minimum = 1)]
    pub window_seconds: Option<u32>,
    /// What the visitor reads when the limit is reached.
    #[serde(default = "limit_message")]
    #[schema(max_length = 500)]
    pub limit_message: String,
    /// Where the message links to.
    #[serde(default)]
    pub limit_url: Option<String>,
    /// Colours and shapes, for the widget.
    #[serde(default)]
    pub theme: Map<String, Value>,
    /// The language of the widget.
    #[serde(default = "english")]
    pub locale: String,
    /// Credits that all runs and debits of the embed may come to in a UTC day; what runs under way hold counts.
    #[serde(default)]
    pub daily_budget: Option<Amount>,
}

fn five() -> Option<u32> {
    Some(5)
}
fn thirty_days() -> Option<u32> {
    Some(Window::THIRTY_DAYS.seconds())
}
fn limit_message() -> String {
    "You have used all your runs for now.".to_owned()
}
fn english() -> String {
    "en".to_owned()
}

impl Settings {
    /// As stored.
    ///
    /// # Errors
    /// When the stored document is damaged.
    pub fn stored(body: &str) -> Result<Self, Problem> {
        serde_json::from_str(body).map_err(Problem::internal)
    }

    /// Checks every member; the origins become canonical.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with every fault.
    pub fn checked(mut self) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        if self.allowed_origins.len() > MAX_ORIGINS {
            faults.push(Fault::at("/allowed_origins", format!("at most {MAX_ORIGINS} origins")));
        }
        for (place, origin) in self.allowed_origins.iter_mut().enumerate() {
            match canonical_origin(origin) {
                Ok(canonical) => *origin = canonical,
                Err(detail) => faults.push(Fault::at(format!("/allowed_origins/{place}"), detail)),
            }
        }
        if self.window_seconds == Some(0) {
            faults.push(Fault::at("/window_seconds", "at least 1 second, or null: never returns"));
        }
        if self.limit_message.chars().count() > MAX_TEXT {
            faults.push(Fault::at("/limit_message", format!("at most {MAX_TEXT} characters")));
        }
        if self.limit_url.as_deref().is_some_and(|url| !is_link(url)) {
            faults.push(Fault::at("/limit_url", "expected an http or https address"));
        }
        if serde_json::to_string(&self.theme).map_or(0, |text| text.len()) > MAX_THEME_BYTES {
            faults.push(Fault::at("/theme", format!("at most {MAX_THEME_BYTES} bytes")));
        }
        if !is_locale(&self.locale) {
            faults.push(Fault::at("/locale", "expected a language tag such as \"en\" or \"pt-BR\""));
        }
        let mut seen = std::collections::HashSet::new();
        self.allowed_origins.retain(|origin| seen.insert(origin.clone()));
        if faults.is_empty() { Ok(self) } else { Err(Problem::Invalid(faults)) }
    }

    /// Whether pages of this origin may use it.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == origin)
    }

    /// What it may be charged in a UTC day.
    #[must_use]
    pub fn budget(&self) -> Option<Credits> {
        self.daily_budget.map(|budget| budget.0)
    }

    /// The limit as it applies to a visitor.
    #[must_use]
    pub fn rule(&self, embed: EmbedId, visitor: Visitor) -> CapRule {
        let window = self.window_seconds.and_then(|seconds| Window::from_seconds(u64::from(seconds)).ok());
        CapRule { embed, visitor, limit: self.prompt_runs_per_user, window }
    }
}

/// `scheme://host[:port]` as browsers send it.
fn canonical_origin(text: &str) -> Result<String, String> {
    let expected = || "expected an exact origin such as https://example.com: no path, no wildcard".to_owned();
    if text.contains('*') || text.chars().any(|character| character.is_whitespace() || character == '\\') {
        return Err(expected());
    }
    let url = Url::parse(text).map_err(|_| expected())?;
    let (_, authority) = text.split_once("://").ok_or_else(expected)?;
    let bare = !authority.contains(['/', '?', '#', '@']);
    if !matches!(url.scheme(), "http" | "https") || !bare || url.host_str().is_none() {
        return Err(expected());
    }
    Ok(url.origin().ascii_serialization())
}

fn is_link(text: &str) -> bool {
    text.len() <= 2000 && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_locale(text: &str) -> bool {
    (2..=35).contains(&text.len())
        && text
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_becomes_what_a_browser_sends() {
        assert_eq!(canonical_origin("https://Example.COM").unwrap(), "https://example.com");
        assert_eq!(canonical_origin("https://example.com:443").unwrap(), "https://example.com");
        assert_eq!(canonical_origin("http://localhost:3000").unwrap(), "http://localhost:3000");
        assert_eq!(canonical_origin("https://bücher.example").unwrap(), "https://xn--bcher-kva.example");
    }

    #[test]
    fn what_is_no_exact_origin_is_refused() {
        for text in [
            "*",
            "null",
            "",
            "example.com",
            "https://*.example.com",
            "https://example.com/",
            "https://example.com/x",
            "https://example.com?x",
            "https://u@example.com",
            "ftp://example.com",
            "https://",
            "https:example.com",
            "https://example.com ",
            "file:///x",
            "javascript:alert(1)",
        ] {
            assert!(canonical_origin(text).is_err(), "{text:?}");
        }
    }
}
