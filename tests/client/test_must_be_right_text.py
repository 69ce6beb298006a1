"""Texts that terminals trip over: clusters, other directions, and hostile controls in every field."""

from __future__ import annotations

import re
import sys
from codecs import getincrementaldecoder

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from contextlib import contextmanager

from bench.terminal_pty import Pty
from client.hostile import HOSTILE, MARK, WORD, commands, numerics, theirs
from client.small_server import SmallServer

pytestmark = pytest.mark.slow

#: The beginning of a sequence of ours at the end of what has been read.
_HALF = re.compile(
    r"\x1b(?:\[[?<>=]?[0-9;:]*[ $]?|\](?:0|2|8|9|10|11|22|52|777|1337);[^\x00-\x1f\x7f-\x9f]*\x1b?)?\Z"
)
#: What a person takes for one character, or for a word of such.
CLUSTERS = {
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "flag": "\U0001f1e7\U0001f1f7",
    "skin tone": "\U0001f44d\U0001f3fd",
    "emoji by selector": "\u2764\ufe0f",
    "keycap": "1\ufe0f\u20e3",
    "combining marks": "e\u0301a\u0303o\u0302",
    "thai": "\u0e01\u0e34\u0e19\u0e02\u0e49\u0e32\u0e27\u0e17\u0e35\u0e48",
    "devanagari": "\u0928\u092e\u0938\u094d\u0924\u0947",
    "hangul jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "han": "\u65e5\u672c\u8a9e",
}


@pytest.fixture
def server():
    with SmallServer() as server:
        yield server


class Person(Pty):
    """Somebody with our client in #lobby, on a terminal of today or (``joins`` false) an older one."""

    def __init__(self, server, folder, *flags, size=(80, 24), joins=True, verb=()):
        where = ["--host", "127.0.0.1", "--port", str(server.port), "--name", "Ana", "--no-tls"]
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"), str(folder))
        super().__init__(
            [sys.executable, "-m", "chatapp", "client", *verb, *where, *flags], places, *size, joins=joins
        )

    def sees(self, wanted):
        """Wait until the screen holds ``wanted``, or until that is true."""
        holds = (lambda: wanted in self.glass.text) if isinstance(wanted, str) else wanted
        assert self.wait_for(holds, 60), f"waited for {wanted!r} in vain:\n{self.glass.text}"

    def has_typed(self, text):
        """Whether the last row shows ``text``, and the cursor stands behind its last cell."""
        row = f"[#lobby] {text}".rstrip()
        end = self.glass.column_of(row[-1]) + 1 if text else len("[#lobby] ")
        return self.glass.row(-1) == row and (self.glass.x, self.glass.y) == (end, self.glass.lines - 1)

    def said_by_us(self):
        """What the terminal was given, without a character or a sequence that is only half here yet."""
        return _HALF.sub("", getincrementaldecoder("utf-8")().decode(self.raw))


@pytest.mark.parametrize("joins", [True, False], ids=["terminal of today", "older terminal"])
def test_the_cursor_is_right_behind_each_cluster(server, tmp_path, joins):
    with Person(server, tmp_path, joins=joins) as ana:
        ana.sees("Ana joined")
        for text in CLUSTERS.values():
            ana.press(f"{text}|")
            ana.sees(lambda text=text: ana.has_typed(f"{text}|"))
            ana.press("\x15")
            ana.sees(lambda: ana.has_typed(""))


@pytest.mark.parametrize("joins", [True, False], ids=["terminal of today", "older terminal"])
def test_the_border_stays_straight_beside_clusters(server, tmp_path, joins):
    with Person(server, tmp_path, joins=joins) as ana:
        ana.sees("Ana joined")
        server.say("Bruno", "#lobby", *CLUSTERS.values(), "the end")
        ana.sees("the end")
        ana.sees(lambda: len({ana.glass.column_of("\u2502", row) for row in range(2, 22)}) == 1)


