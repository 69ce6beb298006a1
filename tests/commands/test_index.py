"""Everything in the index of the protocol is said by somebody: each command, numeric and FAIL code.

The tour provokes the numerics; what needs more than a table to sit at is asserted in the file named beside.
What other servers say and this one never does is named with the reason.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dialogue import Table
from test_protocol_docs import fails_used, sources

from chatapp.commands.table import COMMANDS
from chatapp.core.settings import LimitSettings, OperatorSettings, ServerSettings, Settings
from chatapp.irc import numerics

TESTS = Path(__file__).parents[1]
ALL = {value.code for value in vars(numerics).values() if isinstance(value, numerics.Numeric)}

#: Said where there is more to it than this tour has; each file asserts the code.
ELSEWHERE = {
    "commands/test_authentication.py": {"900", "903", "904", "905", "906", "908"},
    "commands/test_services.py": {"901"},
    "commands/test_whois.py": {"307", "330", "671"},
    "commands/test_table.py": {"400"},
    "commands/test_capabilities.py": {"410"},
    "commands/test_metadata.py": {"760", "761", "766"},
    "commands/test_subscriptions.py": {"770", "771", "772", "774"},
    "commands/test_bans.py": {"465"},
    "commands/test_cloaks.py": {"396"},
    "server/test_reload.py": {"382"},
}
#: What clients know and this server has no use for.
NEVER = {
    "321": "an empty LIST is one line",
    "364": "which servers belong together is nobody's business",
    "378": "338 says the same",
    "468": "a user name is made of what can be used of it",
    "525": "696 says it",
    "907": "who is logged in may log in anew",
}
INDEX = """
    AUTHENTICATE AWAY BATCH CAP CHATHISTORY HELP HELPOP INFO INVITE JOIN KICK KILL LINKS LIST LUSERS MARKREAD
    METADATA MODE MONITOR NAMES NICK NOTICE OPER PART PASS PING PONG PRIVMSG QUIT REDACT REGISTER RENAME
    SETNAME TAGMSG TIME TOPIC USER USERHOST WALLOPS WHO WHOIS WHOWAS ACCEPT NS CS REHASH
