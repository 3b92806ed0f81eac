"""Asks one engine of JSON Logic; run by `jsonlogic_conformance.py` with the interpreter of that engine's environment.

Reads `[[rule, data], …]` as JSON from standard input, and writes what the engine answered, or what it raised.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def datalogic() -> Callable[[Any, Any], Any]:
    """Prepare datalogic-py, which takes a rule that is text for JSON."""
    engine: Any = importlib.import_module("datalogic_py")
    return lambda rule, data: engine.apply(json.dumps(rule), data)


def qubit() -> Callable[[Any, Any], Any]:
    """Prepare json-logic-qubit."""
    engine: Any = importlib.import_module("json_logic")
    answer: Callable[[Any, Any], Any] = engine.jsonLogic
    return answer


def panzi() -> Callable[[Any, Any], Any]:
    """Prepare panzi-json-logic."""
    engine: Any = importlib.import_module("json_logic.apply")
    answer: Callable[[Any, Any], Any] = engine.apply
    return answer


def python_jsonlogic() -> Callable[[Any, Any], Any]:
    """Prepare python-jsonlogic, with the operators that it brings along."""
    core: Any = importlib.import_module("jsonlogic")
    operators: Any = importlib.import_module("jsonlogic.operators")
    evaluation: Any = importlib.import_module("jsonlogic.evaluation")

    def answer(rule: Any, data: Any) -> Any:
        if not isinstance(rule, dict):
            return rule
        tree = core.JSONLogicExpression.from_json(rule).as_operator_tree(operators.operator_registry)
        return evaluation.evaluate(tree, data, None)

    return answer


ENGINES = {each.__name__: each for each in (datalogic, qubit, panzi, python_jsonlogic)}


def main() -> None:
    """Ask the engine that is named on the command line."""
    answer = ENGINES[sys.argv[1]]()
    answers: list[Any] = []
    for rule, data in json.load(sys.stdin):
        try:
            answers.append({"answer": json.loads(json.dumps(answer(rule, data)))})
        except Exception as error:  # noqa: BLE001 - an engine may raise anything, and that is what is asked
            answers.append({"raised": f"{type(error).__name__}: {error}"[:200]})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
