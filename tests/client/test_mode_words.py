"""What MODE did to somebody, in words; and the modes themselves where the words would be a guess."""

from __future__ import annotations

import pytest

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
        ["+nb", "Bruno!*@*"],
        [],
    ],
)
def test_what_might_mean_something_else_is_shown_as_it_is(params):
    assert mode_words("Ana", params) == f"Ana set the mode {' '.join(params)}"
