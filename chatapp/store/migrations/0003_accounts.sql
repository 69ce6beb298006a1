-- An account. What SCRAM needs of its password is kept, and no more; owner is the key of its direct messages.
-- A choice that was left to the settings is NULL. The columns from user_name on are of who stays here while
-- nobody is connected, NULL where nobody does.
CREATE TABLE account (
    folded      TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    created     INTEGER NOT NULL,
    salt        BLOB NOT NULL,
    iterations  INTEGER NOT NULL,
    stored_key  BLOB NOT NULL,
    server_key  BLOB NOT NULL,
    owner       TEXT NOT NULL UNIQUE,
    email       TEXT NOT NULL,
    multiclient INTEGER,
    always_on   INTEGER,
    user_name   TEXT,
    host        TEXT,
    realname    TEXT,
    modes       TEXT
) STRICT, WITHOUT ROWID;

-- The channels of who stays, and their modes there.
CREATE TABLE account_room (
    account TEXT NOT NULL REFERENCES account (folded) ON DELETE CASCADE,
    place   INTEGER NOT NULL,
    channel TEXT NOT NULL,
    modes   TEXT NOT NULL,
    PRIMARY KEY (account, place)
) STRICT, WITHOUT ROWID;

-- Random bytes of this server: what is made up for names that nobody has is always the same.
CREATE TABLE secret (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value BLOB NOT NULL
) STRICT;
INSERT INTO secret VALUES (1, randomblob(32));

-- The account that registered a channel, '' for none.
ALTER TABLE channel ADD COLUMN founder TEXT NOT NULL DEFAULT '';
