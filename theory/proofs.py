"""Compile the Coq proofs of ``theory/formal``, re-check them, and record what was accepted.

``make proofs`` runs this file. It compiles every source, runs ``coqchk`` on the result, asks Coq for the assumptions
of each main theorem, and writes ``out/proofs.json``: the digest of every source, the digest of the accepted output,
and the assumptions of each theorem. It needs Coq 8.16 with MathComp (Debian: ``coq libcoq-mathcomp-ssreflect
libcoq-mathcomp-fingroup libcoq-mathcomp-algebra libcoq-mathcomp-zify libcoq-mathcomp-algebra-tactics``) and nothing
else of this project; the Python packages never need Coq.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

FORMAL = Path(__file__).resolve().parent / "formal"
LIBRARY = "lottery"
PACKAGES = (
    "coq libcoq-mathcomp-ssreflect libcoq-mathcomp-fingroup libcoq-mathcomp-algebra libcoq-mathcomp-zify libcoq-mathcomp-algebra-tactics"
)

# The main theorems: Coq name -> what it says. The name before the dot is the file.
THEOREMS = {
    "CoverageGrowth.coverage_growth": "a randomly growing covered set leaves few points uncovered",
    "WindowCut.window_cut": "cut lemma: at least 1/(2r²) of the separated pairs are close, window 2r times the reach",
    "ProductLaw.product_subset_sum": "random subset sum for products of two random weights, every target at once",
    "Probability.Pr_marginal": "weights read along an injection are again independent and uniform",
    "LayerError.comb_error": "coefficient errors at most η give an operator error at most η·|||B|||",
    "LotteryLayer.layer_bad_prob": "Lemma 1, the failure probability of one layer",
    "LotteryLayer.lottery_ticket_layer": "Lemma 1, one random two-layer block contains every target layer",
    "ErrorComposition.chain_error": "error of a composition, ∏(1 + eᵢ) − 1",
    "LotteryNetwork.network_bad_prob": "Theorem 1, the failure probability of the network",
    "LotteryNetwork.lottery_ticket_network": "Theorem 1, error of the pruned network",
    "LotteryNetwork.pruned_network_equivariant": "every pruned network is equivariant, whatever the mask",
    "SubsetSum.random_subset_sum": "random subset sum for any integer law with a uniform part, wider targets",
    "SubsetSum.random_subset_sum_uniform": "random subset sum, uniform integers, every target hit exactly",
    "SymmetricCut.symmetric_cut": "cut lemma on {-m..m}: at least half of the separated pairs are within m",
    "ExactSubsetSum.exact_subset_sum": "A2: every integer of {-m..m} is a subset sum, but with probability at most 4m²(3/4)ⁿ",
    "LowerBound.lottery_lower_bound": "Theorem 2, Θ ≥ D log₂(1/2ε) − 1, any norm, packing without volumes",
    "OrbitBasis.orbit_basis_span": "the orbit basis spans exactly the equivariant matrices",
    "OrbitBasis.orbit_count": "number of orbits on X × Y, counted by fixed points",
    "Kernel.kernel_basis_norm": "|||κ ⊗ B||| ≤ n·c in the sup norm, c the row sum of the kernels",
    "Instances.permutation_lottery_ticket": "the main theorem, permutation representations, ReLU, sup norm",
    "Instances.dense_row_sum": "trivial group: |||B||| ≤ 1",
    "Instances.shift_norm_attained": "cyclic shifts: |||B||| = number of shifts, attained",
    "Instances.set_row_sum": "the symmetric group on d points, basis {I, J}: |||B||| ≤ d + 1",
    "Instances.orbit_row_sum": "orbit basis of any permutation representation: |||B||| ≤ |X|",
    "Instances.dense_norm_attained": "trivial group: |||B||| = 1, attained (sup norm)",
    "Instances.set_norm_attained": "the symmetric group, basis {I, J}: |||B||| = d + 1, attained (sup norm)",
    "Instances.orbit_norm_attained": "orbit basis of any permutation representation: |||B||| = |X|, attained (sup norm)",
    "Widths.channels_sound": "the computed widths satisfy the hypotheses of the theorem",
    "Width.log_width": "51 samples halve the failure probability of a pool",
    "OperatorNorm.gram_le": "‖A Aᵀ‖ ≤ b² gives ‖A‖ ≤ b: the squaring bound, without roots",
    "SchurTest.schur_le": "block Schur test: rows and columns of block norms summing to at most S give ‖A‖ ≤ S",
    "NormBound.norm_bound_sound": "the checker's squaring bound is a bound of the operator norm",
    "Orbits.orbits_complete": "the computed orbit numbers: equal numbers, same orbit",
    "CheckedLayer.pruned_close": "an accepted layer is as close to the target's layer as its certificate says",
    "Checked.check_sound": "soundness of the certificate checker: what it accepts is true",
    "Main.strong_lottery_ticket": "the equivariant strong lottery ticket theorem with explicit widths",
}

# The standard library's classical and extensional axioms; nothing here uses them today.
STANDARD_AXIOMS = frozenset({"functional_extensionality_dep", "propositional_extensionality", "classic", "proof_irrelevance"})
CLOSED = "Closed under the global context"


class ProofsRejected(Exception):
    """Coq did not accept the sources, or a theorem rests on something unproved."""


def sources(folder: Path = FORMAL) -> list[Path]:
    """The Coq sources of ``folder``, by name."""
    return sorted(folder.glob("*.v"))


def digest(folder: Path = FORMAL) -> dict[str, str]:
    """SHA-256 of each source, by file name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources(folder)}


