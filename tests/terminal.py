# SPDX-License-Identifier: Apache-2.0
"""A terminal for the tests."""
import os
import pty
import subprocess


def read_all(control):
    """What was written to the terminal until its other side was closed, which is an error here."""
    seen = b""
    try:
        while part := os.read(control, 65536):
            seen += part
    except OSError:
        pass
    os.close(control)
    return seen.decode()


def errors_of(command, environment):
    """The exit code, and what a terminal is sent for standard error."""
    control, terminal = pty.openpty()
    done = subprocess.Popen(command, stderr=terminal, stdout=subprocess.DEVNULL, env={**environment, "TERM": "xterm"})
    os.close(terminal)
    seen = read_all(control)
    return done.wait(60), seen
