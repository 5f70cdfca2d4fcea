//! The OpenAPI document: what every operation has in common is added here once.

use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

/// Routes that need an `Idempotency-Key`.
const MOVEMENTS: [&str; 7] = [
    "/v1/runs",
    "/v1/debits",
    "/v1/debits/{txn}/refunds",
    "/v1/holds",
    "/v1/holds/{hld}/settle",
    "/v1/holds/{hld}/void",
    "/v1/topups",
];
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The whole document as text.
pub(super) fn finish(document: OpenApi) -> String {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    set(
        &mut document,
        "/info",
        json!({
            "title": "Scrip",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Credits for AI tools embedded in other people's pages. Amounts are decimal strings, times RFC 3339.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        }),
    );
    let schemes = json!({
        "key": {"type": "http", "scheme": "bearer", "description": "An owner's secret key (sk_…)"},
        "visitor": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A visitor's token"},
        "session": {"type": "apiKey", "in": "cookie", "name": "scrip_session"},
    });
    if let Some(components) = document.as_object_mut().map(|root| root.entry("components").or_insert(json!({}))) {
        set(components, "/securitySchemes", schemes);
        if let Some(schemas) = components.as_object_mut().map(|all| all.entry("schemas").or_insert(json!({}))) {
            set(schemas, "/Problem", problem_schema());
        }
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    complete(path, method, operation);
                }
            }
        }
    }
    document.to_string()
}

fn set(value: &mut Value, pointer: &str, to: Value) {
    if let Some(object) = value.as_object_mut() {
        object.insert(pointer.trim_start_matches('/').to_owned(), to);
    }
}

/// Path parameters, the idempotency key, security and problems of an operation.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else { return };
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> =
        names.map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})).collect();
    if method == "post" && MOVEMENTS.contains(&path) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }));
    }
    if let Some(list) = operation.entry("parameters").or_insert(json!([])).as_array_mut() {
        list.extend(parameters);
    }
    let visitors = path.starts_with("/v1/runs") || path == "/v1/debits";
    let owner = json!([{"key": []}, {"session": []}]);
    let both = json!([{"key": []}, {"session": []}, {"visitor": []}]);
    operation.entry("security").or_insert(if visitors { both } else { owner });
    let problem = json!({
        "description": "A problem; `code` says which",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    if let Some(responses) = operation.entry("responses").or_insert(json!({})).as_object_mut() {
        responses.insert("default".to_owned(), problem);
    }
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457. More members carry what the code needs: `available`, `required` and `next_return`; `cap`, `remaining`, `resets_at` and `message`; `errors`.",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": {"type": "object", "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}}}},
        },
    })
}
