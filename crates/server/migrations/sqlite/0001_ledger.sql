-- Amounts are nano-credits, times milliseconds since 1970-01-01T00:00:00Z, public ids sixteen bytes.
-- Whatever moves credits takes its number from one sequence, so that runs, holds and entries can be replayed in order.

CREATE TABLE ledger (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL, -- the last number given out
    time     INTEGER NOT NULL  -- ledger time of the last commit: it never runs backwards
) STRICT;
INSERT INTO ledger VALUES (1, 0, -8640000000000000);

CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY,
    public        BLOB NOT NULL UNIQUE,
    email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
    password_hash TEXT,
    tariff        INTEGER NOT NULL,
    plan          TEXT NOT NULL,
    packs         TEXT NOT NULL, -- separated by commas
    created_at    INTEGER NOT NULL
) STRICT;

-- The snapshot of the core's Account: written by every movement, so it stands apart from the profile.
CREATE TABLE balances (
    account        INTEGER PRIMARY KEY REFERENCES accounts,
    capacity       INTEGER NOT NULL CHECK (capacity >= 0),
    spent          INTEGER NOT NULL CHECK (spent >= 0), -- Σ returns.amount
    prepaid        INTEGER NOT NULL CHECK (prepaid >= 0),
    held_allowance INTEGER NOT NULL CHECK (held_allowance >= 0),
    held_prepaid   INTEGER NOT NULL CHECK (held_prepaid >= 0),
    clock          INTEGER NOT NULL
) STRICT;

