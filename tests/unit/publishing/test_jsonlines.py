import errno
import json
import multiprocessing
import os

import pytest

import leadkit as lk
from leadkit.publishing import JsonLinesPublisher, jsonlines
from leadkit.testing.builders import build_event


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.jsonl"


def ids(path):
    return [json.loads(line)["id"] for line in path.read_bytes().splitlines()]


def test_each_event_is_a_line_in_the_order_in_which_they_came(path):
    publisher = JsonLinesPublisher(path)
    for number in range(1, 4):
        publisher.publish("acme", build_event("a", number))
    publisher.flush()
    publisher.close()
    publisher.close()

    assert ids(path) == ["a.1", "a.2", "a.3"]
    assert path.read_bytes().endswith(b"\n")


def test_a_file_that_is_there_is_added_to(path):
    for number in (1, 2):
        publisher = JsonLinesPublisher(path)
        publisher.publish("acme", build_event("a", number))
        publisher.close()

    assert ids(path) == ["a.1", "a.2"]


@pytest.mark.parametrize("rest", [b"{", b'{"id": "a.2", "data": "', b"x" * 200_000])
@pytest.mark.parametrize("whole", [b"", b'{"id":"a.1"}\n', b'{"id":"a.1"}\n' * 20_000])
def test_a_line_that_a_crash_cut_short_is_taken_away(path, whole, rest):
    path.write_bytes(whole + rest)
    publisher = JsonLinesPublisher(path)
    publisher.publish("acme", build_event("a", 2))
    publisher.close()

    assert path.read_bytes().startswith(whole)
    assert ids(path) == [*["a.1"] * whole.count(b"\n"), "a.2"]


def test_a_disk_that_is_full_leaves_no_half_line(path, monkeypatch):
    publisher = JsonLinesPublisher(path)
    publisher.publish("acme", build_event("a", 1))
    write, calls = os.write, []

    def full(file, data):
        calls.append(file)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data[:10])

    monkeypatch.setattr(jsonlines.os, "write", full)
    with pytest.raises(lk.DeliveryFailed, match=r"events\.jsonl did not take it: No space left on device"):
        publisher.publish("acme", build_event("a", 2))
    monkeypatch.undo()
    publisher.publish("acme", build_event("a", 2))
    publisher.close()

    assert ids(path) == ["a.1", "a.2"]


def test_a_line_that_the_system_takes_in_pieces_is_written_whole(path, monkeypatch):
    publisher = JsonLinesPublisher(path)
    write = os.write
    monkeypatch.setattr(jsonlines.os, "write", lambda file, data: write(file, data[:7]))
    publisher.publish("acme", build_event("a", 1))
    publisher.close()

    assert ids(path) == ["a.1"]


def test_flushing_reaches_the_disk_once_for_what_was_written(path, monkeypatch):
    publisher = JsonLinesPublisher(path)
    flushed = []
    monkeypatch.setattr(jsonlines.os, "fsync", flushed.append)
    publisher.flush()
    assert len(flushed) == 0
    publisher.publish("acme", build_event("a", 1))
    publisher.publish("acme", build_event("a", 2))
    publisher.flush()
    publisher.flush()

    assert len(flushed) == 1
    publisher.close()


def test_a_disk_that_does_not_keep_what_was_written_is_told(path, monkeypatch):
    publisher = JsonLinesPublisher(path)
    publisher.publish("acme", build_event("a", 1))

    def broken(file):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(jsonlines.os, "fsync", broken)
    for _ in range(2):
        with pytest.raises(lk.DeliveryFailed, match="Input/output error"):
            publisher.flush()


def test_a_file_that_cannot_be_opened_is_told_by_its_name_alone(tmp_path):
    with pytest.raises(lk.DeliveryFailed) as caught:
        JsonLinesPublisher(tmp_path / "nowhere" / "events.jsonl")

    assert str(caught.value) == "events.jsonl did not take it: No such file or directory"


def test_nobody_else_may_read_a_new_file(path):
    JsonLinesPublisher(path).close()

    assert path.stat().st_mode & 0o077 == 0


def write_many(path, name):
    publisher = JsonLinesPublisher(path)
    for number in range(1, 201):
        publisher.publish("acme", build_event(name, number))
    publisher.flush()
    publisher.close()


def test_several_processes_write_whole_lines_into_one_file(path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(path, name)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    found = ids(path)
    assert sorted(found) == sorted(f"{name}.{number}" for name in "abc" for number in range(1, 201))
    for name in "abc":
        assert [each for each in found if each.startswith(name)] == [f"{name}.{number}" for number in range(1, 201)]


def test_a_publisher_shows_the_name_of_its_file(path):
    publisher = JsonLinesPublisher(path)
    publisher.close()

    assert repr(publisher) == "JsonLinesPublisher('events.jsonl')"
