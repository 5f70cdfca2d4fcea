//! Writes a batch: statements over arrays, sent one after the other without waiting for each answer.

use std::pin::Pin;

use deadpool_postgres::Client;
use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;

use super::{
    batch::{Batch, Moving},
    columns::{Amount, Half, Moment, text},
    error::Fault,
    holds, runs,
};

type Value = Box<dyn ToSql + Sync + Send>;
type Sent<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;

/// A statement with its arrays.
struct Statement {
    sql: &'static str,
    values: Vec<Value>,
}

/// Everything a batch sends, in order.
#[derive(Default)]
pub(super) struct Writes(Vec<Statement>);

impl Writes {
    fn push(&mut self, sql: &'static str, values: Vec<Value>) {
        self.0.push(Statement { sql, values });
    }

    /// Sends everything; with `and_commit`, the end of the transaction behind it. An earlier failure turns that into a rollback.
    pub(super) async fn send(&self, client: &Client, and_commit: bool) -> Result<(), Fault> {
        let mut sent: Vec<Sent<'_>> = Vec::new();
        for Statement { sql, values } in &self.0 {
            // Prepared before anything is sent: from then on the order of sending is the order here.
            let statement = client.prepare_cached(sql).await?;
            sent.push(Box::pin(async move {
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value.as_ref() as _).collect();
                client.execute(&statement, &values).await?;
                Ok(())
            }));
        }
        if and_commit {
            sent.push(Box::pin(commit(client)));
        }
        // Up to thirty futures are polled, and so sent, in their order; a batch has fewer statements.
        try_join_all(sent).await.map(drop)
    }
}

/// Ends a transaction.
pub(super) async fn commit(client: &Client) -> Result<(), Fault> {
    Ok(client.batch_execute("COMMIT").await?)
}

macro_rules! columns {
    ($rows:expr, $($column:expr),+ $(,)?) => {
        vec![$(Box::new($rows.iter().map($column).collect::<Vec<_>>()) as Value),+]
    };
}

/// What a batch comes to.
pub(super) fn writes(batch: &mut Batch) -> Writes {
    let mut writes = Writes::default();
    accounts(&mut writes, batch);
    let changes = std::mem::take(&mut batch.changes);
    let now = Moment(batch.now);
    keys(&mut writes, &changes);
    entries(&mut writes, &changes);
    hold_rows(&mut writes, &changes, now);
    run_rows(&mut writes, &changes, now);
    visitors(&mut writes, &changes, now);
    embeds(&mut writes, &changes, batch.now);
    if !changes.plans.is_empty() {
        let rows: Vec<_> = changes.plans.into_iter().collect();
        writes.push(
            "UPDATE accounts a SET plan = w.plan, packs = w.packs
             FROM unnest($1::bigint[], $2::text[], $3::text[]) w(id, plan, packs) WHERE a.id = w.id",
            columns![rows, |row| row.0, |row| text(&row.1.0), |row| row.1.1.clone()],
        );
    }
    writes
}

fn accounts(writes: &mut Writes, batch: &mut Batch) {
    let mut moved: Vec<&Moving> = batch.accounts.values().filter(|moving| moving.moved).collect();
    moved.sort_unstable_by_key(|moving| moving.number);
    let expired = moved.iter().flat_map(|moving| &moving.expired);
    batch.changes.closed_holds.extend(expired.map(|(hold, sequence)| (*hold, holds::EXPIRED, *sequence)));
    let changed: Vec<_> = moved
        .iter()
        .map(|moving| (moving.number, moving.account.snapshot(), moving.stored))
        .filter(|(_, after, before)| after != before)
        .collect();
    if !changed.is_empty() {
        writes.push(
            "UPDATE balances b SET capacity = w.capacity, spent = w.spent, prepaid = w.prepaid,
             held_allowance = w.held_allowance, held_prepaid = w.held_prepaid, clock = w.clock
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
             w(account, capacity, spent, prepaid, held_allowance, held_prepaid, clock) WHERE b.account = w.account",
            columns![
                changed,
                |row| row.0,
                |row| Amount(row.1.capacity),
                |row| Amount(row.1.spent),
                |row| Amount(row.1.prepaid),
                |row| Amount(row.1.held.allowance),
                |row| Amount(row.1.held.prepaid),
                |row| Moment(row.1.clock),
            ],
        );
    }
    let due: Vec<i64> = moved.iter().filter(|moving| moving.due).map(|moving| moving.number).collect();
    if !due.is_empty() {
        writes.push(
            "DELETE FROM returns WHERE account = ANY($1) AND return_at <= $2",
            vec![Box::new(due), Box::new(Moment(batch.now))],
        );
    }
    returns(writes, &moved);
}

