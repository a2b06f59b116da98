"""The report: one self-contained page computed from evidence, certificates and results, nothing typed."""

import json
import platform
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import jinja2
from sympy.printing.mathml import mathml

from checks.graph import svg
from checks.pages import write_pages
from checks.recheck import Refused, recheck
from checks.weaker import weaker_rows
from theory.decimals import at_least, at_most
from theory.derivation import DERIVATIONS, METHODS, RULES
from theory.errors import CompanionError
from theory.instantiation import REGISTRY, GroupInstantiation, Instantiation
from theory.intertwiner import character_inner_product, intertwiner_dimension_bounds
from theory.kernel import KernelInstantiation
from theory.proofs import accepted_theorems
from theory.statement import HOW_KNOWN, STATEMENTS
from theory.status import Evidence, Status, read_evidence, statuses

LIBRARIES = ("sympy", "mpmath", "python-flint", "numpy", "scipy", "torch", "numba", "hypothesis", "pytest")


@dataclass(frozen=True)
class CertificateRow:
    """A certificate on disk, what the re-checker says of it, and the result of its build if that is stored."""

    file: str
    accepted: bool
    reason: str
    name: str
    bound: str
    radius: str
    norm: str
    epsilon: str
    seconds: float
    result: dict[str, Any] | None


def certificate_rows(out: Path) -> list[CertificateRow]:
    """Re-check every certificate under `out` now."""
    rows = []
    for path in sorted((out / "certificates").glob("*.json")):
        stored = out / "results" / path.name
        result = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else None
        started = time.perf_counter()
        try:
            claims = recheck(path)
            bound, radius, epsilon = at_least(claims["error_bound"]), at_most(claims["radius"]), str(claims["epsilon"])
            rows.append(
                CertificateRow(
                    str(path), True, "", claims["name"], bound, radius, claims["norm"], epsilon, time.perf_counter() - started, result
                )
            )
        except Refused as refusal:
            rows.append(CertificateRow(str(path), False, str(refusal), path.stem, "", "", "", "", time.perf_counter() - started, result))
    return rows


def failed_builds(out: Path) -> list[dict[str, Any]]:
    """Results of builds whose key held no ticket: counted and shown."""
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((out / "results").glob("*.json"))]
    return [result for result in results if not result["held"]]


