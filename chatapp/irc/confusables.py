"""Names that look alike: the skeleton of a name is the same for all that a person would take for one another.

After Unicode Technical Standard 39, section 4 ("Confusable Detection"), with a table of our own: letters and
digits of other scripts that look like a Latin letter or digit in a terminal's font. Two ASCII names never
look alike (``bob1`` and ``bobl`` are two people), and neither do letters with different accents: the table is
there for the name that nobody could tell from another.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from chatapp.irc.names import fold_unicode

#: For each Latin letter or digit, what looks like it. Capitals are in rows of their own: the small letters of
#: Cyrillic and Greek often look otherwise.
_LOOKS = {
    # small letters: Cyrillic, Greek, Armenian, phonetic and other Latin
    "a": "аɑα",
    "b": "Ььƅ",
    "c": "сϲᴄ",
    "d": "ԁժ",
    "e": "еҽ",
    "f": "ք",
    "g": "ɡցɢ",
    "h": "һհ",
    "i": "іιıɩɪ",
    "j": "јϳ",
    "k": "кκĸᴋ",
    "l": "ӏ",
    "m": "мᴍ",
    "n": "пηոռ",
    "o": "оοօσᴏ",
    "p": "рρ",
    "q": "ԛզգ",
    "r": "гᴦ",
    "s": "ѕꜱ",
    "t": "тτᴛ",
    "u": "υսʋᴜ",
    "v": "ѵνᴠ",
    "w": "ԝшωաᴡ",
    "x": "хχ",
    "y": "уγүʏ",
    "z": "ᴢ",
    # capitals
    "A": "АΑ",
    "B": "ВΒ",
    "C": "СϹ",
    "E": "ЕΕ",
    "F": "Ϝ",
    "G": "Ԍ",
    "H": "НΗ",
    "I": "ІΙӀ",
    "J": "ЈͿ",
    "K": "КΚ",
    "M": "МΜ",
    "N": "Ν",
    "O": "ОΟՕ",
    "P": "РΡ",
    "Q": "Ԛ",
    "S": "ЅՏ",
    "T": "ТΤ",
    "U": "Սꓴ",
    "V": "Ѵ",
    "W": "Ԝ",
    "X": "ХΧ",
    "Y": "УΥҮ",
    "Z": "Ζ",
    # digits
    "0": "٠۰०০੦૦୦௦౦೦൦๐໐၀០᠐",
    "1": "١۱",
    "3": "ЗӠƷʒз",
    "6": "б",
    "8": "Ȣȣ",
}
_TABLE = str.maketrans({look: letter for letter, looks in _LOOKS.items() for look in looks})


@lru_cache(maxsize=8192)  # of the longest names some megabytes
def skeleton(name: str) -> str:
    """What ``name`` has in common with every name that looks like it, and with no other.

    Compares the name as it is shown: Cyrillic ``ВОВ`` looks like ``BOB``, and ``вов`` does not.
    """
    if name.isascii():
        return name.lower()
    plain = unicodedata.normalize("NFKC", name).translate(_TABLE)
    return fold_unicode(plain)
