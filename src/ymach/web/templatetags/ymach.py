"""Template tags of the project, loaded everywhere: two languages, components, numbers and times."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ymach.base.clock import now, vietnam_day
from ymach.base.masking import mask
from ymach.base.text import Text
from ymach.clinical.dosages import plain_dosage
from ymach.web import formatting
from ymach.web.parts import Counted
from ymach.web.states import STATES, State

register = template.Library()
_DECIMAL = re.compile(r"[<>]?\s?-?\d+\.\d+")
_POWER = re.compile(r"\^(-?\d+)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FRAME = ("request", "csrf_token")
NO_FILTERS = frozenset({"page", "before", "after", "sort", "format"})
"""What an address says of any list without narrowing it."""
ONE = {"people": "person"}
ALIKE = frozenset({"icon", "mark", "menu"})
"""Components that use nothing but their options; dozens stand on a page, or one large one on every page."""


def language() -> str:
    """The reader's language, "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


@register.simple_tag
def t(vi: str, en: str) -> str:
    """One sentence in both languages, the reader's is shown: `{% t "Biên nhận" "Receipt" %}`."""
    return en if language() == "en" else vi


@register.filter
def say(value: object) -> object:
    """A Text in the reader's language; anything else as it is."""
    return value.to(language()) if isinstance(value, Text) else value


@register.simple_tag
def in_language() -> str:
    """The code of the reader's language, for `lang`."""
    return language()


@register.simple_tag(takes_context=True)
def cleared(context: Context, *kept: str) -> str:
    """This page's address without its filters, or "" when nothing is filtered: `{% cleared "state" as clear %}`.

    kept: what the address says that is no filter, such as the tab that is open.
    """
    request = context["request"]
    asked = {name: value for name, value in request.GET.items() if value and name not in NO_FILTERS}
    if not asked.keys() - set(kept):
        return ""
    tab = {name: value for name, value in asked.items() if name in kept}
    return f"{request.path}?{urlencode(tab)}" if tab else str(request.path)


@register.simple_tag
def state_of(code: str) -> State:
    """How a state is shown: word, icon, tone. Raises KeyError for a state nobody declared."""
    return STATES[str(code)]


@cache
def _template(name: str) -> Any:
    found: Any = get_template(f"components/{name}.html")
    return found.template


@lru_cache(maxsize=1024)
def drawn(name: str, options: tuple[tuple[str, object], ...]) -> SafeString:
    """A component that looks the same wherever its options are the same."""
    rendered: SafeString = _template(name).render(Context(dict(options)))
    return rendered


class Component(template.Node):
    """Renders `components/<name>.html` with the options given and nothing else of the page's context."""

    def __init__(self, name: str, options: dict[str, FilterExpression], body: NodeList | None) -> None:
        self.name = name
        self.options = options
        self.body = body

    def render(self, context: Context) -> SafeString:
        values = {key: say(option.resolve(context)) for key, option in self.options.items()}
        if self.name in ALIKE:
            return drawn(self.name, tuple(values.items()))
        if self.body is not None:
            values["body"] = self.body.render(context)
        frame = {name: context[name] for name in FRAME if name in context}
        # A page shows dozens of them: a plain context costs a tenth of a copy of the page's.
        rendered: SafeString = _template(self.name).render(Context({**frame, **values}))
        return rendered


@register.tag
def show(parser: Parser, token: Token) -> Component:
    """A component: `{% show "badge" state=row.outcome %}`. Its file says which options it takes."""
    name, options = _call(parser, token)
    return Component(name, options, None)


@register.tag
def wrap(parser: Parser, token: Token) -> Component:
    """A component around something: `{% wrap "panel" title=… %}…{% endwrap %}`; the component shows it as `body`."""
    name, options = _call(parser, token)
    body = parser.parse(("endwrap",))
    parser.delete_first_token()
    return Component(name, options, body)


def _call(parser: Parser, token: Token) -> tuple[str, dict[str, FilterExpression]]:
    tag, name, *rest = token.split_contents()
    options = token_kwargs(rest, parser)
    if rest:
        message = f"{{% {tag} {name} %}}: every option is written name=value, not {rest[0]}"
        raise template.TemplateSyntaxError(message)
    return name.strip("\"'"), options


