-- The certificates that log in to an account, each the SHA-256 of one, as 64 hex digits.
CREATE TABLE account_certificate (
    digest  TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (folded) ON DELETE CASCADE,
    place   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_certificate_of ON account_certificate (account, place);
