"""What is recorded of the wire: the lines, how they were cut, and what never appears."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatapp.client.inspector.anatomy import Part, command_of, dissect
from chatapp.client.inspector.characters import characters, face
from chatapp.client.inspector.journey import journey
from chatapp.client.inspector.meaning import meanings
from chatapp.client.inspector.recorder import KEPT_BYTES, KEPT_LINES, Direction, Recorder, WireLine
from chatapp.client.inspector.secrecy import secret_of
from chatapp.client.inspector.transport import describe
from chatapp.client.screen.inspection import record_rows
from chatapp.client.screen.render import row_text
from chatapp.irc.framing import LineBuffer
from chatapp.irc.line import MalformedLine, parse_line

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED


class Wire:
    """A recorder with a clock that moves a tenth of a second at each look."""

    def __init__(self):
        self.time = -0.1
        self.recorder = Recorder(self.now)
        self.recorder.opened("TCP", "here → there")

    def now(self):
        self.time += 0.1
        return self.time

    def sends(self, data):
        self.recorder.saw(SENT, data)

    def hears(self, *reads):
        for data in reads:
            self.recorder.saw(RECEIVED, data)

    @property
    def lines(self):
        return [record for record in self.recorder.records if isinstance(record, WireLine)]

    def text(self, width=80):
        rows = [row for record in self.recorder.records for row in record_rows(record, width)]
        return "\n".join(row_text(row).rstrip() for row in rows)


@pytest.fixture
def wire():
    return Wire()


def cut_at(data, places):
    places = sorted({place % (len(data) + 1) for place in places})
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True) if a < b]


# Lines


@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b" :", b"\xff", b"\x00", b"PASS x"])), st.data()
)
def test_any_bytes_cut_anywhere_give_the_lines_that_the_client_hears(parts, data):
    whole = b"".join(parts)
    reads = cut_at(whole, data.draw(st.lists(st.integers(0, 100))))
    wire, buffer = Wire(), LineBuffer()
    expected = [line for read in reads for line in buffer.feed(read)]
    wire.hears(*reads)
    assert [len(line.data.rstrip(b"\r\n")) for line in wire.lines] == [
        len(line.rstrip(b"\r\n")) for line in expected
    ]
    for line, heard in zip(wire.lines, expected, strict=True):
        if line.secret is None:
            assert line.data.removesuffix(b"\n").rstrip(b"\r") == heard


@pytest.mark.parametrize("size", [16383, 16384, 16385, 1 << 20])
@pytest.mark.parametrize("step", [1 << 20, 5000])
def test_a_line_without_end_ends_where_the_client_ends_it(wire, size, step):
    data = b"before\r\n" + b"x" * size + b"\r\nafter\r\n"
    reads = [data[at : at + step] for at in range(0, len(data), step)]
    buffer = LineBuffer()
    heard = [line for read in reads for line in buffer.feed(read)]
    wire.hears(*reads)
    assert buffer.overflowed == any(line.is_endless for line in wire.lines)
    assert [line for line in wire.lines if not line.is_endless][-1].data[:5] == heard[-1][:5]
    assert all(len(line.data) <= KEPT_BYTES for line in wire.lines)
    assert len(wire.text()) < 100_000


def test_the_last_thousand_lines_are_kept(wire):
    for number in range(KEPT_LINES + 50):
        wire.hears(b"PING :%d\r\n" % number)
    assert len(wire.recorder.records) == KEPT_LINES
    assert wire.lines[-1].data == b"PING :%d\r\n" % (KEPT_LINES + 49)


def test_a_line_that_was_not_whole_is_gone_with_its_connection(wire):
    wire.hears(b"PRIVMSG #tea :ha")
    wire.recorder.opened("TCP")
    wire.hears(b"lf\r\n")
    assert [line.data for line in wire.lines] == [b"lf\r\n"]


# How they travelled


def test_one_read_may_hold_several_lines(wire):
    wire.hears(b"PING :a\r\nPING :b\r\nPI")
    assert [journey(line) for line in wire.lines] == ["read 1: 20 bytes, this line and 2 others"] * 2


def test_a_line_may_come_in_several_reads(wire):
    wire.hears(b"PI", b"NG :a\r", b"\n")
    assert journey(wire.lines[0]) == "cut 2 times: 2 bytes in read 1, 6 bytes in read 2, 1 byte in read 3"
    wire.hears(*(b"PING :bcdef\r\n"[at : at + 1] for at in range(13)))
    assert journey(wire.lines[1]).startswith("cut 12 times: 1 byte in read 4, ")
    assert journey(wire.lines[1]).endswith("1 byte in read 11, …")


def test_what_we_write_is_counted_by_itself(wire):
    wire.hears(b"PING :a\r\n")
    wire.sends(b"PONG :a\r\n")
    assert journey(wire.lines[1]) == "write 1: 9 bytes, this line alone"


class Secure:
    def version(self):
        return "TLSv1.3"

    def cipher(self):
        return ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"sockname": ("127.0.0.1", 5), "peername": ("127.0.0.1", 6)}, ("TCP", "127.0.0.1:5 → 127.0.0.1:6")),
        ({"sockname": ("::1", 5, 0, 0), "peername": ("::1", 6, 0, 0)}, ("TCP", "[::1]:5 → [::1]:6")),
        ({"sockname": "", "peername": "/run/chat"}, ("Unix", "/run/chat")),
        ({"sockname": ("a", 5), "peername": ("b", 6), "is_datagram": True}, ("UDP", "a:5 → b:6")),
        (
            {"sockname": ("a", 5), "peername": ("b", 6), "ssl_object": Secure()},
            ("TLSv1.3 TLS_AES_256_GCM_SHA384 / TCP", "a:5 → b:6"),
        ),
    ],
)
def test_the_transport_in_words(info, words):
    assert describe(info.get) == words


# Fields and characters

WORDS = st.sampled_from(
    ["@a=b;c", "@", ":src!u@h", ":", "JOIN", "join", "#tea", "á", " ", "  ", " :", ":x y", ";"]
)


@given(st.lists(WORDS).map("".join) | st.text(st.characters(exclude_characters="\r\n\0")))
@example("@a :b  c d :e f")
@example("  :b c")
def test_fields_are_those_of_the_parser(text):
    data = text.encode("utf-8", "surrogatepass")
    text = data.decode("utf-8", "replace")
    fields = dissect(data)
    words = [data[field.start : field.end].decode("utf-8", "replace") for field in fields]
    parts = [field.part for field in fields]
    try:
        line = parse_line(text)
    except MalformedLine:
        assert Part.COMMAND not in parts
        return
    assert command_of(data, fields) == line.command
    assert [word for word, part in zip(words, parts, strict=True) if part is Part.PARAM] == line.params
    assert [w for w, part in zip(words, parts, strict=True) if part is Part.SOURCE] == (
        [] if line.source is None else [line.source]
    )
    keys = [w.partition("=")[0] for w, part in zip(words, parts, strict=True) if part is Part.TAG]
    assert {key for key in keys if key} == set(line.tags)


@given(st.binary(max_size=60))
def test_every_byte_is_in_one_character(data):
    found = characters(data)
    assert b"".join(data[each.start : each.end] for each in found) == data
    assert "".join(each.char for each in found) == data.decode("utf-8", "ignore")


@given(st.characters(exclude_categories=["Cs"]))
def test_every_character_has_a_face_that_is_seen(char):
    assert face(char)
    assert face(char).isprintable()


def test_what_the_fields_mean(wire):
    wire.hears(b"@time=2026;+x=1;label=c1 :chat 332 Ana #tea :all about tea\r\n")
    assert [(kind, text, words) for _field, kind, text, words in meanings(wire.lines[0])] == [
        ("tag", "time=2026", "when the server took it, in UTC (server-time)"),
        ("tag", "+x=1", "said by a client to clients"),
        ("tag", "label=c1", "which question this answers: the number that was sent with it"),
        ("source", "chat", "who it comes from: a server, or a nick alone"),
        ("command", "332 RPL_TOPIC", "tells what a room is about"),
        ("parameter", "Ana", "whom the answer is for; * before one has a name"),
        ("parameter", "#tea", "what it is about"),
        ("parameter", "all about tea", "the answer itself"),
    ]


@pytest.mark.parametrize("command", ["FOO", "999", "1234", "é", "\u0661\u0661\u0661"])
def test_what_is_not_known_is_said_to_be(wire, command):
    wire.hears(f"{command} a b\r\n".encode())
    assert all(meaning.sentence for meaning in meanings(wire.lines[0]))


# Secrets

SECRET = "s3gr\u00eado"
HIDDEN = [
    "PASS {}",
    "pass :{}",
    "@label=1 PASS {}",
    "PASS a\0b {}",
    ":x PASS {}",
    "  PASS   {}",
    "AUTHENTICATE {}",
    "OPER ana {}",
    "OPER :ana {}",
    "REGISTER * a@b {}",
    "VERIFY ana {}",
    "WEBIRC {} a b c",
    "OWNER {}",
    "IDENTIFY {}",
    "NS IDENTIFY {}",
    "NICKSERV :IDENTIFY {}",
    "PRIVMSG NickServ :IDENTIFY {}",
    "PRIVMSG nickserv :identify ana {}",
    "PRIVMSG NickServ IDENTIFY {}",
    "PRIVMSG :NickServ IDENTIFY {}",
    "PRIVMSG NickServ :{}",
    "PRIVMSG NickServ@services.example :REGISTER {} a@b",
    "PRIVMSG bob,NickServ :IDENTIFY {}",
    "PRIVMSG Q@CServe.example :AUTH ana {}",
    "privmsg NickServ :GHOST ana {}",
    "NOTICE NickServ :set password {}",
    "@label=c1;time=2026 :Ana!a@h PRIVMSG NickServ :IDENTIFY {}",
    "PRIVMSG ChanServ :IDENTIFY #tea {}",
    "JOIN #tea {}",
    "JOIN #tea,#milk a,{}",
    "MODE #tea +k {}",
    "MODE #tea :+k {}",
    "MODE #tea +o-t+k ana {}",
    "MODE #tea +o ana +k {}",
    ":chat 324 Ana #tea +nk {}",
]


#: What follows a room in a JOIN of the server is an account.
CASES = [(line, way) for line in HIDDEN for way in Direction if way is SENT or not line.startswith("JOIN")]


@pytest.mark.parametrize(("line", "direction"), CASES)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_passwords_never_appear_in_any_form(wire, line, step, direction):
    data = line.format(SECRET).encode() + b"\r\n"
    for at in range(0, len(data), step):
        wire.recorder.saw(direction, data[at : at + step])
    assert SECRET.encode() not in b"".join(record.data for record in wire.lines)
    assert [forms_of_the_secret(wire.text(width)) for width in (20, 60, 120)] == [set(), set(), set()]


def test_what_would_be_found_is_found(wire):
    wire.sends(f"PRIVMSG #te :{SECRET}\r\n".encode())
    assert forms_of_the_secret(wire.text(120)) == {"text", "hex", "bits"}


def forms_of_the_secret(text):
    """In which forms the beginning of the secret is in ``text``."""
    text = "".join(text.split())
    begin = SECRET.encode()[:3]
    forms = {"text": begin.decode(), "hex": begin.hex().upper(), "bits": "".join(f"{b:08b}" for b in begin)}
    return {name for name, form in forms.items() if form in text}


@pytest.mark.parametrize(
    "line",
    [
        "PRIVMSG #tea :pass the milk",
        "PRIVMSG bob :identify yourself",
        "AUTHENTICATE PLAIN",
        "AUTHENTICATE +",
        "JOIN #tea",
        "MODE #tea +o kim",
        "MODE #tea",
        "PASS",
        ":NickServ!s@s NOTICE Ana :This nick is registered",
        "PRIVMSG NickServ :HELP",
        ":chat 324 Ana #tea +nt",
        "PRIVMSG @#tea :for the operators",
    ],
)
def test_what_is_no_secret_is_shown(line):
    assert secret_of(line.encode() + b"\r\n", is_sent=True) is None


WORD = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0 \x0b"), min_size=4, max_size=30)


@given(st.sampled_from(HIDDEN), WORD.map("\u00df{}".format), st.integers(1, 40))
def test_no_password_whatever_it_is(line, secret, step):
    wire = Wire()
    data = line.format(secret).encode() + b"\r\n"
    for at in range(0, len(data), step):
        wire.sends(data[at : at + step])
    assert all(secret.encode() not in record.data for record in wire.lines)
    assert "\u00df" not in wire.text()
    assert "11000011 10011111" not in wire.text()
    assert sum(record.size for record in wire.lines) == len(data)
