"""The words that leave, with no slash before them: our client and the plain face know the same."""

from __future__ import annotations

#: In both languages, whatever the language of the program.
FAREWELLS = frozenset({"sair", "exit", "quit"})


def is_farewell(text: str) -> bool:
    """Whether ``text`` is nothing but a word that leaves."""
    return text.strip().casefold() in FAREWELLS
