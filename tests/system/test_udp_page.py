"""docs/udp.md is true: its programs chat, its datagrams are read, its figures are those of the code."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest
from listeners.datagrams import udp_house
from listeners.house import run

from chatapp.irc import datagram, exchange
from chatapp.irc.datagram import parse_datagram
from chatapp.listeners.bare import ANSWER_BYTES

PAGE = (Path(__file__).parents[2] / "docs" / "udp.md").read_text("utf-8")
EXERCISE, CLIENT = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WORDS = " ".join(PAGE.split())


def test_the_exercise_chats():
    async def story():
        async with udp_house() as (house, address):
            bob = await house.enter("bob", "#lobby")
            text = EXERCISE.replace("localhost", address[0]).replace("5002", str(address[1]))
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", text, stdout=-1)
            said, _none = await child.communicate()
            assert "Welcome, Ana!" in said.decode()
            assert said.decode().splitlines()[-2].endswith("<Ana> olá")
            assert (await bob.until("PRIVMSG"))[-1].endswith("PRIVMSG #lobby :olá")

    run(story, asyncio.SelectorEventLoop)


@pytest.mark.skipif(sys.platform == "win32", reason="select reads no keyboard there")
@pytest.mark.slow
def test_the_client_in_sixty_lines_chats():
    assert len([row for row in CLIENT.splitlines() if row.strip()]) <= 60

    async def story():
        async with udp_house() as (house, address):
            bob = await house.enter("bob", "#lobby")
            where = [address[0], str(address[1])]
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-c", CLIENT, *where, stdin=-1, stdout=-1
            )
            try:
                await chat(child, bob)
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.communicate()

    run(story, asyncio.SelectorEventLoop)


async def chat(child, bob):
    for line in ("NICK ana", "USER ana 0 * :Ana", "JOIN #lobby", "PRIVMSG #lobby :olá"):
        child.stdin.write(f"{line}\n".encode())
    assert (await bob.until("PRIVMSG"))[-1].endswith("PRIVMSG #lobby :olá")
    await bob.say("PRIVMSG #lobby :hello", "PING x")
    while b"hello" not in await child.stdout.readline():
        pass
    child.stdin.close()
    assert (await bob.until("QUIT"))[-1].startswith(":ana!")
    await child.stdout.read()
    assert await child.wait() == 0


def test_the_example_is_of_the_format():
    shown = re.findall(r"^[<>] (chat/1 .*?)(?:  .*)?$", PAGE, re.MULTILINE)
    assert len(shown) == 10
    for text in shown:
        full = text.replace("1c7f", "1c7f" * 4).replace("90ab", "90ab" * 8).replace("----", "-" * 32)
        size = int(full.rsplit(" ", 1)[1]) if " DATA " in full else 0
        assert parse_datagram(full.encode() + b"\n" + b"x" * size) is not None, text


def test_pieces_of_the_example_have_their_size():
    for size, text in re.findall(
        r"^> chat/1 DATA \w+ \w+ \d+ \d+ (\d+).*\n((?:> (?!chat/1).*\n)+)", PAGE, re.MULTILINE
    ):
        lines = [row[2:] for row in text.splitlines()]
        assert len("".join(f"{line}\r\n" for line in lines)) == int(size), text


@pytest.mark.parametrize(
    "words",
    [
        f"A datagram is at most {datagram.DATAGRAM_BYTES:,} bytes",
        f"(1 to {datagram.PIECE_BYTES:,})",
        f"at most {datagram.MOST_ALSO} numbers",
        f"At most {exchange.WINDOW} pieces may be without acknowledgement",
        f"sent nothing for {exchange.KEEP_ALIVE:.0f} seconds",
        f"heard nothing for {exchange.GIVE_UP:.0f} seconds",
        f"An answer is at most {ANSWER_BYTES:,} bytes",
        f"`id`: {datagram.ID_DIGITS} hexadecimal digits",
        f"`token`: {datagram.TOKEN_DIGITS} such digits",
    ],
)
def test_the_page_says_what_the_code_does(words):
    assert words in WORDS