@contextmanager
def hostile_talk(server, folder, *flags, size):
    with Person(server, folder, *flags, size=size) as ana:
        ana.sees("Ana joined" if "--linear" not in flags else "#lobby")
        server.tell(*numerics(HOSTILE, WORD), *commands(HOSTILE, WORD))
        server.say("Bruno", "#lobby", "the end")
        ana.sees("the end")
        yield ana


def test_what_is_half_here_is_ours_only():
    for half in ("\x1b", "\x1b[", "\x1b[0;9", "\x1b[?20", "\x1b]8;;https://a", "\x1b]8;;https://a\x1b"):
        assert theirs(_HALF.sub("", f"fine{half}")) == []
        assert theirs(f"fine{half}")
    for bad in ("\x1b[6", "\x07", "\x1b]4;1"):
        assert theirs(_HALF.sub("", f"{bad}\x05"))
    assert theirs(_HALF.sub("", "\x1b]4;1"))


def test_what_is_theirs_is_found():
    assert theirs("\x1b[1mfine\x1b[0m\r\n") == []
    for bad in (
        f"\x1b[{MARK}m",
        "\x07",
        "\x9b1m",
        "\u202e",
        "a\u0300\u0301\u0302\u0303",
        "\x1b]4;1\x07",
        "\x1b",
    ):
        assert theirs(bad), repr(bad)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_field_of_any_line_reaches_the_terminal_as_control(server, tmp_path, columns):
    with hostile_talk(server, tmp_path, size=(columns, 24)) as ana:
        for room_or_pane in ("\x1b0", "\x1b2", "\x1b3", "\x1b[19~", "\x1b[18~", "\x1b[18~", "\x1b1"):
            ana.press(room_or_pane)
        ana.press("last words")
        ana.sees("last words")
        assert theirs(ana.said_by_us()) == []


def test_neither_in_the_inspector(server, tmp_path):
    with hostile_talk(server, tmp_path, "--inspect", size=(160, 50)) as ana:
        ana.press("\x1b[5~" * 20)
        ana.press("last words")
        ana.sees("last words")
        assert theirs(ana.said_by_us()) == []


def test_neither_in_linear_mode(server, tmp_path):
    with hostile_talk(server, tmp_path, "--linear", size=(120, 50)) as ana:
        ana.press("last words\r")
        ana.sees(lambda: ("Ana", "#lobby", "last words") in server.said)
        assert theirs(ana.said_by_us()) == []


@pytest.mark.parametrize("form", ["", "--json"])
def test_neither_in_what_scripts_print(server, tmp_path, form):
    with Person(server, tmp_path, verb=["tail", "#lobby", "--follow", *form.split()], size=(120, 50)) as ana:
        ana.sees(lambda: server.say("Bruno", "#lobby", "begin") or b"begin" in ana.raw)
        server.tell(*numerics(HOSTILE, WORD), *commands(HOSTILE, WORD))
        server.say("Bruno", "#lobby", "the end")
        ana.sees(lambda: b"the end" in ana.raw)
        assert theirs(ana.said_by_us()) == []


def test_names_and_texts_from_right_to_left_are_isolated(server, tmp_path):
    nick, text = "\u05d3\u05d5\u05d3", "\u05e9\u05dc\u05d5\u05dd 123"
    with Person(server, tmp_path) as ana:
        ana.sees("Ana joined")
        server.say(nick, "#lobby", text)
        server.tell(f":{nick}!u@h TOPIC #lobby :{text}")
        ana.sees("set the topic")
        raw = ana.said_by_us()
        for said in (nick, text.partition(" ")[0]):
            for found in re.finditer(re.escape(said), raw):
                row = raw[: found.start()].rpartition("\x1b[K")[2]
                opened = len(re.findall("[\u2066\u2067\u2068]", row)) - row.count("\u2069")
                assert opened > 0, repr(raw[max(0, found.start() - 20) : found.end() + 20])
        assert len(re.findall("[\u2066\u2067\u2068]", raw)) == raw.count("\u2069")
