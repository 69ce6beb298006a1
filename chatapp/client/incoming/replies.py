"""Answers and refusals: numerics, and standard replies (IRCv3 standard-replies)."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.incoming.refusals import is_whole, words_of
from chatapp.client.incoming.table import hears
from chatapp.client.model import ConnectionState
from chatapp.irc.catalogue import N_
from chatapp.irc.line import Line
from chatapp.irc.refusals import REFUSALS

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: The channel cannot be entered: no such channel, too many, full, invite only, banned, key, bad name, ...
_NO_ENTRY = frozenset(
    {"403", "405", "407", "437", "448", "470", "471", "473", "474", "475", "476", "477", "479", "489", "520"}
)
#: What a PART is answered where there is nothing to leave.
_NOT_IN = frozenset({"403", "442"})
#: What was said did not get through.
_NOT_SAID = frozenset(
    {"401", "403", "404", "407", "411", "412", "413", "414", "415", "417", "437", "477", "531"}
)
#: Answers to something the person asked, shown where they asked.
# fmt: off
_ASKED = frozenset({
    "216", "242", "243", "257", "258", "259", "281", "302", "303", "307", "311", "312", "313", "314",
    "317", "319", "320", "322", "330", "335", "336",
    "338", "346", "348", "351", "352", "369", "371", "378", "379", "391", "671", "704", "705",
    "706", "711", "732",
})
# fmt: on
#: Ends of lists, and what nobody needs to see: how a server presents itself, but for how many are there.
_SILENT = frozenset(
    [
        "002",
        "003",
        "004",
        "251",
        "253",
        "255",
        "265",
        "219",
        "256",
        "282",
        "315",
        "318",
        "321",
        "323",
        "337",
        "347",
        "349",
        "365",
        "368",
        "374",
        "733",
    ]
)


def numeric(session: Session, line: Line) -> None:
    """A numeric that no other family hears: in words, where it concerns someone."""
    code = line.command
    if code in _SILENT:
        return
    if "400" <= code < "600" or code in REFUSALS:
        refused(session, line)
        return
    words = _WORDS.get(code, "")
    # A room without a topic has nothing after the colon.
    text = _(words).format(*line.params[1:], *[""] * 6).removesuffix(": ") if words else ""
    if not text or len(line.params) <= words.count("{"):
        text = " ".join(line.params[1:])
    session.inform(text, session.origin or (None if code in _ASKED else session.model.server))


def _ask_for_password(session: Session) -> None:
    """Say, once, what a server wants that takes no other."""
    words = _("This server wants a password, or another one: start with --password PASSWORD")
    if words not in session.told:
        session.told.add(words)
        session.complain(words, session.model.current)


def refused(session: Session, line: Line) -> None:
    """An error: in the conversation that it is about, and the message that it refuses has failed."""
    code = line.command
    if code == "464" and session.model.state is not ConnectionState.ONLINE:
        _ask_for_password(session)
        return
    if code in _NOT_IN and not line.tags.get("label") and session.rooms.parted(line.param(1)):
        return
    words = words_of(line)
    if code == "465":  # the connection ends, which is told with why
        session.last_words = words
        return
    buffer = _about(session, line)
    subjects = [param for param in line.params[1:-1] if buffer is None or param != buffer.name]
    if subjects and not is_whole(line):
        words = f"{' '.join(subjects)}: {words}"
    if code == "401" and not session.isupport.is_channel(line.param(1)):
        words = _("Nobody here is called {nick}.").format(nick=line.param(1))
    if buffer is not None and buffer.is_joining and code in _NO_ENTRY:
        session.rooms.not_let_in(buffer, words)
        if code == "470" and line.param(2):
            session.rooms.sent_on(buffer, line.param(2))
    elif not (code in _NOT_SAID and session.speaking.refused(line, buffer, words)):
        session.complain(words, buffer)


@hears("FAIL", "WARN", "NOTE")
def standard_reply(session: Session, line: Line) -> None:
    """FAIL, WARN and NOTE: command, code, what it is about, and words for a person."""
    text = words_of(line)
    if line.command != "FAIL":
        session.inform(text, session.origin or session.model.server)
        return
    if line.param(0).upper() == "SEARCH" and session.reading.searching.refused(
        line.tags.get("label", ""), text
    ):
        return
    if line.param(0).upper() == "CHATHISTORY" and _history_refused(session, line):
        return
    buffer = _about(session, line)
    if not session.speaking.refused(line, buffer, text):
        session.complain(text, buffer)


def _history_refused(session: Session, line: Line) -> bool:
    """A page that we had asked for will not come; whether it was one of ours."""
    label = line.tags.get("label", "")
    if session.reading.quotes.refused(label):
        return True
    for target in [""] if label else line.params[2:-1]:
        request = session.reading.request_of(label, target)
        if request is not None and request.words[1] != request.buffer.name:
            session.reading.ask_again(request)
            return True
        if request is not None:
            session.inform(_("No history: {text}").format(text=words_of(line)), session.model.server)
            session.reading.catchup.refused(request)
            return True
    return False


def _about(session: Session, line: Line) -> Buffer | None:
    """The conversation that an error is about: the room it names, where it was asked for, or the person."""
    found = [buffer for param in line.params[1:-1] if (buffer := session.model.find(param))]
    rooms = [buffer for buffer in found if buffer.kind is BufferKind.CHANNEL]
    return next(iter(rooms), None) or session.origin or next(iter(found), None)


#: By numeric; ``{0}`` is what follows our nick.
_WORDS = {
    "216": N_("{1} is kept away, by {2}: {4}"),
    "221": N_("Your modes are {0}"),
    "252": N_("Operators of the server who are here: {0}"),
    "254": N_("Rooms: {0}; /list shows them, /join enters one"),
    "266": N_("People here: {0}, at most {1} so far"),
    "281": N_("You take messages from {0}"),
    "307": N_("The name {0} is registered, and theirs"),
    "311": N_("{0} is {1}@{2} ({4})"),
    "312": N_("{0} is on {1} ({2})"),
    "313": N_("{0} is an operator of this server"),
    "314": N_("{0} was {1}@{2} ({4})"),
    "317": N_("{0} has been quiet for {1} s"),
    "319": N_("{0} is in {1}"),
    "322": N_("{0} ({1}): {2}"),
    "330": N_("{0} is logged in as {1}"),
    "335": N_("{0} is a program"),
    "338": N_("{0} really comes from {1}"),
    "352": N_("{4} ({1}@{2})"),
    "341": N_("You invited {0} to {1}"),
    "351": N_("{0} {1} {2}"),
    "379": N_("{0} {1}"),
    "381": N_("You are an operator of this server now"),
    "671": N_("What {0} says and hears is encrypted on its way"),
    "710": N_("{1} asks to be let into {0}; /invite lets them in"),
    "711": N_("Those who look after {0} know that you would like to come in"),
    "730": N_("Here now: {0}"),
    "731": N_("Not here: {0}"),
    "732": N_("You watch {0}"),
}
