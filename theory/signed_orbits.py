"""Signed permutation matrices: an intertwiner is constant up to sign on orbits of pairs, and zero where the signs contradict each other."""

from collections.abc import Sequence

from theory.group import Permutation
from theory.representation import PermutationRepresentation, Representation

Signed = tuple[Permutation, tuple[int, ...]]


def signed_images(space: Representation) -> list[Signed] | None:
    """(images, signs) of every generator, or None if one of them, or an element of a Lie algebra, is no signed permutation."""
    if isinstance(space, PermutationRepresentation):
        return [(images, (1,) * len(images)) for images in space.images]
    if space.derivatives:
        return None
    signed = [matrix.signs_of_permutation() for matrix in space.matrices]
    return [pair for pair in signed if pair] if all(signed) else None


def signed_orbit_labels(domain: Sequence[Signed], codomain: Sequence[Signed]) -> tuple[list[int], list[int]]:
    """The orbit of each pair (y, x) that carries an intertwiner, or -1, and its sign in it; indexed y·dim V + x."""
    d = len(domain[0][0])
    total = d * len(codomain[0][0])
    seen, signs, labels = [False] * total, [1] * total, [-1] * total
    count = 0
    for start in range(total):
        if seen[start]:
            continue
        seen[start] = True
        orbit, consistent = [start], True
        for pair in orbit:
            y, x = divmod(pair, d)
            for (g, s), (h, t) in zip(codomain, domain, strict=True):
                moved, sign = g[y] * d + h[x], signs[pair] * s[y] * t[x]
                if not seen[moved]:
                    seen[moved], signs[moved] = True, sign
                    orbit.append(moved)
                elif signs[moved] != sign:
                    consistent = False
        if consistent:
            for pair in orbit:
                labels[pair] = count
            count += 1
    return labels, signs


def count_signed_orbits(domain: Sequence[Signed], codomain: Sequence[Signed]) -> int:
    """dim Hom for signed permutations."""
    return max(signed_orbit_labels(domain, codomain)[0]) + 1
