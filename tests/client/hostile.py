"""Lines of a server that means harm, and what of them must never reach a terminal."""

from __future__ import annotations

import re

#: An ESC or a C1 control with this number in it can only be theirs.
MARK = "6666"
HOSTILE = (
    f"\x1b[{MARK}mA\x1b[{MARK};{MARK}HB\x1b]{MARK};own\x07C\x1bP{MARK}\x1b\\D\x1b_{MARK}\x1b\\\x1b^{MARK}\x1b\\"
    f"\x9b{MARK}mE\x9d{MARK};own\x9cF\x90{MARK}\x9c\x1b]52;c;{MARK}\x07\x1b]8;;http://{MARK}\x1b\\"
    "\x05\x07\x08\x0b\x0c\x0e\x0f\x7f\x85"
    "\u202a\u202b\u202d\u202eG\u2066\u2067\u2068\u200b\u200e\u200f\u2060\ufeff\u00ad\u2028\u2029"
    "\U000e0001\U000e0041\ufdd0\ufffe\U0001ffff\ufff9\u061c\u180e"
    "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c"
)
#: In names and single parameters.
WORD = HOSTILE.replace(" ", "").replace(":", "").replace(",", "").replace("!", "").replace("@", "")

_OWN = re.compile(
    "\x1b\\[[?<>=]?[0-9;:]*[ $]?[@-~]"
    "|\x1b\\](?:0|2|8|9|10|11|22|52|777|1337);[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\\\)"
    # The bell is ours where it stands alone, beside another sequence.
    "|(?<=\x1b\\\\)\x07|\x07(?=\x1b)|\x1b[78=>cDEHMNZ]|\x1b[()][0-9A-B]"
)
_WORDS = re.compile("\x1b\\](?:0|2|9|777);[^\x1b]{0,400}\x1b")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSEEN = re.compile(
    "[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2065\u180e\ufeff\u00ad\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\U0001fffe\U0001ffff]"
)
_ZALGO = re.compile("[\u0300-\u036f]{4}")


def numerics(bad, word):
    """Every numeric that a server can send, hostile in each of its fields."""
    who = f"{word}!{word}@{word}"
    replies = (
        *(
            f"{n} Ana :{bad}"
            for n in ("001", "002", "003", "251", "255", "305", "306", "372", "375", "376", "422")
        ),
        f"004 Ana {word} {word} {word} {word}",
        f"005 Ana NETWORK={word} CHANMODES={word} {word}={word} :{bad}",
        f"301 Ana {word} :{bad}",
        f"311 Ana {word} {word} {word} * :{bad}",
        f"312 Ana {word} {word} :{bad}",
        f"313 Ana {word} :{bad}",
        f"317 Ana {word} {word} {word} :{bad}",
        f"318 Ana {word} :{bad}",
        f"319 Ana {word} :#{word} {bad}",
        f"321 Ana {word} :{bad}",
        f"322 Ana #{word} {word} :{bad}",
        f"324 Ana #lobby +{word} {word}",
        f"329 Ana #lobby {word}",
        f"330 Ana {word} {word} :{bad}",
        f"332 Ana #lobby :{bad}",
        f"333 Ana #lobby {word} {word}",
        f"341 Ana {word} #{word}",
        f"352 Ana #{word} {word} {word} {word} {word} {word} :{bad}",
        f"353 Ana = #lobby :{word} @{word} +{word}",
        "366 Ana #lobby :end",
        f"367 Ana #lobby {word} {word} {word}",
        f"378 Ana {word} :{bad}",
        f"401 Ana {word} :{bad}",
        f"404 Ana #{word} :{bad}",
        f"433 Ana {word} :{bad}",
        f"473 Ana #{word} :{bad}",
        f"671 Ana {word} :{bad}",
        f"900 Ana {who} {word} :{bad}",
        f"730 Ana :{who}",
        f"999 Ana {word} :{bad}",
    )
    return [f":{word} {reply}" for reply in replies]


def commands(bad, word):
    """Every other kind of line, hostile in each of its fields."""
    who = f"{word}!{word}@{word}"
    tags = f"@account={word};msgid={word};time={word};+draft/reply={word};+draft/react={word};+typing={word}"
    return (
        f"{tags} :{who} PRIVMSG #lobby :{bad}",
        f"{tags} :{who} TAGMSG #lobby",
        f"@+typing=active :{who} TAGMSG #lobby",
        f"@msgid=t1 :{who} PRIVMSG #lobby :target",
        f"@+draft/react={word};+draft/reply=t1 :{who} TAGMSG #lobby",
        f"@+draft/reply=t1 :{who} PRIVMSG #lobby :{bad}",
        f":{who} REDACT #lobby t1 :{bad}",
        f":{who} PRIVMSG Ana :{bad}",
        f":{who} PRIVMSG #lobby :\x01ACTION {bad}\x01",
        f":{who} PRIVMSG Ana :\x01VERSION {bad}\x01",
        f":{who} NOTICE #lobby :{bad}",
        f":{word} NOTICE Ana :{bad}",
        f":{who} JOIN #lobby {word} :{bad}",
        f":{who} PART #lobby :{bad}",
        f":{who} JOIN #lobby",
        f":{who} QUIT :{bad}",
        f":{who} NICK {word}x",
        f":{who} KICK #lobby {word} :{bad}",
        f":{who} MODE #lobby +o {word}",
        f":{who} MODE #lobby +{word} {word}",
        f":{who} TOPIC #lobby :{bad}",
        f":{who} INVITE Ana #{word}",
        f":{who} SETNAME :{bad}",
        f":{who} AWAY :{bad}",
        f":{who} ACCOUNT {word}",
        f":{who} CHGHOST {word} {word}",
        f":{who} RENAME #lobby #lobby :{bad}",
        f":{who} WALLOPS :{bad}",
        f":small FAIL {word} {word} {word} :{bad}",
        f":small WARN {word} {word} :{bad}",
        f":small NOTE {word} {word} :{bad}",
        f":small CAP Ana NEW :{word}={word}",
        f":small BATCH +{word} {word} {word}",
        f":small {word} {word} :{bad}",
        f":small MARKREAD #lobby timestamp={word}",
        f":Ana!u@h JOIN #{word}",
        f":small 332 Ana #{word} :{bad}",
        f":{who} PRIVMSG #{word} :{bad}",
    )


def theirs(text):
    """What of ``text``, which a terminal was given, cannot be the client's own doing."""
    own = _OWN.findall(text)
    rest = _OWN.sub("", text)
    # A notification and a title hold their words, as text.
    found = [sequence for sequence in own if MARK in sequence and not _WORDS.match(sequence)]
    return found + [
        f"{match[0]!r} in {rest[max(match.start() - 30, 0) : match.end() + 9]!r}"
        for match in (*_CONTROL.finditer(rest), *_UNSEEN.finditer(rest), *_ZALGO.finditer(rest))
    ]
