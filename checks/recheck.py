"""Re-check a certificate with the standard library alone, sharing no code with the program that made it.

A certificate claims: the network that the key and the masks determine differs from the target by at most `error_bound` in the Euclidean
norm for every input of norm at most `radius`, and commutes with every generator of the group. This program regenerates the random weights
(its own Philox-4x64-10), recomputes every subset sum in integers, every orbit basis, every norm bound by its own code, and demands that
each stated number be exactly the one it finds. It trusts Python's integers, `hashlib` and `json`, the mathematics of the bound (statements
companion.A4 and companion.A5), and nothing else.

    python -m checks.recheck CERTIFICATE...

Exit codes: 0 all accepted, 1 one refused because a claim is false, 2 one refused because it is no certificate.
"""

import decimal
import hashlib
import json
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import Any, NoReturn

FORMAT = "equivariant-ticket-certificate/2"
GRID_BITS = 23
LARGEST_FILE = 1 << 28
LARGEST_COUNT = 1 << 26
LARGEST_WORK = 1 << 31
PAIR_WORK = 1 << 6
SQUARING_WORK = 1 << 27
PAIR_STEPS = 32
LONGEST_NUMBER = 700
MOST_BITS = 1100


class Refused(Exception):
    """The certificate is not accepted; `code` is 1 for a false claim and 2 for a malformed document."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def recheck(path: Path | str) -> dict[str, Any]:
    """Accept a certificate and return its claims, or raise `Refused`.

    They are `name`, `error_bound`, `radius`, `epsilon`, and `norm`: empty for the Euclidean norm; for message passing, whose bounds hold
    for every graph, it says that |.| is the root mean square over the vertices (of an output of the whole graph, its length).
    """
    return check(parse(Path(path)))


# ---------------------------------------------------------------------------------------------------------------- reading


def parse(path: Path) -> dict[str, Any]:
    """The JSON document; raises `Refused` with code 2 for anything else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_FILE:
            malformed(f"no regular file of at most {LARGEST_FILE} bytes")
        text = path.read_bytes().decode("ascii")
        document = json.loads(text, parse_float=_no_float, parse_constant=_no_float, parse_int=_short_int, object_pairs_hook=_unique)
    except OSError as error:
        malformed(f"cannot be read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        malformed(f"no valid certificate JSON: {error}")
    if not isinstance(document, dict):
        malformed("the document is no JSON object")
    if text != canonical(document) + "\n":
        malformed("the text is not canonical JSON (sorted keys, no spaces, ASCII, one final newline)")
    return document


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"the number {text!r} is not exact")


def _short_int(text: str) -> int:
    if len(text) > 20:
        raise ValueError(f"an integer of {len(text)} digits")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object names a key twice")
    return result


class Budget:
    """Multiplications and pair visits that a certificate may still cost, so that a small hostile file cannot cost hours."""

    def __init__(self) -> None:
        self.left = LARGEST_WORK

    def spend(self, work: int, where: str) -> None:
        """Take `work` off, or refuse before it is done."""
        self.left -= work
        if self.left < 0:
            malformed(f"{where}: re-checking would take more than {LARGEST_WORK} elementary steps")


def canonical(value: object) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def sha256(value: object) -> str:
    """The digest of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def malformed(message: str) -> NoReturn:
    """Refuse a document that is no certificate."""
    raise Refused(message, code=2)


def fields(value: object, names: Iterable[str], where: str) -> dict[str, Any]:
    """`value` if it is an object with exactly these keys."""
    if not isinstance(value, dict) or set(value) != set(names):
        malformed(f"{where}: an object with the keys {', '.join(sorted(names))} was expected")
    return value


def integer(value: object, low: int, high: int, where: str) -> int:
    """`value` if it is an integer in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        malformed(f"{where}: an integer from {low} to {high} was expected")
    return value


def rational(value: object, where: str) -> Fraction:
    """The rational "p/q" in lowest terms."""
    if not isinstance(value, str) or len(value) > LONGEST_NUMBER or not re.fullmatch(r"(0|-?[1-9][0-9]*)/[1-9][0-9]*", value):
        malformed(f'{where}: a rational "p/q" was expected')
    result = Fraction(value)
    if f"{result.numerator}/{result.denominator}" != value:
        malformed(f"{where}: {value[:40]} is not in lowest terms")
    return result


