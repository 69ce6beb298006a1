"""The words for commands, numbered replies and tags that the inspector knows (Modern IRC; IRCv3)."""

from __future__ import annotations

from typing import NamedTuple

from chatapp.irc.catalogue import N_


class About(NamedTuple):
    """A command in a sentence, and each of its parameters; the last explains all others if it ``goes_on``."""

    sentence: str
    params: tuple[str, ...] = ()
    goes_on: bool = False


_ROOM = N_("the room")
_ROOM_KEY = N_("the key of the room, hidden")
_NICK = N_("the name of a person")
_TARGET = N_("the room or the person that it is for")
_TEXT = N_("what is said")
_REASON = N_("the reason, in words")
_TOKEN = N_("a word that comes back in the answer")
_SUBCOMMAND = N_("which part of the exchange this is")
_CAPS = N_("names of capabilities, or the version of the exchange")
_MODES = N_("which modes: + sets, - takes away")
_MODE_VALUES = N_("the values of the modes")
_SECRET = N_("hidden: it may hold a password")
_ACCOUNT = N_("the account, * for none")
_REAL_NAME = N_("the name in full")
_CODE = N_("the kind of trouble, for programs")
_WHAT = N_("what it is about")

#: What we send, and what reads the same in both directions.
COMMANDS: dict[str, About] = {
    "PASS": About(N_("gives the password of the server"), (_SECRET,), True),
    "NICK": About(N_("gives or changes the name of a person"), (N_("the new name"),)),
    "USER": About(
        N_("introduces a new connection"),
        (N_("the user name"), N_("not used any more"), N_("not used any more"), _REAL_NAME),
    ),
    "CAP": About(N_("agrees on capabilities: what both sides understand"), (_SUBCOMMAND, _CAPS), True),
    "AUTHENTICATE": About(
        N_("proves who one is (SASL)"), (N_("the way of proving, or a hidden part of it"),)
    ),
    "REGISTER": About(N_("makes an account"), (_SECRET,), True),
    "VERIFY": About(N_("confirms an account"), (_SECRET,), True),
    "OPER": About(N_("asks for the rights of an operator"), (_SECRET,), True),
    "OWNER": About(N_("asks for the rights of an operator"), (_SECRET,), True),
    "KILL": About(N_("ends the connection of a person"), (_NICK, _REASON)),
    "PING": About(N_("asks whether the other side is there"), (_TOKEN,)),
    "PONG": About(N_("says: I am here"), (_TOKEN,), True),
    "JOIN": About(N_("enters a room"), (_ROOM, _ROOM_KEY)),
    "PART": About(N_("leaves a room"), (_ROOM, _REASON)),
    "QUIT": About(N_("leaves the server"), (_REASON,)),
    "PRIVMSG": About(N_("says something to a room or a person"), (_TARGET, _TEXT)),
    "NOTICE": About(N_("says something that no program answers"), (_TARGET, _TEXT)),
    "TAGMSG": About(N_("carries tags alone, no text"), (_TARGET,)),
    "TOPIC": About(N_("asks for or sets what a room is about"), (_ROOM, N_("the topic"))),
    "NAMES": About(N_("asks who is in a room"), (_ROOM,)),
    "LIST": About(N_("asks which rooms there are"), (_WHAT,)),
    "INVITE": About(N_("asks a person into a room"), (_NICK, _ROOM)),
    "KICK": About(N_("removes a person from a room"), (_ROOM, _NICK, _REASON)),
    "MODE": About(N_("asks for or sets modes"), (_TARGET, _MODES, _MODE_VALUES), True),
    "WHO": About(N_("asks for a list of people"), (_WHAT,), True),
    "WHOIS": About(N_("asks who a person is"), (_NICK,)),
    "AWAY": About(N_("says that one is away, or back again"), (_REASON,)),
    "SETNAME": About(N_("changes the name in full"), (_REAL_NAME,)),
    "CHATHISTORY": About(
        N_("asks for messages of the past"),
        (
            N_("which way to look"),
            _TARGET,
            N_("from which message or moment on"),
            N_("how many at most"),
        ),
    ),
    "REDACT": About(N_("deletes a message for everyone"), (_TARGET, N_("the name of the message"), _REASON)),
    "MARKREAD": About(
        N_("says how far a conversation was read"),
        (_TARGET, N_("when the newest of it was said, * for never")),
    ),
    "SEARCH": About(N_("looks for messages of the past"), (N_("the words, by whom, where, and how many"),)),
    "BATCH": About(
        N_("holds lines together: + begins, - ends"),
        (N_("the name of the batch, as in the tag of its lines"), N_("what kind of lines"), _WHAT),
        True,
    ),
    "ACCOUNT": About(N_("tells that a person has signed in or out"), (_ACCOUNT,)),
    "CHGHOST": About(N_("changes the host that others see"), (N_("the user name"), N_("the host"))),
    "ERROR": About(N_("is the last word of the server before it closes"), (_REASON,)),
    "FAIL": About(N_("says that a command has failed"), (N_("the command"), _CODE, _WHAT), True),
    "WARN": About(N_("warns about a command"), (N_("the command"), _CODE, _WHAT), True),
    "NOTE": About(N_("tells something about a command"), (N_("the command"), _CODE, _WHAT), True),
    "ACK": About(N_("confirms a command that has no other answer")),
}

