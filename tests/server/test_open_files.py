"""How many files may be open: as many as the system allows."""

from __future__ import annotations

import pytest

from chatapp.server.open_files import raise_file_limit


@pytest.mark.parametrize(
    ("before", "wanted"),
    [((256, 4096), (4096, 4096)), ((256, -1), (10240, -1)), ((-1, -1), None), ((4096, 4096), None)],
)
def test_as_many_files_as_the_system_allows(before, wanted, monkeypatch):
    resource = pytest.importorskip("resource")

    asked = []
    monkeypatch.setattr(resource, "RLIM_INFINITY", -1)
    monkeypatch.setattr(resource, "getrlimit", lambda which: before)
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: asked.append(limits))

    raise_file_limit()

    assert asked == ([] if wanted is None else [wanted])
