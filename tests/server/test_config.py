"""Settings from the file, the environment and flags; every mistake is told with its place and a way out."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.settings import PRIVILEGES, Settings
from chatapp.server.config import ConfigError, data_dir, load
from chatapp.server.settings import Config, ListenerSettings, options


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "chat-server.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def mistakes(*args, **kwargs):
    with pytest.raises(ConfigError) as caught:
        load(*args, **kwargs)
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return caught.value.mistakes


def test_without_anything_all_is_default():
    assert load() == Config()
    assert (
        load(None, {"PATH": "/bin", "CHATAPP": "1", "CHATAPP_HOME": "x"}, {"server.name": None}) == Config()
    )
    assert load().rules == Settings()
    assert load().listeners == (ListenerSettings(host="", port=12345),)


def test_the_file(file):
    config = load(
        file("""
            [server]
            name = "chat.example"
            data_dir = "/var/lib/chat"
            motd = '''
            olá
            mundo'''
            [history]
            synchronous = "normal"
            [limits]
            flood_protection = false
            ping_interval = 0
            [[listener]]
            port = 6667
            [[listener]]
            path = "/run/chat.sock"
            [log]
            level = "warning"
        """)
    )
    assert config.rules.server.name == "chat.example"
    assert "olá\n" in config.rules.server.motd
    assert config.rules.server.network == "chat.example"
    assert config.data.data_dir == "/var/lib/chat"
    assert config.rules.history.synchronous == "normal"
    assert (config.rules.limits.flood_protection, config.rules.limits.ping_interval) == (False, 0)
    assert config.log.level == "warning"
    if sys.platform != "win32":
        assert config.listeners == (ListenerSettings(port=6667), ListenerSettings(path="/run/chat.sock"))


def test_the_environment_overrides_the_file_and_flags_override_both(file):
    path = file('[server]\nname = "file"\nnetwork = "file"\ndescription = "file"\n[[listener]]\nport = 1\n')
    environ = {
        "CHATAPP_SERVER__NAME": "environment",
        "CHATAPP_SERVER__NETWORK": "environment",
        "CHATAPP_LISTENER__PORT": "2",
        "CHATAPP_LIMITS__FLOOD_PROTECTION": "false",
        "CHATAPP_LISTENER__PROTOCOLS": "irc",
        "chatapp_history__query_limit": "50",
    }
    config = load(path, environ, {"server.name": "flag", "listener.port": 3, "listener.host": None})
    server = config.rules.server
    assert (server.name, server.network, server.description) == ("flag", "environment", "file")
    assert config.listeners == (ListenerSettings(port=3, protocols=("irc",)),)
    assert config.rules.limits.flood_protection is False
    assert config.rules.history.query_limit == 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[limit]\n", ":1: there is no section [limit]; did you mean limits?"),
        ("\n[zzz]\na = 1\nb = 2", ":2: there is no section [zzz]"),
        (
            "[limits]\nnick_length = 9\nping_intervall = 3",
            ":3: [limits] has no key ping_intervall; did you mean ping_interval?",
        ),
        ("[server]\nport = 3", ":2: [server] has no key port; did you mean the one in [listener]?"),
        ("[server]\nqqq = 3", ":2: [server] has no key qqq"),
        ("port = 3", ":1: port stands outside of any section; did you mean the one in [listener]?"),
        ("server = 3", ": expected a section [server]"),
        ("listener = []", ": expected a section [listener]"),
        ("[[server]]\nname = 'a'", ":1: expected a section [server]"),
        (
            "[limits]\nping_interval = 'soon'",
            ":2: [limits] ping_interval: expected a whole number, 0 or more; found 'soon'",
        ),
        (
            "[limits]\nping_interval = -1",
            ":2: [limits] ping_interval: expected a whole number, 0 or more; found -1",
        ),
        (
            "[limits]\nnick_length = 0",
            ":2: [limits] nick_length: expected a whole number, 1 or more; found 0",
        ),
        (
            "[limits]\nnick_length = 1.5",
            ":2: [limits] nick_length: expected a whole number, 1 or more; found 1.5",
        ),
        (
            "[limits]\nnick_length = true",
            ":2: [limits] nick_length: expected a whole number, 1 or more; found True",
        ),
        (
            "[limits]\nflood_protection = 1",
            ":2: [limits] flood_protection: expected true or false; found 1",
        ),
        (
            "[[listener]]\nport = 1\n[[listener]]\nport = 65536",
            ":4: [listener] port: expected a whole number, 0 to 65535; found 65536",
        ),
        (
            "[history]\nsynchronous = 'ful'",
            ':2: [history] synchronous: expected one of "full", "normal"; found \'ful\'; did you mean full?',
        ),
        (
            "[[listener]]\nprotocols = ['gopher']",
            ':2: [listener] protocols: expected a list of "irc", "plain", "websocket"; found [\'gopher\']',
        ),
        (
            "[[listener]]\nprotocols = []",
            ':2: [listener] protocols: expected a list of "irc", "plain", "websocket"; found []',
        ),
        (
            "[[listener]]\nprotocols = 'irc'",
            ':2: [listener] protocols: expected a list of "irc", "plain", "websocket"; found \'irc\'',
        ),
        ("[server]\nname = 7", None),
        (
            "[server]\nname = 'a b'",
            ":2: [server] name: expected 1 to 63 letters, digits, '.', '-' and '_'; found 'a b'",
        ),
        ("[server]\nname = ''", None),
        ("[server]\nname = ':x'", None),
        ("[server]\nnetwork = 'Rede São'", None),
        (
            '[server]\ndescription = "a\\r\\nQUIT"',
            ":2: [server] description: expected one line without control characters; found 'a\\r\\nQUIT'",
        ),
        ('[server]\nmotd = "a\\u0000"', None),
        ('[log]\nto = "a\\u001b"', None),
        ('[log]\nto = ""', None),
        ("[server]\npassword = 1234", ":2: [server] password: expected text; found something else"),
        (
            "[server]\ndefault_channel = 'lobby'",
            ":2: [server] default_channel: expected the name of a channel, such as #lobby; found 'lobby'",
        ),
        (
            "[limits]\nchannel_length = 3",
            "the default: [server] default_channel: expected the name of a channel, such as #lobby;"
            " found '#lobby'",
        ),
        (
            "[users]\ndefault_modes = 'o'",
            ":2: [users] default_modes: expected letters among BRTiw; found 'o'",
        ),
        (
            "[channels]\ndefault_modes = 'b'",
            ":2: [channels] default_modes: expected letters among CMRUimnstu; found 'b'",
        ),
        (
            "[[listener]]\npath = '/x'\nport = 3",
            ":2: [listener] has a path, and a host or port as well; choose one",
        ),
        ("[server", ": is not TOML: "),
        ("[server]\nname = 'a'\nname = 'b'", ": is not TOML: "),
        ("[limits]\nnick_length = " + "9" * 5000, ": is not TOML: "),
        ("[limits]\nnick_length = " + "[" * 5000, ": is not TOML: "),
        ('["\\u001b[2J"]\nx = 1', ": there is no section [␛[2J]"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_mistake_in_the_file_is_told_with_its_place(file, text, expected):
    path = file(text)
    (told, *more) = mistakes(path)
    assert not more or sys.platform == "win32"
    if expected is None:
        assert told.startswith(f"{path}, line 2: ")
    elif expected.startswith(":") and expected[1].isdigit():
        line, _, rest = expected[1:].partition(":")
        assert told == f"{path}, line {line}:{rest}"
    elif expected.startswith(":"):
        assert told.startswith(f"{path}{expected}")
    else:
        assert told == expected


def test_every_mistake_is_told_at_once(file):
    path = file("[limits]\nnick_length = 0\nnick_lenth = 3\n")
    told = mistakes(
        path, {"CHATAPP_LOG__LEVEL": "loud", "CHATAPP_LOGS__LEVEL": "info"}, {"listener.port": 70000}
    )
    assert told == [
        f"{path}, line 3: [limits] has no key nick_lenth; did you mean nick_length?",
        "CHATAPP_LOGS__LEVEL: there is no section [logs]; did you mean log?",
        f"{path}, line 2: [limits] nick_length: expected a whole number, 1 or more; found 0",
        "command line: [listener] port: expected a whole number, 0 to 65535; found 70000",
        'CHATAPP_LOG__LEVEL: [log] level: expected one of "debug", "info", "warning", "error";'
        " found 'loud'",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATAPP_LIMITS__PING_INTERVAL", "soon"),
        ("CHATAPP_LIMITS__PING_INTERVAL", "-1"),
        ("CHATAPP_LIMITS__PING_INTERVAL", ""),
        ("CHATAPP_LIMITS__FLOOD_PROTECTION", "perhaps"),
        ("CHATAPP_LISTENER__PROTOCOLS", "irc,gopher"),
        ("CHATAPP_LISTENER__PROTOCOLS", ""),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(name, value):
    (told,) = mistakes(None, {name: value})
    assert told.startswith(f"{name}: [")
    assert told.endswith(f"found {value!r}")


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    (told,) = mistakes(tmp_path / "nowhere.toml")
    assert told == f"{tmp_path / 'nowhere.toml'}: cannot be read: there is no such file or folder"
    path = tmp_path / "latin1.toml"
    path.write_bytes('[server]\nname = "olá"'.encode("latin-1"))
    assert mistakes(path) == [f"{path}: is not text in UTF-8"]
    path.write_text('[server]\nname = "sala"\n', "utf-8-sig")  # as some editors do it
    assert load(path).rules.server.name == "sala"


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_given_the_answer_is_a_config_or_a_list_of_mistakes(tmp_path_factory, text, key, value):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, "utf-8", errors="replace")
    try:
        config = load(path, {f"CHATAPP_{key}": value}, {key: value})
    except ConfigError as error:
        assert error.mistakes
    else:
        assert isinstance(config, Config)


def test_where_the_data_is():
    def where(value):
        return data_dir(load(flags={"server.data_dir": value}))

    assert where(":memory:") is None
    assert where("/srv/chat") == Path("/srv/chat")
    assert where("~/chat") == Path.home() / "chat"
    assert where(None) == platformdirs.user_data_path("chatapp", appauthor=False)


OPERATORS = """
[[operator]]
name = "root"
password = "x"
[[operator]]
name = "helper"
password = "y"
privileges = ["kill", "audit"]
whois = "helps"
"""


def test_there_may_be_several_operators_or_none(tmp_path):
    path = tmp_path / "chat.toml"
    path.write_text(OPERATORS, "utf-8")

    root, helper = load(path).rules.operators
    assert (root.name, root.privileges, root.whois) == ("root", PRIVILEGES, "is a server operator")
    assert (helper.name, helper.privileges, helper.whois) == ("helper", ("kill", "audit"), "helps")
    assert load(None).rules.operators == ()


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[[operator]]\nname = 'x'", ":2: [operator] has no password"),
        ("[[operator]]\npassword = 'x'", ":2: [operator] has no name"),
        ("[[operator]]\nname = 'x'\npassword = 'y'\nprivileges = ['fly']", ":4: [operator] privileges"),
        ("[[operator]]\nname = 'x'\npassword = 7", "found something else"),
        ("[[operator]]\nnme = 'x'", "did you mean name?"),
    ],
)
def test_an_operator_who_could_not_log_in_is_a_mistake(tmp_path, text, mistake):
    path = tmp_path / "chat.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigError) as told:
        load(path)
    assert mistake in str(told.value).replace(", line ", ":")


def test_every_key_is_reached_from_the_file(file):
    """A section that is read and then forgotten would keep its defaults."""
    changed = {
        option: _another(option)
        for keys in options().values()
        for option in keys.values()
        if (option.section, option.key) not in {("listener", key) for key in ("path", "tls")}
    }
    environ = {
        f"CHATAPP_{option.section}__{option.key}".upper(): str(value) for option, value in changed.items()
    }
    config = load(None, environ)
    found = {}
    for section in (config.data, *config.listeners, config.log, config.metrics, *_sections(config.rules)):
        for field in dataclasses.fields(section):
            found[type(section), field.name] = (getattr(section, field.name), field.default)
    same = {where for where, (value, default) in found.items() if value == default}
    assert same == {(ListenerSettings, key) for key in ("path", "tls")}


def test_a_certificate_that_would_not_be_used_is_a_mistake(file):
    def mistake(**keys):
        variables = {f"CHATAPP_LISTENER__{key}".upper(): value for key, value in keys.items()}
        with pytest.raises(ConfigError) as told:
            load(None, variables)
        return str(told.value)

    assert "tls_key without a tls_certificate" in mistake(tls_key="key.pem")
    assert "no TLS because of tls = false" in mistake(tls_certificate="cert.pem", tls="false")
    assert "no TLS because of tls = false" in mistake(tls_certificate="cert.pem", path="chat.sock")
    assert load(None, {"CHATAPP_LISTENER__TLS": "false"}).listeners[0].tls is False


def test_proxies_need_somebody_who_is_trusted():
    with pytest.raises(ConfigError, match=r"proxy_protocol: expected \[server\] trusted_proxies as well"):
        load(None, {"CHATAPP_LISTENER__PROXY_PROTOCOL": "required"})
    trusted = {"CHATAPP_SERVER__TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8, localhost"}
    config = load(None, {"CHATAPP_LISTENER__PROXY_PROTOCOL": "required", **trusted})
    assert config.rules.server.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "localhost")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATAPP_SERVER__TRUSTED_PROXIES", "proxy.example"),
        ("CHATAPP_SERVER__TRUSTED_PROXIES", "10.0.0.0/33"),
        ("CHATAPP_WEBSOCKET__ORIGINS", "chat.example"),
        ("CHATAPP_WEBSOCKET__ORIGINS", "https://chat.example/page"),
    ],
)
def test_a_list_of_something_else_is_a_mistake(name, value):
    with pytest.raises(ConfigError, match=f"{name}: .* expected .*; found"):
        load(None, {name: value})


def _sections(rules):
    sections = [getattr(rules, field.name) for field in dataclasses.fields(rules)]
    return [part for found in sections for part in (found if isinstance(found, tuple) else (found,))]


def _another(option):
    if option.type is bool:
        return not option.default
    if option.type is int:
        return option.default + 7
    if option.key == "default_modes":
        return "i"
    if (option.section, option.key) == ("metrics", "host"):
        return "::1"
    if option.type is str:
        return "#else"[option.key != "default_channel" :]
    if option.key == "trusted_proxies":
        return "10.0.0.0/8"
    if option.key == "origins":
        return "*"
    if option.is_list:
        return option.default[0]
    return next(choice for choice in option.type.__args__ if choice != option.default)
