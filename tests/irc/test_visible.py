"""What came from a peer, made safe to show: nothing acts on the terminal, nothing hides, spelling stays."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.visible import visible

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
KEPT = {
    "nothing": "",
    "ASCII": "Hello, world! ~",
    "Portuguese": "Olá João, você está aí? Até amanhã",
    "decomposed": "Joa\u0303o",
    "Vietnamese with two marks": "Vie\u0323\u0302t",
    "Arabic with vowels": "مُحَمَّد",
    "Persian with ZWNJ": "می\u200cخواهم",
    "Hindi with ZWJ": "क्\u200dष",
    "Hindi half form": "क्\u200d",
    "Sinhala": "ශ්\u200dරී",
    "Thai": "ที่นี่น้ำ",
    "Burmese": "မြွှေ",
    "Hebrew with points": "שָׁלוֹם",
    "Chinese": "你好，世界",
    "ideographic variant": "葛\U000e0100",
    "Hangul jamo": "\u1112\u1161\u11ab",
    "emoji": "👋🏽 🇧🇷 🎉🎉🎉🎉🎉",
    "emoji with a selector": "❤️ ☎︎",
    "keycap": "1️⃣ #️⃣",
    "family": "👨‍👩‍👧‍👦",
    "profession with a tone": "👩🏽‍⚕️",
    "heart on fire": "❤️‍🔥",
    "rainbow flag": "🏳️‍🌈",
    "pirates": "🏴‍☠️",
    "England": ENGLAND,
    "dashes": "—————— “quoted” …",
    "no-break blank": "10\u00a0000\u202f€",
    "braille": "⠓⠑⠇⠇⠕",
    "private use": "\ue0a0",
}
CHANGED = {
    "escape sequence": ("\x1b[31mred", "␛[31mred"),
    "NUL, BEL and backspace": ("\0\a\b", "␀␇␈"),
    "line ends": ("a\r\nb", "a␍␊b"),
    "tab": ("a\tb", "a    b"),
    "DEL": ("\x7f", "␡"),
    "C1 CSI": ("\x9b31m", "�31m"),
    "NEL and separators": ("a\x85b\u2028c\u2029d", "a␤b␤c␤d"),
    "override": ("abc\u202egpj.exe", "abcgpj.exe"),
    "isolates and embeddings": ("\u2066a\u2069\u202ab\u202c", "ab"),
    "marks of direction": ("a\u200e\u200f\u061cb", "ab"),
    "zero width blank": ("a\u200b\ufeff\u2060\u00adb", "ab"),
    "ZWJ between Latin letters": ("a\u200db", "ab"),
    "ZWNJ between Latin letters": ("a\u200cb", "ab"),
    "ZWJ after Arabic alone": ("م\u200d", "م"),
    "ZWJ after an emoji alone": ("👋\u200d", "👋"),
    "ZWJ between emoji and letter": ("👋\u200da", "👋a"),
    "ZWJ at the start": ("\u200d👋", "👋"),
    "ZWJ twice": ("❤️\u200d\u200d🔥", "❤️\u200d🔥"),
    "tag letters": ("a\U000e0061\U000e0062", "a"),
    "flag without an end": (ENGLAND[:-1], "\U0001f3f4"),
    "flag with too much in it": (ENGLAND[:-1] + "\U000e0061" * 9 + "\U000e007f", "\U0001f3f4"),
    "noncharacters": ("\ufdd0\uffff\U0010ffff", "���"),
    "lone surrogate": ("a\ud800b\udc00", "a�b�"),
    "zalgo": ("z" + "\u0301" * 50 + "a", "z\u0301\u0301\u0301a"),
    "zalgo without a letter": ("\u0301" * 50, "\u0301\u0301\u0301"),
    "zalgo in Thai": ("ก" + "\u0e49" * 20, "ก" + "\u0e49" * 3),
    "marks with ZWJ between": ("क" + "\u094d\u200d" * 9, "क" + "\u094d\u200d" * 3),
    "enclosing marks": ("a" + "\u20dd" * 9, "a" + "\u20dd" * 3),
    "selectors that carry a message": ("😀" + "\ufe0f\U000e0152\U000e0153" * 5, "😀\ufe0f"),
    "selector after a letter": ("a\ufe0fb\U000e0101", "ab"),
    "selector after a tab": ("\t\ufe01", "    "),
    "fillers": ("a\u3164\uffa0\u115f\u1160b", "ab"),
    "grapheme joiner": ("a\u034fb", "ab"),
    "interlinear notes": ("\ufff9a\ufffab\ufffb", "ab"),
    "formatting codes": ("\x02bold\x0f", "␂bold␏"),
    "second escape after text that is fine": ("olá ❤️\x1b]0;x\x07", "olá ❤️␛]0;x␇"),
}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
anything = st.text(
    st.characters() | st.characters(categories=["Cc", "Cf", "Mn", "Me", "Cs", "Zl"])
) | st.lists(
    st.sampled_from(
        [*(text for text, _ in CHANGED.values()), *KEPT.values(), *"\u200d\u200c\ufe0f\u0301\u094dक👋ma\t"]
    )
).map("".join)


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_people_write_stays_as_it_is(text):
    assert visible(text) == text


@pytest.mark.parametrize(("text", "shown"), CHANGED.values(), ids=CHANGED)
def test_what_would_act_or_hide_is_made_visible_or_dropped(text, shown):
    assert visible(text) == shown


@given(anything)
def test_nothing_that_acts_or_hides_comes_through(text):
    shown = visible(text)
    assert not BIDI & set(shown)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not any("\U000e0000" <= char <= "\U000e007f" for char in shown.replace(ENGLAND, ""))
    run = 0
    for char in shown:
        is_mark = unicodedata.category(char) in ("Mn", "Me") and not "\ufe00" <= char <= "\ufe0f"
        run = run + 1 if is_mark and not "\U000e0100" <= char <= "\U000e01ef" else 0
        assert run <= 3
    shown.encode()


@given(anything)
def test_what_is_visible_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_given_back_itself(text):
    assert visible(text) is text


@pytest.mark.slow
def test_no_character_comes_through_that_terminals_act_on():
    for code in range(sys.maxunicode + 1):
        shown = visible("a" + chr(code))
        assert shown[0] == "a"
        assert unicodedata.category(shown[-1]) not in ("Cc", "Cs", "Zl", "Zp")
        assert shown == visible(shown)
