"""Writes the pages of `docs/reference` that are tables of the code, so that they cannot differ from it.

python docs/generate_reference.py            # write them
python docs/generate_reference.py --check    # write nothing; answer 1 when a page is not what it would be

A new table of the code is a function here and a row of `PAGES`.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import attrs  # noqa: E402 - the path comes first

import leadkit  # noqa: E402 - the path comes first
from leadkit import errors as error_classes  # noqa: E402 - the path comes first
from leadkit.conditions import JSONLOGIC_OPERATIONS  # noqa: E402 - the path comes first
from leadkit.conditions.operators import OPERATORS  # noqa: E402 - the path comes first
from leadkit.leads import EVENTS, LIFECYCLE, LeadStatus, event_schema  # noqa: E402 - the path comes first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WRITTEN_BY = "<!-- Written by docs/generate_reference.py: change the code, not this page. -->"
# The sections of a docstring; an example runs where it stands, and is not repeated.
SECTION = re.compile(r"^(Args|Attributes|Returns|Yields|Raises|Example|Examples|Note):$", re.MULTILINE)
TITLES = {"Args": "Arguments"}
MOST_SIGNATURE = 88


def cell(text: object) -> str:
    """Write text so that it stays in its cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table.

    Args:
        head: The names of the columns.
        rows: The cells of each row.
    """
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *([cell(each) for each in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(words: Iterable[object]) -> str:
    """Write words as code, with commas between."""
    return ", ".join(f"`{word}`" for word in words)


def first_sentence(thing: object) -> str:
    """Answer the first paragraph of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n\n")[0]


def page(title: str, *parts: str) -> str:
    """Write a page.

    Args:
        title: Its heading.
        parts: What follows, in order.
    """
    return "\n\n".join([f"# {title}", WRITTEN_BY, *(part for part in parts if part)]) + "\n"


def operators() -> str:
    """The operator table."""
    rows = [
        (
            f"`{operator.name}`",
            operator.description,
            operator.shape.value,
            ", ".join(sorted(operator.accepts)),
            code(sorted(operator.aliases)),
        )
        for operator in OPERATORS.values()
    ]
    opposites = [(f"`{operator.name}`", f"`{operator.negates}`") for operator in OPERATORS.values() if operator.negates]
    examples = "\n".join(json.dumps(dict(operator.example)) for operator in OPERATORS.values())
    folding = code(operator.name for operator in OPERATORS.values() if operator.folds_case)
    reading = code(operator.name for operator in OPERATORS.values() if operator.reads_instants)
    return page(
        "Operators",
        'A comparison is `{"field": path, "op": operator, "value": operand}`. These are all the operators there are.',
        table(("Operator", "Holds where", "`value`", "Fields", "Also read as"), rows),
        "## A field that is missing",
        "A field is missing when it is absent or null. `missing` holds for it; every other operator does not, except "
        "the opposites below, each exactly `not` of its twin.",
        table(("Operator", "Is the opposite of"), opposites),
        "## Case, and time as text",
        f'With `"ignoreCase": true`, these compare text in lower case: {folding}.',
        f"These read ISO 8601 text that they see as an instant: {reading}.",
        "## An example of each",
        f"```json\n{examples}\n```",
    )


def jsonlogic() -> str:
    """The table of the operations of JSON Logic."""
    rows = [
        (
            code((operation.name, *operation.aliases)),
            operation.description,
            f"`{json.dumps(operation.example[0])}`",
            f"`{json.dumps(operation.example[2])}`",
            "the reference" if operation.reference else "the compatibility tables",
        )
        for operation in JSONLOGIC_OPERATIONS.values()
    ]
    return page(
        "JSON Logic",
        'A condition `{"jsonlogic": rule}` holds where the value of the rule counts as true; where the rule fails, it '
        "does not hold. These are all the operations there are; a host adds its own to a `Vocabulary`.",
        table(("Operation", "Answers", "Such as", "Which is", "Settled by"), rows),
        "What is meant by settled, and what is not supported: [JSON Logic](../howto/jsonlogic.md).",
    )


def lifecycle() -> str:
    """The table of commands and statuses."""
    rows = [(f"`{command}`", *(row[status].value for status in LeadStatus)) for command, row in LIFECYCLE.items()]
    return page(
        "Lifecycle",
        "What each command does to a lead of each status. A status means that the lead gets it; `ok` changes the lead "
        "and keeps its status; `no-op` changes nothing and emits nothing; `refused` raises `InvalidTransition`, with "
        "the commands that are allowed instead; `skipped` leaves the lead out, with a reason.",
        table(("Command", *(status.value for status in LeadStatus)), rows),
        "Every accepted command that changes the lead emits exactly one [event](events.md) and adds one to its "
        "version.",
    )


