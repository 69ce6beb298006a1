-- The code by which its owner becomes an operator of the server: at most one row, the latest code.
CREATE TABLE owner_code (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    salt       BLOB NOT NULL,
    hash       BLOB NOT NULL,
    is_claimed INTEGER NOT NULL  -- 1 once it was used
) STRICT;
