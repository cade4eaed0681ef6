"""The functions that an expression may call (processes/README.md): what each takes, and those that need no case.

`PURE` depends on its arguments alone; `time_functions.py` has those that read the clock or the calendar; the runner
supplies the rest, which read the case. Instants go in and out as ISO texts; what comes in without an offset is office
time, what goes out bears +08:00. Nothing in, nothing out: a date that is not filled yet makes no deadline, and
`earlier` and `later` pass over it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Literal, NamedTuple, TypeAlias

from engine import working_time
from engine.clock import OFFICE
from engine.errors import ExpressionError
from engine.working_time import WEEKDAYS

Value: TypeAlias = Any  # None, bool, int, Decimal, str, list of values, mapping of values
Function: TypeAlias = Callable[..., Value]
Kind: TypeAlias = Literal["pure", "time", "case", "calendar"]

LARGEST_NUMBER_DIGITS = 15
LONGEST_LIST = 200

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
_KEY = re.compile(r"[^\s:\x00-\x1f]{1,100}")
_MICROSECONDS = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}
_MICROSECONDS["working_hours"] = _MICROSECONDS["hours"]
LARGEST = {"minutes": 52_704_000, "hours": 878_400, "days": 36_600, "months": 1_200}
LARGEST |= {"working_days": 5_000, "working_hours": 20_000}


class Signature(NamedTuple):
    """What a function takes, and what it gives in one sentence; `calendar` ones may rest on a provisional year."""

    least: int
    most: int
    keywords: frozenset[str]
    kind: Kind
    zh: str
    en: str


def _signature(least: int, most: int, kind: Kind, zh: str, en: str, *keywords: str) -> Signature:
    return Signature(least, most, frozenset(keywords), kind, zh, en)


SIGNATURES: dict[str, Signature] = {
    "hours": _signature(1, 1, "time", "若干小时之后（连续计时）", "that many hours later", "after"),
    "days": _signature(1, 1, "time", "若干个 24 小时之后", "that many times 24 hours later", "after"),
    "minutes": _signature(1, 1, "time", "若干分钟之后", "that many minutes later", "after"),
    "months": _signature(1, 1, "time", "若干个月后的同日同时", "same day and time months later", "after"),
    "end_of_day": _signature(0, 0, "time", "当日 23:59:59", "the last second of the day", "after"),
    "now": _signature(0, 0, "time", "本次操作的时刻", "the instant of this command"),
    "this_case": _signature(0, 0, "case", "本案件的编号", "the id of this case"),
    "started_at": _signature(0, 0, "time", "案件开始的时刻", "the instant at which the case started"),
    "working_days": _signature(
        1, 1, "calendar", "第几个工作日下班时", "end of office hours on the nth working day", "after"
    ),
    "working_hours": _signature(1, 1, "calendar", "若干办公小时之后", "that many office hours later", "after"),
    "next_slot": _signature(3, 3, "calendar", "下一个固定时段的开始", "start of the next such slot", "after"),
    "weekly": _signature(1, 2, "calendar", "下一个星期几的某时", "the next such weekday and time", "nth"),
    "monthly": _signature(1, 2, "calendar", "下一个几号的某时", "the next such day of a month", "month"),
    "month_end": _signature(0, 1, "calendar", "下一个月末", "the next last day of a month"),
    "done_at": _signature(1, 1, "case", "某步骤最近完成的时刻", "when the element was last completed"),
    "due_of": _signature(1, 1, "case", "某时限最近设定的到期时刻", "when the deadline is or was due"),
    "breaches": _signature(0, 1, "case", "本案超时次数", "how many breaches the case has"),
    "rounds": _signature(1, 1, "case", "某步骤完成的次数", "how often the element was completed"),
    "doer_of": _signature(1, 1, "case", "最近完成某步骤的人", "who last completed the element"),
    "initiator": _signature(0, 0, "case", "发起人", "who started the case"),
    "parameter": _signature(1, 1, "case", "流程参数的值", "a parameter of the procedure"),
    "at": _signature(1, 1, "pure", "日期或时间字段所指的时刻（日期为当日末）", "the instant in a field; a date's end"),
    "before": _signature(
        1, 1, "pure", "某时刻之前", "that much before an instant", "minutes", "hours", "days", "months"
    ),
    "earlier": _signature(1, 20, "pure", "其中最早的时刻，空值不计", "the earliest of the instants"),
    "later": _signature(1, 20, "pure", "其中最晚的时刻，空值不计", "the latest of the instants"),
    "head_of": _signature(1, 1, "pure", "部门负责人", "the head of a department"),
    "group": _signature(1, 1, "pure", "小组", "a group"),
    "person": _signature(1, 1, "pure", "人员", "a person"),
    "len": _signature(1, 1, "pure", "列表的项数", "how many items a list has"),
    "sum_of": _signature(2, 2, "pure", "列表中某字段之和", "the sum of a field over a list"),
    "count_of": _signature(3, 3, "pure", "字段等于某值的项数", "how many items have the value"),
    "any_of": _signature(3, 3, "pure", "是否有一项的字段等于某值", "whether an item has the value"),
    "all_of": _signature(3, 3, "pure", "是否各项的字段都等于某值", "whether all items have the value"),
    "pick": _signature(2, 2, "pure", "列表各项的某字段", "the list of a field's values"),
    "unique": _signature(1, 1, "pure", "去掉重复项", "the list without repetitions"),
    "without": _signature(2, 2, "pure", "去掉某值或若干值", "the list without a value or values"),
    "number": _signature(1, 1, "pure", "文本形式的数字", "the number in a text"),
    "round_half_up": _signature(1, 2, "pure", "四舍五入到几位小数", "rounded half up to decimal places"),
    "min": _signature(2, 20, "pure", "最小的数", "the least of the numbers"),
    "max": _signature(2, 20, "pure", "最大的数", "the greatest of the numbers"),
    "abs": _signature(1, 1, "pure", "绝对值", "the number without its sign"),
}


def refused(reason: str, **parameters: Any) -> ExpressionError:
    """Make the error of a function; the expression adds its text and the column of the call."""
    return ExpressionError("", 0, reason, **parameters)


def kind_of(value: Value) -> str:
    """Return the code of the message that names the value's kind."""
    kinds = {bool: "kind.yes_no", int: "kind.number", Decimal: "kind.number", str: "kind.text", list: "kind.list"}
    if value is None:
        return "kind.nothing"
    return "kind.record" if isinstance(value, Mapping) else kinds.get(type(value), "kind.other")


