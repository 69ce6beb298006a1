"""A store in plain Python that obeys what `tests/store/contract.py` asks of the real one."""

from __future__ import annotations

from collections.abc import Sequence

from chatapp.core.message import SAID, Message
from chatapp.core.ports import AccountState, Changes, ChannelState, Span, StoreError


class MemoryStore:
    """A Keeper and a History whose coroutines never wait, so that they also run without an event loop.

    ``kept`` are the Changes of each `keep`, in order; while ``broken`` is a text, `keep` fails with it.
    """

    def __init__(self) -> None:
        self.kept: list[Changes] = []
        self.states: dict[str, ChannelState] = {}
        self.held_accounts: dict[str, AccountState] = {}
        self.broken = ""
        self._conversations: dict[str, dict[int, Message]] = {}

    async def keep(self, changes: Changes) -> None:
        self._check(changes)
        for conversation, message in changes.messages:
            self._conversations.setdefault(conversation, {})[message.stamp] = _as_read_back(message)
        for folded, state in changes.channels.items():
            self.states.pop(folded, None)
            if state is not None:
                self.states[folded] = state
        for folded, account in changes.accounts.items():
            self.held_accounts.pop(folded, None)
            if account is not None:
                self.held_accounts[folded] = account
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

    async def channels(self) -> dict[str, ChannelState]:
        return dict(self.states)

    async def accounts(self) -> dict[str, AccountState]:
        return dict(self.held_accounts)

    async def last_stamp(self) -> int:
        return max((max(messages) for messages in self._conversations.values()), default=0)

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


def _as_read_back(message: Message) -> Message:
    return Message(message.stamp, message.command, message.body, message.account, message.tags)
