"""The welcome: exactly which lines, and a 005 that the plainest parser reads."""

from __future__ import annotations

import re

import pytest
from dialogue import Table

from chatapp.commands.welcome import isupport_tokens
from chatapp.core.member import PREFIXES
from chatapp.core.settings import (
    ChannelSettings,
    HistorySettings,
    LimitSettings,
    ServerSettings,
    Settings,
    UserSettings,
)
from chatapp.irc.isupport import ISupport

ODD = [
    Settings(),
    Settings(server=ServerSettings(network="a=b\\c;d,e:f", name="x", casemapping="rfc1459")),
    Settings(server=ServerSettings(network="n" * 63, name="s" * 63, casemapping="ascii")),
    Settings(
        limits=LimitSettings(nick_length=300, message_targets=2**31 - 1, topic_length=2**31 - 1),
        channels=ChannelSettings(max_per_user=0, list_mode_entries=2**31 - 1),
    ),
    Settings(history=HistorySettings(enabled=False)),
    Settings(users=UserSettings(default_modes="i"), server=ServerSettings(motd="one\n\ntwo")),
]


def arrive(settings=None, nick="ana"):
    newcomer = Table(settings).visit()
    return newcomer.asks(f"NICK {nick}", "USER a 0 * :Ana")


def tokens(lines):
    """The 005 tokens of a welcome, line by line."""
    return [line.split(" ")[3 : line.split(" ").index(":are")] for line in lines if " 005 " in line]


# exactly this order


@pytest.mark.parametrize("settings", ODD)
def test_the_welcome_is_these_numerics_in_this_order(settings):
    codes = " ".join(line.split(" ")[1] for line in arrive(settings))

    assert re.fullmatch(
        "001 002 003 004 (005 )+251 252 253 254 255 265 266 (422|375( 372)+ 376)( MODE)?", codes
    )


def test_the_first_three_have_two_parameters_and_the_fourth_only_letters():
    first, second, third, fourth, *_ = arrive()

    assert first == ":chatapp 001 ana :Welcome to the chatapp chat, ana!a@127.0.0.1"
    assert re.fullmatch(r":chatapp 002 ana :Your host is chatapp, running chatapp-\S+", second)
    assert third == ":chatapp 003 ana :This server has been up since 2026-01-01 00:00 UTC"
    assert re.fullmatch(
        r":chatapp 004 ana chatapp chatapp-\S+ BRTiow CIMRUWabefhiklmnoqstuv IWabefhkloqv", fourth
    )


@pytest.mark.parametrize("settings", ODD)
def test_no_line_of_it_is_too_long(settings):
    nick = "ã" * 16

    lines = arrive(settings, nick) if settings.server.casemapping == "unicode" else arrive(settings, "a" * 32)

    assert all(len(line.encode()) <= 510 for line in lines)


# 005 in the plainest way


@pytest.mark.parametrize("settings", ODD)
def test_isupport_is_read_by_the_strictest(settings):
    lines = [line for line in arrive(settings, "a" * 32) if " 005 " in line]
    rows = tokens(lines)

    assert all(line.isascii() and line.endswith(" :are supported by this server") for line in lines)
    assert all(1 <= len(row) <= 13 for row in rows)
    for token in (token for row in rows for token in row):
        assert re.fullmatch(r"[A-Z0-9]+(=[!-<>-~]*)?", token)
    flat = dict(token.partition("=")[::2] for row in rows for token in row)
    assert all(re.fullmatch(r"[A-Z]+:[0-9]*", item) for item in flat["TARGMAX"].split(","))


def test_what_it_says_of_us():
    flat = dict(token.partition("=")[::2] for row in tokens(arrive()) for token in row)

    assert flat == {
        "NETWORK": "chatapp",
        "CASEMAPPING": "ascii",
        "CHANTYPES": "#",
        "PREFIX": "(qaohv)~&@%+",
        "STATUSMSG": "~&@%+",
        "CHANMODES": "beI,k,Wfl,CMRUimnstu",
        "EXCEPTS": "e",
        "EXTBAN": ",amt",
        "ACCOUNTEXTBAN": "a",
        "BOT": "B",
        "MONITOR": "100",
        "INVEX": "I",
        "MAXLIST": "beI:100",
        "MODES": "",
        "CHANLIMIT": "#:100",
        "NICKLEN": "32",
        "USERLEN": "20",
        "CHANNELLEN": "64",
        "TOPICLEN": "390",
        "KICKLEN": "255",
        "AWAYLEN": "255",
        "NAMELEN": "150",
        "KEYLEN": "32",
        "TARGMAX": "JOIN:,PART:,KICK:,NAMES:4,LIST:1,WHOIS:1,PRIVMSG:4,NOTICE:4,TAGMSG:4,MONITOR:100",
        "ELIST": "CMNTU",
        "SAFELIST": "",
        "UTF8ONLY": "",
        "WHOX": "",
        "CHATHISTORY": "1000",
        "MSGREFTYPES": "msgid,timestamp",
    }


def test_settings_are_said_as_they_are():
    said = isupport_tokens(ODD[3])
    assert said["NICKLEN"] == "300"
    assert said["CHANLIMIT"] == "#:"  # no number is no limit; 0 would be no channel
    assert said["MAXLIST"] == f"beI:{2**31 - 1}"
    assert isupport_tokens(ODD[1])["CASEMAPPING"] == "rfc1459"
    assert isupport_tokens(ODD[2])["CASEMAPPING"] == "ascii"


def test_where_no_history_is_kept_none_is_promised():
    assert {"CHATHISTORY", "MSGREFTYPES"}.isdisjoint(isupport_tokens(ODD[4]))


def test_our_own_client_reads_it_back():
    isupport = ISupport()
    for line in arrive(ODD[1]):
        if " 005 " in line:
            isupport.hear([*line.split(" :")[0].split(" ")[2:], "are supported by this server"])

    assert isupport.network == "a=b\\c;d,e:f"
    assert isupport.prefixes == list(PREFIXES.items())
    assert isupport.targmax["KICK"] is None


def test_the_numbers_in_it_count_the_newcomer():
    table = Table()
    table.sit("bob")
    table.visit()
    ana = table.visit()

    lines = ana.asks("NICK ana", "USER a 0 * :Ana")

    assert ":chatapp 251 ana :There are 2 users and 0 invisible on 1 servers" in lines
    assert ":chatapp 253 ana 1 :unregistered connection(s)" in lines
