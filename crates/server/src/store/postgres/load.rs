//! Reads what the jobs of a batch need: first the accounts, which locks them, then everything else at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use deadpool_postgres::Client;
use futures_util::future::{try_join, try_join3, try_join4, try_join5};
use scrip::{Account, Command, Credits, Debited, Timestamp, Window};
use tokio_postgres::Row;

use super::{
    batch::{Batch, KnownDebit, KnownHold, Moving, OpenEmbed},
    columns::{Amount, Half, Moment, count, legs, snapshot},
    error::Fault,
    idempotency::{Name, Target},
    pool::Values,
    runs::{KnownRun, RUNNING},
    visitors,
    wants::Wants,
};
use crate::{
    ids::{AccountId, EmbedId, Visitor},
    store::budget,
};

/// A cached statement, sent at once; nothing is asked when there is nothing to ask for.
async fn query(client: &Client, needed: bool, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Fault> {
    if !needed {
        return Ok(Vec::new());
    }
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, values).await?)
}

// In the order of their numbers, so that two batches cannot wait for each other.
const LOCK: &str =
    "SELECT a.public, b.account, b.capacity, b.spent, b.prepaid, b.held_allowance, b.held_prepaid, b.clock
     FROM balances b JOIN accounts a ON a.id = b.account WHERE a.public = ANY($1) ORDER BY b.account FOR UPDATE OF b";
const MARK: &str = "INSERT INTO writers (public, batch) VALUES ($1, $2)
     ON CONFLICT (public) DO UPDATE SET batch = excluded.batch, seen_at = now()";
/// The database's clock, read when the locks are held, and a block of numbers.
const NOW: &str = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, nextval('numbers')";

/// What the beginning of a transaction found.
pub(super) struct Begun {
    /// The locked accounts.
    pub(super) accounts: Vec<Row>,
    /// The database's clock, in milliseconds.
    pub(super) clock: i64,
    /// A number of the sequence.
    pub(super) block: i64,
}

/// Begins a transaction: notes the batch's number, locks the accounts, reads the clock.
pub(super) async fn begin(client: &Client, wants: &Wants, (writer, number): (uuid::Uuid, i64)) -> Result<Begun, Fault> {
    // Prepared before anything is sent: from then on the order of sending is the order here.
    let (mark, lock) = (client.prepare_cached(MARK).await?, client.prepare_cached(LOCK).await?);
    let now = client.prepare_cached(NOW).await?;
    let accounts: Vec<AccountId> = wants.accounts.iter().copied().collect();
    let (mark_values, lock_values): (Values<'_>, Values<'_>) = (&[&writer, &number], &[&accounts]);
    let ((), _, accounts, now) = try_join4(
        client.batch_execute("BEGIN"),
        client.execute(&mark, mark_values),
        client.query(&lock, lock_values),
        client.query_one(&now, &[]),
    )
    .await?;
    Ok(Begun { accounts, clock: now.try_get(0)?, block: now.try_get(1)? })
}

const DUE: &str = "SELECT w.account, d.due FROM unnest($1::bigint[]) w(account), LATERAL
     (SELECT sum(amount)::bigint AS due FROM returns r WHERE r.account = w.account AND r.return_at <= $2) d
     WHERE d.due IS NOT NULL";
const FRONT: &str =
    "SELECT w.account, q.return_at, q.amount FROM unnest($1::bigint[], $2::bigint[]) w(account, rows), LATERAL
     (SELECT return_at, amount FROM returns r WHERE r.account = w.account AND r.return_at > $3
      ORDER BY return_at LIMIT w.rows) q";
const EXPIRED: &str = "SELECT account, id, public, allowance, prepaid FROM holds
     WHERE account = ANY($1) AND state = 0 AND expires_at <= $2 ORDER BY account, expires_at, id";
const KEYS: &str = "SELECT i.account, i.key, i.scope, i.body, i.target, i.kind
     FROM unnest($1::bigint[], $2::text[], $3::bytea[]) w(account, key, scope)
     JOIN idempotency i ON i.key = w.key AND i.account = w.account AND i.scope = w.scope";
const EMBEDS: &str = "SELECT m.public, m.id, m.account, m.held, c.charged FROM embeds m
     LEFT JOIN charges c ON c.embed = m.id AND c.day = $2 WHERE m.public = ANY($1) AND m.body IS NOT NULL";
