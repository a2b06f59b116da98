"""One MIP or CP solver on subset-sum instances: reads JSON from standard input, writes one JSON line per instance.

The model is that of the published codes: minimise t subject to -t ≤ Σ mᵢ xᵢ - w ≤ t, m binary. Modes: "best" (default
tolerances), "tight" (the tightest tolerances the solver has), "within" (t ≤ ε and stop at the first solution). One
process per solver, because some of these libraries cannot be loaded together.
"""

import json
import sys
import time
from collections.abc import Callable

Instance = tuple[list[int], int]
Answer = tuple[int | None, bool]


def gurobi(x: list[float], w: float, mode: str, epsilon: float, cap: float) -> Answer:
    """Gurobi with the size-limited licence that its package carries."""
    import gurobipy as gp  # pyright: ignore[reportMissingImports]

    env = gp.Env(empty=True)
    env.setParam("OutputFlag", 0)
    env.start()
    with gp.Model(env=env) as model:
        model.Params.Threads, model.Params.TimeLimit = 1, cap
        m, t = model.addVars(len(x), vtype="B"), model.addVar(ub=epsilon if mode == "within" else gp.GRB.INFINITY)
        total = gp.quicksum(v * m[i] for i, v in enumerate(x))
        model.setObjective(t)
        model.addConstr(total - w <= t)
        model.addConstr(w - total <= t)
        if mode == "within":
            model.Params.SolutionLimit = 1
        if mode == "tight":
            model.Params.MIPGap = model.Params.MIPGapAbs = 0
            model.Params.IntFeasTol = model.Params.FeasibilityTol = model.Params.OptimalityTol = 1e-9
            model.Params.IntegralityFocus = 1
        model.optimize()
        if model.SolCount == 0:
            return None, False
        return mask_of([m[i].X for i in range(len(x))]), model.Status == gp.GRB.OPTIMAL


def highs(x: list[float], w: float, mode: str, epsilon: float, cap: float) -> Answer:
    """HiGHS."""
    import highspy  # pyright: ignore[reportMissingImports]
    import numpy as np

    model = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", cap)):
        model.setOptionValue(name, value)
    n, infinity = len(x), highspy.kHighsInf
    for i in range(n):
        model.addVar(0.0, 1.0)
        model.changeColIntegrality(i, highspy.HighsVarType.kInteger)
    model.addVar(0.0, epsilon if mode == "within" else infinity)
    model.changeColCost(n, 1.0)
    columns = np.arange(n + 1, dtype=np.int32)
    model.addRow(-infinity, w, n + 1, columns, np.array([*x, -1.0]))
    model.addRow(w, infinity, n + 1, columns, np.array([*x, 1.0]))
    if mode == "within":
        model.setOptionValue("mip_max_improving_sols", 1)
    if mode == "tight":
        for name in ("mip_feasibility_tolerance", "primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            model.setOptionValue(name, 1e-10)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 0.0)
    model.run()
    if model.getInfo().primal_solution_status != 2:
        return None, False
    optimal = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return mask_of(list(model.getSolution().col_value)[:n]), optimal


def cpsat(x: list[float], w: float, mode: str, epsilon: float, cap: float) -> Answer:
    """OR-tools CP-SAT, on the exact integers: multiples of 2^-31."""
    from ortools.sat.python import cp_model  # pyright: ignore[reportMissingImports]

    model = cp_model.CpModel()
    scaled, target = [round(v * 2**31) for v in x], round(w * 2**31)
    m = [model.new_bool_var("") for _ in x]
    most = int(epsilon * 2**31) if mode == "within" else sum(map(abs, scaled)) + abs(target)
    t = model.new_int_var(0, most, "t")
    total = sum(v * b for v, b in zip(scaled, m, strict=True)) - target
    model.add(total <= t)
    model.add(-total <= t)
    if mode != "within":
        model.minimize(t)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, cap
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, False
    return mask_of([solver.value(b) for b in m]), status == cp_model.OPTIMAL


def scip(x: list[float], w: float, mode: str, epsilon: float, cap: float) -> Answer:
    """SCIP."""
    from pyscipopt import Model, quicksum  # pyright: ignore[reportMissingImports]

    model = Model()
    model.hideOutput()
    model.setParam("limits/time", cap)
    m, t = [model.addVar(vtype="B") for _ in x], model.addVar(lb=0.0, ub=epsilon if mode == "within" else None)
    total = quicksum(v * b for v, b in zip(x, m, strict=True))
    model.setObjective(t)
    model.addCons(total - w <= t)
    model.addCons(w - total <= t)
    if mode == "within":
        model.setParam("limits/solutions", 1)
    if mode == "tight":
        for name in ("numerics/feastol", "numerics/dualfeastol"):
            model.setParam(name, 1e-9)
    model.optimize()
    if model.getNSols() == 0:
        return None, False
    return mask_of([model.getVal(b) for b in m]), model.getStatus() == "optimal"


def mask_of(values: list[float]) -> int:
    """Return the mask that a solver's answer stands for after rounding."""
    return sum(1 << i for i, value in enumerate(values) if value > 0.5)


SOLVERS: dict[str, tuple[str, Callable[..., Answer]]] = {
    "Gurobi": ("gurobipy", gurobi),
    "HiGHS": ("highspy", highs),
    "CP-SAT": ("ortools", cpsat),
    "SCIP": ("pyscipopt", scip),
}


def main() -> None:
    """Solve the instances of the request on standard input until its time budget is spent."""
    request = json.load(sys.stdin)
    solve = SOLVERS[request["solver"]][1]
    started = time.perf_counter()
    for samples, target in request["instances"]:
        x, w = [v / 2 ** request["bits"] for v in samples], target / 2 ** request["bits"]
        wall, cpu = time.perf_counter(), time.process_time()
        mask, optimal = solve(x, w, request["mode"], request["epsilon"], request["cap"])
        row = {"mask": mask, "optimal": optimal, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        print(json.dumps(row), flush=True)
        if time.perf_counter() - started > request["budget"]:
            break


if __name__ == "__main__":
    main()
