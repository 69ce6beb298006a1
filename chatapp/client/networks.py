"""Several servers in one client: each has its own model and session, and all share one screen.

The screen knows one model and one session. `shown_model` and `shown_session` are these: whatever they are
asked, they ask the server whose conversation is on the screen; but the list of conversations is that of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, cast

from chatapp.client.buffer import Buffer
from chatapp.client.model import Focus, Model
from chatapp.client.session import Session
from chatapp.client.settings import ServerEntry


@dataclass(slots=True, eq=False)
class Network:
    """One server, as the client knows it; ``entry`` says how to get there."""

    entry: ServerEntry
    model: Model
    session: Session

    @property
    def label(self) -> str:
        """What the person calls it."""
        return self.entry.label


#: Makes the model and session for a server; all but the first get the focus that they share.
Make = Callable[[ServerEntry, Focus | None], Network]


class Networks:
    """The servers of one client, in the order in which they came; at least one once `add` was called.

    ``on_connect`` and ``on_disconnect`` are called to open and to end the connection of a network.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._networks: list[Network] = []
        self._shown: tuple[Buffer, Network] | None = None
        self._on_change: Callable[[], None] = lambda: None
        self.on_connect: Callable[[Network], None] = lambda _network: None
        self.on_disconnect: Callable[[Network], None] = lambda _network: None

    def __iter__(self) -> Iterator[Network]:
        return iter(self._networks)

    def __len__(self) -> int:
        return len(self._networks)

    @property
    def shown(self) -> Network:
        """The one whose conversation is on the screen."""
        current = self._networks[0].model.current
        if self._shown is None or self._shown[0] is not current:
            self._shown = current, self.of(current) or self._networks[0]
        return self._shown[1]

    @property
    def sessions(self) -> list[Session]:
        """The session with each server."""
        return [network.session for network in self._networks]

    @property
    def buffers(self) -> list[Buffer]:
        """Every conversation: each server's own, and after it its rooms and people."""
        if len(self._networks) == 1:
            return self._networks[0].model.buffers
        return [buffer for network in self._networks for buffer in network.model.buffers]

    def of(self, buffer: Buffer) -> Network | None:
        """The network that ``buffer`` is a conversation on."""
        return next((network for network in self._networks if buffer in network.model.buffers), None)

    def of_session(self, session: Session) -> Network:
        """The network that ``session`` is with."""
        return next(network for network in self._networks if network.session is session)

    def find(self, label: str) -> Network | None:
        """The network that a person calls ``label``: by its name or host, else by what it calls itself."""
        wanted = label.casefold()
        for network in self._networks:
            if wanted in (network.entry.name.casefold(), network.entry.host.casefold()):
                return network
        return next((each for each in self._networks if wanted == each.model.server_name.casefold()), None)

    def add(self, entry: ServerEntry) -> Network:
        """Take a server in, without connecting yet."""
        focus = self._networks[0].model.focus if self._networks else None
        network = self._make(entry, focus)
        network.session.networks = self
        network.model.on_change = self._on_change
        self._networks.append(network)
        return network

    def connect(self, network: Network) -> None:
        """Open the connection of ``network``, or hurry an attempt that waits for its time."""
        self.on_connect(network)

    def disconnect(self, network: Network, *reason: str) -> None:
        """Leave a server; its conversations can be read on, and what is typed there waits."""
        network.session.quit(*reason)
        self.on_disconnect(network)

    def forget(self, network: Network) -> None:
        """Take a server that was left off the screen; the last one stays."""
        if len(self._networks) < 2:
            return
        was_shown = network is self.shown
        at = self._networks.index(network)
        self._networks.remove(network)
        network.model.on_change = lambda: None
        self._shown = None
        if was_shown:
            near = self._networks[min(at, len(self._networks) - 1)].model
            near.switch_to(near.buffers[min(1, len(near.buffers) - 1)])
        self.changed()

    def unsent(self, since: float = -inf) -> int:
        """How many messages may not have arrived, on all servers (`chatapp.client.outbox.Outbox.unsent`)."""
        return sum(network.session.speaking.outbox.unsent(since) for network in self._networks)

    def watch(self, on_change: Callable[[], None]) -> None:
        """Have ``on_change`` called after each change of any model."""
        self._on_change = on_change
        for network in self._networks:
            network.model.on_change = on_change

    def changed(self) -> None:
        """Say that the list of servers has changed."""
        self._on_change()


class ShownModel:
    """The model that the screen sees: the shown server's, with the conversations of all."""

    __slots__ = ("_networks",)  # so that nothing can be set here by mistake

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    @property
    def buffers(self) -> list[Buffer]:
        """Every conversation with every server."""
        return self._networks.buffers

    @property
    def on_change(self) -> Callable[[], None]:
        """Called after each change of any model."""
        return self._networks._on_change

    @on_change.setter
    def on_change(self, changed: Callable[[], None]) -> None:
        self._networks.watch(changed)

    @property
    def version(self) -> int:
        """Rises at each change of any model."""
        return sum(network.model.version for network in self._networks)

    def switch_to(self, buffer: Buffer) -> None:
        """Show ``buffer``, whosever it is."""
        network = self._networks.of(buffer)
        if network is not None:
            network.model.switch_to(buffer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._networks.shown.model, name)


class _ShownSession:
    """The session that the screen sees: that of the server whose conversation is shown."""

    __slots__ = ("_networks",)

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._networks.shown.session, name)


def shown_model(networks: Networks) -> Model:
    """What the screen takes for its model."""
    return cast(Model, ShownModel(networks))


def shown_session(networks: Networks) -> Session:
    """What the screen takes for its session."""
    return cast(Session, _ShownSession(networks))
