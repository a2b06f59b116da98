"""The plugin of `pytest checks`: --group FILE.py, the statement marker, evidence written to out/evidence."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import theory.activations
import theory.instantiations
import theory.statements  # noqa: F401
from checks.evidence import Recorder
from theory.activation import ACTIVATIONS, Activation
from theory.errors import CompanionError, Refuted
from theory.instantiation import REGISTRY, GroupInstantiation, Instantiation, load_declarations
from theory.statement import find_statement
from theory.status import Evidence, read_evidence, write_evidence

RECORDER = pytest.StashKey[Recorder]()
ROWS = pytest.StashKey[list[Evidence]]()
OUTCOMES = pytest.StashKey[list[dict[str, object]]]()
GROUPS = pytest.StashKey[list[Instantiation]]()
FUNCTIONS = pytest.StashKey[list[Activation]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare --group and --evidence."""
    group = parser.getgroup("companion")
    group.addoption(
        "--group",
        action="append",
        default=[],
        metavar="FILE.py",
        help="also check the instantiations and activations that this file registers",
    )
    group.addoption("--only-group", action="store_true", help="check the files given by --group alone, and add to stored evidence")
    group.addoption("--evidence", default=None, metavar="FILE.json", help="where evidence is written (default: not written)")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and load the user's files; a file that cannot be read ends the run with exit code 2."""
    config.addinivalue_line("markers", "statement(*ids): the statements of the ledger that this check bears on")
    built_in = [declared() for declared in REGISTRY.values() if declared.__module__.startswith("theory.")]
    functions = [declared() for declared in ACTIVATIONS.values() if declared.__module__.startswith("theory.")]
    own: list[Instantiation] = []
    own_functions: list[Activation] = []
    for path in config.getoption("--group") or ():
        try:
            found, found_functions = load_declarations(path)
            own += [declared() for declared in found]
            own_functions += [declared() for declared in found_functions]
        except CompanionError as error:
            raise pytest.UsageError(f"{type(error).__name__}: {error}") from error
        except TypeError as error:
            raise pytest.UsageError(f"{path}: every field of the dataclass needs a default ({error})") from error
    alone = config.getoption("--only-group")
    config.stash[GROUPS] = own if alone else built_in + own
    config.stash[FUNCTIONS] = own_functions if alone else functions + own_functions
    config.stash[ROWS], config.stash[OUTCOMES] = [], []


def asked_for(config: pytest.Config) -> set[str]:
    """The names by which checks ask for what there is to check: `declared`, `operators` or `activation`."""
    kinds = {"declared" if isinstance(value, GroupInstantiation) else "operators" for value in config.stash[GROUPS]}
    return kinds | ({"activation"} if config.stash[FUNCTIONS] else set())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --only-group leave out the files in which no function asks for what there is to check: importing them takes seconds."""
    if not config.getoption("--only-group") or not collection_path.name.startswith("test_"):
        return None
    functions = (node for node in ast.walk(ast.parse(collection_path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef))
    names = {argument.arg for function in functions for argument in (*function.args.args, *function.args.kwonlyargs)}
    return None if names & asked_for(config) else True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `declared` once per instantiation by a group, `operators` per other one, `activation` per activation."""
    for fixture, by_group in (("declared", True), ("operators", False)):
        if fixture in metafunc.fixturenames:
            chosen = [value for value in metafunc.config.stash[GROUPS] if isinstance(value, GroupInstantiation) is by_group]
            metafunc.parametrize(fixture, chosen, ids=repr)
    if "activation" in metafunc.fixturenames:
        metafunc.parametrize("activation", metafunc.config.stash[FUNCTIONS], ids=repr)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check that markers name statements; with --only-group keep the checks of instantiations alone."""
    for item in items:
        for marker in item.iter_markers("statement"):
            for identifier in marker.args:
                find_statement(identifier)
    if config.getoption("--only-group"):
        wanted = asked_for(config)
        chosen = [item for item in items if wanted & set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Recorder:
    """Where a check reports what it established."""
    statements = tuple(dict.fromkeys(i for marker in request.node.iter_markers("statement") for i in marker.args))
    recorder = Recorder(request.node.nodeid, statements)
    request.node.stash[RECORDER] = recorder
    return recorder


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> pytest.TestReport:
    """The usual report, with the evidence of a finished test attached; reports travel to the main process under xdist."""
    report = pytest.TestReport.from_item_and_call(item, call)
    if report.when == "call" or (report.when == "setup" and not report.passed):
        statements = tuple(dict.fromkeys(i for marker in item.iter_markers("statement") for i in marker.args))
        recorder = item.stash.get(RECORDER, None) or Recorder(item.nodeid, statements)
        crashed = call.excinfo is not None and report.failed and not call.excinfo.errisinstance((AssertionError, Refuted))
        rows = recorder.outcome("crashed" if crashed else report.outcome, _reason(report) or "crashed")
        report.user_properties.append(("evidence", [row.__dict__ | {"figures": dict(row.figures)} for row in rows]))
        parameters = item.callspec.params if hasattr(item, "callspec") else {}  # pyright: ignore[reportAttributeAccessIssue]
        declared = parameters.get("declared", parameters.get("operators"))
        outcome = {
            "check": item.nodeid,
            "name": getattr(item, "originalname", item.name),
            "instantiation": repr(declared) if declared is not None else "",
            "statements": list(statements),
            "outcome": "crashed" if crashed else report.outcome,
            "seconds": round(report.duration, 3),
            "reason": _reason(report),
        }
        report.user_properties.append(("outcome", outcome))
    return report


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message if crash is not None else str(report.longrepr or "")


class _Gatherer:
    """Collects evidence from reports (also those of xdist's workers) and writes it at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the evidence out of a report."""
        for name, rows in report.user_properties:
            if name == "evidence":
                assert isinstance(rows, list)
                self.config.stash[ROWS] += [Evidence(**row) for row in rows]
            elif name == "outcome":
                assert isinstance(rows, dict)
                self.config.stash[OUTCOMES].append(rows)

    def pytest_sessionfinish(self) -> None:
        """Write the evidence file, if one was asked for."""
        option = self.config.getoption("--evidence")
        if not option or hasattr(self.config, "workerinput"):
            return
        path, rows, outcomes = Path(option), self.config.stash[ROWS], self.config.stash[OUTCOMES]
        stored = path.with_name("checks.json")
        if self.config.getoption("--only-group") and path.exists() and stored.exists():
            run = {outcome["check"] for outcome in outcomes}
            rows = [row for row in read_evidence(path) if row.check not in run] + rows
            outcomes = [outcome for outcome in json.loads(stored.read_text(encoding="utf-8")) if outcome["check"] not in run] + outcomes
        write_evidence(rows, path)
        outcomes = sorted(outcomes, key=lambda outcome: str(outcome["check"]))
        stored.write_text(json.dumps(outcomes, indent=1, ensure_ascii=False), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the evidence went."""
        path = self.config.getoption("--evidence")
        if path and Path(path).exists():
            terminalreporter.write_line(f"wrote {path} ({len(json.loads(Path(path).read_text(encoding='utf-8')))} rows)")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start gathering."""
    session.config.pluginmanager.register(_Gatherer(session.config), "companion-gatherer")
