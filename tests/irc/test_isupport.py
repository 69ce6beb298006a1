"""ISUPPORT: plain tokens out, and from any server's tokens the answers a client needs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.isupport import MOST_TOKENS, TOKEN_BYTES, TOKENS_PER_LINE, ISupport, format_isupport
from chatapp.irc.line import format_body, parse_line
from chatapp.irc.modes import ModeKind, ModeKinds


def heard(*tokens):
    isupport = ISupport()
    isupport.hear(["ana", *tokens, "are supported by this server"])
    return isupport


def test_tokens_are_written_in_their_order():
    tokens = {
        "NETWORK": "a chat",
        "UTF8ONLY": None,
        "PREFIX": "(ov)@+",
        "X": "a=b\\c",
        "-Y": None,
        "EMPTY": "",
    }
    assert format_isupport(tokens) == [
        ["NETWORK=a\\x20chat", "UTF8ONLY", "PREFIX=(ov)@+", "X=a\\x3Db\\x5Cc", "-Y", "EMPTY="]
    ]
    assert format_isupport({}) == []


def test_a_line_has_at_most_13_tokens():
    lines = format_isupport({f"KEY{n}": None for n in range(27)})
    assert [len(line) for line in lines] == [TOKENS_PER_LINE, TOKENS_PER_LINE, 1]


def test_long_tokens_share_no_line_that_would_be_too_long():
    lines = format_isupport({f"KEY{n}": "x" * 150 for n in range(5)})
    assert [len(line) for line in lines] == [2, 2, 1]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("", None),
        ("key", None),
        ("KEY=", None),
        ("K Y", None),
        ("CHÁ", None),
        ("-KEY", "1"),
        ("NETWORK", "chá"),
        ("NETWORK", "a\nb"),
        ("NETWORK", "a\x7fb"),
        ("NETWORK", "x" * TOKEN_BYTES),
        ("TARGMAX", "JOIN"),
        ("TARGMAX", "JOIN:,PRIVMSG"),
        ("TARGMAX", "join:4"),
        ("TARGMAX", "JOIN:x"),
        ("TARGMAX", "JOIN:,"),
        ("TARGMAX", ""),
    ],
)
def test_what_cannot_be_said_is_refused(key, value):
    with pytest.raises(ValueError, match=f"{re.escape(key)}.+"):
        format_isupport({key: value})


keys = st.from_regex(r"([a-z.]{1,5}/)?[A-Z0-9]{1,10}", fullmatch=True).filter(lambda key: key != "TARGMAX")
values = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


@pytest.mark.slow
@given(st.dictionaries(keys, values, max_size=40))
def test_what_is_written_reads_the_same(tokens):
    isupport = ISupport()
    for line in format_isupport(tokens):
        assert all(token.isascii() and token.count("=") <= 1 and " " not in token for token in line)
        text = format_body("s" * 63, "005", ["n" * 32, *line, "are supported by this server"])
        assert len(text) <= 510
        isupport.hear(parse_line(text).params)
    for key, value in {key.upper(): value for key, value in tokens.items()}.items():
        assert key in isupport
        assert isupport.get(key) == (value or "")


def test_a_server_that_says_nothing_is_taken_for_an_old_one():
    isupport = ISupport()
    assert isupport.casemapping == "rfc1459"
    assert isupport.fold("ANA[]") == "ana{}"
    assert isupport.chantypes == "#&"
    assert isupport.prefixes == [("o", "@"), ("v", "+")]
    assert isupport.chanmodes == ModeKinds("b", "k", "l", "imnpst", "ov")
    assert isupport.network == ""
    assert isupport.nicklen is None
    assert isupport.chathistory is None
    assert isupport.msgreftypes == []
    assert isupport.statusmsg == ""
    assert isupport.targmax == {}
    assert "UTF8ONLY" not in isupport


def test_what_a_server_says_is_known():
    isupport = heard(
        "CASEMAPPING=ascii",
        "CHANTYPES=#",
        "PREFIX=(qaohv)~&@%+",
        "CHANMODES=beI,k,fl,imnst,future",
        "NETWORK=a\\x20chat",
        "NICKLEN=32",
        "CHATHISTORY=1000",
        "MSGREFTYPES=msgid,timestamp",
        "STATUSMSG=@+",
        "TARGMAX=JOIN:,PRIVMSG:4,KICK:x",
        "UTF8ONLY",
    )
    assert isupport.fold("ANA[]") == "ana[]"
    assert isupport.chantypes == "#"
    assert isupport.prefixes[0] == ("q", "~")
    assert isupport.chanmodes == ModeKinds("beI", "k", "fl", "imnst", "qaohv")
    assert isupport.chanmodes.kind_of("h") is ModeKind.PREFIX
    assert isupport.network == "a chat"
    assert isupport.nicklen == 32
    assert isupport.chathistory == 1000
    assert isupport.msgreftypes == ["msgid", "timestamp"]
    assert isupport.targmax == {"JOIN": None, "PRIVMSG": 4, "KICK": None}
    assert "UTF8ONLY" in isupport
    assert isupport.split_prefix("@+ana") == ("@+", "ana")
    assert isupport.split_prefix("ana") == ("", "ana")
    assert isupport.split_statusmsg("@#tea") == ("@", "#tea")
    assert isupport.split_statusmsg("#tea") == ("", "#tea")
    assert isupport.split_statusmsg("@ana") == ("", "@ana")
    assert isupport.split_statusmsg("") == ("", "")
    assert isupport.is_channel("#tea")
    assert not isupport.is_channel("&tea")
    assert not isupport.is_channel("")


def test_a_token_can_be_changed_and_taken_back():
    isupport = heard("NICKLEN=9", "CASEMAPPING=ascii", "NETWORK=a")
    isupport.hear(["ana", "NICKLEN=20", "-CASEMAPPING", "-UNHEARD", "text"])
    assert isupport.nicklen == 20
    assert isupport.casemapping == "rfc1459"
    assert isupport.fold("[") == "{"
    assert isupport.network == "a"


def test_the_nick_and_the_text_are_no_tokens():
    isupport = ISupport()
    isupport.hear(["NICKLEN=9", "NETWORK=x"])
    isupport.hear([])
    assert isupport.nicklen is None
    assert "NETWORK" not in isupport


@pytest.mark.parametrize(
    "tokens",
    [
        ["PREFIX"],
        ["PREFIX="],
        ["PREFIX=ov"],
        ["PREFIX=(ov"],
        ["PREFIX=()"],
        ["CHANMODES"],
        ["CHANMODES=,,,,,,"],
        ["NICKLEN=-1", "CHATHISTORY=x", "TARGMAX=:,,:4"],
        ["NICKLEN=" + "9" * 5000],
        ["NICKLEN=٣", "CHATHISTORY=²"],
        ["=", "-", "-=", "=x", ""],
        ["CHANTYPES", "STATUSMSG"],
        ["CASEMAPPING=klingon"],
        ["NETWORK=\\x", "X=\\xZZ\\x1"],
    ],
)
def test_nonsense_leaves_every_question_answered(tokens):
    ask_everything(heard(*tokens))


@given(st.lists(st.text() | st.from_regex("(PREFIX|CHANMODES|TARGMAX|NICKLEN|CASEMAPPING|STATUSMSG)=.*")))
def test_no_tokens_make_a_question_raise(tokens):
    ask_everything(heard(*tokens))


def ask_everything(isupport):
    assert all(len(mode) == len(symbol) == 1 for mode, symbol in isupport.prefixes)
    assert isinstance(isupport.chanmodes, ModeKinds)
    assert isupport.nicklen is None or isupport.nicklen >= 0
    assert isupport.chathistory is None or isupport.chathistory >= 0
    assert isinstance(isupport.targmax, dict)
    assert isupport.fold("Ana") == "ana"
    assert "".join(isupport.split_prefix("@ana")) == "@ana"
    assert "".join(isupport.split_statusmsg("@#tea")) == "@#tea"
    assert isinstance(isupport.is_channel("#tea"), bool)
    assert isinstance(isupport.network + isupport.chantypes, str)


def test_a_server_cannot_fill_our_memory():
    isupport = heard(*(f"KEY{n}=1" for n in range(MOST_TOKENS * 2)))
    isupport.hear(["ana", "KEY0=2", "text"])
    assert sum(f"KEY{n}" in isupport for n in range(MOST_TOKENS * 2)) == MOST_TOKENS
    assert isupport.get("KEY0") == "2"
