"""The body of a message of several lines: made, read back, and told as one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.errors import Refused
from chatapp.core.message import Message
from chatapp.core.multiline import CONCAT, NEW, add_lines, is_blank, parts, text_of

HEAD = ":ana!a@h PRIVMSG #tea :"
texts = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=30)
marked = st.lists(st.tuples(st.sampled_from([NEW, CONCAT]), texts), min_size=1, max_size=5)


@given(texts, marked)
def test_what_is_put_together_comes_apart(first, more):
    body = add_lines(HEAD + first, [mark + text for mark, text in more])

    assert [part.body for part in parts(body)] == [HEAD + first, *(HEAD + text for _mark, text in more)]
    assert [part.is_concat for part in parts(body)] == [False, *(mark == CONCAT for mark, _text in more)]
    said = [first, *(text for _mark, text in more)]
    assert [is_blank(part) for part in parts(body)] == [not text for text in said]
    joined = first + "".join(text if mark == CONCAT else f"\n{text}" for mark, text in more)
    assert text_of(body) == joined


@pytest.mark.parametrize(("length", "fits"), [(510 - len(HEAD), True), (511 - len(HEAD), False)])
def test_a_line_fits_or_all_of_it_is_refused(length, fits):
    if fits:
        assert add_lines(HEAD + "x", [" " + "y" * length]).endswith("y" * length)
    else:
        with pytest.raises(Refused):
            add_lines(HEAD + "x", [" " + "y" * length])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (":a!b@c PRIVMSG #old :hi #old", ":a!b@c PRIVMSG #new :hi #old"),
        (":a!b@c PRIVMSG @#old :hi", ":a!b@c PRIVMSG @#new :hi"),
        (":a!b@c PRIVMSG #old :hi\n there", ":a!b@c PRIVMSG #new :hi\n there"),
        (":a!b@c JOIN #old", ":a!b@c JOIN #new"),
        (":a!b@c KICK #old bob :why", ":a!b@c KICK #new bob :why"),
        (":a!b@c PRIVMSG #new :hi", ":a!b@c PRIVMSG #new :hi"),
        (":a!b@c PRIVMSG #NEW :hi", ":a!b@c PRIVMSG #NEW :hi"),
        (":a!b@c PRIVMSG bob :#old", ":a!b@c PRIVMSG bob :#old"),
        (":a!b@c QUIT :#old is dull", ":a!b@c QUIT :#old is dull"),
        (":a!b@c NICK zoe", ":a!b@c NICK zoe"),
        (":a!b@c RENAME #old #new :", ":a!b@c RENAME #old #new :"),
    ],
)
def test_what_was_said_in_a_channel_is_told_by_its_name_of_today(body, told):
    command = body.split(" ")[1]

    assert Message(1, command, body).in_channel("#new", str.casefold).body == told


def test_the_extended_form_of_a_join_too():
    join = Message(1, "JOIN", ":a!b@c JOIN #old", "", "", ":a!b@c JOIN #old * :A #old B")

    assert join.in_channel("#new", str.casefold).extended == ":a!b@c JOIN #new * :A #old B"