fn returns(writes: &mut Writes, moved: &[&Moving]) {
    let deltas = moved.iter().flat_map(|moving| moving.deltas.iter().map(|(at, nanos)| (moving.number, *at, *nanos)));
    let (more, less): (Vec<_>, Vec<_>) = deltas.filter(|delta| delta.2 != 0).partition(|delta| delta.2 > 0);
    if !more.is_empty() {
        writes.push(
            "INSERT INTO returns (account, return_at, amount) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
             ON CONFLICT (account, return_at) DO UPDATE SET amount = returns.amount + excluded.amount",
            columns![more, |row| row.0, |row| Moment(row.1), |row| row.2],
        );
    }
    if !less.is_empty() {
        writes.push(
            "UPDATE returns r SET amount = r.amount + w.amount
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) w(account, return_at, amount)
             WHERE r.account = w.account AND r.return_at = w.return_at",
            columns![less, |row| row.0, |row| Moment(row.1), |row| row.2],
        );
        writes.push(
            "DELETE FROM returns r USING unnest($1::bigint[], $2::bigint[]) w(account, return_at)
             WHERE r.account = w.account AND r.return_at = w.return_at AND r.amount = 0",
            columns![less, |row| row.0, |row| Moment(row.1)],
        );
    }
}

fn keys(writes: &mut Writes, changes: &super::changes::Changes) {
    let freed = &changes.freed_keys;
    if !freed.is_empty() {
        writes.push(
            "DELETE FROM idempotency i USING unnest($1::bigint[], $2::text[], $3::bytea[]) w(account, key, scope)
             WHERE i.key = w.key AND i.account = w.account AND i.scope = w.scope",
            columns![freed, |row| row.account, |row| row.key.clone(), |row| Half(row.scope)],
        );
    }
    let keys = &changes.keys;
    if !keys.is_empty() {
        writes.push(
            "INSERT INTO idempotency (account, key, scope, body, target, kind)
             SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[])",
            columns![
                keys,
                |row| row.0.account,
                |row| row.0.key.clone(),
                |row| Half(row.0.scope),
                |row| row.1,
                |row| row.2.columns().0,
                |row| row.2.columns().1,
            ],
        );
    }
}

fn entries(writes: &mut Writes, changes: &super::changes::Changes) {
    let rows = &changes.entries;
    if !rows.is_empty() {
        writes.push(
            "INSERT INTO entries (id, public, account, kind, at, allowance, prepaid, capacity, spent, prepaid_after,
             held_allowance, held_prepaid, next_at, next_amount, items, embed, visitor, run, hold, refunds, asked, top_up,
             note) SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
             $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
             $14::bigint[], $15::text[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[],
             $21::bigint[], $22::uuid[], $23::text[])",
            columns![
                rows,
                |row| row.id,
                |row| row.public,
                |row| row.account,
                |row| row.kind,
                |row| Moment(row.at),
                |row| Amount(row.legs.allowance),
                |row| Amount(row.legs.prepaid),
                |row| Amount(row.after.capacity),
                |row| Amount(row.after.spent),
                |row| Amount(row.after.prepaid),
                |row| Amount(row.after.held.allowance),
                |row| Amount(row.after.held.prepaid),
                |row| row.next.map(|(at, _)| Moment(at)),
                |row| row.next.map(|(_, amount)| Amount(amount)),
                |row| row.items.clone(),
                |row| row.embed,
                |row| row.visitor,
                |row| row.run,
                |row| row.hold,
                |row| row.refunds,
                |row| row.asked.map(Amount),
                |row| row.top_up,
                |row| row.note.clone(),
            ],
        );
    }
    let refunded: Vec<_> = changes.refunded.iter().collect();
    if !refunded.is_empty() {
        writes.push(
            "UPDATE entries e SET refunded = w.refunded FROM unnest($1::bigint[], $2::bigint[]) w(id, refunded)
             WHERE e.id = w.id",
            columns![refunded, |row| *row.0, |row| Amount(*row.1)],
        );
    }
}

