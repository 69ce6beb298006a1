"""The well-known refusals as sentences for people: our client and the plain face tell them alike."""

from __future__ import annotations

from chatapp.irc.catalogue import N_

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
    "471": N_("{0} is full"),
    "472": N_("There is no mode {0}"),
    "473": N_("{0} is for the invited only"),
    "474": N_("You are banned from {0}"),
    "475": N_("{0} is locked; with its key it opens: /join {0} KEY"),
    "476": N_("{0} cannot be the name of a room"),
    "478": N_("The list of {0} is full"),
    "481": N_("Only the operators of this server may do that"),
    "482": N_("Only the operators of {0} may do that"),
    "501": N_("There is no such mode"),
    "502": N_("You cannot see or change the modes of others"),
    "524": N_("There is no help on {0}"),
}
#: By the words of our server, where a numeric has several reasons.
REASONS: dict[str, str] = {
    "Cannot send to channel (+m): only some may speak": N_("Only some may speak in {0}; ask its operators"),
    "Cannot send to channel (+n): you are not in it": N_("You are not in {0}, and cannot speak there"),
    "Cannot send to channel (+b): you are banned": N_("You are banned from {0}, and cannot speak there"),
    "Cannot send to channel (+b): you are muted": N_("You are muted in {0}: you can read, and not speak"),
    "This takes a higher standing in the channel than yours": N_("Whom that is about stands above you in {0}"),
    "This is not the owner's code, or it has been used": N_(
        "This is not the owner code, or it has been used already"
    ),
    "Too many wrong codes; try again in an hour": N_("Too many wrong codes; try again in an hour"),
    "This is the name of the server": N_("This is the name of the server; take another"),
}
