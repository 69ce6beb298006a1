"""The command line of chat-server: help, versions, settings, and mistakes told in words."""

from __future__ import annotations

import socket

import pytest

from chatapp import __version__, cli
from chatapp.core.ports import StoreError
from chatapp.server import main as server_main
from chatapp.server.verbs.table import VERBS


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Nothing of this machine's, and nothing that a test sets here outlives it."""
    for name in ("LANGUAGE", "LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(name, "C")
    monkeypatch.delenv("LANGUAGE")


@pytest.fixture
def started(monkeypatch):
    """The settings that servers were started with; none really starts."""
    configs = []

    def note(config, read, open_screen=None):
        configs.append(config)
        assert read() == config
        return 0

    monkeypatch.setattr(server_main, "run", note)
    return configs


def exit_code(call, *args):
    with pytest.raises(SystemExit) as end:
        call(list(args))
    return end.value.code


@pytest.mark.parametrize(
    "flag", ["--config", "--host", "--port", "--name", "--data-dir", "--public", "--log-level", "--lang"]
)
def test_help_tells_of_every_flag(flag, capsys):
    assert exit_code(cli.server, "--help") == 0

    printed = capsys.readouterr()
    assert flag in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("program", ["server", "client"])
def test_version(program, capsys):
    assert exit_code(getattr(cli, program), "--version") == 0
    assert capsys.readouterr().out == f"chat-{program} {__version__}\n"


@pytest.mark.parametrize(
    ("program", "args", "told"),
    [
        (cli.server, ["--colour"], "there is no --colour; see --help"),
        (cli.server, ["--prot", "3"], "there is no --prot; did you mean --port?"),
        (cli.server, ["--prot=3"], "there is no --prot=3; did you mean --port?"),
        (
            cli.server,
            ["serve"],
            f"there is no command serve; there are {', '.join(verb.name for verb in VERBS)}, "
            "and otherwise flags alone",
        ),
        (cli.server, ["doctr"], "there is no command doctr; did you mean doctor?"),
        (cli.client, ["--nmae", "Ana"], "there is no --nmae; did you mean --name?"),
        (cli.client, ["Ana"], "Ana is one word too many; see --help"),
    ],
)
def test_what_there_is_no_flag_for(program, args, told, capsys, started):
    assert exit_code(program, *args) == 2

    assert capsys.readouterr().err.endswith(f" {told}\n")
    assert started == []


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--port", "http"], ["port", "0 to 65535", "'http'"]),
        (["--port", "70000"], ["port", "0 to 65535"]),
        (["--name", "two words"], ["name", "letters"]),
        (["--log-level", "warn"], ["level", "did you mean warning?"]),
        (["--config", "no-such.toml"], ["no-such.toml", "cannot be read"]),
    ],
)
def test_a_mistake_is_one_clear_line(args, words, capsys, started):
    assert cli.server(args) == 2

    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert all(word in printed.err for word in words), printed.err
    assert "Traceback" not in printed.err
    assert started == []


def test_flags_override_the_environment_and_that_overrides_the_file(tmp_path, monkeypatch, started):
    file = tmp_path / "chat-server.toml"
    file.write_text('[server]\nname = "file"\nnetwork = "File"\n[[listener]]\nport = 1\nhost = "file"\n')
    monkeypatch.setenv("CHATAPP_SERVER__NAME", "environ")
    monkeypatch.setenv("CHATAPP_LISTENER__PORT", "2")

    assert cli.server(["--config", str(file), "--port", "3", "--data-dir", ":memory:"]) == 0

    (config,) = started
    assert (config.rules.server.network, config.rules.server.name) == ("File", "environ")
    assert [(each.host, each.port) for each in config.listeners] == [("file", 3)]
    assert config.data.data_dir == ":memory:"
    assert not config.rules.server.public


def test_public_is_a_flag_that_only_opens(monkeypatch, started):
    monkeypatch.setenv("CHATAPP_SERVER__PUBLIC", "true")
    cli.server([])
    monkeypatch.setenv("CHATAPP_SERVER__PUBLIC", "false")
    cli.server([])
    cli.server(["--public"])

    assert [config.rules.server.public for config in started] == [True, False, True]


def test_python_m_chatapp_names_its_programs(capsys):
    assert cli.main(["dance"]) == 2
    assert cli.main([]) == 2
    assert capsys.readouterr().err == "usage: python -m chatapp server|client|bench ...\n" * 2


def test_python_m_chatapp_server_is_chat_server(started):
    assert cli.main(["server", "--port", "0"]) == 0
    assert started[0].listeners[0].port == 0


def test_a_port_in_use_is_one_sentence_and_no_success(tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        assert cli.server(["--host", "127.0.0.1", "--port", port, "--data-dir", str(tmp_path)]) == 1

    printed = capsys.readouterr().err
    assert printed.startswith(f"Cannot listen at 127.0.0.1 {port}: the port is in use, ")
    assert printed.count("\n") == 1


def test_a_host_that_is_not_there_is_one_sentence(tmp_path, capsys):
    assert cli.server(["--host", "no.such.host.invalid", "--data-dir", str(tmp_path)]) == 1

    printed = capsys.readouterr().err
    assert printed.startswith("Cannot listen at no.such.host.invalid 12345: ")
    assert printed.count("\n") == 1


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("not a folder")

    assert cli.server(["--port", "0", "--data-dir", str(file)]) == 1

    printed = capsys.readouterr().err
    assert printed.startswith(f"{file}: the data needs a folder")
    assert printed.count("\n") == 1


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CHATAPP_LOG__TO", str(tmp_path / "no" / "log"))

    assert cli.server(["--port", "0", "--data-dir", ":memory:"]) == 1

    printed = capsys.readouterr().err
    assert printed.startswith("Cannot write the log to ")
    assert "Errno" not in printed
    assert printed.count("\n") == 1


def test_why_it_stopped_is_told_beside_a_log_of_its_own(tmp_path, capsys, monkeypatch):
    async def fail(*_about):
        raise StoreError("the disk is full")

    monkeypatch.setattr(server_main, "_serve", fail)
    monkeypatch.setenv("CHATAPP_LOG__TO", str(tmp_path / "log"))

    assert cli.server(["--port", "0", "--data-dir", ":memory:"]) == 1

    assert capsys.readouterr().err == "the disk is full\n"
    assert "the disk is full" in (tmp_path / "log").read_text("utf-8")
