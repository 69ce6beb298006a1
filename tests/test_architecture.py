"""The house rules, kept by a test: who may import whom, no circles, sizes, docstrings, one library one room.

Each rule is a function from sources to complaints, so that it can be shown to fail on a small bad example.
Standard library only.
"""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Who may import whom. This table is the architecture; docs/architecture.md only explains it.
MAY_IMPORT = {
    "irc": set(),
    "core": {"irc"},
    "commands": {"core", "irc"},
    "store": {"core", "system_errors"},
    "listeners": {"commands", "core", "irc"},
    "server": {"commands", "core", "irc", "listeners", "store", "system_errors"},
    "client": {"irc", "system_errors"},
    "bench": {"irc"},
    "catalogue": set(),
    "system_errors": {"irc"},
    "cli": {
        "bench",
        "catalogue",
        "client",
        "commands",
        "core",
        "irc",
        "listeners",
        "server",
        "store",
        "system_errors",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
#: What thinks and never touches the world: nothing but the standard library, and none of this from it.
PURE = {"irc", "core", "commands"}
WORLDLY = {"asyncio", "os", "random", "socket", "sqlite3", "ssl", "threading", "time"}
#: One library, one room: files, or packages that end with a slash.
ROOMS = {
    "sqlite3": ("store/",),
    "prompt_toolkit": ("client/screen/",),
    "wcwidth": ("client/screen/cells.py",),
    "uvloop": ("server/main.py",),
    "msgspec": ("server/config.py",),
    "cryptography": ("server/certificate.py",),
    "prometheus_client": ("server/metrics.py",),
    "OpenSSL": ("listeners/certfp.py",),
    "websockets": ("listeners/upgrade.py", "listeners/websocket.py"),
    "platformdirs": ("server/config.py", "client/config.py"),
}
LONGEST_FILE, LONGEST_CLASS, LONGEST_FUNCTION = 400, 250, 50
TOP_LEVEL = {"CHANGELOG.md", "LICENSE", "README.md", "chatapp", "docs", "pyproject.toml", "tests"}
#: What building leaves beside them where git cannot tell.
BUILT = {"PKG-INFO", "__pycache__", "build", "dist"}


def read(folder):
    """Path below ``folder`` to source, for every module in it."""
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*.py"))}


def is_type_checking(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


@cache
def imports(source, *, at_run_time=False):
    """Every ``(module, name)`` that ``source`` imports; name is "" for a plain import."""
    return tuple(_imports(ast.parse(source), at_run_time))


def _imports(tree, at_run_time):
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (("." * node.level + (node.module or ""), alias.name) for alias in node.names)
        elif at_run_time and is_type_checking(node):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def module_name(path):
    return ".".join(["chatapp", *path.removesuffix(".py").split("/")]).removesuffix(".__init__")


def room_of(path):
    """The package or top-level module that ``path`` is in, as `MAY_IMPORT` calls it."""
    return path.partition("/")[0].removesuffix(".py")


def tops(source):
    """The top-level names of all that ``source`` imports from outside."""
    return {module.partition(".")[0] for module, _ in imports(source) if module[:1] != "."} - {"chatapp"}


def relative_imports(modules):
    return [
        f"{path}: {module}"
        for path, source in modules.items()
        for module, _ in imports(source)
        if module[0] == "."
    ]


def forbidden_imports(modules):
    complaints = []
    for path, source in modules.items():
        here = room_of(path)
        if here not in MAY_IMPORT:
            complaints.append(f"{path}: {here} is not in the table")
            continue
        for module, name in imports(source):
            top, _, rest = module.partition(".")
            there = rest.partition(".")[0] or name
            # ``from chatapp import __version__`` is no room's.
            if top == "chatapp" and there in MAY_IMPORT and there not in MAY_IMPORT[here] | {here}:
                complaints.append(f"{path}: chatapp.{there}")
    return complaints


def worldly_imports(modules):
    return [
        f"{path}: {top}"
        for path, source in modules.items()
        if room_of(path) in PURE
        for top in sorted(tops(source))
        if top in WORLDLY or top not in sys.stdlib_module_names
    ]


def libraries_out_of_their_rooms(modules):
    return [
        f"{path}: {top}"
        for path, source in modules.items()
        for top in sorted(tops(source))
        if top in ROOMS or top not in sys.stdlib_module_names
        if not any(path == room or (room[-1] == "/" and path.startswith(room)) for room in ROOMS.get(top, ()))
    ]


def circles(modules):
    names = {module_name(path) for path in modules}
    graph = {}
    for path, source in modules.items():
        wanted = set()
        for module, name in imports(source, at_run_time=True):
            wanted.add(f"{module}.{name}" if f"{module}.{name}" in names else module)
        graph[module_name(path)] = wanted & names
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


def too_long(modules):
    complaints = []
    for path, source in modules.items():
        if len(source.splitlines()) > LONGEST_FILE:
            complaints.append(path)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                longest = LONGEST_CLASS
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                longest = LONGEST_FUNCTION
            else:
                continue
            if node.end_lineno - node.lineno + 1 > longest:
                complaints.append(f"{path}: {node.name}")
    return complaints


def without_docstring(modules):
    return [
        path for path, source in modules.items() if not (ast.get_docstring(ast.parse(source)) or "").strip()
    ]


def sleeps(modules):
    """Who waits for a time to pass: load on a server may, and of the fuzzers' loop it takes none."""
    complaints = []
    for path, source in modules.items():
        if path.startswith("bench/") and not path.startswith("bench/test_"):
            continue
        calls = [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        is_hasty = path.startswith("fuzz/") or ("fuzz.hasty_loop", "on_hasty_loop") in imports(source)
        clocks = ("time.sleep(",) if is_hasty else ("time.sleep(", "asyncio.sleep(")
        waits = {call for call in calls if call.startswith(clocks)}
        waits |= {("time", "sleep"), ("asyncio", "sleep")} & set(imports(source))
        if waits - {"asyncio.sleep(0)"}:
            complaints.append(path)
    return complaints


def strangers(names):
    return sorted(name for name in set(names) - TOP_LEVEL if name[0] != ".")


def top_level(root):
    """What the project shows at its top: what git keeps, or the folder where there is no git."""
    try:
        listing = subprocess.run(
            ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        listing = ""
    if listing:
        return {line.partition("/")[0].strip('"') for line in listing.splitlines()}
    return {path.name for path in root.iterdir() if path.name not in BUILT and path.suffix != ".egg-info"}


CHATAPP = read(ROOT / "chatapp")
TESTS = read(ROOT / "tests")


def test_there_is_something_to_check():
    assert CHATAPP.keys() >= {"__init__.py", "irc/line.py"}
    assert "test_architecture.py" in TESTS


def test_imports_are_absolute():
    assert relative_imports(CHATAPP | TESTS) == []


def test_a_relative_import_is_found():
    bad = {"core/a.py": "from . import b", "core/c.py": "def f():\n    from ..irc import line\n"}
    assert relative_imports(bad) == ["core/a.py: .", "core/c.py: ..irc"]


def test_imports_follow_the_table():
    assert forbidden_imports(CHATAPP) == []


def test_an_import_against_the_table_is_found():
    bad = {
        "irc/a.py": "import chatapp.core.world",
        "core/b.py": "from chatapp.commands.table import dispatch\nfrom chatapp.irc import line",
        "client/c.py": "def f():\n    from chatapp import server",
        "store/d.py": "if TYPE_CHECKING:\n    from chatapp.irc.line import Line",
        "misc/e.py": "",
        "listeners/f.py": "from chatapp import __version__\nfrom chatapp.listeners.g import x",
    }
    assert forbidden_imports(bad) == [
        "irc/a.py: chatapp.core",
        "core/b.py: chatapp.commands",
        "client/c.py: chatapp.server",
        "store/d.py: chatapp.irc",
        "misc/e.py: misc is not in the table",
    ]


def test_the_table_has_no_circles():
    TopologicalSorter(MAY_IMPORT).prepare()


def test_the_pure_packages_touch_no_world():
    assert worldly_imports(CHATAPP) == []


def test_a_touch_of_the_world_is_found():
    bad = {
        "irc/a.py": "import os.path",
        "core/b.py": "def f():\n    from time import monotonic",
        "commands/c.py": "import msgspec, re",
        "server/d.py": "import asyncio",
    }
    assert worldly_imports(bad) == ["irc/a.py: os", "core/b.py: time", "commands/c.py: msgspec"]


def test_every_library_stays_in_its_room():
    assert libraries_out_of_their_rooms(CHATAPP) == []


def test_a_library_out_of_its_room_is_found():
    bad = {
        "server/app.py": "import sqlite3",
        "store/database.py": "import sqlite3",
        "server/config.py": "from msgspec import convert",
        "server/config.pyx.py": "import msgspec",
        "client/session.py": "import wcwidth",
        "client/screen/cells.py": "import wcwidth",
        "bench/load.py": "try:\n    import uvloop\nexcept ImportError:\n    pass",
        "cli.py": "import requests",
    }
    assert libraries_out_of_their_rooms(bad) == [
        "server/app.py: sqlite3",
        "server/config.pyx.py: msgspec",
        "client/session.py: wcwidth",
        "bench/load.py: uvloop",
        "cli.py: requests",
    ]


def test_no_modules_import_in_a_circle():
    assert circles(CHATAPP) == []


def test_a_circle_is_found():
    assert circles({"core/a.py": "import chatapp.core.b", "core/b.py": "from chatapp.core.a import x"})
    assert circles(
        {"core/a.py": "from chatapp.core import b", "core/b.py": "def f():\n    from chatapp.core import a"}
    )
    assert circles({"core/__init__.py": "import chatapp.core.a", "core/a.py": "from chatapp.core import x"})


def test_an_import_for_types_alone_makes_no_circle():
    types = "if TYPE_CHECKING:\n    from chatapp.core import a\nelse:\n    import re"
    assert circles({"core/a.py": "from chatapp.core import b", "core/b.py": types}) == []


def test_files_classes_and_functions_are_short():
    assert too_long(CHATAPP | {f"tests/{path}": source for path, source in TESTS.items()}) == []


def test_what_is_too_long_is_found():
    bad = {
        "a.py": "x = 1\n" * 401,
        "b.py": "def f():\n" + "    x = 1\n" * 50,
        "c.py": "class C:\n    async def g(self):\n" + "        x = 1\n" * 50,
        "d.py": "class D:\n" + "    x = 1\n" * 250,
        "e.py": "class E:\n" + "    x = 1\n" * 249 + "def h():\n" + "    x = 1\n" * 49,
    }
    assert too_long(bad) == ["a.py", "b.py: f", "c.py: g", "d.py: D"]


def test_every_module_says_what_is_here():
    assert without_docstring(CHATAPP) == []


def test_a_module_that_says_nothing_is_found():
    bad = {"a.py": "", "b.py": "'''  '''", "c.py": "x = 1\n'''late'''", "d.py": "'''What is here.'''"}
    assert without_docstring(bad) == ["a.py", "b.py", "c.py"]


def test_no_test_sleeps():
    assert sleeps(TESTS) == []


def test_a_test_that_sleeps_is_found():
    bad = {
        "a.py": "import time\ntime.sleep(1)",
        "b.py": "from time import sleep",
        "c.py": "'time.sleep(1)'\nimport asyncio\nasync def f():\n    await asyncio.sleep(0)",
        "d.py": "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    await asyncio.sleep(0.01)",
        "e.py": "from asyncio import sleep",
        "h.py": "import asyncio\nfrom fuzz.hasty_loop import on_hasty_loop\nrun = asyncio.sleep(1)",
        "fuzz/g.py": "import asyncio\nasync def f():\n    await asyncio.sleep(400)",
        "f.py": "import asyncio\nasync def f(pause):\n    await asyncio.sleep(pause)",
    }
    assert sleeps(bad) == ["a.py", "b.py", "d.py", "e.py", "f.py"]


def test_nothing_else_shows_at_the_top():
    assert strangers(top_level(ROOT)) == []


def test_a_stranger_at_the_top_is_found(tmp_path):
    for name in ("README.md", "setup.py", ".ci", "dist", "chatapp.egg-info"):
        (tmp_path / name).touch()
    assert strangers(top_level(tmp_path)) == ["setup.py"]


def explained_imports(text):
    """The table of docs/architecture.md: package to what it may import."""
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    return {package.strip(" `"): set(may.replace("`", "").split()) - {"nothing"} for package, may in rows}


def test_the_document_has_the_same_table():
    table = explained_imports((ROOT / "docs/architecture.md").read_text("utf-8"))

    expected = {package: may for package, may in MAY_IMPORT.items() if not package.startswith("__")}
    assert table == expected | {"cli": {"all"}}


def test_a_document_that_differs_is_noticed():
    assert explained_imports("| `store` | `core` `irc` |\n| `irc` | nothing |") == {
        "store": {"core", "irc"},
        "irc": set(),
    }
