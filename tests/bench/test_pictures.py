"""Pictures of the screen are whole, and hold text as text."""

from __future__ import annotations

import sys
from xml.dom import minidom

import pyte
import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from bench.pictures import PICTURES, SCENES, svg


def drawn(text):
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(text)
    return minidom.parseString(svg(screen)).documentElement


def test_text_is_escaped_and_in_its_place():
    one, two = drawn("a<b>&c\x1b[1;31mred").getElementsByTagName("text")
    assert one.firstChild.data == "a<b>&c"
    assert two.firstChild.data == "red"
    assert (two.getAttribute("fill"), two.getAttribute("font-weight")) == ("#e06c75", "bold")
    assert float(two.getAttribute("x")) - float(one.getAttribute("x")) == pytest.approx(6 * 8.4)


def test_a_wide_character_takes_two_cells():
    (one, *_blank) = drawn("日x").getElementsByTagName("text")
    assert one.firstChild.data.rstrip() == "日x"
    assert float(one.getAttribute("textLength")) == pytest.approx(20 * 8.4)


def test_other_paper_is_painted():
    papers = [block.getAttribute("fill") for block in drawn("\x1b[44mx").getElementsByTagName("rect")]
    assert papers == ["#1d1f21", "#6fa8dc", "#d8d8d2"]


@pytest.mark.parametrize("name", SCENES)
def test_what_is_kept_is_a_whole_picture(name):
    document = minidom.parse(str(PICTURES / f"{name}.svg")).documentElement
    assert document.tagName == "svg"
    assert "#lobby" in "".join(text.firstChild.data for text in document.getElementsByTagName("text"))
