from __future__ import annotations

import threading

from leadkit.conditions.compiling.recent import Recent


def test_what_is_kept_is_found_again() -> None:
    recent: Recent[str] = Recent(most=2)
    assert recent.get("a") is None
    assert recent.keep("a", "first") == "first"
    assert recent.get("a") == "first"
    assert len(recent) == 1


def test_whoever_comes_second_gets_what_the_first_one_kept() -> None:
    recent: Recent[str] = Recent(most=2)
    recent.keep("a", "first")
    assert recent.keep("a", "second") == "first"


def test_what_nobody_asks_for_is_forgotten() -> None:
    recent: Recent[int] = Recent(most=2)
    for number in range(5):
        recent.keep(number, number)
    assert [recent.get(number) for number in range(5)] == [None, None, 2, 3, 4]


def test_what_is_asked_for_stays() -> None:
    recent: Recent[int] = Recent(most=2)
    for number in range(9):
        recent.keep(number, number)
        assert recent.get(0) == 0
    assert len(recent) <= 4


def test_keeping_the_same_thing_again_makes_nothing_older() -> None:
    recent: Recent[int] = Recent(most=2)
    recent.keep(1, 1)
    recent.keep(2, 2)
    for _ in range(5):
        recent.keep(2, 2)
    assert (recent.get(1), recent.get(2), len(recent)) == (1, 2, 2)


def test_threads_agree_on_what_is_kept() -> None:
    recent: Recent[object] = Recent(most=100)
    found: list[object] = []

    def work() -> None:
        found.extend(recent.keep(number % 50, object()) for number in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(thing) for thing in found}) == 50
