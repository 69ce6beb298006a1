"""Ways in that were tried: to become somebody else, to go past a ban, to do what nobody learns of."""

from __future__ import annotations

import base64

import pytest
from commands.account_scenes import decoded, have, inside, plain, sit_logged_in, table_with
from commands.scenes import three
from dialogue import Table
from instant_proofs import verifier_of

from chatapp.commands.login import drop_account
from chatapp.commands.passwords import write_verifier
from chatapp.core.settings import OperatorSettings, Settings
from chatapp.irc.scram import ScramClient


def proven(table, name):
    """Someone inside who has proven by SCRAM that they know the password of ``name``, and not gone on."""
    who = table.sit("mallory")
    client = ScramClient(name, "secret", "nonce")
    who.asks("AUTHENTICATE SCRAM-SHA-256")
    challenge = b""
    for _ in range(2):
        response = base64.b64encode(client.answer(challenge)).decode()
        challenge = decoded(who.asks(f"AUTHENTICATE {response}")[0]).encode()
    return who


# A login that was begun before


def test_a_proof_is_good_for_that_account_alone_not_for_who_has_its_name_next():
    table = table_with()
    account = have(table, "Ana")
    who = proven(table, "Ana")
    drop_account(table.world, account)
    have(table, "Ana", "another")

    assert " 904 " in who.asks("AUTHENTICATE +")[0]
    assert who.session.user.account == ""


def test_a_proof_is_good_for_nothing_once_the_password_is_another():
    table = table_with()
    have(table, "Ana")
    who = proven(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    ana.say("NS PASSWD secret better")

    assert " 904 " in who.asks("AUTHENTICATE +")[0]
    assert who.session.user.account == ""


def meanwhile(table, act):
    """Have ``act`` called while the next new verifier is worked on."""
    create = table.proofs.create

    async def create_slowly(password):
        act()
        return await create(password)

    table.proofs.create = create_slowly


def test_a_new_password_for_an_account_that_went_meanwhile_is_not_for_the_next_of_its_name():
    table = table_with()
    account = have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))

    def next_one():
        drop_account(table.world, account)
        have(table, "Ana", "another")

    meanwhile(table, next_one)

    assert ana.asks("NS PASSWD secret better")[-1].endswith(":The account Ana is no more")
    assert table.store.held_accounts["ana"].owner == table.world.accounts.find("Ana").owner


def while_worked_on(table, act):
    """Have ``act`` called while the next password is worked on."""
    derive = table.proofs.derive

    async def derive_slowly(*about):
        table.proofs.derive = derive
        derived = await derive(*about)
        act()
        return derived

    table.proofs.derive = derive_slowly


@pytest.mark.parametrize(("given", "answer"), [("secret", " 904 "), ("better", " 903 ")])
def test_what_counts_is_the_password_at_the_end(given, answer):
    table = table_with()
    account = have(table, "Ana")
    while_worked_on(table, lambda: setattr(account, "verifier", verifier_of("better")))
    who = table.visit()

    assert answer in who.asks(*plain("Ana", given))[-1]


def test_who_changes_the_password_does_not_take_back_what_an_operator_has_made_it_meanwhile():
    table = table_with()
    account = have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    changed = verifier_of("the operator's")
    meanwhile(table, lambda: setattr(account, "verifier", changed))

    assert ana.asks("NS PASSWD secret better")[-1].endswith(":The password is another by now")
    assert account.verifier is changed


def test_nobody_becomes_an_operator_whom_the_settings_do_not_know_any_more():
    password = write_verifier(verifier_of("sesame"))
    table = Table(Settings(operators=(OperatorSettings("root", password),)))
    mallory = table.sit("mallory")
    while_worked_on(table, lambda: setattr(table.world, "settings", Settings()))

    assert " 464 " in mallory.asks("OPER root sesame")[-1]
    assert not mallory.session.user.is_operator


def test_a_cost_that_was_renewed_takes_no_new_password_back():
    table = table_with()
    account = have(table, "Ana")
    account.verifier = verifier_of("secret", iterations=5000)
    changed = verifier_of("better")
    meanwhile(table, lambda: setattr(account, "verifier", changed))
    inside(sit_logged_in(table, "Ana"))

    assert account.verifier is changed


def test_nobody_becomes_an_account_that_went_while_its_cost_was_renewed():
    table = table_with()
    account = have(table, "Ana")
    account.verifier = verifier_of("secret", iterations=5000)
    meanwhile(table, lambda: drop_account(table.world, account))
    who = table.visit()

    assert " 904 " in who.asks(*plain("Ana"))[-1]


def test_an_account_is_given_up_once():
    table = table_with()
    account = have(table, "Ana")
    account.verifier = verifier_of("secret", iterations=5000)
    ana = inside(sit_logged_in(table, "Ana"))
    account.verifier = verifier_of("secret", iterations=5000)

    def next_one():
        drop_account(table.world, account)
        have(table, "Ana", "another")

    meanwhile(table, next_one)
    ana.say("NS DROP secret")

    assert table.world.accounts.find("Ana") is not None


