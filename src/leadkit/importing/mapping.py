"""The mapping of a file: which column leads where, and how what stands in it is read."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from leadkit.values import Document, Label

__all__ = ["Column", "ColumnType", "Mapping", "Scalar"]

Scalar: TypeAlias = StrictBool | StrictInt | StrictFloat | StrictStr
ColumnType: TypeAlias = Literal["text", "number", "integer", "boolean", "date", "datetime", "list", "choice"]


class Column(Document):
    """What happens with one column.

    Attributes:
        to: Where it leads: a writable field of a lead such as `email`, `properties.<name>` or `utmParams.<name>`.
        type: How the cell is read. Fields of a lead take `text` and `choice`; properties take every type.
        format: How numbers are written (`plain`, `point` for 1,234.5, `comma` for 1.234,5), or dates (`iso`, `dmy`,
            `mdy`, `ymd`, `excel` for serial numbers, or a pattern such as `%d.%m.%y %H:%M`). Dates have no default:
            nobody can tell 10/11/12.
        timezone: The IANA zone of date-times that carry none.
        separator: What parts the items of a `list`; a semicolon unless said.
        map: What single cells mean: `{"Won": true, "Lost": false}`; upper and lower case are the same unless both are
            listed, and null means empty. A `choice` takes nothing else.
        default: What an empty cell means.
        required: Whether a row with an empty cell is refused.
    """

    to: str
    type: ColumnType = "text"
    format: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    timezone: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    map: Annotated[dict[str, Scalar | None], Field(min_length=1, max_length=1_000)] | None = None
    default: Scalar | None = None
    required: StrictBool = False


def _short_form(value: Any) -> Any:
    return {"to": value} if isinstance(value, str) else value


class Mapping(Document):
    """How the columns of a file become leads.

    Reading one checks its shape; `read_mapping` checks what it means as well, and `bind` holds it against a file.

    Attributes:
        columns: For each column what happens with it, or just where it leads: `{"E-Mail": "email"}`.
        empty: Cells that mean nothing: `["Select", "N/A"]`. A blank cell always does.
        constants: Values that every lead of the file gets: `{"source": "webinar"}`.
        ignore: Columns that are known and not wanted.
        others: What becomes of columns that are not named: `ignore` reports them, `properties` keeps their text under
            `properties.<name>`, `refuse` refuses the file.

    Example:
        >>> mapping = Mapping.model_validate({"columns": {"E-Mail": "email"}, "empty": ["-"]})
        >>> mapping.columns["E-Mail"].to, mapping.others
        ('email', 'ignore')
    """

    columns: Annotated[
        dict[str, Annotated[Column, BeforeValidator(_short_form, json_schema_input_type=str | Column)]],
        Field(max_length=1_000),
    ]
    empty: Annotated[tuple[StrictStr, ...], Field(max_length=1_000)] = ()
    constants: Annotated[dict[str, Scalar], Field(max_length=1_000)] = {}
    ignore: Annotated[tuple[Label, ...], Field(max_length=1_000)] = ()
    others: Literal["ignore", "properties", "refuse"] = "ignore"
