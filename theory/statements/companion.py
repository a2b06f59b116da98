"""Ours: layers, errors, lower bounds, equivariance (A4 to A6 and what stands beside them)."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_epsilon, _D, _l = sympy.symbols("epsilon D l", positive=True)
_SOURCE = "companion"

A4 = state(
    Statement(
        id="companion.A4",
        title="Two layers for one",
        text=(
            "If for every coefficient λ the channels with positive first weight carry a subset sum within η of λ and those with negative first "
            "weight one within η of -λ, the masked two-layer block differs from the target layer by at most η|||B|||·√(2 n_in n_out)·‖x‖₂, "
            "and by at most 2 n_in η|||B|||·‖x‖ where the norm of a stack is that of its largest channel."
        ),
        source=Source(_SOURCE, "A4"),
        known="derived here",
        hypotheses=(
            "σ(cx) = cσ(x) for c ≥ 0",
            "σ(x) - σ(-x) = x",
            "for the first bound ‖σ(x)‖² + ‖σ(-x)‖² ≤ ‖x‖², as for ReLU and ‖·‖₂",
            "for the second ‖σ(±x)‖ ≤ ‖x‖, as for ReLU and any norm of the sizes |x_i| that grows with them, the largest entry too",
        ),
    )
)

A5 = state(
    Statement(
        id="companion.A5",
        title="Errors compose",
        text=(
            "If layer i of the ticket differs from layer i of the target by at most ε_i‖x‖ + β_i, "
            "then e_i = ‖A_i‖e_{i-1} + ε_i(ρ_{i-1} + e_{i-1}) + β_i "
            "bounds the difference after i layers on ‖x‖ ≤ R, with ρ_i = ‖A_i‖ρ_{i-1} + ‖b_i‖ and ρ_0 = R, e_0 = 0."
        ),
        source=Source(_SOURCE, "A5"),
        known="derived here",
        hypotheses=("σ 1-Lipschitz with σ(0) = 0",),
    )
)

A5_RELATIVE = state(
    Statement(
        id="companion.A5_relative",
        title="Relative errors compose",
        text=(
            "Without biases, if |||f_i||| ≤ 1 and layer i of the ticket differs from layer i of the target by at most ε‖x‖/(2l), the networks "
            "of l layers differ by at most ((1 + ε/(2l))ˡ - 1)‖x‖ ≤ ε‖x‖."
        ),
        source=Source(_SOURCE, "A5"),
        known="derived here",
        hypotheses=("σ 1-Lipschitz with σ(0) = 0", "0 ≤ ε ≤ 1", "l ≥ 1"),
        formula=(1 + _epsilon / (2 * _l)) ** _l - 1,
        uses=("companion.A5",),
    )
)

A6 = state(
    Statement(
        id="companion.A6",
        title="Parameter counting",
        text=(
            "If each linear map in the unit ball of a D-dimensional normed space is within ε of some pruning of a random network with "
            "probability at least 1/2, the network has at least D·log₂(1/(2ε)) - 1 parameters."
        ),
        source=Source(_SOURCE, "A6"),
        known="derived here",
        hypotheses=("0 < ε < 1/2", "finitely many draws, or a law that is approximated by such"),
        formal="LowerBound.lottery_lower_bound",
        formula=_D * sympy.log(1 / (2 * _epsilon)) / sympy.log(2) - 1,
    )
)

EQUIVARIANT_PRUNING = state(
    Statement(
        id="companion.equivariant_pruning",
        title="Pruning coefficients preserves equivariance",
        text="A network whose layers are combinations of intertwiners stays equivariant under every mask on the coefficients.",
        source=Source("ferbach2023", "the idea of the paper"),
        known="text seen",
        hypotheses=("σ commutes with the group",),
        formal="LotteryNetwork.pruned_network_equivariant",
    )
)

RAW_PRUNING = state(
    Statement(
        id="companion.raw_pruning",
        title="Pruning raw weights breaks equivariance",
        text="Setting one entry of a layer's matrix to zero breaks equivariance if the entry is non-zero and shares its orbit with another.",
        source=Source("ferbach2023", "the idea of the paper"),
        known="text seen",
        hypotheses=("permutation representations",),
    )
)

ORBIT_BASIS = state(
    Statement(
        id="companion.orbit_basis",
        title="The orbit basis is complete",
        text="The indicators of the orbits of pairs are a basis of the intertwiners between two permutation representations.",
        source=Source(_SOURCE, "orbit basis"),
        known="derived here",
        hypotheses=("a finite group",),
        formal="OrbitBasis.orbit_basis_span",
    )
)

TICKETS_ON_THE_GRID = state(
    Statement(
        id="companion.tickets_on_the_grid",
        title="Equivariant strong lottery tickets for weights on a grid",
        text=(
            "Theorem 1 of ferbach2023 with explicit widths for weights k/M, k uniform on {±1, ..., ±M}, M = 2es: N_i ≥ 51·L_i hidden "
            "channels per input channel suffice for all targets at once, where 16·l·n_i·n_{i+1}·|B_i|·s² ≤ "
            "δ·2^{L_i}, 5·l·|||κ⊗B_i||| ≤ s·ε and e ≥ 24. "
            "The weights that the program draws have M = 2²³, that is e = 32 and s = 2¹⁷."
        ),
        source=Source(_SOURCE, "theory/formal/Main.v"),
        known="derived here",
        hypotheses=("no biases", "|||f_i||| ≤ 1 and |λ| ≤ 1", "σ positively homogeneous with σ(x) - σ(-x) = x", "0 < ε ≤ 1"),
        formal="Main.strong_lottery_ticket",
    )
)
