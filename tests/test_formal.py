"""The Coq proofs: accepted, without axioms, refused when a constant is wrong, and the widths they give."""

import json
import re
import shutil
from fractions import Fraction

import pytest

from checks import kernel
from checks.recheck import Refused, check
from checks.recheck.weights import weights
from checks.strategies import over, random_target
from numerics.certify import certify
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import MAGNITUDE, Key
from tests.small import small_filter_certificate, small_graph_certificate
from theory import proofs
from theory.bounds import GRID_ACCURACY, GRID_RESOLUTION, Layer, formalised_width
from theory.group import PermutationGroup
from theory.representation import PermutationRepresentation
from theory.statement import STATEMENTS

needs_coq = pytest.mark.skipif(bool(proofs.missing_tools()), reason=f"Coq is not installed: {', '.join(proofs.missing_tools())} not found")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A copy of the sources, compiled once, and what they printed."""
    folder = tmp_path_factory.mktemp("formal")
    for path in proofs.sources():
        shutil.copy(path, folder)
    return folder, proofs.compile_all(folder)


def width(layers, inputs, outputs, basis_size, s, failure):
    """Hidden channels per input channel: 51 L, L least with 16 l n n' K s² / δ ≤ 2^L, in integers (δ = 1/failure)."""
    independent = 51 * (16 * layers * inputs * outputs * basis_size * s**2 * failure - 1).bit_length()
    assert formalised_width(Layer(inputs, outputs, basis_size, 1), layers, f"1/{failure}", s) == independent
    return independent


def test_the_weights_of_the_program_are_those_of_the_theorem():
    assert 2 * GRID_RESOLUTION * GRID_ACCURACY == MAGNITUDE
    assert GRID_RESOLUTION >= 24


def test_without_coq_the_packages_are_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(proofs, "missing_tools", lambda: ["coqc"])
    assert proofs.main(["--out", str(tmp_path / "proofs.json")]) == 2
    assert "coqc not found. On Debian: apt install coq libcoq-mathcomp-ssreflect" in capsys.readouterr().err


def test_a_record_counts_only_for_the_sources_it_was_made_of(tmp_path):
    record = tmp_path / "proofs.json"
    theorem = {"says": "", "assumptions": proofs.CLOSED}
    good = {"accepted": True, "sources": proofs.digest(), "theorems": {"Main.strong_lottery_ticket": theorem}}
    assert proofs.accepted_theorems(record) == frozenset()
    record.write_text(json.dumps(good))
    assert proofs.accepted_theorems(record) == {"Main.strong_lottery_ticket"}
    record.write_text(json.dumps(good | {"sources": proofs.digest() | {"Main.v": "0" * 64}}))
    assert proofs.accepted_theorems(record) == frozenset()
    axiom = theorem | {"assumptions": "Axioms:\nMain.luck : False"}
    record.write_text(json.dumps(good | {"theorems": {"Main.strong_lottery_ticket": axiom}}))
    assert proofs.accepted_theorems(record) == frozenset()


def test_every_formal_name_in_the_ledger_is_a_listed_theorem():
    assert {statement.formal for statement in STATEMENTS.values() if statement.formal} <= set(proofs.THEOREMS)


def test_no_source_leaves_anything_unproved():
    assert proofs.sources()
    assert proofs.forbidden(proofs.FORMAL) == []


def test_an_unproved_statement_is_noticed_but_not_in_a_comment(tmp_path):
    (tmp_path / "A.v").write_text("(* Admitted *) Lemma a : True.\nProof. exact I. Qed.\nAxiom b : False.\n")
    assert proofs.forbidden(tmp_path) == ["A.v:3: Axiom b : False."]


def test_every_main_theorem_is_stated_in_the_file_that_its_name_says():
    for name in proofs.THEOREMS:
        file, theorem = name.split(".")
        text = (proofs.FORMAL / f"{file}.v").read_text(encoding="utf-8")
        assert re.search(rf"^(Theorem|Lemma) {theorem}\b", text, flags=re.M), name


def test_an_axiom_beyond_the_standard_ones_is_unexpected():
    assert proofs.unexpected(proofs.CLOSED) == []
    assert proofs.unexpected("Axioms:\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P") == []
    assert proofs.unexpected("Axioms:\nMain.luck : False") == ["Main.luck"]


