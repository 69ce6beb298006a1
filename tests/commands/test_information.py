"""What the server tells of itself."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.commands.information import VERSION
from chatapp.core.settings import ServerSettings, Settings, UserSettings


def named(**server):
    return Settings(server=ServerSettings(**server))


def lusers(person):
    """The seven replies of LUSERS without what stands before and between."""
    return [line.split(" ", 3)[1::2] for line in person.asks("LUSERS")]


# The message of the day


def test_without_a_message_of_the_day_motd_says_so():
    ana = Table().sit("ana")

    assert ana.asks("MOTD") == [":chatapp 422 ana :There is no message of the day"]


def test_blanks_are_no_message_of_the_day():
    ana = Table(named(motd=" \n ")).sit("ana")

    assert ana.asks("MOTD") == [":chatapp 422 ana :There is no message of the day"]


def test_the_message_of_the_day_keeps_its_lines_and_its_empty_lines():
    ana = Table(named(motd="Olá!\r\n\nSê bem-vindo. 🎉\n")).sit("ana")

    assert ana.asks("MOTD") == [
        ":chatapp 375 ana :- chatapp message of the day -",
        ":chatapp 372 ana :- Olá!",
        ":chatapp 372 ana :- ",
        ":chatapp 372 ana :- Sê bem-vindo. 🎉",
        ":chatapp 376 ana :End of message of the day",
    ]


def test_a_long_line_of_the_message_of_the_day_is_told_in_parts_that_fit():
    words = " ".join(["coração"] * 200)
    ana = Table(named(motd=words)).sit("ana")

    told = ana.asks("MOTD")[1:-1]

    assert len(told) > 1
    assert all(len(line.encode()) <= 510 for line in told)
    assert "".join(line.removeprefix(":chatapp 372 ana :- ") for line in told) == words


def test_the_welcome_burst_has_lusers_and_the_message_of_the_day_after_005():
    visitor = Table(named(motd="hello")).visit()
    visitor.say("NICK ana", "USER ana 0 * :Ana")

    codes = [line.split(" ")[1] for line in visitor.hears()]

    assert codes[codes.index("251") - 1] == "005"
    assert codes[codes.index("251") :] == [
        "251",
        "252",
        "253",
        "254",
        "255",
        "265",
        "266",
        "375",
        "372",
        "376",
    ]


@pytest.mark.parametrize("target", ["", " chatapp", " CHATAPP", " chat*", " *", " ana", " :"])
@pytest.mark.parametrize("verb", ["MOTD", "VERSION", "TIME", "INFO", "LUSERS *"])
def test_this_server_can_be_asked_for_by_name_mask_or_nick(verb, target):
    ana = Table().sit("ana")

    answer = ana.asks(verb + target)

    assert answer
    assert not any(" 402 " in line for line in answer)


@pytest.mark.parametrize("verb", ["MOTD", "VERSION", "TIME", "INFO", "LUSERS *"])
def test_no_other_server_answers(verb):
    ana = Table().sit("ana")

    assert ana.asks(f"{verb} elsewhere") == [":chatapp 402 ana elsewhere :No such server"]


def test_a_server_that_cannot_be_a_word_is_none():
    ana = Table().sit("ana")

    assert ana.asks("MOTD :no such place") == [":chatapp 402 ana * :No such server"]


# LUSERS


def test_lusers_has_each_numeric_once():
    ana = Table().sit("ana")

    assert ana.asks("LUSERS") == [
        ":chatapp 251 ana :There are 1 users and 0 invisible on 1 servers",
        ":chatapp 252 ana 0 :operator(s) online",
        ":chatapp 253 ana 0 :unregistered connection(s)",
        ":chatapp 254 ana 0 :channels formed",
        ":chatapp 255 ana :I have 1 clients and 0 servers",
        ":chatapp 265 ana 1 1 :Current local users 1, max 1",
        ":chatapp 266 ana 1 1 :Current global users 1, max 1",
    ]


def test_an_unregistered_connection_counts_from_its_beginning_until_it_registers():
    table = Table()
    ana = table.sit("ana")
    visitor = table.visit()
    assert lusers(ana)[2] == ["253", "1 :unregistered connection(s)"]

    visitor.say("NICK bob", "USER bob 0 * :Bob")

    assert lusers(ana)[2] == ["253", "0 :unregistered connection(s)"]
    assert lusers(ana)[4] == ["255", ":I have 2 clients and 0 servers"]


def test_a_visitor_who_quits_before_registration_never_counted():
    table = Table()
    ana = table.sit("ana")
    before = lusers(ana)
    visitor = table.visit()

    visitor.say("NICK probe", "QUIT :health check")

    assert visitor.closed
    assert lusers(ana) == before
    assert ana.asks("WHOWAS probe")[0].split(" ")[1] == "406"


def test_the_maximum_does_not_fall():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")

    bob.say("QUIT")

    assert lusers(ana)[4:] == [
        ["255", ":I have 1 clients and 0 servers"],
        ["265", "1 2 :Current local users 1, max 2"],
        ["266", "1 2 :Current global users 1, max 2"],
    ]


def test_the_invisible_are_counted_apart_and_at_once():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")

    bob.say("MODE bob +i")
    assert lusers(ana)[0] == ["251", ":There are 1 users and 1 invisible on 1 servers"]

    bob.say("MODE bob -i")
    assert lusers(ana)[0] == ["251", ":There are 2 users and 0 invisible on 1 servers"]


def test_those_who_are_invisible_by_default_count_as_such_in_their_own_welcome():
    visitor = Table(Settings(users=UserSettings(default_modes="i"))).visit()
    visitor.say("NICK ana", "USER ana 0 * :Ana")

    assert ":chatapp 251 ana :There are 0 users and 1 invisible on 1 servers" in visitor.hears()


def test_operators_and_channels_are_counted():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    bob.session.user.set_mode("o", True)
    table.room("#tea", ana)
    assert lusers(ana)[1] == ["252", "1 :operator(s) online"]
    assert lusers(ana)[3] == ["254", "1 :channels formed"]

    bob.say("QUIT")

    assert lusers(ana)[1] == ["252", "0 :operator(s) online"]


# The small ones


def test_version_names_the_program_and_the_server():
    ana = Table(named(description="our house")).sit("ana")

    assert ana.asks("VERSION") == [f":chatapp 351 ana {VERSION} chatapp :our house"]


def test_version_is_whole_where_the_server_has_no_description():
    ana = Table(named(description="")).sit("ana")

    assert ana.asks("VERSION") == [f":chatapp 351 ana {VERSION} chatapp :chatapp"]


def test_time_has_server_and_text():
    table = Table()
    ana = table.sit("ana")
    table.later(61)

    assert ana.asks("TIME") == [":chatapp 391 ana chatapp :2026-01-01 00:01:01 UTC"]


def test_info_has_two_parameters_in_every_line_also_for_operators():
    ana = Table().sit("ana")
    ana.session.user.set_mode("o", True)

    *told, end = ana.asks("INFO")

    assert told
    assert all(line.startswith(":chatapp 371 ana :") for line in told)
    assert end == ":chatapp 374 ana :End of INFO list"


def test_links_shows_nothing_but_its_end():
    ana = Table().sit("ana")

    assert ana.asks("LINKS") == [":chatapp 365 ana * :End of LINKS list"]
    assert ana.asks("LINKS * elsewhere") == [":chatapp 365 ana * :End of LINKS list"]


@pytest.mark.parametrize("verb", ["MOTD", "LUSERS", "VERSION", "TIME", "INFO", "LINKS", "HELP"])
def test_nothing_is_told_before_registration(verb):
    assert Table().visit().asks(verb) == [":chatapp 451 * :You have not registered"]


def test_a_labelled_lusers_is_one_batch():
    ana = Table().sit("ana", "labeled-response batch")

    first, *told, last = ana.asks("@label=x LUSERS")

    batch = first.split("+")[1].split(" ")[0]
    assert first == f"@label=x :chatapp BATCH +{batch} labeled-response"
    assert [line.split(" ")[0] for line in told] == [f"@batch={batch}"] * 7
    assert last == f":chatapp BATCH -{batch}"


def test_a_labelled_reply_of_one_line_carries_the_label_itself():
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=x LINKS") == ["@label=x :chatapp 365 ana * :End of LINKS list"]


def test_admin_tells_whom_to_ask():
    table = Table(Settings(server=ServerSettings(description="Room 12", contact="ana@example.org")))

    assert table.sit("bob").asks("ADMIN") == [
        ":chatapp 256 bob chatapp :Administrative info",
        ":chatapp 257 bob :Room 12",
        ":chatapp 258 bob :Part of chatapp",
        ":chatapp 259 bob :ana@example.org",
    ]


def test_stats_tells_for_how_long_the_server_has_been_up():
    table = Table()
    bob = table.sit("bob")
    table.later(2 * 86_400 + 3 * 3600 + 4 * 60 + 5)

    assert bob.asks("STATS u") == [
        ":chatapp 242 bob :Server up 2 days 3:04:05",
        ":chatapp 219 bob u :End of STATS report",
    ]
    assert bob.asks("STATS", "STATS z") == [
        ":chatapp 219 bob * :End of STATS report",
        ":chatapp 219 bob z :End of STATS report",
    ]
