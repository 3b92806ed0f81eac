# Each recipe is one line that can be typed without `just`; `python tools/check.py` needs nothing but the dev extra.

set positional-arguments

python := env("PYTHON", "python")

[private]
default:
    @just --list --unsorted

# install leadkit with everything that develops it, into the environment that is active
setup:
    {{python}} -m pip install -e '.[dev]'

# the whole suite; arguments go to pytest
test *arguments:
    {{python}} -m pytest "$@"

# style, by ruff
lint:
    {{python}} tools/check.py style

# mypy and basedpyright, both strict
types:
    {{python}} tools/check.py types

# who may import whom
floors:
    {{python}} tools/check.py floors

# the examples of every document, the generated reference, and the site with warnings as errors
docs:
    {{python}} docs/generate_reference.py
    {{python}} tools/check.py examples site

# the core's branch coverage by its own tests; under 100% fails
coverage:
    {{python}} tools/check.py coverage

# the core's mutation score; under 90% fails (arguments name mutants, such as 'leadkit.values*')
mutation *arguments:
    {{python}} tools/mutation.py "$@"

# every gate at its full number
gates *arguments:
    LEADKIT_GATES=full HYPOTHESIS_PROFILE=gates {{python}} -m pytest -m gate "$@"

# the benchmarks, one after the other; each prints ratios
bench:
    for file in benchmarks/p[0-9]*.py; do {{python}} "$file" || exit 1; done

# the main job on the shipped sample
demo:
    {{python}} -m leadkit.cli demo

# what CI runs: a fresh environment, then every check
ci:
    ./.ci/run