@needs_coq
def test_each_main_theorem_is_closed_under_the_global_context(compiled):
    folder, _ = compiled
    assert set(proofs.assumptions(folder).values()) == {proofs.CLOSED}


@needs_coq
def test_the_widths_coq_computes_are_the_integers_of_the_formula(compiled):
    _, printed = compiled
    rows = [tuple(int(x) for x in row.split(",")) for row in re.findall(r"\(((?:\d+,\s*){6}\d+)\)", printed)]
    assert len(rows) >= 6
    for *parameters, computed in rows:
        assert computed == width(*parameters), parameters


@needs_coq
@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("WindowCut.v", "<= 2 * r ^ 2 * \\sum_(y in A)", "<= 1 * r ^ 2 * \\sum_(y in A)"),
        ("Width.v", "Lemma pow_half : (2 * 505 ^ 51 <= 512 ^ 51)", "Lemma pow_half : (2 * 505 ^ 50 <= 512 ^ 50)"),
        ("Main.v", "(16 * l * (n i * n i.+1 * K i)", "(15 * l * (n i * n i.+1 * K i)"),
        ("LowerBound.v", "1 <= (2 ^ Theta.+1)%:R", "1 <= (2 ^ Theta)%:R"),
        ("Instances.v", "kernel (set_kernel k) [ffun=> 1] y = d.+1%:R", "kernel (set_kernel k) [ffun=> 1] y = d%:R"),
        ("Instances.v", "kernel (orbit_kernel k) [ffun=> 1] y = #|X|%:R", "kernel (orbit_kernel k) [ffun=> 1] y = 1"),
        ("ExactSubsetSum.v", "<= 4%:R * m%:R ^+ 2 * (3%:R / 4%:R) ^+ n", "<= 4%:R * m%:R ^+ 2 * (2%:R / 4%:R) ^+ n"),
        ("SymmetricCut.v", "<= 2 * \\sum_(y in A)", "<= 1 * \\sum_(y in A)"),
        ("OperatorNorm.v", "0 <= g -> g <= b ^+ 2 ->", "0 <= g -> g <= b ^+ 3 ->"),
    ],
)
def test_a_wrong_constant_in_a_statement_is_refused(compiled, tmp_path, file, right, wrong):
    folder, _ = compiled
    for path in folder.iterdir():
        shutil.copy2(path, tmp_path)
    source = tmp_path / file
    text = source.read_text(encoding="utf-8")
    assert right in text
    source.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(proofs.ProofsRejected):
        proofs.compile_one(tmp_path, file)


@needs_coq
def test_a_refused_source_leaves_no_record(tmp_path, capsys):
    (tmp_path / "A.v").write_text("Lemma a : False.\nProof. exact I. Qed.\n")
    record = tmp_path / "proofs.json"
    record.write_text(json.dumps({"accepted": True}))
    assert proofs.main(["--formal", str(tmp_path), "--out", str(record), "--no-coqchk"]) == 1
    assert "rejected" in capsys.readouterr().err
    assert not record.exists()


def certificate(generators, key, width=16):
    """A small target with random coefficients over a permutation group, its ticket's certificate as plain data."""
    points = PermutationGroup(generators).natural()
    assert isinstance(points, PermutationRepresentation)
    target = random_target(over(points, (1, 2, 1)), seed=1)
    ticket = prune(target, random_network(target.architecture, Key(key), width), samples=10)
    return json.loads(json.dumps(certify(target, ticket, 1).data))


GROUPS = {
    "translation": [[1, 2, 3, 4, 0]],
    "sets": [[1, 0, 2, 3], [1, 2, 3, 0]],
    "dihedral": [[1, 2, 3, 4, 0], [0, 4, 3, 2, 1]],
    "two orbits": [[1, 2, 0, 3]],
}


def flipped_mask(document):
    """One bit of the second mask of layer 0 is another, everything that follows from it left as it was."""
    masks = document["layers"][0]["masks"]
    count, digits = masks["second"].split(":")
    masks["second"] = f"{count}:{int(digits[0], 16) ^ 4:x}{digits[1:]}"


def smaller_bound(document):
    """The bound claimed is half of what the layers compose to."""
    document["error_bound"] = str(Fraction(document["error_bound"]) / 2)