fn hold_rows(writes: &mut Writes, changes: &super::changes::Changes, now: Moment) {
    let rows = &changes.holds;
    if !rows.is_empty() {
        writes.push(
            "INSERT INTO holds (id, public, account, allowance, prepaid, created_at, expires_at) SELECT * FROM
             unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])",
            columns![
                rows,
                |row| row.id,
                |row| row.hold.id,
                |row| row.account,
                |row| Amount(row.legs.allowance),
                |row| Amount(row.legs.prepaid),
                |row| Moment(row.created_at),
                |row| Moment(row.hold.expires_at),
            ],
        );
    }
    let closed = &changes.closed_holds;
    if !closed.is_empty() {
        let mut values: Vec<Value> = columns![closed, |row| row.0, |row| row.1, |row| row.2];
        values.push(Box::new(now));
        writes.push(
            "UPDATE holds h SET state = w.state, closed_seq = w.sequence, closed_at = $4
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) w(id, state, sequence) WHERE h.id = w.id",
            values,
        );
    }
}

fn run_rows(writes: &mut Writes, changes: &super::changes::Changes, now: Moment) {
    let rows = &changes.runs;
    if !rows.is_empty() {
        let servers: Vec<_> = changes.servers.iter().copied().collect();
        writes.push(
            "INSERT INTO servers (public, lease_until) SELECT public, $2 FROM unnest($1::uuid[]) w(public)
             ON CONFLICT (public) DO NOTHING",
            vec![Box::new(servers), Box::new(runs::leases::end(now.0))],
        );
        writes.push(
            "INSERT INTO runs (id, public, account, pickaxe, embed, visitor, model, server, allowance, prepaid, created_at,
             cap_limit, cap_window, cap_remaining, cap_resets_at, key, key_scope) SELECT * FROM unnest($1::bigint[],
             $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::uuid[], $9::bigint[],
             $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[],
             $17::bytea[])",
            columns![
                rows,
                |row| row.id,
                |row| row.public,
                |row| row.account,
                |row| row.pickaxe,
                |row| row.embed,
                |row| row.visitor,
                |row| row.model.clone(),
                |row| row.server,
                |row| Amount(row.hold.allowance),
                |row| Amount(row.hold.prepaid),
                |row| Moment(row.created_at),
                |row| row.limit.map(i64::from),
                |row| row.window.map(|window| i64::from(window.seconds())),
                |row| row.decision.and_then(|decision| decision.remaining).map(i64::from),
                |row| row.decision.and_then(|decision| decision.resets_at).map(Moment),
                |row| row.key.as_ref().map(|name| name.key.clone()),
                |row| row.key.as_ref().map(|name| Half(name.scope)),
            ],
        );
    }
    ended(writes, &changes.ended_runs, now);
}

