"""Who keeps what was not sent, for every server that one talks to."""

from __future__ import annotations

from gettext import ngettext
from pathlib import Path

from chatapp.client.instance import Instance
from chatapp.client.networks import Network
from chatapp.client.unsent import Keeper, Timer, UnsentFile


class Keepers:
    """A `Keeper` for each network, with its file in ``folder``; a context manager, which saves at its end."""

    def __init__(self, folder: Path, timer: Timer) -> None:
        self._folder = folder
        self._instance = Instance(folder)
        self._timer = timer
        self._keepers: dict[Network, Keeper] = {}
        self._count = 0

    def __enter__(self) -> Keepers:
        return self

    def __exit__(self, *_error: object) -> None:
        self._count = sum(keeper.save() for keeper in self._keepers.values())
        self._instance.close()

    @property
    def parting_words(self) -> str:
        """What to say to the person who has left: how much is kept; "" if nothing is."""
        if not self._count:
            return ""
        return ngettext(
            "{count} message that has not arrived is kept, and offered at the next start.",
            "{count} messages that have not arrived are kept, and offered at the next start.",
            self._count,
        ).format(count=self._count)

    def watch(self, network: Network) -> None:
        """Bring back what was kept for ``network``, once, and keep from now on what it does not send.

        What was kept for a server that is not on the screen any more stays as it is: it may be the same one.
        """
        if network not in self._keepers:
            shown = set(network.session.networks or [])
            self._keepers = {each: keeper for each, keeper in self._keepers.items() if each in shown}
            entry = network.entry
            file = UnsentFile(self._folder, entry.host, entry.port, entry.nick, self._instance)
            self._keepers[network] = Keeper(network.session, file, self._timer)
