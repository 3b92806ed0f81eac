"""What a module of leadkit looks like: its size, its names, its values."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Source

MOST_LINES = 400
MOST_LINES_IN_THE_MIDDLE = 150
FEW_ATTRIBUTES = 2

# Words that say nothing of the field.
EMPTY_WORDS = {"manager", "helper", "helpers", "util", "utils", "base", "engine", "common", "misc"}


def words_in(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_no_module_is_longer_than_four_hundred_lines(modules: list[Source]) -> None:
    long = {source.name: source.lines for source in modules if source.lines > MOST_LINES}
    assert not long


def test_half_of_the_modules_are_at_most_a_hundred_and_fifty_lines(modules: list[Source]) -> None:
    assert statistics.median(source.lines for source in modules) <= MOST_LINES_IN_THE_MIDDLE


def exported(source: Source) -> list[str] | None:
    for statement in source.tree.body:
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
        if isinstance(target, ast.Name) and target.id == "__all__":
            assert isinstance(statement, ast.Assign | ast.AnnAssign)
            assert statement.value is not None
            return list(ast.literal_eval(statement.value))
    return None


def test_every_module_says_what_is_public(modules: list[Source]) -> None:
    silent = [
        source.name
        for source in modules
        # A docstring alone offers nothing.
        if source.tree.body[1:] and exported(source) is None and source.path.name != "__main__.py"
    ]
    assert not silent


def test_nothing_private_is_said_to_be_public(modules: list[Source]) -> None:
    private = [
        f"{source.name}: {name}"
        for source in modules
        for name in exported(source) or []
        if name.startswith("_") and name != "__version__"
    ]
    assert not private


def test_names_are_words_of_the_field(modules: list[Source]) -> None:
    empty = [
        f"{source.name}: {name}"
        for source in modules
        for name in [source.path.stem, *(node.name for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))]
        if words_in(name) & EMPTY_WORDS
    ]
    assert not empty


def attributes_of(node: ast.ClassDef) -> list[ast.AnnAssign]:
    return [
        statement
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and "ClassVar" not in ast.unparse(statement.annotation)
    ]


def test_values_of_several_attributes_are_keyword_only(modules: list[Source]) -> None:
    """A call says which value is which; with one or two, or within a part of leadkit, the class says it."""
    offered = {name for source in modules if source.path.name == "__init__.py" for name in exported(source) or []}
    positional = [
        f"{source.name}: {node.name}"
        for source in modules
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name in offered
        for decorator in map(ast.unparse, node.decorator_list)
        if re.match(r"(attrs\.)?frozen\b|dataclass\(.*frozen=True", decorator)
        and "kw_only=True" not in decorator
        and len(attributes_of(node)) > FEW_ATTRIBUTES
    ]
    assert not positional


def test_annotations_are_not_evaluated_in_modules_of_machinery(modules: list[Source]) -> None:
    eager = [
        source.name
        for source in modules
        if source.tree.body[1:]
        and not any(
            isinstance(statement, ast.ImportFrom) and statement.module == "__future__" for statement in source.tree.body
        )
    ]
    assert not eager


def test_what_silences_a_tool_says_why(modules: list[Source], tests: list[Source]) -> None:
    """`# noqa: CODE - why`, `# type: ignore[code]  # why`, `# pyright: ignore[code] - why`; of tests, noqa alone."""
    bare = [
        f"{source.name}:{comment.start[0]}"
        for source in [*modules, *tests]
        for comment in tokenize.generate_tokens(io.StringIO(source.text).readline)
        if comment.type == tokenize.COMMENT
        and re.match(r"#\s*(noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no)\b", comment.string)
        and not re.search(r"\s(-|#)\s+\w+", comment.string[1:])
        and not (source in tests and "noqa" not in comment.string)
    ]
    assert not bare
