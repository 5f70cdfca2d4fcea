//! The one place that turns stable codes into words for a visitor.

use crate::prelude::*;
use wasm_bindgen::JsValue;

use crate::js;

/// What the server refused, or what broke: a problem object, or one made here in the same shape.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// The stable code; empty when the answer was no problem object.
    pub(crate) code: String,
    /// What a run that broke off cost; `None`: it never started.
    pub(crate) charge: Option<String>,
    /// Seconds to wait, as the server asked.
    pub(crate) retry_after: Option<u32>,
    /// The whole object, for the page.
    pub(crate) detail: JsValue,
}

impl Problem {
    /// Reads a problem object.
    pub(crate) fn read(detail: JsValue, retry_after: Option<u32>) -> Self {
        let detail = if detail.is_object() { detail } else { js::object(&[]) };
        let code = js::text(&detail, "code").unwrap_or_default();
        Self { code, charge: js::text(&detail, "charge"), retry_after, detail }
    }

    /// A problem that no server told of.
    pub(crate) fn local(code: &str) -> Self {
        Self::read(js::object(&[("code", JsValue::from_str(code))]), None)
    }

    /// Whether nothing was charged.
    pub(crate) fn is_free(&self) -> bool {
        self.charge.as_deref().is_none_or(|charge| charge == "0")
    }

    /// Whether the reply leaves open if the request was carried out.
    pub(crate) fn is_unknown(&self, status: u16) -> bool {
        status >= 500 && !matches!(self.code.as_str(), "provider_failed" | "overloaded")
    }

    /// The code that the page and the texts go by.
    pub(crate) fn code(&self) -> &str {
        if self.code.is_empty() { "internal" } else { &self.code }
    }

    /// Plain words for the visitor.
    pub(crate) fn explain(&self) -> String {
        let (what, free) = explain(self.code());
        let mut text = String::from(what);
        if let Some(seconds) = self.retry_after {
            text = js::concat(&[
                &text,
                " Try again in ",
                &seconds.to_string(),
                if seconds == 1 { " second." } else { " seconds." },
            ]);
        }
        let outcome = match &self.charge {
            Some(_) if !self.is_free() => " What is shown here was counted as a run.",
            _ if free => " This run was not counted.",
            _ => "",
        };
        text.push_str(outcome);
        text
    }
}

/// A code, its words, and whether they should go on to say that nothing was counted. The last row is for every other code.
const WORDS: [(&str, &str, bool); 15] = [
    ("insufficient_credits", "The credits of this site are used up, so there is no answer for now.", true),
    ("budget_exhausted", "This site has given all the answers it gives in a day. Please come back later.", true),
    ("rate_limited", "That was a little fast.", true),
    ("overloaded", "Very many people are asking at the moment.", true),
    ("provider_failed", "The model could not finish its answer.", true),
    ("origin_not_allowed", "This tool is not allowed on this page.", false),
    ("not_found", "This tool no longer exists.", false),
    ("unauthorized", "This page may not use the tool any more. Reload the page to try again.", true),
    ("forbidden", "This page may not use the tool any more. Reload the page to try again.", true),
    ("invalid_request", "Something in the form was not accepted.", true),
    ("payload_too_large", "The form holds too much text.", true),
    (
        "unreachable",
        "The service cannot be reached. Your entries are kept; press again to retry: it counts once at most.",
        false,
    ),
    ("interrupted", "Stopped waiting. Press again for the same answer: it counts once at most.", false),
    ("page_failed", "This site could not finish its answer.", false),
    ("", "Something went wrong on the server. Press again to retry: it counts once at most.", false),
];

fn explain(code: &str) -> (&'static str, bool) {
    let row = WORDS.iter().find(|(known, ..)| *known == code || known.is_empty());
    row.map_or(("", false), |(_, words, free)| (words, *free))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_a_visitor_can_meet_has_words_of_its_own() {
        let codes = [
            "insufficient_credits",
            "budget_exhausted",
            "rate_limited",
            "overloaded",
            "provider_failed",
            "origin_not_allowed",
            "not_found",
            "unauthorized",
            "invalid_request",
            "payload_too_large",
            "unreachable",
            "interrupted",
            "page_failed",
            "internal",
        ];
        for (place, code) in codes.iter().enumerate() {
            let words = explain(code).0;
            assert!(words.ends_with('.'), "{code}");
            assert!(codes.iter().take(place).all(|other| explain(other).0 != words), "{code} reads like another one");
        }
    }
}
