"""The values in a template: a field's text with a value beside it, and what is made of them.

A field prints as its text. Beside a text it is that text, trimmed; beside a number it is its value,
and so it is for filters that calculate. A field without a value raises ``NoValue`` there: nothing
counts as 0 that is no number.
"""

from __future__ import annotations

import decimal
import operator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial, reduce, wraps
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from jinja2 import Undefined, pass_context, pass_environment
from jinja2.filters import FILTERS, make_attrgetter
from markupsafe import Markup, escape

from desktop.contract.items import FieldReading, NumberToCome, ValueKind
from desktop.contract.rules import values as rules
from desktop.contract.rules.locales import Signs
from sendoff_tasks.model.text import trimmed
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jinja2.environment import Environment
    from jinja2.runtime import Context

WAY: Final = "_way"
"""The key, among the values of an item, of the way in which its numbers are written."""
EXAMPLE: Final = "‹{}›"
"""The text of a field in a preview without an item."""


Value = TypeVar("Value", bool, datetime, Decimal)


class NoValue(Exception):
    """A template needs a value of the ``field`` that has none.

    It is no ``ValueError``, which Jinja's filters take for 0.
    """

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


_words: Final = partial(ENGLISH.say, "template_code")


def _wanted(kind: ValueKind) -> str:
    return ENGLISH.say("value_wanted", kind)


def _other_kind(name: str, kind: str, wanted: ValueKind, field: str = "") -> NoValue:
    said = ENGLISH.say("value_is", kind)
    return NoValue(_words("other_kind", field=name, kind=said, wanted=_wanted(wanted)), field)


def _incomparable(one: object, other: object, field: str) -> NoValue:
    return NoValue(_words("incomparable", field=one, other=other), field)


