"""A tiny IRC server in a thread of this process that can be told to do what no server should."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass

#: Seconds within which it begins and ends, also on a busy machine.
PATIENCE = 60.0


@dataclass
class Faults:
    """Which of the messages to one member, counted from 1, are treated badly; and other manners.

    With ``welcome_at`` nobody is let in before so many have come.
    """

    victim: int = 0
    lose: int = 0
    double: int = 0
    swap: int = 0
    ping_before: int = 0
    echo: bool = True
    refuse: str = ""
    welcome_at: int = 0
    hang_up_after: int = 0


class FakeRelay:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.members: list[Member] = []
        self.callers: list[Member] = []
        self.unwelcomed: list[Member] = []
        self.tasks: set[asyncio.Task] = set()
        self.pongs: list[str] = []
        self.port = 0

    async def serve(self, started: threading.Event, stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await stop.wait()
            # Whatever is still open when the loop is closed would be a warning in a later test.
            for member in self.callers:
                member.writer.close()
            if self.tasks:
                await asyncio.wait(self.tasks, timeout=PATIENCE)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        member = Member(writer)
        self.callers.append(member)
        self.tasks.add(asyncio.current_task())
        try:
            while line := await reader.readline():
                self.obey(member, line.decode().rstrip("\r\n"))
        except ConnectionError:
            pass
        finally:
            if member in self.members:
                self.members.remove(member)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def obey(self, member: Member, line: str) -> None:
        verb, _, rest = line.partition(" ")
        if verb == "CAP" and rest.startswith("REQ"):
            wanted = rest.partition(":")[2].split()
            member.echo = "echo-message" in wanted and self.faults.echo
            member.write(f":fake CAP * {'ACK' if member.echo else 'NAK'} :{' '.join(wanted)}")
        elif verb == "NICK":
            member.nick = rest
        elif verb == "USER":
            self.unwelcomed.append(member)
            if self.faults.refuse:
                member.write(f":fake {self.faults.refuse} * :No")
            if len(self.callers) >= self.faults.welcome_at:
                for guest in self.unwelcomed:
                    guest.write(f":fake 001 {guest.nick} :Hello")
                self.unwelcomed.clear()
        elif verb == "JOIN":
            self.join(member, rest)
        elif verb == "PRIVMSG":
            self.relay(member, line)
        elif verb == "PONG":
            self.pongs.append(rest)

    def join(self, member: Member, room: str) -> None:
        self.members.append(member)
        member.room = room
        there = [other for other in self.members if other.room == room]
        for other in there:
            other.write(f":{member.nick}!u@h JOIN {room}")
        names = " ".join(other.nick for other in there)
        member.write(f":fake 353 {member.nick} = {room} :{names}")
        member.write(f":fake 366 {member.nick} {room} :End of /NAMES list")

    def relay(self, speaker: Member, line: str) -> None:
        # Joined in order, so a place in the list is the number of a member.
        for number, member in enumerate(self.members):
            if member.room == speaker.room and (member is not speaker or member.echo):
                self.deliver(number, member, f":{speaker.nick}!u@h {line}")

    def deliver(self, number: int, member: Member, line: str) -> None:
        faults = self.faults
        member.count += 1
        if number != faults.victim:
            member.write(line)
            return
        if member.count == faults.ping_before:
            member.write("PING :are-you-there")
        if member.count == faults.swap:
            member.kept_back = line
            return
        if member.count == faults.double:
            member.write(f"{line}\r\n{line}")  # in one piece: who waits a moment for a second one hears it
        elif member.count != faults.lose:
            member.write(line)
        if member.kept_back.partition(" ")[0] == line.partition(" ")[0]:
            member.write(member.kept_back)
            member.kept_back = ""
        if member.count == faults.hang_up_after:
            member.writer.close()


class Member:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.nick = ""
        self.room = ""
        self.echo = False
        self.count = 0
        self.kept_back = ""

    def write(self, line: str) -> None:
        self.writer.write(f"{line}\r\n".encode())


@contextmanager
def serving(**faults):
    """A `FakeRelay` with these `Faults`, listening on ``port``."""
    relay = FakeRelay(Faults(**faults))
    loop = asyncio.new_event_loop()
    started, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(relay.serve(started, stop)))
    thread.start()
    assert started.wait(PATIENCE)
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.close()
