"""The gaps of published arguments and careless readings: each refuted by a counterexample that is computed here, beside what repairs it."""

from fractions import Fraction
from itertools import permutations, product
from math import log2

import pytest
import sympy

from checks.evidence import Recorder
from theory import PermutationGroup
from theory.intertwiner import identity_is_an_orbit
from theory.representation import PermutationRepresentation
from theory.subset_sum import sample_size, uniform
from theory.verdict import Verdict, ceiling, decide_at_most, exact

Matrix = tuple[tuple[Fraction, ...], ...]


def apply(matrix: Matrix, x: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(sum((a * b for a, b in zip(row, x, strict=True)), Fraction(0)) for row in matrix)


def commutes_with_relu(matrix: Matrix, points: tuple[int, ...] = (-2, -1, 0, 1, 3)) -> bool:
    """At all points of a grid; for a matrix that is no permutation a unit vector or its negative already shows it."""

    def relu(x: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        return tuple(max(Fraction(0), value) for value in x)

    grid = product(map(Fraction, points), repeat=len(matrix))
    return all(relu(apply(matrix, x)) == apply(matrix, relu(x)) for x in grid)


@pytest.mark.statement("companion.W1")
def test_relu_does_not_commute_with_a_rotation(evidence: Recorder) -> None:
    rotation = ((Fraction(3, 5), Fraction(-4, 5)), (Fraction(4, 5), Fraction(3, 5)))
    assert apply(rotation, apply(((rotation[0][0], rotation[1][0]), (rotation[0][1], rotation[1][1])), (Fraction(1), Fraction(2)))) == (
        1,
        2,
    )
    assert not commutes_with_relu(rotation)
    evidence.refuted("the rotation (3/5, -4/5; 4/5, 3/5): relu(R e₂) = (0, 3/5), R relu(e₂) = (-4/5, 3/5)")


@pytest.mark.statement("companion.W1_repaired")
def test_signed_permutations_that_commute_with_relu_are_the_permutations(evidence: Recorder) -> None:
    for size in (1, 2, 3):
        for order in permutations(range(size)):
            for signs in product((1, -1), repeat=size):
                matrix = tuple(tuple(Fraction(signs[i] * (order[i] == j)) for j in range(size)) for i in range(size))
                assert commutes_with_relu(matrix) == all(sign == 1 for sign in signs)
    pythagorean = [
        ((Fraction(a, c), Fraction(-b, c)), (Fraction(b, c), Fraction(a, c))) for a, b, c in ((3, 4, 5), (5, 12, 13), (0, 1, 1), (4, -3, 5))
    ]
    assert not any(commutes_with_relu(matrix) for matrix in pythagorean)
    evidence.instances("all signed permutations of 1 to 3 coordinates, four rational rotations")


PAIRS_OF_THREE = [list(permutation) for permutation in ([1, 2, 0], [1, 0, 2])]


@pytest.mark.statement("companion.W2", "companion.W2_repaired")
@pytest.mark.parametrize(("points", "generators"), [(3, PAIRS_OF_THREE), (4, [[1, 2, 3, 0], [1, 0, 2, 3]])])
def test_the_identity_on_pairs_is_the_sum_of_two_orbits(points: int, generators: list[list[int]], request: pytest.FixtureRequest) -> None:
    """S_n on ordered pairs has the orbits {(i, i)} and {(i, j): i ≠ j}, and the identity restricts to one orbit indicator on each."""
    natural = PermutationGroup(generators).natural()
    square = natural * natural
    assert isinstance(natural, PermutationRepresentation)
    assert isinstance(square, PermutationRepresentation)
    assert identity_is_an_orbit(natural)
    assert not identity_is_an_orbit(square)
    pairs = list(product(range(points), repeat=2))
    orbits = {frozenset(((g[i], g[j]), (g[i], g[j])) for g in permutations(range(points))) for i, j in pairs}
    assert len(orbits) == 2
    assert sum(map(len, orbits)) == len(pairs)
    false, true = Recorder(request.node.nodeid, ("companion.W2",)), Recorder(request.node.nodeid, ("companion.W2_repaired",))
    false.refuted(f"the symmetric group on {points} points acting on ordered pairs: the identity is the sum of 2 orbit indicators")
    true.instances(f"the symmetric group on {points} points: points and ordered pairs")
    recorder = request.getfixturevalue("evidence")
    recorder.rows = [*false.rows, *true.rows]


@pytest.mark.statement("companion.W3")
def test_a_short_basis_element_has_a_large_coefficient(evidence: Recorder) -> None:
    half = Fraction(1, 2)
    assert 2 * half <= 1 < 2
    evidence.refuted("the basis {½·1} of the maps ℝ → ℝ: 1 = 2·(½·1) has norm 1 and the coefficient 2")


@pytest.mark.statement("burkholz2022b.E1")
def test_copies_amplify_errors_by_the_weights_that_were_chosen(evidence: Recorder) -> None:
    """W = 1/2 is met exactly by w = (1, -1/2); copies off by +e and -e then add up to 3e/2."""
    weights, target, error = (Fraction(1), Fraction(-1, 2)), Fraction(1, 2), Fraction(1, 100)
    assert sum(weights) == target
    x = Fraction(1)
    total = sum(w * (x + sign * error) for w, sign in zip(weights, (1, -1), strict=True)) - target * x
    claimed = (abs(target) + abs(sum(weights) - target)) * error
    assert total == Fraction(3, 2) * error > claimed
    evidence.refuted("W = 1/2 = 1 - 1/2, two copies of a neuron off by +1/100 and -1/100: the error is 3/200, the claim allows 1/200")


@pytest.mark.statement("burkholz2022b.E2")
def test_constants_of_a_sigmoid_push_the_bias_out_of_its_range(evidence: Recorder) -> None:
    """Three inputs of weight 1, d = 1/2, b = 0: the bias must be -3/2."""
    assert abs(0 - Fraction(1, 2) * sum((1, 1, 1))) > 1
    evidence.refuted("sigmoid, d = 1/2, three weights 1 and b = 0: the bias to be met is -3/2")


@pytest.mark.statement("kumar2025.E3")
def test_a_bound_that_exceeds_one_says_nothing(evidence: Recorder) -> None:
    bound = 2 * sympy.Integer(16) ** sympy.Rational(-1, 7)
    assert decide_at_most(sympy.Integer(1), bound) is Verdict.PROVED
    evidence.refuted(f"N_t = 2, δ = 2⁻¹⁶: 2·16^(-1/7) = {float(bound):.3f} ≥ 1")


@pytest.mark.statement("kumar2025.E4")
def test_most_integers_are_no_products_of_two_small_ones(evidence: Recorder) -> None:
    shares = {}
    for bound in (2, 4, 8, 16, 32, 64):
        products = {a * b for a in range(-bound, bound + 1) for b in range(-bound, bound + 1)}
        prime = next(m for m in range(bound + 1, bound * bound) if all(m % f for f in range(2, m)))
        assert prime not in products
        assert prime <= bound * bound
        shares[bound] = Fraction(len(products), 2 * bound * bound + 1)
    assert shares[64] < Fraction(32, 100) < shares[4]
    evidence.refuted(
        "K = 2: 3 is no product of two integers of size at most 2, so no rejection makes it likely; at K = 64, 69 % are missing"
    )


@pytest.mark.statement("gadhikar2023.E5")
def test_no_constant_serves_all_densities(evidence: Recorder) -> None:
    """2ⁿ sums cover a length of at most 2ⁿ·2ε, which must be 2; at p = 1 - 2^{-2C} the claimed n is too small, for every C."""
    epsilon = Fraction(1, 2**8)
    for constant in range(1, 65):
        claimed = ceiling(constant * sympy.log(exact(1 / epsilon)) / (2 * constant * sympy.log(2)))
        assert claimed == 4
        assert 2**claimed * 2 * epsilon < 2
    evidence.refuted("C any integer, p = 1 - 2^(-2C), ε = δ = 2⁻⁸: the claim asks for 4 samples, whose 16 sums cover 1/8 of a length 2")
    assert ceiling(sample_size(uniform(), epsilon, epsilon)) > log2(2**8)


@pytest.mark.statement("natale2024.theorem4")
def test_fewer_hidden_than_input_copies_lose_a_direction(evidence: Recorder) -> None:
    """Every integer matrix with entries in {-1, 0, 1} from 3 copies to 2, or 2 to 1, has x ≠ 0 with Ux = 0: x and -x look alike."""
    for rows, columns in ((1, 2), (2, 3)):
        for entries in product((-1, 0, 1), repeat=rows * columns):
            kernel = sympy.Matrix(rows, columns, entries).nullspace()
            assert kernel
            assert sympy.Matrix(rows, columns, entries) * kernel[0] == sympy.zeros(rows, 1)
    evidence.refuted(
        "2 → 1 hidden copies: U = (1, 1) maps x = (1, -1) and -x to 0, so the identity is missed by ‖x‖; ñ grows like log² n < n"
    )


@pytest.mark.statement("dacunha2022.young")
@pytest.mark.parametrize("length", [3, 4, 5])
def test_young_s_inequality_over_all_sign_inputs(length: int, evidence: Recorder) -> None:
    """max ‖K * X‖_∞ over X in [-1, 1]^N is attained at signs and is ‖K‖₁: all kernels with entries in {-2..2}/2, circular padding."""
    signs = list(product((-1, 1), repeat=length))
    for kernel in product(range(-2, 3), repeat=3):
        largest = max(abs(sum(kernel[t] * x[(i - t) % length] for t in range(3))) for x in signs for i in range(length))
        assert largest == sum(map(abs, kernel))
    evidence.instances(f"one channel, three taps, N = {length}: every kernel with entries in {{-2..2}}, every sign input")
