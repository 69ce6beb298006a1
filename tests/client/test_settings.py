"""The settings: what a value may be, what calls for a person, and /set."""

from __future__ import annotations

import pytest
from client.fake_server import Talk

from chatapp.client.adjusting import choices
from chatapp.client.screen.completion import candidates
from chatapp.client.settings import Preferences, ServerEntry, Settings, options


@pytest.fixture
def talk():
    return Talk().connect()


def said(talk, text):
    before = len(talk.room().entries)
    talk.types(text)
    return [entry.text for entry in talk.room().entries[before:]]


def test_every_default_fits():
    for owner in (Settings, ServerEntry):
        for key, option in options(owner).items():
            assert option.fits(option.default), key
            assert option.sentence.endswith("."), key


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("bell", "false", False),
        ("bell", "ON", True),
        ("bell", "maybe", None),
        ("history", "7", 7),
        ("history", "0", None),
        ("history", "1001", None),
        ("history", "1" * 5000, None),
        ("history", "seven", None),
        ("theme", "light", "light"),
        ("theme", "lihgt", None),
        ("highlight", "deploy, Ana ,", ("deploy", "Ana")),
        ("name", "Ana", "Ana"),
    ],
)
def test_what_is_typed_becomes_a_value_or_is_refused(key, text, value):
    assert options()[key].read(text) == value


@pytest.mark.parametrize(
    ("key", "value"), [("bell", 1), ("history", True), ("highlight", ("a", 1)), ("name", 5)]
)
def test_a_value_of_another_kind_does_not_fit(key, value):
    assert not options()[key].fits(value)


def test_passwords_are_in_no_report_of_a_failure():
    assert "s3gredo" not in repr(ServerEntry(password="s3gredo", account_password="s3gredo"))


def test_a_change_is_kept_before_anybody_hears_of_it():
    order = []
    preferences = Preferences(save=lambda settings, key: order.append((key, settings.theme)))
    preferences.watch(lambda: order.append("heard"))
    preferences.change("theme", "light")
    assert order == [("theme", "light"), "heard"]


def test_set_lists_every_setting(talk):
    shown = said(talk, "/set")
    assert [line.split()[0] for line in shown] == list(options())
    assert "mentions" in next(line for line in shown if line.startswith("notifications"))


def test_set_shows_one_and_what_it_takes(talk):
    assert said(talk, "/set theme") == [
        "theme = auto: The colours; by themselves as your terminal is, dark or light.",
        'It takes one of "auto", "dark", "light", "high-contrast", "none"; without a setting it is auto.',
    ]


def test_set_changes_one(talk):
    assert said(talk, "/set theme light") == ["theme = light"]
    assert talk.session.preferences.settings.theme == "light"


def test_set_says_what_waits_for_the_next_start(talk):
    assert said(talk, "/set history 20") == ["history = 20, from the next start on"]


@pytest.mark.parametrize("nothing", ['""', "-", "''"])
def test_set_takes_a_list_away(talk, nothing):
    talk.types("/set highlight one, two")
    assert talk.session.preferences.settings.highlight == ("one", "two")
    assert said(talk, f"/set highlight {nothing}") == ['highlight = ""']
    assert talk.session.preferences.settings.highlight == ()


def test_set_refuses_what_does_not_fit(talk):
    assert said(talk, "/set bell maybe") == ["bell takes true or false, not maybe."]
    assert talk.session.preferences.settings.bell is True


@pytest.mark.parametrize("typed", ["them light", "Theme light", "read-markers false"])
def test_set_knows_what_was_probably_meant(talk, typed):
    (told,) = said(talk, f"/set {typed}")
    assert told.startswith("There is no setting")
    assert "Did you mean" in told


def test_what_cannot_be_kept_holds_until_one_leaves(talk):
    def full(_settings, _key):
        raise OSError(28, "No space left on device")

    talk.session.preferences = Preferences(save=full)
    assert said(talk, "/set bell false") == [
        "This holds until you leave; it could not be kept: the disk is full"
    ]
    assert talk.session.preferences.settings.bell is False


def test_completion_knows_the_settings_and_their_values():
    assert [text for text, _about in choices("re")] == ["read_markers"]
    assert [text for text, _about in choices("editing ")] == ["emacs", "vi"]
    assert [text for text, _about in choices("bell f")] == ["false"]
    assert choices("nothing x") == []


@pytest.mark.parametrize(
    ("typed", "texts"),
    [("/set th", ["theme "]), ("/set editing ", ["emacs ", "vi "]), ("/set bell f", ["false "])],
)
def test_the_input_line_offers_them(talk, typed, texts):
    found = candidates(talk.model, typed)
    assert [each.text for each in found] == texts
    assert all(typed.endswith(typed[len(typed) - each.typed :]) for each in found)
