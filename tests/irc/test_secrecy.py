"""What of a line no log shows."""

from __future__ import annotations

import pytest

from chatapp.irc.secrecy import shown_params


@pytest.mark.parametrize(
    ("command", "params", "shown"),
    [
        ("PASS", ["secret"], []),
        ("AUTHENTICATE", ["AGFuYQBzZWNyZXQ="], []),
        ("REGISTER", ["*", "*", "secret"], []),
        ("OPER", ["ana", "secret"], []),
        ("OWNER", ["CODE"], []),
        ("NS", ["IDENTIFY", "secret"], []),
        ("NICKSERV", ["IDENTIFY secret"], []),
        ("CS", ["OP", "#tea"], []),
        ("PRIVMSG", ["NickServ", "IDENTIFY secret"], ["NickServ"]),
        ("PRIVMSG", ["bob,nickserv", "IDENTIFY secret"], ["bob,nickserv"]),
        ("PRIVMSG", ["x@services", "secret"], ["x@services"]),
        ("NOTICE", ["nickserv", "secret"], ["nickserv"]),
        ("PRIVMSG", ["MemoServ", "secret"], ["MemoServ"]),
        ("PRIVMSG", ["#tea", "hello"], ["#tea", "hello"]),
        ("PRIVMSG", ["#conserv", "hello"], ["#conserv", "hello"]),
        ("JOIN", ["#tea", "key"], ["#tea"]),
        ("MODE", ["#tea", "+k", "key"], ["#tea", "+k"]),
        ("MODE", ["#tea", "+o-k", "ana", "key"], ["#tea", "+o-k"]),
        ("MODE", ["#tea", "+o", "ana", "+k", "key"], ["#tea", "+o"]),
        ("MODE", ["#tea", "+o", "kim"], ["#tea", "+o", "kim"]),
        ("MODE", ["#tea"], ["#tea"]),
        ("PRIVMSG", [], []),
        ("NICK", ["ana"], ["ana"]),
    ],
)
def test_up_to_the_first_secret(command, params, shown):
    assert shown_params(command, params) == shown
