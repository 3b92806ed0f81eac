"""Every example that is printed anywhere runs: the README, the documents, and the docstrings of src.

Sybil finds and evaluates them; this module chooses the files itself, since Sybil's own patterns collect nothing below
`src/**` and say so to nobody. An example shows what it prints by a block behind it:

    <!-- output -->
    ```text
    what the Python blocks since the last such block have printed
    ```
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sybil import Region
from sybil.document import Document, PythonDocStringDocument
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil import Example

ROOT = Path(__file__).resolve().parents[2]
COUNTS = Path(__file__).with_name("counts.json")

OUTPUT = re.compile(r"<!-- output -->\n+```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^`{3,}(\S*).*$", re.MULTILINE)


def printed_output(document: Document) -> Iterator[Region]:
    """Find the blocks that show what was printed."""
    for match in OUTPUT.finditer(document.text):
        yield Region(match.start(), match.end(), match[1], compare_output)


def compare_output(example: Example) -> str | None:
    """Hold what was printed since the last such block against what the document shows."""
    buffer: io.StringIO = example.namespace["__printed__"]
    printed = "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())
    buffer.seek(0)
    buffer.truncate()
    shown = example.parsed.rstrip()
    return None if printed == shown else f"Shown:\n{shown}\nPrinted:\n{printed}"


def written_documents() -> list[Path]:
    generated = ROOT / "docs" / "_build"
    pages = (path for path in sorted(ROOT.glob("docs/**/*.md")) if generated not in path.parents)
    return [ROOT / "README.md", *pages]


def parsed(path: Path) -> Document:
    return Document.parse(str(path), PythonCodeBlockParser(), printed_output)


def docstrings() -> Iterator[tuple[Path, int, list[Any]]]:
    """Answer each docstring that has examples: its file, its first line, and the doctests in it."""
    parser = DocTestParser()
    for path in sorted(ROOT.glob("src/**/*.py")):
        text = path.read_text(encoding="utf-8")
        for start, _, docstring in PythonDocStringDocument.extract_docstrings(text):
            document = Document(docstring, str(path))
            for region in parser(document):
                document.add(region)
            if found := list(document.examples()):
                yield path, text.count("\n", 0, start) + 1, found


DOCUMENTS = {str(path.relative_to(ROOT)): path for path in written_documents()}
DOCSTRINGS = {f"{path.relative_to(ROOT)}:{line}": (path, found) for path, line, found in docstrings()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_examples_of_a_document_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = parsed(DOCUMENTS[name])
    printed = io.StringIO()
    document.namespace.update(__name__="__main__", __printed__=printed)
    # An example may write files; a document reads those of the repository by their names from its root.
    for place in ("examples", "docs"):
        if (ROOT / place).exists():
            (tmp_path / place).symlink_to(ROOT / place)
    monkeypatch.chdir(tmp_path)
    for example in document.examples():
        with contextlib.redirect_stdout(printed):
            example.evaluate()


@pytest.mark.parametrize("name", DOCSTRINGS)
def test_the_examples_of_a_docstring_run_by_themselves(name: str) -> None:
    path, examples = DOCSTRINGS[name]
    module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    examples[0].namespace.update(vars(importlib.import_module(module)))
    for example in examples:
        example.evaluate()


def test_the_number_of_examples_is_known() -> None:
    """An example that is no longer found is no longer run; so each kind is counted."""
    found: Counter[str] = Counter()
    for name, path in DOCUMENTS.items():
        kind = "README.md" if name == "README.md" else "docs"
        found[kind] += len(list(parsed(path).examples()))
    found["docstrings"] = sum(len(examples) for _, examples in DOCSTRINGS.values())
    assert dict(found) == json.loads(COUNTS.read_text(encoding="utf-8")), "if this is meant, write it to counts.json"


def test_no_block_hides_python_under_another_name() -> None:
    """Only a block that calls itself `python` is run."""
    known = {"python", "text", "json", "csv", "console", "sh", "bash", "toml", "sql", "mermaid", "http", "yaml"}
    unknown = {
        f"{name}: {language or 'no language'}"
        for name, path in DOCUMENTS.items()
        for language in FENCE.findall(path.read_text(encoding="utf-8"))[::2]
        # `{toctree}` and the like are directives of the site
        if language not in known and not language.startswith("{")
    }
    assert not unknown


def test_no_doctest_is_overlooked() -> None:
    """Counted once more in the plainest way: each `>>>` in a docstring of src is an example that runs."""
    prompts = sum(
        len(re.findall(r"^\s*>>> (?!#)", docstring, re.MULTILINE))
        for path in ROOT.glob("src/**/*.py")
        for _, _, docstring in PythonDocStringDocument.extract_docstrings(path.read_text(encoding="utf-8"))
    )
    assert prompts == sum(len(examples) for _, examples in DOCSTRINGS.values())
    assert prompts > 0