def instantiation_rows(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per registered instantiation: order, dimensions counted in two ways, norm, how its checks ended."""
    rows = []
    for name, declared in sorted(REGISTRY.items()):
        value = declared()
        dimension, order, characters = "any", "none", "not applicable"
        if isinstance(value, GroupInstantiation):
            hidden = value.hidden_representation()
            dimension, order = str(hidden.dimension), value.group().size()
            try:
                characters = str(character_inner_product(hidden, hidden))
            except CompanionError as error:
                characters = f"not counted: {error}"
            if isinstance(value, KernelInstantiation):
                characters += " without the filter"
        own = [outcome for outcome in outcomes if outcome["instantiation"] == repr(value)]
        ended = [outcome["outcome"].replace("crashed", "failed") for outcome in own]
        counts = {kind: ended.count(kind) for kind in ("passed", "failed", "skipped")}
        rows.append(
            {
                "name": name,
                "value": repr(value),
                "text": (value.__doc__ or "").splitlines()[0],
                "order": order,
                "dimension": dimension,
                "declared_size": value.basis_size,
                "computed_size": size_text(value),
                "character_size": characters,
                "norm": norm_text(value),
                "source": str(value.source),
                **counts,
            }
        )
    return rows


def size_text(value: Instantiation) -> str:
    """The number of operators, or the two bounds that do not meet."""
    if not isinstance(value, GroupInstantiation) or isinstance(value, KernelInstantiation):
        return str(value.true_basis_size())
    hidden = value.hidden_representation()
    lower, upper = intertwiner_dimension_bounds(hidden, hidden)
    return str(lower) if lower == upper else f"{lower} to {upper}, undecided"


def norm_text(value: Instantiation) -> str:
    """|||B||| where it is exact, else a bracket with four digits."""
    try:
        lower, upper = value.basis_norm_bounds()
    except CompanionError as error:
        return f"not known: {error}"
    return str(upper) if lower == upper else f"{float(lower):.4g} to {float(upper):.4g}"


def referee_tables(out: Path) -> list[dict[str, Any]]:
    """The tables of the files that were checked with `python -m checks FILE.py`."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((out / "referee").glob("*.json"))]


def statement_rows(evidence: list[Evidence], formal: frozenset[str]) -> list[dict[str, Any]]:
    """One entry per statement with its computed status and all of its evidence."""
    computed = statuses(evidence, formal)
    rows = []
    for identifier, statement in STATEMENTS.items():
        status, rests = computed[identifier]
        checks = sorted({row.check.partition("[")[0] for row in evidence if row.statement == identifier})
        formula = "" if statement.formula is None else f'<math display="block">{mathml(statement.formula, printer="presentation")}</math>'
        rows.append(
            {
                "statement": statement,
                "status": status,
                "rests": rests,
                "formula": formula,
                "known": HOW_KNOWN[statement.known],
                "evidence": [row for row in evidence if row.statement == identifier and row.kind != "step"],
                "proof": proof_rows(identifier, evidence, formal),
                "command": " ".join(["pytest", *checks]) if checks else "",
            }
        )
    return rows


def proof_rows(identifier: str, evidence: list[Evidence], formal: frozenset[str]) -> list[dict[str, str]]:
    """One entry per proof step: how it is discharged, on which domain, and what the stored evidence says of it now."""
    if identifier not in DERIVATIONS:
        return []
    derivation = DERIVATIONS[identifier]
    digest = derivation.digest
    stored = {row.detail: row for row in evidence if row.statement == identifier and row.kind == "step"}
    rows = []
    for step in derivation.steps:
        row = stored.get(step.name)
        if step.method == "composition":
            outcome = "rule"
        elif step.method == "coq":
            outcome = "held" if step.theorem in formal else "not run"
        elif row is None:
            outcome = "not run"
        else:
            outcome = row.outcome if row.digest == digest else "stale"
        rows.append(
            {
                "name": step.name,
                "claim": step.claim,
                "method": f"by {step.rule}" if step.method == "composition" else step.method,
                "domain": step.theorem or step.domain or ", ".join(step.premises),
                "outcome": outcome,
                "seconds": row.figures.get("seconds", "") if row is not None else "",
            }
        )
    return rows


def matrix(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """Statements × instantiations: how the checks of each statement ended for each instantiation, as counts."""
    columns = sorted({outcome["instantiation"] for outcome in outcomes if outcome["instantiation"]})
    cells: dict[str, dict[str, dict[str, int]]] = {}
    for outcome in outcomes:
        for identifier in outcome.get("statements", ()) if outcome["instantiation"] else ():
            cell = cells.setdefault(identifier, {}).setdefault(outcome["instantiation"], {"passed": 0, "failed": 0, "skipped": 0})
            ended = "failed" if outcome["outcome"] == "crashed" else str(outcome["outcome"])
            cell[ended] += 1
    return {"columns": columns, "cells": {identifier: cells[identifier] for identifier in STATEMENTS if identifier in cells}}


def write_report(out: Path) -> dict[str, Any]:
    """Write `out/report.html` from what lies under `out`; returns the headline counts."""
    evidence = read_evidence(out / "evidence.json")
    stored = out / "checks.json"
    outcomes = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else []
    formal = accepted_theorems(out / "proofs.json")
    statements = statement_rows(evidence, formal)
    certificates = certificate_rows(out)
    counts = {
        "statements": {status.value: sum(row["status"] is status for row in statements) for status in Status},
        "checks": {kind: sum(outcome["outcome"] == kind for outcome in outcomes) for kind in ("passed", "failed", "crashed", "skipped")},
        "certificates": {
            "accepted": sum(row.accepted for row in certificates),
            "refused": sum(not row.accepted for row in certificates),
            "builds without a certified ticket": len(failed_builds(out)),
        },
    }
    pages = write_pages(out)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(
        counts=counts,
        documented=bool(pages),
        statements=statements,
        weaker=weaker_rows(statements),
        certificates=certificates,
        failed=failed_builds(out),
        instantiations=instantiation_rows(outcomes),
        referee=referee_tables(out),
        signs={status.value: status.sign for status in Status},
        skipped=[outcome for outcome in outcomes if outcome["outcome"] == "skipped"],
        broken=[outcome for outcome in outcomes if outcome["outcome"] in ("failed", "crashed")],
        minutes=sum(outcome["seconds"] for outcome in outcomes) / 60,
        statuses=list(Status),
        graph=svg({row["statement"].id: (row["status"], row["rests"]) for row in statements}),
        matrix=matrix(outcomes),
        methods=METHODS,
        rules=RULES,
        versions={"Python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}},
        machine=f"{platform.system()} {platform.machine()}",
    )
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.html").write_text(page, encoding="utf-8")
    return counts
