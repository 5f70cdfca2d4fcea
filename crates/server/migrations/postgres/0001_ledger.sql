-- Amounts are nano-credits, times milliseconds since 1970-01-01T00:00:00Z.
-- Whoever changes anything of an account first locks its row in balances: all else that belongs to the account is guarded by it.

-- Numbers of movements, in blocks of 65536: one call serves a batch. Inside an account they rise with time.
CREATE SEQUENCE numbers START 1;

CREATE TABLE accounts (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public        uuid NOT NULL UNIQUE,
    email         text NOT NULL,
    password_hash text,
    tariff        bigint NOT NULL,
    plan          text NOT NULL,
    packs         text NOT NULL, -- separated by commas
    created_at    bigint NOT NULL
);
CREATE UNIQUE INDEX accounts_email ON accounts (lower(email));

-- The snapshot of the core's Account: written by every movement, so it stands apart from the profile. Half of each page
-- stays free, so that a new version of a row finds room beside the old one and no index is touched.
CREATE TABLE balances (
    account        bigint PRIMARY KEY REFERENCES accounts,
    capacity       bigint NOT NULL CHECK (capacity >= 0),
    spent          bigint NOT NULL CHECK (spent >= 0), -- Σ returns.amount
    prepaid        bigint NOT NULL CHECK (prepaid >= 0),
    held_allowance bigint NOT NULL CHECK (held_allowance >= 0),
    held_prepaid   bigint NOT NULL CHECK (held_prepaid >= 0),
    clock          bigint NOT NULL
) WITH (fillfactor = 50);

-- What comes back when: one row for all that an account spent in one millisecond. Popped at the account's next movement.
CREATE TABLE returns (
    account   bigint NOT NULL,
    return_at bigint NOT NULL,
    amount    bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account, return_at)
);

CREATE TABLE keys (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public         uuid NOT NULL UNIQUE,
    account        bigint NOT NULL REFERENCES accounts,
    name           text NOT NULL,
    scopes         text NOT NULL, -- separated by commas
    signing_secret bytea NOT NULL, -- encrypted by the master key
    secret_hash    bytea NOT NULL UNIQUE,
    created_at     bigint NOT NULL
);
CREATE INDEX keys_of_account ON keys (account);

-- Deleted documents keep their row without its body: entries still name them.
CREATE TABLE pickaxes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public     uuid NOT NULL UNIQUE,
    account    bigint NOT NULL REFERENCES accounts,
    version    bigint NOT NULL,
    body       text, -- NULL: deleted
    created_at bigint NOT NULL
);
CREATE INDEX pickaxes_of_account ON pickaxes (account, id);

CREATE TABLE embeds (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public     uuid NOT NULL UNIQUE,
    account    bigint NOT NULL REFERENCES accounts,
    pickaxe    bigint NOT NULL REFERENCES pickaxes,
    version    bigint NOT NULL,
    body       text, -- NULL: deleted
    created_at bigint NOT NULL,
    held       bigint NOT NULL DEFAULT 0 CHECK (held >= 0) -- by its runs under way
);
CREATE INDEX embeds_of_pickaxe ON embeds (pickaxe, id);

-- The allowed origins of all embeds, for CORS preflights.
CREATE TABLE embed_origins (
    origin text NOT NULL,
    embed  bigint NOT NULL REFERENCES embeds,
    PRIMARY KEY (origin, embed)
);
CREATE INDEX origins_of_embed ON embed_origins (embed);

-- What an embed was charged on a UTC day.
CREATE TABLE charges (
    embed   bigint NOT NULL,
    day     bigint NOT NULL, -- since 1970-01-01
    charged bigint NOT NULL CHECK (charged > 0),
    PRIMARY KEY (embed, day)
);

CREATE TABLE visitors (
    id        bigint PRIMARY KEY, -- of the sequence
    embed     bigint NOT NULL REFERENCES embeds,
    name      text COLLATE "C" NOT NULL,
    in_flight bigint NOT NULL DEFAULT 0 CHECK (in_flight >= 0), -- runs that have not ended
    UNIQUE (embed, name)
);

-- Runs that count against a visitor's cap, by the time they were spent.
CREATE TABLE counted (
    visitor bigint NOT NULL,
    at      bigint NOT NULL,
    runs    bigint NOT NULL CHECK (runs > 0),
    PRIMARY KEY (visitor, at)
);

