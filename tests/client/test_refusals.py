"""What the server refuses is told in the person's language; what we do not know, in the server's words."""

from __future__ import annotations

import pytest
from catalogues import speaking
from client.fake_server import Talk

from chatapp.client.incoming.refusals import words_of
from chatapp.irc import numerics
from chatapp.irc.line import Line, parse_line
from chatapp.irc.refusals import DISK_WAITS, REFUSALS


@pytest.fixture
def portuguese(tmp_path):
    with speaking("pt_BR", tmp_path):
        yield


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (":s 403 Ana #x :No such channel", "A sala #x não existe"),
        (":s 433 Ana Eva :The nick is in use", "O nome Eva já está em uso"),
        (":s 442 Ana #lobby :You are not in that channel", "Você não está em #lobby"),
        (
            ":s 404 Ana #lobby :Cannot send to channel (+b): you are muted",
            "Você está sem voz em #lobby: pode ler, mas não falar",
        ),
        (
            ":s 404 Ana #lobby :The server's disk is full: nothing can be said for now",
            "O disco do servidor está cheio: por enquanto não dá para dizer nada",
        ),
        (
            ":s 464 Ana :This is not the owner's code, or it has been used",
            "Este não é o código do dono, ou ele já foi usado",
        ),
        (":s 464 Ana :Password incorrect", "A senha está errada ou falta"),
        (":s 474 Ana #x :Cannot join channel (+b): you are banned", "Você foi banido de #x"),
        (
            ":s 481 Ana :Only an operator of the server may do this",
            "Só quem opera este servidor pode fazer isso",
        ),
        (":s FAIL MULTI NEED_MORE_PARAMS :Missing", "Falta algo depois de MULTI"),
        (
            ":s FAIL REGISTER ALREADY_AUTHENTICATED Ana :You are logged in as Ana already",
            "Você já entrou em uma conta",
        ),
        (":s FAIL REGISTER X * :This name is registered already", "Este nome já está registrado"),
        (":s 714 Ana #x :You are in that channel already", "Você já está em #x"),
        (":s 307 Ana Eva :is the holder of this nick", "O nome Eva está registrado e é de quem o usa"),
    ],
)
def test_refusals_are_told_in_portuguese(portuguese, line, told):
    talk = Talk().connect()

    talk.hears(line)

    assert talk.notes("#lobby")[-1] == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (":s 404 Ana #lobby :No colours here (+c)", "No colours here (+c)"),
        (":s 477 Ana #lobby :Log in first", "Log in first"),
        (":s 441 Ana :They are not here", "They are not here"),
        (":s FAIL X NEW_CODE :Something else", "Something else"),
        (":s 482 Ana {0}{x} :No", "Only the operators of {0}{x} may do that"),
    ],
)
def test_what_is_not_known_for_sure_stays_as_the_server_says_it(line, told):
    talk = Talk().connect()

    talk.hears(line)

    assert talk.notes("#lobby")[-1] == told


def test_an_error_without_words_is_its_number():
    assert [words_of(Line(code, [])) for code in ("499", "400", "432")] == ["499", "400", "432"]


def test_our_own_server_is_understood():
    """Every numeric of the table that our server sends has the words with which the table takes it."""
    ours = {n.code: n.text for n in vars(numerics).values() if isinstance(n, numerics.Numeric)}
    known = REFUSALS.keys() & ours.keys()
    told = {code: words_of(parse_line(f":s {code} Ana a b c :{ours[code]}")) for code in known}
    assert len(known) > 20
    assert {code for code in known if told[code] == ours[code] != REFUSALS[code]} == set()


def test_why_the_connection_ends_is_told_in_portuguese(portuguese):
    talk = Talk().connect()

    talk.hears("ERROR :Closing link: the server is going down")

    assert talk.notes()[-1] == "o servidor está sendo desligado"


def test_what_the_server_tells_everybody_is_told_in_portuguese(portuguese):
    talk = Talk().connect()

    talk.hears(
        f":s NOTICE Ana :{DISK_WAITS}", ":Bob!u@h PRIVMSG #lobby :" + DISK_WAITS, ":s NOTICE Ana :Hello"
    )

    told = "O disco do servidor não grava o que se diz. Tudo espera, e nada se perde"
    assert [entry.text for entry in talk.model.server.entries][-2:] == [told, "Hello"]
    assert [entry.text for entry in talk.model.buffer_named("#lobby").entries][-1] == DISK_WAITS


def test_a_server_with_a_password_is_told_once_and_what_to_do():
    talk = Talk()
    for _attempt in range(3):
        talk.session.connecting()
        talk.session.connected()
        wrong = "The password is wrong or missing"
        talk.hears(f":s 464 * :{wrong}", f"ERROR :Closing link: {wrong}")
        talk.session.disconnected("the server has ended it", 1.0)

    assert [*talk.notes(), *talk.notes("#lobby")] == [
        "This server wants a password, or another one: start with --password PASSWORD",
        "The server does not let us in: The password is wrong or missing",
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Closing link: You are banned from this server: spam", "Você foi banido deste servidor: spam"),
        ("Closing link: You are banned from this server", "Você foi banido deste servidor"),
        ("Closing link: Killed by Eva: chega", "Eva, que cuida do servidor, encerrou a conexão: chega"),
        ("Closing link: Killed by Eva", "Eva, que cuida do servidor, encerrou a conexão"),
        ("Closing link: Ping timeout: 60 seconds", "nada foi ouvido daqui por 60 segundos"),
        ("Closing Link: (Excess flood: 12 lines)", "Closing Link: (Excess flood: 12 lines)"),
    ],
)
def test_why_one_is_sent_away_is_told_once_and_in_portuguese(portuguese, said, told):
    talk = Talk().connect()
    talk.hears(":s 465 Ana :You are banned from this server", f"ERROR :{said}")
    talk.cut()

    (lost,) = [note for note in talk.notes("#lobby") if "banido" in note or told in note]
    assert lost.startswith(f"A conexão caiu ({told}).")
