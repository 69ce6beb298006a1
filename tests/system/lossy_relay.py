"""A relay for datagrams that loses, doubles and reorders a share of them, in both directions."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager


class LossyRelay(asyncio.DatagramProtocol):
    """Stands before the server at ``target``; ``evil`` is the share that is lost, and doubled, and late.

    Each client has a socket of its own towards the server. ``carried`` counts what was to be carried.
    """

    def __init__(self, target, evil, seed=1):
        self.target = target
        self.evil = evil
        self.is_cut = False
        self.carried = 0
        self.address = None
        self._dice = random.Random(seed)
        self._ways = {}
        self._tasks = set()

    def connection_made(self, transport):
        self._transport = transport
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data, address):
        if address in self._ways:
            self.carry(self._ways[address].sendto, data)
        else:
            task = asyncio.get_running_loop().create_task(self._open(data, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def carry(self, send, data, *where):
        """Have ``data`` sent: not at all, once or twice, now or a little later."""
        self.carried += 1
        if self.is_cut or self._happens():
            return
        for _copy in range(2 if self._happens() else 1):
            if self._happens():
                asyncio.get_running_loop().call_later(self._dice.random() * 0.03, send, data, *where)
            else:
                send(data, *where)

    def close(self):
        for transport in [self._transport, *self._ways.values()]:
            transport.close()

    def _happens(self):
        return self._dice.random() < self.evil

    async def _open(self, data, address):
        loop = asyncio.get_running_loop()
        transport, _way = await loop.create_datagram_endpoint(
            lambda: _Way(self, address), remote_addr=self.target
        )
        if address in self._ways:
            transport.close()
        else:
            self._ways[address] = transport
        self.carry(self._ways[address].sendto, data)

    def bring(self, data, address):
        """The server has answered a client."""
        if not self._transport.is_closing():
            self.carry(self._transport.sendto, data, address)


class _Way(asyncio.DatagramProtocol):
    def __init__(self, relay, address):
        self._relay = relay
        self._address = address

    def datagram_received(self, data, _address):
        self._relay.bring(data, self._address)


@asynccontextmanager
async def lossy_relay(target, evil=0.3, seed=1):
    loop = asyncio.get_running_loop()
    _transport, relay = await loop.create_datagram_endpoint(
        lambda: LossyRelay(target, evil, seed), local_addr=("127.0.0.1", 0)
    )
    try:
        yield relay
    finally:
        relay.close()
