from datetime import UTC, datetime, timedelta
from itertools import permutations

from leadkit.activities import Activity, timeline

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def activity(id, hours):
    return Activity(id=id, lead_id="lead-1", type="call", at=NOW + timedelta(hours=hours), actor="user-7")


def test_a_timeline_is_read_from_the_latest_and_by_id_among_equals():
    expected = (activity("d", 1), activity("a", 0), activity("b", 0), activity("c", -1))

    for order in permutations(expected):
        assert timeline(order) == expected


def test_a_lead_may_have_no_timeline():
    assert timeline([]) == ()
