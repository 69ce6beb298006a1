"""A house with a server on a terminal, gone after the test with everyone who came."""

from __future__ import annotations

import pytest
from interop.house import House
from interop.screens import terminals


@pytest.fixture
def here(tmp_path):
    with terminals(tmp_path) as opened:
        yield opened


@pytest.fixture
def house(here):
    house = House(here)
    house.open()
    return house
