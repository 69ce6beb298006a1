"""The well-known refusals as sentences for people: our client and the plain face tell them alike."""

from __future__ import annotations

import re
from gettext import gettext as _

from chatapp.irc.catalogue import N_

_NUMBER = re.compile("[0-9]+")

#: By numeric (Modern IRC "Numerics"); ``{0}`` is what follows the nick of who is told, ``{1}`` the next.
REFUSALS: dict[str, str] = {
    "400": N_("Something went wrong in the server; it has been noted"),
    "402": N_("There is no server {0}"),
    "403": N_("There is no room {0}"),
    "404": N_("You may not speak in {0}: you are not in it, or it is closed to you"),
    "405": N_("You are in too many rooms to enter {0}"),
    "406": N_("There was nobody called {0}"),
    "411": N_("It was not said who is meant"),
    "412": N_("There was no text to send"),
    "417": N_("That was too long; nothing of it was sent"),
    "421": N_("There is no command {0}"),
    "431": N_("It was not said which name"),
    "432": N_("{0} cannot be a name here"),
    "433": N_("The name {0} is taken"),
    "441": N_("{0} is not in {1}"),
    "442": N_("You are not in {0}"),
    "443": N_("{0} is in {1} already"),
    "461": N_("Something is missing after {0}"),
    "462": N_("You have said who you are already"),
    "464": N_("The password is wrong or missing"),
    "465": N_("You are banned from this server"),
    "470": N_("{0} is closed to you: you are sent on to {1}"),
    "471": N_("{0} is full"),
    "472": N_("There is no mode {0}"),
    "473": N_("{0} is for the invited only"),
    "474": N_("You are banned from {0}"),
    "475": N_("{0} is locked; with its key it opens: /join {0} KEY"),
    "476": N_("{0} cannot be the name of a room"),
    "477": N_("{0} is for those with an account; log in first"),
    "478": N_("The list of {0} is full"),
    "481": N_("Only the operators of this server may do that"),
    "482": N_("Only the operators of {0} may do that"),
    "491": N_("Nobody becomes an operator of this server by /oper"),
    "501": N_("There is no such mode"),
    "502": N_("You cannot see or change the modes of others"),
    "524": N_("There is no help on {0}"),
    "531": N_("{0} does not take messages like this"),
    "712": N_("You have knocked at {0} already; give them time"),
    "713": N_("{0} is open: just join it"),
    "714": N_("You are in {0} already"),
    "723": N_("This is not among your privileges as an operator"),
    "734": N_("You watch as many names as you may"),
    "904": N_("The login has failed"),
    "905": N_("The login has failed: a part of it was too long"),
    "906": N_("The login was broken off"),
}
#: What ERROR begins with, before the reason.
CLOSING = "Closing link: "
#: Our server's words for a name that is somebody's account.
REGISTERED = "This nick is registered; log in to use it"
#: Our server's words for an account that is nobody's, and for an errand of another version's.
NO_SUCH_ACCOUNT = "There is no such account"
UNKNOWN_ERRAND = "The server does not know how to do that"
#: Our server's words while nothing can be kept.
DISK_FULL = "The server's disk is full: nothing can be said for now"
DISK_GONE = "The server's disk cannot be reached: nothing can be said for now"
#: What it tells everybody, past all that waits, when that begins and when it is over.
DISK_WAITS = "The server's disk does not take what is said. It waits, and nothing is lost"
DISK_GOES_ON = "The server's disk takes what is said again"
#: By the words of our server, where a numeric has several reasons; ``{n}`` is a number in them.
REASONS: dict[str, str] = {
    "Cannot send to channel (+m): only some may speak": N_("Only some may speak in {0}; ask its operators"),
    "Cannot send to channel (+n): you are not in it": N_("You are not in {0}, and cannot speak there"),
    "Cannot send to channel (+b): you are banned": N_("You are banned from {0}, and cannot speak there"),
    "Cannot send to channel (+M): only those with an account may speak": N_(
        "Only those with an account may speak in {0}; log in first"
    ),
    "Cannot send to channel (+R): only those with an account may speak": N_(
        "Only those with an account may speak in {0}; log in first"
    ),
    "Cannot send to channel (+W): slow mode; speak again in {n} s": N_(
        "{0} is in slow mode: you can speak again in {n} s"
    ),
    "They hear only those with an account (+R)": N_("{0} hears only those with an account"),
    "Too many wrong passwords; try again in an hour": N_("Too many wrong passwords; try again in an hour"),
    "Cannot send to channel (+b): you are muted": N_("You are muted in {0}: you can read, and not speak"),
    DISK_FULL: N_("The server's disk is full: nothing can be said for now"),
    DISK_WAITS: N_("The server's disk does not take what is said. It waits, and nothing is lost"),
    DISK_GOES_ON: N_("The server's disk takes what is said again"),
    DISK_GONE: N_("The server's disk cannot be reached: nothing can be said for now"),
    "This takes a higher standing in the channel than yours": N_(
        "Whom that is about stands above you in {0}"
    ),
    "Only the founder may rename the channel": N_("Only who founded {0} may give it another name"),
    "This nick is banned from this server": N_("{0} is a name that is kept away from this server"),
    "This cannot be the name of a channel": N_("This cannot be the name of a room"),
    "The channel has just been renamed": N_("The room has just got another name; try again in a minute"),
    "That is more than ten years; without a duration it is for good": N_(
        "That is more than ten years; without a time it is for good"
    ),
    "This is no address, mask or account": N_("This is no address, no mask and no account"),
    "This account is banned from this server": N_("This account is banned from this server"),
    NO_SUCH_ACCOUNT: N_("There is no such account"),
    UNKNOWN_ERRAND: N_("The server does not know how to do that"),
    "You are banned from this server": N_("You are banned from this server"),
    "The password is wrong or missing": N_("The password is wrong or missing"),
    "the server is going down": N_("the server is going down"),
    "Ping timeout: {n} seconds": N_("nothing was heard from here for {n} seconds"),
    "Registration took too long": N_("coming in took too long"),
    "A line was too long": N_("a line was too long"),
    "Too much was said before registration": N_("too much was said before coming in"),
    "The server made a mistake": N_("the server has made a mistake"),
    "No account here waits to be verified": N_("No account here waits for a code"),
    "Nothing is kept here": N_("This server keeps no history to search"),
    "What was said stays here": N_("This server deletes nothing that was said"),
    "This looks like a nick that somebody has": N_("{0} looks like the name of somebody who is here"),
    "This is not the owner's code, or it has been used": N_(
        "This is not the owner code, or it has been used already"
    ),
    "Too many wrong codes; try again in an hour": N_("Too many wrong codes; try again in an hour"),
    "This is the name of the server": N_("This is the name of the server; take another"),
    "This is the name of a service": N_("This is the name of a service; take another"),
    REGISTERED: N_("The name {0} is registered; log in to use it"),
    "You are connected already, and your account allows one connection": N_(
        "You are connected already, and your account allows one connection at a time"
    ),
    "The name or the password is wrong": N_("The name or the password is wrong"),
    "Your client has shown no certificate, or one with a short key": N_(
        "Your client has shown no certificate, or one with a short key"
    ),
    "Your certificate belongs to no such account": N_(
        "Your certificate does not belong to that account; /msg NickServ CERT ADD mends that once you are in"
    ),
    "The password is wrong": N_("The name or the password is wrong"),
    "Too many wrong passwords; try again in a minute": N_("Too many wrong passwords; try again in a minute"),
    "Too many are logging in just now; try again in a moment": N_(
        "Too many are logging in just now; try again in a moment"
    ),
    "Passwords are for encrypted connections only: connect with TLS": N_(
        "Passwords are for encrypted connections only: connect with TLS"
    ),
    "Other connections share your nick, and their account; leave them, or log in on a new one": N_(
        "Other connections share your name; leave them, or log in on a new one"
    ),
    "Too many accounts were made from your address; try again in an hour": N_(
        "Too many accounts were made from your address; try again in an hour"
    ),
    "There are no accounts on this server": N_("There are no accounts on this server"),
    "Only the operators of this server make accounts": N_("Only the operators of this server make accounts"),
    "This name is registered already": N_("This name is registered already"),
    "Somebody else uses this name now": N_("Somebody else uses this name now"),
    "This name is the server's own": N_("This name is the server's own"),
    "This cannot be the name of an account": N_("This cannot be the name of an account"),
    "This is no e-mail address": N_("This is no e-mail address"),
    "A password has at most {n} bytes, and is not blanks alone": N_(
        "A password has at most {n} bytes, and is not blanks alone"
    ),
}


def reason(said: str) -> tuple[str, str]:
    """The sentence for the words ``said``, "" where it is not known, and the number in them, if any."""
    number = _NUMBER.search(said)
    if number is None:
        return REASONS.get(said, ""), ""
    return REASONS.get(_NUMBER.sub("{n}", said, count=1), ""), number[0]


def sentence(said: str, about: str | None = None) -> str:
    """What our server has ``said``, of the name ``about`` if of any, in the reader's language.

    Where its meaning is not known it stays as it is. Nothing of it is made safe to show.
    """
    words, number = reason(said)
    if not words or (about is None and "{0}" in words):
        return said
    return _(words).format(about, n=number)
