-- A conversation's key is a channel's folded name, or "owner nick" for one party's side of direct messages.
CREATE TABLE conversation (
    id  INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;

-- The stamp is order, time and id in one: microseconds since 1970, never given out twice. The row is found by
-- the primary key alone, and a conversation lies on the disk in the order in which it is read.
CREATE TABLE message (
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    stamp        INTEGER NOT NULL CHECK (stamp >= 0),
    kind         INTEGER NOT NULL,  -- 0 PRIVMSG or NOTICE, 1 an event, 2 TAGMSG
    command      TEXT NOT NULL,
    body         TEXT NOT NULL,
    account      TEXT NOT NULL,
    tags         TEXT NOT NULL,
    PRIMARY KEY (conversation, stamp)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    folded       TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    created      INTEGER NOT NULL,  -- seconds since 1970, as every time here but the stamp
    topic        TEXT NOT NULL,
    topic_setter TEXT NOT NULL,
    topic_time   INTEGER NOT NULL,
    modes        TEXT NOT NULL,
    key          TEXT NOT NULL,
    mode_limit   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The masks of a channel's list modes (b, e, I), in the order they were set.
CREATE TABLE list_entry (
    channel TEXT NOT NULL REFERENCES channel (folded) ON DELETE CASCADE,
    letter  TEXT NOT NULL,
    place   INTEGER NOT NULL,
    mask    TEXT NOT NULL,
    setter  TEXT NOT NULL,
    time    INTEGER NOT NULL,
    PRIMARY KEY (channel, letter, place)
) STRICT, WITHOUT ROWID;
