"""What the theorem needs, declared: a small class states facts, this base class derives everything from them and attacks each claim."""

import re
from abc import ABC, abstractmethod
from typing import ClassVar

import sympy

from theory.bases import check_basis
from theory.basis_norm import norm_bounds
from theory.claims import check_homomorphism, check_orthogonality
from theory.closed_form import evaluated
from theory.common_field import is_algebraic
from theory.equivariance import check_nonlinearity, properties
from theory.errors import BadInput, BasisMismatch, DimensionMismatch, NormTooSmall, NotAlgebraic, OrderMismatch
from theory.exact_matrix import ExactMatrix
from theory.group import Group
from theory.intertwiner import intertwiner_dimension, intertwiner_dimension_bounds
from theory.representation import Representation
from theory.source import Source
from theory.verdict import Verdict, decide_at_most, exact


class Instantiation(ABC):
    """One case of the framework: the operators of a layer, the nonlinearity, the source.

    `basis_size` and `basis_norm` are claims about the maps between hidden spaces; leave them out and they are computed.
    """

    source: ClassVar[Source]
    nonlinearity: ClassVar[str] = "relu"

    @property
    def size_formula(self) -> sympy.Expr | None:
        """|B| in the symbols of the integer parameters (`theory.closed_form.parameter`); None where no closed form is known."""
        return None

    @property
    def norm_formula(self) -> sympy.Expr | None:
        """|||B||| or an upper bound of it, likewise."""
        return None

    @property
    def basis_size(self) -> int | None:
        """The claimed number of operators: the closed form's, or a plain class attribute `basis_size = 3` in a subclass."""
        return None if self.size_formula is None else int(evaluated(self.size_formula, self))

    @property
    def basis_norm(self) -> int | float | str | sympy.Expr | None:
        """The claimed |||B|||; likewise. A float means the decimal number it prints as."""
        return None if self.norm_formula is None else evaluated(self.norm_formula, self)

    @classmethod
    def registered_name(cls) -> str:
        """The name in commands: the class name in snake case."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    @abstractmethod
    def true_basis_size(self) -> int:
        """The number of operators in a layer's basis, computed."""

    def hidden_dimension(self) -> int:
        """The dimension of the hidden space where there is one; 0 for operators on spaces of every dimension."""
        return 0

    def first_basis_size(self) -> int:
        """The number of operators V → V among which the first random layer draws; as many as a layer has unless said otherwise."""
        return self.true_basis_size()

    @abstractmethod
    def basis_norm_bounds(self) -> tuple[sympy.Expr, sympy.Expr]:
        """Exact numbers lower ≤ |||B||| ≤ upper, |||B||| the largest operator norm of Σ α_k b_k over |α_k| ≤ 1."""

    def declared_or_true_basis_norm(self) -> sympy.Expr:
        """The claim where there is one (attack it with `verify` first), else the proven upper bound."""
        return self.basis_norm_bounds()[1] if self.basis_norm is None else exact(self.basis_norm)

    @abstractmethod
    def verify(self) -> dict[str, Verdict]:
        """Attack every claim of the declaration; raises a `Refuted` with a counterexample for the first that is false."""


