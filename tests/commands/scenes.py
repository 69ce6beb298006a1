"""How several stories begin, and how their answers are read."""

from __future__ import annotations

from dialogue import NEW_YEAR, Table

from chatapp.core.stamp import time_of

NOT_IN_IT = "(+n): you are not in it"
ONLY_SOME = "(+m): only some may speak"
BANNED = "(+b): you are banned"
NO_CTCP = "(+C): no CTCP here"


def two(caps=""):
    """Ana, operator of #tea, and Bob in it too."""
    table = Table()
    ana, bob = table.sit("ana", caps), table.sit("bob", caps)
    table.room("#tea", ana, bob)
    return table, ana, bob


def three(caps=""):
    """Ana, operator of #tea; Bob in it; Eve outside."""
    table = Table()
    people = [table.sit(nick, caps) for nick in ("ana", "bob", "eve")]
    table.room("#tea", *people[:2])
    return table, *people


def telling(caps="batch"):
    """Ana and Bob in #tea; Ana has said 0 to 9, a second apart; nobody remembers hearing it."""
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", caps)
    table.room("#tea", ana, bob)
    for n in range(10):
        table.time = NEW_YEAR + n * 1_000_000
        ana.say(f"PRIVMSG #tea :{n}")
    table.later(60)
    bob.hears()
    return table, ana, bob


def at(n):
    """The timestamp of message ``n`` of `telling`."""
    return f"timestamp={time_of(NEW_YEAR + n * 1_000_000)}"


def told(lines):
    """The texts within the one batch that ``lines`` are."""
    opening, *inner, closing = lines
    batch = opening.split(" ")[2][1:]
    assert closing == f":chatapp BATCH -{batch}"
    assert all(line.startswith(f"@batch={batch}") for line in inner)
    return "".join(line.partition(" :")[2].rpartition(":")[2] for line in inner)


def cannot(why, who="bob", room="#tea"):
    """The refusal to let ``who`` speak."""
    return [f":chatapp 404 {who} {room} :Cannot send to channel {why}"]


def kept(table):
    """What history was told to keep: conversation and body."""
    return [(entry.conversation, entry.message.body) for tick in table.store.kept for entry in tick.messages]


METADATA_CAPS = "batch draft/metadata-3"


def two_telling(caps=METADATA_CAPS, settings=None):
    """Ana, operator of #tea, and Bob in it too, with metadata."""
    table = Table(settings)
    ana, bob = table.sit("ana", caps), table.sit("bob", caps)
    table.room("#tea", ana, bob)
    return table, ana, bob


def framed(lines, *about, kind="metadata"):
    """The lines within the one batch that ``lines`` are, without its tag and the server's name."""
    opening, *inner, closing = lines
    name = opening.split(" ")[2][1:]
    assert opening == " ".join([f":chatapp BATCH +{name} {kind}", *about])
    assert closing == f":chatapp BATCH -{name}"
    assert all(line.startswith(f"@batch={name} :chatapp ") for line in inner)
    return [line.partition(" :chatapp ")[2] for line in inner]
