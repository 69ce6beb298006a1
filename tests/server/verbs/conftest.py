"""A machine of nobody's: no settings of its own, a home that is empty, and English."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def bare_machine(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("CHATAPP_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("LANGUAGE", "en")
