//! What must add up, asked of the database alone: an error in the core would not hide an error here.

use deadpool_postgres::Transaction;

use super::super::error::Fault;

/// A sentence with `{}` for what the query names, and a query of what contradicts it.
const CHECKS: &[(&str, &str)] = &[
    (
        "The prepaid credits of account {} are not the sum of its entries.",
        "SELECT b.account FROM balances b WHERE b.prepaid <> (SELECT coalesce(sum(CASE
             WHEN e.kind IN (0, 1, 5, 6) THEN -e.prepaid WHEN e.kind IN (2, 3, 4) THEN e.prepaid ELSE 0 END), 0)
         FROM entries e WHERE e.account = b.account)",
    ),
    (
        "What account {} spent of its allowance is not what is queued to return.",
        "SELECT b.account FROM balances b
         WHERE b.spent <> (SELECT coalesce(sum(amount), 0) FROM returns r WHERE r.account = b.account)",
    ),
    (
        "What account {} holds is not the sum of its open holds and its runs under way.",
        "WITH open AS (SELECT account, allowance, prepaid FROM holds WHERE state = 0
                       UNION ALL SELECT account, allowance, prepaid FROM runs WHERE state = 0),
              held AS (SELECT account, sum(allowance) AS allowance, sum(prepaid) AS prepaid FROM open GROUP BY 1)
         SELECT b.account FROM balances b LEFT JOIN held h ON h.account = b.account
         WHERE (b.held_allowance, b.held_prepaid) <> (coalesce(h.allowance, 0), coalesce(h.prepaid, 0))",
    ),
    (
        "The queue of account {}, who does not exist, is not empty.",
        "SELECT DISTINCT account FROM returns WHERE account NOT IN (SELECT id FROM accounts)",
    ),
    ("Account {} has no balance.", "SELECT id FROM accounts WHERE id NOT IN (SELECT account FROM balances)"),
    (
        "Account {} has no first entry.",
        "SELECT id FROM accounts a WHERE 1 <> (SELECT count(*) FROM entries WHERE account = a.id AND kind = 100)",
    ),
    (
        "Run {} is done and has no entry, or more than one, or another charge than its entry.",
        "WITH made AS (SELECT run, count(*) AS entries, max(id) AS entry, sum(allowance + prepaid) AS charge
                       FROM entries WHERE run IS NOT NULL GROUP BY run)
         SELECT r.id FROM runs r LEFT JOIN made ON made.run = r.id WHERE r.state = 1
         AND (made.entries, made.entry, made.charge) IS DISTINCT FROM (1, r.closed_seq, r.charge)",
    ),
    (
        "Run {} has an entry although it is not done.",
        "SELECT r.id FROM runs r JOIN entries e ON e.run = r.id WHERE r.state <> 1",
    ),
    (
        "Hold {} is settled and has not exactly one entry.",
        "WITH made AS (SELECT hold, count(*) AS entries FROM entries WHERE hold IS NOT NULL GROUP BY hold)
         SELECT h.id FROM holds h LEFT JOIN made ON made.hold = h.id
         WHERE h.state = 1 AND made.entries IS DISTINCT FROM 1",
    ),
    (
        "Debit {} was refunded beyond its amount.",
        "SELECT id FROM entries WHERE refunded > allowance + prepaid AND kind IN (0, 1, 5, 6)",
    ),
    (
        "The items of entry {} do not add up to its amount.",
        "SELECT e.id FROM entries e WHERE e.items LIKE '[[%' AND e.allowance + e.prepaid
         <> (SELECT sum((item ->> 6)::numeric) FROM jsonb_array_elements(e.items::jsonb) item)",
    ),
    (
        "The idempotency key of row {} names no row of its account.",
        "SELECT i.target FROM idempotency i WHERE NOT CASE i.kind
             WHEN 0 THEN EXISTS (SELECT 1 FROM entries e WHERE e.id = i.target AND e.account = i.account)
             WHEN 1 THEN EXISTS (SELECT 1 FROM runs r WHERE r.id = i.target AND r.account = i.account AND r.state <> 2)
             ELSE EXISTS (SELECT 1 FROM holds h WHERE h.id = i.target AND h.account = i.account) END",
    ),
    (
        "Run {} has lost its idempotency key.",
        "SELECT r.id FROM runs r WHERE r.key IS NOT NULL AND r.state <> 2 AND NOT EXISTS (
             SELECT 1 FROM idempotency i WHERE i.key = r.key AND i.account = r.account AND i.scope = r.key_scope
             AND i.kind = 1 AND i.target = r.id)",
    ),
    (
        "The runs in flight of visitor {} are not counted as they are.",
        "WITH running AS (SELECT visitor, count(*) AS runs FROM runs WHERE state = 0 GROUP BY visitor)
         SELECT v.id FROM visitors v LEFT JOIN running r ON r.visitor = v.id WHERE v.in_flight <> coalesce(r.runs, 0)",
    ),
    (
        "The runs of visitor {} are not counted as they are.",
        "WITH made AS (SELECT visitor, count(*) AS runs FROM entries WHERE visitor IS NOT NULL GROUP BY visitor)
         SELECT v.id FROM visitors v LEFT JOIN made ON made.visitor = v.id
         WHERE (SELECT coalesce(sum(runs), 0) FROM counted c WHERE c.visitor = v.id) <> coalesce(made.runs, 0)",
    ),
    (
        "What the runs of embed {} hold is not counted as it is.",
        "WITH running AS (SELECT embed, sum(allowance + prepaid) AS held FROM runs WHERE state = 0 GROUP BY embed)
         SELECT m.id FROM embeds m LEFT JOIN running r ON r.embed = m.id WHERE m.held <> coalesce(r.held, 0)",
    ),
    (
        "What embed {} was charged in a day is not the sum of its entries.",
        "WITH made AS (SELECT embed, floor(at / 86400000.0)::bigint AS day, sum(allowance + prepaid) AS charged
                       FROM entries WHERE embed IS NOT NULL AND kind IN (0, 1, 5, 6) GROUP BY 1, 2)
         SELECT coalesce(made.embed, c.embed) FROM made FULL JOIN charges c ON c.embed = made.embed AND c.day = made.day
         WHERE coalesce(made.charged, 0) <> coalesce(c.charged, 0)",
    ),
    (
        "Entry {} lies before the one before it of its account.",
        "SELECT id FROM (SELECT id, at, lag(at) OVER (PARTITION BY account ORDER BY id) AS before FROM entries) e
         WHERE at < before",
    ),
    (
        "Entry {} lies after its account's time.",
        "SELECT e.id FROM entries e JOIN balances b ON b.account = e.account WHERE e.at > b.clock",
    ),
    (
        "The sequence of numbers lies before entry {}.",
        "SELECT max(id) FROM entries HAVING max(id) > ((SELECT last_value FROM numbers) + 1) * 65536",
    ),
];

/// Asks every question.
pub(super) async fn check(ledger: &Transaction<'_>, findings: &mut Vec<String>) -> Result<(), Fault> {
    for (sentence, query) in CHECKS {
        for row in ledger.query(&format!("{query} LIMIT 10"), &[]).await? {
            findings.push(sentence.replace("{}", &row.try_get::<_, i64>(0)?.to_string()));
        }
    }
    Ok(())
}