"""


def tour():
    """One afternoon in which all is said; every line that anybody heard."""
    table = Table(
        Settings(
            server=ServerSettings(motd="Welcome"),
            limits=LimitSettings(monitor_entries=2, message_targets=2),
            operators=(OperatorSettings("root", "sesame"),),
        )
    )
    heard = []
    visitor = table.visit()
    heard += visitor.asks("LIST", "NICK", "NICK *", "NICK eve", "USER eve 0 * :Eve", "PASS x")
    ana, bob, carla = (table.sit(nick) for nick in ("ana", "bob", "carla"))
    for speaker, line in AFTERNOON:
        heard += {"ana": ana, "bob": bob, "carla": carla}[speaker].asks(line)
    root = table.sit("root")
    heard += root.asks("OPER root wrong", "OPER root sesame", "STATS k", "STATS o", "STATS u")
    heard += root.asks("KLINE *@bad", "KLINE")
    heard += ana.asks("WHOIS root", "KILL root", "MODE #tea +i")
    heard += carla.asks("KNOCK #tea", "KNOCK #tea", "KNOCK #milk", "INVITE")
    heard += ana.hears()
    return heard


AFTERNOON = [
    ("ana", "JOIN #tea"),
    ("ana", "JOIN #milk"),
    ("ana", "TOPIC #tea"),
    ("ana", "TOPIC #tea :Assam"),
    ("bob", "JOIN #tea"),
    ("bob", "TOPIC #tea"),
    ("bob", "TOPIC #tea :x"),
    ("carla", "TOPIC #none"),
    ("carla", "PRIVMSG #tea :x"),
    ("carla", "PART #tea"),
    ("ana", "KNOCK #tea"),
    ("ana", "MODE #tea"),
    ("ana", "MODE #tea +beI eve eve eve"),
    ("ana", "MODE #tea beI"),
    ("ana", "MODE #tea +x"),
    ("ana", "MODE #tea +l x"),
    ("ana", "MODE #tea +o carla"),
    ("ana", "INVITE bob #tea"),
    ("ana", "INVITE carla #milk"),
    ("carla", "INVITE"),
    ("ana", "MODE #milk +k key"),
    ("bob", "JOIN #milk"),
    ("ana", "MODE #milk -k+i *"),
    ("bob", "JOIN #milk"),
    ("ana", "MODE #milk -i+l 1"),
    ("bob", "JOIN #milk"),
    ("ana", "MODE #milk -l+b bob"),
    ("bob", "JOIN #milk"),
    ("ana", "MODE #milk +f #tea"),
    ("bob", "JOIN #milk"),
    ("ana", "MODE #milk -bf+R bob"),
    ("bob", "JOIN #milk"),
    ("bob", "JOIN bad"),
    ("ana", "PRIVMSG ghost :x"),
    ("ana", "PRIVMSG"),
    ("ana", "PRIVMSG bob"),
    ("ana", "PRIVMSG a,b,c :x"),
    ("ana", f"PRIVMSG bob :{'x' * 490}"),
    ("ana", "AWAY :out"),
    ("bob", "PRIVMSG ana :x"),
    ("ana", "AWAY"),
    ("ana", "MODE ana +BTi"),
    ("bob", "PRIVMSG ana :\x01VERSION\x01"),
    ("ana", "MODE ana"),
    ("ana", "MODE ana +x"),
    ("ana", "MODE bob"),
    ("ana", "WHOIS ana"),
    ("ana", "WHOIS ghost"),
    ("ana", "WHO bob"),
    ("ana", "WHO bob %n"),
    ("ana", "WHOWAS"),
    ("ana", "WHOWAS ghost"),
    ("ana", "NICK anna"),
    ("ana", "NICK bob"),
    ("ana", "WHOWAS ana"),
    ("ana", "NICK ana"),
    ("ana", "USERHOST bob"),
    ("ana", "ISON bob"),
    ("ana", "LIST"),
    ("ana", "LINKS"),
    ("ana", "INFO"),
    ("ana", "ADMIN"),
    ("ana", "TIME"),
    ("ana", "TIME elsewhere"),
    ("ana", "VERSION"),
    ("ana", "HELP"),
    ("ana", "HELP nothing"),
    ("ana", "NONSENSE"),
    ("ana", "PING"),
    ("ana", "JOIN"),
    ("ana", "STATS k"),
    ("ana", "ACCEPT bob,*"),
    ("ana", "MONITOR + bob,ghost,more"),
    ("ana", "MONITOR L"),
    ("ana", "OWNER x"),
    ("ana", "MODE #tea +M"),
]


def codes(lines):
    return {found[1] for line in lines if (found := re.match(r"(?:@\S+ )?:chatapp (\d{3}) ", line))}


def test_every_numeric_is_said_by_somebody():
    on_the_way = codes(tour()) | few_more()

    assert ALL - on_the_way - set().union(*ELSEWHERE.values()) == set()


def few_more():
    """What needs other settings."""
    plain = Table()
    eve = plain.sit("eve")
    heard = eve.asks("MOTD", "OPER a b")
    small = Table(Settings(server=ServerSettings(password="x")))
    heard += small.visit().asks("NICK a", "USER a 0 * :a")
    ana = plain.sit("ana")
    limited = plain.world.settings.channels.list_mode_entries
    ana.asks("JOIN #full")
    for number in range(limited):
        ana.say(f"MODE #full +b x{number}")
    heard += ana.asks("MODE #full +b y")
    for number in range(plain.world.settings.channels.max_per_user):
        eve.say(f"JOIN #r{number}")
    heard += eve.asks("JOIN #more")
    eve.session.user.set_mode("o", True)
    eve.session.user.privileges = frozenset()
    heard += eve.asks("KILL ana")
    return codes(heard)


@pytest.mark.parametrize("file", ELSEWHERE)
def test_what_is_asserted_elsewhere_is(file):
    text = (TESTS / file).read_text("utf-8")

    assert {code for code in ELSEWHERE[file] if not re.search(rf"\b{code}\b", text)} == set()


def test_what_is_never_said_is_not_in_the_code():
    assert not NEVER.keys() & ALL


def test_every_command_of_the_index_is_there_and_every_command_is_used_in_a_test():
    texts = "\n".join(path.read_text("utf-8") for path in sorted((TESTS / "commands").glob("*.py")))

    assert COMMANDS.keys() >= set(INDEX.split())
    assert [name for name in COMMANDS if not re.search(rf"[\"' ]{name}[\"' \\]", texts)] == []


@pytest.mark.slow
def test_every_fail_is_in_a_test():
    texts = "\n".join(path.read_text("utf-8") for path in sorted(TESTS.rglob("*.py")))
    used = {code for tree in sources() for _command, code in fails_used(tree)}

    assert sorted(code for code in used if not re.search(rf"\b{code}\b", texts)) == []


def test_the_tour_would_notice():
    assert codes([":chatapp 001 a :x", "@time=x :chatapp 002 a", ":ana!a@h 003 x"]) == {"001", "002"}
