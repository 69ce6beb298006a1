"""How NickServ and ChanServ are asked and answer: a table of requests for each, and help from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.commands.login import NotProven
from chatapp.core.errors import Failed, Refused


class ServiceRefused(Exception):
    """The service does not do it; ``str()`` says why in words."""


class Request(NamedTuple):
    """``least`` is how many words must follow; ``usage`` shows them, ``help`` says what it does.

    ``run`` gives the answer, a sentence each; the words that followed are handed to it.
    """

    usage: str
    help: str
    run: Callable[[Context, Sequence[str]], Awaitable[list[str]] | list[str]]
    least: int = 0


class Service(NamedTuple):
    """One of them: what it is called and, by their first word in capitals, its requests."""

    name: str
    about: str
    requests: dict[str, Request]


def obey(ctx: Context, service: Service, text: str) -> Awaitable[None] | None:
    """Do what ``text`` asks of ``service``, and have it answer."""
    verb, *words = text.split()
    request = service.requests.get(verb.upper())
    if verb.upper() == "HELP":
        answer: Awaitable[list[str]] | list[str] = _help(service, words)
    elif request is None:
        answer = [f"There is no {verb.upper()} here. {service.name} HELP lists what there is"]
    elif len(words) < request.least:
        answer = [f"It is used so: {verb.upper()} {request.usage}"]
    elif ctx.world.mute_reason and verb.upper() not in ("INFO", "IDENTIFY", "LOGOUT"):
        answer = [ctx.world.mute_reason]
    else:
        try:
            answer = request.run(ctx, words)
        except (ServiceRefused, Refused, NotProven) as why:
            answer = [str(why)]
    if isinstance(answer, list):
        _answer(ctx, service, answer)
        return None
    return _obey_later(ctx, service, answer)


async def _obey_later(ctx: Context, service: Service, answer: Awaitable[list[str]]) -> None:
    try:
        told = await answer
    except (ServiceRefused, NotProven, Failed) as why:
        told = [str(why)]
    if not ctx.session.ended:
        _answer(ctx, service, told)


def _answer(ctx: Context, service: Service, sentences: list[str]) -> None:
    source = f"{service.name}!{service.name}@{ctx.world.name}"
    for sentence in sentences:
        ctx.notice(source, sentence)


def _help(service: Service, words: list[str]) -> list[str]:
    requests = service.requests
    if words and (asked := requests.get(words[0].upper())):
        return [f"{words[0].upper()} {asked.usage}".rstrip(), asked.help]
    listed = [f"{name} {request.usage}".rstrip() for name, request in requests.items()]
    return [service.about, *listed, "HELP and one of these words tells more"]
