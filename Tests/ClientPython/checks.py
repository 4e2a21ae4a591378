"""Counts what holds and names what does not."""

import sys


class Checks:
    def __init__(self):
        self.passed = 0
        self.failures = []

    def check(self, name, holds, found=""):
        if holds:
            self.passed += 1
        else:
            self.failures.append(name)
            print(f"FAILED {name} {found}", file=sys.stderr)

    def finish(self):
        print(f"{self.passed} passed, {len(self.failures)} failed")
        return 1 if self.failures else 0
