"""Every numbered reply as a sentence for people; tests/listeners/test_prose.py finds one that is missing.

``{0}`` is the first thing a reply is about, ``{1}`` the next, and so on to its words; ``{nick}`` is who is
told. Some have parts of their own: see `chatapp.listeners.prose`.
"""

from __future__ import annotations

from chatapp.listeners.catalogue import N_

#: What only programs need: how they are to behave, and where lists begin and end.
SILENT = frozenset(
    {
        *("002", "003", "004", "005", "251", "252", "253", "254", "255", "265", "266", "375", "376", "422"),
        *("315", "318", "323", "337", "347", "349", "365", "366", "368", "369", "374", "706"),
    }
)

#: By code. ``{when}`` is the moment and ``{who}`` the person at the end of a reply, ``{all}`` all of it.
SENTENCES: dict[str, str] = {
    "001": N_(
        "Welcome, {nick}! Type and press Enter to speak. /help tells what else you can do; exit leaves."
    ),
    "221": N_("Your modes are {0}"),
    "301": N_("{0} is away: {1}"),
    "302": N_("Their addresses: {0}"),
    "303": N_("Of these are here: {0}"),
    "305": N_("You are back: nobody is told any more that you are away"),
    "306": N_("You are away: who writes to you is told so"),
    "311": N_("{0} is {4}, from {2}"),
    "312": N_("{0} on {1}: {2}"),
    "313": N_("{0} is an operator of this server"),
    "314": N_("{0} was {4}, from {2}"),
    "317": N_("{0} has said nothing for {1} seconds"),
    "319": N_("{0} is in {1}"),
    "324": N_("The modes of {0} are {1}"),
    "329": N_("{0} is there since {when}"),
    "330": N_("{0} is logged in as {1}"),
    "331": N_("{0} has no topic"),
    "332": N_("The topic of {0} is: {1}"),
    "333": N_("{who} set it on {when}"),
    "336": N_("You are invited to {0}"),
    "338": N_("{0} really comes from {2}"),
    "341": N_("{0} is now invited to {1}"),
    "346": N_("{0} lets in without an invitation: {1}"),
    "348": N_("{0} never keeps out: {1}"),
    "351": N_("This server is {0}"),
    "352": N_("{4} is in {0}"),
    "354": N_("Found: {all}"),
    "367": N_("{0} keeps out: {1}"),
    "371": N_("About this server: {0}"),
    "381": N_("You are an operator of this server now"),
    "391": N_("On the server it is {1}"),
    "400": N_("Something went wrong in the server; it has been noted"),
    "401": N_("There is nobody called {0} here"),
    "402": N_("There is no server {0}"),
    "403": N_("There is no room {0}"),
    "404": N_("You may not speak in {0}: you are not in it, or it is closed to you"),
    "405": N_("You are in too many rooms to enter {0}"),
    "406": N_("There was nobody called {0}"),
    "407": N_("That is too many people at once"),
    "409": N_("That was a question without a word to answer it with"),
    "410": N_("There is nothing called {0} to ask the server for"),
    "411": N_("It was not said who is meant"),
    "412": N_("There was no text to send"),
    "417": N_("That was too long; nothing of it was sent"),
    "421": N_("There is no command {0}"),
    "431": N_("It was not said which name"),
    "432": N_("{0} cannot be a name: letters and digits, beginning with a letter, not too long"),
    "433": N_("The name {0} is taken"),
    "441": N_("{0} is not in {1}"),
    "442": N_("You are not in {0}"),
    "443": N_("{0} is in {1} already"),
    "451": N_("First say your name"),
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
    "671": N_("What {0} says and hears is encrypted on its way"),
    "696": N_("{2} is no value for the mode {1} of {0}"),
    "704": N_("Help: {1}"),
    "705": N_("Help: {1}"),
}
