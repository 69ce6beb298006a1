"""Whatever comes in by the plain face, nothing breaks and nothing but visible text goes out."""

from __future__ import annotations

import asyncio
import random
import re

import pytest
from listeners.house import on_every_loop, run
from listeners.plain_house import plain_house

pytestmark = on_every_loop

PIECES = [
    *(
        b"/join ",
        b"#a",
        b"/part",
        b"/msg ",
        b"Ana ",
        b"/me ",
        b"/nick ",
        b"/history 3",
        b"/topic ",
        b"/names",
    ),
    *(
        b"\r",
        b"\n",
        b"\r\n",
        b"\n",
        b"\n",
        b" ",
        b"//",
        b"/",
        b"\t",
        b"\x08",
        b"\x7f",
        b"\0",
        b"\x01",
        b"\x1b[2J",
    ),
    *(
        b"\xff",
        b"\xff\xfa",
        b"\xff\xf0",
        b"\xff\xfd\x03",
        b"\xc3",
        b"\xa9",
        "olá 🎉".encode(),
        b"x" * 600,
        b"ACTION",
    ),
    *(b"CAP LS", b"NICK x", b"GET / HTTP/1.1", b"@a=b", b":x", b",", b"*", b"{0}", b"%s"),
]


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_typed_nothing_breaks(loop_factory, seed, caplog):
    async def story():
        async with plain_house(pause_ms=1) as house:
            dice = random.Random(seed)
            peers = [await house.call() for _ in range(5)]
            for peer in peers:
                await peer.send(f"peer{len(house.world.users)}\n".encode())
            for _ in range(100):
                peer = dice.choice(peers)
                await peer.send(b"".join(dice.choices(PIECES, k=dice.randrange(1, 6))))
                if not dice.randrange(5):
                    await asyncio.sleep(0)
            for peer in peers:
                peer.writer.write_eof()
            for peer in peers:
                assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f]", telnet_taken_out(await rest_of(peer)))

    run(story, loop_factory)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def rest_of(peer):
    heard = await asyncio.wait_for(peer.reader.read(), 40)
    peer.writer.close()
    return heard


def telnet_taken_out(heard):
    """``heard`` as text, without the three bytes of each refusal."""
    return re.sub(rb"\xff[\xfc\xfe].", b"", heard, flags=re.DOTALL).decode()