def field_rows(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Answer each property of a JSON Schema: its name, its type in words, and whether it is always there."""
    required = set(schema.get("required", ()))
    return [
        (f"`{name}`", type_in_words(value), "yes" if name in required else "no")
        for name, value in schema.get("properties", {}).items()
    ]


def type_in_words(schema: dict[str, Any]) -> str:
    """Say what a JSON Schema accepts, briefly."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_in_words(option) for option in schema["anyOf"]))
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {type_in_words(schema.get('items', {}))}"
    return schema.get("format") or schema.get("type") or "any JSON"


def events() -> str:
    """The catalogue of events."""
    parts = [table(("Event", "Meaning"), [(f"`{type_}`", kind.meaning) for type_, kind in EVENTS.items()])]
    for type_, kind in EVENTS.items():
        parts += [f"## `{type_}`", kind.meaning, table(("`data`", "Type", "Always"), field_rows(event_schema(type_)))]
    return page(
        "Events",
        "What can happen to a lead. Each goes out as a CloudEvents 1.0 envelope, whose `sequence` is the lead's "
        "version after it; below is what its `data` holds. `changes` are the fields that changed, with their new "
        "values: folding them in order gives the lead.",
        *parts,
    )


def errors() -> str:
    """The tree of errors."""
    classes = [getattr(error_classes, name) for name in error_classes.__all__]
    found = [each for each in classes if inspect.isclass(each) and issubclass(each, error_classes.LeadkitError)]
    rows = [
        (
            f"`{each.code}`",
            f"`{each.__name__}`",
            first_sentence(each),
            code(attribute.name for attribute in attrs.fields(each)),
            "yes" if each.retryable else "",
        )
        for each in sorted(found, key=lambda each: each.code)
    ]
    return page(
        "Errors",
        "Everything that leadkit raises on purpose descends from `LeadkitError`, has a `code` that stays what it is, "
        "carries its data as attributes, and answers all of it as plain values from `as_dict()`. Where `retryable` is "
        "true, trying the same thing again can help.",
        table(("Code", "Class", "Raised when", "Data", "Retryable"), rows),
    )


def sections(docstring: str) -> list[tuple[str, str]]:
    """Cut a docstring into its text and its sections, in order."""
    parts = SECTION.split(docstring)
    return [("", parts[0].strip()), *zip(parts[1::2], map(inspect.cleandoc, parts[2::2]), strict=True)]


def entries(body: str) -> list[str]:
    """Write the `name: text` entries of a section as a list."""
    found = re.split(r"\n(?=\S)", body.strip())
    pairs = [entry.partition(":") for entry in found]
    return [f"- `{name.strip()}`: {cell(text)}" if colon else f"- {cell(name)}" for name, colon, text in pairs]


def defaults(function: Any) -> dict[str, str]:
    """Answer the defaults of a function's parameters as they are written in its source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    positional = [*tree.args.posonlyargs, *tree.args.args]
    behind = zip(reversed(positional), reversed(tree.args.defaults), strict=False)
    named = zip(tree.args.kwonlyargs, tree.args.kw_defaults, strict=True)
    return {each.arg: ast.unparse(default) for each, default in [*behind, *named] if default is not None}


def signature(name: str, thing: object) -> str:
    """Write how a function is called."""
    if not inspect.isfunction(thing):
        return ""
    told, written = inspect.signature(thing), defaults(thing)
    parameters: list[str] = []
    for parameter in told.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parameters:
            parameters.append("*")
        bare = str(parameter.replace(default=parameter.empty)).replace("'", "")
        parameters.append(f"{bare} = {written[parameter.name]}" if parameter.name in written else bare)
    answer = "" if told.return_annotation is told.empty else f" -> {told.return_annotation}".replace("'", "")
    line = f"{name}({', '.join(parameters)}){answer}"
    if len(line) > MOST_SIGNATURE:
        line = "\n".join([f"{name}(", *(f"    {parameter}," for parameter in parameters), f"){answer}"])
    return f"```text\n{line}\n```"


def described(name: str) -> list[str]:
    """Write what a public name is."""
    thing = getattr(leadkit, name)
    told = inspect.getdoc(thing) if inspect.isclass(thing) or inspect.isroutine(thing) else None
    parts = [f"### `{name}`", signature(name, thing)]
    for title, body in sections(told or ""):
        if title in ("Example", "Examples"):
            continue
        if title in ("Args", "Attributes", "Raises"):
            parts += [f"{TITLES.get(title, title)}:", "\n".join(entries(body))]
        else:
            parts += [f"{title}: {body}" if title else body]
    return [part for part in parts if part]


def names() -> str:
    """Every public name, by the part of leadkit that it lives in."""
    homes: dict[str, list[str]] = {}
    for name in leadkit.__all__:
        home = leadkit._HOME_OF[name]  # noqa: SLF001 - the one place that knows
        homes.setdefault(home, []).append(name)
    parts: list[str] = []
    for home in sorted(homes):
        parts.append(f"## `leadkit.{home}`")
        for name in sorted(homes[home], key=str.lower):
            parts += described(name)
    return page(
        "Public names",
        "All of these can be imported from `leadkit` itself; each is fetched from its home when it is first used. What "
        "does not stand here may change without notice.",
        *parts,
    )


PAGES: dict[str, Callable[[], str]] = {
    each.__name__: each for each in (names, operators, jsonlogic, lifecycle, events, errors)
}


def main() -> int:
    """Write the pages, or check them."""
    checking = "--check" in sys.argv[1:]
    stale = []
    for name, write in PAGES.items():
        path = ROOT / "docs" / "reference" / f"{name}.md"
        text = write()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not checking:
                path.write_text(text, encoding="utf-8")
    if stale and checking:
        print(f"not current: {', '.join(stale)}; run `python docs/generate_reference.py`")
        return 1
    print(f"written: {', '.join(stale)}" if stale else "current")
    return 0


if __name__ == "__main__":
    sys.exit(main())
