"""The command: re-check the certificates named."""

import decimal
import io
import json
import sys

from . import __doc__ as usage
from . import recheck
from .document import Refused, short


def main(arguments: list[str]) -> int:
    """Check each file named; print one line a file, and return the exit code."""
    as_json, quiet = "--json" in arguments, "--quiet" in arguments
    files = [argument for argument in arguments if argument not in ("--json", "--quiet")]
    unknown = [argument for argument in files if argument.startswith("-") and argument not in ("-h", "--help")]
    if unknown:
        print(f"unknown option {unknown[0]!a}; the options are --json, --quiet and --help", file=sys.stderr)
        return 2
    if not files or set(files) & {"-h", "--help"}:
        print(usage)
        print("Options: --json (a list of verdicts), --quiet (the exit code alone)")
        return 0 if set(files) & {"-h", "--help"} else 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    code, verdicts = 0, []
    for file in files:
        try:
            claims = recheck(file)
            bound, radius = short(claims["error_bound"], decimal.ROUND_CEILING), short(claims["radius"], decimal.ROUND_FLOOR)
            verdict = {"file": file, "accepted": True, "name": claims["name"], "error_bound": bound, "radius": radius}
            verdicts.append(verdict | {"says": claims["says"]})
            line = f"ACCEPTED {ascii(file)[1:-1]}: {claims['name']}, {claims['says']}"
        except Refused as refusal:
            code = max(code, refusal.code)
            verdicts.append({"file": file, "accepted": False, "reason": str(refusal)})
            line = f"REFUSED  {ascii(file)[1:-1]}: {refusal}"
        except MemoryError:
            code = 2
            verdicts.append({"file": file, "accepted": False, "reason": "out of memory"})
            line = f"REFUSED  {ascii(file)[1:-1]}: it takes more memory than there is"
        if not quiet and not as_json:
            print(line)
    if as_json:
        print(json.dumps(verdicts, indent=1, ensure_ascii=True))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
