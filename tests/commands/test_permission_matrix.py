"""One table: who may see what, on every path that shows it. Live and every other path agree.

A *viewer* stands to the room #room, or to a conversation, in one of the ways below; a *path* is a way to see
something. What a viewer may know of is one of the *secrets*: every path to one gives the same answer.
"""

from __future__ import annotations

import re

import pytest
from dialogue import Table

from chatapp.core.stamp import time_of

CAPS = (
    "batch message-tags echo-message draft/event-playback draft/message-redaction draft/metadata-3 "
    "soju.im/search extended-join away-notify"
)
WORDS = "xyzzy"


class Scene:
    """Ana runs #room and says something there; ``viewer`` is Vi. ``heard`` is what Vi heard live of it."""

    def __init__(self, prepare):
        self.table = Table()
        self.ana, self.bob, self.viewer = (self.table.sit(nick, CAPS) for nick in ("ana", "bob", "vi"))
        self.table.room("#room", self.ana, self.bob)
        self.ana.say("METADATA #room SET url :plugh")
        self.viewer.say("METADATA * SUB url")
        self.table.later(60)
        prepare(self)
        self.viewer.hears()
        self.before = self.table.time
        self.table.later(60)
        (echo,) = [line for line in self.ana.asks(f"PRIVMSG #room :{WORDS}") if WORDS in line]
        self.msgid = re.search("msgid=([^; ]+)", echo)[1]
        self.table.later(60)
        self.heard = self.viewer.hears()

    def asks(self, *lines):
        return "\n".join(self.viewer.asks(*lines))


# How a viewer stands to the room


def member(scene):
    scene.viewer.say("JOIN #room")


def audience(scene):
    scene.ana.say("MODE #room +u")
    scene.viewer.say("JOIN #room")


def muted(scene):
    member(scene)
    scene.ana.say("MODE #room +b m:vi!*@*")


def banned_within(scene):
    member(scene)
    scene.ana.say("MODE #room +b vi!*@*")


def secret_member(scene):
    scene.ana.say("MODE #room +s")
    member(scene)


def outsider(scene):
    pass


def banned(scene):
    scene.ana.say("MODE #room +b vi!*@*")


def invited(scene):
    scene.ana.say("MODE #room +i", "INVITE vi #room")


def uninvited(scene):
    scene.ana.say("MODE #room +i")


def without_key(scene):
    scene.ana.say("MODE #room +k key")


def stranger_to_a_secret_room(scene):
    scene.ana.say("MODE #room +s", "MODE ana +i")


def left(scene):
    scene.viewer.say("JOIN #room", "PART #room")


def kicked(scene):
    member(scene)
    scene.ana.say("KICK #room vi")


def kicked_and_banned_from_a_secret_room(scene):
    stranger_to_a_secret_room(scene)
    kicked(scene)
    scene.ana.say("MODE #room +b vi!*@*")


#: For each viewer: whether they may know what is said in the room, that there is it, who is in it, what it
#: tells of itself.
VIEWERS = {
    member: "words room people metadata",
    audience: "words room metadata",
    muted: "words room people metadata",
    banned_within: "words room people metadata",
    secret_member: "words room people metadata",
    outsider: "room people metadata",
    banned: "room people",
    invited: "room people",
    uninvited: "room people",
    without_key: "room people",
    stranger_to_a_secret_room: "",
    left: "room people metadata",
    kicked: "room people metadata",
    kicked_and_banned_from_a_secret_room: "",
}


# The paths to each secret


def chathistory(subcommand):
    def path(scene):
        msgid = int(scene.msgid, 32)
        earlier, later = (f"timestamp={time_of(stamp)}" for stamp in (msgid - 1000, msgid + 1000))
        arguments = {
            "LATEST": "*",
            "BEFORE": later,
            "AFTER": earlier,
            "AROUND": f"msgid={scene.msgid}",
            "BETWEEN": f"{earlier} {later}",
        }[subcommand]
        return WORDS in scene.asks(f"CHATHISTORY {subcommand} #room {arguments} 50")

    return path


