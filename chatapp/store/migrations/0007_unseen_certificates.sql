-- 1 for a certificate that was only written down: nobody has logged in by it yet.
ALTER TABLE account_certificate ADD COLUMN is_unseen INTEGER NOT NULL DEFAULT 0;
