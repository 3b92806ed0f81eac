"""Routing: who gets a lead, and why."""

from __future__ import annotations

from leadkit.routing.assignees import Assignee, Exclusion, exclusions
from leadkit.routing.checking import check_routes
from leadkit.routing.deciding import route, route_many, routing_order
from leadkit.routing.decisions import RoutingDecision, RoutingOutcome, RoutingReport
from leadkit.routing.explaining import explain_route
from leadkit.routing.matching import Route, match_route, routes_for, rules_of
from leadkit.routing.pointers import Pointer, parse_pointer, write_pointer
from leadkit.routing.pools import Pick, PoolState, pick
from leadkit.routing.rosters import Roster, rotation, targets_of
from leadkit.routing.strategies import STRATEGIES, Candidate, Choose, Strategy, with_strategies
from leadkit.routing.working_hours import Weekday, WorkingHours

__all__ = [
    "STRATEGIES",
    "Assignee",
    "Candidate",
    "Choose",
    "Exclusion",
    "Pick",
    "Pointer",
    "PoolState",
    "Roster",
    "Route",
    "RoutingDecision",
    "RoutingOutcome",
    "RoutingReport",
    "Strategy",
    "Weekday",
    "WorkingHours",
    "check_routes",
    "exclusions",
    "explain_route",
    "match_route",
    "parse_pointer",
    "pick",
    "rotation",
    "route",
    "route_many",
    "routes_for",
    "routing_order",
    "rules_of",
    "targets_of",
    "with_strategies",
    "write_pointer",
]
