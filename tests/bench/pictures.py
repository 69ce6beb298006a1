"""Pictures of the client for the documentation: the real program at a real server, its screen as SVG.

``python tests/bench/pictures.py`` writes them to ``docs/pictures``: rooms with replies and reactions, a
search, and the linear mode. Linux and macOS.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from client.terminal import Terminal
from system.server_process import ServerProcess
from system.talker import Talker

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_CELL, _LINE, _SIZE, _EDGE = 8.4, 18, 14, 12
_PAPER, _INK = "#1d1f21", "#d8d8d2"
_COLOURS = {
    "black": "#1d1f21",
    "red": "#e06c75",
    "green": "#98c379",
    "brown": "#e5c07b",
    "yellow": "#e5c07b",
    "blue": "#6fa8dc",
    "magenta": "#c678dd",
    "cyan": "#56b6c2",
    "white": "#d8d8d2",
    "brightblack": "#8a8f98",
    "brightred": "#ff8a8a",
    "brightgreen": "#b5e890",
    "brightbrown": "#ffd68a",
    "brightyellow": "#ffd68a",
    "brightblue": "#8ec7ff",
    "brightmagenta": "#e0a0f5",
    "bfightmagenta": "#e0a0f5",  # as pyte spells it
    "brightcyan": "#86dfe8",
    "brightwhite": "#ffffff",
}
_CAPS = "message-tags server-time batch echo-message"
ENTER = "\r"
ROOMS = ("#lobby", "#tea", "#ops")


class Look(NamedTuple):
    """How a cell looks."""

    ink: str
    paper: str
    bold: bool
    italic: bool
    underlined: bool


def svg(screen: Any) -> str:
    """What ``screen`` (of `pyte`) shows, as an SVG document."""
    width = screen.columns * _CELL + 2 * _EDGE
    height = screen.lines * _LINE + 2 * _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-size="{_SIZE}" '
        "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">",
        f'<rect width="100%" height="100%" rx="8" fill="{_PAPER}"/>',
    ]
    for y in range(screen.lines):
        parts += _row(screen.buffer[y], y, screen.columns)
    if not screen.cursor.hidden:
        x, y = _EDGE + screen.cursor.x * _CELL, _EDGE + screen.cursor.y * _LINE
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{_CELL}" height="{_LINE}" fill="{_INK}" opacity=".6"/>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _row(cells: Any, y: int, columns: int) -> Iterator[str]:
    places = ((x, _look(cells[x]), cells[x].data) for x in range(columns))
    for look, run in groupby(places, key=lambda place: place[1]):
        found = list(run)
        first, size = found[0][0], len(found)
        text = "".join(data for _x, _look, data in found)
        x, top = _EDGE + first * _CELL, _EDGE + y * _LINE
        if look.paper != _PAPER:
            yield _block(x, top, size, look.paper)
        if not text.strip():
            continue
        extra = ' font-weight="bold"' * look.bold + ' font-style="italic"' * look.italic
        extra += ' text-decoration="underline"' * look.underlined
        yield (
            f'<text x="{x:g}" y="{top + _SIZE:g}" fill="{look.ink}" textLength="{size * _CELL:g}" '
            f'xml:space="preserve"{extra}>{escape(text)}</text>'
        )


def _block(x: float, y: float, cells: int, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{cells * _CELL:g}" height="{_LINE}" fill="{fill}"/>'


def _look(cell: Any) -> Look:
    ink, paper = _colour(cell.fg, _INK), _colour(cell.bg, _PAPER)
    if cell.reverse:
        ink, paper = paper, ink
    return Look(ink, paper, cell.bold, cell.italics, cell.underscore)


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _COLOURS.get(name, f"#{name}")


class Scene:
    """A server with people in ``#lobby`` who have talked, and Ana's client wherever she sits."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._folder = folder
        self._server = stack.enter_context(ServerProcess(folder))
        self._bruno, self._carla = (
            stack.enter_context(Talker(self._server.address, nick, _CAPS)) for nick in ("Bruno", "Carla")
        )
        for room in ROOMS:
            for talker in (self._bruno, self._carla):
                talker.join(room)
        self._bruno.say("TOPIC #lobby :Project week: meet at nine in room 12")
        self._talk()
        self.meet()

    def _talk(self) -> None:
        bruno, carla = self._bruno, self._carla
        self._say(bruno, "good morning! who takes the kettle today?")
        when = self._say(carla, "me. tea at ten, and the demo at eleven")
        self._say(bruno, "great, I will be there", f"+draft/reply={when}")
        done = self._say(bruno, "the slides are at https://example.org/slides")
        for talker, sign in ((carla, "\U0001f44d"), (bruno, "\U0001f389"), (bruno, "\U0001f44d")):
            talker.say(f"@+draft/react={sign};+draft/reply={done} TAGMSG #lobby")
        self._say(carla, "Ana: could you bring the adapter for the projector?")
        self._say(bruno, "the green tea is in the blue tin, by the way")
        self._say(carla, "and whoever finishes the tea buys the next")
        self._say(bruno, "run it with `chat-server --port 12345`")

    def talk_elsewhere(self) -> None:
        """Say something in the other rooms, one of it to Ana."""
        self._bruno.say("PRIVMSG #tea :oolong or green?", "PRIVMSG #tea :Ana: you choose")
        self._carla.say("PRIVMSG #ops :deploy done")

    def _say(self, talker: Talker, text: str, tag: str = "") -> str:
        """Say ``text`` in the lobby; its message id."""
        talker.say(f"{f'@{tag} ' if tag else ''}PRIVMSG #lobby :{text}")
        line = talker.waits_for(text)
        return line.partition("msgid=")[2].partition(" ")[0].partition(";")[0]

    def ana(self, *flags: str, rooms: Sequence[str] = ROOMS, rows: int = 26) -> Terminal:
        """Ana's client."""
        return self._client("Ana", *(f"--room={room}" for room in rooms), *flags, rows=rows)

    def meet(self) -> None:
        """See the server for the first time, which is not what the pictures are about."""
        with self._client("Zoe", "--room", "#somewhere") as terminal:
            terminal.wait_for("Zoe joined")

    def _client(self, name: str, *flags: str, rows: int = 26) -> Terminal:
        host, port = self._server.address
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"), str(self._folder / "home"))
        command = ["client", "--host", host, "--port", str(port), "--name", name, *flags]
        return Terminal(command, 100, rows, places | {"COLORTERM": "truecolor"})