-- Every movement that spends, adds or changes the capacity, with the account's numbers after it. Placing and freeing a
-- hold stands in the row of its run or hold.
CREATE TABLE entries (
    id             bigint PRIMARY KEY, -- of the sequence
    public         uuid NOT NULL UNIQUE,
    account        bigint NOT NULL,
    kind           bigint NOT NULL,
    at             bigint NOT NULL,
    allowance      bigint NOT NULL, -- the legs
    prepaid        bigint NOT NULL,
    capacity       bigint NOT NULL, -- the account afterwards
    spent          bigint NOT NULL,
    prepaid_after  bigint NOT NULL,
    held_allowance bigint NOT NULL,
    held_prepaid   bigint NOT NULL,
    next_at        bigint,
    next_amount    bigint,
    refunded       bigint NOT NULL DEFAULT 0, -- of a debit: what has been asked back
    items          text, -- JSON; see items.rs
    embed          bigint,
    visitor        bigint,
    run            bigint,
    hold           bigint,
    refunds        bigint, -- of a refund: its debit …
    asked          bigint, -- … and what was asked for
    top_up         uuid,
    note           text
);
CREATE INDEX entries_of_account ON entries (account, id);
CREATE UNIQUE INDEX entries_top_up ON entries (top_up) WHERE top_up IS NOT NULL;

CREATE TABLE holds (
    id         bigint PRIMARY KEY, -- of the sequence: when it was placed
    public     uuid NOT NULL UNIQUE,
    account    bigint NOT NULL,
    allowance  bigint NOT NULL,
    prepaid    bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    state      bigint NOT NULL DEFAULT 0, -- 0 open, 1 settled, 2 void, 3 expired
    closed_seq bigint,
    closed_at  bigint
);
CREATE INDEX holds_open ON holds (account, expires_at) WHERE state = 0;
CREATE INDEX holds_expiring ON holds (expires_at) WHERE state = 0;

CREATE TABLE runs (
    id            bigint PRIMARY KEY, -- of the sequence: when it started
    public        uuid NOT NULL UNIQUE,
    account       bigint NOT NULL,
    pickaxe       bigint NOT NULL,
    embed         bigint,
    visitor       bigint,
    model         text NOT NULL,
    server        uuid NOT NULL,
    state         bigint NOT NULL DEFAULT 0, -- 0 running, 1 done, 2 void
    allowance     bigint NOT NULL, -- the legs of its hold
    prepaid       bigint NOT NULL,
    created_at    bigint NOT NULL,
    closed_seq    bigint, -- of a done run: its entry
    closed_at     bigint,
    charge        bigint,
    input_tokens  bigint,
    output_tokens bigint,
    duration_ms   bigint,
    stopped       boolean NOT NULL DEFAULT false,
    problem       text,
    cap_limit     bigint,
    cap_window    bigint,
    cap_remaining bigint,
    cap_resets_at bigint,
    key           text, -- its idempotency, freed when it is void
    key_scope     bytea
);
CREATE INDEX runs_running ON runs (server) WHERE state = 0;

-- The words of ended runs, for a while.
CREATE TABLE outputs (
    run      bigint PRIMARY KEY,
    ended_at bigint NOT NULL,
    output   text NOT NULL
);
CREATE INDEX outputs_by_age ON outputs (ended_at);

-- Which row a request came to.
CREATE TABLE idempotency (
    account bigint NOT NULL,
    key     text COLLATE "C" NOT NULL,
    scope   bytea NOT NULL,  -- of route and visitor
    body    bytea NOT NULL,  -- of the body's bytes
    target  bigint NOT NULL, -- entry, run or hold …
    kind    bigint NOT NULL, -- … 0, 1, 2
    PRIMARY KEY (key, account, scope)
);

CREATE TABLE servers (
    public      uuid PRIMARY KEY,
    lease_until bigint NOT NULL
);

-- One row for each writing connection: the number of its last batch. After a lost connection it tells whether that batch
-- was committed, and locking it waits until the lost one has ended.
CREATE TABLE writers (
    public uuid PRIMARY KEY,
    batch  bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);
