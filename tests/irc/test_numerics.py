"""The numbered replies: three digits, no two the same, and words that fit on a line."""

import pytest

from chatapp.irc import numerics
from chatapp.irc.numerics import Numeric

NUMERICS = {name: value for name, value in vars(numerics).items() if isinstance(value, Numeric)}


@pytest.mark.parametrize(("name", "numeric"), NUMERICS.items(), ids=NUMERICS)
def test_a_numeric_can_be_said(name, numeric):
    assert name.startswith(("RPL_", "ERR_"))
    assert len(numeric.code) == 3
    assert numeric.code.isascii()
    assert numeric.code.isdigit()
    assert numeric.text.isascii()
    assert numeric.text == numeric.text.strip()
    assert not numeric.text or numeric.text.isprintable()
    assert len(numeric.text) < 200


def test_no_code_has_two_names():
    codes = [numeric.code for numeric in NUMERICS.values()]
    assert sorted(set(codes)) == sorted(codes)


def test_errors_are_in_the_ranges_of_errors():
    # RPL_STARTTLS and the SASL and MONITOR replies live among the errors' hundreds; errors live nowhere else.
    for name, numeric in NUMERICS.items():
        if name.startswith("ERR_"):
            assert "400" <= numeric.code <= "599" or numeric.code >= "690", name


def test_an_error_has_words():
    assert [name for name, numeric in NUMERICS.items() if name.startswith("ERR_") and not numeric.text] == []


def test_the_table_is_not_empty():
    assert {"RPL_WELCOME", "ERR_NICKNAMEINUSE", "ERR_UNKNOWNCOMMAND"} <= NUMERICS.keys()


def test_they_stand_in_order():
    codes = [numeric.code for numeric in NUMERICS.values()]
    assert codes == sorted(codes)
