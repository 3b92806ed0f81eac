"""Conditions compiled into functions of Python: the same answers as those of the reference interpreter, sooner."""

from __future__ import annotations

from leadkit.conditions.compiling.compiled import CompiledCondition, compile_condition, compiled

__all__ = ["CompiledCondition", "compile_condition", "compiled"]