const PICKAXES: &str = "SELECT public, id FROM pickaxes WHERE public = ANY($1) AND body IS NOT NULL";
const VISITORS: &str = "SELECT w.job, m.public, v.name, v.id, min(c.at), sum(c.runs)::bigint, v.in_flight
     FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bigint[]) w(job, embed, name, since)
     JOIN embeds m ON m.public = w.embed JOIN visitors v ON v.embed = m.id AND v.name = w.name
     LEFT JOIN counted c ON c.visitor = v.id AND c.at > w.since GROUP BY w.job, m.public, v.id";
const RUNS: &str =
    "SELECT w.job, r.public, r.id, r.account, r.state, r.allowance, r.prepaid, r.embed, m.public, r.visitor,
     v.name, r.cap_limit, r.cap_window, r.key, r.key_scope, c.oldest, c.runs, v.in_flight
     FROM unnest($1::bigint[], $2::uuid[]) w(job, run) JOIN runs r ON r.public = w.run
     LEFT JOIN embeds m ON m.id = r.embed LEFT JOIN visitors v ON v.id = r.visitor
     LEFT JOIN LATERAL (SELECT min(at) AS oldest, sum(runs)::bigint AS runs FROM counted WHERE visitor = v.id
                        AND (r.cap_window IS NULL OR at > $3 - r.cap_window * 1000)) c ON true";
const HOLDS: &str = "SELECT public, id, account, state, allowance, prepaid FROM holds WHERE public = ANY($1)";
const DEBITS: &str =
    "SELECT e.public, e.id, e.account, e.kind, e.allowance, e.prepaid, e.refunded, e.at, r.return_at, r.amount
     FROM entries e LEFT JOIN returns r ON r.account = e.account AND r.return_at = e.at + $2 WHERE e.public = ANY($1)";
const TOP_UPS: &str = "SELECT top_up, id, account FROM entries WHERE top_up = ANY($1)";

/// The batch with everything its jobs need.
pub(super) async fn load(client: &Client, wants: &Wants, begun: &Begun, now: Timestamp) -> Result<Batch, Fault> {
    let mut batch = Batch::new(now, begun.block);
    let mut numbers: HashMap<i64, AccountId> = HashMap::new();
    for row in &begun.accounts {
        let moving = moving(row)?;
        numbers.insert(moving.number, moving.public);
        batch.accounts.insert(moving.public, moving);
    }
    let (first, (second, third)) =
        try_join(standings(client, wants, &batch), try_join(places(client, wants, now), rows(client, wants, &batch)))
            .await?;
    let [due, front, expired] = first;
    let [embeds, pickaxes, visitors] = second;
    let [keys, runs, holds, debits, top_ups] = third;
    queues(&mut batch, &numbers, &due, &front, &debits)?;
    free_expired(&mut batch, &numbers, &expired)?;
    for row in &embeds {
        let charged = row.try_get::<_, Option<Amount>>(4)?.map_or(Credits::ZERO, |charged| charged.0);
        let held = row.try_get::<_, Amount>(3)?.0;
        batch
            .embeds
            .insert(row.try_get(0)?, OpenEmbed { number: row.try_get(1)?, account: row.try_get(2)?, held, charged });
    }
    for row in &pickaxes {
        batch.pickaxes.insert(row.try_get(0)?, row.try_get(1)?);
    }
    for row in &visitors {
        let name: (EmbedId, Visitor) = (row.try_get(1)?, row.try_get(2)?);
        batch.visitors.load(count(row.try_get(0)?), Some(name), row.try_get(3)?, visitors::counted(row, 4)?);
    }
    for row in &keys {
        let name = Name { account: row.try_get(0)?, key: row.try_get(1)?, scope: row.try_get::<_, Half>(2)?.0 };
        batch.keys.load(name, row.try_get(3)?, Target::from_columns(row.try_get(4)?, row.try_get(5)?)?);
    }
    for row in &runs {
        run(&mut batch, row)?;
    }
    for row in &holds {
        let known = KnownHold {
            number: row.try_get(1)?,
            account: row.try_get(2)?,
            open: row.try_get::<_, i64>(3)? == 0,
            legs: legs(row, 4)?,
        };
        // One that has expired is closed already.
        let closed = batch.holds.contains_key(&row.try_get(0)?);
        batch.holds.insert(row.try_get(0)?, KnownHold { open: known.open && !closed, ..known });
    }
    for row in &top_ups {
        batch.top_ups.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
    }
    Ok(batch)
}

