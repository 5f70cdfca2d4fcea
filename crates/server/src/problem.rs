//! Every way a request can fail, and its answer: RFC 9457 problem documents. The only place that knows failing status codes.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use scrip::{Credits, PricingError, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    store::StoreError,
    wire::{Amount, Return, Time},
};

/// Where in the request something is wrong, and what.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON pointer into the body, or the name of a query parameter or header.
    pub pointer: String,
    /// What is wrong there.
    pub detail: String,
    /// The price book's own code, such as `unit_not_priced`, where it refused a usage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

impl Fault {
    /// A fault at a pointer.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), code: None }
    }
}

/// A refusal or a failure. Codes and statuses are the contract's.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are the contract's codes; fields are the members of the answer")]
pub enum Problem {
    /// Not JSON, or a header that the route needs is missing.
    Malformed(String),
    Unauthorized(&'static str),
    InsufficientCredits {
        available: Credits,
        required: Credits,
        next_return: Option<(Timestamp, Credits)>,
    },
    Forbidden(&'static str),
    OriginNotAllowed,
    PlanRequired(&'static str),
    PaymentsDisabled,
    NotFound(&'static str),
    MethodNotAllowed,
    RequestInProgress,
    HoldClosed,
    EmailTaken,
    EditConflict,
    PayloadTooLarge,
    UnsupportedMediaType,
    /// JSON, but not what the route takes.
    Invalid(Vec<Fault>),
    IdempotencyMismatch,
    VisitorCapReached {
        cap: u32,
        resets_at: Option<Timestamp>,
        message: Option<String>,
    },
    BudgetExhausted {
        resets_at: Option<Timestamp>,
    },
    RateLimited {
        retry_after_seconds: u64,
        limit: u32,
    },
    /// Logged where it is made; the answer says nothing.
    Internal,
    ProviderFailed {
        detail: String,
        output: Option<String>,
        charge: Credits,
    },
    Overloaded,
}

impl Problem {
    /// One fault in the body.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::at(pointer, detail)])
    }

    /// What the price book refuses, with the code that it has everywhere.
    pub fn unpriced(pointer: impl Into<String>, error: &PricingError) -> Self {
        Self::Invalid(vec![Fault { code: Some(error.code()), ..Fault::at(pointer, error.to_string()) }])
    }

    /// Something that must not happen: logged here with its cause.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::Internal
    }

    /// The visitor reads the embed's own words when the limit is reached.
    #[must_use]
    pub fn with_limit_message(mut self, text: &str) -> Self {
        if let Self::VisitorCapReached { message, .. } = &mut self {
            *message = Some(text.to_owned());
        }
        self
    }

    /// A failed settlement or debit names the member that held the amount.
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "invalid_request", "The request cannot be read"),
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "unauthorized", "Authentication is needed"),
            Self::InsufficientCredits { .. } => {
                (StatusCode::PAYMENT_REQUIRED, "insufficient_credits", "Not enough credits")
            }
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
            Self::OriginNotAllowed => (StatusCode::FORBIDDEN, "origin_not_allowed", "This site may not show the embed"),
            Self::PlanRequired(_) => (StatusCode::FORBIDDEN, "plan_required", "Another plan is needed"),
            Self::PaymentsDisabled => (StatusCode::FORBIDDEN, "payments_disabled", "Payments are switched off"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found", "Not found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed"),
            Self::RequestInProgress => {
                (StatusCode::CONFLICT, "request_in_progress", "The same request is still running")
            }
            Self::HoldClosed => (StatusCode::CONFLICT, "hold_closed", "The hold is closed"),
            Self::EmailTaken => (StatusCode::CONFLICT, "email_taken", "The e-mail address is taken"),
            Self::EditConflict => (StatusCode::CONFLICT, "edit_conflict", "It changed since it was read"),
            Self::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "The body is too large"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body must be JSON")
            }
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", "The request is not valid"),
            Self::IdempotencyMismatch => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch", "The key belongs to another request")
            }
            Self::VisitorCapReached { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "visitor_cap_reached", "All runs of this visitor are used")
            }
            Self::BudgetExhausted { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "budget_exhausted", "Today's budget is used")
            }
            Self::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited", "Too many requests"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
            Self::ProviderFailed { .. } => (StatusCode::BAD_GATEWAY, "provider_failed", "The model gave no answer"),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "overloaded", "The server is busy"),
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.parts().1
    }

    fn detail(&self) -> Option<String> {
        let text = match self {
            Self::Malformed(detail) | Self::ProviderFailed { detail, .. } => detail.clone(),
            Self::Unauthorized(detail)
            | Self::Forbidden(detail)
            | Self::PlanRequired(detail)
            | Self::NotFound(detail) => (*detail).to_owned(),
            Self::InsufficientCredits { available, required, .. } => {
                format!("{required} credits are required, {available} are available")
            }
            Self::OriginNotAllowed => "the request's Origin is not among the embed's allowed origins".to_owned(),
            Self::PaymentsDisabled => "this server takes no payments (SCRIP_PAYMENTS=off)".to_owned(),
            Self::RequestInProgress => "a request with this Idempotency-Key is still running; try again".to_owned(),
            Self::HoldClosed => "the hold was settled or voided, or it expired".to_owned(),
            Self::EmailTaken => "there is an account with this e-mail address".to_owned(),
            Self::EditConflict => "If-Match does not name the present version; read it again".to_owned(),
            Self::PayloadTooLarge => "a body has at most 1 MiB".to_owned(),
            Self::UnsupportedMediaType => "send the body with Content-Type: application/json".to_owned(),
            Self::Invalid(faults) => {
                faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail)).collect::<Vec<_>>().join("; ")
            }
            Self::IdempotencyMismatch => "this Idempotency-Key was used with another body".to_owned(),
            Self::VisitorCapReached { message, .. } => message.clone()?,
            Self::BudgetExhausted { .. } => "the embed's daily budget is used".to_owned(),
            Self::RateLimited { retry_after_seconds, .. } => format!("try again in {retry_after_seconds} s"),
            Self::Overloaded => "try again in a moment".to_owned(),
            Self::MethodNotAllowed | Self::Internal => return None,
        };
        Some(text)
    }

    fn members(&self, members: &mut Map<String, Value>) {
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        match self {
            Self::InsufficientCredits { available, required, next_return } => {
                put("available", json!(Amount(*available)));
                put("required", json!(Amount(*required)));
                put("next_return", json!(next_return.map(Return::from)));
            }
            Self::VisitorCapReached { cap, resets_at, message } => {
                put("cap", json!(cap));
                put("remaining", json!(0));
                put("resets_at", json!(resets_at.map(Time)));
                put("message", json!(message));
            }
            Self::BudgetExhausted { resets_at } => {
                put("resets_at", json!(resets_at.map(Time)));
            }
            Self::Invalid(faults) => {
                put("errors", json!(faults));
            }
            Self::ProviderFailed { output, charge, .. } => {
                put("charge", json!(Amount(*charge)));
                if let Some(output) = output {
                    put("output", json!(output));
                }
            }
            _ => {}
        }
    }

    /// The document: what an answer's body or a stream's `error` event says.
    #[must_use]
    pub fn document(&self) -> Value {
        let (status, code, title) = self.parts();
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(format!("urn:scrip:problem:{code}")));
        members.insert("title".to_owned(), json!(title));
        members.insert("status".to_owned(), json!(status.as_u16()));
        members.insert("code".to_owned(), json!(code));
        if let Some(detail) = self.detail() {
            members.insert("detail".to_owned(), json!(detail));
        }
        self.members(&mut members);
        Value::Object(members)
    }

    fn headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        let mut put = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        };
        match self {
            Self::RateLimited { retry_after_seconds, limit } => {
                put("retry-after", retry_after_seconds.to_string());
                put("ratelimit-limit", limit.to_string());
                put("ratelimit-remaining", "0".to_owned());
                put("ratelimit-reset", retry_after_seconds.to_string());
            }
            Self::Overloaded => put("retry-after", "1".to_owned()),
            Self::Unauthorized(_) => put("www-authenticate", "Bearer".to_owned()),
            _ => {}
        }
    }
}

