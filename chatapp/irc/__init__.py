"""The language: IRC as pure text, shared by server, client and bench, with no chat state behind it."""
