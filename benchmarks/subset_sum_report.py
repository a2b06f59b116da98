"""The Markdown form of a subset-sum benchmark report."""

from collections.abc import Callable, Iterable
from typing import Any

from subset_sum_targets import target_rows

Column = tuple[str, Callable[[dict[str, Any]], str]]


def number(key: str, form: str = ".3g") -> Callable[[dict[str, Any]], str]:
    """Return a function that formats the number under `key`, or gives a dash where there is none."""
    return lambda row: "-" if row.get(key) is None else format(row[key], form)


def text(key: str) -> Callable[[dict[str, Any]], str]:
    """Return a function that gives the text under `key`."""
    return lambda row: str(row[key])


ENGINE: list[Column] = [
    ("objective", text("objective")),
    ("n", text("n")),
    ("ε", number("epsilon")),
    ("s per instance", number("seconds")),
    ("instances/s", number("per_second", ",.0f")),
    ("CPU s per instance", number("cpu_seconds")),
    ("times faster than baseline, CPU", number("over_baseline", ".2f")),
    ("wall", number("over_baseline_wall", ".2f")),
    ("CPU time over store-port bound", number("over_store_bound", ".1f")),
    ("verified in integers", lambda row: "all" if row["verified"] else "NO"),
]
WORKLOADS: list[Column] = [
    ("workload", text("name")),
    ("targets", number("targets", ",")),
    ("s", number("seconds")),
    ("CPU s", number("cpu_seconds")),
    ("largest error", number("largest_error")),
    ("median error", number("median_error")),
    ("verified in integers", lambda row: "all" if row["verified"] else "NO"),
    ("published", text("published")),
]
PEERS: list[Column] = [
    ("mode", text("mode")),
    ("n", text("n")),
    ("ε", lambda row: f"{row['epsilon']:g}" if row["epsilon"] else "-"),
    ("solver", text("solver")),
    ("instances", text("instances")),
    ("s (CPU)", number("seconds")),
    ("ours, s", number("ours")),
    ("ratio", number("ratio", ".2g")),
    ("wrong / claimed", lambda row: f"{row['wrong']} / {row['claims']}"),
    ("median residual", number("median_residual")),
    ("median optimum", number("median_optimum")),
]


def table(columns: list[Column], rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [[name for name, _ in columns], ["---"] * len(columns)]
    lines += [[show(row) for _, show in columns] for row in rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def markdown(report: dict[str, Any]) -> str:
    """Return the report as Markdown."""
    device = report["device"]
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    lines = [
        "# Subset sums: measured",
        "",
        f"{report['date']}, {device['cpu']}, {device['threads']} threads, clock {device['clock'] / 1e9:.2f} GHz, "
        f"{device['gpu']}, load {device['load']}. Medians; the engine and the baseline take turns. Where other work shares the machine, "
        "ratios of CPU time mean most.",
        f"Versions: {versions}. Missing: {', '.join(report['missing']) or 'none'}.",
        "",
        "## Batches of independent instances, all threads",
        "",
        "Store-port bound: one cycle for each of the 2 · 2^(n/2) half sums; up to 16 samples every subset is tried instead.",
        "",
        *table(ENGINE, report["engine"]),
        "",
        "## Workloads, all threads",
        "",
        *table(WORKLOADS, report["workloads"]),
        "",
        "## Targets",
        "",
        "Rates and times are CPU time divided by the threads.",
        "",
        *table([(name, text(name)) for name in ("target", "goal", "measured", "met")], target_rows(report)),
        "",
        "## Solvers on the same instances, one thread",
        "",
        "Wrong: claimed optimal, or within ε, but it is not when the mask is added up again in integers.",
        "",
        *([f"Not run, the time was up: {', '.join(report['not_run'])}.", ""] if report["not_run"] else []),
        *table(PEERS, report["peers"]),
    ]
    return "\n".join(lines) + "\n"
