"""Re-checks of stored certificates by the stand-alone program, run as a referee runs it: a process of its own, the standard library alone."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from numerics.store import write_bytes

PROGRAM = Path(__file__).parents[1] / "checks" / "recheck"


@dataclass(frozen=True)
class Recheck:
    """The verdict on one certificate: `reason` is empty if it was accepted; certificate and re-checker are known by their SHA-256."""

    name: str
    certificate: str
    program: str
    accepted: bool
    reason: str
    seconds: float


def program_digest() -> str:
    """The SHA-256 of the re-checker's files, by name and content."""
    total = sha256()
    for path in sorted(PROGRAM.glob("*.py")):
        total.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return total.hexdigest()


def recheck(name: str, certificate: Path, stored: Path) -> Recheck:
    """The verdict on a certificate's file, read from `stored` if it is of these very bytes by this very program, else found and kept there.

    The program sees no other code: it runs beside its own folder, without site packages and without PYTHONPATH.
    """
    known = (name, sha256(certificate.read_bytes()).hexdigest(), program_digest())
    found = _read(stored)
    if found is not None and (found.name, found.certificate, found.program) == known:
        return found
    started = time.perf_counter()
    command = [sys.executable, "-E", "-S", "-m", PROGRAM.name, "--json", str(certificate.resolve())]
    done = subprocess.run(command, cwd=PROGRAM.parent, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    try:
        (verdict,) = json.loads(done.stdout)
        accepted, reason = done.returncode == 0 and verdict["accepted"] is True, verdict.get("reason", "")
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        accepted, reason = False, f"the re-checker ended with exit code {done.returncode}: {last[:200]}"
    result = Recheck(*known, accepted, reason, seconds)
    write_bytes(stored, json.dumps(asdict(result), indent=1).encode())
    return result


def _read(path: Path) -> Recheck | None:
    try:
        return Recheck(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