def equal(left: Value, right: Value) -> bool:
    """Compare two values of one kind; nothing equals nothing alone.

    Raises:
        ExpressionError: The kinds differ. That "6000.00" == 6000 is never true would otherwise go unnoticed.
    """
    if left is None or right is None:
        return left is right
    if type(left) is not type(right) and kind_of(left) != kind_of(right):
        raise refused("expression.not_comparable", left=kind_of(left), right=kind_of(right))
    return bool(left == right)


# Numbers


def number(value: Value) -> Value:
    """Read a number from text; an integer where there is no point."""
    if value is None or type(value) in (int, Decimal):
        return value
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        raise refused("expression.not_a_number", value=shown(value))
    return Decimal(value.strip()) if "." in value else int(value)


def shown(value: Value) -> str:
    """Return what a message shows of a value."""
    return value[:80] if isinstance(value, str) else str(value)[:80]


def _number(name: str, value: Value) -> Value:
    if type(value) not in (int, Decimal):
        raise refused("expression.needs_number", operator=name, found=kind_of(value))
    return value


def whole(value: Value, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    found = number(value)
    if type(found) is not int:
        raise refused("expression.not_whole", value=shown(value))
    if not least <= found <= most:
        raise refused("expression.out_of_range", value=found, least=least, most=most)
    return found


def _round_half_up(value: Value, places: Value = 0) -> Value:
    digits = whole(places, 0, 6)
    rounded = Decimal(_number("round_half_up", value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return rounded if digits else int(rounded)


def _extreme(name: str, choose: Callable[..., Value]) -> Function:
    return lambda *values: choose(*(_number(name, value) for value in values))


# Lists


def _rows(name: str, values: Value) -> list[Value]:
    """Return the items; none of an element that was not reached, whose data is nothing or empty."""
    if values is None or (isinstance(values, Mapping) and not values):
        return []
    if not isinstance(values, list):
        raise refused("expression.needs_list", operator=name, found=kind_of(values))
    return values


def _column(name: str, values: Value, field: Value) -> list[Value]:
    if not isinstance(field, str):
        raise refused("expression.needs_text", operator=name, found=kind_of(field))
    rows = _rows(name, values)
    if not all(isinstance(row, Mapping) for row in rows):
        raise refused("expression.item_without_fields", field=field)
    return [row.get(field) for row in rows]


def _sum_of(values: Value, field: Value) -> Value:
    # Decimals of a form are text in the data, and an expression can't reach into the items.
    return sum((number(value) for value in _column("sum_of", values, field) if value is not None), 0)


def _unique(values: Value) -> list[Value]:
    found: list[Value] = []
    for value in _rows("unique", values):
        if value not in found:
            found.append(value)
    return found


def _without(values: Value, unwanted: Value) -> list[Value]:
    refuse = unwanted if isinstance(unwanted, list) else [unwanted]
    return [value for value in _rows("without", values) if value not in refuse]


# People


def _principal(prefix: str) -> Function:
    def principal(key: Value) -> Value:
        if isinstance(key, list):
            return [principal(each) for each in key]
        if key is None:
            return None
        text = str(key) if type(key) is int else key
        if not isinstance(text, str) or not _KEY.fullmatch(text):
            raise refused("expression.not_a_key", value=shown(key))
        return f"{prefix}:{text}"

    return principal


# Instants


def instant_of(value: Value) -> datetime | None:
    """Read an instant: a date is its end, a time without an offset is office time, nothing is nothing."""
    if value is None:
        return None
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            # Outside these years a later sum could overflow, and Shanghai's offset was not whole hours.
            if 1950 <= instant.year <= 2200:
                if len(value) == len("2025-09-26"):
                    return datetime.combine(date.fromisoformat(value), time(23, 59, 59), OFFICE)
                return instant.replace(tzinfo=instant.tzinfo or OFFICE).astimezone(OFFICE)
    raise refused("expression.not_an_instant", value=shown(value))


def text_of(instant: datetime | None) -> str | None:
    """Write an instant as an expression gives it: office time with offset, microseconds only where there are any."""
    return None if instant is None else instant.astimezone(OFFICE).isoformat()


def in_order(left: str, right: str) -> tuple[Any, Any]:
    """Make two texts comparable by `<`: instants and dates, or times of day; no other text has an order."""
    if _TIME_OF_DAY.fullmatch(left) and _TIME_OF_DAY.fullmatch(right):
        return left, right
    if _INSTANT.fullmatch(left) and _INSTANT.fullmatch(right):
        return instant_of(left), instant_of(right)
    raise refused("expression.not_comparable", left="kind.text", right="kind.text")


def weekday_of(value: Value) -> int:
    if value not in WEEKDAYS:
        raise refused("expression.not_a_weekday", value=shown(value))
    return WEEKDAYS.index(value)


def time_of_day(value: Value) -> time:
    if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
        raise refused("expression.not_a_time", value=shown(value))
    return time.fromisoformat(value)


def elapsed(unit: str, value: Value) -> timedelta | None:
    """Return a length of time: a number of minutes, hours (also office hours) or days of 24 hours."""
    length = number(value)
    if length is None:
        return None
    if not 0 <= length <= LARGEST[unit]:
        raise refused("expression.out_of_range", value=length, least=0, most=LARGEST[unit])
    return timedelta(microseconds=int(length * _MICROSECONDS[unit]))


def _before(value: Value, months: Value = 0, **spans: Value) -> Value:
    instant = instant_of(value)
    minus = [elapsed(unit, length) for unit, length in spans.items()]
    if instant is None or months is None or None in minus:
        return None
    earlier = working_time.add_months(instant, -whole(months, 0, LARGEST["months"]))
    return text_of(earlier - sum((span for span in minus if span), timedelta()))


def _chosen(choose: Callable[..., datetime]) -> Function:
    def chosen(*values: Value) -> Value:
        known = [instant for instant in map(instant_of, values) if instant is not None]
        return text_of(choose(known)) if known else None

    return chosen


PURE: dict[str, Function] = {
    "at": lambda value: text_of(instant_of(value)),
    "before": _before,
    "earlier": _chosen(min),
    "later": _chosen(max),
    "head_of": _principal("head"),
    "group": _principal("group"),
    "person": _principal("person"),
    "len": lambda values: len(_rows("len", values)),
    "sum_of": _sum_of,
    "count_of": lambda values, field, value: sum(equal(each, value) for each in _column("count_of", values, field)),
    "any_of": lambda values, field, value: any(equal(each, value) for each in _column("any_of", values, field)),
    "all_of": lambda values, field, value: all(equal(each, value) for each in _column("all_of", values, field)),
    "pick": partial(_column, "pick"),
    "unique": _unique,
    "without": _without,
    "number": number,
    "round_half_up": _round_half_up,
    "min": _extreme("min", min),
    "max": _extreme("max", max),
    "abs": lambda value: abs(_number("abs", value)),
}
