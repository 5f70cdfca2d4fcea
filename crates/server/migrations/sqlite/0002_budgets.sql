-- An embed's daily budget is checked against what it was charged on that UTC day and what its runs under way hold.

CREATE TABLE charges (
    embed   INTEGER NOT NULL,
    day     INTEGER NOT NULL, -- since 1970-01-01, UTC
    charged INTEGER NOT NULL CHECK (charged > 0),
    PRIMARY KEY (embed, day)
) STRICT, WITHOUT ROWID;
INSERT INTO charges
    SELECT embed, (at - ((at % 86400000) + 86400000) % 86400000) / 86400000 AS day, sum(allowance + prepaid) AS charged
    FROM entries WHERE embed IS NOT NULL AND kind IN (0, 1, 5, 6) GROUP BY 1, 2 HAVING charged > 0;

ALTER TABLE embeds ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0);
UPDATE embeds SET held =
    (SELECT coalesce(sum(r.allowance + r.prepaid), 0) FROM runs r WHERE r.embed = embeds.id AND r.state = 0);