def other_operator(document):
    """The identity is said to be another operator."""
    document["layers"][0]["identity"] = 1


def other_target(document):
    """The first coefficient of the target is another."""
    document["target"]["layers"][0]["coefficients"][0] = "1/2"


def other_key(document):
    """The random weights are those of another key."""
    document["key"]["key"] = "3"


def smaller_norm(document):
    """The norm of the error of the last layer is stated a little too small."""
    layer = document["layers"][-1]
    layer["error_norm"] = str(Fraction(layer["error_norm"]) - Fraction(1, 2**64))


def no_permutation(document):
    """A generator sends two points to one."""
    document["architecture"]["spaces"][0]["images"][0][0] = document["architecture"]["spaces"][0]["images"][0][1]


@needs_coq
@pytest.mark.parametrize("name", GROUPS)
def test_the_kernel_proves_what_a_real_certificate_claims(compiled, name):
    folder, _ = compiled
    document = certificate(GROUPS[name], key=1)
    assert check(document)["error_bound"] == Fraction(document["error_bound"])
    assert kernel.proved(document, folder) == ""


@needs_coq
def test_the_kernel_proves_the_certificate_of_a_filter_with_a_border(compiled):
    folder, _ = compiled
    document = json.loads(json.dumps(small_filter_certificate().data))
    assert kernel.proved(document, folder) == ""
    document["architecture"]["supports"][0]["second"] = [0, 2]
    with pytest.raises(Refused):
        check(document)
    assert "Error" in kernel.proved(document, folder)


def test_certificates_of_message_passing_are_left_to_the_rechecker():
    with pytest.raises(Refused, match="message passing"):
        kernel.term(small_graph_certificate().data)


@needs_coq
@pytest.mark.parametrize(
    "change", [flipped_mask, smaller_bound, other_operator, other_target, other_key, smaller_norm, no_permutation], ids=lambda f: f.__name__
)
def test_the_kernel_and_the_rechecker_both_refuse_a_forged_certificate(compiled, change):
    folder, _ = compiled
    document = certificate(GROUPS["translation"], key=1)
    change(document)
    with pytest.raises(Refused) as refusal:
        check(document)
    assert "digest" not in str(refusal.value)
    assert "Error" in kernel.proved(document, folder)


def recompile(folder, names):
    """Compile these sources one after the other."""
    for name in names:
        proofs.compile_one(folder, name)


@needs_coq
def test_the_kernel_computes_the_weights_of_the_program(compiled):
    folder, _ = compiled
    positions = range(9)
    query = folder / "Weights.v"
    query.write_text(
        f"From Coq Require Import ZArith List.\nFrom {proofs.LIBRARY} Require Import Philox.\n"
        f"Eval vm_compute in map (weight {2**127 + 5}%N 3 2) ({'::'.join(map(str, positions))}::nil)%nat.\n"
    )
    computed = [int(number) for number in re.findall(r"-?\d+", proofs.compile_one(folder, query.name))]
    assert computed[: len(positions)] == list(weights(2**127 + 5, 23, 3, 2, positions))


@needs_coq
@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (
            "Checker.v",
            "[seq Z.sub (Z.mul x.1 unit) x.2 | x <- zip (sums id us vs) lam]",
            "[seq Z.mul x.1 unit | x <- zip (sums id us vs) lam]",
        ),
        ("Checker.v", "(Qmult (error_norm f) (Qplus size error))", "(Qmult (error_norm f) size)"),
        ("Certificate.v", "Num.max (x i) 0", "Num.max (x i) 1"),
        ("Certificate.v", "<= rational (error_bound c) ^+ 2.", "<= rational (error_bound c) ^+ 3."),
    ],
)
def test_a_checker_or_a_claim_with_an_error_in_it_is_not_proved_sound(compiled, tmp_path, file, right, wrong):
    folder, _ = compiled
    for path in folder.iterdir():
        shutil.copy2(path, tmp_path)
    source = tmp_path / file
    text = source.read_text(encoding="utf-8")
    assert text.count(right) == 1
    source.write_text(text.replace(right, wrong), encoding="utf-8")
    order = [name for name in proofs.compilation_order(tmp_path) if name in proofs.needed(tmp_path, "Checked")]
    with pytest.raises(proofs.ProofsRejected):
        recompile(tmp_path, order[order.index(file) :])
