"""The steps of growth, what is kept of them, and the graph that is drawn."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from chatapp.bench import growth as growing
from chatapp.bench.caller import BenchError
from chatapp.bench.graph import Curve, Panel, decades, draw
from chatapp.bench.growth import COUNTS, Growth, loads_of, measure_growth
from chatapp.bench.main import main
from chatapp.bench.report import Report
from chatapp.bench.ways import PLAIN

SVG = "{http://www.w3.org/2000/svg}"


def figures(speed: float, cpu: float = 0.5, late: float = 2.0) -> dict[str, float]:
    return {"deliveries/s": speed, "server cpu s/million": cpu, "latency p99 ms": late}


def plan(series: str, count: int, which: int):
    load = loads_of(series, count)[which]
    return load.plan(("127.0.0.1", 1), 3, frozenset({"echo-message"}), PLAIN)


@pytest.mark.parametrize("count", COUNTS)
def test_every_step_is_a_plan_that_can_be_done(count):
    room, rooms = plan("room", count, 0), plan("rooms", count, 0)

    assert (room.all_members, room.all_senders) == (count, 10)
    assert (rooms.rooms, rooms.all_members, rooms.all_senders) == (count, count, count)
    assert rooms.caps == ("echo-message",)


def test_the_pace_is_slower_where_each_message_has_many_hearers():
    assert [plan("room", count, 1).rate for count in COUNTS] == [2000, 2000, 200, 20]
    assert [plan("rooms", count, 1).rate for count in COUNTS] == [2000] * 4


def test_what_was_written_is_read_again():
    found = Growth({"system": "Linux"}, {"room-10-speed": figures(5)}, ["a note"], ["a fault"])

    assert Growth.from_json(found.as_json()) == found


@pytest.mark.parametrize("text", ['{"other": 1}', "[]", "nonsense"])
def test_another_file_is_refused(tmp_path, capsys, text):
    file = tmp_path / "other.json"
    file.write_text(text)

    assert main(["growth", "--from", str(file)]) == 2
    assert "chat-bench:" in capsys.readouterr().err


def test_the_table_has_a_line_for_each_step_that_was_measured():
    found = Growth({}, {"room-1000-speed": figures(2_500_000), "room-1000-pace": figures(1, late=3.25)})
    lines = found.as_table().splitlines()

    assert lines[-1] == "| one room of 1,000 | 2.5 M | 0.5 | 3.25 |"
    assert len(lines) == 4


def test_a_curve_leaves_out_what_is_unknown_or_nothing():
    found = Growth({}, {"room-10-speed": figures(7), "room-100-speed": figures(0)})

    assert found.points("room", "deliveries/s", "speed") == [(10, 7.0)]


def test_each_step_is_measured_as_often_as_asked_and_a_failure_is_noted(monkeypatch, tmp_path):
    told: list[str] = []

    def measure(peer, load, seconds, folder, progress):
        told.append(load.name)
        if load.name.startswith("rooms-"):
            raise BenchError("too many")
        return Report(load.name, dict(figures(len(told))), ["lost"] if load.name == "room-10-speed" else [])

    monkeypatch.setattr(growing, "measure", measure)
    found = measure_growth(3, 1, most=100, folder=tmp_path)

    assert told[:4] == ["room-10-speed", "room-10-pace", "room-100-speed", "room-100-pace"]
    assert len(told) == 3 * 8
    assert set(found.figures) == set(told[:4])
    assert found.figures["room-10-speed"]["deliveries/s"] == 9
    assert any("rooms-10-speed" in note and "too many" in note for note in found.notes)
    assert len(found.faults) == 3


@pytest.mark.parametrize(
    ("values", "powers"), [([5], [0, 1]), ([10, 100], [1, 2]), ([0.3, 20], [-1, 0, 1, 2]), ([100], [2, 3])]
)
def test_a_scale_goes_from_a_power_of_ten_to_another(values, powers):
    assert list(decades(values)) == powers


def test_points_stand_where_their_numbers_say():
    panel = Panel("speed", [Curve("a", [(10, 10.0), (1000, 1000.0)]), Curve("b", [(10, 1000.0)])])
    root = ElementTree.fromstring(draw([panel], "about"))
    places = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]
    (left, low), (right, high), other = places

    assert left < right
    assert low > high  # y grows downward
    assert other == (left, high)
    assert [text.text for text in root.iter(f"{SVG}text")].count("1,000") == 1


def test_names_are_escaped_and_told_once():
    panels = [Panel("x", [Curve("a <b>", [(10, 1.0)])]), Panel("y", [Curve("a <b>", [])])]
    root = ElementTree.fromstring(draw(panels, "about & more"))

    assert root.find(f"{SVG}title").text == "about & more"
    assert [text.text for text in root.iter(f"{SVG}text")].count("a <b>") == 1


def test_the_picture_is_made_from_a_file(tmp_path, capsys):
    found = Growth({}, {f"room-{count}-speed": figures(count * 10) for count in COUNTS})
    (tmp_path / "found.json").write_text(found.as_json())
    code = main(["growth", "--from", str(tmp_path / "found.json"), "--svg", str(tmp_path / "found.svg")])

    assert code == 0
    root = ElementTree.fromstring((tmp_path / "found.svg").read_text("utf-8"))
    assert len(list(root.iter(f"{SVG}circle"))) == 2 * len(COUNTS)
    assert "one room of 10,000" in capsys.readouterr().out
