"""What the subset-sum engine is meant to reach, beside what a run measured: one row for each target."""

from typing import Any

RATES = {("best", 15, None): 2.5e6, ("best", 20, None): 1e6, ("best", 30, None): 3e4}
RATES |= {("within", 20, 1e-2): 30e6, ("within", 20, 1e-3): 20e6, ("within", 20, 1e-4): 8e6}
SECONDS = {
    "784-500-10 network, n = 21, every optimum": 1.0,
    "784-500-10 network, n = 21, within 0.01": 0.05,
    "LeNet5 convolutions, n = 30, every optimum": 0.2,
}
OVER_BASELINE = 2.0
OVER_BOUND = 4.0
OVER_PEERS = {("best", 20): 1e4, ("tight", 25): 1e5}


def row(name: str, goal: str, measured: float, met: bool) -> dict[str, str]:
    """Return one row of the table."""
    return {
        "target": name,
        "goal": goal,
        "measured": f"{measured:,.3g}" if measured < 1e3 else f"{measured:,.0f}",
        "met": "yes" if met else "NO",
    }


def target_rows(report: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows; rates and times are those of the CPU time divided by the threads, which other work disturbs least."""
    threads = report["device"]["threads"]
    engine = {(e["objective"], e["n"], e.get("epsilon")): e for e in report["engine"]}
    loads = {w["name"]: w for w in report["workloads"]}
    rows = []
    for key, goal in RATES.items():
        rate = threads / engine[key]["cpu_seconds"]
        name = f"{key[0]}, n = {key[1]}" + (f", ε = {key[2]:g}" if key[2] else "")
        rows.append(row(f"{name}: a second", f"≥ {goal:,.0f}", rate, rate >= goal))
    for name, goal in SECONDS.items():
        taken = loads[name]["cpu_seconds"] / threads
        rows.append(row(f"{name}: s", f"< {goal:g}", taken, taken < goal))
    bound = engine["best", 20, None]["over_store_bound"]
    rows.append(row("best, n = 20: times the store-port bound", f"≤ {OVER_BOUND:g}", bound, bound <= OVER_BOUND))
    for (objective, n, _), e in engine.items():
        if objective == "best" and n < 40 and e["over_baseline"]:
            ratio = e["over_baseline"]
            rows.append(row(f"best, n = {n}: times faster than the baseline", f"≥ {OVER_BASELINE:g}", ratio, ratio >= OVER_BASELINE))
    for (mode, n), goal in OVER_PEERS.items():
        for peer in report["peers"]:
            if (peer["mode"], peer["n"]) == (mode, n) and (mode == "best" or peer["solver"] == "Gurobi"):
                rows.append(peer_row(f"{mode}, n = {n}: times faster than {peer['solver']}", goal, peer))
    return rows


def peer_row(name: str, goal: float, peer: dict[str, Any]) -> dict[str, str]:
    """Return the row of a solver; where it was stopped before it could claim an optimum its time is a lower bound, and decides less."""
    found = row(name, f"≥ {goal:,.0f}", peer["ratio"], peer["ratio"] >= goal)
    if peer["claims"] < peer["instances"]:
        found["measured"] = f"at least {found['measured']}, it was stopped"
        found["met"] = "yes" if peer["ratio"] >= goal else "undecided"
    return found
