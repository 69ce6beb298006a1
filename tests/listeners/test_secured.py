"""Reading, writing and the end of TLS, done in each way, between a client by hand and no socket."""

from __future__ import annotations

import asyncio
import ssl

import pytest
from listeners.house import on_every_loop, run, settle
from listeners.secure_house import LAYERS, ByHand, certified, trusting

from chatapp.listeners import tls as tls_module

pytestmark = on_every_loop
VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=str)


@pytest.fixture(autouse=True, params=LAYERS)
def kind(request):
    Pair.kind = request.param
    return request.param


class Below(asyncio.Transport):
    """What would be a socket's transport: keeps what is written, and says how it was ended."""

    def __init__(self):
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.sent = b""
        self.ended = ""
        self.is_paused = True  # so that the head is all that was read
        self.limits = None
        self.protocol = asyncio.Protocol()

    def set_protocol(self, protocol):
        self.protocol = protocol

    def write(self, data):
        assert not self.ended
        self.sent += data

    def taken(self):
        sent, self.sent = self.sent, b""
        return sent

    def close(self):
        self._end("closed")

    def abort(self):
        self._end("aborted")

    def _end(self, how):
        if not self.ended:
            self.ended = how
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def is_closing(self):
        return bool(self.ended)

    def pause_reading(self):
        self.is_paused = True

    def resume_reading(self):
        self.is_paused = False

    def set_write_buffer_limits(self, high=None, low=None):
        self.limits = high, low

    def get_write_buffer_size(self):
        return len(self.sent)


class Inside(asyncio.Protocol):
    """What speaks inside: notes all that it is told."""

    def __init__(self):
        self.heard = b""
        self.ends = []
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.heard += data

    def eof_received(self):
        self.ends.append("eof")

    def connection_lost(self, exc):
        self.ends.append(exc)

    def pause_writing(self):
        self.ends.append("full")

    def resume_writing(self):
        self.ends.append("room")


class Pair:
    """A client by hand and the server's side, after the handshake unless it is said.

    The server's does TLS in the way of ``kind``.
    """

    kind = None

    def __init__(self, **settings):
        self.below, self.inside = Below(), Inside()
        self.client = ByHand(trusting(**settings))

    async def begin(self):
        layer = certified(Pair.kind)[0]
        hello = self.client.hello()
        self.task = asyncio.create_task(layer.lead_inside(self.below, hello, self.inside))
        await asyncio.sleep(0)

    async def shaken(self):
        await self.begin()
        while True:
            self.client.incoming.write(self.below.taken())
            try:
                self.client.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.hands_over()
        self.hands_over()
        await self.task
        self.server = self.inside.transport
        return self

    def hands_over(self):
        """The client's bytes come, if they may."""
        if not self.below.is_paused and (data := self.client.outgoing.read()):
            self.below.protocol.data_received(data)

    def says(self, data):
        self.client.tls.write(data)
        self.hands_over()

    def hears(self):
        """What the client can read; ``None`` behind it where TLS was closed."""
        self.client.incoming.write(self.below.taken())
        heard = b""
        while True:
            try:
                data = self.client.tls.read()
            except ssl.SSLWantReadError:
                return heard
            except ssl.SSLZeroReturnError:
                return heard, None
            if not data:
                return heard, None
            heard += data

    def closes(self):
        with pytest.raises(ssl.SSLWantReadError):
            self.client.tls.unwrap()
        self.hands_over()

    async def has_ended(self, how):
        """Wait until the connection below was ``closed`` or ``aborted`` by us, and inside knows."""
        await settle(lambda: self.below.ended == how)
        await settle(lambda: self.inside.ends == [None])


def telling(loop_factory, **settings):
    """Run a story that is told about a `Pair`."""

    def tell(story):
        async def about():
            await story(await Pair(**settings).shaken())

        run(about, loop_factory)

    return tell


@VERSIONS
def test_words_go_both_ways_in_any_size(loop_factory, version):
    @telling(loop_factory, minimum_version=version, maximum_version=version)
    async def story(pair):
        for size in (1, 16384, 16385, 300_000):
            pair.server.write(bytearray(b"x" * size))
            assert pair.hears() == b"x" * size
            pair.says(b"y" * size)
            assert pair.inside.heard == b"y" * size
            pair.inside.heard = b""
        pair.server.writelines([b"a", b"b"])
        pair.server.write(b"")
        assert pair.hears() == b"ab"


def test_what_nobody_has_asked_for_waits_until_there_is_something_to_say(loop_factory):
    """Tickets of TLS 1.3, which are all that is left to send when the handshake is done."""

    @telling(loop_factory)
    async def story(pair):
        assert pair.below.sent == b""
        pair.says(b"a word")
        assert (pair.below.sent, pair.inside.heard) == (b"", b"a word")
        pair.server.write(b"an answer")
        assert pair.hears() == b"an answer"


