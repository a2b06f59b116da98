"""What pruning and ReLU leave equivariant: coefficients but not raw weights, permutation matrices and no others."""

from itertools import product

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import feasible, implies
from theory.positivity import identical
from theory.statement import find_statement
from theory.verdict import Verdict

m, p, q, s, x, y = sympy.symbols("m p q s x y", real=True)


def zero_and_not(sign: int) -> Verdict:
    """No number is 0 and `sign`·positive."""
    return Verdict.REFUTED if feasible([m, -m] if sign else [m], [m]) or feasible([m, -m] if sign else [-m], [-m]) else Verdict.PROVED


derive(
    "companion.raw_pruning",
    composed("entries", "equivariance says M[g i, g j] = M[i, j] for all g, i, j", "definition"),
    composed(
        "two places", "the pruned entry and another of its orbit are M'[i, j] = 0 and M'[g i, g j] = M[i, j] ≠ 0", "definition", "entries"
    ),
    Step("different", "0 is neither positive nor negative", "linear", "all reals", lambda: zero_and_not(1), lambda: zero_and_not(0)),
    composed("conclusion", "the equation of (i, j) and g fails", "definition", "two places", "different"),
    module=__name__,
)


def linear_combination(kept: sympy.Expr | int) -> Verdict:
    """W(m₁λ₁b₁ + m₂λ₂b₂) - (m₁λ₁b₁ + m₂λ₂b₂)V = 0 once W b_i = b_i V = t_i; the first mask on one side is `kept`."""
    m1, m2, l1, l2, t1, t2 = sympy.symbols("m1 m2 l1 l2 t1 t2")
    return identical(sympy.sympify(kept).subs(m, m1) * l1 * t1 + m2 * l2 * t2, m1 * l1 * t1 + m2 * l2 * t2)


derive(
    "companion.equivariant_pruning",
    Step(
        "combination",
        "W b_k = b_k V for all k gives W Σ m_k λ_k b_k = (Σ m_k λ_k b_k)V, two terms and so any number",
        "algebra",
        "all masks m and coefficients λ",
        lambda: linear_combination(m),
        lambda: linear_combination(1),
    ),
    composed("conclusion", "layers and σ commute with the group, and so does their composition", "induction", "combination"),
    module=__name__,
)


def fixed_by_relu(bound: int) -> Verdict:
    """If t ≥ 0, t ≥ v and t = v (as max(v, 0) = v), then v ≥ `bound`."""
    return implies([y, y - x, x - y], x - bound)


def zero_products(share: int) -> Verdict:
    """Two numbers ≥ 0 with sum `share`·0 = 0 are 0; three and more alike."""
    return implies([p, q, s, -(p + q + s) if share else 1 - (p + q + s)], -p)


def unit_root(value: int) -> Verdict:
    """x² - 1 = (x-1)(x+`value`): for x ≥ 0 the second factor is positive, so x² = 1 gives x = 1."""
    return identical(x**2 - 1, (x - 1) * (x + value)) & implies([x], x + value, strictly=True)


def single_supports(size: int, extra: int) -> Verdict:
    """`size` disjoint non-empty sets of `size` + `extra` rows have one row each."""
    rows = size + extra

    def one_each(sets: tuple[int, ...]) -> bool:
        disjoint = all(not sets[i] & sets[j] for i in range(size) for j in range(i))
        return not disjoint or all(chosen.bit_count() == 1 for chosen in sets)

    return every(product(range(1, 1 << rows), repeat=size), one_each)


derive(
    "companion.W1_repaired",
    composed("unit vectors", "relu(M e_j) = M relu(e_j) = M e_j: every entry v of M has max(v, 0) = v", "definition"),
    Step("signs", "max(v, 0) = v gives v ≥ 0", "linear", "all v", lambda: fixed_by_relu(0), lambda: fixed_by_relu(1)),
    composed("columns", "columns j ≠ k are orthogonal: Σ_i M_ij M_ik = 0, a sum of products ≥ 0", "definition", "unit vectors", "signs"),
    Step(
        "products",
        "numbers ≥ 0 with sum 0 are 0",
        "linear",
        "all reals, three at a time",
        lambda: zero_products(1),
        lambda: zero_products(0),
    ),
    composed("supports", "so columns have disjoint supports, none empty", "definition", "columns", "products"),
    Step(
        "pigeonhole",
        "n disjoint non-empty sets of n rows have one row each",
        "enumeration",
        "n = 1, 2, 3, all families of sets; for every n by counting",
        lambda: single_supports(1, 0) & single_supports(2, 0) & single_supports(3, 0),
        lambda: single_supports(2, 1),
    ),
    Step("units", "x ≥ 0 and x² = 1 give x = 1", "algebra", "all x ≥ 0", lambda: unit_root(1), lambda: unit_root(-1)),
    composed("permutation", "each column is a unit vector, all different", "counting", "supports", "pigeonhole", "units"),
    composed("converse", "a permutation matrix reorders coordinates, and relu acts on each alone", "definition"),
    composed("conclusion", "both directions", "cases", "permutation", "converse"),
    module=__name__,
)


def same_formula(factor: int) -> Verdict:
    """The formula is that of companion.A2."""
    stated, general = find_statement("companion.A2_zero_included").formula, find_statement("companion.A2").formula
    assert stated is not None
    assert general is not None
    return identical(stated / general, factor)


derive(
    "companion.A2_zero_included",
    Step("one formula", "the bound is A2's", "algebra", "all M, n", lambda: same_formula(1), lambda: same_formula(2)),
    composed("conclusion", "A2 with zero in the support", "substitution", "companion.A2", "one formula"),
    module=__name__,
)
