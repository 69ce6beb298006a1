"""chat-server account: by hand while the server is stopped, and by an errand while it runs."""

from __future__ import annotations

import asyncio
import io
import sys
from functools import partial

import pytest
from catalogues import speaking
from commands.account_scenes import have, inside, sit_logged_in
from dialogue import Table, run
from instant_proofs import verifier_of

from chatapp import cli
from chatapp.core.ports import AccountState, Changes, Presence, ServerBan
from chatapp.server import accounts, errands, passwords
from chatapp.server.accounts import do
from chatapp.server.errands import Answer, Errand, Errands, NoAnswer, ask
from chatapp.store.open import open_store


@pytest.fixture
def account(tmp_path, monkeypatch, capsys):
    """Call the verb; its exit code, and what it said."""
    monkeypatch.setenv("CHATAPP_ACCOUNTS__PASSWORD_HASH_COST", "minimum")

    def call(*args, password=None):
        typed = io.StringIO("" if password is None else f"{password}\n")
        monkeypatch.setattr(sys, "stdin", typed)
        stdin = ["--password-stdin"] if password is not None else []
        try:
            code = cli.server(["account", *args, *stdin, "--data-dir", str(tmp_path / "data")])
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


@pytest.fixture
def portuguese(tmp_path, monkeypatch):
    """The operator's language."""
    monkeypatch.setattr(cli, "LOCALES", tmp_path / "catalogues")
    with speaking("pt_BR", tmp_path / "catalogues"):
        yield


def kept(path):
    async def look():
        store = await open_store(path, "normal")
        try:
            return await store.accounts()
        finally:
            await store.close()

    return asyncio.run(look())


def test_a_life_of_an_account(account, tmp_path):
    assert account("add", "Ana", password="secret") == (0, "The account Ana is made\n")
    code, listed = account("list")
    assert (code, listed.split("\t")[0]) == (0, "Ana")
    before = kept(tmp_path / "data")["ana"].verifier
    assert before == verifier_of("secret", before.salt)
    assert account("password", "ana", password="better") == (0, "Ana has a new password\n")
    after = kept(tmp_path / "data")["ana"].verifier
    assert after == verifier_of("better", after.salt)
    assert account("remove", "ana") == (0, "The account Ana is no more\n")
    assert account("list") == (0, "")


def test_with_a_password_from_the_operator_no_certificate_logs_in_any_more():
    table = Table()
    have(table, "Ana", certificates=("ab" * 32,))

    assert do(table.world, Errand("password", "ana", verifier_of("better"))).lines == ["Ana", "ab" * 32]
    table.tick()
    assert table.restarted().world.accounts.holder_of("ab" * 32) is None


def test_the_list_tells_what_there_is_of_each():
    table = Table()
    have(table, "Bob", email="bob@example.org")
    have(table, "Ana", certificates=("ab" * 32, "cd" * 32))

    ana, bob = do(table.world, Errand("list")).lines
    assert ana.split("\t")[2:] == ["", f"{'ab' * 32} {'cd' * 32}"]
    assert bob.split("\t")[2:] == ["bob@example.org"]


@pytest.mark.parametrize(
    ("args", "password", "code", "word"),
    [
        (("add", "a b"), "secret", 1, "cannot be the name"),
        (("add", "NickServ"), "secret", 1, "server's own"),
        (("add", "Ana"), "", 1, "at most 1024 bytes"),
        (("add", "Ana"), None, 1, "--password-stdin"),
        (("remove", "zo\x1be"), None, 1, "There is no such account"),
        (("password", "zoe"), "secret", 1, "zoe: There is no such account"),
        (("add",), "secret", 2, "usage"),
        (("list", "Ana"), None, 2, "usage"),
        (("dance", "Ana"), None, 2, "usage"),
    ],
)
def test_what_cannot_be_done_is_said(account, args, password, code, word):
    ended, said = account(*args, password=password)
    assert (ended, word in said, "\x1b" in said) == (code, True, False)


