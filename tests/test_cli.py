"""What every command shares at its ends."""

import os
import subprocess
import sys


def test_a_reader_that_has_gone_ends_a_command_without_a_message() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run([sys.executable, "-m", "theory", "ledger"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")
