"""Reading what editors write: the parts that their documents share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.ast import Condition, Items, Not
from leadkit.conditions.bounds import within_bounds
from leadkit.conditions.operators import OPERATORS, Shape
from leadkit.conditions.places import at_key
from leadkit.conditions.reading import collect
from leadkit.conditions.records import is_list, is_mapping
from leadkit.conditions.wording import described
from leadkit.errors import Fault, RuleErrors, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadkit.conditions.editors.dialects import Dialect, Word
    from leadkit.conditions.vocabulary import Vocabulary

__all__ = ["DocumentReader", "accepted", "listed"]

_MOST_SHOWN: Final = 80
# Instants and fields are objects under `value`; to an editor they are the value itself.
_INSIDE: Final = re.compile(r"(\.value(?:\[\d+\])?)\.(?:datetime|field)$", re.ASCII)
_LISTS: Final = (Shape.SCALARS, Shape.PAIR)


def listed(value: Any) -> Any:
    """Answer the values of an operator that takes several: a list, or text with commas, as editors write them.

    Args:
        value: What stands under `value`.
    """
    return [part.strip() for part in value.split(",")] if isinstance(value, str) and value.strip() else value


@attrs.define
class DocumentReader:
    """Reads one document, adding a fault for all that cannot be understood.

    Attributes:
        dialect: The editor's operators.
        vocabulary: The words and limits to go by.
        faults: Where faults are added.
        in_items: Whether what is read is asked of the items of a list.
    """

    dialect: Dialect
    vocabulary: Vocabulary
    faults: list[Fault] = attrs.field(factory=list)
    in_items: bool = attrs.field(default=False, init=False)
    _count: int = attrs.field(default=0, init=False)

    def fault(self, at: str, message: str, code: str) -> None:
        """Add a fault.

        Args:
            at: The JSON path of what is wrong.
            message: What is wrong, and what is possible.
            code: The kind of fault.
        """
        self.faults.append(Fault(path=at, message=message, code=code))

    def is_object(self, data: Any, at: str, depth: int) -> bool:
        """Tell whether something is an object that is neither too deep nor one too many, and add a fault when not.

        Args:
            data: What stands where a group or a rule should.
            at: Its JSON path.
            depth: In how many groups it stands, itself included.
        """
        limits = self.vocabulary.limits
        self._count += 1
        if depth > limits.depth:
            self.fault(at, f"groups may stand {limits.depth} deep inside each other", "too-deep")
        elif self._count == limits.nodes + 1:
            self.fault(at, f"more than {limits.nodes} rules", "too-many")
        elif not is_mapping(data):
            self.fault(at, f"a rule or a group is an object, not {described(data)}", "wrong-type")
        else:
            return self._count <= limits.nodes
        return False

    def rules_of(self, group: Mapping[str, Any], at: str) -> list[Any]:
        """Answer the rules of a group; none, with a fault, when there is no list of them.

        Args:
            group: The group.
            at: Its JSON path.
        """
        rules = group.get("rules")
        if is_list(rules):
            return list(rules)
        self.fault(at_key(at, "rules"), f"the rules of a group are a list, not {described(rules)}", "wrong-type")
        return []

    def negation(self, group: Mapping[str, Any], at: str) -> bool:
        """Tell whether a group is negated.

        Args:
            group: The group.
            at: Its JSON path.
        """
        value = group.get("not", False)
        if not isinstance(value, bool) and value is not None:
            self.fault(at_key(at, "not"), f"`not` is true or false, not {described(value)}", "wrong-type")
        return value is True

    def comparison(
        self,
        rule: Mapping[str, Any],
        at: str,
        write: Callable[[Any, Word], Any],
    ) -> Condition | None:
        """Read a rule; None when a fault was added.

        Args:
            rule: The rule, with `field`, `operator` and `value`.
            at: Its JSON path.
            write: Answers the value as native conditions have it, of one value and the operator.
        """
        name = rule.get("operator")
        word = self.dialect.by_name.get(name) if isinstance(name, str) else None
        if word is None:
            place = at_key(at, "operator")
            if not isinstance(name, str):
                self.fault(place, f"the operator is named by text, not {described(name)}", "wrong-type")
                return None
            hint = did_you_mean(name[:_MOST_SHOWN], self.dialect.by_name)
            self.fault(place, f"unknown operator `{name[:_MOST_SHOWN]}`{hint}", "unknown-operator")
            return None
        written: dict[str, Any] = {"field": rule.get("field"), "op": word.operator}
        shape = OPERATORS[word.operator].shape
        if word.fixed is not None:
            written["value"] = word.fixed
        elif shape in _LISTS:
            values = listed(rule.get("value"))
            written["value"] = [write(value, word) for value in values] if is_list(values) else write(values, word)
        elif shape is not Shape.NOTHING:
            written["value"] = write(rule.get("value"), word)
        found: list[Fault] = []
        # Whose fields are meant is known to conditions by what stands around them.
        whole = {"field": "items", "any": written} if self.in_items else written
        condition = collect(whole, at, found, self.vocabulary)
        condition = condition.condition if isinstance(condition, Items) else condition
        self.faults += [attrs.evolve(fault, path=_place(fault.path, at)) for fault in found]
        return Not(item=condition) if word.negated and condition is not None else condition


def _place(path: str, at: str) -> str:
    """Answer where a fault of a comparison stands in the rule that it was read from."""
    inside = path.removeprefix(at).removeprefix(".any")
    return at + (".operator" if inside == ".op" else _INSIDE.sub(r"\1", inside))


def accepted(reader: DocumentReader, data: Any, at: str, read: Callable[[Any, str], Condition | None]) -> Condition:
    """Read a whole document, once it is known not to be a bomb.

    Args:
        reader: Where faults are added.
        data: The document.
        at: Its JSON path.
        read: Reads it.

    Raises:
        RuleErrors: With every fault and its place.
    """
    condition = read(data, at) if within_bounds(data, at, reader.faults, reader.vocabulary.limits) else None
    if condition is None or reader.faults:
        raise RuleErrors(faults=tuple(reader.faults))
    return condition
