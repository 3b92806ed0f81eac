"""Gate P1: twenty scoring rules over one lead, by hand, in leadkit and in five rule engines, side by side.

    python benchmarks/p1_rules.py                   # everything in benchmarks/requirements.txt is needed
    python benchmarks/p1_rules.py --allow-missing   # whatever engines there are
    python benchmarks/p1_rules.py --bar 1.5         # exit code 1 unless leadkit is within it, and before every engine,
                                                    # and within 2.5 with a breakdown, for dicts and for models

Before anything is timed, every engine answers every rule for every lead, and an answer that differs from the
hand-written one ends the run. Prints how many times as long as the hand-written function each takes; README.md says how
to read it.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from measuring import Timings, interleaved, machine_line, table, use_this_clone, write_json
from twenty_rules import AS_OF, RULES, Contender, by_hand, expressions, json_logic, points_of
from twenty_rules.leads import made_leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

BY_HAND: Final = "by hand"

ENGINES: Final[Mapping[str, Callable[[], Contender]]] = {
    "datalogic-py": json_logic.datalogic,
    "zen-engine": expressions.zen_engine,
    "python-jsonlogic": json_logic.python_jsonlogic,
    "rule-engine": expressions.rule_engine,
    "cel-python": expressions.cel_python,
}
"""The engines by the name of the package that brings them."""


class Disagreement(Exception):
    """An engine answers a rule otherwise than the hand-written function."""


def version_of(package: str) -> str | None:
    """Answer which version of a package is installed, None when it is not."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def hand_written(score: Callable[[Any], float], form: str) -> Contender:
    """Answer the hand-written function as a contender; its answers rule by rule are those that count."""
    return Contender(name=BY_HAND, form=form, answers=by_hand.answers, score=score)


def check(contender: Contender, leads: Sequence[Any], expected: Sequence[Sequence[bool]]) -> None:
    """Hold every answer of a contender against the hand-written ones.

    Args:
        contender: Who answers.
        leads: The leads, in the form that it takes.
        expected: For each lead, whether each rule matches.

    Raises:
        Disagreement: An answer or a score differs; says whose, and for which rule and lead.
    """
    for lead, matches in zip(leads, expected, strict=True):
        answers = contender.answers(lead)
        differing = [rule["name"] for rule, mine, theirs in zip(RULES, matches, answers, strict=True) if mine != theirs]
        if differing:
            message = f"{contender.name} answers {', '.join(map(repr, differing))} otherwise for {lead!r}"
            raise Disagreement(message)
        points = sum(points_of(rule) for rule, matched in zip(RULES, matches, strict=True) if matched)
        if (scored := contender.score(lead)) != points:
            message = f"{contender.name} scores {scored} where {points} is right, for {lead!r}"
            raise Disagreement(message)


def timed(contenders: Iterable[Contender], leads: Sequence[Any], options: argparse.Namespace) -> Timings:
    """Time how long each contender takes for the leads, in turns."""

    def over(score: Callable[[Any], float]) -> Callable[[], None]:
        def run() -> None:
            for lead in leads:
                score(lead)

        return run

    subjects = {contender.name: over(contender.timed or contender.score) for contender in contenders}
    # The processor's clock: all of them compute, and a machine that others use as well is no fault of theirs.
    return interleaved(subjects, rounds=options.rounds, seconds=options.seconds, clock=time.process_time)


def rows(contenders: Sequence[Contender], timings: Timings, leads: int) -> list[dict[str, Any]]:
    """Answer the figures of each contender, the quickest first."""
    found = []
    for contender in contenders:
        low, high = timings.spread(contender.name, to=BY_HAND)
        version = version_of(contender.name)
        found.append(
            {
                "name": contender.name,
                "form": contender.form,
                "version": version,
                "microseconds": timings.median(contender.name) / leads * 1e6,
                "ratio": timings.ratio(contender.name, to=BY_HAND),
                "lowest": low,
                "highest": high,
            }
        )
    return sorted(found, key=lambda row: row["ratio"])