class FieldValue(str):
    """A field's text, which ``kind`` and ``plain`` value tell how to read.

    A text without a kind is a number where it can be read as one, and has its form. A text made
    from a field has the field's name and no value.
    """

    __slots__ = ("form", "kind", "name", "plain", "way")
    name: str
    kind: ValueKind | None
    form: rules.NumberForm
    plain: str | None
    way: Signs

    def __new__(
        cls,
        text: str,
        name: str,
        way: Signs = rules.ISO,
        kind: ValueKind | None = None,
        form: rules.NumberForm | None = None,
        plain: str | None = None,
    ) -> Self:
        """Make a field."""
        made = super().__new__(cls, text)
        made.name, made.kind, made.plain, made.way = name, kind, plain, way
        if form is None or (kind is ValueKind.NUMBER and not form.before + form.after):
            read = rules.parse_number(text, way) if kind in {None, ValueKind.NUMBER} else None
            if form is None or (read is not None and read[1].before + read[1].after):
                form = rules.common_form([] if read is None else [read[1]])
        made.form = form
        return made

    @property
    def text(self) -> str:
        """The text, trimmed."""
        return trimmed(str(self))

    @property
    def is_example(self) -> bool:
        """Whether it only shows where the field stands, in a preview without an item."""
        return str(self) == EXAMPLE.format(self.name)

    @property
    def has_number(self) -> bool:
        """Whether it counts as a number: by its kind, or as it can be read."""
        if self.kind is None:
            return self._number() is not None
        return self.kind is ValueKind.NUMBER

    def number(self) -> Decimal:
        """Return its number; raises ``NoValue``."""
        return self._needed(self._number(), ValueKind.NUMBER)

    def date(self) -> datetime:
        """Return its date; raises ``NoValue``."""
        read = self if self.plain is None else self.plain
        if self.is_example:
            return datetime.now()  # noqa: DTZ005 - a day of a sheet has no zone
        return self._needed(rules.read_date(read, self.way), ValueKind.DATE)

    def yes(self) -> bool:
        """Return whether it says yes; raises ``NoValue``."""
        if self.is_example:
            return True
        read = self if self.plain is None else self.plain
        return self._needed(rules.read_yes_no(read), ValueKind.YES_NO)

    def made(self, text: str) -> FieldValue:
        """Return a text made from it."""
        return FieldValue(text, self.name, self.way, ValueKind.TEXT)

    def _number(self) -> Decimal | None:
        if self.is_example:
            return Decimal(1)
        if self.kind in {ValueKind.TEXT, ValueKind.DATE}:
            return None
        if self.kind is ValueKind.YES_NO:
            return Decimal(self.yes())
        number = None if self.plain is None else rules.plain_number(self.plain)
        if number is None and (self.plain is None or self.kind is None):
            return rules.read_number(self, self.way)
        return number

    def _needed(self, value: Value | None, kind: ValueKind) -> Value:
        if value is not None:
            return value
        if not self.text:
            raise NoValue(_words("empty", field=self.name), self.name)
        if self.kind in {ValueKind.TEXT, ValueKind.DATE} and self.kind is not kind:
            raise _other_kind(self.name, self.kind, kind, self.name)
        words = _words("other_text", field=self.name, text=self.text, wanted=_wanted(kind))
        raise NoValue(words, self.name)

    def __bool__(self) -> bool:
        """Tell whether it is filled in; of *yes or no*, whether it says yes."""
        return bool(self.text) and (self.kind is not ValueKind.YES_NO or self.yes())

    def __hash__(self) -> int:
        """Hash the trimmed text, which is compared with texts."""
        return hash(self.text)

    def _beside(self, other: Any, *, is_order: bool) -> tuple[Any, Any] | None:
        """Return the values to compare or to calculate with; ``None`` if both are texts.

        Raises ``NoValue`` for a field without the value that the other one asks for.
        """
        if isinstance(other, bool):
            return self.yes(), other
        if isinstance(other, int | float | Decimal):
            return self.number(), _decimal(other)
        if not isinstance(other, FieldValue):
            return self._beside_text(other) if is_order else None
        if self.kind is other.kind is ValueKind.DATE:
            return self.date(), other.date()
        if self.kind is other.kind is ValueKind.YES_NO:
            return self.yes(), other.yes()
        is_number = is_order or ValueKind.NUMBER in {self.kind, other.kind}
        if is_number and self.has_number and other.has_number:
            return self.number(), other.number()
        return None

    def _beside_text(self, text: str) -> tuple[Any, Any] | None:
        """Return the values of a date or a number, and of a text that says one."""
        if self.kind is ValueKind.DATE and (moment := rules.read_date(text, self.way)) is not None:
            return self.date(), moment
        if (
            self.kind is ValueKind.NUMBER
            and (number := rules.read_number(text, self.way)) is not None
        ):
            return self.number(), number
        return None

    def _compared(self, other: Any, compare: Callable[[Any, Any], bool]) -> bool:
        is_order = compare is not operator.eq
        values = self._beside(other, is_order=is_order)
        if values is not None:
            return compare(*values)
        texts = ValueKind.TEXT, None
        kind = other.kind if isinstance(other, FieldValue) else None
        if is_order and not (self.kind in texts and kind in texts):
            name = other.name if isinstance(other, FieldValue) else other
            raise _incomparable(self.name, name, self.name)
        return compare(self.text, other.text if isinstance(other, FieldValue) else str(other))

    def __eq__(self, other: object) -> bool:
        """Compare by value with a number, by text with a text."""
        return bool(self._compared(other, operator.eq)) if _is_value(other) else False

    def __ne__(self, other: object) -> bool:
        """Compare as ``==`` does."""
        return not self == other


class Amount(Decimal):
    """A result, which is written in the ``form`` of the fields that it is made of."""

    __slots__ = ("form", "way")
    form: rules.NumberForm
    way: Signs

    def __new__(cls, value: Decimal, form: rules.NumberForm, way: Signs) -> Self:
        """Make a result."""
        made = super().__new__(cls, value)
        made.form, made.way = form, way
        return made

    def __str__(self) -> str:
        """Write it."""
        return self.form.write(Decimal(self), self.way)

    def __format__(self, _spec: str, _context: Any = None, /) -> str:
        return str(self)


def number_of(value: Any) -> Decimal:
    """Return the number of a value; raises ``NoValue`` for a text that is none."""
    if isinstance(value, FieldValue):
        return value.number()
    if isinstance(value, int | float | Decimal):
        return _decimal(value)
    if isinstance(value, Undefined):
        str(value)  # raises that it is missing
    raise _other_kind(str(value), ValueKind.TEXT, ValueKind.NUMBER)


def _decimal(value: float | Decimal) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _is_value(value: object) -> bool:
    return isinstance(value, str | int | float | Decimal) and not isinstance(value, Undefined)