def test_no_name_twice(account):
    account("add", "Ana", password="secret")
    assert account("add", "ana", password="other") == (1, "ana: This name is registered already\n")


def test_a_password_is_asked_for_twice_on_a_terminal(account, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    typed = iter(["one", "two", "same", "same"])
    monkeypatch.setattr(passwords.getpass, "getpass", lambda prompt: next(typed))
    real = io.StringIO
    monkeypatch.setattr(io, "StringIO", Terminal)
    assert account("add", "Ana") == (1, "These were two passwords; nothing was changed\n")
    assert account("add", "Ana")[0] == 0
    monkeypatch.setattr(io, "StringIO", real)


@pytest.mark.parametrize("password", [b"\xff\xfe\n", "\udcff\n"])
def test_a_password_that_is_no_text_is_refused(account, monkeypatch, password):
    """Read as UTF-8 it is a fault at once; in the C locale it comes as half characters."""
    typed = io.TextIOWrapper(io.BytesIO(password), "utf-8") if isinstance(password, bytes) else None
    monkeypatch.setattr(io, "StringIO", lambda text, make=io.StringIO: typed or make(password))

    assert account("add", "Ana", password="x") == (1, "The password is not text in UTF-8\n")


def test_who_closes_the_input_has_typed_no_password(account, monkeypatch):
    def close(_prompt):
        raise EOFError

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(passwords.getpass, "getpass", close)
    monkeypatch.setattr(io, "StringIO", Terminal)
    assert account("add", "Ana") == (1, "There was no password\n")


def test_where_nothing_is_kept_there_is_nothing_to_do(capsys):
    assert cli.server(["account", "list", "--data-dir", ":memory:"]) == 1
    assert ":memory:" in capsys.readouterr().err


def test_mistaken_settings_are_told(tmp_path, capsys):
    path = tmp_path / "chat-server.toml"
    path.write_text("[accounts]\nalways_on = 'perhaps'\n")
    assert cli.server(["account", "list", "--config", str(path)]) == 2
    assert '"opt-in"' in capsys.readouterr().err


# While the server runs


def test_an_errand_is_done_in_the_running_server(tmp_path, account, monkeypatch):
    monkeypatch.setattr(errands, "INTERVAL", 0.01)

    async def story():
        store = await open_store(tmp_path / "data", "normal")
        table = Table()
        loop = asyncio.create_task(
            Errands(tmp_path / "data", lambda e: do(table.world, e), table.settled).run()
        )
        try:
            added = await asyncio.to_thread(account, "add", "Ana", password="secret")
            again = await asyncio.to_thread(account, "add", "Ana", password="secret")
            return added, again, inside(sit_logged_in(table, "Ana")).session.user.nick
        finally:
            loop.cancel()
            await store.close()

    added, again, nick = asyncio.run(story())
    assert added == (0, "The account Ana is made\n")
    assert again[0] == 1
    assert nick == "Ana"


def test_whoever_is_logged_in_is_a_guest_when_their_account_is_removed():
    table = Table()
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))

    assert do(table.world, Errand("remove", "ana")).is_done
    assert ana.session.user.account == ""
    assert do(table.world, Errand("dance")).is_done is False


def test_a_server_that_does_not_answer_is_told_of(account, tmp_path, monkeypatch):
    monkeypatch.setattr(errands, "INTERVAL", 0.01)
    monkeypatch.setattr(accounts, "ask", partial(ask, patience=0))

    async def story():
        store = await open_store(tmp_path / "data", "normal")
        try:
            return await asyncio.to_thread(account, "list")
        finally:
            await store.close()

    assert asyncio.run(story()) == (1, "The server that uses this data does not answer\n")


def test_that_a_server_has_begun_is_told(account, monkeypatch):
    def refuse(*_about):
        raise NoAnswer(is_taken=True)

    monkeypatch.setattr("chatapp.server.verbs.account.carry_out", refuse)
    code, told = account("remove", "ana")
    assert (code, told.startswith("The server has begun with that")) == (1, True)


