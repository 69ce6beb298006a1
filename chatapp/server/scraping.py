"""The port at which metrics are fetched: as much HTTP as that takes, and not a byte more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from gettext import gettext as _

from chatapp.server.app import CannotServe
from chatapp.server.obstacles import cannot_give_metrics
from chatapp.server.settings import MetricsSettings
from chatapp.server.status import Sights

log = logging.getLogger(__name__)

#: Who asks for metrics needs not so long, nor so many words, nor so many connections.
_SECONDS = 5.0
_MOST_HEAD = 8192
_MOST_CALLERS = 16
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATUS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}


@asynccontextmanager
async def metrics_offered(settings: MetricsSettings, sights: Sights) -> AsyncIterator[str]:
    """Give the metrics of a server where ``settings`` say, if they do; the address of them, or "".

    Raises:
        CannotServe: It cannot be listened there, or the library that writes them is missing.
    """
    if not settings.port:
        yield ""
        return
    try:
        from chatapp.server.metrics import Metrics
    except ImportError as why:
        words = _('[metrics] port needs an extra: pip install "chatapp[metrics]" ({reason})')
        raise CannotServe(words.format(reason=why)) from why
    metrics = Metrics(sights)
    port = ScrapePort(metrics.text)
    try:
        host, number = await port.listen(settings.host, settings.port)
    except OSError as why:
        raise CannotServe(cannot_give_metrics(settings, why)) from why
    watching = asyncio.create_task(metrics.watch())
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{number}/metrics"
    finally:
        watching.cancel()
        port.close()


class ScrapePort:
    """Gives whoever asks for ``/metrics`` what ``text`` makes at that moment."""

    def __init__(self, text: Callable[[], bytes]) -> None:
        self._text = text
        self._callers = 0
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> tuple[str, int]:
        """Accept at ``host`` and ``port`` (0: any that is free); where that is.

        Raises:
            OSError: It cannot be listened at.
        """
        self._server = await asyncio.start_server(self._meet, host, port, limit=_MOST_HEAD)
        name, number, *_more = self._server.sockets[0].getsockname()
        return str(name), int(number)

    def close(self) -> None:
        """Accept nobody any more."""
        if self._server is not None:
            self._server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._callers += 1
        try:
            async with asyncio.timeout(_SECONDS):
                writer.write(self._answer(await self._first_line(reader)))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("somebody at the port for metrics did not ask for them")
        finally:
            self._callers -= 1
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _first_line(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        return head.partition(b"\r\n")[0]

    def _answer(self, line: bytes) -> bytes:
        match line.split(b" "):
            case _ if self._callers > _MOST_CALLERS:
                return _response(503, b"too many ask at once\n")
            case [b"GET" | b"HEAD" as method, target, version] if version.startswith(b"HTTP/1."):
                if target.partition(b"?")[0] != b"/metrics":
                    return _response(404, b"the metrics are at /metrics\n")
                return _response(200, self._text(), method == b"GET")
            case [_method, _target, version] if version.startswith(b"HTTP/1."):
                return _response(405, b"GET /metrics\n")
        return _response(400, b"this is for Prometheus: GET /metrics\n")


def _response(status: int, body: bytes, has_body: bool = True) -> bytes:
    head = (
        f"HTTP/1.1 {status} {_STATUS[status]}\r\nContent-Type: {_TYPE}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    )
    return head.encode() + (body if has_body else b"")
