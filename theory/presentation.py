"""Finitely presented groups, as permutations by coset enumeration."""

import ast
import re
from typing import Any

from sympy.combinatorics.fp_groups import FpGroup
from sympy.combinatorics.free_groups import free_group

from theory.errors import BadInput, TooLarge
from theory.group import PermutationGroup, Word

COSET_LIMIT = 20_000


def finitely_presented(
    generators: str, relators: list[str], *, subgroup: tuple[str, ...] = (), limit: int = COSET_LIMIT
) -> PermutationGroup:
    """The group ⟨generators | relators⟩, e.g. `finitely_presented("r s", ["r**5", "s**2", "(r*s)**2"])`; `r*s = s*r` is a relator too.

    It permutes its own elements, or the cosets of the subgroup that the words `subgroup` generate (then elements that fix every coset
    count as 1). Raises `TooLarge` if coset enumeration defines more than `limit` cosets: the group is then infinite, large, or the
    presentation is hard. Raises `BadInput` for words that cannot be read.
    """
    names = generators.replace(",", " ").split()
    if not names or len(set(names)) < len(names) or any(not name.isidentifier() for name in names):
        raise BadInput(f"finitely_presented: the generators {generators!r} are not distinct names, such as 'r s'.")
    free, *letters = free_group(names)
    words = [_element(relator_word(text, names), free.identity, letters) for text in relators]
    fixed = [_element(relator_word(text, names), free.identity, letters) for text in subgroup]
    try:
        table = FpGroup(free, words).coset_enumeration(fixed, max_cosets=limit)
    except ValueError as error:
        raise TooLarge(
            f"finitely_presented: ⟨{', '.join(names)} | {', '.join(relators)}⟩ needs more than {limit} cosets; the group may be infinite. "
            "Add relators, name a subgroup with fewer cosets, or raise `limit`."
        ) from error
    table.compress()
    table.standardize()
    # Column 2i is multiplication by generator i from the right, column 2i + 1 by its inverse; i ↦ i·g⁻¹ is an action from the left.
    images: list[Any] = [[row[2 * i + 1] for row in table.table] for i in range(len(names))]
    return PermutationGroup(images, names=tuple(names))


def relator_word(text: str, names: list[str]) -> Word:
    """The word that `text` writes, as letters ±(1 + position); `left = right` stands for left·right⁻¹. Raises `BadInput`."""
    sides = re.split(r"(?<![<>=!])=(?!=)", text.replace("^", "**"))
    try:
        words = [_read(ast.parse(side.strip(), mode="eval").body, names) for side in sides]
    except (SyntaxError, ValueError, RecursionError) as error:
        raise BadInput(f"the relator {text!r} cannot be read ({error}); write it as r**3*s*r**-1*s, with {', '.join(names)}.") from error
    if len(words) > 2:
        raise BadInput(f"the relator {text!r} has {len(sides) - 1} equality signs; write one equation.")
    return words[0] + _inverse(words[1]) if len(words) == 2 else words[0]


def _inverse(word: Word) -> Word:
    return tuple(-letter for letter in reversed(word))


def _read(node: ast.expr, names: list[str]) -> Word:
    match node:
        case ast.Name(id=name) if name in names:
            return (names.index(name) + 1,)
        case ast.Name(id=name):
            raise ValueError(f"{name} is no generator")
        case ast.Constant(value=1):
            return ()
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _read(left, names) + _read(right, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent, base = ast.literal_eval(right), _read(left, names)
            if not isinstance(exponent, int) or abs(exponent) * len(base) > 10_000:
                raise ValueError(f"the exponent {exponent!r} is no integer of reasonable size")
            return base * exponent if exponent >= 0 else _inverse(base) * -exponent
    raise ValueError("only products and integer powers of generators make a word")


def _element(word: Word, identity, letters: list):
    total = identity
    for letter in word:
        total = total * (letters[letter - 1] if letter > 0 else letters[-letter - 1] ** -1)
    return total
