"""Opening the workspace that a command works in, and reading the files that it is given."""

from __future__ import annotations

import contextlib
import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
import typer

from leadkit.errors import InvalidInput, NotFound, UnreadableFile
from leadkit.kit import LeadKit
from leadkit.memory import ImmediateJobs, MemoryDirectory
from leadkit.values.times import read_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import datetime

    from leadkit.leads import Lead
    from leadkit.services.workspace import Workspace

__all__ = [
    "FixedClock",
    "Opening",
    "directory_of",
    "find_lead",
    "naming",
    "read_bytes",
    "read_document",
    "read_object",
    "take_pipeline",
]

_MOST_NAMED: Final = 5


@attrs.frozen
class FixedClock:
    """A clock that stands still, for work as of some instant."""

    instant: datetime

    def now(self) -> datetime:
        """Answer the instant."""
        return self.instant


@attrs.frozen(kw_only=True)
class Opening:
    """What the options in front of a command say.

    Attributes:
        store: The file, or the address of a store.
        org: The organisation.
        actor: Who asks.
        as_of: The instant to work at; None for now.
    """

    store: str
    org: str
    actor: str
    as_of: str | None

    @property
    def address(self) -> str:
        """The address of the store: a plain path is a file of SQLite."""
        return self.store if "://" in self.store or self.store == "memory:" else f"sqlite:///{self.store}"

    @contextlib.contextmanager
    def kit(self, **ports: Any) -> Generator[LeadKit]:
        """Open the store, and close it at the end."""
        if self.as_of is not None:
            ports["clock"] = FixedClock(read_instant(self.as_of))
        with LeadKit.open(self.address, jobs=ImmediateJobs(), **ports) as kit:
            yield kit

    @contextlib.contextmanager
    def workspace(self, **ports: Any) -> Generator[Workspace]:
        """Open the workspace, and close its store at the end."""
        with self.kit(**ports) as kit:
            yield kit.workspace(org=self.org, actor=self.actor)


@contextlib.contextmanager
def naming(path: Path | str) -> Generator[None]:
    """Let the faults of what was read from a file say which file it is.

    Args:
        path: The file.
    """
    try:
        yield
    except InvalidInput as error:
        error.add_note(str(path))
        raise


def read_document(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        UnreadableFile: There is no such file, or it is no JSON.
    """
    try:
        return json.loads(read_bytes(path))
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError:
        reason = "not UTF-8"
    except RecursionError:
        reason = "it nests too deeply"
    except ValueError as error:
        # Such as a number with more digits than Python is willing to read.
        reason = str(error)
    raise UnreadableFile(name=str(path), reason=reason)


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        UnreadableFile: There is no such file.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(name=str(path), reason=error.strerror or type(error).__name__) from None


def read_object(path: Path, *, holding: str) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Args:
        path: The file.
        holding: What the object holds, for whoever wrote something else.

    Raises:
        UnreadableFile: There is no such file, or it holds no object.
    """
    document = read_document(path)
    if not isinstance(document, dict):
        raise UnreadableFile(name=str(path), reason=f"expected an object with {holding}")
    return cast("dict[str, Any]", document)


def directory_of(path: Path) -> Callable[[str], MemoryDirectory]:
    """Read a directory file: for each pool, its members, the same ones for every organisation.

    Raises:
        UnreadableFile: There is no such file.
        InvalidInput: With every fault.
    """
    with naming(path):
        members = MemoryDirectory.of(read_object(path, holding="a list of members for each pool"))

    def of_everybody(_org: str) -> MemoryDirectory:
        return members

    return of_everybody


def take_pipeline(ws: Workspace, given: str) -> str:
    """Answer the id of a pipeline; where a file is given, the pipeline becomes what it says.

    Args:
        ws: The workspace.
        given: An id, or the path of a JSON file.
    """
    path = Path(given)
    if path.suffix != ".json" and not path.is_file():
        return ws.pipelines.get(given).id
    document = read_document(path)
    if not isinstance(document, dict):
        raise UnreadableFile(name=given, reason="expected an object with the id, name and stages of a pipeline")
    with naming(path):
        return ws.pipelines.put(**cast("dict[str, Any]", document)).id


def find_lead(ws: Workspace, given: str) -> Lead:
    """Find a lead by its id, its external id or its e-mail address.

    Raises:
        NotFound: There is none.
        BadParameter: There are several.
    """
    with contextlib.suppress(NotFound):
        return ws.leads.get(given)
    for field in ("externalId", "email"):
        condition = {"field": field, "op": "==", "value": given, "ignoreCase": True}
        found = list(itertools.islice(ws.leads.each(condition=condition), _MOST_NAMED))
        if len(found) > 1:
            message = f"several leads are called {given!r}: {', '.join(lead.id for lead in found)}; name one by its id"
            raise typer.BadParameter(message)
        if found:
            return found[0]
    raise NotFound(kind="lead", id=given)