def live(scene):
    return any(WORDS in line for line in scene.heard)


def search(scene):
    return scene.msgid in scene.asks(f"SEARCH text={WORDS}")


def search_there(scene):
    return scene.msgid in scene.asks(f"SEARCH in=#room;text={WORDS}")


def search_all(scene):
    return scene.msgid in scene.asks("SEARCH from=ana")


def targets(scene):
    start, end = (f"timestamp={time_of(stamp)}" for stamp in (scene.before, scene.table.time))
    return " TARGETS #room " in scene.asks(f"CHATHISTORY TARGETS {start} {end} 50")


def redact(scene):
    return "INVALID_TARGET" not in scene.asks(f"REDACT #room {scene.msgid}")


def list_(scene):
    return "#room" in scene.asks("LIST")


def list_named(scene):
    return " 322 " in scene.asks("LIST #room")


def whois_channels(scene):
    return "#room" in scene.asks("WHOIS ana")


def names(scene):
    return "bob" in scene.asks("NAMES #room")


def who(scene):
    return "bob" in scene.asks("WHO #room")


def get(scene):
    return "plugh" in scene.asks("METADATA #room GET url")


def list_metadata(scene):
    return "plugh" in scene.asks("METADATA #room LIST")


def sync(scene):
    return "plugh" in scene.asks("METADATA #room SYNC")


FORMS = {form: chathistory(form) for form in ("LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN")}
PATHS = {
    "words": {
        "live": live,
        **FORMS,
        "SEARCH": search,
        "SEARCH in": search_there,
        "SEARCH from": search_all,
        "TARGETS": targets,
        "REDACT": redact,
    },
    "room": {"LIST": list_, "LIST #room": list_named, "WHOIS": whois_channels},
    "people": {"NAMES": names, "WHO": who},
    "metadata": {"GET": get, "LIST": list_metadata, "SYNC": sync},
}


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.__name__)
@pytest.mark.parametrize(
    ("secret", "path"), [(secret, path) for secret, paths in PATHS.items() for path in paths]
)
def test_every_path_agrees(viewer, secret, path):
    scene = Scene(viewer)

    assert PATHS[secret][path](scene) is (secret in VIEWERS[viewer].split())


# Other rights than to read


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.__name__)
def test_nobody_but_the_author_and_operators_takes_it_back(viewer):
    scene = Scene(viewer)

    assert f"REDACT #room {scene.msgid}\n" not in scene.asks(f"REDACT #room {scene.msgid}") + "\n"
    assert WORDS in "".join(scene.bob.asks("CHATHISTORY LATEST #room * 50"))


@pytest.mark.parametrize(
    "path", [path for path in PATHS["words"] if path not in ("live", "TARGETS", "REDACT")]
)
def test_what_was_taken_back_is_on_no_path(path):
    scene = Scene(member)
    scene.ana.say(f"REDACT #room {scene.msgid}")

    assert not PATHS["words"][path](scene)


@pytest.mark.parametrize("step", ["read", "search", "latest_of", "conversations_of"])
@pytest.mark.parametrize("path", [path for path in PATHS["words"] if path != "live"])
def test_who_is_put_out_while_the_store_is_read_gets_none(path, step):
    scene = Scene(member)
    store = scene.table.store
    real = getattr(store, step)

    async def kicked_meanwhile(*about):
        setattr(store, step, real)
        scene.ana.say("KICK #room vi")
        return await real(*about)

    setattr(store, step, kicked_meanwhile)
    found = PATHS["words"][path](scene)
    was_kicked = getattr(store, step) == real
    assert found is not was_kicked


# People, wherever they are


def invisible(scene):
    scene.bob.say("MODE bob +i")


def shares_a_room(scene):
    invisible(scene)
    member(scene)


def visible(scene):
    pass


def who_mask(scene):
    return "bob" in scene.asks("WHO b*")


