-- How far somebody has read: whose (a history key) and of what (a folded name). The stamp is of whole milliseconds.
CREATE TABLE read_marker (
    owner  TEXT NOT NULL,
    target TEXT NOT NULL,
    stamp  INTEGER NOT NULL,
    PRIMARY KEY (owner, target)
) STRICT, WITHOUT ROWID;

-- What people and channels tell of themselves; the holder is a history key or a channel's folded name.
CREATE TABLE metadata (
    holder TEXT NOT NULL,
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (holder, key)
) STRICT, WITHOUT ROWID;

-- The words of what was said. A row's id is the message's stamp, also where two conversations hold it. The place
-- is "c" and the conversation's id for a channel, "d" for direct messages.
CREATE VIRTUAL TABLE search_index USING fts5 (
    place, text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- Up to which stamp a conversation is in the index: it is brought up to date when somebody searches there.
CREATE TABLE search_cursor (
    conversation INTEGER NOT NULL PRIMARY KEY REFERENCES conversation (id),
    stamp        INTEGER NOT NULL
) STRICT;
