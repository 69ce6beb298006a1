"""Whatever is said to the commands of moderation, it is answered, in lines that fit, and nothing breaks."""

from __future__ import annotations

import pytest
from dialogue import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.commands.bans import lift_expired
from chatapp.core.settings import OperatorSettings, Settings
from chatapp.irc.line import MalformedLine, parse_line

COMMANDS = """
    ACCEPT ADMIN AUDIT INVITE JOIN KICK KILL KLINE KNOCK MODE MONITOR NAMES NICK NOTICE OPER PRIVMSG STATS
    TAGMSG TOPIC UNKLINE WALLOPS WHO WHOIS
"""
WORDS = """
    #tea #hall #none ana bob root sesame * + - C L S k o u 0 1 +f -f +W -W +MRUu -MRUu +qaohv -qaohv +b +e
    +I -b +BRTiw -BRTiw t:1:bob m:a:bob a:* t:x: ~a:x *!~x@* 60 1h 10.0.0.0/8 ::/0 *@10.0.0.0/99 : @#tea
    ~#tea +#tea \x01VERSION\x01 a,b,c,, , #tea,#hall
"""
LONG = ["x" * 300, "ü" * 200]
word = st.sampled_from([*WORDS.split(), *LONG]) | st.text(st.characters(codec="utf-8"), max_size=8)
words = st.lists(word, max_size=4)
lines = st.builds(lambda verb, rest: " ".join([verb, *rest]), st.sampled_from(COMMANDS.split()), words)


def readable(text):
    try:
        parse_line(text)
    except MalformedLine:
        return False
    return not set(text) & set("\r\n\0") and len(text.encode()) <= 510


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), lines.filter(readable)), max_size=25))
def test_everything_is_answered(said):
    table = Table(Settings(operators=(OperatorSettings("root", "sesame"),)))
    people = [table.sit(nick, "message-tags batch") for nick in ("ana", "bob", "carla")]
    table.room("#tea", *people[:2])
    people[0].say("OPER root sesame", "JOIN #hall")
    for who, line in said:
        if not people[who].closed:
            people[who].say(line)
        table.later(61)
        lift_expired(table.world)
        table.tick()
    for person in people:
        for line in person.hears():
            body = line.partition(" ")[2] if line[0] == "@" else line
            assert " 400 " not in line, said
            assert len(body.encode()) <= 510
            parse_line(line)