#: What reads otherwise when it comes from the server.
REPLIES: dict[str, About] = {
    "CAP": About(
        N_("agrees on capabilities: what both sides understand"),
        (N_("whom the answer is for; * before one has a name"), _SUBCOMMAND, _CAPS),
        True,
    ),
    "JOIN": About(N_("enters a room"), (_ROOM, _ACCOUNT, _REAL_NAME)),
    "PONG": About(N_("says: I am here"), (N_("the server"), _TOKEN)),
}

#: Numbered replies; their first parameter is whom they are for, their last mostly words.
NUMERICS: dict[str, str] = {
    "001": N_("welcomes: the sign-in is complete"),
    "002": N_("tells which server this is"),
    "003": N_("tells when the server was started"),
    "004": N_("tells the program of the server and its modes"),
    "005": N_("tells the rules of this server: lengths, prefixes, case"),
    "221": N_("tells one's own modes"),
    "251": N_("tells how many people are here"),
    "252": N_("tells how many operators are here"),
    "253": N_("tells how many connections have no name yet"),
    "254": N_("tells how many rooms there are"),
    "255": N_("tells how many people this server has"),
    "265": N_("tells how many people this server has"),
    "266": N_("tells how many people are here"),
    "301": N_("tells that a person is away"),
    "305": N_("confirms: you are back"),
    "306": N_("confirms: you are away"),
    "311": N_("tells who a person is"),
    "315": N_("ends a list"),
    "318": N_("ends a list"),
    "319": N_("tells which rooms a person is in"),
    "322": N_("tells of a room: name, people, topic"),
    "323": N_("ends a list"),
    "324": N_("tells the modes of a room"),
    "329": N_("tells when a room was made"),
    "331": N_("tells that a room has no topic"),
    "332": N_("tells what a room is about"),
    "333": N_("tells who set the topic, and when"),
    "341": N_("confirms an invitation"),
    "352": N_("tells of a person: room, user name, host, nick"),
    "353": N_("tells who is in a room; @ stands before its operators"),
    "366": N_("ends a list"),
    "372": N_("is a line of the message of the day"),
    "375": N_("begins the message of the day"),
    "376": N_("ends the message of the day"),
    "401": N_("says no: nobody and nothing has this name"),
    "403": N_("says no: there is no such room"),
    "404": N_("says no: one may not speak there"),
    "421": N_("says no: there is no such command"),
    "422": N_("tells that there is no message of the day"),
    "432": N_("says no: this cannot be a name"),
    "433": N_("says no: the name is taken"),
    "442": N_("says no: one is not in that room"),
    "461": N_("says no: a parameter is missing"),
    "464": N_("says no: the password is wrong or missing"),
    "471": N_("says no: the room is full"),
    "473": N_("says no: the room is for the invited"),
    "474": N_("says no: one is banned from the room"),
    "475": N_("says no: the key of the room is wrong or missing"),
    "482": N_("says no: only operators of the room may do this"),
    "900": N_("confirms: you are signed in to an account"),
    "903": N_("confirms: the proof was accepted"),
    "904": N_("says no: the proof was not accepted"),
}

TAGS: dict[str, str] = {
    "time": N_("when the server took it, in UTC (server-time)"),
    "msgid": N_("the name of this one message, to find it again"),
    "label": N_("which question this answers: the number that was sent with it"),
    "batch": N_("the batch that this line belongs to"),
    "account": N_("the account of who said it"),
    "bot": N_("said by a program"),
    "+chatapp/nonce": N_("a random word by which who wrote the message knows it again"),
    "+typing": N_("whether somebody is typing"),
    "+draft/reply": N_("the message that this answers"),
    "+draft/react": N_("a reaction to a message"),
    "+draft/unreact": N_("a reaction that is taken back"),
    "+reply": N_("the message that this answers"),
    "draft/multiline-concat": N_("goes on in the line before"),
}
