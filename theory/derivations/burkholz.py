"""burkholz2022a and burkholz2022b: the sign split, the recursion of errors, accuracies, convolutions and skips."""

import sympy

from theory.derivation import Step, composed, derive
from theory.linear import implies
from theory.positivity import identical
from theory.verdict import Verdict

x, y, s, t, T, K, e, eps, B, L, d, c = sympy.symbols("x y s t T K e epsilon B L d c", positive=True)
up, down, W, shift, v1, v2, u1, u2 = sympy.symbols("m_p m_m W d_0 v1 v2 u1 u2", real=True)
dx, dy, K2, e2, B2, d2, c2 = sympy.symbols("dx dy K_s e_s B_s d_s c_s", positive=True)


def split(second: sympy.Expr) -> Verdict:
    """For x ≥ 0: v₁(m₊u₁x + d) + v₂(m₋u₂x + d) = Wx + d(v₁+v₂) + (m₊(S-w) + `second`·(T-w))x, S = v₁u₁, T = v₂u₂, w = W/(m₊+m₋)."""
    share = W / (up + down)
    total = v1 * (up * u1 * x + shift) + v2 * (down * u2 * x + shift)
    stated = W * x + shift * (v1 + v2) + (up * (v1 * u1 - share) + second * (v2 * u2 - share)) * x
    return identical(total, stated)


def mirrored(first: sympy.Expr) -> Verdict:
    """For x = -y < 0 the slopes change places: the error is (`first`·(S-w) + m₊(T-w))x."""
    share = W / (up + down)
    total = v1 * (down * u1 * -y + shift) + v2 * (up * u2 * -y + shift)
    return identical(total, -W * y + shift * (v1 + v2) - (first * (v1 * u1 - share) + up * (v2 * u2 - share)) * y)


derive(
    "burkholz2022b.sign_split",
    Step(
        "x ≥ 0", "the error is m₊(S - w) + m₋(T - w) times x", "algebra", "all reals, m₊ + m₋ ≠ 0", lambda: split(down), lambda: split(up)
    ),
    Step(
        "x < 0",
        "the error is m₋(S - w) + m₊(T - w) times x",
        "algebra",
        "all reals, m₊ + m₋ ≠ 0",
        lambda: mirrored(down),
        lambda: mirrored(up),
    ),
    composed("slopes", "so at most (|m₊| + |m₋|)η|x|; sums of more channels add alike", "triangle inequality", "x ≥ 0", "x < 0"),
    composed("activation", "|φ - φ̂| ≤ ε' on [-a, a] adds at most ε' Σ|v|", "triangle inequality", "burkholz2022b.activation"),
    composed("conclusion", "both bounds", "triangle inequality", "slopes", "activation"),
    module=__name__,
)


def carried(power: int) -> Verdict:
    """T·K·(T^{m}P·a) = T^{m+`power`}·(P·K)·a: a summand of e_{l} carried through one more layer."""
    P, a, m = sympy.symbols("P a m", positive=True)
    return identical(
        m * sympy.log(T) + sympy.log(P) + sympy.log(a) + sympy.log(T) + sympy.log(K), (m + power) * sympy.log(T) + sympy.log(P * K * a)
    )


def summand(depth: sympy.Expr) -> Verdict:
    """T^{m}·ε_l(1+B)·P = ε/L at ε_l = ε/(`depth`·T^{m}(1+B)P), m = L-l+1 and P the product of the later K."""
    P, Tm = sympy.symbols("P Tm", positive=True)
    return identical(Tm * (eps / (depth * Tm * (1 + B) * P)) * (1 + B) * P, eps / L)


