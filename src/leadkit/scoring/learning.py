"""What is asked of scikit-learn: to part cases, to regress, to judge. Nothing else of leadkit knows it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs

from leadkit.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Learner"]

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Learner:
    """The modules of scikit-learn, an extra without type information, fetched when somebody wants to learn.

    Attributes:
        models: `sklearn.linear_model`.
        metrics: `sklearn.metrics`.
        selection: `sklearn.model_selection`.
    """

    models: Any
    metrics: Any
    selection: Any

    @classmethod
    def ready(cls) -> Self:
        """Fetch the library.

        Raises:
            MissingExtra: scikit-learn is not installed.
        """
        try:
            return cls(
                models=importlib.import_module("sklearn.linear_model"),
                metrics=importlib.import_module("sklearn.metrics"),
                selection=importlib.import_module("sklearn.model_selection"),
            )
        except ImportError:
            raise MissingExtra(extra="predictive", feature="fitting points to outcomes") from None

    def part(self, cases: Sequence[T], came: Sequence[bool], held_out: float, seed: int) -> tuple[list[T], list[T]]:
        """Part cases in two, so that both hold the outcomes in the same proportion.

        Args:
            cases: The cases.
            came: The outcome of each.
            held_out: The share of the second part.
            seed: Chooses which.
        """
        learned: list[T]
        judged: list[T]
        learned, judged = self.selection.train_test_split(cases, test_size=held_out, random_state=seed, stratify=came)
        return learned, judged

    def regress(self, rows: Sequence[Sequence[float]], came: Sequence[bool]) -> tuple[list[float], float]:
        """Find the weights of a logistic regression, and its intercept.

        Args:
            rows: For each case, each rule's share.
            came: The outcome of each case.
        """
        # The gentle penalty of the default keeps a rule that has only ever seen one outcome from an infinite weight.
        model = self.models.LogisticRegression(max_iter=1_000).fit(rows, came)
        return [float(weight) for weight in model.coef_[0]], float(model.intercept_[0])

    def area(self, came: Sequence[bool], scores: Sequence[float]) -> float:
        """Answer the area under the ROC curve.

        Args:
            came: The outcome of each case.
            scores: The score of each.
        """
        return float(self.metrics.roc_auc_score(came, scores))

    def losses(self, came: Sequence[bool], chances: Sequence[float]) -> tuple[float, float]:
        """Answer the log loss and the Brier score of probabilities.

        Args:
            came: The outcome of each case.
            chances: The probability that was told for each.
        """
        log_loss = self.metrics.log_loss(came, chances, labels=[False, True])
        return float(log_loss), float(self.metrics.brier_score_loss(came, chances))