def who_everyone(scene):
    return " bob " in scene.asks("WHO *")


@pytest.mark.parametrize(("viewer", "finds"), [(visible, True), (invisible, False), (shares_a_room, True)])
@pytest.mark.parametrize("path", [who_mask, who_everyone])
def test_who_is_invisible_is_not_found_by_a_mask(viewer, finds, path):
    assert path(Scene(viewer)) is finds


@pytest.mark.parametrize("viewer", [visible, invisible, stranger_to_a_secret_room])
@pytest.mark.parametrize(
    ("asked", "shown"),
    [("WHOIS bob", " 311 "), ("MONITOR + bob", " 730 "), ("WHO bob", " 352 "), ("WHOWAS gone", " 314 ")],
)
def test_who_knows_a_nick_may_ask_for_it(viewer, asked, shown):
    scene = Scene(viewer)
    scene.table.sit("gone").say("QUIT")

    told = scene.asks(asked)
    assert shown in told
    assert ("#room" in told) is (viewer is visible and asked == "WHOIS bob")


# Between two


def direct_paths(person, other):
    """Everywhere that ``person`` could see what was said with ``other``."""
    earlier, later = "timestamp=2000-01-01T00:00:00.000Z", "timestamp=2200-01-01T00:00:00.000Z"
    lines = [
        f"CHATHISTORY LATEST {other} * 50",
        f"CHATHISTORY BEFORE {other} {later} 50",
        f"CHATHISTORY AFTER {other} {earlier} 50",
        f"CHATHISTORY BETWEEN {other} {earlier} {later} 50",
        f"SEARCH text={WORDS}",
        f"SEARCH in={other}",
    ]
    answers = {line: any(WORDS in heard for heard in person.asks(line)) for line in lines}
    targets = person.asks(f"CHATHISTORY TARGETS {earlier} {later} 50")
    return answers | {"TARGETS": any(f" TARGETS {other} " in line for line in targets)}


def agree(answers, expected):
    assert answers == dict.fromkeys(answers, expected)


def test_both_parties_see_what_they_said_and_nobody_else_does():
    table = Table()
    ana, bob, eve = (table.sit(nick, CAPS) for nick in ("ana", "bob", "eve"))
    ana.say(f"PRIVMSG bob :{WORDS}")

    assert WORDS in "".join(bob.hears())
    agree(direct_paths(ana, "bob"), True)
    agree(direct_paths(bob, "ana"), True)
    for other in ("ana", "bob"):
        agree(direct_paths(eve, other), False)


@pytest.mark.parametrize("gone", ["ana", "bob"])
def test_who_has_the_nick_next_sees_none_of_it(gone):
    table = Table()
    people = {nick: table.sit(nick, CAPS) for nick in ("ana", "bob")}
    people["ana"].say(f"PRIVMSG bob :{WORDS}")
    people[gone].leaves()
    other = "bob" if gone == "ana" else "ana"

    agree(direct_paths(table.sit(gone, CAPS), other), False)
    agree(direct_paths(people[other], gone), True)


def test_what_someone_does_not_take_neither_they_nor_the_sender_have():
    table = Table()
    bob, eve = table.sit("bob", CAPS), table.sit("eve", CAPS)
    bob.say("MODE bob +R")

    assert " 477 " in eve.asks(f"PRIVMSG bob :{WORDS}")[0]
    assert WORDS not in "".join(bob.hears())
    agree(direct_paths(bob, "eve"), False)
    agree(direct_paths(eve, "bob"), False)


def test_what_was_taken_back_neither_party_has():
    table = Table()
    ana, bob = table.sit("ana", CAPS), table.sit("bob", CAPS)
    (echo,) = ana.asks(f"PRIVMSG bob :{WORDS}")
    ana.say(f"REDACT bob {re.search('msgid=([^; ]+)', echo)[1]}")

    for person, other in ((ana, "bob"), (bob, "ana")):
        agree(direct_paths(person, other), False)
