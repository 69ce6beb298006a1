"""Our client when much happens at once: the input line stays the person's, no message is lost from view."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import socket
import threading
import time

import pytest
from interop.house import House
from interop.screens import program
from interop.wire import Wire

pytestmark = pytest.mark.timeout(300)


class Talkative:
    """A program in #lobby that says numbered lines at a pace; a thread reads what it hears and forgets it."""

    def __init__(self, port):
        self._socket = socket.create_connection(("localhost", port), timeout=60)
        self._closed = threading.Event()
        self._say(["NICK robô", "USER r 0 * :r", "JOIN #lobby"])
        threading.Thread(target=self._hear, daemon=True).start()

    def say(self, count, per_second=None):
        """``per_second``: as fast as it goes if there is none."""
        began = time.monotonic()
        for first in range(0, count, 10):
            if per_second:
                self._closed.wait(max(0.0, began + first / per_second - time.monotonic()))
            self._say(f"PRIVMSG #lobby :dito {n:05} ação 🎉" for n in range(first, min(first + 10, count)))

    def _say(self, lines):
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _hear(self):
        with contextlib.suppress(OSError):
            while self._socket.recv(1 << 16):
                pass

    def close(self):
        self._closed.set()
        self._socket.close()


@pytest.fixture
def house(here, monkeypatch):
    monkeypatch.setenv("CHATAPP_LIMITS__FLOOD_PROTECTION", "false")
    here.environment["CHATAPP_LIMITS__FLOOD_PROTECTION"] = "false"
    house = House(here)
    house.open()
    return house


@pytest.fixture
def robot(house):
    with contextlib.closing(Talkative(house.port)) as robot:
        yield robot


@pytest.fixture
def wire(house):
    with contextlib.closing(Wire(house.port)) as wire:
        yield wire


def numbers(text):
    return [int(number) for number in re.findall(r"dito (\d{5}) ação 🎉", text)]


def test_a_storm_of_sizes_in_a_flood_of_messages(house, robot):
    ana = house.client("Ana")
    dice = random.Random(1)
    typed = "ç日本é "
    ana.type(typed)
    flood = threading.Thread(target=robot.say, args=(3000, 1000))

    flood.start()
    for turn in itertools.count():
        if not flood.is_alive():
            break
        ana.resize(dice.randint(1, 120), dice.randint(1, 40))
        if turn % 20 == 0 and len(typed) < 40:
            ana.type("é")
            typed += "é"
    flood.join()
    ana.resize(80, 24)

    def is_whole(text):
        said = numbers(text)
        is_typed = text.rstrip("\n").split("\n")[-1] == f"[#lobby] {typed}"
        return is_typed and bool(said) and said == list(range(3000 - len(said), 3000))

    shown = ana.wait_for(is_whole)
    ana.keys("C-l")
    ana.wait_for(lambda text: text == shown)


def leaf(screen, key, end):
    """What is seen on the way to the page with the number ``end``, with ``key`` pressed for each."""
    seen = set()
    for _page in range(600):
        shown = numbers(screen.text())
        seen.update(shown)
        if end in shown:
            break
        screen.keys(key)
        with contextlib.suppress(AssertionError):  # an older page is on its way: press again
            screen.wait_for(lambda new, old=shown: numbers(new) != old, 1.0)
    return seen


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 50)])
def test_back_to_the_beginning_of_a_long_history(house, robot, size):
    robot.say(600)
    house.client("first").wait_for("dito 00599")
    ana = house.client("Ana", size=size)
    ana.wait_for("dito 00599")
    seen = leaf(ana, "PageUp", 0)
    for _time in range(4):
        if len(seen) < 600:  # pressed again too soon on a busy machine, so that pages were passed unseen
            seen |= leaf(ana, "PageDown", 599) | leaf(ana, "PageUp", 0)

    assert seen == set(range(600))
    ana.keys("C-End")
    ana.wait_for("dito 00599")


def test_the_way_to_the_oldest_message(house, robot):
    robot.say(2500)
    house.client("first").wait_for("dito 02499")
    ana = house.client("Ana")
    ana.wait_for("dito 02499")

    ana.keys("C-Home")

    ana.wait_for("dito 00000")
    ana.keys("C-End")
    ana.wait_for("dito 02499")


def test_cut_off_in_a_flood_nothing_is_missed_or_doubled(here, house, robot, wire):
    where = ["--host", "127.0.0.1", "--port", str(wire.port)]
    ana = here.open("Ana", [program("chat-client"), *where, "--name", "Ana"], (80, 1500))
    ana.wait_for(" online")

    for turn in range(3):
        flood = threading.Thread(target=robot.say, args=(400, 800))
        flood.start()
        ana.wait_for(lambda text, turn=turn: len(numbers(text)) > turn * 400 + 100)
        wire.cut()
        ana.wait_for("offline")
        ana.say(f"dito na pausa {turn}")
        flood.join()
        wire.mend()
        ana.wait_for(lambda text: " online" in text and "waiting" not in text)
        ana.wait_for(lambda text, turn=turn: text.count("dito 00399") == turn + 1)

    text = ana.wait_for(lambda text: "dito na pausa 2" in text)
    assert numbers(text) == list(range(400)) * 3
    assert re.findall(r"dito na pausa (\d)", text) == ["0", "1", "2"]


def test_two_hundred_pasted_lines_are_asked_about_and_sent_in_order(house):
    ana, bruno = house.client("Ana"), house.client("Bruno", size=(80, 230))
    ana.paste("\n".join(f"colado {n:03} até já" for n in range(200)))
    ana.wait_for("colado 199 até já")
    assert "<Ana>" not in bruno.text()

    ana.keys("Enter")
    ana.wait_for("Send 200 lines to #lobby?")
    ana.keys("Enter")

    bruno.wait_for("colado 199 até já")
    said = re.findall(r"colado (\d{3}) até já", bruno.text())
    assert said == [f"{n:03}" for n in range(200)]
    ana.wait_for(lambda text: text.rstrip("\n").endswith("\n[#lobby]"))


def test_a_long_line_arrives_whole(house):
    ana, bruno = house.client("Ana"), house.client("Bruno", size=(200, 50))
    words = " ".join(f"coração-{n:02}" for n in range(140))
    assert len(words) > 1500

    ana.paste(words)
    ana.keys("Enter")
    ana.wait_for(lambda text: "Send" in text or "[#lobby]" in text.split("\n")[-2])
    if "Send" in ana.text():
        ana.keys("Enter")

    bruno.wait_for("coração-139")
    assert re.findall(r"coração-(\d+)", bruno.text()) == [f"{n:02}" for n in range(140)]


@pytest.mark.parametrize("end", [House.crash, House.shut], ids=["killed", "stopped"])
def test_the_server_goes_in_the_middle_of_a_paste(house, end):
    ana, bruno = house.client("Ana"), house.client("Bruno", size=(80, 900))
    ana.wait_for("2 people")
    ana.paste("\n".join(f"colado {n:03} até já" for n in range(400)))
    ana.wait_for("colado 399 até já")
    ana.keys("Enter")
    ana.wait_for("Send 400 lines")
    ana.keys("Enter")

    end(house)
    house.open()

    bruno.wait_for("colado 399 até já")
    late = house.client("Carla", size=(80, 900))
    late.wait_for("colado 399 até já")
    late.keys("C-Home")
    late.wait_for("colado 000 até já")
    for screen in (bruno, late):
        said = re.findall(r"colado (\d{3}) até já", screen.text())
        assert said == [f"{n:03}" for n in range(400)]
