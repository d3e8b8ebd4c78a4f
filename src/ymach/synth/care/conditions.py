"""What people come with, and what is done about it: conditions, medicines, services and their results, as data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ymach.synth.tables import Row, Weighted, rows


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine as it is prescribed; `code` follows the insurance list's form."""

    code: str
    name: str
    unit: str
    strength: str
    route: str
    form: str
    per_time: int
    times: int
    instructions: str
    price: Decimal
    registration: str

    @property
    def per_day(self) -> int:
        return self.per_time * self.times

    def dosage(self, days: int) -> str:
        """The dose in the grammar of LIEU_DUNG (Decision 4750/QĐ-BYT)."""
        unit = self.unit.lower()
        return f"{self.per_time} {unit}/lần * {self.times} lần/ngày * {days} ngày [{self.per_day} {unit}/ngày]"


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """A service or supply. starts_after and takes: minutes from order to start, and from start to result."""

    key: str
    code: str
    name: str
    group: str
    unit: str
    price: Decimal
    device: str
    starts_after: int
    takes: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """One value of a test: normal and abnormal range, decimals shown."""

    name: str
    unit: str
    normal: tuple[float, float]
    abnormal: tuple[float, float]
    decimals: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What is seen in an image or tracing, normally and abnormally; `{n}` takes a number."""

    normal: str
    abnormal: str
    normal_conclusion: str
    abnormal_conclusion: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A reason to come, its diagnoses (ICD-10), and what usually follows. days: of medicines, or of the stay."""

    key: str
    kinds: frozenset[str]
    weight: float
    main: str
    others: tuple[str, ...]
    sex: str
    ages: tuple[int, int]
    department: str
    reason: str
    admission_text: str
    diagnosis_text: str
    treatment: str
    advice: str
    exam: ServiceKind
    tests: tuple[ServiceKind, ...]
    abnormal: frozenset[str]
    drugs: tuple[Drug, ...]
    days: int


@cache
def drugs() -> dict[str, Drug]:
    """Medicines by key."""
    return {row["key"]: _drug(place, row) for place, row in enumerate(rows("clinical/drugs.csv"), 17)}


@cache
def services() -> dict[str, ServiceKind]:
    """Services and supplies by key."""
    return {row["key"]: _service(row) for row in rows("clinical/services.csv")}


@cache
def indicators() -> dict[str, tuple[Indicator, ...]]:
    """The values each test gives, by key of the service."""
    found: dict[str, list[Indicator]] = defaultdict(list)
    for row in rows("clinical/indicators.csv"):
        normal = (float(row["low"]), float(row["high"]))
        abnormal = (float(row["abnormal_low"]), float(row["abnormal_high"]))
        found[row["service"]].append(Indicator(row["name"], row["unit"], normal, abnormal, int(row["decimals"])))
    return {key: tuple(values) for key, values in found.items()}


@cache
def readings() -> dict[str, Reading]:
    """Findings of images and tracings, by key of the service."""
    columns = ("normal", "abnormal", "normal_conclusion", "abnormal_conclusion")
    return {row["service"]: Reading(*(row[column] for column in columns)) for row in rows("clinical/readings.csv")}


@cache
def conditions(kind: str) -> Weighted[Condition]:
    """What people come with for a kind of dossier, by how often they do."""
    fitting = (one for one in map(_condition, rows("clinical/conditions.csv")) if kind in one.kinds)
    return Weighted((one, one.weight) for one in fitting)


def _drug(place: int, row: Row) -> Drug:
    texts = {name: row[name] for name in ("code", "name", "unit", "strength", "route", "form", "instructions")}
    return Drug(
        **texts,
        per_time=int(row["per_time"]),
        times=int(row["times"]),
        price=Decimal(row["price"]),
        registration=f"893110{place * 8:06d}",
    )


def _service(row: Row) -> ServiceKind:
    texts = {name: row[name] for name in ("key", "code", "name", "group", "unit", "device")}
    starts_after, takes = int(row["starts_after"]), int(row["takes"])
    return ServiceKind(**texts, price=Decimal(row["price"]), starts_after=starts_after, takes=takes)


def _condition(row: Row) -> Condition:
    youngest, _, oldest = row["ages"].partition("-")
    known = services()
    return Condition(
        key=row["key"],
        kinds=frozenset(row["kinds"].split()),
        weight=float(row["weight"]),
        main=row["main"],
        others=tuple(row["others"].split()),
        sex=row["sex"],
        ages=(int(youngest), int(oldest)),
        department=row["department"],
        reason=row["reason"],
        admission_text=row["admission"],
        diagnosis_text="; ".join(filter(None, (row["diagnosis"], row["others_text"]))),
        treatment=row["treatment"],
        advice=row["advice"],
        exam=known[row["exam"]],
        tests=tuple(known[key] for key in row["tests"].split()),
        abnormal=frozenset(row["abnormal"].split()),
        drugs=tuple(drugs()[key] for key in row["drugs"].split()),
        days=int(row["days"]),
    )
