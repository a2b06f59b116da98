"""The report page in headless Chromium: every statement reachable, no horizontal scroll at 1280 px, no error, accessible names."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import networkx
import pytest

from checks.graph import layout, svg
from checks.report import write_report
from theory.derivation import DERIVATIONS
from theory.statement import STATEMENTS, dependency_graph
from theory.status import Evidence, Status, statuses, write_evidence

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PROBE = """<script>
addEventListener("error", event => { window.failures = (window.failures || 0) + 1; });
addEventListener("load", () => {
  const anchors = [...document.querySelectorAll("#graph a")];
  const report = {
    wide: document.documentElement.scrollWidth, window: innerWidth, failures: window.failures || 0, anchors: anchors.length,
    unnamed: anchors.filter(a => !a.getAttribute("aria-label")).length,
    lost: anchors.filter(a => !document.getElementById(decodeURIComponent(a.getAttribute("href").slice(1)))).length,
    font: Math.min(...[...document.querySelectorAll("#graph text:not(.paper)")].map(t => t.getBoundingClientRect().height)),
    open: [],
  };
  const visit = ids => {
    if (!ids.length) { document.body.innerHTML = "<pre id=probe>" + JSON.stringify(report) + "</pre>"; return; }
    location.hash = "#" + ids[0];
    setTimeout(() => { report.open.push([ids[0], document.getElementById(ids[0]).open]); visit(ids.slice(1)); }, 20);
  };
  visit(["companion.A1'", "natale2024.theorem4"]);
});
</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report from a little evidence: one proof complete, one stale, one statement refuted."""
    out = tmp_path_factory.mktemp("report")
    proof = DERIVATIONS["companion.cut"]
    rows = [Evidence("companion.cut", "c", "step", "held", step.name, digest=proof.digest) for step in proof.machine_steps]
    rows += [Evidence("companion.potential", "c", "step", "held", "chord below", digest="of other sources")]
    rows += [Evidence("kumar2025.E4", "c", "instances", "refuted", counterexample="3 is no product")]
    write_evidence(rows, out / "evidence.json")
    outcome = {"check": "c[a]", "name": "c", "instantiation": "Sets(n=4)", "outcome": "passed", "seconds": 1.0, "reason": ""}
    (out / "checks.json").write_text(json.dumps([outcome | {"statements": ["companion.A4"]}, outcome]), encoding="utf-8")
    write_report(out)
    return out / "report.html"


def test_the_page_shows_chains_stale_steps_repairs_reasons_and_the_matrix(page: Path) -> None:
    text = html.unescape(page.read_text(encoding="utf-8"))
    section = {match[1]: match[0] for match in re.finditer(r'<details id="([^"]+)">.*?</details>', text, re.S)}
    assert set(section) == set(STATEMENTS)
    assert "●" in section["companion.cut"]
    assert "by Fubini" in section["companion.cut"]
    assert "stale" in section["companion.potential"]
    assert "not run" in section["companion.potential"]
    assert 'href="#kumar2025.E4_repaired"' in section["kumar2025.E4"]
    assert "3 is no product" in section["kumar2025.E4"]
    assert STATEMENTS["kumar2025.lemma5"].unchecked in section["kumar2025.lemma5"]
    assert "1/0/0" in text
    assert "Sets(n=4)" in text


def test_the_graph_has_every_statement_and_edge_once_and_boxes_do_not_overlap() -> None:
    graph, drawn = dependency_graph(), svg(statuses([]))
    assert set(re.findall(r'<a href="#([^"]+)"', html.unescape(drawn))) == set(STATEMENTS)
    assert drawn.count("<path") == graph.number_of_edges()
    assert drawn.count('class="edge statement"') == sum(data["kind"] == "statement" for _, _, data in graph.edges(data=True)) > 0
    places = layout(graph)
    assert len(set(places.values())) == len(places)
    assert all(places[user][0] > places[used][0] for user, used in graph.edges)
    assert networkx.is_directed_acyclic_graph(graph)
    assert all(f'"node {status.value}' in svg(dict.fromkeys(STATEMENTS, (status, True))) for status in Status)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed; on Debian: apt install chromium")
def test_a_browser_shows_the_page_without_scrolling_sideways_or_errors(page: Path, tmp_path: Path) -> None:
    assert BROWSER is not None
    probed = tmp_path / "probe.html"
    probed.write_text(page.read_text(encoding="utf-8").replace("<head>", "<head>" + PROBE), encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,900", "--virtual-time-budget=8000", "--dump-dom"]
    finished = subprocess.run(
        [*command, f"--user-data-dir={tmp_path / 'profile'}", probed.as_uri()], capture_output=True, text=True, check=False, timeout=120
    )
    found = re.search(r'<pre id="probe">(.*?)</pre>', finished.stdout, re.S)
    assert found is not None, finished.stderr[-500:]
    report = json.loads(html.unescape(found[1]))
    assert report["wide"] <= report["window"] == 1280
    assert report["failures"] == report["unnamed"] == report["lost"] == 0
    assert report["anchors"] == len(STATEMENTS)
    assert report["font"] >= 10
    assert report["open"] == [["companion.A1'", True], ["natale2024.theorem4", True]]