def short(value: Fraction, rounding: str = decimal.ROUND_HALF_EVEN) -> str:
    """A decimal of six digits: rounded up for an upper bound, down for a lower one, to the nearest in messages."""
    context = decimal.Context(prec=6, rounding=rounding, Emax=10**9, Emin=-(10**9))
    quotient = context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator)).normalize(context)
    return format(quotient, "e" if quotient and abs(quotient.adjusted()) > 4 else "f")


def rationals(value: object, count: int, where: str) -> list[Fraction]:
    """A list of `count` rationals."""
    if not isinstance(value, list) or len(value) != count:
        malformed(f"{where}: a list of {count} rationals was expected")
    return [rational(entry, f"{where}[{i}]") for i, entry in enumerate(value)]


def bits(value: object, count: int, where: str) -> list[int]:
    """The bits of the text `count:hexadecimal`, most significant first, with zero padding in the last byte."""
    length = -(-count // 8)
    prefix = f"{count}:"
    if not isinstance(value, str) or len(value) != len(prefix) + 2 * length or not re.fullmatch(f"{prefix}[0-9a-f]*", value):
        malformed(f"{where}: {prefix} and {2 * length} hexadecimal digits were expected")
    text = "".join(f"{byte:08b}" for byte in bytes.fromhex(value[len(prefix) :]))
    if "1" in text[count:]:
        malformed(f"{where}: the padding is not zero")
    return [int(bit) for bit in text[:count]]


# ---------------------------------------------------------------------------------------------------------- random weights


def philox(key: int, counter: int) -> tuple[int, int, int, int]:
    """One block of Philox-4x64-10 (Salmon et al. 2011): a 128-bit key and a 256-bit counter to four 64-bit words."""
    mask = (1 << 64) - 1
    k0, k1 = key & mask, key >> 64
    c0, c1, c2, c3 = (counter >> shift & mask for shift in (0, 64, 128, 192))
    for _ in range(10):
        high, low = divmod(0xD2E7470EE14C6C93 * c0, 1 << 64)
        high2, low2 = divmod(0xCA5A826395121157 * c2, 1 << 64)
        c0, c1, c2, c3 = high2 ^ c1 ^ k0, low2, high ^ c3 ^ k1, low
        k0, k1 = k0 + 0x9E3779B97F4A7C15 & mask, k1 + 0xBB67AE8584CAA73B & mask
    return c0, c1, c2, c3


def weight_of(word: int) -> int:
    """The weight k, in units of 2⁻²³, of a 64-bit word: bit 23 the sign, bits 0 to 22 the magnitude minus one."""
    magnitude = (word & (1 << GRID_BITS) - 1) + 1
    return -magnitude if word >> GRID_BITS & 1 else magnitude


def weights(key: int, layer: int, tensor: int, positions: Iterable[int]) -> Iterator[int]:
    """The weights of a tensor at increasing positions."""
    block, words = -1, (0, 0, 0, 0)
    for position in positions:
        if position >> 2 != block:
            block = position >> 2
            words = philox(key, layer << 192 | tensor << 128 | block)
        yield weight_of(words[position & 3])


# -------------------------------------------------------------------------------------------------------------- symmetry


def orbits(rows: list[list[int]], columns: list[list[int]]) -> list[list[int]]:
    """The orbit number of each pair (y, x) under maps that move y by `rows[g]` and x by `columns[g]`; union–find.

    An image of -1 is undefined, and such a map says nothing of the pair. The operator of a number is the indicator of its pairs; it is
    tested to be invariant under every map.
    """
    height, width = len(rows[0]), len(columns[0])
    parent = list(range(height * width))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for g, h in zip(rows, columns, strict=True):
        for y in range(height):
            for x in range(width):
                if g[y] >= 0 and h[x] >= 0:
                    a, b = root(y * width + x), root(g[y] * width + h[x])
                    parent[max(a, b)] = min(a, b)
    number: dict[int, int] = {}
    labels = [number.setdefault(root(node), len(number)) for node in range(height * width)]
    table = [labels[y * width : (y + 1) * width] for y in range(height)]
    for g, h in zip(rows, columns, strict=True):
        if any(table[g[y]][h[x]] != table[y][x] for y in range(height) for x in range(width) if g[y] >= 0 and h[x] >= 0):
            raise Refused("a basis operator does not commute with a generator")
    return table


def restricted(table: list[list[int]], kept: object, where: str) -> list[list[int]]:
    """The orbits that a filter's support keeps, numbered anew in their order, -1 elsewhere; all of them if `kept` is null."""
    if kept is None:
        return table
    count = 1 + max(map(max, table))
    if not isinstance(kept, list) or not kept or any(isinstance(k, bool) or not isinstance(k, int) for k in kept):
        malformed(f"{where}: a list of orbit numbers or null was expected")
    if kept != sorted(set(kept)) or not 0 <= kept[0] <= kept[-1] < count or len(kept) == count:
        malformed(f"{where}: some of the orbit numbers below {count} were expected, increasing")
    number = {k: i for i, k in enumerate(kept)}
    return [[number.get(label, -1) for label in row] for row in table]


def identity_operator(table: list[list[int]], where: str) -> int:
    """The number of the operator V → V that is the identity map.

    If the diagonal is one orbit by itself it is that; if it is a union of orbits, the identity stands in place of the first of them,
    which changes the basis and not the space.
    """
    diagonal = {table[x][x] for x in range(len(table))}
    others = any(label in diagonal for y, row in enumerate(table) for x, label in enumerate(row) if x != y)
    if others or -1 in diagonal:
        raise Refused(f"{where}: the identity map is no combination of the operators that the first random layer draws among")
    return table[0][0]


def permutations(value: object, count: int, where: str) -> list[list[int]]:
    """`count` permutations of equally many points, at least one."""
    if not isinstance(value, list) or len(value) != count or not all(isinstance(images, list) and images for images in value):
        malformed(f"{where}: the images of {count} generators were expected")
    size = len(value[0])
    for images in value:
        if any(isinstance(i, bool) or not isinstance(i, int) for i in images) or sorted(images) != list(range(size)):
            malformed(f"{where}: {images[:20]} is no permutation of 0..{size - 1}")
    if size > 1 << 12:
        malformed(f"{where}: {size} points; at most {1 << 12} are read")
    return value


def partial_maps(value: object, points: int, where: str) -> list[list[int]]:
    """Injective maps from some of the points to the points, -1 where undefined."""
    if not isinstance(value, list) or len(value) > 64:
        malformed(f"{where}: a list of at most 64 partial maps was expected")
    for images in value:
        if not isinstance(images, list) or len(images) != points or any(isinstance(i, bool) or not isinstance(i, int) for i in images):
            malformed(f"{where}: a map of {points} points was expected")
        defined = [i for i in images if i != -1]
        if len(set(defined)) != len(defined) or any(not 0 <= i < points for i in defined):
            malformed(f"{where}: {images[:20]} is no partial map of 0..{points - 1} without repetitions")
    return value


# ------------------------------------------------------------------------------------------------------------------ norms

Matrix = list[list[int]]


def integer_root_up(value: int) -> int:
    """The least integer that is at least √value."""
    root = isqrt(value)
    return root if root * root == value else root + 1


def root_up(value: Fraction) -> Fraction:
    """The least multiple of 2⁻⁶⁴ that is at least √value."""
    return Fraction(integer_root_up(-((-value.numerator << 128) // value.denominator)), 1 << 64)


def up(value: Fraction) -> Fraction:
    """The least multiple of 2⁻⁶⁴ that is at least `value`."""
    return Fraction(-((-value.numerator << 64) // value.denominator), 1 << 64)


def add_product(total: Matrix, left: Matrix, right_rows: Matrix, times: int) -> None:
    """total += times · left · rightᵀ, with `right_rows` the rows of right."""
    for row, target in zip(left, total, strict=True):
        for j, other in enumerate(right_rows):
            target[j] += times * sum(map(int.__mul__, row, other))


def zeros(n: int) -> Matrix:
    """An n × n matrix of zeros."""
    return [[0] * n for _ in range(n)]


def first_pairs(table: list[list[int]]) -> list[tuple[int, int]]:
    """The first pair of each orbit, row by row."""
    found: dict[int, tuple[int, int]] = {}
    for y, row in enumerate(table):
        for z, label in enumerate(row):
            found.setdefault(label, (y, z))
    return [found[label] for label in sorted(found)]


def operator_norm(parts: list[list[Matrix]], labels: list[list[int]], pairs: list[list[int]], scale_bits: int, squarings: int) -> Fraction:
    """The canonical upper bound of ‖[A_1 A_2 ...]‖, A_i = 2^-scale_bits Σ_k parts[i][k] ⊗ (indicator of label k).

    G = Σ A_i A_iᵀ is squared `squarings` times (eight, fewer where that would take long), its entries rounded down to 64 bits before each
    squaring; ‖G‖ ≤ (‖G²‖ rounded)^{1/2} plus the size of the matrix for what rounding lost. The last one is bounded by its Frobenius norm
    or by the largest sum over a row of blocks of the Frobenius norms of the blocks, whichever is less.
    """
    n = len(parts[0][0])
    gram = []
    for y, z in first_pairs(pairs):
        block = zeros(n)
        counts: dict[tuple[int, int], int] = {}
        for k, m in zip(labels[y], labels[z], strict=True):
            if k >= 0 and m >= 0:
                counts[k, m] = counts.get((k, m), 0) + 1
        for (k, m), times in counts.items():
            for part in parts:
                add_product(block, part[k], part[m], times)
        gram.append(block)
    return root_up(symmetric_norm(gram, pairs, n * len(pairs), squarings) / (1 << 2 * scale_bits))


def symmetric_norm(blocks: list[Matrix], pairs: list[list[int]], size: int, squarings: int) -> Fraction:
    """The canonical upper bound of the norm of a symmetric Σ_m blocks[m] ⊗ (indicator of orbit m)."""
    largest = max(abs(entry) for block in blocks for row in block for entry in row)
    if largest == 0:
        return Fraction(0)
    shift = largest.bit_length() - 64
    move = (lambda e: e >> shift) if shift > 0 else (lambda e: e << -shift)
    blocks = [[[move(entry) for entry in row] for row in block] for block in blocks]
    if squarings == 0:
        squares = [sum(entry * entry for row in block for entry in row) for block in blocks]
        roots = [integer_root_up(square) for square in squares]
        frobenius = integer_root_up(sum(squares[label] for line in pairs for label in line))
        inner = Fraction(min(frobenius, max(sum(roots[label] for label in line) for line in pairs)))
    else:
        transposes = [[list(column) for column in zip(*block, strict=True)] for block in blocks]
        squares = []
        for y, z in first_pairs(pairs):
            block = zeros(len(blocks[0]))
            counts: dict[tuple[int, int], int] = {}
            for k, m in zip(pairs[y], (line[z] for line in pairs), strict=True):
                counts[k, m] = counts.get((k, m), 0) + 1
            for (k, m), times in counts.items():
                add_product(block, blocks[k], transposes[m], times)
            squares.append(block)
        bound = symmetric_norm(squares, pairs, size, squarings - 1)
        inner = Fraction(integer_root_up(-(-bound.numerator // bound.denominator)))
    return (inner + (size if shift > 0 else 0)) * Fraction(2) ** shift


# ------------------------------------------------------------------------------------------------------------ the certificate


def check(document: dict[str, Any]) -> dict[str, Any]:
    """Recompute every claim of a parsed certificate; raises `Refused` at the first that does not hold."""
    names = ("format", "name", "architecture", "key", "target", "layers", "radius", "error_bound", "epsilon", "digests")
    document = fields(document, names, "certificate")
    if document["format"] != FORMAT:
        malformed(f"format {str(document['format'])[:60]!r}; {FORMAT!r} was expected")
    if not isinstance(document["name"], str) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", document["name"]):
        malformed("name: up to 64 letters, digits, dots, dashes and underscores were expected")
    budget = Budget()
    layers = read_layers(document["architecture"], budget)
    key = fields(document["key"], ("constants", "grid_bits", "key", "width"), "key")
    if key["grid_bits"] != GRID_BITS:
        malformed(f"key: grid_bits {GRID_BITS} was expected")
    width, constants = (integer(key[name], 1, 1 << 16, f"key: {name}") for name in ("width", "constants"))
    if not isinstance(key["key"], str) or not re.fullmatch(r"0|[1-9][0-9]{0,38}", key["key"]) or int(key["key"]) >= 1 << 128:
        malformed("key: a decimal integer below 2¹²⁸ was expected")
    depth = len(layers)
    target = fields(document["target"], ("layers",), "target")["layers"]
    if not isinstance(target, list) or not isinstance(document["layers"], list) or len(target) != depth or len(document["layers"]) != depth:
        malformed(f"target and layers: {depth} entries each were expected")

    radius, claimed, epsilon = (rational(document[name], name) for name in ("radius", "error_bound", "epsilon"))
    if radius <= 0 or epsilon <= 0:
        malformed("radius and epsilon must be positive")
    activation, error = radius, Fraction(0)
    for i in range(depth):
        norm, error_norm, bias_norm, bias_error_norm = check_layer(
            i, layers[i], target[i], document["layers"][i], int(key["key"]), width, constants
        )
        error = up(norm * error + error_norm * (activation + error) + bias_error_norm)
        activation = up(norm * activation + bias_norm)
    if claimed != error:
        raise Refused(f"error_bound: {short(claimed)} is stated, the layers compose to {short(error)}")
    if error > epsilon:
        raise Refused(f"the error bound {short(error)} exceeds epsilon = {document['epsilon']}")
    check_digests(document)
    norm = "root mean square over the vertices, every graph" if isinstance(layers[0], GraphLayer) else ""
    return {"name": document["name"], "error_bound": error, "radius": radius, "epsilon": epsilon, "norm": norm}


def check_digests(document: dict[str, Any]) -> None:
    """Compare the five digests with the parts that they are made of."""
    digests = fields(document["digests"], ("architecture", "key", "masks", "target", "certificate"), "digests")
    body = {name: value for name, value in document.items() if name != "digests"}
    body["digests"] = {name: value for name, value in digests.items() if name != "certificate"}
    parts = {
        "architecture": document["architecture"],
        "key": document["key"],
        "masks": [layer["masks"] for layer in document["layers"]],
        "target": document["target"],
        "certificate": body,
    }
    for name, part in parts.items():
        if digests[name] != sha256(part):
            raise Refused(f"digests: that of {name} does not match")


class PointLayer:
    """A layer between spaces of permuted points: its operators are the kept orbits of pairs."""

    def __init__(self, domain: dict[str, Any], codomain: dict[str, Any], supports: object, budget: Budget, where: str) -> None:
        self.channels_in, self.channels_out = domain["channels"], codomain["channels"]
        columns, rows = domain["images"] + domain["sharing"], codomain["images"] + codomain["sharing"]
        self.width, self.height = len(columns[0]), len(rows[0])
        budget.spend(PAIR_WORK * len(rows) * (self.height + self.width) ** 2, where)
        kept = fields(supports, ("first", "second"), f"{where}: supports")
        self.labels = restricted(orbits(rows, columns), kept["second"], f"{where}: second support")
        hidden = restricted(orbits(columns, columns), kept["first"], f"{where}: first support")
        self.points = orbits(rows, [[0]] * len(rows))
        self.pairs = orbits(codomain["images"], codomain["images"])
        self.size, self.hidden_size, self.invariants = (1 + max(map(max, table)) for table in (self.labels, hidden, self.points))
        self.identity = identity_operator(hidden, where)
        n, m, classes = self.channels_in, self.channels_out, 1 + max(map(max, self.pairs))
        square_work = classes * min(self.height, classes * classes) * (m**3 + PAIR_STEPS)
        self.squarings = min(8, SQUARING_WORK // square_work)
        budget.spend(classes * 3 * min(self.width, self.size**2) * m * m * n + self.squarings * square_work, where)

    def norm(self, parts: list[list[Matrix]], scale_bits: int) -> Fraction:
        """The norm of the operator with these coefficient matrices."""
        return operator_norm(parts, self.labels, self.pairs, scale_bits, self.squarings)

    def length(self, values: list[Fraction]) -> Fraction:
        """The Euclidean length of the bias vector with these coefficients."""
        sizes = [sum(row[0] == label for row in self.points) for label in range(self.invariants)]
        return root_up(sum((value * value * sizes[j % self.invariants] for j, value in enumerate(values)), Fraction(0)))


class GraphLayer:
    """A layer on graphs, in the root mean square over the vertices: operators 1 and Â (propagate), the mean (mean), 1 (dense).

    Â = D^{-1/2} A D^{-1/2} has its spectrum in [-1, 1] for every graph, so that ‖P⊗1 + Q⊗Â‖ ≤ max(‖P + Q‖, ‖P - Q‖).
    """

    def __init__(self, kind: str, channels_in: int, channels_out: int, budget: Budget, where: str) -> None:
        self.kind, self.channels_in, self.channels_out = kind, channels_in, channels_out
        self.size, self.hidden_size = {"propagate": (2, 2), "mean": (1, 2), "dense": (1, 1)}[kind]
        self.identity, self.invariants = 0, 1
        square_work = channels_out**3 + PAIR_STEPS
        self.squarings = min(8, SQUARING_WORK // square_work)
        budget.spend(4 * (3 * channels_out**2 * channels_in + self.squarings * square_work), where)

    def norm(self, parts: list[list[Matrix]], scale_bits: int) -> Fraction:
        """The larger of the norms at Â = 1 and Â = -1."""
        found = []
        for sign in (1, -1) if self.kind == "propagate" else (1,):
            sums = [
                [[a + sign * b for a, b in zip(*rows, strict=True)] for rows in zip(*part, strict=True)] if len(part) > 1 else part[0]
                for part in parts
            ]
            found.append(operator_norm([[block] for block in sums], [[0]], [[0]], scale_bits, self.squarings))
        return max(found)

    def length(self, values: list[Fraction]) -> Fraction:
        """The length of the bias, the same at every vertex."""
        return root_up(sum((value * value for value in values), Fraction(0)))


def read_layers(value: object, budget: Budget) -> list["PointLayer | GraphLayer"]:
    """The layers of an architecture, with all that follows from its symmetry."""
    if isinstance(value, dict) and "graphs" in value:
        architecture = fields(value, ("nonlinearity", "graphs"), "architecture")
        layers: list[PointLayer | GraphLayer] = list(read_graph_layers(architecture["graphs"], budget))
    else:
        architecture = fields(value, ("nonlinearity", "spaces", "supports"), "architecture")
        spaces = read_spaces(architecture["spaces"])
        supports = architecture["supports"]
        if not isinstance(supports, list) or len(supports) != len(spaces) - 1:
            malformed(f"architecture: {len(spaces) - 1} supports were expected")
        pairs = zip(spaces, spaces[1:], supports, strict=False)
        layers = [PointLayer(*pair, budget, f"layer {i}") for i, pair in enumerate(pairs)]
    if architecture["nonlinearity"] != "relu":
        malformed("architecture: the nonlinearity relu was expected")
    return layers


def read_graph_layers(value: object, budget: Budget) -> Iterator["GraphLayer"]:
    """Layers that propagate, then perhaps one mean over the vertices, then perhaps dense layers on the whole graph."""
    described = fields(value, ("channels", "kinds"), "graphs")
    kinds, channels = described["kinds"], described["channels"]
    if not isinstance(kinds, list) or not 1 <= len(kinds) <= 1000 or not all(isinstance(kind, str) for kind in kinds):
        malformed("graphs: kinds: between 1 and 1000 layers were expected")
    if not re.fullmatch("p+(md*)?", "".join({"propagate": "p", "mean": "m", "dense": "d"}.get(kind, "?") for kind in kinds)):
        malformed("graphs: kinds: propagate, then perhaps mean, then perhaps dense, were expected")
    if not isinstance(channels, list) or len(channels) != len(kinds) + 1:
        malformed(f"graphs: {len(kinds) + 1} numbers of channels were expected")
    counts = [integer(count, 1, 1 << 16, "graphs: channels") for count in channels]
    for i, kind in enumerate(kinds):
        yield GraphLayer(kind, counts[i], counts[i + 1], budget, f"layer {i}")


def read_spaces(value: object) -> list[dict[str, Any]]:
    """The feature spaces: channels, images of the points under each generator, and partial maps that share weights, -1 where undefined."""
    if not isinstance(value, list) or not 2 <= len(value) <= 1000:
        malformed("architecture: between 2 and 1000 spaces were expected")
    generators = 0
    for i, space in enumerate(value):
        space = fields(space, ("channels", "images", "sharing"), f"space {i}")
        integer(space["channels"], 1, 1 << 16, f"space {i}: channels")
        generators = generators or (len(space["images"]) if isinstance(space["images"], list) else 0)
        if not 1 <= generators <= 64:
            malformed("architecture: between 1 and 64 generators were expected")
        images = permutations(space["images"], generators, f"space {i}")
        partial_maps(space["sharing"], len(images[0]), f"space {i}: sharing")
        if len(space["sharing"]) != len(value[0]["sharing"]):
            malformed(f"space {i}: {len(value[0]['sharing'])} partial maps were expected")
    return value


def check_layer(
    i: int, rule: "PointLayer | GraphLayer", target: object, claims: object, key: int, width: int, constants: int
) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Recompute one layer; returns the norms of the target's layer, of the error, of the bias and of the bias's error."""
    where = f"layer {i}"
    n, m, size, hidden_size = rule.channels_in, rule.channels_out, rule.size, rule.hidden_size
    identity, invariants = rule.identity, rule.invariants
    if max(n * width * m * size, constants * m * invariants, n * n * width * hidden_size) > LARGEST_COUNT:
        malformed(f"{where}: more than {LARGEST_COUNT} weights")
    names = (
        "basis_size", "hidden_basis_size", "identity", "invariants", "residuals_plus", "residuals_minus", "residuals_bias",
        "norm", "error_norm", "bias_norm", "bias_error_norm", "masks",
    )  # fmt: skip
    claims = fields(claims, names, where)
    expected = {"basis_size": size, "hidden_basis_size": hidden_size, "identity": identity, "invariants": invariants}
    for name, value in expected.items():
        if integer(claims[name], 0, 1 << 30, f"{where}: {name}") != value:
            raise Refused(f"{where}: {name} = {claims[name]} is stated, {value} was found")
    numbers = fields(target, ("bias", "coefficients"), f"target, {where}")
    coefficients = rationals(numbers["coefficients"], m * n * size, f"target, {where}: coefficients")
    bias = rationals(numbers["bias"], m * invariants, f"target, {where}: bias")

    masks = fields(claims["masks"], ("first", "second", "constant_first", "constant_second"), f"{where}: masks")
    outputs, bias_outputs = m * size, m * invariants
    second = bits(masks["second"], n * width * outputs, f"{where}: second mask")
    first = bits(masks["first"], n * width, f"{where}: first mask")
    constant_second = bits(masks["constant_second"], constants * bias_outputs, f"{where}: second mask of the constants")
    constant_first = bits(masks["constant_first"], constants, f"{where}: first mask of the constants")
    if first != used(second, outputs) or constant_first != used(constant_second, bias_outputs):
        raise Refused(f"{where}: the first mask does not keep exactly the channels that the second one uses")

    own = ((h * n + h // width) * hidden_size + identity for h in range(n * width))
    plus, minus = subset_sums(list(weights(key, i, 0, own)), second, outputs, width, n, key, i, 1)
    constant_weights = list(weights(key, i, 2, range(constants)))
    if any(u < 0 and kept for u, kept in zip(constant_weights, constant_first, strict=True)):
        raise Refused(f"{where}: a constant channel that is never active is kept")
    bias_sums, _ = subset_sums(constant_weights, constant_second, bias_outputs, constants, 1, key, i, 3)

    # A sum at [p][(q, k)] belongs to the coefficient [q][p][k].
    order = [(p, q * size + k) for q in range(m) for p in range(n) for k in range(size)]
    unit = Fraction(1, 1 << 2 * GRID_BITS)
    plus_errors = [plus[p][o] * unit - c for (p, o), c in zip(order, coefficients, strict=True)]
    minus_errors = [minus[p][o] * unit + c for (p, o), c in zip(order, coefficients, strict=True)]
    bias_errors = [s * unit - b for s, b in zip(bias_sums[0], bias, strict=True)]
    for name, found in (("plus", plus_errors), ("minus", minus_errors), ("bias", bias_errors)):
        stated = rationals(claims[f"residuals_{name}"], len(found), f"{where}: residuals_{name}")
        for position, (a, b) in enumerate(zip(stated, found, strict=True)):
            if a != b:
                raise Refused(f"{where}: residual {position} ({name}) is stated as {short(a)}; the masks leave {short(b)}")

    scale = max([2 * GRID_BITS] + [value.denominator.bit_length() - 1 for value in (*coefficients, *bias)])
    if scale > MOST_BITS or any((1 << scale) % value.denominator for value in (*coefficients, *bias)):
        malformed(f"target, {where}: a denominator is no power of two up to 2^{MOST_BITS}")

    def blocks(values: list[Fraction]) -> list[Matrix]:
        integers = [value.numerator * ((1 << scale) // value.denominator) for value in values]
        return [[[integers[(q * n + p) * size + k] for p in range(n)] for q in range(m)] for k in range(size)]

    found = {
        "norm": rule.norm([blocks(coefficients)], scale),
        "error_norm": rule.norm([blocks(plus_errors), blocks(minus_errors)], scale),
        "bias_norm": rule.length(bias),
        "bias_error_norm": rule.length(bias_errors),
    }
    for name, value in found.items():
        if rational(claims[name], f"{where}: {name}") != value:
            raise Refused(f"{where}: {name} is stated as {short(Fraction(claims[name]))}; {short(value)} was found")
    return found["norm"], found["error_norm"], found["bias_norm"], found["bias_error_norm"]


def used(mask: list[int], outputs: int) -> list[int]:
    """Which channels have a coefficient that stays."""
    return [int(any(mask[start : start + outputs])) for start in range(0, len(mask), outputs)]


def subset_sums(
    first: list[int], mask: list[int], outputs: int, width: int, channels: int, key: int, layer: int, tensor: int
) -> tuple[list[list[int]], list[list[int]]]:
    """For each input channel and output the sums of |u|·v over the kept weights v: those with u > 0, and those with u < 0."""
    plus = [[0] * outputs for _ in range(channels)]
    minus = [[0] * outputs for _ in range(channels)]
    kept = [position for position, bit in enumerate(mask) if bit]
    for position, v in zip(kept, weights(key, layer, tensor, kept), strict=True):
        hidden, output = divmod(position, outputs)
        u = first[hidden]
        if u > 0:
            plus[hidden // width][output] += u * v
        else:
            minus[hidden // width][output] -= u * v
    return plus, minus


def main(arguments: list[str]) -> int:
    """Check each file named; print one line a file."""
    as_json, quiet = "--json" in arguments, "--quiet" in arguments
    files = [argument for argument in arguments if argument not in ("--json", "--quiet")]
    unknown = [argument for argument in files if argument.startswith("-") and argument not in ("-h", "--help")]
    if unknown:
        print(f"unknown option {unknown[0]!a}; the options are --json, --quiet and --help", file=sys.stderr)
        return 2
    if not files or set(files) & {"-h", "--help"}:
        print(__doc__)
        print("Options: --json (a list of verdicts), --quiet (the exit code alone)")
        return 0 if set(files) & {"-h", "--help"} else 2
    code, verdicts = 0, []
    for file in files:
        try:
            claims = recheck(file)
            bound, radius = short(claims["error_bound"], decimal.ROUND_CEILING), short(claims["radius"], decimal.ROUND_FLOOR)
            verdicts.append({"file": file, "accepted": True, "name": claims["name"], "error_bound": bound, "radius": radius})
            line = (
                f"ACCEPTED {ascii(file)[1:-1]}: {claims['name']}, |ticket(x) - target(x)| <= {bound} for all |x| <= {radius}"
                f"{' (' + claims['norm'] + ')' if claims['norm'] else ''}; exactly equivariant"
            )
        except Refused as refusal:
            code = max(code, refusal.code)
            verdicts.append({"file": file, "accepted": False, "reason": str(refusal)})
            line = f"REFUSED  {ascii(file)[1:-1]}: {refusal}"
        except MemoryError:
            code = 2
            verdicts.append({"file": file, "accepted": False, "reason": "out of memory"})
            line = f"REFUSED  {ascii(file)[1:-1]}: it takes more memory than there is"
        if not quiet and not as_json:
            print(line)
    if as_json:
        print(json.dumps(verdicts, indent=1, ensure_ascii=False))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