fn ended(writes: &mut Writes, rows: &[runs::EndedRun], now: Moment) {
    if rows.is_empty() {
        return;
    }
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = columns![
        rows,
        |row| row.id,
        |row| row.state,
        |row| row.sequence,
        |row| row.end.charge.map(Amount),
        |row| row.end.usage.map(|(input, _)| number(input)),
        |row| row.end.usage.map(|(_, output)| number(output)),
        |row| number(row.end.duration_ms),
        |row| row.end.stopped,
        |row| row.end.problem.as_deref().map(text),
        |row| row.decision.and_then(|decision| decision.remaining).map(i64::from),
        |row| row.decision.and_then(|decision| decision.resets_at).map(Moment),
    ];
    values.push(Box::new(now));
    writes.push(
        "UPDATE runs r SET state = w.state, closed_seq = w.sequence, closed_at = $12, charge = w.charge,
         input_tokens = w.input, output_tokens = w.output, duration_ms = w.duration, stopped = w.stopped,
         problem = w.problem, cap_remaining = w.remaining, cap_resets_at = w.resets_at
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
         $8::boolean[], $9::text[], $10::bigint[], $11::bigint[])
         w(id, state, sequence, charge, input, output, duration, stopped, problem, remaining, resets_at) WHERE r.id = w.id",
        values,
    );
    let spoken: Vec<_> = rows.iter().filter(|row| !row.end.output.is_empty()).collect();
    if !spoken.is_empty() {
        let mut values: Vec<Value> = columns![spoken, |row| row.id, |row| text(&row.end.output)];
        values.push(Box::new(now));
        writes.push(
            "INSERT INTO outputs (run, ended_at, output)
             SELECT w.run, $3, w.output FROM unnest($1::bigint[], $2::text[]) w(run, output)",
            values,
        );
    }
}

fn visitors(writes: &mut Writes, changes: &super::changes::Changes, now: Moment) {
    let fresh = &changes.visitors;
    if !fresh.is_empty() {
        writes.push(
            "INSERT INTO visitors (id, embed, name) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])",
            columns![fresh, |row| row.0, |row| row.1, |row| row.2.clone()],
        );
    }
    let in_flight: Vec<_> = changes.in_flight.iter().filter(|(_, delta)| **delta != 0).collect();
    if !in_flight.is_empty() {
        writes.push(
            "UPDATE visitors v SET in_flight = v.in_flight + w.delta FROM unnest($1::bigint[], $2::bigint[]) w(id, delta)
             WHERE v.id = w.id",
            columns![in_flight, |row| *row.0, |row| *row.1],
        );
    }
    let counted: Vec<_> = changes.counted.iter().collect();
    if !counted.is_empty() {
        let mut values: Vec<Value> = columns![counted, |row| *row.0, |row| *row.1];
        values.push(Box::new(now));
        writes.push(
            "INSERT INTO counted (visitor, at, runs)
             SELECT w.visitor, $3, w.runs FROM unnest($1::bigint[], $2::bigint[]) w(visitor, runs)
             ON CONFLICT (visitor, at) DO UPDATE SET runs = counted.runs + excluded.runs",
            values,
        );
    }
}

fn embeds(writes: &mut Writes, changes: &super::changes::Changes, now: scrip::Timestamp) {
    let mut held: Vec<_> = changes.held.iter().filter(|(_, delta)| **delta != 0).collect();
    held.sort_unstable();
    if !held.is_empty() {
        writes.push(
            "UPDATE embeds m SET held = m.held + w.delta FROM unnest($1::bigint[], $2::bigint[]) w(id, delta)
             WHERE m.id = w.id",
            columns![held, |row| *row.0, |row| *row.1],
        );
    }
    let charged: Vec<_> = changes.charged.iter().collect();
    if !charged.is_empty() {
        let mut values: Vec<Value> = columns![charged, |row| *row.0, |row| *row.1];
        values.push(Box::new(crate::store::budget::day(now)));
        writes.push(
            "INSERT INTO charges (embed, day, charged)
             SELECT w.embed, $3, w.charged FROM unnest($1::bigint[], $2::bigint[]) w(embed, charged)
             ON CONFLICT (embed, day) DO UPDATE SET charged = charges.charged + excluded.charged",
            values,
        );
    }
}
