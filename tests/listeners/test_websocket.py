"""Browsers: the handshake, who is let through, frames of every kind, and what must never pass."""

from __future__ import annotations

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listeners.house import PATIENCE, on_every_loop, open_house, run, settle
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side
from websockets.uri import parse_uri

from chatapp.listeners.proxy import Proxies
from chatapp.listeners.upgrade import answer_to, is_welcome
from chatapp.listeners.websocket import binary_frame, text_frame

TEXT, BINARY = "text.ircv3.net", "binary.ircv3.net"


class Page:
    """A page in a browser, with the library's own client as its WebSocket."""

    def __init__(self, peer, number, subprotocols, origin, headers):
        self.peer = peer
        uri = parse_uri(f"ws://127.0.0.1:{number}/")
        self.socket = ClientProtocol(uri, subprotocols=subprotocols, origin=origin, max_size=2**20)
        self.request = self.socket.connect()
        self.request.headers.update(headers)
        self.frames = []

    async def flush(self):
        await self.peer.send(b"".join(self.socket.data_to_send()))

    async def read(self):
        async with asyncio.timeout(PATIENCE):
            data = await self.peer.reader.read(65536)
        if data:
            self.socket.receive_data(data)
        else:
            self.socket.receive_eof()
        self.frames += [event for event in self.socket.events_received() if isinstance(event, Frame)]
        return bool(data)

    async def open(self):
        self.socket.send_request(self.request)
        await self.flush()
        while self.socket.state.name == "CONNECTING" and await self.read():
            pass
        if self.socket.handshake_exc:
            raise self.socket.handshake_exc
        return self

    async def say(self, *lines):
        for line in lines:
            if self.socket.subprotocol == BINARY:
                self.socket.send_binary(line.encode())
            else:
                self.socket.send_text(line.encode())
        await self.flush()

    async def frame(self, *opcodes):
        """The next frame of those kinds."""
        while True:
            while self.frames:
                frame = self.frames.pop(0)
                if frame.opcode in opcodes:
                    return frame
            assert await self.read(), "the server has hung up"

    async def until(self, end):
        lines = []
        while not lines or end not in lines[-1]:
            frame = await self.frame(Opcode.TEXT, Opcode.BINARY)
            lines.append(bytes(frame.data).decode())
        return lines


