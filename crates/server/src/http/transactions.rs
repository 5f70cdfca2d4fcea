//! What the owner sees of the ledger.

use std::fmt::Write;

use axum::{extract::State, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    accounts::Balance,
    documents::{self, List},
    extract::{Id, Listing, Query},
    reply,
};
use crate::{
    app::AppState,
    auth::{Owner, Read},
    charges,
    ids::TransactionId,
    runs::events::Tokens,
    store::{Item, Transaction, TransactionKind},
    wire::{Amount, SignedAmount, Time},
};

/// The contract's words for the kinds of rows.
pub(super) const KINDS: [(TransactionKind, &str); 7] = [
    (TransactionKind::Run, "run"),
    (TransactionKind::Debit, "debit"),
    (TransactionKind::Refund, "refund"),
    (TransactionKind::TopUp, "topup"),
    (TransactionKind::Grant, "grant"),
    (TransactionKind::Pipeline, "pipeline"),
    (TransactionKind::Benchmark, "benchmark"),
];

fn kind(kind: TransactionKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name)
}

fn goes_out(kind: TransactionKind) -> bool {
    !matches!(kind, TransactionKind::Refund | TransactionKind::TopUp | TransactionKind::Grant)
}

/// A part of a movement: from, or back to, one of the two places.
#[derive(Serialize, ToSchema)]
pub(super) struct Leg {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'static str>,
    amount: Amount,
}

fn legs(row: &Transaction) -> Vec<Leg> {
    let out = goes_out(row.kind);
    // What goes out is drawn from the allowance first, what comes back returns the other way round.
    let mut parts = vec![("allowance", row.legs.allowance), ("prepaid", row.legs.prepaid)];
    if !out {
        parts.reverse();
    }
    parts
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(place, amount)| Leg { from: out.then_some(place), to: (!out).then_some(place), amount: Amount(amount) })
        .collect()
}

/// What one model used in a job cost.
#[derive(Serialize, ToSchema)]
pub(super) struct ItemView {
    model: String,
    supplier: String,
    unit: String,
    quantity: String,
    credits: Amount,
    per: String,
    amount: Amount,
    valid_from: Option<String>,
}

/// The lines of a row: they add up to its amount. What named none (a refund, a top-up, a hold settled as a whole) is one line.
fn items(row: &Transaction) -> Vec<ItemView> {
    if row.items.is_empty() && !row.amount.is_zero() {
        return vec![ItemView::from(&charges::plain(row.amount))];
    }
    row.items.iter().map(ItemView::from).collect()
}

impl From<&Item> for ItemView {
    fn from(item: &Item) -> Self {
        Self {
            model: item.model.clone(),
            supplier: item.supplier.clone(),
            unit: item.unit.clone(),
            quantity: item.quantity.clone(),
            credits: Amount(item.credits),
            per: item.per.clone(),
            amount: Amount(item.amount),
            valid_from: item.valid_from.clone(),
        }
    }
}

/// What a movement answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Receipt {
    id: String,
    kind: &'static str,
    amount: Amount,
    legs: Vec<Leg>,
    items: Vec<ItemView>,
    created_at: Time,
    /// The debit a refund names.
    #[serde(skip_serializing_if = "Option::is_none")]
    debit: Option<String>,
    /// For the owner's key only.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Balance>,
}

impl Receipt {
    fn new(row: Transaction, with_balance: bool) -> Self {
        Self {
            id: row.id.to_string(),
            kind: kind(row.kind),
            amount: Amount(row.amount),
            legs: legs(&row),
            items: items(&row),
            created_at: Time(row.created_at),
            debit: row.refunds.map(|debit| debit.to_string()),
            balance: with_balance.then(|| row.balance.into()),
        }
    }

    /// Of what went out. A visitor never sees a balance.
    pub(super) fn out(row: Transaction, by_owner: bool) -> Self {
        Self::new(row, by_owner)
    }

    /// Of what came back.
    pub(super) fn back(row: Transaction) -> Self {
        Self::new(row, true)
    }
}

/// A row of the listing.
#[derive(Serialize, ToSchema)]
pub(crate) struct Row {
    id: String,
    kind: &'static str,
    /// What went out is negative.
    #[schema(value_type = String, example = "-1")]
    amount: SignedAmount,
    balance_after: Amount,
    created_at: Time,
    embed: Option<String>,
    run: Option<String>,
    summary: String,
}

