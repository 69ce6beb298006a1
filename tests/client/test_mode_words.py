"""What MODE did to somebody, in words; and the modes themselves where the words would be a guess."""

from __future__ import annotations

import pytest
from client.fake_server import Talk

from chatapp.client.incoming.mode_words import mode_words


@pytest.mark.parametrize(
    ("params", "told"),
    [
        (["+o", "Bruno"], "Ana made Bruno an operator of the room"),
        (["-o", "Bruno"], "Ana took operator rights from Bruno"),
        (["+v", "Bruno"], "Ana gave Bruno a voice"),
        (["-v", "Bruno"], "Ana took the voice of Bruno"),
        (["+b", "Bruno!*@*"], "Ana banned Bruno"),
        (["-b", "Bruno!*@*"], "Ana lifted the ban of Bruno"),
        (["+b", "*!*@10.0.0.7"], "Ana banned *!*@10.0.0.7"),
        (["+b", "m:João!*@*"], "Ana muted João"),
        (["+b", "t:5:m:João!*@*"], "Ana muted João for 5 minutes"),
        (["+b", "T:5:M:João!*@*"], "Ana muted João for 5 minutes"),
        (["+b", "t:60:João!*@*"], "Ana banned João for 1 hour"),
        (["+b", "t:2880:João!*@*"], "Ana banned João for 2 days"),
        (["-b", "t:60:João!*@*"], "Ana lifted the ban of João"),
        (["-b", "m:João!*@*"], "Ana let João speak again"),
        (
            ["-o+b", "João", "m:João!*@*"],
            "Ana took operator rights from João; Ana muted João",
        ),
        (["+b", "a{nick}!*@*"], "Ana banned a{nick}"),
    ],
)
def test_what_is_known_is_told_in_words(params, told):
    assert mode_words("Ana", params) == told


@pytest.mark.parametrize(
    "params",
    [
        ["+nt"],
        ["+k", "chave"],
        ["+ob", "Bruno"],
        ["+b", "~q:Bruno!*@*"],
        ["+b", "q:Bruno!*@*"],
        ["+b", "$a:bruno"],
        ["+b", "a:bruno!*@*"],
        ["+b", "t:99999999:bruno!*@*"],
        ["+b", "m:t:5:bruno!*@*"],
        ["+nb", "Bruno!*@*"],
        [],
    ],
)
def test_what_might_mean_something_else_is_shown_as_it_is(params):
    assert mode_words("Ana", params) == f"Ana set the mode {' '.join(params)}"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        (["+W", "10"], "Ana has everyone wait 10 seconds between messages"),
        (["+W", "1"], "Ana has everyone wait 1 second between messages"),
        (["-W"], "Ana let everyone speak as often as they like"),
        (
            ["+Wo", "60", "Bob"],
            "Ana has everyone wait 60 seconds between messages; Ana made Bob an operator of the room",
        ),
        (["+W", "1:2"], "Ana set the mode +W 1:2"),
        (["+W"], "Ana set the mode +W"),
        (["+W", "²"], "Ana set the mode +W ²"),
        (["+W", "9" * 400], "Ana set the mode +W " + "9" * 400),
    ],
)
def test_slow_mode_is_told_in_words_where_the_server_has_it(params, told):
    assert mode_words("Ana", params, has_slow=True) == told
    assert mode_words("Ana", params) == f"Ana set the mode {' '.join(params)}"


def test_the_server_says_that_it_has_slow_mode():
    talk = Talk().connect()
    talk.hears(":bob!b@h MODE #lobby +W 10")
    talk.hears(":chat 005 ana CHANMODES=beI,k,Wfl,imnst :are supported by this server")
    talk.hears(":bob!b@h MODE #lobby +W 10")
    assert [entry.text for entry in talk.room().entries][-2:] == [
        "bob set the mode +W 10",
        "bob has everyone wait 10 seconds between messages",
    ]
