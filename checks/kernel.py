"""A certificate as a term of the Coq kernel, whose proved checker then decides it.

    python -m checks.kernel CERTIFICATE...

`theory/formal/Checked.v` proves: if `Checker.check` accepts a certificate, what the certificate claims is true. This program writes the
certificate's numbers as a Coq term, lets Coq compute the check, and has the kernel infer the claim. Trusted beyond the kernel and the
definitions of `theory/formal/Certificate.v` and `Philox.v`: that the function `term` below writes down the numbers of the document. The
digests are not looked at: they say which certificate this is, not whether it is true. Weights must lie on the grid 2^-23.

Exit codes: 0 all proved, 1 one refused, 2 Coq is missing or a file is no certificate.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from checks.recheck import Refused, parse
from checks.recheck.weights import FINEST_GRID
from theory.proofs import FORMAL, LIBRARY, compile_all, missing_tools

SECONDS = 1800

SCRIPT = f"""From Coq Require Import ZArith QArith_base.
From mathcomp Require Import all_ssreflect.
From {LIBRARY} Require Import Certificate Checker Checked.
Local Close Scope Q_scope.
Local Open Scope nat_scope.
Definition read : certificate := {{term}}.
Theorem accepted : check read.
Proof. by vm_compute. Qed.
From mathcomp Require Import all_algebra.
Theorem proved (R : realFieldType) : claim R read.
Proof. exact: check_sound accepted. Qed.
Print Assumptions proved.
"""


def listed(values: Any, write: Any = str) -> str:
    """A Coq list."""
    return "[::" + "; ".join(map(write, values)) + "]" if values else "[::]"


def number(text: str) -> str:
    """The rational "p/q" as a Coq fraction."""
    numerator, denominator = text.split("/")
    return f"(Qmake ({numerator})%Z {denominator}%positive)"


def mask(text: str) -> str:
    """The mask "count:hexadecimal" as a Coq list of booleans."""
    count, digits = text.split(":")
    return listed("".join(f"{int(digit, 16):04b}" for digit in digits)[: int(count)], lambda bit: "true" if bit == "1" else "false")


def support(orbits: list[int] | None) -> str:
    """The orbits that a filter keeps, or all."""
    return "None" if orbits is None else f"(Some {listed(orbits)})"


def layer(numbers: dict[str, Any], supports: dict[str, Any], claims: dict[str, Any]) -> str:
    """One layer, its fields in the order of `Certificate.layer`."""
    masks = (mask(claims["masks"][name]) for name in ("first", "second", "constant_first", "constant_second"))
    kept = (support(supports[name]) for name in ("first", "second"))
    sizes = (str(claims[name]) for name in ("basis_size", "hidden_basis_size", "identity", "invariants"))
    residuals = (listed(claims[f"residuals_{name}"], number) for name in ("plus", "minus", "bias"))
    norms = (number(claims[name]) for name in ("norm", "error_norm", "bias_norm", "bias_error_norm"))
    target = (listed(numbers[name], number) for name in ("coefficients", "bias"))
    return " ".join(("\n (Layer", *target, *masks, *kept, *sizes, *residuals, *norms)) + ")"


def space(described: dict[str, Any]) -> str:
    """One space; where a partial map is undefined, the image written is the number of points, which is no point."""
    points = len(described["images"][0])
    sharing = [[points if image < 0 else image for image in images] for images in described.get("sharing", [])]
    return f"(Space {described['channels']} {listed(described['images'], listed)} {listed(sharing, listed)})"


def term(document: dict[str, Any]) -> str:
    """A parsed certificate, its fields in the order of `Certificate.certificate`; raises `Refused` for message passing and for mixtures."""
    if "architecture" not in document:
        raise Refused("the kernel's checker speaks of equivariant tickets; use checks.recheck for feedforward ones", code=2)
    architecture = document["architecture"]
    if "graphs" in architecture:
        raise Refused("the kernel's checker speaks of permuted points; use checks.recheck for message passing", code=2)
    if "operators" in architecture:
        raise Refused("the kernel's checker speaks of permuted points; use checks.recheck for operators given as matrices", code=2)
    if any("mixture" in support for support in architecture.get("supports", ())):
        raise Refused("the kernel's checker speaks of indicators of orbits; use checks.recheck for combinations of them", code=2)
    if document["key"]["grid_bits"] != FINEST_GRID:
        raise Refused(f"the kernel's checker speaks of weights k/2^{FINEST_GRID}; use checks.recheck for coarser grids", code=2)
    if any("reads" in claims["masks"] for claims in document["layers"]):
        raise Refused("the kernel's checker speaks of the proof's own first mask; use checks.recheck for other ones", code=2)
    everything = [{"first": None, "second": None}] * len(document["layers"])
    supports = architecture.get("supports", everything)
    spaces = [space(described) for described in architecture["spaces"]]
    layers = [layer(*parts) for parts in zip(document["target"]["layers"], supports, document["layers"], strict=True)]
    key = (f"(Z.to_N {document['key']['key']}%Z)", str(document["key"]["width"]), str(document["key"]["constants"]))
    numbers = (number(document[name]) for name in ("radius", "error_bound", "epsilon"))
    blockwise = "false" if document["format"] == "equivariant-ticket-certificate/1" else "true"
    return " ".join(("Certificate", *key, listed(spaces), listed(layers), *numbers, blockwise))


def proved(document: dict[str, Any], folder: Path, name: str = "Read") -> str:
    """What Coq says of a parsed certificate, the sources of `folder` being compiled: "" if it proves the claim, else why it does not."""
    source = folder / f"{name}.v"
    text = SCRIPT.replace("{term}", term(document))
    source.write_text(text, encoding="ascii")
    command = ["coqc", "-q", "-w", "none", "-Q", str(folder), LIBRARY, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        return (done.stderr or done.stdout).strip()
    return "" if done.stdout.strip() == "Closed under the global context" else f"it rests on assumptions: {done.stdout.strip()}"


def main(arguments: list[str]) -> int:
    """Check each file named; print one line a file."""
    if not arguments or set(arguments) & {"-h", "--help"}:
        print(__doc__)
        return 0 if arguments else 2
    if tools := missing_tools():
        print(f"{', '.join(tools)} not found; see `make proofs`", file=sys.stderr)
        return 2
    code = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in FORMAL.glob("*.v"):
            (folder / path.name).write_bytes(path.read_bytes())
        compile_all(folder, wanted="Checked")
        for file in arguments:
            try:
                reason = proved(parse(Path(file)), folder)
                code = max(code, int(bool(reason)))
            except Refused as refusal:
                reason, code = str(refusal), 2
            print(f"{'REFUSED ' if reason else 'PROVED  '} {ascii(file)[1:-1]}{': ' + reason if reason else ''}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
