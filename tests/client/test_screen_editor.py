"""Writing in one's own editor: what is typed goes there and comes back, and nothing is lost or sent."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys

import noticing
import pytest
from client.desk import at_the_desk

from chatapp.client.screen.editor import LONGEST, NotEdited, edit, editor_command

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the editors of these tests are shell scripts"
)


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Makes an editor of a shell script; ``$1`` is the file."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    def make(script):
        path = tmp_path / "an editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        return {"EDITOR": f"'{path}'"}

    make.files = tmp_path / "tmp"
    return make


def after(text, environ):
    return asyncio.run(edit(text, environ))


def test_the_text_goes_there_and_comes_back(editor, tmp_path):
    environ = editor(f'cp "$1" {tmp_path}/seen; printf "changed\\ntwo\\n" > "$1"')
    assert after("olá\nhalf", environ) == "changed\ntwo\n"
    assert (tmp_path / "seen").read_text("utf-8") == "olá\nhalf\n"


def test_nobody_else_may_read_it_and_it_is_gone_afterwards(editor, tmp_path):
    after("secret", editor(f'cp -p "$1" {tmp_path}/seen'))
    assert stat.S_IMODE((tmp_path / "seen").stat().st_mode) == 0o600
    assert list(editor.files.iterdir()) == []


@pytest.mark.parametrize(
    "script", ["exit 3", "kill -9 $$", 'rm "$1"', f'head -c {LONGEST + 1} /dev/zero > "$1"']
)
def test_where_it_fails_there_is_no_new_text_and_no_file(editor, script):
    with pytest.raises(NotEdited):
        after("half", editor(script))
    assert list(editor.files.iterdir()) == []


def test_the_signals_of_keys_are_the_editors_until_it_has_ended(editor, tmp_path):
    heard, go = [], tmp_path / "go"
    os.mkfifo(go)
    environ = editor(f"read line < {go}; kill -INT $PPID; kill -QUIT $PPID; kill -INT $$")

    async def story():
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, heard.append, "SIGINT")
        editing = asyncio.create_task(edit("half", environ))
        await noticing.until(lambda: signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
        await asyncio.to_thread(go.write_text, "go\n")
        with pytest.raises(NotEdited):
            await editing
        await noticing.turn()
        assert heard == []
        signal.raise_signal(signal.SIGINT)
        await noticing.until(lambda: heard)
        loop.remove_signal_handler(signal.SIGINT)

    noticing.run(story())
    assert heard == ["SIGINT"]


def test_strange_bytes_are_text(editor):
    assert after("", editor(r'''printf '\357\273\277a\000\377\n' > "$1"''')) == "a\0\ufffd\n"


@pytest.mark.parametrize(
    "named", ["/no/such/editor", "'unbalanced", " ", "/etc/passwd", "no-such-\x1b[31m-editor"]
)
def test_an_editor_that_is_none(editor, named):
    with pytest.raises(NotEdited) as told:
        after("half", {"EDITOR": named})
    assert str(told.value).isprintable()
    assert list(editor.files.iterdir()) == []


def test_visual_comes_before_editor_and_both_may_have_options():
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor_command({"VISUAL": "", "EDITOR": "emacs -nw"}) == ["emacs", "-nw"]


def test_without_a_name_the_usual_ones_are_tried(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: name == "vi")
    assert editor_command({}) == ["vi"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(NotEdited, match="EDITOR"):
        editor_command({})


CTRL_X_CTRL_E = "\x18\x05"


def test_at_the_desk_the_draft_comes_back_and_is_not_sent(editor, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor('printf "one\\ntwo\\n" > "$1"')["EDITOR"])

    async def story(desk):
        await desk.press("h", "i")
        desk.keyboard.send_text(CTRL_X_CTRL_E)
        await desk.until(lambda: desk.typed == "one\ntwo")
        await desk.until(lambda: "2│ two" in desk.text)
        assert desk.said() == []
        await desk.press("!", "\x1f", "\x1f")
        assert desk.typed == "hi"

    at_the_desk(story)


def test_at_the_desk_a_failure_leaves_the_draft_and_says_so(editor, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor('echo rubbish > "$1"; exit 1')["EDITOR"])

    async def story(desk):
        await desk.press("h", "i")
        desk.keyboard.send_text(CTRL_X_CTRL_E)
        await desk.until(lambda: "The editor has failed" in desk.text)
        await desk.press("!")
        assert (desk.typed, desk.said()) == ("hi!", [])

    at_the_desk(story)