-- What comes back when: one row for all that an account spent in one millisecond. Popped at the account's next movement.
CREATE TABLE returns (
    account   INTEGER NOT NULL,
    return_at INTEGER NOT NULL,
    amount    INTEGER NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account, return_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    id             INTEGER PRIMARY KEY,
    public         BLOB NOT NULL UNIQUE,
    account        INTEGER NOT NULL REFERENCES accounts,
    name           TEXT NOT NULL,
    scopes         TEXT NOT NULL, -- separated by commas
    signing_secret BLOB NOT NULL, -- encrypted by the master key
    secret_hash    BLOB NOT NULL UNIQUE,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX keys_of_account ON keys (account);

-- Deleted documents keep their row without its body: entries still name them.
CREATE TABLE pickaxes (
    id         INTEGER PRIMARY KEY,
    public     BLOB NOT NULL UNIQUE,
    account    INTEGER NOT NULL REFERENCES accounts,
    version    INTEGER NOT NULL,
    body       TEXT, -- NULL: deleted
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pickaxes_of_account ON pickaxes (account, id);

CREATE TABLE embeds (
    id         INTEGER PRIMARY KEY,
    public     BLOB NOT NULL UNIQUE,
    account    INTEGER NOT NULL REFERENCES accounts,
    pickaxe    INTEGER NOT NULL REFERENCES pickaxes,
    version    INTEGER NOT NULL,
    body       TEXT, -- NULL: deleted
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX embeds_of_pickaxe ON embeds (pickaxe, id);

-- The allowed origins of all embeds, for CORS preflights.
CREATE TABLE embed_origins (
    origin TEXT NOT NULL,
    embed  INTEGER NOT NULL REFERENCES embeds,
    PRIMARY KEY (origin, embed)
) STRICT, WITHOUT ROWID;
CREATE INDEX origins_of_embed ON embed_origins (embed);

CREATE TABLE visitors (
    id        INTEGER PRIMARY KEY,
    embed     INTEGER NOT NULL REFERENCES embeds,
    name      TEXT NOT NULL,
    in_flight INTEGER NOT NULL DEFAULT 0 CHECK (in_flight >= 0), -- runs that have not ended
    UNIQUE (embed, name)
) STRICT;

-- Runs that count against a visitor's cap, by the time they were spent.
CREATE TABLE counted (
    visitor INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    runs    INTEGER NOT NULL CHECK (runs > 0),
    PRIMARY KEY (visitor, at)
) STRICT, WITHOUT ROWID;

-- Every movement that spends, adds or changes the capacity, with the account's numbers after it. Placing and freeing a
-- hold stands in the row of its run or hold.
CREATE TABLE entries (
    id             INTEGER PRIMARY KEY, -- of the sequence
    public         BLOB NOT NULL,
    account        INTEGER NOT NULL REFERENCES accounts,
    kind           INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    allowance      INTEGER NOT NULL, -- the legs
    prepaid        INTEGER NOT NULL,
    capacity       INTEGER NOT NULL, -- the account afterwards
    spent          INTEGER NOT NULL,
    prepaid_after  INTEGER NOT NULL,
    held_allowance INTEGER NOT NULL,
    held_prepaid   INTEGER NOT NULL,
    next_at        INTEGER,
    next_amount    INTEGER,
    refunded       INTEGER NOT NULL DEFAULT 0, -- of a debit: what has been asked back
    item           INTEGER, -- 0: see items; else the name of its only item, one unit at the entry's amount
    embed          INTEGER,
    visitor        INTEGER,
    run            INTEGER,
    hold           INTEGER,
    refunds        INTEGER, -- of a refund: its debit …
    asked          INTEGER, -- … and what was asked for
    top_up         BLOB,
    note           TEXT
) STRICT;
CREATE UNIQUE INDEX entries_public ON entries (public);
CREATE INDEX entries_of_account ON entries (account, id);
CREATE UNIQUE INDEX entries_top_up ON entries (top_up) WHERE top_up IS NOT NULL;

CREATE TABLE item_names (
    id       INTEGER PRIMARY KEY,
    model    TEXT NOT NULL,
    supplier TEXT NOT NULL,
    unit     TEXT NOT NULL,
    UNIQUE (model, supplier, unit)
) STRICT;

CREATE TABLE items (
    entry      INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    name       INTEGER NOT NULL REFERENCES item_names,
    quantity   TEXT NOT NULL,
    credits    INTEGER NOT NULL,
    per        TEXT NOT NULL,
    amount     INTEGER NOT NULL,
    valid_from TEXT,
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
    id         INTEGER PRIMARY KEY, -- of the sequence: when it was placed
    public     BLOB NOT NULL UNIQUE,
    account    INTEGER NOT NULL REFERENCES accounts,
    allowance  INTEGER NOT NULL,
    prepaid    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state      INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 settled, 2 void, 3 expired
    closed_seq INTEGER,
    closed_at  INTEGER
) STRICT;
CREATE INDEX holds_open ON holds (account, expires_at) WHERE state = 0;
CREATE INDEX holds_expiring ON holds (expires_at) WHERE state = 0;

CREATE TABLE runs (
    id            INTEGER PRIMARY KEY, -- of the sequence: when it started
    public        BLOB NOT NULL UNIQUE,
    account       INTEGER NOT NULL REFERENCES accounts,
    pickaxe       INTEGER NOT NULL REFERENCES pickaxes,
    embed         INTEGER,
    visitor       INTEGER,
    model         TEXT NOT NULL,
    server        BLOB NOT NULL,
    state         INTEGER NOT NULL DEFAULT 0, -- 0 running, 1 done, 2 void
    allowance     INTEGER NOT NULL, -- the legs of its hold
    prepaid       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    closed_seq    INTEGER, -- of a done run: its entry
    closed_at     INTEGER,
    charge        INTEGER,
    input_tokens  INTEGER,
    output_tokens INTEGER,
    duration_ms   INTEGER,
    stopped       INTEGER NOT NULL DEFAULT 0,
    problem       TEXT,
    cap_limit     INTEGER,
    cap_window    INTEGER,
    cap_remaining INTEGER,
    cap_resets_at INTEGER,
    key           ANY, -- its idempotency, freed when it is void
    key_scope     BLOB
) STRICT;
CREATE INDEX runs_running ON runs (server) WHERE state = 0;

-- The words of ended runs, for a while.
CREATE TABLE outputs (
    run      INTEGER PRIMARY KEY,
    ended_at INTEGER NOT NULL,
    output   TEXT NOT NULL
) STRICT;
CREATE INDEX outputs_by_age ON outputs (ended_at);

-- Which row a request came to. The key stands first: keys in time order (UUIDv7) then fall on neighbouring pages.
CREATE TABLE idempotency (
    key     ANY NOT NULL,     -- sixteen bytes for a UUID, else text
    account INTEGER NOT NULL,
    scope   BLOB NOT NULL,    -- of route and visitor
    body    BLOB NOT NULL,    -- of the body's bytes
    target  INTEGER NOT NULL, -- entry, run or hold …
    kind    INTEGER NOT NULL, -- … 0, 1, 2
    PRIMARY KEY (key, account, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE servers (
    public      BLOB PRIMARY KEY,
    lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