def _calculated(calculate: Callable[[Any, Any], Decimal], left: Any, right: Any) -> Any:
    """Calculate with two values, one of which is a field or a result."""
    for each in (left, right):
        if isinstance(each, NumberToCome):
            return each
    dates = [e for e in (left, right) if isinstance(e, FieldValue) and e.kind is ValueKind.DATE]
    fields = [each for each in (left, right) if isinstance(each, FieldValue | Amount)]
    if len(dates) == 2 and calculate is operator.sub:
        days = (left.date() - right.date()).days
        return Amount(Decimal(days), rules.NumberForm(), left.way)
    one, other = number_of(left), number_of(right)
    if not other and calculate in {operator.truediv, operator.floordiv, operator.mod}:
        by = getattr(right, "name", "")
        raise NoValue(_words("zero" if by else "zero_number", field=by), by)
    form = reduce(rules.NumberForm.beside, (each.form for each in fields))
    is_ratio = calculate in {operator.truediv, operator.floordiv}
    if is_ratio and isinstance(right, FieldValue | Amount) and form.sign == right.form.sign:
        form = rules.NumberForm()
    return Amount(calculate(one, other), form, fields[0].way)


def _added(left: Any, right: Any) -> Any:
    """Add two numbers, else join two texts."""
    pair = left, right
    fields = [each for each in pair if isinstance(each, FieldValue)]
    if any(isinstance(each, int | float) for each in pair):
        return _calculated(operator.add, left, right)
    numbers: list[Any] = [each for each in pair if isinstance(each, Amount)]
    numbers += [each for each in fields if each.has_number]
    if len(numbers) == len(pair) and any(getattr(e, "kind", e) is not None for e in numbers):
        return _calculated(operator.add, left, right)
    if any(isinstance(each, Markup) for each in pair):
        return escape(text_of(left)) + escape(text_of(right))
    joined = f"{text_of(left)}{text_of(right)}"
    return fields[0].made(joined) if fields else joined


def text_of(value: Any) -> str:
    """Return the text of a value beside another one: that of a field is trimmed."""
    if isinstance(value, FieldValue):
        return value.text
    return value if isinstance(value, Markup) else str(value)


