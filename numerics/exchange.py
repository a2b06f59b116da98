"""Local search over first masks: two hidden channels exchange the inputs that they read, if the sum of squared errors falls.

A column is what one input channel p contributes: its members are the N hidden channels that read it, and each of its m·|B| coefficients is
the best subset sum over their products u·v. Every exchange is tried exactly: both columns are solved again.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from numerics.subset_sum import solve_subset_sums

TRIED_AT_ONCE = 128
PARTNERS = 24
PATIENCE = 6
LEAST_GAIN = 0.02


@dataclass(eq=False)
class State:
    """Who reads what, `members` `[n, N]`; the `residuals` `[n, m·|B|]` in units, and the `cost` `[n]` of each column."""

    members: Int64[np.ndarray, "p j"]
    residuals: Int64[np.ndarray, "p o"]
    cost: Float64[np.ndarray, " p"]

    def reads(self, hidden: int) -> Int64[np.ndarray, " h"]:
        """The input channel of each hidden channel."""
        result = np.empty(hidden, dtype=np.int64)
        result[self.members] = np.arange(len(self.members))[:, None]
        return result


@dataclass(frozen=True, eq=False)
class Columns:
    """One layer's numbers: `first` `[n·N, n]` with 0 for weights that are not positive, `second` `[n·N, m·|B|]`, `goals` `[n, m·|B|]`.

    `weights` `[m·|B|]` are those of the squared errors, `unit` is the value of an integer of the goals.
    """

    first: Int64[np.ndarray, "h p"]
    second: Int64[np.ndarray, "h o"]
    goals: Int64[np.ndarray, "p o"]
    weights: Float64[np.ndarray, " o"]
    unit: float
    device: str

    def state(self, members: Int64[np.ndarray, "p j"]) -> State:
        """All columns solved."""
        return State(members.copy(), *self.solved(members, np.arange(len(members))))

    def solved(
        self, members: Int64[np.ndarray, "b j"], inputs: Int64[np.ndarray, " b"]
    ) -> tuple[Int64[np.ndarray, "b o"], Float64[np.ndarray, " b"]]:
        """Residuals and costs of columns with these members, each for its input channel."""
        products = self.first[members, inputs[:, None]][:, :, None] * self.second[members]
        columns, samples, outputs = products.shape
        flat = np.ascontiguousarray(products.transpose(0, 2, 1)).reshape(columns * outputs, samples)
        found = solve_subset_sums(flat, self.goals[inputs].ravel(), objective="best", device=self.device, threads=1)
        residuals = found.residuals.reshape(columns, outputs)
        return residuals, ((residuals * self.unit) ** 2) @ self.weights


def exchange(columns: Columns, state: State, misfit: Float64[np.ndarray, "h p"], allowed: float) -> bool:
    """Improve the worst columns until all costs together are `allowed`; whether anything moved. A column that resists is left alone.

    Candidates come in the order of how badly both weights would fit their new inputs; the best exchange of those tried at once is made.
    """
    resisted = np.zeros(len(state.cost), dtype=np.int64)
    moved = False
    while state.cost.sum() > allowed and (resisted < PATIENCE).any():
        column = int(np.argmax(np.where(resisted < PATIENCE, state.cost, -1)))
        other = _best(columns, state, misfit, column, int(resisted[column]))
        if other is None:
            resisted[column] += 1
        else:
            resisted[[column, other]] = 0
            moved = True
    return moved


def _best(columns: Columns, state: State, misfit: np.ndarray, column: int, page: int) -> int | None:
    """Make the best of a page of exchanges with one column; the other column, or None if none gains enough."""
    reads = state.reads(len(columns.second))
    own = state.members[column]
    others = np.flatnonzero(reads != column)
    if not len(others):
        return None
    badness = misfit[others, column][None, :] + misfit[own][:, reads[others]]
    ahead = min((page + 1) * TRIED_AT_ONCE, badness.size)
    first = np.argpartition(badness.ravel(), ahead - 1)[:ahead]
    order = first[np.lexsort((first, badness.ravel()[first]))][page * TRIED_AT_ONCE :]
    if not len(order):
        return None
    places, guests = np.divmod(order, len(others))
    guests = others[guests]
    tried = np.repeat(own[None], len(order), axis=0)
    tried[np.arange(len(order)), places] = guests
    residuals, costs = columns.solved(tried, np.full(len(order), column))
    best = np.argsort(costs, kind="stable")[:PARTNERS]
    best = best[costs[best] < state.cost[column]]
    if not len(best):
        return None
    partners = reads[guests[best]]
    theirs = state.members[partners].copy()
    theirs[theirs == guests[best][:, None]] = own[places[best]]
    their_residuals, their_costs = columns.solved(theirs, partners)
    gains = state.cost[column] + state.cost[partners] - costs[best] - their_costs
    winner = int(np.argmax(gains))
    if gains[winner] <= LEAST_GAIN * state.cost[column]:
        return None
    chosen, partner = best[winner], int(partners[winner])
    for place, members, found, cost in (
        (column, tried[chosen], residuals[chosen], costs[chosen]),
        (partner, theirs[winner], their_residuals[winner], their_costs[winner]),
    ):
        state.members[place], state.residuals[place], state.cost[place] = members, found, cost
    return partner