def rooms(scene: Scene) -> str:
    """Rooms, replies and reactions."""
    with scene.ana() as terminal:
        terminal.wait_for("chat-server --port 12345")
        terminal.type("sure, I bring it" + ENTER)
        terminal.wait_for(lambda: "<Ana> sure, I bring it" in terminal.text and "…" not in terminal.text)
        scene.talk_elsewhere()
        terminal.wait_for(lambda: "#ops 1" in terminal.text and "#tea 2!" in terminal.text)
        terminal.type("and for the ki")
        terminal.wait_for("[#lobby] and for the ki")
        return svg(terminal.screen)


def search(scene: Scene) -> str:
    """What a search finds."""
    with scene.ana() as terminal:
        terminal.wait_for("chat-server --port 12345")
        terminal.type("/search tea" + ENTER)
        terminal.wait_for("messages with tea")
        return svg(terminal.screen)


def linear(scene: Scene) -> str:
    """No screen, only lines."""
    with scene.ana("--linear", rooms=ROOMS[:1], rows=18) as terminal:
        terminal.wait_for("chat-server --port 12345")
        terminal.type("sure, I bring it" + ENTER)
        terminal.wait_for("you: sure, I bring it")
        terminal.type("and for the ki")
        terminal.wait_for("and for the ki")
        return svg(terminal.screen)


SCENES: dict[str, Callable[[Scene], str]] = {"rooms": rooms, "search": search, "linear": linear}


def main(names: list[str]) -> int:
    """Draw the pictures with these names, or all."""
    PICTURES.mkdir(exist_ok=True)
    for name in names or SCENES:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            (PICTURES / f"{name}.svg").write_text(SCENES[name](Scene(stack, Path(folder))), "utf-8")
        print(PICTURES / f"{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