/// Put on every failing answer, so that outer layers (CORS) know which refusal it is.
#[derive(Clone, Copy, Debug)]
pub struct ProblemCode(pub &'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, _) = self.parts();
        let mut response = (status, self.document().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.headers(&mut response);
        response.extensions_mut().insert(ProblemCode(code));
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused { error, next_return } => refused(&error, next_return),
            StoreError::NotFound => Self::NotFound("there is no such object"),
            StoreError::HoldClosed => Self::HoldClosed,
            StoreError::BudgetExhausted { resets_at } => Self::BudgetExhausted { resets_at: Some(resets_at) },
            StoreError::EmailTaken => Self::EmailTaken,
            StoreError::EditConflict => Self::EditConflict,
            StoreError::IdempotencyMismatch => Self::IdempotencyMismatch,
            StoreError::NotADebit => Self::invalid("", "only a debit can be refunded"),
            StoreError::Overloaded => Self::Overloaded,
            StoreError::Database(cause) => Self::internal(cause),
        }
    }
}

/// The core's refusals; its codes are matched one by one so that a new one is noticed.
fn refused(error: &scrip::Error, next_return: Option<(Timestamp, Credits)>) -> Problem {
    use scrip::Error as Core;
    match error {
        Core::InsufficientCredits { available, required } => {
            Problem::InsufficientCredits { available: *available, required: *required, next_return }
        }
        Core::VisitorCapReached { limit, resets_at } => {
            Problem::VisitorCapReached { cap: *limit, resets_at: *resets_at, message: None }
        }
        Core::InvalidDecimal
        | Core::Overflow
        | Core::InvalidTime
        | Core::ZeroAmount
        | Core::SettleExceedsHold { .. }
        | Core::RefundExceedsDebit { .. } => Problem::invalid("/amount", error.to_string()),
        other => Problem::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_tells_nothing() {
        let document = Problem::internal("the disk burns").document();
        assert_eq!(
            document,
            json!({"type": "urn:scrip:problem:internal", "title": "Internal error", "status": 500, "code": "internal"})
        );
    }

    #[test]
    fn held_credits_have_no_date_of_return() {
        let problem =
            Problem::InsufficientCredits { available: Credits::ZERO, required: Credits::ONE, next_return: None };
        let document = problem.document();
        assert_eq!(document["next_return"], Value::Null);
        assert_eq!(document["required"], "1");
        assert_eq!(document["status"], 402);
    }
}