def test_who_does_not_read_now_reads_it_later_and_in_order(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        def pause(data):
            pair.inside.heard += data
            pair.server.pause_reading()

        pair.inside.data_received = pause
        pair.client.tls.write(b"one ")
        pair.client.tls.write(b"two ")
        pair.hands_over()
        assert (pair.inside.heard, pair.below.is_paused) == (b"one ", True)
        assert not pair.server.is_reading()
        pair.server.resume_reading()
        pair.server.resume_reading()
        assert pair.inside.heard == b"one "
        await settle(lambda: pair.inside.heard == b"one two ")
        assert pair.below.is_paused
        del pair.inside.data_received
        pair.server.resume_reading()
        await settle(lambda: not pair.below.is_paused)
        pair.says(b"three")
        assert pair.inside.heard == b"one two three"


def test_we_close_and_hear_the_other_side_out(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        pair.server.write(b"bye")
        pair.server.close()
        pair.server.close()
        pair.server.write(b"never said")
        assert pair.server.is_closing()
        await settle(lambda: not pair.below.is_paused)
        assert pair.hears() == (b"bye", None)
        assert pair.below.ended == ""
        pair.says(b"not read any more")
        pair.client.tls.unwrap()
        pair.hands_over()
        assert (pair.below.ended, pair.inside.heard) == ("closed", b"")
        await settle(lambda: pair.inside.ends == [None])


def test_we_close_while_we_do_not_read(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        pair.server.pause_reading()
        pair.server.close()
        await settle(lambda: not pair.below.is_paused)
        assert pair.hears() == (b"", None)
        pair.client.tls.unwrap()
        pair.hands_over()
        assert pair.below.ended == "closed"


def test_a_farewell_that_came_while_we_did_not_read_is_found(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        pair.inside.data_received = lambda data: pair.server.pause_reading()
        pair.client.tls.write(b"word")
        with pytest.raises(ssl.SSLWantReadError):
            pair.client.tls.unwrap()
        pair.hands_over()
        assert pair.inside.ends == []
        pair.server.close()
        await pair.has_ended("closed")


def test_the_other_side_closes(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        pair.client.tls.write(b"last words")
        pair.closes()
        assert (pair.inside.heard, pair.inside.ends) == (b"last words", ["eof"])
        assert pair.below.ended == "closed"
        pair.client.incoming.write(pair.below.taken())
        pair.client.tls.unwrap()  # our farewell is there
        await settle(lambda: pair.inside.ends == ["eof", None])


def test_who_answers_no_farewell_is_cut_off(loop_factory, monkeypatch):
    monkeypatch.setattr(tls_module, "FAREWELL_SECONDS", 0.01)

    @telling(loop_factory)
    async def story(pair):
        pair.server.close()
        await pair.has_ended("aborted")


def test_who_hangs_up_without_closing_tls(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        assert not pair.below.protocol.eof_received()
        pair.below.close()
        await settle(lambda: pair.inside.ends == [None])
        assert pair.server.is_closing()


def test_a_connection_that_breaks_is_told_with_why(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        broken = ConnectionResetError()
        pair.below.ended = "broken"
        pair.below.protocol.connection_lost(broken)
        assert pair.inside.ends == [broken]
        pair.server.close()
        pair.server.abort()


def test_plain_words_after_the_handshake_are_an_alert_and_the_end(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        pair.below.taken()
        pair.below.protocol.data_received(b"PRIVMSG #tea :" + b"in the clear " * 5000)
        assert pair.below.ended == "closed"
        with pytest.raises(ssl.SSLError, match="ALERT"):
            pair.hears()
        await settle(lambda: pair.inside.ends)
        assert isinstance(pair.inside.ends[0], ssl.SSLError)
        assert any(word in str(pair.inside.ends[0]) for word in ("record", "version number"))
        assert pair.inside.heard == b""


def test_the_time_for_a_handshake_is_not_that_for_all_the_rest(loop_factory, monkeypatch):
    monkeypatch.setattr(tls_module, "HANDSHAKE_SECONDS", 0.05)

    @telling(loop_factory)
    async def story(pair):
        now = asyncio.get_running_loop().time
        end = now() + 0.06
        await settle(lambda: now() > end)
        assert pair.below.ended == ""


def test_who_is_sent_away_in_the_handshake(loop_factory):
    async def story():
        pair = Pair()
        await pair.begin()
        pair.below.abort()
        await pair.task
        assert pair.inside.ends == [None]
        assert pair.inside.transport is None

    run(story, loop_factory)


def test_a_handshake_that_is_given_up_ends_the_connection(loop_factory):
    async def story():
        pair = Pair()
        await pair.begin()
        pair.task.cancel()
        await asyncio.gather(pair.task, return_exceptions=True)
        assert pair.below.ended == "aborted"
        await settle(lambda: pair.inside.ends == [None])

    run(story, loop_factory)


def test_who_is_gone_before_it_begins(loop_factory):
    async def story():
        pair = Pair()
        pair.below.ended = "broken"
        await pair.begin()
        await pair.task
        assert pair.inside.ends == [None]

    run(story, loop_factory)


def test_what_is_asked_of_it_is_asked_below(loop_factory):
    @telling(loop_factory)
    async def story(pair):
        server = pair.server
        server.set_write_buffer_limits(high=7)
        assert pair.below.limits == (7, None)
        pair.below.protocol.pause_writing()
        pair.below.protocol.resume_writing()
        assert pair.inside.ends == ["full", "room"]
        assert server.get_extra_info("peername") == ("127.0.0.1", 1)
        assert server.get_extra_info("certificate", "another") == ""
        assert server.get_extra_info("no such thing", 3) == 3
        server.write(b"x")
        assert server.get_write_buffer_size() == len(pair.below.sent)
        assert server.is_reading()
        other = Inside()
        server.set_protocol(other)
        assert server.get_protocol() is other
        pair.says(b"to another")
        assert (pair.inside.heard, other.heard) == (b"", b"to another")
        server.abort()
        assert pair.below.ended == "aborted"