fn moving(row: &Row) -> Result<Moving, Fault> {
    let stored = snapshot(row, 2)?;
    Ok(Moving {
        public: row.try_get(0)?,
        number: row.try_get(1)?,
        account: Account::restore(stored)?,
        stored,
        due: false,
        expired: Vec::new(),
        queue: BTreeMap::new(),
        deltas: BTreeMap::new(),
        moved: false,
    })
}

async fn standings(client: &Client, wants: &Wants, batch: &Batch) -> Result<[Vec<Row>; 3], Fault> {
    let accounts: Vec<i64> = batch.accounts.values().map(|moving| moving.number).collect();
    // A refund can empty one row of the queue: then the next one must be known.
    let fronts: Vec<i64> = batch
        .accounts
        .values()
        .map(|moving| wants.refunds.get(&moving.public).copied().unwrap_or(0).saturating_add(1))
        .collect();
    let holding: Vec<i64> = batch
        .accounts
        .values()
        .filter(|moving| moving.stored.held != scrip::Legs::ZERO)
        .map(|moving| moving.number)
        .collect();
    let now = Moment(batch.now);
    let (some, held) = (!accounts.is_empty(), !holding.is_empty());
    let (due, front, expired): (Values<'_>, Values<'_>, Values<'_>) =
        (&[&accounts, &now], &[&accounts, &fronts, &now], &[&holding, &now]);
    let (due, front, expired) = try_join3(
        query(client, some, DUE, due),
        query(client, some, FRONT, front),
        query(client, held, EXPIRED, expired),
    )
    .await?;
    Ok([due, front, expired])
}

async fn places(client: &Client, wants: &Wants, now: Timestamp) -> Result<[Vec<Row>; 3], Fault> {
    let embeds: Vec<EmbedId> = wants.embeds.iter().copied().collect();
    let pickaxes: Vec<_> = wants.pickaxes.iter().copied().collect();
    let jobs: Vec<i64> = wants.visitors.iter().map(|want| want.job).collect();
    let at: Vec<EmbedId> = wants.visitors.iter().map(|want| want.embed).collect();
    let names: Vec<&Visitor> = wants.visitors.iter().map(|want| &want.name).collect();
    let since: Vec<i64> = wants.visitors.iter().map(|want| crate::store::counting::since(want.window, now)).collect();
    let day = budget::day(now);
    let (embed_values, pickaxe_values, visitor_values): (Values<'_>, Values<'_>, Values<'_>) =
        (&[&embeds, &day], &[&pickaxes], &[&jobs, &at, &names, &since]);
    let (embeds, pickaxes, visitors) = try_join3(
        query(client, !embeds.is_empty(), EMBEDS, embed_values),
        query(client, !pickaxes.is_empty(), PICKAXES, pickaxe_values),
        query(client, !jobs.is_empty(), VISITORS, visitor_values),
    )
    .await?;
    Ok([embeds, pickaxes, visitors])
}

async fn rows(client: &Client, wants: &Wants, batch: &Batch) -> Result<[Vec<Row>; 5], Fault> {
    let names = wants
        .keys
        .iter()
        .filter_map(|(account, request)| batch.accounts.get(account).map(|moving| Name::of(moving.number, request)));
    // The same key may be asked for twice in a batch.
    let names: Vec<Name> = names.collect::<HashSet<_>>().into_iter().collect();
    let accounts: Vec<i64> = names.iter().map(|name| name.account).collect();
    let keys: Vec<&str> = names.iter().map(|name| name.key.as_str()).collect();
    let scopes: Vec<Half> = names.iter().map(|name| Half(name.scope)).collect();
    let (jobs, runs): (Vec<i64>, Vec<_>) = wants.runs.iter().copied().unzip();
    let (holds, debits) = (Vec::from_iter(wants.holds.iter().copied()), Vec::from_iter(wants.debits.iter().copied()));
    let top_ups = Vec::from_iter(wants.top_ups.iter().copied());
    let (now, window) = (Moment(batch.now), i64::from(Account::WINDOW.seconds()).saturating_mul(1000));
    let key_values: Values<'_> = &[&accounts, &keys, &scopes];
    let run_values: Values<'_> = &[&jobs, &runs, &now];
    let (hold_values, debit_values): (Values<'_>, Values<'_>) = (&[&holds], &[&debits, &window]);
    let top_up_values: Values<'_> = &[&top_ups];
    let (keys, runs, holds, debits, top_ups) = try_join5(
        query(client, !names.is_empty(), KEYS, key_values),
        query(client, !runs.is_empty(), RUNS, run_values),
        query(client, !holds.is_empty(), HOLDS, hold_values),
        query(client, !debits.is_empty(), DEBITS, debit_values),
        query(client, !top_ups.is_empty(), TOP_UPS, top_up_values),
    )
    .await?;
    Ok([keys, runs, holds, debits, top_ups])
}

/// The account with this number.
fn of<'b>(batch: &'b mut Batch, numbers: &HashMap<i64, AccountId>, account: i64) -> Option<&'b mut Moving> {
    numbers.get(&account).and_then(|public| batch.accounts.get_mut(public))
}

