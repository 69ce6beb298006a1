"""Ways in: each listener turns bytes into lines for one session, and tells that session's dialect."""
