"""client.toml: every mistake is named, and a change leaves what a person wrote."""

from __future__ import annotations

import stat
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.saved import Saved, load
from chatapp.client.settings import Preferences, ServerEntry, Settings
from chatapp.client.toml_lines import CannotEdit, with_key

FULL = """\
# my settings
name = "Ana"
theme = "dark"  # as in my terminal
highlight = [
  "deploy",  # at work
  "release",
]

[notify]
"#ops" = "all"

# at home
[[server]]
name = "home"
rooms = ["#lobby", "#tea"]

[[server]]
host = "irc.libera.chat"
port = 6697
tls = "required"
connect = false
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "chatapp" / "client.toml"


def reads(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return load(path)


def test_without_a_file_everything_has_its_default(path):
    assert load(path) == (Settings(), ())


def test_a_whole_file(path):
    settings, mistakes = reads(path, FULL)
    assert mistakes == ()
    assert (settings.name, settings.theme, settings.highlight) == ("Ana", "dark", ("deploy", "release"))
    assert settings.notify == {"#ops": "all"}
    home, libera = settings.servers
    assert (home.label, home.host, home.rooms) == ("home", "localhost", ("#lobby", "#tea"))
    assert (libera.label, libera.port, libera.connect) == ("irc.libera.chat", 6697, False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('theem = "dark"', "there is no theem; did you mean theme?"),
        ('theme = "drak"', 'theme: expected one of "auto", "dark", "light", "high-contrast", "none"; found'),
        ("bell = 1", "bell: expected true or false; found 1"),
        ("history = 0", "history: expected a whole number, 1 to 1000; found 0"),
        ("highlight = 'deploy'", "highlight: expected a list of texts; found 'deploy'"),
        ("notify = 1", "notify: expected a section [notify]; found 1"),
        (
            "[notify]\n'#ops' = 'every'",
            '[notify] #ops: expected "all", "mentions", "nothing"; found \'every\'',
        ),
        ("server = 1", "server: expected tables [[server]]; found 1"),
        ("[sever]\nhost = 'x'", "there is no sever; did you mean server?"),
        ("bell = ", "is not TOML"),
        ("bell = " + "9" * 5000, "is not TOML"),
        ("bell = " + "[" * 5000, "is not TOML"),
    ],
)
def test_a_mistake_is_told_and_the_default_holds(path, text, told):
    settings, mistakes = reads(path, text)
    assert settings == Settings()
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"{path}: ")
    assert told in mistakes[0]


def test_one_mistake_does_not_undo_the_rest(path):
    settings, mistakes = reads(path, 'name = "Ana"\nbell = 7\n')
    assert settings == Settings(name="Ana")
    assert len(mistakes) == 1


def test_a_server_with_a_mistake_is_left_out_rather_than_spoken_to_without_encryption(path):
    text = '[[server]]\nname = "work"\ntls = "requird"\n[[server]]\nname = "home"\n'
    settings, mistakes = reads(path, text)
    assert [entry.name for entry in settings.servers] == ["home"]
    assert '[[server]] 1: tls: expected one of "auto", "required", "off"' in mistakes[0]
    assert "the server work is left out" in mistakes[1]


def test_a_fingerprint_is_read_as_it_is_shown(path):
    shown = "-".join(["1f2e"] * 8)
    settings, mistakes = reads(path, f'[[server]]\ntls_fingerprint = "{shown}"\n')
    assert mistakes == ()
    assert settings.servers[0].tls_fingerprint == "1f2e" * 8
    assert "hexadecimal" in reads(path, '[[server]]\ntls_fingerprint = "xyz"\n').mistakes[0]
    assert load(path).settings.servers == ()


def test_a_secret_is_never_repeated_in_a_mistake(path):
    _settings, mistakes = reads(path, "[[server]]\naccount_password = 12345678\n")
    assert "12345678" not in "".join(mistakes)


def test_controls_in_the_file_do_not_reach_the_terminal(path):
    _settings, mistakes = reads(
        path, '"a\\u001b]0;x" = 1\ntheme = "\\u001b[2J"\n[[server]]\nname = "\\u009b2J"\nudp = 1\n'
    )
    assert mistakes
    assert not any(char in sentence for sentence in mistakes for char in "\x1b\x9b")


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"name = '\xff'"])
def test_what_is_no_text_is_told(path, raw):
    path.parent.mkdir()
    path.write_bytes(raw)
    assert "is not text in UTF-8" in load(path).mistakes[0]


def test_a_file_that_cannot_be_read_is_told(path):
    path.mkdir(parents=True)
    assert "cannot be read" in load(path).mistakes[0]


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
def test_a_password_that_others_can_read_is_told(path):
    text = "[[server]]\naccount_password = 's3gredo'\n"
    assert reads(path, text).mistakes == ()
    path.chmod(0o644)
    (told,) = load(path).mistakes
    assert f"chmod 600 {path}" in told
    assert load(path).settings.servers[0].account_password == "s3gredo"


def test_a_change_is_one_line_and_comments_stay(path):
    settings = reads(path, FULL).settings
    preferences = Preferences(settings, Saved(path).save)

    preferences.change("theme", "light")
    preferences.change("highlight", ("deploy",))
    preferences.change("bell", False)
    preferences.change("notify", {"#tea": "nothing"})

    expected = (
        FULL.replace('theme = "dark"', 'theme = "light"')
        .replace('[\n  "deploy",  # at work\n  "release",\n]', '["deploy"]\nbell = false')
        .replace('"#ops" = "all"', '"#tea" = "nothing"')
    )
    assert path.read_text("utf-8") == expected
    assert load(path).settings == preferences.settings


def test_a_first_change_makes_a_file_for_its_owner_alone(path):
    Preferences(save=Saved(path).save).change("theme", "light")
    assert path.read_text("utf-8") == 'theme = "light"\n'
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_change_keeps_the_file_s_rights_and_a_link_a_link(path, tmp_path):
    reads(path, 'theme = "dark"\n')
    elsewhere = tmp_path / "dotfiles.toml"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    elsewhere.chmod(0o640)
    Preferences(save=Saved(path).save).change("theme", "light")
    assert path.is_symlink()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
    assert elsewhere.read_text("utf-8") == 'theme = "light"\n'


def test_a_change_beside_one_that_another_client_made_keeps_both(path):
    one, two = (Preferences(save=Saved(path).save) for _ in range(2))
    one.change("theme", "light")
    two.change("bell", False)
    assert load(path).settings == Settings(theme="light", bell=False)


def test_a_file_that_is_broken_is_not_touched(path):
    reads(path, "theme = \n")
    with pytest.raises(OSError, match="Invalid value"):
        Preferences(save=Saved(path).save).change("theme", "light")
    assert path.read_text("utf-8") == "theme = \n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "k = 1\n"),
        ("# only words\n", "# only words\nk = 1\n"),
        ("a = '\x85'\n", "a = '\x85'\nk = 1\n"),
        ("a = 1", "a = 1\nk = 1\n"),
        ("a = 1\r\n", "a = 1\r\nk = 1\r\n"),
        ("[t]\nk = 2\n", "k = 1\n\n[t]\nk = 2\n"),
        ("# top\n\n# about t\n[t]\n", "# top\n\nk = 1\n# about t\n[t]\n"),
        ("'k' = 2 # why\n", "k = 1 # why\n"),
        ('k = "# no comment" # one\n', "k = 1 # one\n"),
        ("a = [\n[1],\n['k = 2'],\n]\n", "a = [\n[1],\n['k = 2'],\n]\nk = 1\n"),
        ('a = """\nk = 2\n[t]\n"""\n', 'a = """\nk = 2\n[t]\n"""\nk = 1\n'),
    ],
)
def test_where_a_key_goes(before, after):
    assert with_key(before, "k", 1) == after


@pytest.mark.parametrize("text", ["k.a = 1\n", "[k]\na = 1\n", "k = \n"])
def test_what_cannot_be_changed_a_line_at_a_time_is_left(text):
    with pytest.raises(CannotEdit):
        with_key(text, "k", 1)


def test_what_would_not_say_what_was_wanted_is_not_written():
    """The key is there, written in a way that is not looked for: taking it out would change nothing."""
    with pytest.raises(CannotEdit, match="do it by hand"):
        with_key('"\\u006b" = 1\n', "k", None)


_values = st.one_of(
    st.booleans(),
    st.integers(0, 9999),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)


@given(st.sampled_from([FULL, "", "# x\n"]), st.sampled_from(["theme", "new", "#ops", "a b", 'q"']), _values)
def test_any_value_comes_back_and_nothing_else_changes(text, key, value):
    expected = tomllib.loads(text)
    clean = value
    if isinstance(value, str):
        clean = value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        clean = [each.encode("utf-8", "replace").decode() for each in value]
    expected[key] = clean
    assert tomllib.loads(with_key(text, key, clean)) == expected
    assert tomllib.loads(with_key(with_key(text, key, clean), key, None)) == {
        name: old for name, old in expected.items() if name != key
    }


def test_a_server_is_called_by_its_name_or_its_host():
    assert ServerEntry(name="work", host="x").label == "work"
    assert ServerEntry(host="x").label == "x"
