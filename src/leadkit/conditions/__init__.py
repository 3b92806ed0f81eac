"""The rule language: conditions over records, read once, then answered for each lead; it has never heard of a lead.

A condition is JSON. `read_condition` reads it, or raises one `RuleErrors` that names every fault; `evaluate`
answers true or false for every record, and never raises; `explain_condition` says why.

Example:
    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 24, tzinfo=UTC)
    >>> condition = read_condition({"field": "properties.team_size", "op": ">=", "value": 10})
    >>> evaluate(condition, {"properties": {"team_size": 12}}, as_of=now)
    True
    >>> print(explain_condition(condition, {"properties": {}}, as_of=now))
    ✗ properties.team_size is at least 10   it is missing
"""

from __future__ import annotations

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.canonical import canonical, duplicates, equivalent, fingerprint_of
from leadkit.conditions.catalogue import Field, FieldCatalogue
from leadkit.conditions.checking import Findings, check_condition
from leadkit.conditions.compiling import CompiledCondition, compile_condition, compiled
from leadkit.conditions.dumping import dump_condition
from leadkit.conditions.editors import (
    from_jquery_querybuilder,
    from_react_querybuilder,
    to_jquery_querybuilder,
    to_react_querybuilder,
)
from leadkit.conditions.evaluating import evaluate
from leadkit.conditions.explaining import Trace, explain_condition
from leadkit.conditions.field import ConditionField
from leadkit.conditions.jsonlogic.adopting import from_jsonlogic
from leadkit.conditions.jsonlogic.custom import CustomOperation
from leadkit.conditions.jsonlogic.exporting import to_jsonlogic
from leadkit.conditions.jsonlogic.operations import JSONLOGIC_OPERATIONS, JsonLogicOperation
from leadkit.conditions.kinds import Kind
from leadkit.conditions.operands import FieldOperand, Literal, Literals, NowOperand, Operand, Pair, Pattern, Span
from leadkit.conditions.operators import OPERATORS, Operator
from leadkit.conditions.paths import Path, parse_path
from leadkit.conditions.reading import collect, read_condition, read_condition_json
from leadkit.conditions.reasoning import always_holds, implies, never_holds
from leadkit.conditions.related import AGGREGATES, RELATED_KINDS, RelatedKind
from leadkit.conditions.schema import condition_schema
from leadkit.conditions.vocabulary import DEFAULT, Limits, Vocabulary
from leadkit.conditions.walking import RelatedNeed, fields_of, related_needs

__all__ = [
    "AGGREGATES",
    "DEFAULT",
    "JSONLOGIC_OPERATIONS",
    "OPERATORS",
    "RELATED_KINDS",
    "And",
    "Comparison",
    "CompiledCondition",
    "Condition",
    "ConditionField",
    "CustomOperation",
    "Field",
    "FieldCatalogue",
    "FieldOperand",
    "Findings",
    "Items",
    "JsonLogic",
    "JsonLogicOperation",
    "Kind",
    "Limits",
    "Literal",
    "Literals",
    "Not",
    "NowOperand",
    "Operand",
    "Operator",
    "Or",
    "Pair",
    "Path",
    "Pattern",
    "Related",
    "RelatedKind",
    "RelatedNeed",
    "Span",
    "Trace",
    "Vocabulary",
    "always_holds",
    "canonical",
    "check_condition",
    "collect",
    "compile_condition",
    "compiled",
    "condition_schema",
    "dump_condition",
    "duplicates",
    "equivalent",
    "evaluate",
    "explain_condition",
    "fields_of",
    "fingerprint_of",
    "from_jquery_querybuilder",
    "from_jsonlogic",
    "from_react_querybuilder",
    "implies",
    "never_holds",
    "parse_path",
    "read_condition",
    "read_condition_json",
    "related_needs",
    "to_jquery_querybuilder",
    "to_jsonlogic",
    "to_react_querybuilder",
]