derive(
    "burkholz2022b.accuracies",
    Step("carried", "a layer multiplies what came before by T K", "algebra", "all parameters", lambda: carried(1), lambda: carried(2)),
    composed(
        "unrolled",
        "e_L = Σ_l T^{L-l+1} ε_l(1 + B_{l-1}) Π_{k>l} K_k, as e_l = T ε_l(1 + B_{l-1}) + T K_l e_{l-1}",
        "induction",
        "burkholz2022b.E1_repaired",
        "carried",
    ),
    Step("summand", "each of the L summands is ε/L", "algebra", "all parameters", lambda: summand(L), lambda: summand(L / 2)),
    composed("conclusion", "they add up to ε; |w| ≤ 1 gives K_k ≤ ρ n_{k-1}", "transitivity", "unrolled", "summand"),
    module=__name__,
)


def pixel(weight: sympy.Expr) -> Verdict:
    """w₁(x+e₁) + w₂(y+e₂) + b' - (W₁x + W₂y + b): two taps, one copy each: Σ w e + Σ (w - W)·pixel + (b' - b), the middle times `weight`."""
    w1, w2, W1, W2, e1, b0, b1 = sympy.symbols("w1 w2 W1 W2 e1 b bn")
    error = w1 * (x + e1) + w2 * (y + e2) + b1 - (W1 * x + W2 * y + b0)
    return identical(error, w1 * e1 + w2 * e2 + weight * ((w1 - W1) * x + (w2 - W2) * y) + (b1 - b0))


def bounded(taps: int) -> Verdict:
    """|Δ₁x + Δ₂y| ≤ `taps`·εB for two taps, by p = |Δ₁x| ≤ εB and q = |Δ₂y| ≤ εB; E stands for εB."""
    first, second, E = sympy.symbols("p q E")
    return implies([first, second, E - first, E - second], taps * E - first - second)


derive(
    "burkholz2022a.explicit",
    Step(
        "pixel",
        "before φ the error at a pixel is Σ w e + Σ (w - W)·x + (b' - b), summed over input channels, taps and copies",
        "algebra",
        "all reals, two taps and so any number",
        lambda: pixel(sympy.Integer(1)),
        lambda: pixel(sympy.Integer(2)),
    ),
    Step(
        "taps",
        "the d²c taps contribute at most ε B each",
        "linear",
        "all reals, two taps and so any number",
        lambda: bounded(2),
        lambda: bounded(1),
    ),
    composed("recursion", "|Σ w e| ≤ K e; then φ is T-Lipschitz", "induction", "pixel", "taps"),
    composed("shared", "a tap is one subset sum for all pixels: Q counts filters, not pixels", "counting"),
    composed("conclusion", "the sample sizes and the recursion", "substitution", "burkholz2022b.explicit", "recursion", "shared"),
    module=__name__,
)


def skip(sign: int) -> Verdict:
    """w(x+e) + m(y+e') + b' - (Wx + My + b) = we + `sign`·me' + (w-W)x + (m-M)y + (b'-b)."""
    w, m, target, other, e1, b0, b1 = sympy.symbols("w m W M e1 b bn")
    error = w * (x + e1) + m * (y + e2) + b1 - (target * x + other * y + b0)
    return identical(error, w * e1 + sign * m * e2 + (w - target) * x + (m - other) * y + (b1 - b0))


def collected(factor: int) -> Verdict:
    """T(ε + d²cεB + d'²c'εB_s + K e + K_s e_s) = T(ε(1 + d²cB + `factor`·d'²c'B_s) + K e + K_s e_s)."""
    left = T * (eps + d**2 * c * eps * B + d2**2 * c2 * eps * B2 + K * e + K2 * e2)
    return identical(left, T * (eps * (1 + d**2 * c * B + factor * d2**2 * c2 * B2) + K * e + K2 * e2))


derive(
    "burkholz2022a.residual_explicit",
    Step(
        "two sources",
        "errors of x and of the skip add, each with its chosen weights",
        "algebra",
        "all reals",
        lambda: skip(1),
        lambda: skip(-1),
    ),
    Step("collected", "T times the sum of the bounds", "algebra", "all parameters", lambda: collected(1), lambda: collected(2)),
    composed("recursion", "as for one source", "triangle inequality", "two sources", "collected"),
    composed("conclusion", "M's taps are further targets of the same sums", "union bound", "burkholz2022a.explicit", "recursion"),
    module=__name__,
)
