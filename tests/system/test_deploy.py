"""What docs/deploy has for systemd and Docker fits the program, each other, and the page that tells of it."""

from __future__ import annotations

import ast
import configparser
import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from system.server_process import PATIENCE, ServerProcess

from chatapp import cli
from chatapp.server.verbs import table

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("chatapp*"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def unit(name):
    found = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    found.optionxform = str
    found.read_string((DEPLOY / name).read_text("utf-8"))
    return found


def understood(command):
    """The flags of a command line of ``chat-server``, as it takes them itself."""
    program, *args = command
    assert program.endswith("chat-server")
    verb = table.find(args)
    return verb.load().parser().parse_args(args[1:]) if verb else cli._server_parser().parse_args(args)


class TestUnits:
    def test_they_are_all_there(self):
        names = ["chatapp-backup.service", "chatapp-backup.timer", "chatapp.service"]
        assert [path.name for path in UNITS] == names

    @pytest.mark.parametrize("name", ["chatapp.service", "chatapp-backup.service"])
    def test_the_program_understands_its_command_line_and_may_write_where_it_must(self, name):
        service = unit(name)["Service"]
        given = understood(shlex.split(service["ExecStart"]))

        assert given.data_dir == f"/var/lib/{service['StateDirectory']}"
        assert given.config == Path("/etc/chatapp/chat-server.toml")
        if name == "chatapp-backup.service":
            assert str(given.to) == service["ReadWritePaths"]
            assert given.keep == 14

    def test_both_keep_out_of_the_same(self):
        """What the server may not do its backup may not either."""
        server, backup = (dict(unit(f"{name}.service")["Service"]) for name in ("chatapp", "chatapp-backup"))
        limits = {key for key in server if re.match("Protect|Private|Restrict|System|NoNew|Lock|Memory", key)}
        limits -= {"RestartPreventExitStatus", "RestrictAddressFamilies"}
        assert {key: backup.get(key) for key in limits} == {key: server[key] for key in limits}
        assert len(limits) > 15

    @pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
    def test_systemd_understands_them(self, tmp_path):
        for path in UNITS:
            text = path.read_text("utf-8").replace("/opt/chatapp/bin/chat-server", sys.executable)
            (tmp_path / path.name).write_text(text)
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        ours = [line for line in done.stderr.splitlines() if "chatapp" in line]
        assert (done.returncode, ours) == (0, [])

    @pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
    @pytest.mark.parametrize("name", ["chatapp.service", "chatapp-backup.service"])
    def test_they_are_hardened(self, name):
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(DEPLOY / name)],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if "nknown" in done.stderr or "nrecognized" in done.stderr:
            pytest.skip("this systemd is too old to tell")
        assert done.returncode == 0, done.stdout


def instructions(word):
    return [line.split(None, 1)[1] for line in DOCKERFILE.splitlines() if line.split(None, 1)[:1] == [word]]


class TestDockerfile:
    def copied(self):
        """The files and folders that are copied from the source."""
        rows = [row.split() for row in instructions("COPY") if "--from" not in row]
        return [name for *names, _target in rows for name in names]

    def test_what_it_copies_is_there_and_all_that_building_needs(self):
        copied = self.copied()
        assert [name for name in copied if not (ROOT / name).exists()] == []
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        hook = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["path"]
        needed = {
            "pyproject.toml",
            project["project"]["readme"],
            *project["project"]["license-files"],
            "chatapp",
        }
        assert needed | {hook.split("/")[0]} == set(copied)

    def test_docker_is_shown_that_and_no_more(self):
        rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        assert "*" in rules
        shown = {rule[1:] for rule in rules if rule[:1] == "!"}
        assert shown == set(self.copied())
        assert any(fnmatch.fnmatch("chatapp/irc/__pycache__", rule) for rule in rules if rule[:2] == "**")

    def test_it_is_started_as_the_program_understands_it_and_without_rights(self):
        (entry,), (*_, flags) = instructions("ENTRYPOINT"), instructions("CMD")
        given = understood([*json.loads(entry), *json.loads(flags)])
        assert [given.port] == instructions("EXPOSE")
        assert instructions("USER") == ["10001"] and "--uid 10001" in DOCKERFILE
        (volume,) = instructions("VOLUME")
        assert f"CHATAPP_SERVER__DATA_DIR={volume}" in DOCKERFILE
        assert f"-o chatapp -g chatapp {volume} /var/backups/chatapp" in DOCKERFILE

    @pytest.mark.slow
    def test_its_health_is_that_of_the_server(self, tmp_path):
        program = self.health()[-1]
        with ServerProcess(tmp_path) as server:
            here = program.replace("12345", str(server.address[1]))
            assert here != program
            command = [sys.executable, "-c", here]
            assert subprocess.run(command, timeout=PATIENCE).returncode == 0
            server.stop()
            assert subprocess.run(command, timeout=PATIENCE, capture_output=True).returncode == 1

    def health(self):
        (row,) = instructions("HEALTHCHECK")
        command = json.loads(row.partition("CMD ")[2])
        assert command[:2] == ["python", "-c"]
        ast.parse(command[-1])
        return command
