"""Tokens: of one address and id, for a while, once; and what is remembered of them has an end."""

from __future__ import annotations

from itertools import count

from chatapp.listeners.cookies import Cookies

ID, HERE = "0123456789abcdef", ("127.0.0.1", 40001)


def cookies():
    numbers = count()
    return Cookies(lambda: next(numbers).to_bytes(32), 0.0)


def test_a_token_is_good_where_it_was_given():
    jar = cookies()
    token = jar.token(HERE, ID, 0.0)
    assert len(token) == 32
    assert jar.is_good(token, HERE, ID, 0.0)
    assert not jar.is_good(token, ("127.0.0.1", 40002), ID, 0.0)
    assert not jar.is_good(token, ("127.0.0.2", 40001), ID, 0.0)
    assert not jar.is_good(token, HERE, ID[::-1], 0.0)
    assert not jar.is_good("0" * 32, HERE, ID, 0.0)


def test_a_token_is_good_for_a_minute_and_no_more_than_two():
    jar = cookies()
    token = jar.token(HERE, ID, 59.0)
    assert jar.is_good(token, HERE, ID, 118.0)
    assert not jar.is_good(token, HERE, ID, 181.0)
    late = cookies()
    old = late.token(HERE, ID, 0.0)
    assert not late.is_good(old, HERE, ID, 100_000.0)


def test_the_same_question_gets_the_same_token():
    jar = cookies()
    assert jar.token(HERE, ID, 0.0) == jar.token(HERE, ID, 1.0)
    assert jar.token(HERE, ID, 0.0) != jar.token(("::1", 40001, 0, 0), ID, 0.0)


def test_a_token_is_good_once():
    jar = cookies()
    token = jar.token(HERE, ID, 59.0)
    jar.end(token)
    assert not any(jar.is_good(token, HERE, ID, now) for now in (59.0, 60.0, 119.0, 120.0, 500.0))


def test_nothing_grows_however_many_end():
    jar = cookies()
    first = jar.token(HERE, ID, 0.0)
    for number in range(20_000):
        jar.end(f"{number:032x}")
    assert sum(map(len, jar._ended)) <= 8192
    assert not jar.is_good(first, HERE, ID, 0.0)
    assert jar.is_good(jar.token(HERE, ID, 0.0), HERE, ID, 0.0)
