"""What is remembered: SQLite, and nobody else's. `chatapp.store.open.open_store` is the way in."""