def missing_tools() -> list[str]:
    """The Coq programs that are not installed."""
    return [tool for tool in ("coqc", "coqdep", "coqchk") if shutil.which(tool) is None]


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProofsRejected(f"{' '.join(command)} failed in {folder}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def compilation_order(folder: Path) -> list[str]:
    """The sources in an order in which each follows all it imports, from ``coqdep``."""
    names = [path.name for path in sources(folder)]
    return _run(["coqdep", "-sort", "-Q", ".", LIBRARY, *names], folder).replace("./", "").split()


def forbidden(folder: Path) -> list[str]:
    """Each line of the sources that leaves something unproved."""
    pattern = re.compile(r"\b(Admitted|admit|Axiom|Axioms|Parameter|Parameters|Conjecture|give_up|Abort)\b")
    found = []
    for path in sources(folder):
        text = path.read_text(encoding="utf-8")
        code = re.sub(r"\(\*.*?\*\)", lambda comment: re.sub(r"[^\n]", " ", comment[0]), text, flags=re.DOTALL)
        lines = enumerate(code.splitlines(), 1)
        found += [f"{path.name}:{i}: {line.strip()}" for i, line in lines if pattern.search(line)]
    return found


def compile_one(folder: Path, name: str) -> str:
    """Compile one source of ``folder``, whose imports are compiled, and return what it prints."""
    return _run(["coqc", "-q", "-w", "none", "-Q", ".", LIBRARY, name], folder)


def needed(folder: Path, name: str) -> set[str]:
    """The sources that ``name`` imports, directly or not, and itself, all as file names."""
    found, waiting = set(), {name}
    while waiting:
        name = waiting.pop()
        found.add(f"{name}.v")
        text = (folder / f"{name}.v").read_text(encoding="utf-8")
        imports = re.findall(rf"^From {LIBRARY} Require Import ([^.]*)\.", text, flags=re.M)
        waiting |= {other for line in imports for other in line.split() if f"{other}.v" not in found}
    return found


def compile_all(folder: Path = FORMAL, *, wanted: str | None = None, log=lambda _: None) -> str:
    """Compile the sources of ``folder`` in place, or those that ``wanted`` needs, and return what they print."""
    output = []
    chosen = needed(folder, wanted) if wanted else None
    for name in compilation_order(folder):
        if chosen is not None and name not in chosen:
            continue
        start = time.monotonic()
        output.append(compile_one(folder, name))
        log(f"{name:28} {time.monotonic() - start:6.1f} s")
    return "".join(output)


def assumptions(folder: Path = FORMAL) -> dict[str, str]:
    """What each main theorem rests on, as ``Print Assumptions`` states it."""
    files = sorted({name.split(".")[0] for name in THEOREMS})
    script = f"From {LIBRARY} Require {' '.join(files)}.\n"
    script += "".join(f"Print Assumptions {LIBRARY}.{name}.\n" for name in THEOREMS)
    query = folder / "PrintAssumptions_.v"
    try:
        query.write_text(script, encoding="utf-8")
        printed = compile_one(folder, query.name)
    finally:
        for path in folder.glob("*PrintAssumptions_.*"):
            path.unlink()
    parts = re.split(rf"(?:^|\n)(?={CLOSED}|Axioms:)", printed.strip())
    parts = [part.strip() for part in parts if part.strip()]
    if len(parts) != len(THEOREMS):
        raise ProofsRejected(f"{len(THEOREMS)} theorems, but Coq printed {len(parts)} lists of assumptions:\n{printed}")
    return dict(zip(THEOREMS, parts, strict=True))


def unexpected(assumed: str) -> list[str]:
    """The axioms in ``assumed`` beyond the standard library's classical and extensional ones."""
    if assumed == CLOSED:
        return []
    names = re.findall(r"^(\S+)\s*:", assumed.removeprefix("Axioms:"), flags=re.M)
    return [name for name in names if name.split(".")[-1] not in STANDARD_AXIOMS] or ([] if names else [assumed])


def check(folder: Path = FORMAL, *, recheck: bool = True, log=lambda _: None) -> dict:
    """Compile, re-check and question the proofs of ``folder``; return the record, or raise ``ProofsRejected``."""
    start = time.monotonic()
    if gaps := forbidden(folder):
        raise ProofsRejected("unproved statements:\n" + "\n".join(gaps))
    printed = compile_all(folder, log=log)
    compiled = time.monotonic() - start
    if recheck:
        modules = [f"{LIBRARY}.{Path(name).stem}" for name in compilation_order(folder)]
        _run(["coqchk", "-silent", "-Q", ".", LIBRARY, *modules], folder)
        log(f"{'coqchk':28} {time.monotonic() - start - compiled:6.1f} s")
    assumed = assumptions(folder)
    if bad := {name: axioms for name, text in assumed.items() if (axioms := unexpected(text))}:
        raise ProofsRejected(f"theorems resting on axioms: {bad}")
    accepted = printed + "".join(f"{name}: {text}\n" for name, text in assumed.items())
    return {
        "accepted": True,
        "coq": _run(["coqc", "--version"], folder).splitlines()[0],
        "rechecked": recheck,
        "seconds": round(time.monotonic() - start, 1),
        "sources": digest(folder),
        "output": hashlib.sha256(accepted.encode()).hexdigest(),
        "theorems": {name: {"says": says, "assumptions": assumed[name]} for name, says in THEOREMS.items()},
    }


def accepted_theorems(record: Path) -> frozenset[str]:
    """The theorems that the last run accepted for exactly the sources that lie here; none without a record, or with another's."""
    try:
        stored = json.loads(record.read_text(encoding="utf-8"))
        if stored["accepted"] is not True or stored["sources"] != digest():
            return frozenset()
        return frozenset(name for name, theorem in stored["theorems"].items() if not unexpected(theorem["assumptions"]))
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def main(arguments: list[str] | None = None) -> int:
    """Run the check and write the record; 0 accepted, 1 rejected, 2 Coq is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("out/proofs.json"), help="where the record goes")
    parser.add_argument("--formal", type=Path, default=FORMAL, help="the folder of Coq sources")
    parser.add_argument("--no-coqchk", action="store_true", help="skip the independent re-check (a few minutes)")
    options = parser.parse_args(arguments)
    options.out.unlink(missing_ok=True)  # an old record must not outlive a failure
    if tools := missing_tools():
        print(f"{', '.join(tools)} not found. On Debian: apt install {PACKAGES}", file=sys.stderr)
        return 2
    try:
        record = check(options.formal, recheck=not options.no_coqchk, log=lambda line: print(line, flush=True))
    except ProofsRejected as error:
        print(f"rejected: {error}", file=sys.stderr)
        return 1
    for name, theorem in record["theorems"].items():
        print(f"{name}: {theorem['assumptions']}\n    {theorem['says']}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{len(record['theorems'])} theorems accepted in {record['seconds']} s; record: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
