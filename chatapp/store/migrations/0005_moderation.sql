-- The modes of a channel that have a value and no column of their own: f (where to go instead), W (seconds).
CREATE TABLE channel_value (
    channel TEXT NOT NULL REFERENCES channel (folded) ON DELETE CASCADE,
    letter  TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (channel, letter)
) STRICT, WITHOUT ROWID;

-- Who may not come to the server.
CREATE TABLE server_ban (
    folded  TEXT NOT NULL PRIMARY KEY,
    mask    TEXT NOT NULL,
    setter  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    time    INTEGER NOT NULL,
    expires INTEGER NOT NULL  -- 0 for never
) STRICT, WITHOUT ROWID;

-- What operators of the server did, in order.
CREATE TABLE audit (
    stamp    INTEGER PRIMARY KEY,
    operator TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    detail   TEXT NOT NULL
) STRICT;