def test_who_makes_many_accounts_at_once_makes_no_more_of_them():
    table = table_with(registration_throttle=1)
    ana, eve = (table.sit(nick, address="192.0.2.1") for nick in ("ana", "eve"))
    ana.session.is_secure = eve.session.is_secure = True
    meanwhile(table, lambda: eve.say("REGISTER * * secret"))

    assert "REGISTER SUCCESS ana" in ana.asks("REGISTER * * secret")[0]
    assert any("TEMPORARILY_UNAVAILABLE eve" in line for line in eve.hears())


# Operators


def test_who_comes_back_to_what_stayed_is_no_operator():
    table = table_with(always_on="mandatory")
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    ana.session.user.set_mode("o", True)
    ana.leaves()

    again = inside(sit_logged_in(table, "Ana"))

    assert not again.session.user.is_operator


def test_an_operator_who_takes_a_room_is_noted():
    table = Table()
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    table.room("#tea", ana)
    ana.say("CS REGISTER #tea")
    eve = table.sit("eve")
    eve.session.user.set_mode("o", True)

    for doing in ("OP #tea ana", "SET #tea FOUNDER ana", "DROP #tea"):
        eve.say(f"CS {doing}")

    noted = " ".join(eve.asks("AUDIT"))
    for doing in ("CHANSERV #tea SET FOUNDER Ana", "CHANSERV #tea DROP"):
        assert doing in noted


def test_the_log_of_what_operators_did_does_not_tell_keys():
    table, _, _, eve = three()
    eve.session.user.set_mode("o", True)

    eve.say("MODE #tea +k sesame")

    assert "MODE #tea +k *" in " ".join(eve.asks("AUDIT"))
    assert "sesame" not in " ".join(table.reports)


def test_an_operator_who_renames_a_room_from_outside_is_noted():
    _, _, _, eve = three()
    eve.session.user.set_mode("o", True)

    eve.say("RENAME #tea #coffee")

    assert "RENAME #tea #coffee" in " ".join(eve.asks("AUDIT"))


def test_a_ban_for_longer_than_there_are_years_is_refused_whole():
    table = Table()
    ana = table.sit("ana")
    ana.session.user.set_mode("o", True)

    assert ana.asks("KLINE 999999999w *!*@192.0.2.1 :x")[0].startswith(":chatapp FAIL KLINE INVALID_DURATION")
    assert len(table.world.bans) == 0


# Past a ban


def test_who_has_no_standing_lets_nobody_in_past_a_ban():
    _, ana, bob, eve = three()
    ana.say("MODE #tea +b eve")

    bob.say("INVITE eve #tea")

    assert " 474 " in eve.asks("JOIN #tea")[0]


def test_a_nick_that_is_banned_is_not_taken_later():
    table = Table()
    ana = table.sit("ana")
    ana.session.user.set_mode("o", True)
    ana.say("KLINE troll!*@*")
    eve = table.sit("eve")

    eve.say("NICK troll")

    assert eve.session.user.nick == "eve"


# Who has the name of somebody before them


def test_the_next_one_of_that_name_does_not_take_back_what_the_last_one_said():
    table = table_with()
    first = have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana", caps="message-tags echo-message"))
    bob = table.sit("bob")
    table.room("#tea", bob, ana)
    msgid = ana.asks("PRIVMSG #tea :mine")[0].partition("msgid=")[2].partition(" ")[0].partition(";")[0]
    drop_account(table.world, first)
    ana.leaves()
    table.later(60)
    have(table, "Ana")
    second = inside(sit_logged_in(table, "Ana"))
    table.room("#tea", second)

    assert "REDACT_FORBIDDEN" in second.asks(f"REDACT #tea {msgid}")[0]


def test_the_next_one_of_that_name_is_not_let_in_where_the_last_one_was():
    table = table_with()
    first = have(table, "Ana")
    bob = table.sit("bob")
    table.room("#tea", bob)
    bob.say("MODE #tea +iI a:ana")
    drop_account(table.world, first)
    have(table, "Ana")
    second = inside(sit_logged_in(table, "Ana"))

    assert " 473 " in second.asks("JOIN #tea")[0]


def test_metadata_does_not_grow_by_coming_in_again():
    table = table_with()
    have(table, "Ana")
    most = table.world.settings.metadata.max_keys
    for turn in range(2):
        ana = table.visit()
        ana.say("CAP REQ :sasl draft/metadata-3", *plain("Ana"), "NICK Ana", "USER u 0 * :real")
        ana.say(*(f"METADATA * SET k{turn}-{n} :x" for n in range(most)), "CAP END")

    assert len(table.world.metadata.of(inside(ana).session.user.owner)) == most


def test_metadata_does_not_grow_by_logging_out_and_in():
    table = table_with()
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    most = table.world.settings.metadata.max_keys
    for turn in range(3):
        ana.say(
            "NS LOGOUT", *(f"METADATA * SET k{turn}-{n} :x" for n in range(most)), "NS IDENTIFY Ana secret"
        )

    assert len(table.world.metadata.of(ana.session.user.owner)) <= most
