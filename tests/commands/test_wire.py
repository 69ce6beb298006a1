"""Whatever anybody says, all that anybody hears is lines: whole, UTF-8, short enough, tagged as agreed."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from dialogue import Table, run
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.commands.table import COMMANDS, dispatch
from chatapp.core.settings import ServerSettings, Settings, UserSettings
from chatapp.irc import caps
from chatapp.irc.framing import SERVER_TAG_BYTES
from chatapp.irc.line import Line, MalformedLine, UnsafeLine, parse_line

NASTY = st.sampled_from(["\r", "\n", "\0", "\r\n", "a\r\nQUIT :x", "\n:eve!e@h PRIVMSG bob :forged", "x\0y"])
TAGS_OF = {
    "time": caps.SERVER_TIME,
    "msgid": caps.MESSAGE_TAGS,
    "account": caps.ACCOUNT_TAG,
    "batch": caps.BATCH,
    "label": caps.LABELED_RESPONSE,
}
NICKS = ["ana", "bob", "çim"]
WORDS = st.one_of(
    st.sampled_from(
        ["#tea", "#TEA", "#milk", "#ghost", "@#tea", "ana", "BOB", "çim", "ghost", "*", "0", "+b", "+o",
         "-nt", "+k", "+beI", "+l", "5", "LS", "302", "REQ", "END", "LATEST", "BEFORE", "AFTER", "BETWEEN",
         "AROUND", "TARGETS", "timestamp=2026-01-01T00:00:00.000Z", "msgid=1i791320g00", "msgid=", ":", "",
         "ana,bob,çim", "#tea,#milk", "é*!*@*", "%tcuihsnfdlaor,1", ">1", "C<5", "!*", "a b",
         "server-time", "-message-tags", "draft/event-playback"]
    ),
    st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=30),
)  # fmt: skip
COMMAND = st.one_of(st.sampled_from(sorted(COMMANDS)), st.text("ABCabc019é", min_size=1, max_size=8))
LONG = st.builds(lambda char, count: char * count, st.sampled_from("x*é☕😀, #"), st.integers(100, 500))


@st.composite
def lines(draw):
    """A line that a listener could let through: well-formed or not, of at most 510 bytes."""
    tags = draw(
        st.sampled_from(["", "", "@label=l1 ", "@+draft/react=é;+x=\\:\\s;msgid=9 ", "@label=a\\nb;time=0 "])
    )
    words = draw(st.lists(WORDS, max_size=5))
    *middle, last = [*words, draw(st.one_of(WORDS, LONG))]
    body = " ".join([draw(COMMAND), *middle, f":{last}" if draw(st.booleans()) else last])
    return tags + body.encode()[:510].decode(errors="ignore")


def seated(*capabilities):
    """Three people in #tea and #milk, who hear by different capabilities."""
    table = Table()
    people = [table.sit(nick, caps) for nick, caps in zip(NICKS, capabilities, strict=True)]
    table.room("#tea", *people)
    table.room("#milk", *people[:2])
    return table, people


def carry_out(table, person, line):
    """What a listener does with a line, as long as there is somebody to do it for."""
    if not person.session.ended:
        if answer := dispatch(table.world, person.session, line):
            run(answer)
        table.tick()


def check(person, negotiated):
    """Everything that ``person`` has heard is fit to be heard by them."""
    heard, person.heard = person.heard, b""
    assert heard == b"" or heard.endswith(b"\r\n")
    for raw in heard.split(b"\r\n")[:-1]:
        assert not re.search(b"[\r\n\0]", raw)
        tags, body = split_tags(raw)
        assert len(body) <= 510, body
        assert len(tags) <= SERVER_TAG_BYTES
        line = parse_line(raw.decode())
        assert line.command != "400", line
        for key in line.tags:
            wanted = caps.MESSAGE_TAGS if key[0] == "+" else TAGS_OF[key]
            assert wanted in negotiated, (key, raw)
        assert line.command not in caps.COMMAND_NEEDS or caps.COMMAND_NEEDS[line.command] in negotiated


def split_tags(raw):
    """The tags, without their @, and the rest."""
    if raw[:1] != b"@":
        return b"", raw
    tags, _, body = raw[1:].partition(b" ")
    return tags, body


