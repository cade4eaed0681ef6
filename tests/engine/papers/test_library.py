"""What papers share: sums that are exact, in figures and in capitals, and values that may be missing."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.papers.gathering import sample
from engine.papers.press import PRESS
from engine.papers.words import grouped, moment

AT = datetime(2025, 9, 26, 8, tzinfo=UTC)
SUMS = st.lists(st.integers(-(10**14), 10**14).map(lambda fen: f"{Decimal(fen) / 100:.2f}"), min_size=1, max_size=30)


def told(expression: str, **data: Any) -> str:
    """What an expression gives in a template: set as the document's title, which comes back with the paper."""
    template = f'#import "/paper.typ": *\n#set document(title: {{ {expression} }})'
    return PRESS.pdf(template, {**sample(), **data}, AT).title


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("12500.00", "壹万贰仟伍佰元整"),
        ("23300.00", "贰万叁仟叁佰元整"),
        ("455.00", "肆佰伍拾伍元整"),
        ("10000.00", "壹万元整"),
        ("100010.05", "壹拾万零壹拾元零伍分"),
        ("1000000001.10", "壹拾亿零壹元壹角整"),
        ("20305.30", "贰万零叁佰零伍元叁角整"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
        ("0.00", "零元整"),
        ("-500.00", "负伍佰元整"),
    ],
)
def test_a_sum_in_capitals(amount: str, capitals: str) -> None:
    assert told(f'capital("{amount}")') == capitals


def read_back(capitals: str) -> Decimal:
    """The sum that capitals say, read by the rules of the numerals alone."""
    sign = -1 if capitals.startswith("负") else 1
    text = capitals.removeprefix("负").removesuffix("整").replace("零", "")
    whole, _, small = text.partition("元") if "元" in text else ("", "", text)
    value, section, digit = 0, 0, 0
    for letter in whole:
        if letter in "壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(letter)
        elif letter in "拾佰仟":
            section, digit = section + digit * 10 ** ("拾佰仟".index(letter) + 1), 0
        elif letter == "万":
            value, section, digit = value + (section + digit) * 10**4, 0, 0
        else:  # 亿 counts all that stands before it
            value, section, digit = (value + section + digit) * 10**8, 0, 0
    fen = 100 * (value + section + digit)
    for letter, unit in re.findall("(.)([角分])", small):
        fen += "零壹贰叁肆伍陆柒捌玖".index(letter) * (10 if unit == "角" else 1)
    return sign * Decimal(fen) / 100


@settings(max_examples=60, deadline=None)
@given(SUMS)
def test_capitals_and_figures_say_the_same_sum(sums: list[str]) -> None:
    capitals = told('data.sums.map(capital).join(" ")', sums=sums).split()
    figures = told('data.sums.map(money).join("|")', sums=sums).split("|")

    assert [read_back(one) for one in capitals] == [Decimal(one) for one in sums]
    assert [Decimal(one.removesuffix(" 元").replace(",", "").replace("−", "-")) for one in figures] == [
        Decimal(one) for one in sums
    ]


@settings(max_examples=30, deadline=None)
@given(SUMS)
def test_a_total_is_exact_to_the_fen(sums: list[str]) -> None:
    total = told("total(data.sums)", sums=sums)

    assert Decimal(total.replace(",", "").replace("−", "-")) == sum(map(Decimal, sums))


@pytest.mark.parametrize(
    "expression",
    [
        'said("a.b")', 'known("a.b")', 'person(none)', 'row("site", "G-1", "address")', "money(none)", "capital(none)",
        "day(none)", 'who("a")', 'group-name(none)',
    ],
)  # fmt: skip
def test_what_is_missing_is_none(expression: str) -> None:
    assert told(f"repr({expression})") == "none"


def test_moments_are_those_of_the_office() -> None:
    assert moment("2025-09-26T16:30:00+00:00") == "2025年9月27日 00:30"
    assert moment("2025-09-26") == "2025年9月26日"


def test_thousands_stand_apart() -> None:
    assert [grouped(one) for one in ("12500.00", "-1234567", "999", "0.50")] == [
        "12,500.00",
        "-1,234,567",
        "999",
        "0.50",
    ]