async def visit(house, *subprotocols, origin=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return await Page(await house.call(), house.number, subprotocols or None, origin, headers).open()


async def enter(house, nick, *subprotocols):
    page = await visit(house, *(subprotocols or (TEXT,)))
    await page.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    await page.until(" 422 ")
    return page


def play(loop_factory, scene, origins=(), **about):
    async def story():
        async with open_house(**about) as house:
            await scene(house)

    run(story, loop_factory)


@on_every_loop
@pytest.mark.parametrize("kind", [TEXT, BINARY])
def test_a_page_talks_with_those_who_come_by_tcp(loop_factory, kind):
    async def scene(house):
        page = await enter(house, "ana", kind)
        bruno = await house.enter("bruno", "#tea")
        await page.say("JOIN #tea")
        await page.until(" 366 ")
        await bruno.until("JOIN")
        await page.say("PRIVMSG #tea :olá")
        assert (await bruno.line()).endswith("PRIVMSG #tea :olá")
        await bruno.say("PRIVMSG #tea :oi 👋")
        frame = await page.frame(Opcode.TEXT, Opcode.BINARY)
        assert frame.opcode is (Opcode.BINARY if kind == BINARY else Opcode.TEXT)
        assert bytes(frame.data).decode().endswith("PRIVMSG #tea :oi 👋")
        assert not frame.data.endswith(b"\n")

    play(loop_factory, scene)


@on_every_loop
@pytest.mark.parametrize(
    ("offered", "chosen"),
    [((TEXT, BINARY), TEXT), ((BINARY, TEXT), BINARY), (("x", BINARY), BINARY), (("x",), None), ((), None)],
)
def test_the_first_subprotocol_that_we_speak_is_taken(loop_factory, offered, chosen):
    async def scene(house):
        page = await visit(house, *offered)
        assert page.socket.subprotocol == chosen
        await page.say("PING x")
        assert "PONG" in (await page.until("PONG"))[-1]

    play(loop_factory, scene)


@on_every_loop
def test_bytes_that_are_no_text_are_refused_and_the_page_stays(loop_factory):
    async def scene(house):
        page = await enter(house, "ana")
        for opcode in ("send_binary", "send_text"):
            getattr(page.socket, opcode)(b"PRIVMSG ana :\xff\xfe")
            await page.flush()
            assert "FAIL PRIVMSG INVALID_UTF8" in (await page.until("INVALID_UTF8"))[-1]
        await page.say("PING still-here")
        await page.until("still-here")

    play(loop_factory, scene)


@on_every_loop
def test_a_line_that_is_too_long_gets_417_as_everywhere(loop_factory):
    async def scene(house):
        page = await enter(house, "ana")
        await page.say("PRIVMSG ana :" + "x" * 600)
        await page.until(" 417 ")

    play(loop_factory, scene)


@on_every_loop
def test_a_message_in_pieces_is_one_line(loop_factory):
    async def scene(house):
        page = await enter(house, "ana")
        page.socket.send_text(b"PI", fin=False)
        page.socket.send_ping(b"in between")
        page.socket.send_continuation(b"NG ", fin=False)
        page.socket.send_continuation(b"pieces", fin=True)
        await page.flush()
        assert bytes((await page.frame(Opcode.PONG)).data) == b"in between"
        await page.until("pieces")

    play(loop_factory, scene)


@on_every_loop
@pytest.mark.parametrize("harm", ["big", "pieces", "unmasked", "compressed", "half"])
def test_what_would_cost_us_more_than_its_sender_ends_the_connection(loop_factory, harm):
    async def scene(house):
        page = await enter(house, "ana")
        if harm == "big":
            page.socket.send_text(b"x" * 16385)
        elif harm == "pieces":
            page.socket.send_text(b"", fin=False)
            for _piece in range(100):
                page.socket.send_continuation(b"", fin=False)
        raw = {"unmasked": b"\x81\x02hi", "compressed": b"\xc1\x82abcdhi", "half": b"\x80\x82abcdhi"}
        await page.peer.send(raw.get(harm) or b"".join(page.socket.data_to_send()))
        while await page.read():
            pass
        assert "ana" not in house.world.users

    play(loop_factory, scene)


@on_every_loop
def test_both_sides_take_leave(loop_factory):
    async def scene(house):
        ana, bruno = await enter(house, "ana"), await enter(house, "bruno")
        ana.socket.send_close(1001)
        await ana.flush()
        assert (await ana.frame(Opcode.CLOSE)).data[:2] == (1001).to_bytes(2, "big")
        assert not await ana.read()
        await bruno.say("QUIT :até logo")
        assert "ERROR" in (await bruno.until("ERROR"))[-1]
        assert (await bruno.frame(Opcode.CLOSE)).data[:2] == (1000).to_bytes(2, "big")
        assert not await bruno.read()
        assert not house.world.users

    play(loop_factory, scene)


@on_every_loop
def test_what_was_said_before_the_close_is_heard(loop_factory):
    async def scene(house):
        bruno = await house.enter("bruno", "#tea")
        page = await enter(house, "ana")
        page.socket.send_text(b"JOIN #tea")
        page.socket.send_text(b"PRIVMSG #tea :last words")
        page.socket.send_close(1000)
        await page.flush()
        heard = await bruno.until("QUIT")
        assert any("last words" in line for line in heard)

    play(loop_factory, scene)


@on_every_loop
def test_frames_may_come_with_the_request_and_byte_by_byte(loop_factory):
    async def scene(house):
        page = Page(await house.call(), house.number, [TEXT], None, {})
        page.socket.send_request(page.request)
        request = b"".join(page.socket.data_to_send())
        frame = Protocol(Side.CLIENT)
        frame.send_text(b"PING glued")
        for byte in request + b"".join(frame.data_to_send()):
            await page.peer.send(bytes((byte,)))
        await page.until("glued")

    play(loop_factory, scene)


@on_every_loop
def test_a_page_from_elsewhere_may_not_connect(loop_factory):
    async def scene(house):
        for origin in ("http://evil.example", "null", f"http://127.0.0.1.evil.example:{house.number}"):
            with pytest.raises(InvalidStatus) as refused:
                await visit(house, TEXT, origin=origin)
            assert refused.value.response.status_code == 403
        await visit(house, TEXT, origin=f"http://127.0.0.1:{house.number}")

    play(loop_factory, scene)


@pytest.mark.parametrize(
    ("origin", "host", "origins", "is_let_in"),
    [
        ("http://localhost:8000", "localhost:8000", (), True),
        ("http://[::1]:8000", "[::1]:8000", (), True),
        ("http://192.168.0.7:8000", "192.168.0.7:8000", (), True),
        ("http://localhost:8000", "localhost:9000", (), False),
        ("http://evil.example:8000", "evil.example:8000", (), False),
        ("https://chat.example", "other.example", ("https://chat.example",), True),
        ("https://CHAT.example", "other.example", ("https://chat.example/",), True),
        ("http://chat.example", "other.example", ("https://chat.example",), False),
        ("null", "localhost", (), False),
        ("null", "localhost", ("*",), True),
        ("http://[", "[", (), False),
        ("", "", (), False),
    ],
)
def test_whose_pages_are_welcome(origin, host, origins, is_let_in):
    assert is_welcome(origin, host, origins) is is_let_in


def test_a_name_that_was_pointed_at_us_is_not_our_own():
    """DNS rebinding: the page and the host agree, and yet the page is somebody else's."""
    head = b"".join(
        (
            b"GET / HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nUpgrade: websocket\r\n",
            b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            b"Sec-WebSocket-Version: 13\r\n\r\n",
        )
    )
    assert answer_to(head, ()).data.startswith(b"HTTP/1.1 403 ")
    assert answer_to(head, ("http://evil.example",)).socket is not None


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET /\r\n\r\n",
        b"POST / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 9000,
    ],
)
def test_anything_else_is_told_what_this_is_and_nothing_of_it_is_chat(head):
    answer = answer_to(head, ("*",))
    assert answer.socket is None
    assert answer.data.startswith(b"HTTP/1.1 4")


