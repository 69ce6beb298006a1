"""What was typed is there at the next start, for its owner alone; and no password is."""

from __future__ import annotations

import stat
import sys

import pytest

from chatapp.client.typed_history import LONGEST, MOST, TRIM_AT, TypedHistory, covered, is_secret

ROOM = "localhost/#tea"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "typed"


def test_the_next_start_knows_it(path):
    history = TypedHistory(path)
    for text in ("oi", "tudo bem?", "two\nlines", "\u2028 strange \x00 ones"):
        history.add(ROOM, text)
    history.add("localhost/#other", "elsewhere")

    again = TypedHistory(path)
    assert again.of(ROOM) == ["oi", "tudo bem?", "two\nlines", "\u2028 strange \x00 ones"]
    assert again.of("localhost/#other") == ["elsewhere"]
    assert again.of("localhost/#new") == []


def test_the_same_twice_is_once(path):
    history = TypedHistory(path)
    history.add(ROOM, "oi")
    history.add(ROOM, "oi")
    history.add(ROOM, "")
    assert TypedHistory(path).of(ROOM) == history.of(ROOM) == ["oi"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes here")
def test_only_its_owner_can_read_it(path):
    TypedHistory(path).add(ROOM, "oi")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_file_it_ends_with_the_program(path):
    history = TypedHistory()
    history.add(ROOM, "oi")
    assert history.of(ROOM) == ["oi"]
    history.forget()
    assert not path.exists()


def test_a_spoilt_line_is_passed_over(path):
    path.parent.mkdir()
    path.write_bytes(
        b'["localhost/#tea", "a"]\n["localhost/#tea", 1]\n{}\nrubbish\n\xff\xfe\n["x"]\nnull\n'
        b'["localhost/#tea", "\\ud800"]\n["localhost/#tea", "b"]\n["localhost/#tea", "cut off'
    )
    assert TypedHistory(path).of(ROOM) == ["a", "?", "b"]


def test_it_goes_on_behind_what_a_crash_has_cut(path):
    path.parent.mkdir()
    path.write_bytes(b'["localhost/#tea", "a"]\n["localhost/#tea", "cut off')
    TypedHistory(path).add(ROOM, "b")
    TypedHistory(path).add(ROOM, "c")
    assert TypedHistory(path).of(ROOM) == ["a", "b", "c"]


def test_it_is_bounded_in_memory_and_on_disk(path):
    history = TypedHistory(path)
    for number in range(MOST + 50):
        history.add(ROOM, f"{number} " + "x" * (TRIM_AT // MOST))
    history.add(ROOM, "x" * (LONGEST + 1))
    assert path.stat().st_size > TRIM_AT

    again = TypedHistory(path).of(ROOM)
    assert [text.split()[0] for text in again] == [str(number) for number in range(50, MOST + 50)]
    assert len(path.read_text().splitlines()) == MOST


def test_forgetting_takes_the_file_away(path):
    history = TypedHistory(path)
    history.add(ROOM, "oi")
    history.forget()
    history.add(ROOM, "still here")
    assert not path.exists()
    assert history.of(ROOM) == ["oi", "still here"]

    history.keep()
    history.add(ROOM, "again")
    assert TypedHistory(path).of(ROOM) == ["again"]


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_lost(tmp_path):
    (tmp_path / "file").write_text("")
    history = TypedHistory(tmp_path / "file" / "typed")
    with pytest.raises(OSError):
        history.add(ROOM, "oi")
    assert history.of(ROOM) == ["oi"]


@pytest.mark.parametrize(
    "text",
    [
        "/login secret",
        "/REGISTER a@b.example secret",
        "/owner 1234",
        "/join #ops key",
        "/j #ops key",
        "/msg NickServ identify secret",
        "/query ChanServ x",
        "/quote PASS secret",
        "/raw AUTHENTICATE abc",
        "/quote PRIVMSG NickServ :identify x",
        "/mode #tea +k secret",
        "/ns identify secret",
        "/set password x",
    ],
)
def test_passwords_are_not_kept(text):
    assert is_secret("#tea", text)


@pytest.mark.parametrize(
    "text",
    [
        "oi",
        "/me waves",
        "/join #ops",
        "/login",
        "/mode #tea +o bia",
        "/quote PING x",
        "/quote PRIVMSG #tea :oi",
        "//login x",
        "/",
        "/set theme dark",
    ],
)
def test_everything_else_is(text):
    assert not is_secret("#tea", text)


def test_nothing_said_to_a_service_is():
    assert is_secret("NickServ", "identify secret")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/login s3gredo", "/login *******"),
        ("/register ana@example.org a b", "/register *************** * *"),
        ("/login", "/login"),
        ("/me login x", "/me login x"),
        ("login x", "login x"),
    ],
)
def test_a_password_is_covered_while_it_is_typed(text, shown):
    assert covered(text) == shown
    assert len(covered(text)) == len(text)
