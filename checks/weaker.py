"""What the report says first of statements that are not derived: why, and what stands instead."""

from typing import Any

from theory.status import Status


def weaker_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each statement that is neither derived nor formalised: why, and what stands instead."""
    computed = {row["statement"].id: row["status"] for row in rows}
    found = []
    for row in rows:
        statement, status = row["statement"], row["status"]
        if status.strength >= Status.DERIVED.strength:
            continue
        instead = statement.repaired_by or statement.replaced_by
        found.append(
            {
                "id": statement.id,
                "status": status,
                "known": statement.known,
                "reason": reason_of(row),
                "instead": instead,
                "instead_status": computed[instead] if instead else None,
            }
        )
    return found


def reason_of(row: dict[str, Any]) -> str:
    """Why a statement is not derived: its counterexample, the stated reason, steps that did not hold, or a proof that is Coq's."""
    counterexample = next((": ".join(filter(None, (e.detail, e.counterexample))) for e in row["evidence"] if e.outcome == "refuted"), "")
    steps = [step["name"] for step in row["proof"] if step["outcome"] not in ("held", "rule")]
    if row["status"] is Status.REFUTED and counterexample:
        return counterexample[:400]
    if row["statement"].unchecked:
        return row["statement"].unchecked
    if steps:
        return f"steps of its proof that did not hold in this run, or were not run: {', '.join(steps)}"
    if row["statement"].formal:
        return f"its proof is the Coq theorem {row['statement'].formal}, which was not run here; make proofs does"
    return "no proof is stored"
