"""Every target by its name."""

from __future__ import annotations

from fuzz import beginnings, books, datagrams, doors, hostile_server, lines, settings_file

_ALL = (
    *lines.TARGETS,
    *beginnings.TARGETS,
    *datagrams.TARGETS,
    *settings_file.TARGETS,
    *doors.TARGETS,
    *hostile_server.TARGETS,
    *books.TARGETS,
)
TARGETS = {target.name: target for target in _ALL}
