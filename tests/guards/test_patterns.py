"""No pattern that somebody sent reaches `re`, which can be made to run for hours."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Source


COMPILING = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}


def names_of_re(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in ("re", "regex")
    }


def patterns(source: Source) -> Iterator[ast.Call]:
    names = names_of_re(source.tree)
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in names
            and node.func.attr in COMPILING
        ):
            yield node


def is_written_out(pattern: ast.expr) -> bool:
    """Whether a pattern stands in the source, whole, or is escaped text."""
    match pattern:
        case ast.Constant(value=str() | bytes()):
            return True
        case ast.BinOp(left=left, right=right):
            return is_written_out(left) and is_written_out(right)
        case _:
            return False


def test_every_pattern_of_re_stands_in_the_source(modules: list[Source]) -> None:
    foreign = [
        f"{source.name}:{call.lineno}"
        for source in modules
        for call in patterns(source)
        if not (call.args and is_written_out(call.args[0]))
    ]
    assert not foreign


def test_nothing_is_taken_out_of_re_by_another_name(modules: list[Source]) -> None:
    hidden = [
        f"{source.name}:{node.lineno}"
        for source in modules
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex", "sre_compile")
        if {alias.name for alias in node.names} - {"Pattern", "Match"}
    ]
    assert not hidden


def test_the_guard_sees_the_patterns_of_leadkit(modules: list[Source]) -> None:
    assert sum(1 for source in modules for _ in patterns(source)) > 0
