"""`leadkit relay` and `leadkit outbox`: handing events on, and what became of those that nobody took."""

from __future__ import annotations

import contextlib
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from leadkit.cli.console import ERRORS, OUT, plain, put, table, write_json
from leadkit.cli.workspaces import Opening, read_bytes
from leadkit.errors import InvalidInput, NotFound
from leadkit.memory import SystemClock
from leadkit.publishing import JsonLinesPublisher, WebhookPublisher
from leadkit.services.relay import Relay
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from types import FrameType

    from leadkit.ports import DeadLetter, Outbox

__all__ = ["register"]

_MOST_LETTERS = 1_000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("relay")(relay)
    app.command("outbox")(outbox)


def relay(
    context: typer.Context,
    to: str = typer.Option(help="Where events go: `jsonl:events.jsonl`, or `https://…` for a webhook."),
    secret_file: Path | None = typer.Option(
        None, help="A file with the webhook's secrets, one a line, each `whsec_…`; each of them signs."
    ),
    once: bool = typer.Option(False, "--once", help="Hand on what is due, and end."),
    every: float = typer.Option(1.0, min=0.01, max=3_600, help="After how many seconds it looks again."),
    source: str = typer.Option("/leadkit", help="A URI reference that names this service in every event."),
    allow: list[str] = typer.Option([], help="A network that a webhook may reach though it is not public."),
    plain_http: bool = typer.Option(False, "--plain-http", help="Let a webhook be sent without encryption."),
) -> None:
    """Hand events on to a file or a webhook, in order for each lead and at least once, until it is interrupted.

    Any number of relays may work on one SQLite or PostgreSQL store. One that is killed leaves its events to the others.
    """
    opening: Opening = context.obj
    publisher: Any
    scheme, _, rest = to.partition(":")
    if scheme == "jsonl" and rest:
        publisher = JsonLinesPublisher(rest, source=source)
    elif scheme in ("https", "http"):
        if secret_file is None:
            message = "a webhook is signed: name the file with its secrets by --secret-file"
            raise typer.BadParameter(message)
        secrets = read_bytes(secret_file).decode("ascii", "replace").split()
        try:
            publisher = WebhookPublisher(to, secrets=secrets, source=source, allow=allow, plain=plain_http)
        except InvalidInput as error:
            error.add_note("webhook")
            raise
    else:
        message = "expected `jsonl:` and the name of a file, or an address that begins with `https://`"
        raise typer.BadParameter(message)
    with contextlib.closing(publisher), opening.kit() as kit:
        # Not the clock of `--as-of`: what is due and what a signature says are questions of today.
        worker = Relay(store=kit.store, publisher=publisher, clock=SystemClock())
        with _ended_by(worker.halt):
            done = worker.run_once() if once else worker.follow(every)
        counts = kit.store.outbox.counts()
    ERRORS.print(
        f"{done.published:,} published, {done.failed:,} attempts failed, "
        f"{counts.waiting:,} waiting, {counts.dead:,} dead letters",
        soft_wrap=True,
    )


@contextlib.contextmanager
def _ended_by(halt: Callable[[], None]) -> Generator[None]:
    """Let a request to end (SIGTERM) end the relay after the event that is under way."""
    if threading.current_thread() is not threading.main_thread():
        # Python lets no other thread listen.
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        halt()

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def outbox(
    context: typer.Context,
    revive: list[str] = typer.Option([], help="Let a dead letter of the organisation be tried again; `all` for all."),
    drop: list[str] = typer.Option([], help="Give a dead letter of the organisation up for good; `all` for all."),
    as_json: bool = typer.Option(False, "--json", help="Print the figures and the dead letters as JSON."),
) -> None:
    """Tell what waits to be published, and deal with dead letters.

    A dead letter was refused too often. It holds back the later events of its lead until it is revived or dropped.
    """
    opening: Opening = context.obj
    with opening.kit() as kit:
        found = kit.store.outbox
        for wanted, act, done in ((revive, found.revive, "revived"), (drop, found.drop, "dropped")):
            if wanted:
                count = act(_named(found, opening.org, wanted))
                ERRORS.print(f"{count:,} {done}")
        counts, letters = found.counts(), found.dead_letters(_MOST_LETTERS)
    if as_json:
        write_json(
            {
                "waiting": counts.waiting,
                "dead": counts.dead,
                "oldest": None if counts.oldest is None else isoformat(counts.oldest),
                "deadLetters": [
                    {"org": each.org, "id": each.event.id, "type": each.event.type, "attempts": each.attempts}
                    | {"error": each.error}
                    for each in letters
                ],
            }
        )
        return
    since = "" if counts.oldest is None else f", the oldest since {isoformat(counts.oldest)}"
    OUT.print(f"{counts.waiting:,} waiting{since}; {counts.dead:,} dead letters", soft_wrap=True)
    if letters:
        made = table("dead letters", "organisation", "event", "type", "attempts", "error", numbers=("attempts",))
        for each in letters:
            made.add_row(
                plain(each.org), plain(each.event.id), each.event.type, f"{each.attempts:,}", plain(each.error)
            )
        put(made)


def _named(found: Outbox, org: str, wanted: Sequence[str]) -> list[DeadLetter]:
    """Find the dead letters of an organisation that were named.

    Raises:
        NotFound: One of them is none.
    """
    letters = {each.event.id: each for each in found.dead_letters(_MOST_LETTERS) if each.org == org}
    if "all" in wanted:
        return list(letters.values())
    for name in wanted:
        if name not in letters:
            raise NotFound(kind="dead letter", id=name, known=tuple(letters))
    return [letters[name] for name in dict.fromkeys(wanted)]
