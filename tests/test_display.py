"""Values in a notebook: short, true, escaped."""

from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pytest

from checks.structured_examples import ARCHITECTURES, random_structured_target, structured_certificate, structured_ticket
from numerics.basis import equivariant_basis
from numerics.certify import Certificate, certify
from numerics.feedforward import Activation, Affine, Flatten
from tests.small import small_target, small_ticket
from tests.small_feedforward import random_feedforward, ticket_of, tiny_certificate
from theory import PermutationGroup, dihedral_irreducible, special_orthogonal
from theory.bounds import Layer, lemma1_width
from theory.decimals import at_least
from theory.display import MOST_MATRICES, facts, matrix
from theory.instantiations.dihedral import Dihedral
from theory.instantiations.sets import Sets

ATTACK = "<script>alert('a')</script>&"


class Tags(HTMLParser):
    """The tags of a text, checked to be closed in order, and its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[str] = set()
        self.cells: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.open.append(tag)
        self.found.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells.append(data)


@pytest.mark.parametrize("text", [facts(ATTACK, {ATTACK: ATTACK}), matrix([[ATTACK, 0]], ATTACK)], ids=["facts", "matrix"])
def test_no_text_becomes_markup(text: str) -> None:
    assert Tags(text).found <= {"table", "caption", "tbody", "tr", "th", "td"}
    assert ATTACK in Tags(text).cells


def test_a_name_with_markup_stays_text_in_groups_and_certificates() -> None:
    group = PermutationGroup([[1, 0]], names=(ATTACK,))
    assert Tags(group._repr_html_()).cells == ["2", ATTACK]
    certificate = certify(small_target(), small_ticket(), "1/2")
    forged = Certificate(certificate.data | {"name": ATTACK})
    assert "<script" not in forged._repr_html_()
    assert "&lt;script&gt;" in forged._repr_html_()


def test_groups_show_their_order_and_infinite_ones_say_so() -> None:
    assert Tags(Dihedral(5).group()._repr_html_()).cells == ["10", "r, s"]
    assert Tags(special_orthogonal(3)._repr_html_()).cells[0] == "infinite"


def test_a_basis_shows_its_operators_as_matrices() -> None:
    points = Sets(3).representation()
    basis = equivariant_basis(points, points)
    assert repr(basis) == "<Basis of 2 operators from dimension 3 to 3>"
    cells = Tags(basis._repr_html_()).cells
    assert cells[:5] == ["2", "3", "3", "operator 0", "3"]
    assert cells[5:] == ["1", "·", "·", "·", "1", "·", "·", "·", "1", "·", "1", "1", "1", "·", "1", "1", "1", "·"]
    plane = dihedral_irreducible(5, 1)
    assert Tags(equivariant_basis(plane, plane)._repr_html_()).cells[5:] == ["1", "·", "·", "1"]


def test_the_matrices_shown_are_the_operators_where_the_identity_replaces_one_too() -> None:
    points = Sets(2).representation() + Sets(2).representation().group.trivial()
    basis = equivariant_basis(points, points).with_identity()
    assert basis.replaced is not None
    dense = basis.dense()
    assert all((dense[k] == basis._rows(k)).all() for k in range(len(basis)))


def test_large_bases_say_what_they_leave_out() -> None:
    ring = PermutationGroup([[*range(1, 20), 0]]).natural()
    text = equivariant_basis(ring, ring)._repr_html_()
    assert f"and {20 - MOST_MATRICES} more" in text
    assert text.count("20 × 20") == MOST_MATRICES


def test_bounds_tickets_and_certificates_show_what_they_are() -> None:
    bound = lemma1_width(Layer(1, 1, 2, 5), "1/100", "1/100")
    assert Tags(bound._repr_html_()).cells[:2] == [str(bound.value), "ferbach2023.lemma1"]
    ticket, target = small_ticket(), small_target()
    assert f"{ticket.kept_parameters:,} of {ticket.network.raw_parameters:,} random weights kept" in repr(ticket)
    assert f"{ticket.kept_parameters:,} of {ticket.network.raw_parameters:,} random ones" in Tags(ticket._repr_html_()).cells
    assert ticket.digests()["masks"] in ticket._repr_html_()
    certificate = certify(target, ticket, "1/2")
    assert "|ticket(x) - target(x)| <= " in repr(certificate)
    assert ("yes" if certificate.holds else "no") in Tags(certificate._repr_html_()).cells
    small = replace(certificate, data=certificate.data | {"epsilon": "1/1000000000000"})
    assert "no" in Tags(small._repr_html_()).cells


class Facts(HTMLParser):
    """The rows of a table of facts: each heading with its cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tag, self.heading, self.rows = "", "", dict[str, str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tag = tag

    def handle_data(self, data: str) -> None:
        if self.tag == "th":
            self.heading = data
        elif self.tag == "td":
            self.rows[self.heading] = data


def test_feedforward_tickets_show_what_is_kept_layer_by_layer() -> None:
    target = random_feedforward((1, 2, 2), (Affine(0, 1, (2, 2), (1, 1), (1, 1)), Activation(1), Flatten(2), Affine(3, 2)), seed=3)
    ticket = ticket_of(target, 5, 6, 6)
    assert repr(ticket) == (
        f"<FeedforwardTicket of key 5, width 6, 2 layers: {ticket.kept_parameters:,} of {ticket.source.raw_parameters:,} random weights kept>"
    )
    rows = Facts(ticket._repr_html_()).rows
    assert (rows["key"], rows["width"], rows["construction"]) == ("5", "6", "2L random layers")
    assert rows["weights kept"] == f"{ticket.kept_parameters:,} of {ticket.source.raw_parameters:,} random ones"
    kept = [int(rows[f"kept in layer {i}"].replace(",", "")) for i in range(2)]
    assert sum(kept) == ticket.kept_parameters > 0
    assert Tags(ticket._repr_html_()).found == {"table", "caption", "tbody", "tr", "th", "td"}
    emptied = replace(ticket, masks=(replace(ticket.masks[0], second=np.zeros_like(ticket.masks[0].second)), ticket.masks[1]))
    assert int(Facts(emptied._repr_html_()).rows["kept in layer 0"].replace(",", "")) < kept[0]


def test_feedforward_certificates_show_the_claim_they_rest_on() -> None:
    certificate = tiny_certificate()
    rows = Facts(certificate._repr_html_()).rows
    assert rows["claim"] in repr(certificate)
    assert "for all x in [-1, 1]" in rows["claim"]
    assert (rows["meets it"], rows["digest"]) == ("yes", certificate.data["digests"]["certificate"])
    assert rows["bound near stated inputs"] == at_least(max(map(Fraction, certificate.data["points"]["bounds"])))
    stated = replace(certificate, data=certificate.data | {"claim": "stated inputs", "epsilon": "1/1000000000000"})
    assert "within 1/64 of one of 3 stated inputs" in repr(stated)
    assert Facts(stated._repr_html_()).rows["meets it"] == "no"
    empty = replace(certificate, data=certificate.data | {"network": certificate.data["network"] | {"says_nothing": True}})
    assert "says nothing" in Facts(empty._repr_html_()).rows["bound for every input"]
    forged = replace(certificate, data=certificate.data | {"name": ATTACK})
    assert "<script" not in forged._repr_html_()


def test_structured_tickets_and_their_certificates_show_channels() -> None:
    ticket = structured_ticket(random_structured_target(ARCHITECTURES["equivariant"](), seed=1))
    kept = sum(int(mask.hidden.sum()) for mask in ticket.masks)
    assert repr(ticket).endswith(f"{kept:,} of {sum(mask.hidden.size for mask in ticket.masks):,} hidden channels kept>")
    rows = Facts(ticket._repr_html_()).rows
    assert rows["channels of a block"] == "24, 24"
    assert sum(int(rows[f"kept in layer {i}"].split()[0].replace(",", "")) for i in range(2)) == kept > 0
    assert rows["digest of the masks"] == ticket.digests()["masks"]
    certificate = structured_certificate("equivariant")
    shown = Facts(certificate._repr_html_()).rows
    assert (shown["width"], shown["meets it"]) == ("24, 24", "yes" if certificate.holds else "no")
    assert shown["claim"] in repr(certificate)