@register.filter
def figure(value: int | float | Decimal | str | None, places: int | None = None) -> str:
    """1284906 → 1.284.906 (Vietnamese), 1,284,906 (English); a count that is not told (`base.small_cells`) as it is."""
    if isinstance(value, str):
        return value
    return formatting.number(value, language(), places)


@register.filter
def counted(unit: str, count: int) -> str:
    """The word beside a count: in English “facility” for 1, “facilities” for others; Vietnamese has one form."""
    if count != 1 or language() != "en":
        return unit
    return ONE.get(unit) or (f"{unit.removesuffix('ies')}y" if unit.endswith("ies") else unit.removesuffix("s"))


@register.filter
def measured(value: str) -> str:
    """A result as the reader writes numbers: “4,44” for “4.44”; what is no plain number stays as it was sent."""
    is_number = _DECIMAL.fullmatch(str(value)) is not None
    return str(value).replace(".", ",") if is_number and language() == "vi" else str(value)


@register.filter
def taken(dosage: str | None) -> str:
    """A dosage as people say it, in the reader's language: “Mỗi lần 1 viên, ngày 2 lần”."""
    return str(say(plain_dosage(dosage or "")))


@register.filter
def measuring(unit: str) -> str:
    """A unit with its powers raised: “10⁹/L” for “10^9/L”."""
    return _POWER.sub(lambda found: found[1].translate(_RAISED), unit)


@register.filter
def magnitude(value: float) -> float:
    """How large, without the sign."""
    return abs(value)


@register.filter
def unlocalize(value: int | float) -> str:
    """A number as HTML attributes want it."""
    return str(value)


@register.filter
def percent(value: float | Decimal | None, places: int = 1) -> str:
    """98.6 → 98,6 %."""
    return formatting.percent(value, language(), places)


@register.filter
def in_list(one: Counted) -> SafeString:
    """A number of a table, with a link to the list it counts: hundreds stand on a page, too many for a template each."""
    shown: str = percent(one.value) if one.is_percent else figure(one.value, one.places)
    if one.is_bad and one.value and one.places is None:
        shown = format_html('<b class="bad">{}</b>', shown)
    return format_html('<a href="{}">{}</a>', one.href, shown) if one.href else format_html("{}", shown)


@register.filter
def money(value: int | Decimal | None) -> str:
    """1250000 → 1.250.000 đ."""
    return formatting.money(value, language())


@register.filter
def masked(value: str | None) -> str:
    """A personal number with its middle hidden."""
    return mask(value) if value else formatting.EMPTY


@register.filter
def day(value: date | datetime | None) -> str:
    """A day inside `<time>`: 20/11/2026."""
    if value is None:
        return formatting.EMPTY
    machine = formatting.local(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', machine.isoformat(), formatting.day(value))


@register.filter
def plain_day(value: date | datetime | None) -> str:
    """A day without markup, for inputs and attributes: 20/11/2026."""
    return formatting.day(value)


@register.filter
def long_day(value: date) -> str:
    """A day with its weekday: thứ Sáu 20/11/2026."""
    return formatting.long_day(value, language())


@register.filter
def clock(value: datetime | None, seconds: bool = False) -> str:
    """The time of a moment inside `<time>`: 14:32; `clock:True` with seconds."""
    return _time(value, formatting.clock(value, seconds=seconds))


@register.filter
def moment(value: datetime | None, seconds: bool = False) -> str:
    """Time and day of a moment inside `<time>`: 14:32 20/11/2026; `moment:True` with seconds."""
    return _time(value, formatting.moment(value, seconds=seconds))


def _time(value: datetime | None, shown: str) -> str:
    if value is None:
        return formatting.EMPTY
    return format_html('<time datetime="{}">{}</time>', formatting.local(value).isoformat(), shown)


@register.filter
def deadline(value: date | datetime) -> str:
    """Days left and the day itself: còn 18 ngày, hết hạn 08/12/2026."""
    last = formatting.local(value).date() if isinstance(value, datetime) else value
    return formatting.deadline(last, vietnam_day(now())).to(language())


@register.filter
def duration(value: float) -> str:
    """Seconds as a wait: 1 giờ 52 phút."""
    return formatting.duration(value).to(language())