#: Every field that a person fills.
TEMPLATES = [
    "PRIVMSG {}", "PRIVMSG {} :x", "PRIVMSG bob :{}", "NOTICE #tea :{}", "JOIN {}", "JOIN #tea {}",
    "PART {}", "PART #tea :{}", "KICK {} bob", "KICK #tea {}", "KICK #tea bob :{}", "INVITE {} #tea",
    "INVITE bob {}", "TOPIC {}", "TOPIC #tea :{}", "NAMES {}", "LIST {}", "MODE {}", "MODE #tea {}",
    "MODE #tea +b {}", "MODE #tea +k {}", "MODE #tea +l {}", "MODE #tea +o {}", "MODE ana {}",
    "CHATHISTORY {}", "CHATHISTORY LATEST {} * 5", "CHATHISTORY LATEST #tea {} 5",
    "CHATHISTORY LATEST #tea * {}", "CHATHISTORY BEFORE #tea timestamp={} 5", "AWAY :{}", "SETNAME :{}",
    "NICK {}", "USER {} 0 * :{}", "PASS {}", "PING {}", "PONG {}", "QUIT :{}", "CAP {}", "CAP LS {}",
    "CAP REQ :{}", "WHO {}", "WHO * {}", "WHOIS {}", "WHOWAS {}", "WHOWAS ana {}", "ISON {}",
    "USERHOST {}", "MOTD {}", "LUSERS x {}", "VERSION {}", "TIME {}", "INFO {}", "HELP {}", "{}",
]  # fmt: skip
EVERYTHING = " ".join(caps.OFFERED)
MIXES = st.sampled_from(
    [
        ("", EVERYTHING, "server-time"),
        (EVERYTHING, "message-tags", "labeled-response"),
        ("batch labeled-response",) * 3,
    ]
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(MIXES, st.lists(st.tuples(st.integers(0, 3), lines()), max_size=25))
def test_no_line_makes_the_server_stumble_or_anybody_hear_what_is_none(mix, said):
    table, people = seated(*mix)
    people.append(table.visit())
    negotiated = [set(person.session.caps) for person in people]
    for who, text in said:
        try:
            line = parse_line(text)
        except MalformedLine:
            continue
        carry_out(table, people[who], line)
        for person, wanted in zip(people, negotiated, strict=True):
            wanted |= person.session.caps  # what was taken back may still have been heard by
            check(person, wanted)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    COMMAND,
    st.lists(st.one_of(WORDS, NASTY), max_size=5),
    st.dictionaries(
        st.one_of(st.sampled_from(["label", "+x", "msgid", "+bad\n"]), NASTY), st.one_of(WORDS, NASTY)
    ),
)
def test_nothing_that_breaks_a_line_reaches_a_wire_from_any_field(command, params, tags):
    table, people = seated(EVERYTHING, EVERYTHING, "")
    line = Line(command.upper(), params, None, tags)

    with suppress(
        UnsafeLine
    ):  # lines are parsed before they come here; should one not be, nobody hears of it
        carry_out(table, people[0], line)
    table.tick()
    carry_out(table, people[1], parse_line("CHATHISTORY LATEST #tea * 9"))

    for person in people:
        for raw in person.heard.split(b"\r\n"):
            assert not re.search(b"[\r\n\0]", raw)
            assert not raw.startswith(b":eve!e@h")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("filler", ["x", "é", "😀", "a,", "#é,", "*!", ": ", "\x01", "\u202e"])
def test_the_longest_of_every_field_is_answered_and_relayed_within_a_line(template, filler):
    table, people = seated(EVERYTHING, "", EVERYTHING)
    people[1].say("AWAY :" + "é" * 120)
    room = 510 - len(template.replace("{}", "").encode())
    value = filler * (room // template.count("{}") // len(filler.encode()))
    try:
        line = parse_line(template.replace("{}", value))
    except MalformedLine:
        return

    carry_out(table, people[0], line)

    for person in people:
        check(person, person.session.caps | {caps.MESSAGE_TAGS} if person.session.caps else set())


def test_tags_at_their_limit_are_relayed_whole():
    _, (ana, bob, _) = seated("message-tags", EVERYTHING, "")
    value = "\\:" * ((4094 - len("+x=")) // 2)

    ana.say(f"@+x={value} TAGMSG bob", f"@+x={value} PRIVMSG bob :hi")

    heard = bob.heard.decode().split("\r\n")[:-1]
    assert [f"+x={value} " in line for line in heard] == [True, True]
    check(bob, bob.session.caps)


@pytest.mark.parametrize("name", ["s", "s" * 63])
def test_the_longest_welcome_and_room_fit(name):
    table = Table(
        Settings(
            server=ServerSettings(name=name, network="n" * 63, description="é" * 600, motd="é" * 900),
            users=UserSettings(default_modes="i"),
        )
    )
    ana = table.visit("2001:db8:1234:5678:9abc:def0:1234:5678")
    ana.say(f"NICK {'ã' * 16}", f"USER {'u' * 30} 0 * :{'é' * 100}")
    room = "#" + "é" * 31
    ana.say(f"JOIN {room}", f"TOPIC {room} :{'ç' * 195}")
    for n in range(40):
        ana.say(
            f"MODE {room} +bbb {'ñ' * 80}{n} {'x' * 150}{n} *!*@{n}", f"MODE {room} +eI {'é' * 90}{n} {n}"
        )
    ana.say(f"MODE {room} +kl {'k' * 32} 999999")
    second = table.sit("bob", "userhost-in-names")
    second.say(
        f"JOIN {room} {'k' * 32}", f"MODE {room}", f"MODE {room} b", f"MODE {room} eI", f"NAMES {room}"
    )
    second.say(
        "LIST", f"WHOIS {'ã' * 16}", f"WHO {room}", "VERSION", "INFO", "CHATHISTORY LATEST " + room + " * 5"
    )

    assert len(second.heard) > 20_000
    check(ana, set())
    check(second, second.session.caps)
