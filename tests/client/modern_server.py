"""The fake server with what modern IRCv3 adds: multiline, reactions, redaction, read markers, search."""

from __future__ import annotations

from dataclasses import dataclass, field

from client.fake_server import CAPS, FakeServer, Said, client_tags

from chatapp.irc.line import Line, format_line, parse_tags

MODERN = (
    f"{CAPS} draft/multiline=max-bytes=400,max-lines=6 draft/message-redaction draft/read-marker "
    "soju.im/search"
)


@dataclass
class ModernServer(FakeServer):
    """`FakeServer`, and the rest. ``marks`` are the read markers, ``operators`` who may delete everything."""

    caps: str = MODERN
    marks: dict[str, str] = field(default_factory=dict)
    open_batches: dict[str, tuple[Line, list[Line]]] = field(default_factory=dict)
    sent_batches: int = 0
    most_bytes: int = 400

    def connect(self) -> None:
        super().connect()
        self.open_batches.clear()

    def on_batch(self, line: Line) -> None:
        word = line.params[0]
        if word[0] == "+":
            self.open_batches[word[1:]] = (line, [])
            return
        opening, lines = self.open_batches.pop(word[1:])
        target = opening.params[2]
        assert all(inner.params[0] == target for inner in lines)
        text = ""
        for number, inner in enumerate(lines):
            is_more = "draft/multiline-concat" in inner.tags
            assert inner.params[1] or not is_more
            text += ("" if is_more or not number else "\n") + inner.params[1]
        assert len(text.encode()) <= self.most_bytes and 1 <= len(lines) <= 6 and text.strip()
        super().on_privmsg(Line("PRIVMSG", [target, text], tags=opening.tags))

    def on_privmsg(self, line: Line) -> None:
        reference = line.tags.get("batch")
        if reference:
            self.open_batches[reference][1].append(line)
        else:
            super().on_privmsg(line)

    def on_tagmsg(self, line: Line) -> None:
        target, tags = line.params[0], client_tags(line)
        if target[0] == "#" and target not in self.joined:
            self._send(Line("404", [self.nick, target, "Cannot send to channel"], "chat", labelled(line)))
            return
        said = self._keep(target, self.source, "TAGMSG", [target])
        said.client_tags = tags
        if not any("react" in key for key in tags):
            self.history[target].remove(said)
        if "echo-message" in self.caps:
            self._send(Line("TAGMSG", [target], self.source, said.tags | labelled(line)))

    def on_redact(self, line: Line) -> None:
        target, msgid = line.params[:2]
        found = [one for one in self.history.get(target, []) if f"m{one.stamp}" == msgid]
        if not found or found[0].command == "REDACT":
            self.fails(line, "UNKNOWN_MSGID", target, msgid, "No such message")
        elif not found[0].source.startswith(f"{self.nick}!"):
            self.fails(line, "REDACT_FORBIDDEN", target, msgid, "That is not yours")
        else:
            self.redacts(target, found[0], self.source, line.params[2:], labelled(line))

    def redacts(self, target, said: Said, source: str, reason=(), tags=None) -> None:
        """Delete ``said``, and tell of it."""
        said.command, said.source = "REDACT", source
        said.params = [target, f"m{said.stamp}", *reason]
        self.stamp += 1
        self._send(Line("REDACT", said.params, source, {"msgid": f"m{self.stamp}"} | (tags or {})))

    def on_markread(self, line: Line) -> None:
        target = line.params[0]
        if len(line.params) > 1:
            self.marks[target] = max(self.marks.get(target, ""), line.params[1])
        self.say(f"MARKREAD {target} {self.marks.get(target, '*')}")

    def on_join(self, line: Line) -> None:
        super().on_join(line)
        self.say(f"MARKREAD {line.params[0]} {self.marks.get(line.params[0], '*')}")

    def on_search(self, line: Line) -> None:
        wanted = parse_tags(line.params[0])
        self._send(Line("BATCH", ["+s1", "soju.im/search"], "chat", labelled(line)))
        for target, kept in self.history.items():
            for said in kept:
                is_from = wanted.get("from", said.source).lower() in (said.source, said.source.split("!")[0])
                is_in = wanted.get("in", target) == target
                has_text = said.command == "PRIVMSG" and wanted.get("text", "") in said.params[1]
                if is_from and is_in and has_text:
                    self._send(Line("PRIVMSG", said.params, said.source, said.tags | {"batch": "s1"}))
        self.say("BATCH -s1")

    def other_tags(self, channel: str, tags: dict[str, str], nick: str = "bob") -> None:
        """Someone else sends a TAGMSG."""
        said = self._keep(channel, f"{nick}!b@there", "TAGMSG", [channel])
        said.client_tags = tags
        if channel in self.joined:
            self._send(Line("TAGMSG", [channel], said.source, said.tags))

    def fails(self, line: Line, *words: str) -> None:
        self._send(Line("FAIL", [line.command, *words], "chat", labelled(line)))

    def _send(self, line: Line) -> None:
        if "\n" not in (line.params[-1] if line.params else ""):
            super()._send(line)
            return
        outer = {"batch": line.tags["batch"]} if "batch" in line.tags else {}
        self.sent_batches += 1
        reference = f"y{self.sent_batches}"
        opening = Line("BATCH", [f"+{reference}", "draft/multiline", line.params[0]], line.source, line.tags)
        self.out.append(format_line(opening))
        for text in line.params[1].split("\n"):
            inner = Line("PRIVMSG", [line.params[0], text], line.source, {"batch": reference})
            self.out.append(format_line(inner))
        self.out.append(format_line(Line("BATCH", [f"-{reference}"], "chat", outer)))


def labelled(line: Line) -> dict[str, str]:
    return {"label": line.tags["label"]} if "label" in line.tags else {}
