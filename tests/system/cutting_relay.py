"""A relay for TCP that cuts a connection after so many bytes, wherever in a line that is."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import asynccontextmanager


class CuttingRelay:
    """Stands before the server at ``target``. What it holds when it cuts is gone, in both directions.

    ``bytes_left`` is after how many bytes, both ways together, it cuts next; ``None`` is never. While
    ``is_down`` nobody gets through. ``cuts`` counts, ``moved`` is set whenever something was carried or cut.
    """

    def __init__(self, target):
        self.bytes_left = None
        self.is_down = False
        self.cuts = 0
        self.moved = asyncio.Event()
        self.port = 0
        self._target = target
        self._writers = set()
        self._tasks = set()

    async def serve(self):
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def cut(self):
        """Reset what is connected."""
        self.cuts += 1
        self.bytes_left = None
        for writer in [each for each in self._writers if not each.transport.is_closing()]:
            reset = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.transport.abort()
        self._writers.clear()
        self.moved.set()

    async def close(self):
        self.is_down = True
        self.cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _take(self, near_reader, near):
        self._tasks.add(asyncio.current_task())
        asyncio.current_task().add_done_callback(self._tasks.discard)
        if self.is_down:
            near.transport.abort()
            return
        far_reader, far = await asyncio.open_connection(*self._target)
        self._writers |= {near, far}
        async with asyncio.TaskGroup() as both:
            both.create_task(self._carry(near_reader, far))
            both.create_task(self._carry(far_reader, near))

    async def _carry(self, reader, writer):
        try:
            while data := await reader.read(1 << 16):
                if writer.transport.is_closing():
                    return
                if self.bytes_left is not None and self.bytes_left <= len(data):
                    writer.write(data[: self.bytes_left])
                    self.cut()
                    return
                if self.bytes_left is not None:
                    self.bytes_left -= len(data)
                writer.write(data)
                self.moved.set()
        except ConnectionError:
            return
        finally:
            writer.close()


@asynccontextmanager
async def cutting_relay(target):
    relay = CuttingRelay(target)
    server = await relay.serve()
    try:
        yield relay
    finally:
        server.close()
        await relay.close()