/// A row as the owner reads it.
pub(crate) fn view(row: Transaction) -> Row {
    Row {
        id: row.id.to_string(),
        kind: kind(row.kind),
        amount: SignedAmount { amount: row.amount, out: goes_out(row.kind) },
        balance_after: Amount(row.balance.balance.available),
        created_at: Time(row.created_at),
        embed: row.embed.map(|id| id.to_string()),
        run: row.run.map(|id| id.to_string()),
        summary: summary(&row),
    }
}

fn summary(row: &Transaction) -> String {
    let what = match row.kind {
        TransactionKind::Run => "Prompt run",
        TransactionKind::Debit => "Debit",
        TransactionKind::Refund => "Refund",
        TransactionKind::TopUp => "Credits bought",
        TransactionKind::Grant => "Credits granted",
        TransactionKind::Pipeline => "Pipeline",
        TransactionKind::Benchmark => "Benchmark",
    };
    let model = row.items.first().filter(|_| row.kind == TransactionKind::Run).map(|item| item.model.as_str());
    match row.note.as_deref().or(model) {
        Some(more) => format!("{what}: {more}"),
        None => what.to_owned(),
    }
}

/// One row with everything it is made of.
#[derive(Serialize, ToSchema)]
pub(super) struct Detail {
    #[serde(flatten)]
    row: Row,
    legs: Vec<Leg>,
    items: Vec<ItemView>,
    visitor: Option<String>,
    /// The debit a refund names.
    debit: Option<String>,
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Tokens>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

/// The account's transactions
#[utoipa::path(get, path = "/v1/transactions", tag = "Transactions", params(Listing), responses((status = 200, body = List<Row>)))]
pub(super) async fn list(
    State(app): State<AppState>,
    owner: Owner<Read>,
    Query(listing): Query<Listing>,
) -> reply::Result {
    let query = listing.checked()?;
    let cursor = query.cursor.clone();
    let page = documents::page(app.store.transactions(owner.account, query).await, cursor.as_ref())?;
    let data = page.data.into_iter().map(view).collect();
    Ok(reply::ok(&List { data, next_cursor: page.next_cursor }))
}

/// One transaction with its legs and lines
#[utoipa::path(get, path = "/v1/transactions/{txn}", tag = "Transactions", responses((status = 200, body = Detail)))]
pub(super) async fn show(State(app): State<AppState>, owner: Owner<Read>, Id(id): Id<TransactionId>) -> reply::Result {
    let row = app.store.transaction(owner.account, id).await?;
    let run = match row.run {
        Some(run) => Some(app.store.run(run).await?),
        None => None,
    };
    let tokens = |(input_tokens, output_tokens)| Tokens { input_tokens, output_tokens };
    Ok(reply::ok(&Detail {
        legs: legs(&row),
        items: items(&row),
        visitor: row.visitor.as_ref().map(|visitor| visitor.as_str().to_owned()),
        debit: row.refunds.map(|debit| debit.to_string()),
        note: row.note.clone(),
        usage: run.as_ref().and_then(|run| run.usage).map(tokens),
        duration_ms: run.as_ref().and_then(|run| run.duration_ms),
        model: run.map(|run| run.model),
        row: view(row),
    }))
}

/// The account's transactions as a table
#[utoipa::path(get, path = "/v1/transactions.csv", tag = "Transactions", params(Listing), responses((status = 200, content_type = "text/csv", body = String)))]
pub(super) async fn csv(
    State(app): State<AppState>,
    owner: Owner<Read>,
    Query(listing): Query<Listing>,
) -> reply::Result {
    let mut query = listing.checked()?;
    query.limit = 200;
    let mut text = String::from("id,kind,amount,balance_after,created_at,embed,run,summary\r\n");
    loop {
        let page = app.store.transactions(owner.account, query.clone()).await?;
        for row in page.data.into_iter().map(view) {
            let amount = serde_json::to_string(&row.amount).unwrap_or_default();
            let cells = [
                row.id,
                row.kind.to_owned(),
                amount.trim_matches('"').to_owned(),
                row.balance_after.0.to_string(),
                row.created_at.to_string(),
                row.embed.unwrap_or_default(),
                row.run.unwrap_or_default(),
                quoted(&row.summary),
            ];
            // Writing to a String cannot fail.
            let _ = write!(text, "{}\r\n", cells.join(","));
        }
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    let response = reply::bytes("text/csv; charset=utf-8", text);
    Ok(reply::with(response, header::CONTENT_DISPOSITION, "attachment; filename=\"transactions.csv\""))
}

/// A cell in quotes. A spreadsheet would compute what begins like a formula: such text gets a quote in front.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
