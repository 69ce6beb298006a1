"""The inspector: what went over the wire, in bytes and in words. Pure: no socket, no clock, no screen."""
