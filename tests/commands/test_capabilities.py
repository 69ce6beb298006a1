"""CAP: asking for more, getting exactly that."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.settings import HistorySettings, Settings
from chatapp.irc import caps

#: What those are told who know no version.
OLD = " ".join(name for name in caps.OFFERED if name not in caps.ONLY_FOR_302)


def codes(lines):
    return [line.split(" ")[1] for line in lines]


# LS and LIST


def test_all_is_offered_on_one_line_to_those_who_know_no_version():
    newcomer = Table().visit()

    (line,) = newcomer.asks("CAP LS")

    assert line == f":chatapp CAP * LS :{OLD}"
    assert "=" not in line
    assert len(line.encode()) <= 510


@pytest.mark.parametrize("version", ["301", "", "x", "-302", "٣"])
def test_an_old_or_strange_version_gets_one_line_too(version):
    (line,) = Table().visit().asks(f"CAP LS {version}")

    assert line == f":chatapp CAP * LS :{OLD}"


def test_with_302_every_capability_is_offered_and_changes_will_be_told():
    newcomer = Table().visit()

    words = " ".join(line.rpartition(" :")[2] for line in newcomer.asks("CAP LS 302")).split(" ")
    assert [word.partition("=")[0] for word in words] == list(caps.OFFERED)
    assert newcomer.asks("CAP LIST") == [":chatapp CAP * LIST :cap-notify"]


def test_a_long_list_for_302_goes_over_several_lines(monkeypatch):
    many = {f"example.org/cap-{n:02}": "value" for n in range(40)}
    monkeypatch.setattr(caps, "OFFERED", many)
    newcomer = Table().visit()

    *more, last = newcomer.asks("CAP LS 302")

    assert more
    assert all(line.startswith(":chatapp CAP * LS * :") for line in more)
    assert last.startswith(":chatapp CAP * LS :")
    words = " ".join(line.partition(" :")[2] for line in [*more, last]).split(" ")
    assert words == [f"{name}=value" for name in many]
    assert all(len(line) <= 510 for line in [*more, last])


def test_values_are_only_for_302(monkeypatch):
    monkeypatch.setattr(caps, "OFFERED", {"example.org/x": "1,2"})

    assert Table().visit().asks("CAP LS") == [":chatapp CAP * LS :example.org/x"]
    assert Table().visit().asks("CAP LS 302") == [":chatapp CAP * LS :example.org/x=1,2"]


def test_an_empty_list_has_an_empty_last_parameter():
    assert Table().visit().asks("CAP LIST") == [":chatapp CAP * LIST :"]


def test_the_list_after_registration_has_the_nick():
    ana = Table().sit("ana", "multi-prefix batch")

    assert ana.asks("CAP LIST") == [":chatapp CAP ana LIST :batch multi-prefix"]
    assert ana.asks("CAP LS") == [f":chatapp CAP ana LS :{OLD}"]


def test_history_is_not_offered_where_none_is_kept():
    newcomer = Table(Settings(history=HistorySettings(enabled=False))).visit()

    (offer,) = newcomer.asks("CAP LS")

    assert "history" not in offer
    assert "event-playback" not in offer
    assert newcomer.asks("CAP REQ draft/chathistory") == [":chatapp CAP * NAK :draft/chathistory"]


# Registration waits


@pytest.mark.parametrize("first", ["CAP LS", "CAP LS 302", "CAP REQ batch", "CAP REQ nonsense"])
def test_registration_waits_for_the_end(first):
    newcomer = Table().visit()
    newcomer.say(first, "NICK ana", "USER a 0 * :A", "CAP LS")
    newcomer.hears()

    assert codes(newcomer.asks("CAP END"))[0] == "001"


def test_a_list_does_not_suspend():
    newcomer = Table().visit()
    newcomer.say("CAP LIST")
    newcomer.hears()

    assert codes(newcomer.asks("NICK ana", "USER a 0 * :A"))[0] == "001"


def test_an_end_without_a_beginning_is_nothing():
    assert Table().visit().asks("CAP END") == []
    assert Table().sit("ana").asks("CAP END") == []


def test_an_end_before_nick_and_user_lets_in_when_they_come():
    newcomer = Table().visit()
    newcomer.say("CAP LS", "CAP END", "NICK ana")

    assert codes(newcomer.asks("USER a 0 * :A"))[0] == "001"


# REQ


def test_a_request_is_granted_whole_and_repeated_to_the_letter():
    newcomer = Table().visit()

    asked = "userhost-in-names  multi-prefix server-time"
    assert newcomer.asks(f"CAP REQ :{asked}") == [f":chatapp CAP * ACK :{asked}"]
    assert newcomer.asks("CAP LIST") == [":chatapp CAP * LIST :multi-prefix server-time userhost-in-names"]


@pytest.mark.parametrize(
    "asked", ["batch nonsense echo-message", "Batch", "--batch", "-nonsense batch", "batch=1"]
)
def test_a_request_with_one_unknown_is_refused_whole(asked):
    newcomer = Table().visit()

    assert newcomer.asks(f"CAP REQ :{asked}") == [f":chatapp CAP * NAK :{asked}"]
    assert newcomer.asks("CAP LIST") == [":chatapp CAP * LIST :"]


@pytest.mark.parametrize("line", ["CAP REQ", "CAP REQ :"])
def test_an_empty_request_is_granted(line):
    assert Table().visit().asks(line) == [":chatapp CAP * ACK :"]


def test_what_is_taken_back_is_gone_from_the_list():
    ana = Table().sit("ana", "batch echo-message")

    assert ana.asks("CAP REQ :-batch -multi-prefix") == [":chatapp CAP ana ACK :-batch -multi-prefix"]
    assert ana.asks("CAP LIST") == [":chatapp CAP ana LIST :echo-message"]


def test_requests_count_at_once_after_registration_in_either_direction():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    ana.say("CAP REQ server-time")
    bob.say("PRIVMSG #tea one")
    ana.say("CAP REQ :-server-time")
    bob.say("PRIVMSG #tea two")

    said = ":bob!bob@127.0.0.1 PRIVMSG #tea"
    assert ana.hears() == [
        ":chatapp CAP ana ACK :server-time",
        f"@time=2026-01-01T00:00:00.000Z {said} :one",
        ":chatapp CAP ana ACK :-server-time",
        f"{said} :two",
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [("CAP FOO", "FOO"), ("CAP :", "*"), ("CAP :a b", "*"), ("CAP ::x", "*"), ("CAP foo", "foo")],
)
def test_an_unknown_subcommand_is_410(line, shown):
    assert Table().visit().asks(line) == [f":chatapp 410 * {shown} :Unknown CAP subcommand"]


def test_cap_alone_is_too_little():
    assert Table().visit().asks("CAP") == [":chatapp 461 * CAP :Not enough parameters"]


def test_subcommands_are_read_in_any_case():
    assert Table().visit().asks("cap ls") == [f":chatapp CAP * LS :{OLD}"]


# Tags are strictly per capability


TAGS = {
    "": "",
    "echo-message labeled-response batch": "",
    "server-time": "@time=2026-01-01T00:00:00.000Z ",
    "message-tags": "@msgid={id};+x=1 ",
    "account-tag": "@account=bobs ",
    "server-time message-tags account-tag": "@time=2026-01-01T00:00:00.000Z;msgid={id};+x=1;account=bobs ",
}


@pytest.mark.parametrize("wanted", TAGS)
def test_tags_come_exactly_as_negotiated(wanted):
    table = Table()
    ana, bob = table.sit("ana", wanted), table.sit("bob", "message-tags echo-message")
    bob.session.user.account = "bobs"

    (echo,) = bob.asks("@+x=1;y=2;label=3;time=4;account=5;+é=6 PRIVMSG ana :hi")

    msgid = echo.partition("msgid=")[2].partition(";")[0]
    assert echo == f"@msgid={msgid};+x=1 :bob!bob@127.0.0.1 PRIVMSG ana :hi"
    assert ana.hears() == [TAGS[wanted].format(id=msgid) + ":bob!bob@127.0.0.1 PRIVMSG ana :hi"]


def test_the_servers_own_lines_have_no_tags():
    ana = Table().sit("ana", " ".join(caps.OFFERED))

    assert not [line for line in ana.asks("JOIN #tea", "NAMES #tea", "PING x", "FOO")[1:] if line[0] == "@"]


def test_without_message_tags_nobody_hears_or_says_tagmsg():
    table = Table()
    ana, bob = table.sit("ana", "server-time"), table.sit("bob", "message-tags")
    table.room("#tea", ana, bob)

    bob.say("@+typing=active TAGMSG #tea", "@+typing=active TAGMSG ana")
    assert ana.hears() == []
    assert ana.asks("@+typing=active TAGMSG #tea", "@+typing=active TAGMSG bob") == []
    assert bob.hears() == []


def test_a_list_that_is_too_long_for_one_line_ends_with_a_whole_name():
    ana = Table().sit("n" * 32)
    everything = [name for name in caps.OFFERED if name != "sts"]
    for name in everything:
        ana.say(f"CAP REQ {name}")

    (line,) = ana.asks("CAP LIST")
    assert len(line) <= 510
    told = line.partition(" :")[2].split(" ")
    assert told == sorted(everything)[: len(told)]
    assert len(told) > 20


@pytest.mark.parametrize(("last", "answer"), [("batch", "ACK"), ("no-such", "NAK")])
def test_a_long_request_is_repeated_in_several_lines(last, answer):
    ana = Table().sit("n" * 32)
    names = " ".join(name for name in caps.OFFERED if name != "sts")
    text = f"{names[:480].rpartition(' ')[0]} {last}"

    lines = ana.asks(f"CAP REQ :{text}")
    assert len(lines) == 2
    assert all(line.startswith(f":chatapp CAP {'n' * 32} {answer} :") and len(line) <= 510 for line in lines)
    assert " ".join(line.partition(" :")[2] for line in lines) == text