@on_every_loop
def test_a_request_without_an_end_runs_out_of_time(loop_factory):
    async def scene(house):
        peer = await house.call()
        await peer.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
        await settle(lambda: any(caller._head for caller in house.port.undecided))
        house.port.sweep(asyncio.get_running_loop().time() + 31)
        assert "Nothing was said" in await peer.rest()

    play(loop_factory, scene)


@on_every_loop
@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_proxy_that_is_trusted_tells_where_a_page_is_and_nobody_else(loop_factory, is_trusted):
    async def story():
        async with open_house(host=None, public=True) as house:
            await house.listen(proxies=Proxies("off", ("127.0.0.1",) if is_trusted else ()))
            page = await visit(
                house, TEXT, X_Forwarded_For="198.51.100.1, 203.0.113.7", X_Forwarded_Proto="https"
            )
            await page.say("NICK ana", "USER a 0 * :a")
            await page.until(" 422 ")
            (session,) = house.world.users["ana"].sessions
            assert session.address == ("203.0.113.7" if is_trusted else "127.0.0.1")
            assert session.is_secure is is_trusted

    run(story, loop_factory)


@on_every_loop
@pytest.mark.parametrize(("proxy", "is_secure"), [("127.0.0.1", True), ("10.0.0.2", False)])
def test_what_came_encrypted_to_a_proxy_elsewhere_is_not_so_on_its_way_to_us(loop_factory, proxy, is_secure):
    async def story():
        async with open_house(host=None, public=True) as house:
            await house.listen(proxies=Proxies("optional", ("127.0.0.1", "10.0.0.2")))
            peer = await house.call()
            await peer.send(f"PROXY TCP4 {proxy} 127.0.0.1 1 1\r\n".encode())
            headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
            page = await Page(peer, house.number, (TEXT,), None, headers).open()
            await page.say("NICK ana", "USER a 0 * :a")
            await page.until(" 422 ")
            (session,) = house.world.users["ana"].sessions
            assert (session.address, session.is_secure) == ("203.0.113.7", is_secure)

    run(story, loop_factory)


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_a_frame_reads_back_as_its_line(size):
    reader = Protocol(Side.CLIENT, max_size=2**20)
    body = "x" * size
    reader.receive_data(text_frame("", body) + binary_frame("time=1", body))
    first, second = reader.events_received()
    assert (first.opcode, bytes(first.data).decode()) == (Opcode.TEXT, body)
    assert (second.opcode, bytes(second.data).decode()) == (Opcode.BINARY, f"@time=1 {body}")


@given(st.binary(max_size=400))
def test_no_request_is_answered_with_anything_but_http(rubbish):
    answer = answer_to(b"GET " + rubbish, ())
    assert answer is None or answer.data.startswith(b"HTTP/1.1 ")


@on_every_loop
@pytest.mark.slow
def test_rubbish_in_frames_harms_nobody(loop_factory):
    """Seeded by hand: whatever comes, the house stands and the others are served."""

    async def scene(house):
        bruno = await house.enter("bruno")
        for _visit in range(30):
            page = await enter(house, "ana")
            await page.peer.send(os.urandom(300))
            page.peer.writer.write_eof()
            while await page.read():
                pass
        await bruno.say("PING fine")
        await bruno.until("fine")

    play(loop_factory, scene)