def test_what_is_not_seen_in_an_address_does_nothing_to_the_terminal_either(account, monkeypatch):
    answer = Answer(True, ["Bob\t2026-11-20\tbob@example.org\x1b]0;mine\x07"])
    monkeypatch.setattr("chatapp.server.verbs.account.carry_out", lambda *_about: answer)

    assert account("list") == (0, "Bob\t2026-11-20\tbob@example.org␛]0;mine␇\n")


@pytest.mark.parametrize(
    ("args", "answer", "told"),
    [
        (("add", "Ana"), Answer(True, ["Ana"]), "A conta Ana está criada"),
        (
            ("add", "ana"),
            Answer(False, ["This name is registered already"]),
            "ana: Este nome já está registrado",
        ),
        (("remove", "zoe"), Answer(False, ["There is no such account"]), "zoe: Não existe essa conta"),
        (("add", "zoe"), Answer(False, ["What a newer server says"]), "zoe: What a newer server says"),
        (("password", "ana"), Answer(True, ["Ana"]), "Ana tem uma senha nova"),
        (
            ("password", "ana"),
            Answer(True, ["Ana", "ab" * 32]),
            "Ana tem uma senha nova\nNenhum certificado entra mais em Ana",
        ),
    ],
)
@pytest.mark.usefixtures("portuguese")
def test_an_answer_is_told_in_the_language_of_who_asked(account, monkeypatch, args, answer, told):
    """Whatever the language of the server is."""
    monkeypatch.setattr("chatapp.server.verbs.account.carry_out", lambda *_about: answer)

    assert account(*args, password=None if args[0] == "remove" else "secret")[1] == f"{told}\n"


@pytest.mark.usefixtures("portuguese")
def test_a_password_that_cannot_be_one_is_refused_in_the_language_of_who_asked(account):
    told = "Uma senha tem no máximo 1024 bytes, e não é feita só de espaços\n"
    assert account("add", "Ana", password=" ") == (1, told)


def test_a_new_password_that_is_missing_does_not_remove_the_account():
    table = Table()
    have(table, "Ana")

    assert not do(table.world, Errand("password", "ana")).is_done
    assert table.world.accounts.find("ana")


def test_who_stays_is_where_they_were_after_a_new_password(account, tmp_path):
    async def stay():
        store = await open_store(tmp_path / "data", "normal")
        presence = Presence("ana", "here", "Ana", "", (("#tea", "o"),))
        state = AccountState("Ana", 1, verifier_of("secret"), "~1", always_on=True, presence=presence)
        await store.history.keep(Changes(accounts={"ana": state}))
        await store.close()

    asyncio.run(stay())

    assert account("password", "Ana", password="better")[0] == 0
    assert kept(tmp_path / "data")["ana"].presence.rooms == (("#tea", "o"),)


def test_what_keeps_a_name_away_does_so_while_the_server_is_stopped_too(account, tmp_path):
    bans = {
        "a:zoe": ServerBan("a:Zoe", "ana", "", 1),
        "a:bob": ServerBan("a:Bob", "ana", "", 1, expires=2),
    }

    async def keep():
        store = await open_store(tmp_path / "data", "normal")
        await store.history.keep(Changes(bans=bans))
        await store.close()

    asyncio.run(keep())

    told = "zoe: This account is banned from this server\n"
    assert account("add", "zoe", password="secret") == (1, told)
    assert account("add", "Bob", password="secret")[0] == 0


def test_what_is_done_by_hand_is_in_the_log_of_what_operators_did():
    table = Table()
    for errand in (
        Errand("add", "Ana", verifier_of("secret")),
        Errand("password", "Ana", verifier_of("better")),
        Errand("remove", "Ana"),
        Errand("remove", "nobody"),
    ):
        do(table.world, errand)
    table.tick()

    noted = run(table.store.audited(10))
    assert [(each.operator, each.action, each.target) for each in noted] == [
        ("chat-server", "ACCOUNT ADD", "Ana"),
        ("chat-server", "ACCOUNT PASSWORD", "Ana"),
        ("chat-server", "ACCOUNT REMOVE", "Ana"),
    ]