def printed(figures: Sequence[Mapping[str, Any]]) -> str:
    """Lay the figures out."""
    heads = ("", "µs a lead", "× by hand", "lowest", "highest", "")
    cells = [
        (
            " ".join(filter(None, (row["name"], row["version"]))),
            f"{row['microseconds']:,.2f}",
            f"{row['ratio']:,.2f}",
            f"{row['lowest']:,.2f}",
            f"{row['highest']:,.2f}",
            row["form"],
        )
        for row in figures
    ]
    return table(heads, cells)


def failures(kind: str, figures: Sequence[Mapping[str, Any]], bars: Mapping[str, float]) -> list[str]:
    """Say what P1 misses: a bar, or being quicker than every engine.

    Args:
        kind: What the leads are.
        figures: The rows over such leads.
        bars: The ratio that each form of leadkit may reach, by its name; the first one is to be before the engines.
    """
    ratios = {row["name"]: row["ratio"] for row in figures}
    missed = [
        f"{name} takes {ratios[name]:.2f} × the hand-written function for a {kind}; the bar is {bar}"
        for name, bar in bars.items()
        if ratios[name] > bar
    ]
    quickest = next(iter(bars))
    return missed + [
        f"{name} is quicker than {quickest}"
        for name, ratio in ratios.items()
        if name in ENGINES and ratio <= ratios[quickest]
    ]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Twenty scoring rules over one lead: ratios to a hand-written function."
    )
    parser.add_argument(
        "--leads", type=int, default=600, help="how many leads every answer is compared on (%(default)s)"
    )
    parser.add_argument("--timed", type=int, default=60, help="how many of them are timed (%(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each has its turn (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.05, help="the least length of a sample (%(default)s)")
    parser.add_argument("--allow-missing", action="store_true", help="measure the engines that are installed")
    parser.add_argument(
        "--bar", type=float, help="fail above this ratio, and unless leadkit is quicker than each engine"
    )
    parser.add_argument(
        "--breakdown-bar", type=float, default=2.5, help="the same for a score with its breakdown (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args(given)
    if not 1 <= options.timed <= options.leads:
        parser.error("--timed is at least 1, and at most --leads")
    return options


def main(given: Sequence[str] | None = None) -> int:
    """Check, time and print; answer the exit code."""
    options = arguments(given)
    missing = [package for package in ENGINES if version_of(package) is None]
    if missing and not options.allow_missing:
        print(
            f"not installed: {', '.join(missing)}. Install benchmarks/requirements.txt into an environment of its own,"
            " or pass --allow-missing.",
            file=sys.stderr,
        )
        return 2
    use_this_clone()
    from twenty_rules.ours import BREAKDOWN, FORMS, SCORE  # noqa: PLC0415 - imports leadkit

    from leadkit.leads import Lead  # noqa: PLC0415 - found only now

    documents = made_leads(options.leads)
    models = [Lead.model_validate(document) for document in documents]
    expected = [by_hand.answers(document) for document in documents]
    ours = [form() for form in FORMS]
    engines = [prepare() for package, prepare in ENGINES.items() if package not in missing]
    over_documents = [hand_written(by_hand.scorer(AS_OF), "a Python function"), *ours, *engines]
    over_models = [hand_written(by_hand.scorer_of_models(AS_OF), "a Python function"), *ours]
    try:
        for contender in over_documents:
            check(contender, documents, expected)
        for contender in ours:
            check(contender, models, expected)
    except Disagreement as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{machine_line()}; medians of {options.rounds} rounds over {options.timed} leads")
    print(f"all {len(RULES)} answers are equal for all {options.leads} leads")
    if missing:
        print(f"not measured, since not installed: {', '.join(missing)}")
    figures = {}
    for kind, leads, contenders in (("dict", documents, over_documents), ("model", models, over_models)):
        timings = timed(contenders, leads[: options.timed], options)
        figures[kind] = rows(contenders, timings, options.timed)
        print(f"\none lead as a {kind}, 20 rules\n{printed(figures[kind])}")
    if options.json is not None:
        write_json(options.json, "P1", {"leads": options.leads, "timed": options.timed, "missing": missing, **figures})
    missed: list[str] = []
    if options.bar is not None:
        bars = {SCORE: options.bar, BREAKDOWN: options.breakdown_bar}
        missed = [line for kind, found in figures.items() for line in failures(kind, found, bars)]
    for line in missed:
        print(f"P1 fails: {line}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