def _give_operators() -> None:
    """Give fields and results the operators of numbers, on either side."""

    def binary(calculate: Callable[[Any, Any], Any], *, turned: bool) -> Callable[[Any, Any], Any]:
        def operate(self: Any, other: Any) -> Any:
            if not _is_value(other):
                return NotImplemented
            return calculate(other, self) if turned else calculate(self, other)

        return operate

    def unary(calculate: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda self: Amount(calculate(number_of(self)), self.form, self.way)

    def field_order(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
        def ordered(self: FieldValue, other: Any) -> Any:
            return self._compared(other, compare) if _is_value(other) else NotImplemented

        return ordered

    def amount_order(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
        def ordered(self: Amount, other: Any) -> Any:
            is_number = isinstance(other, int | float | Decimal)
            return compare(Decimal(self), _decimal(other)) if is_number else NotImplemented

        return ordered

    for of in (FieldValue, Amount):
        for name in ("sub", "mul", "truediv", "floordiv", "mod"):
            calculate = partial(_calculated, getattr(operator, name))
            setattr(of, f"__{name}__", binary(calculate, turned=False))
            setattr(of, f"__r{name}__", binary(calculate, turned=True))
        of.__add__ = binary(_added, turned=False)  # type: ignore[method-assign]
        of.__radd__ = binary(_added, turned=True)  # type: ignore[method-assign, union-attr]
        for name in ("neg", "pos", "abs"):
            setattr(of, f"__{name}__", unary(getattr(operator, name)))
    for name in ("lt", "le", "gt", "ge"):
        setattr(FieldValue, f"__{name}__", field_order(getattr(operator, name)))
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        setattr(Amount, f"__{name}__", amount_order(getattr(operator, name)))


_give_operators()


def fields_of(fields: Mapping[str, Any], reading: FieldReading, office: Signs) -> dict[str, Any]:
    """Return the fields of an item as a template knows them.

    If their ``reading`` does not tell, texts are read in the way of the ``office``.
    """
    way = rules.way_of(reading, office)
    kinds, plain = reading.get("kinds", {}), reading.get("plain", {})

    def known_as(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: known_as(each, name) for key, each in value.items()}
        if isinstance(value, list):
            return [known_as(each, name) for each in value]
        if not isinstance(value, str):
            return value
        kind, form = rules.kind_in(kinds[name]) if name in kinds else (None, None)
        return FieldValue(value, name, way, kind, form, plain.get(name))

    return {name: known_as(value, name) for name, value in fields.items()}


# --- filters ---------------------------------------------------------------------------------

_ROUND_LIMIT: Final = 18


def of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have a filter of texts remember the field from which it makes one."""

    @wraps(function)
    def filtered(*args: Any, **options: Any) -> Any:
        made = function(*args, **options)
        source = next((each for each in args if isinstance(each, FieldValue)), None)
        return source.made(made) if source is not None and type(made) is str else made

    return filtered


def _like(value: Any, number: Decimal) -> Any:
    """Return a number as a result like a value; of a plain number it is a plain one."""
    if isinstance(value, FieldValue | Amount):
        return Amount(number, value.form, value.way)
    return float(number)


def _float(value: Any, default: Any = None) -> Any:
    if isinstance(value, NumberToCome):
        return value
    if default is not None and isinstance(value, FieldValue) and not value.text:
        return default
    return _like(value, number_of(value))


def _int(value: Any, default: Any = None, _base: int = 10) -> Any:
    found = _float(value, default)
    whole = int(found)
    return _like(found, Decimal(whole)) if isinstance(found, Amount) else whole


def _round(value: Any, digits: int = 0) -> Any:
    places = max(-_ROUND_LIMIT, min(digits, _ROUND_LIMIT))
    if not isinstance(value, FieldValue | Amount):
        return round(float(number_of(value)), places)
    step = Decimal(1).scaleb(-places)
    return _like(value, number_of(value).quantize(step, ROUND_HALF_UP, decimal.Context(prec=400)))


def _trim(value: Any) -> Any:
    if not isinstance(value, FieldValue):
        return FILTERS["trim"](value)
    return FieldValue(value.text, value.name, value.way, value.kind, value.form, value.plain)


@pass_environment
def _sum(environment: Environment, values: Iterable[Any], attribute: str | None = None) -> Any:
    if attribute is not None:
        values = map(make_attrgetter(environment, attribute), values)
    total: Any = 0
    for each in values:
        total = total + (each if not isinstance(each, str) else _float(each))
    return total


def _ordered(name: str) -> Callable[..., Any]:
    """Have a filter that orders values take fields by their values; texts as Jinja does."""
    usual = FILTERS[name]

    @pass_environment
    def ordered(environment: Environment, values: Iterable[Any], *args: Any, **options: Any) -> Any:
        given = list(values)
        get = make_attrgetter(environment, options.get("attribute"))
        found = [get(each) for each in given]
        fields = [each for each in found if isinstance(each, FieldValue)]
        odd = [each for each in fields if each.has_number is not fields[0].has_number]
        is_by_value = any(each.has_number or each.kind is ValueKind.DATE for each in fields)
        if not is_by_value:
            return usual(environment, given, *args, **options)
        if odd:
            raise _incomparable(fields[0].name, odd[0].name, odd[0].name)
        is_reversed = name == "max" or bool(options.get("reverse", args[:1] == (True,)))
        order = sorted(given, key=get, reverse=is_reversed)
        return order if name == "sort" else next(iter(order), environment.undefined("No value."))

    return ordered


def _way_in(context: Context, value: Any) -> Signs:
    own = value if isinstance(value, FieldValue | Amount) else None
    return cast("Signs", context.resolve(WAY)) if own is None else own.way


@pass_context
def _number(context: Context, value: Any, places: int | None = None) -> Amount:
    form = rules.NumberForm(is_grouped=True, places=places)
    return Amount(number_of(value), form, _way_in(context, value))


@pass_context
def _money(context: Context, value: Any, sign: str = "") -> Amount:
    way = _way_in(context, value)
    form = value.form if isinstance(value, FieldValue | Amount) else rules.NumberForm()
    before, after = ("", "") if form.is_share else (form.before, form.after)
    if sign:
        before, after = ("", f" {sign}") if way.point == "," else (sign, "")
    return Amount(number_of(value), rules.NumberForm(before, True, 2, after), way)


def _date(value: Any) -> str:
    if not isinstance(value, FieldValue):
        raise NoValue(_words("other_value", text=value, wanted=_wanted(ValueKind.DATE)))
    return str(value) if value.is_example else rules.write_date(value.date(), value.way)


NUMBER_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "date": _date,
    "float": _float,
    "int": _int,
    "max": _ordered("max"),
    "min": _ordered("min"),
    "money": _money,
    "number": _number,
    "round": _round,
    "sort": _ordered("sort"),
    "sum": _sum,
    "trim": _trim,
}
"""The filters that take the values of fields; *abs* does by itself."""
