"""How an answer is asked for: which hits of it, in which order and groups, counted by what."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.access import Grant
from schemas.errors import UsageError
from search.index.fields import DEEPEST, FACETS, checked_group, checked_sort
from search.plan import Condition, Plan

OPEN = (Grant(),)
"""Every page may be seen."""
_LEAST_SHARED = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """Raises UsageError for an unknown sort, group or facet."""

    offset: int
    limit: int
    sort: str
    group: str
    facets: tuple[str, ...]

    def __post_init__(self) -> None:
        checked_sort(self.sort)
        checked_group(self.group)
        for name in self.facets:
            if name not in FACETS:
                raise UsageError("filter-unknown", name)

    @property
    def end(self) -> int:
        """The number of hits or groups up to the last that is asked for."""
        return max(1, min(self.offset + self.limit, DEEPEST))

    def order(self, wanted: Plan) -> str:
        """The field that the hits stand in the order of; empty: the score, then the shelf."""
        if self.sort == "relevance":
            return "" if _ranks(wanted) else "shelf"
        return checked_sort(self.sort)


def _ranks(wanted: Plan) -> bool:
    """Whether a plan may give its pages different scores."""
    same = all(len(group) == 1 and group[0].kind != "exact" for group in wanted.groups)
    return bool(wanted.optional or wanted.least or not same)


def likeness(terms: Sequence[str]) -> Plan:
    """Pages that have at least three in ten of these keys."""
    groups = tuple((Condition("key", (term,)),) for term in dict.fromkeys(terms))
    return Plan(groups, (), least=max(1, round(len(groups) * _LEAST_SHARED)))
