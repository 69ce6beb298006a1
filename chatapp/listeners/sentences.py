"""Every numbered reply as a sentence for people; tests/listeners/test_prose.py finds one that is missing.

``{0}`` is the first thing a reply is about, ``{1}`` the next, and so on to its words; ``{nick}`` is who is
told. Some have parts of their own: see `chatapp.listeners.prose`.
"""

from __future__ import annotations

from chatapp.irc.catalogue import N_
from chatapp.irc.refusals import REFUSALS

#: What only programs need: how they are to behave, and where lists begin and end.
SILENT = frozenset(
    {
        *("002", "003", "004", "005", "251", "252", "253", "254", "255", "265", "266", "375", "376", "422"),
        *("396", "903"),
        *("219", "256", "282", "733"),
        *("766", "770", "771", "772", "774"),
        *("315", "318", "323", "337", "347", "349", "365", "366", "368", "369", "374", "706"),
    }
)

#: By code. ``{when}`` is the moment and ``{who}`` the person at the end of a reply, ``{all}`` all of it.
SENTENCES: dict[str, str] = {
    **REFUSALS,
    "001": N_(
        "Welcome, {nick}! Type and press Enter to speak. /help tells what else you can do; exit leaves."
    ),
    "216": N_("Kept away from this server: {1}, by {2} ({4})"),
    "221": N_("Your modes are {0}"),
    "242": N_("For how long: {0}"),
    "243": N_("An operator in the settings: {3} ({4})"),
    "257": N_("About this server: {0}"),
    "258": N_("About this server: {0}"),
    "259": N_("Who runs this server: {0}"),
    "281": N_("You take messages from {0}"),
    "301": N_("{0} is away: {1}"),
    "302": N_("Their addresses: {0}"),
    "303": N_("Of these are here: {0}"),
    "305": N_("You are back: nobody is told any more that you are away"),
    "306": N_("You are away: who writes to you is told so"),
    "311": N_("{0} is {4}, from {2}"),
    "307": N_("{0} is the holder of that name"),
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
    "335": N_("{0} is a program"),
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
    "379": N_("{0} {1}"),
    "381": N_("You are an operator of this server now"),
    "382": N_("The settings are read again"),
    "391": N_("On the server it is {1}"),
    "401": N_("There is nobody called {0} here"),
    "407": N_("That is too many people at once"),
    "409": N_("That was a question without a word to answer it with"),
    "410": N_("There is nothing called {0} to ask the server for"),
    "432": N_("{0} cannot be a name: letters and digits, beginning with a letter, not too long"),
    "451": N_("First say your name"),
    "671": N_("What {0} says and hears is encrypted on its way"),
    "696": N_("{2} is no value for the mode {1} of {0}"),
    "710": N_("{1} asks to be let into {0}"),
    "711": N_("Those who look after {0} know that you would like to come in"),
    "730": N_("Here now: {0}"),
    "731": N_("Not here: {0}"),
    "732": N_("You watch {0}"),
    "760": N_("{0} tells of themselves: {1} is {3}"),
    "761": N_("{0} has {1} as {3}"),
    "704": N_("Help: {1}"),
    "705": N_("Help: {1}"),
    "900": N_("You are logged in as {1}"),
    "901": N_("You are logged out"),
    "908": N_("The ways to log in are {0}"),
}