/// What came back, what comes back next, and the debits that refunds name.
fn queues(
    batch: &mut Batch,
    numbers: &HashMap<i64, AccountId>,
    due: &[Row],
    front: &[Row],
    debits: &[Row],
) -> Result<(), Fault> {
    let now = batch.now;
    for row in due {
        if let Some(moving) = of(batch, numbers, row.try_get(0)?) {
            moving.account.replenish(row.try_get::<_, Amount>(1)?.0, now)?;
            moving.due = true;
        }
    }
    for row in front {
        if let Some(moving) = of(batch, numbers, row.try_get(0)?) {
            moving.queue.insert(row.try_get::<_, Moment>(1)?.0, row.try_get::<_, Amount>(2)?.0);
        }
    }
    for row in debits {
        let (account, spent_at) = (row.try_get(2)?, row.try_get::<_, Moment>(7)?.0);
        if let (Some(moving), Some((at, amount))) = (of(batch, numbers, account), super::columns::next(row, 8)?)
            && at > now
        {
            moving.queue.insert(at, amount);
        }
        let debit = Debited { legs: legs(row, 4)?, refunded: row.try_get::<_, Amount>(6)?.0, spent_at };
        let known = KnownDebit { number: row.try_get(1)?, account, kind: row.try_get(3)?, debit };
        batch.debits.insert(row.try_get(0)?, known);
    }
    Ok(())
}

/// Holds whose time is up are free, and closed when a job moves their account.
fn free_expired(batch: &mut Batch, numbers: &HashMap<i64, AccountId>, expired: &[Row]) -> Result<(), Fault> {
    for row in expired {
        let (account, number, hold) = (row.try_get(0)?, row.try_get(1)?, legs(row, 3)?);
        let (sequence, now) = (batch.number()?, batch.now);
        if let Some(moving) = of(batch, numbers, account) {
            moving.account.apply(Command::Void { hold }, now)?;
            moving.expired.push((number, sequence));
        }
        batch.holds.insert(row.try_get(2)?, KnownHold { number, account, open: false, legs: hold });
    }
    Ok(())
}

fn run(batch: &mut Batch, row: &Row) -> Result<(), Fault> {
    let account = row.try_get(3)?;
    let embed: Option<i64> = row.try_get(7)?;
    let visitor: Option<i64> = row.try_get(9)?;
    let window: Option<i64> = row.try_get(12)?;
    let key: Option<String> = row.try_get(13)?;
    let scope: Option<Half> = row.try_get(14)?;
    let known = KnownRun {
        number: row.try_get(2)?,
        account,
        running: row.try_get::<_, i64>(4)? == RUNNING,
        hold: legs(row, 5)?,
        embed: embed.zip(row.try_get(8)?),
        visitor: visitor.zip(row.try_get(10)?),
        limit: row.try_get::<_, Option<i64>>(11)?.map(count),
        window: window.and_then(|seconds| Window::from_seconds(count(seconds)).ok()),
        key: key.zip(scope).map(|(key, Half(scope))| Name { account, key, scope }),
    };
    if let Some(visitor) = visitor {
        let name = known.embed.map(|(_, embed)| embed).zip(known.visitor.clone().map(|(_, name)| name));
        batch.visitors.load(count(row.try_get(0)?), name, visitor, visitors::counted(row, 15)?);
    }
    batch.runs.insert(row.try_get(1)?, known);
    Ok(())
}
