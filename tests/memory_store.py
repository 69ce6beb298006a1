"""A store in plain Python that obeys what `tests/store/contract.py` asks of the real one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from chatapp.core.message import SAID, Message
from chatapp.core.ports import (
    AccountState,
    AuditEntry,
    Changes,
    ChannelState,
    Kept,
    Redaction,
    Search,
    ServerBan,
    Span,
    StoreError,
)
from chatapp.core.search import searchable_text, terms_of


class MemoryStore:
    """A Keeper and a History whose coroutines never wait, so that they also run without an event loop.

    ``kept`` are the Changes of each `keep`, in order; while ``broken`` is a text, `keep` fails with it.
    """

    def __init__(self) -> None:
        self.kept: list[Changes] = []
        self.states: dict[str, ChannelState] = {}
        self.held_accounts: dict[str, AccountState] = {}
        self.held_bans: dict[str, ServerBan] = {}
        self.entries: list[AuditEntry] = []
        self.held_markers: dict[tuple[str, str], int] = {}
        self.held_metadata: dict[tuple[str, str], str] = {}
        self.broken = ""
        self._conversations: dict[str, dict[int, Message]] = {}

    async def keep(self, changes: Changes) -> None:
        self._check(changes)
        for old, new in changes.renames:
            self._rename(old, new)
        for conversation, message in changes.messages:
            self._conversations.setdefault(conversation, {})[message.stamp] = _as_read_back(message)
        for folded, state in changes.channels.items():
            self.states.pop(folded, None)
            if state is not None:
                self.states[folded] = state
        for folded, account in changes.accounts.items():
            before = self.held_accounts.pop(folded, None)
            if before is not None and account is None:
                for key in [key for key in self._conversations if key.startswith(f"{before.owner} ")]:
                    del self._conversations[key]
                for held in (self.held_markers, self.held_metadata):
                    for place in [place for place in held if place[0] == before.owner]:
                        del held[place]
            if account is not None:
                self.held_accounts[folded] = account
        for folded, ban in changes.bans.items():
            self.held_bans.pop(folded, None)
            if ban is not None:
                self.held_bans[folded] = ban
        self.entries += changes.audit
        for redaction in changes.redactions:
            self._redact(redaction)
        _note(self.held_markers, changes.markers)
        _note(self.held_metadata, changes.metadata)
        self.kept.append(changes)

    async def read(self, span: Span) -> list[Message]:
        messages = self._conversations.get(span.conversation, {})
        found = [
            messages[stamp]
            for stamp in sorted(messages)
            if (span.after is None or stamp > span.after)
            and (span.before is None or stamp < span.before)
            and (span.events or messages[stamp].command in SAID)
        ]
        limit = max(0, span.limit)
        return found[max(0, len(found) - limit) :] if span.newest else found[:limit]

    async def latest_of(self, conversations: Sequence[str]) -> dict[str, int]:
        latest = {}
        for conversation in conversations:
            messages = self._conversations.get(conversation, {}).values()
            if stamps := [message.stamp for message in messages if message.command in SAID]:
                latest[conversation] = max(stamps)
        return latest

    async def conversations_of(self, owner: str) -> list[str]:
        begin = f"{owner} "
        return sorted(key.removeprefix(begin) for key in self._conversations if key.startswith(begin))

    async def audited(self, limit: int) -> list[AuditEntry]:
        return self.entries[-limit:]

    async def bans(self) -> list[ServerBan]:
        return list(self.held_bans.values())

    async def search(self, search: Search) -> list[Kept]:
        found = {
            message.stamp: Kept(key, message)
            for key in search.conversations
            for message in self._conversations.get(key, {}).values()
            if message.command in SAID and _is_found(message, search)
        }
        stamps = sorted(found)
        limit = max(0, search.limit)
        chosen = stamps[max(0, len(stamps) - limit) :] if search.newest else stamps[:limit]
        return [found[stamp] for stamp in chosen]

    async def markers(self) -> dict[tuple[str, str], int]:
        return dict(self.held_markers)

    async def metadata(self) -> dict[tuple[str, str], str]:
        return dict(self.held_metadata)

    async def channels(self) -> dict[str, ChannelState]:
        return dict(self.states)

    async def accounts(self) -> dict[str, AccountState]:
        return dict(self.held_accounts)

    async def last_stamp(self) -> int:
        audited = (entry.stamp for entry in self.entries)
        return max((*audited, *(max(messages) for messages in self._conversations.values())), default=0)

    def _rename(self, old: str, new: str) -> None:
        if old in self._conversations:
            self._conversations.setdefault(new, {}).update(self._conversations.pop(old))
        for owner, target in [place for place in self.held_markers if place[1] == old]:
            self.held_markers[owner, new] = self.held_markers.pop((owner, target))
        for holder, name in [place for place in self.held_metadata if place[0] == old]:
            self.held_metadata[new, name] = self.held_metadata.pop((holder, name))

    def _redact(self, redaction: Redaction) -> None:
        for key, messages in self._conversations.items():
            _owner, blank, partner = key.rpartition(" ")
            if key in redaction.keys or (blank and partner in redaction.partners):
                messages.pop(redaction.stamp, None)

    def _check(self, changes: Changes) -> None:
        """Raise before anything is changed: all or nothing."""
        if self.broken:
            raise StoreError(self.broken)
        new: dict[tuple[str, int], Message] = {}
        for conversation, message in changes.messages:
            if not 0 <= message.stamp < 2**63:
                raise StoreError(f"{message.stamp} is not a stamp")
            key = (conversation, message.stamp)
            before = self._conversations.get(conversation, {}).get(message.stamp) or new.get(key)
            if before is not None and before != message:
                raise StoreError(f"two messages of {conversation} have the stamp {message.stamp}")
            new[key] = message


def _note(held: dict, changed: dict) -> None:
    for place, value in changed.items():
        held.pop(place, None)
        if value is not None:
            held[place] = value


def _is_found(message: Message, search: Search) -> bool:
    text = searchable_text(message.body)
    terms = terms_of(search.words)
    words = _words(text)
    return (
        (search.after is None or message.stamp >= search.after)
        and (search.before is None or message.stamp <= search.before)
        and (search.is_from is None or search.is_from(message.source.partition("!")[0]))
        and all(_holds(words, _words(word)) for word in terms.words)
        and all(sign in text for sign in terms.signs)
    )


def _words(text: str) -> list[str]:
    """The words of ``text`` without case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", bare.casefold())


def _holds(words: list[str], asked: list[str]) -> bool:
    """Whether ``asked`` is somewhere in ``words``, one behind the other, the last perhaps as a beginning."""
    *whole, last = asked
    if len(asked) == 1 and len(last) == 1 and last.isascii():
        return last in words
    return any(
        words[at : at + len(whole)] == whole and words[at + len(whole)].startswith(last)
        for at in range(len(words) - len(whole))
    )


def _as_read_back(message: Message) -> Message:
    about = (message.stamp, message.command, message.kept_body, message.account, message.tags)
    return Message.read_back(*about)