class GroupInstantiation(Instantiation):
    """An instantiation whose operators are the intertwiners of a group, finite or not.

    Declare `group()` and `representation()`, or `input_`, `hidden_` and `output_representation()` where they differ. Further claims that
    are attacked if made: `group_order`, and `dimension` of the hidden space.
    """

    group_order: ClassVar[int | None] = None
    dimension: ClassVar[int | None] = None

    @abstractmethod
    def group(self) -> Group:
        """The group, by its generators."""

    def representation(self) -> Representation:
        """How the group acts on every space that has no representation of its own."""
        raise BadInput(f"{self!r}: declare representation(), or all of input_, hidden_ and output_representation().")

    def input_representation(self) -> Representation:
        """How the group acts on the inputs."""
        return self.representation()

    def hidden_representation(self) -> Representation:
        """How the group acts on the hidden spaces."""
        return self.representation()

    def output_representation(self) -> Representation:
        """How the group acts on the outputs."""
        return self.representation()

    def spaces(self) -> dict[str, Representation]:
        """The distinct representations by the name of the method that declares them."""
        named = {
            "input_representation()": self.input_representation(),
            "hidden_representation()": self.hidden_representation(),
            "output_representation()": self.output_representation(),
        }
        for place, space in named.items():
            if not isinstance(space, Representation):
                raise BadInput(f"{self!r}, {place} returns {space!r}, which is no representation; build one from self.group().")
        if len(set(named.values())) == 1:
            return {"representation()": named["hidden_representation()"]}
        return named

    def hidden_dimension(self) -> int:
        """The dimension of the hidden representation."""
        return self.hidden_representation().dimension

    def true_basis_size(self) -> int:
        """dim Hom_G between hidden spaces, by orbits of pairs or by an exact null space; raises `Undecided`."""
        hidden = self.hidden_representation()
        return intertwiner_dimension(hidden, hidden)

    def basis_norm_bounds(self) -> tuple[sympy.Expr, sympy.Expr]:
        """For orbits of permutation representations exactly the dimension, else a bracket for the operators of the basis."""
        hidden = self.hidden_representation()
        return norm_bounds(hidden, hidden, self.basis_operators())

    def basis_operators(self) -> tuple[ExactMatrix, ...] | None:
        """The operators V → V of a layer, if the declaration chooses its own (`theory.bases`); None for those of `intertwiners`.

        That they are a basis of the same space, with the identity among them, is a claim that `verify` attacks.
        """
        return None

    def verify(self) -> dict[str, Verdict]:
        """One verdict per claim: source, order, homomorphism, orthogonality, nonlinearity, basis size, basis norm.

        What Lemma A4 needs of the nonlinearity is reported claim by claim: a property that fails is refuted there with a counterexample,
        which shows that the lemma does not apply, not that the declaration is false.
        """
        self.source.paper()
        verdicts = {"source": Verdict.PROVED}
        group = self.group()
        if not isinstance(group, Group):
            raise BadInput(f"{self!r}, group() returns {group!r}, which is no group; return a PermutationGroup, MatrixGroup or LieGroup.")
        if self.group_order is not None:
            verdicts["group order"] = self._verify_order()
        for place, space in self.spaces().items():
            where = f"{self!r}, {place}"
            if space.group != group:
                raise BadInput(f"{where} belongs to another group than group(); build it from self.group().")
            verdicts[f"homomorphism of {place}"] = check_homomorphism(space, where)
            verdicts[f"orthogonality of {place}"] = check_orthogonality(space, where)
        hidden = self.hidden_representation()
        if self.dimension is not None and self.dimension != hidden.dimension:
            raise DimensionMismatch(
                f"{self!r} declares dimension {self.dimension}; its hidden representation has dimension {hidden.dimension}. "
                f"Declare dimension = {hidden.dimension}, or leave it out."
            )
        for place, space in self.spaces().items():
            if not place.startswith(("input", "output")):
                verdicts[f"nonlinearity on {place}"] = check_nonlinearity(self.nonlinearity, space, repr(self))
        for known in properties(self.nonlinearity, hidden, repr(self)):
            verdicts[str(known)] = known.verdict
        operators = self.basis_operators()
        if operators is not None:
            verdicts["basis of the intertwiners"] = check_basis(operators, hidden, f"{self!r}, basis_operators()")
        verdicts["basis size"] = self._verify_basis_size()
        verdicts["basis norm"] = self._verify_basis_norm()
        return verdicts

    def reason(self, claim: str) -> str:
        """Why a claim of this name, if it is undecided, could be neither proved nor refuted."""
        hidden = self.hidden_representation()
        for place, space in self.spaces().items():
            if claim.endswith(place) and not claim.startswith("nonlinearity"):
                numbers = (number for matrix in space.matrices + space.derivatives for number in matrix.numbers())
                algebraic = all(map(is_algebraic, numbers))
                unknown = "the group does not declare its loops, or that it splits: LieGroup(..., loops=[...], splits=True)"
                return unknown if algebraic else "entries not seen to be algebraic"
        if claim == "basis size":
            return "the dimension lies between {} and {}".format(*intertwiner_dimension_bounds(hidden, hidden))
        if claim == "basis norm":
            try:
                return "the norm lies between {} and {}".format(*self.basis_norm_bounds())
            except NotAlgebraic:
                return "entries not seen to be algebraic"
        return "neither a kind proved to commute nor a counterexample among small vectors"

    def _verify_order(self) -> Verdict:
        group = self.group()
        if group.size() != str(self.group_order):
            true = f"the generators generate {group.size()} elements" if group.is_finite else "the group is infinite"
            remedy = f"Declare group_order = {group.size()}, or leave it out." if group.is_finite else "Leave group_order out."
            raise OrderMismatch(f"{self!r} declares group_order = {self.group_order}; {true}. {remedy}")
        return Verdict.PROVED

    def _verify_basis_size(self) -> Verdict:
        hidden = self.hidden_representation()
        lower, upper = intertwiner_dimension_bounds(hidden, hidden)
        claimed = self.basis_size
        if claimed is not None and not lower <= claimed <= upper:
            true = f"dimension {lower}" if lower == upper else f"a dimension from {lower} to {upper}"
            raise BasisMismatch(
                f"{self!r} declares |B| = {claimed}; the space of intertwiners has {true}. "
                f"Declare basis_size = {lower}, or leave it out and it is computed."
            )
        return Verdict.PROVED if lower == upper else Verdict.UNDECIDED

    def _verify_basis_norm(self) -> Verdict:
        try:
            lower, upper = self.basis_norm_bounds()
        except NotAlgebraic:
            return Verdict.UNDECIDED
        if self.basis_norm is None:
            return Verdict.PROVED
        claimed = exact(self.basis_norm)
        if decide_at_most(lower, claimed) is Verdict.REFUTED:
            ones = self.basis_operators() is None and lower == upper
            raise NormTooSmall(
                f"{self!r} declares |||B||| ≤ {self.basis_norm}; at α = (1, ..., 1) the operator Σ α_k b_k is "
                f"{'the all-ones matrix, of norm' if ones else 'of norm at least'} {lower}. "
                f"Declare basis_norm = {upper}, or leave it out and it is computed."
            )
        return Verdict.PROVED if decide_at_most(upper, claimed) is Verdict.PROVED else Verdict.UNDECIDED
