"""chatapp: a chat server and a terminal client that speak IRCv3."""

__version__ = "0.1.0"
