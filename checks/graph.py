"""The dependency graph of the ledger as inline SVG: columns by depth, one link per statement, colours from the page's classes."""

from collections.abc import Mapping
from html import escape

import networkx

from theory.statement import STATEMENTS, dependency_graph
from theory.status import Status

COLUMN, ROW, WIDTH, HEIGHT, MARGIN, PER_ROW = 122, 40, 106, 30, 6, 10
LONGEST = 15


def layout(graph: "networkx.DiGraph") -> dict[str, tuple[int, int]]:
    """Column and row of each statement: nothing used on the left, users to the right; those without edges in rows below.

    Within a column statements are ordered by the mean row of what they use, a few sweeps to and fro.
    """
    linked = [node for node in graph if graph.degree(node)]
    depth = {}
    for node in reversed(list(networkx.topological_sort(graph.subgraph(linked)))):
        depth[node] = 1 + max((depth[used] for used in graph.successors(node)), default=-1)
    for node in linked:  # what is used, but uses nothing, moves next to its first user
        if not graph.out_degree(node):
            depth[node] = min(depth[user] for user in graph.predecessors(node)) - 1
    columns = [[node for node in linked if depth[node] == d] for d in range(max(depth.values(), default=-1) + 1)]
    row = {node: i for column in columns for i, node in enumerate(column)}
    for sweep in range(8):
        for column in columns if sweep % 2 else columns[::-1]:
            near = {node: [row[other] for other in (*graph.successors(node), *graph.predecessors(node))] for node in column}
            column.sort(key=lambda node: (sum(near[node]) / len(near[node]), node))
            row.update({node: i for i, node in enumerate(column)})
    places = {node: (depth[node], row[node]) for node in linked}
    below = max(row.values(), default=-1) + 2
    rest = sorted(node for node in graph if not graph.degree(node))
    return places | {node: (i % PER_ROW, below + i // PER_ROW) for i, node in enumerate(rest)}


def svg(computed: Mapping[str, tuple[Status, bool]]) -> str:
    """The graph: border by status, filled if all that the proof uses is at least as firm; solid edges prove, dashed ones state."""
    graph = dependency_graph()
    places = layout(graph)
    columns = 1 + max(column for column, _ in places.values())
    wide, high = columns * COLUMN - (COLUMN - WIDTH) + 2 * MARGIN, (1 + max(row for _, row in places.values())) * ROW + 2 * MARGIN
    corner = {node: (MARGIN + column * COLUMN, MARGIN + row * ROW) for node, (column, row) in places.items()}
    lines = [f'<svg id="graph" viewBox="0 0 {wide} {high}" role="group" aria-label="Dependency graph of {len(graph)} statements">']
    for user, used, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        x1, y1 = corner[used][0] + WIDTH, corner[used][1] + HEIGHT / 2
        x2, y2 = corner[user][0], corner[user][1] + HEIGHT / 2
        bend = max(20, (x2 - x1) / 2)
        lines.append(
            f'<path class="edge {data["kind"]}" d="M{x1} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2} {y2:g}"><title>'
            f"{escape(user)} uses {escape(used)} {'in its proof' if data['kind'] == 'proof' else 'to be stated'}</title></path>"
        )
    for node, (x, y) in corner.items():
        status, rests = computed[node]
        paper, _, name = node.partition(".")
        squeeze = f' textLength="{WIDTH - 10}" lengthAdjust="spacingAndGlyphs"' if len(name) > LONGEST else ""
        says = f"{node}: {STATEMENTS[node].title}, {status.value}{'' if rests else ', uses weaker'}"
        lines.append(
            f'<a href="#{escape(node)}" class="node {status.value}{" firm" if rests else ""}" aria-label="{escape(says)}">'
            f"<title>{escape(says)}</title>"
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4"/>'
            f'<text x="{x + 5}" y="{y + 11}" class="paper">{status.sign} {escape(paper)}</text>'
            f'<text x="{x + 5}" y="{y + 24}"{squeeze}>{escape(name)}</text></a>'
        )
    return "\n".join([*lines, "</svg>"])
