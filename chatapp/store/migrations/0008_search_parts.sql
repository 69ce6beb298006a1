-- The index of words again, now in parts; it is filled anew as people search.
DROP TABLE search_index;
DROP TABLE search_cursor;

-- What of a conversation is in the index: all from one stamp to another, the newest of it first.
CREATE TABLE search_cursor (
    conversation INTEGER NOT NULL PRIMARY KEY REFERENCES conversation (id),
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL
) STRICT;

-- A part of the index: some of a channel's messages, those from one stamp to another. Ids are never given twice.
CREATE TABLE search_part (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    entries      INTEGER NOT NULL
) STRICT;
CREATE INDEX search_part_of ON search_part (conversation, first);

-- The words of what was said, each behind the code of its part; direct messages are in a part 0. A row's id is the
-- message's stamp, also where two conversations hold it.
CREATE VIRTUAL TABLE search_index USING fts5 (
    text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);
