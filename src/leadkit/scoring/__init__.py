"""Scoring: rulesets, scorecards, and why a lead scored what it did."""

from __future__ import annotations

from leadkit.scoring.changes import Counterfactual, Counterfactuals, Turn, Unturned
from leadkit.scoring.checking import RuleReport, check
from leadkit.scoring.compiling import CompiledRuleset, compile_ruleset, score
from leadkit.scoring.counterfactuals import counterfactual
from leadkit.scoring.decay import Decay
from leadkit.scoring.differences import Difference, RuleDifference, RulesetDiff, Verb
from leadkit.scoring.diffing import diff
from leadkit.scoring.explaining import Outcome, RuleExplanation, ScoreExplanation, explain
from leadkit.scoring.fitted import FittedRule, FittedRuleset, Judgement
from leadkit.scoring.fitting import fit_points
from leadkit.scoring.limits import Limits
from leadkit.scoring.reckoning import needs
from leadkit.scoring.reports import Bucket, Mover, ScoringReport, Simulation
from leadkit.scoring.reviews import RulesReview
from leadkit.scoring.rule_tests import Expected, RuleTest, RuleTests
from leadkit.scoring.rules import ScoringRule
from leadkit.scoring.ruleset import Band, Ruleset
from leadkit.scoring.schema import rule_tests_schema, ruleset_schema
from leadkit.scoring.scorecards import Scorecard
from leadkit.scoring.simulating import SimulationTally
from leadkit.scoring.trying import Failure, RuleTestReport, RuleTestResult, run_rule_test, run_rule_tests
from leadkit.scoring.versions import DraftState, RulesDraft, RulesVersion

__all__ = [
    "Band",
    "Bucket",
    "CompiledRuleset",
    "Counterfactual",
    "Counterfactuals",
    "Decay",
    "Difference",
    "DraftState",
    "Expected",
    "Failure",
    "FittedRule",
    "FittedRuleset",
    "Judgement",
    "Limits",
    "Mover",
    "Outcome",
    "RuleDifference",
    "RuleExplanation",
    "RuleReport",
    "RuleTest",
    "RuleTestReport",
    "RuleTestResult",
    "RuleTests",
    "RulesDraft",
    "RulesReview",
    "RulesVersion",
    "Ruleset",
    "RulesetDiff",
    "ScoreExplanation",
    "Scorecard",
    "ScoringReport",
    "ScoringRule",
    "Simulation",
    "SimulationTally",
    "Turn",
    "Unturned",
    "Verb",
    "check",
    "compile_ruleset",
    "counterfactual",
    "diff",
    "explain",
    "fit_points",
    "needs",
    "rule_tests_schema",
    "ruleset_schema",
    "run_rule_test",
    "run_rule_tests",
    "score",
]
