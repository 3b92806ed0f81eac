"""What a condition means in SQL is what it means in Python: random leads against random conditions, on both databases.

The heart of it is one property: the leads that the database finds are those for which `evaluate` holds, and the leads
that it finds for the negation are the others. What SQL cannot express is refused with its place, and is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.conditions import dump_condition, evaluate, read_condition
from leadkit.errors import QueryRefused
from leadkit.leads.filtering import LeadFilter
from leadkit.sql import SqlStore
from leadkit.testing.builders import build_activity, build_lead, build_task
from leadkit.testing.conditions import AS_OF, condition_data, json_values
from leadkit.values.json import read_json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leadkit.leads import Lead

_TIMES = ("2026-11-20T00:00:00Z", "2026-11-24T12:00:00Z", "2025-01-31T00:00:00.000001Z")
_TEXTS = ("", "new", "New", "10", "2026-11-20", "2026-11-24T13:00:00+01:00", "straße", "İx", "ΑΣ", "a%b_c\\", "it's")
# Where floats and whole numbers meet, and where 64 bits end.
_NUMBERS = (2**53 + 1, float(2**53), 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, float(2**63), 2**70, 1e22, 10**22, 1e23)
_MORE_NUMBERS = (10**23, -0.0, 5e-324, 1.7976931348623157e308, 2**1024 - 1, -(10**300), 0.1, 0.30000000000000004)
_FIELDS = ("status", "score", "firstName", "created_at", "assignedAt", "properties.team_size", 'properties["a.b"]')
_VALUES = json_values() | st.sampled_from((*_NUMBERS, *_MORE_NUMBERS)) | st.sampled_from(_TEXTS)
_AGGREGATES = (
    {"aggregate": "count", "op": ">=", "value": 2},
    {"aggregate": "count", "op": "==", "value": 0},
    {"aggregate": "count", "op": "==", "value": {"field": "properties.team_size"}},
    {"aggregate": "latest", "op": "within", "value": "30d"},
    {"aggregate": "latest", "op": "missing"},
    {"aggregate": "earliest", "op": "before", "value": {"field": "createdAt"}},
    {"aggregate": "earliest", "op": "older_than", "value": "1y"},
    {"aggregate": "latest", "of": "properties.when", "op": "after", "value": "2026-11-20"},
)
_WHERE = ({"op": "exists"}, {"op": "==", "value": "call"}, {"op": "before", "value": "2026-11-23"})


def _is_kept(properties: dict[str, Any]) -> bool:
    try:
        read_json_object(properties)
    except ValueError:
        return False
    return True


@st.composite
def _leads(draw: st.DrawFn) -> dict[str, Any]:
    times = st.sampled_from(_TIMES)
    # No model takes a NUL character, or six levels.
    properties = st.dictionaries(st.sampled_from(("team_size", "tags", "a.b")), _VALUES, max_size=3).filter(_is_kept)
    return {
        "status": draw(st.sampled_from(("new", "qualified", "nurturing"))),
        "score": draw(st.none() | st.sampled_from((0, 1, 10, -3, 0.5, 12.25, 0.1))),
        "first_name": draw(st.none() | st.sampled_from(_TEXTS)),
        "created_at": draw(times),
        "assigned_at": draw(st.none() | times),
        "properties": draw(properties),
    }


@st.composite
def _compared(draw: st.DrawFn) -> dict[str, Any]:
    """Comparisons that the common strategy draws seldom: odd numbers, folded text, two fields."""
    field = draw(st.sampled_from(_FIELDS))
    if draw(st.booleans()):
        return {
            "field": field,
            "op": draw(st.sampled_from((">", ">=", "<", "<=", "==", "!="))),
            "value": draw(_operand()),
        }
    name = draw(st.sampled_from(("==", "contains", "starts_with", "ends_with", "in", "not_contains")))
    text = draw(st.sampled_from((*_TEXTS, "i", "i̇", "ς", "STRASSE", "x")))
    return {
        "field": field,
        "op": name,
        "value": [text, "NEW"] if name == "in" else text,
        "ignoreCase": draw(st.booleans()),
    }


def _operand() -> st.SearchStrategy[Any]:
    fields = st.fixed_dictionaries({"field": st.sampled_from(_FIELDS)})
    return st.sampled_from((*_NUMBERS, *_MORE_NUMBERS)) | fields | st.sampled_from(_TEXTS)


@st.composite
def _related(draw: st.DrawFn) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "related": draw(st.sampled_from(("activities", "tasks"))),
        **draw(st.sampled_from(_AGGREGATES)),
    }
    if draw(st.booleans()):
        names = ("type", "notes", "properties.when", "title", "doneAt")
        asked["where"] = {
            "field": draw(st.sampled_from(names)),
            **draw(
                st.sampled_from(
                    ({"op": "exists"}, {"op": "==", "value": "call"}, {"op": "before", "value": "2026-11-23"})
                )
            ),
        }
    if draw(st.booleans()):
        asked["within"] = draw(st.sampled_from(("30d", "2w", "1y")))
    return asked


class _Told:
    """How many pairs were compared, how many answers held, and what was refused."""

    def __init__(self) -> None:
        self.pairs = self.held = self.refused = 0
        self.reasons: dict[str, int] = {}

    def __str__(self) -> str:
        share = self.refused / (self.pairs + self.refused)
        reasons = "; ".join(f"{count} × {reason}" for reason, count in sorted(self.reasons.items()))
        return f"{self.pairs:,} pairs, {self.held:,} held, {self.refused:,} refused ({share:.1%}): {reasons or 'none'}"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('pushdown') / 'leads.db'}"
    else:
        server, template = (request.getfixturevalue(name) for name in ("postgres_server", "postgres_template"))
        address = server.address_of(server.create(template=template))
    found = SqlStore.open(address)
    yield found
    found.close()


def _agree(
    store: SqlStore, leads: list[Lead], related: dict[str, dict[str, Any]], asked: list[Any], told: _Told
) -> None:
    with store.unit_of_work("acme") as work:
        work.leads.add_many(leads)
        for records in related.values():
            work.activities.add_many(records["activities"])
            for task in records["tasks"]:
                work.activities.add_task(task)
        for condition in asked:
            wanted = [
                lead.id for lead in leads if evaluate(condition, lead, related=related.get(lead.id, {}), as_of=AS_OF)
            ]
            others = [lead.id for lead in leads if lead.id not in wanted]
            written = dump_condition(condition)
            try:
                counts = [
                    work.leads.count(LeadFilter(condition=each), as_of=AS_OF) for each in (written, {"not": written})
                ]
            except QueryRefused as refused:
                told.refused += len(leads)
                assert all(fault.path.startswith("$.condition") for fault in refused.faults)
                for reason in {fault.message for fault in refused.faults}:
                    told.reasons[reason] = told.reasons.get(reason, 0) + 1
            else:
                told.pairs += len(leads)
                told.held += len(wanted)
                assert counts == [len(wanted), len(others)], written
            # A scan refuses nothing: what SQL cannot express is asked by Python.
            for each, ids in ((written, wanted), ({"not": written}, others)):
                found = work.leads.scan(LeadFilter(condition=each), after=None, limit=50, as_of=AS_OF)
                assert [lead.id for lead in found] == ids, written


@pytest.mark.gate
def test_a_condition_in_sql_holds_where_it_holds_in_python(
    store: SqlStore, gate_size: Any, say: Callable[[str], None]
) -> None:
    told = _Told()
    # What is drawn for one example is alike: in a small gate many small ones, or chance decides about the shares below.
    size = gate_size(3, 6)
    several = st.lists(
        condition_data(related=False, patterns=False, jsonlogic=False) | _compared(), min_size=size, max_size=size
    )

    @settings(
        max_examples=gate_size(100, 600),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(_leads(), min_size=size, max_size=size), several)
    def agrees(fields: list[dict[str, Any]], asked: list[Any]) -> None:
        leads = [build_lead(f"lead-{number}", **each) for number, each in enumerate(fields)]
        _agree(store, leads, {}, [read_condition(each) for each in asked], told)

    agrees()
    say(f"conditions in SQL, {store.database.connections.dialect.name}: {told}")
    assert told.held > told.pairs / 10
    assert told.refused < (told.pairs + told.refused) / 20


@pytest.mark.gate
def test_a_condition_on_related_records_in_sql_holds_where_it_holds_in_python(
    store: SqlStore, gate_size: Any, say: Callable[[str], None]
) -> None:
    told = _Told()
    when = st.sampled_from(_TIMES)
    activity = st.fixed_dictionaries(
        {
            "type": st.sampled_from(("call", "visit")),
            "at": when,
            "notes": st.none() | st.just("100%"),
            "properties": st.dictionaries(st.just("when"), st.sampled_from((*_TIMES, "soon", 5)), max_size=1),
        }
    )
    task = st.fixed_dictionaries(
        {"title": st.sampled_from(("call", "send")), "due_at": when, "done_at": st.none() | when}
    )
    many, size = gate_size((2, 3), (5, 6))
    beside = st.tuples(st.lists(activity, max_size=3), st.lists(task, max_size=2))

    @settings(
        max_examples=gate_size(75, 300),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(st.tuples(_leads(), beside), min_size=many, max_size=many),
        st.lists(_related(), min_size=size, max_size=size),
    )
    def agrees(drawn: list[Any], asked: list[Any]) -> None:
        leads: list[Lead] = []
        related: dict[str, dict[str, Any]] = {}
        for number, (fields, (activities, tasks)) in enumerate(drawn):
            lead = build_lead(f"lead-{number}", **fields)
            leads.append(lead)
            related[lead.id] = {
                "activities": [
                    build_activity(f"a-{number}-{place}", lead_id=lead.id, **each)
                    for place, each in enumerate(activities)
                ],
                "tasks": [
                    build_task(f"t-{number}-{place}", lead_id=lead.id, **each) for place, each in enumerate(tasks)
                ],
            }
        _agree(store, leads, related, [read_condition(each) for each in asked], told)

    agrees()
    say(f"conditions in SQL, {store.database.connections.dialect.name}: {told}")
    assert told.held > told.pairs / 10
    assert told.refused == 0
