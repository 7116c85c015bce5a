#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Version orders against the tools that made them, through `peekr versions --stdin`: near pairs of a fixed seed, each answered by
both. What the tool rejects need not be rejected here (registries hold it), unless the row says so; every other difference is an
error. usage: versions_test.py PEEKR_PROGRAM"""
import ctypes
import random
import subprocess
import sys
import unittest

PEEKR = ""
PAIRS = 4000


def run(command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=300, check=True).stdout.splitlines()


def sign(number):
    return "<" if number < 0 else ">" if number > 0 else "="


def tabbed(pairs):
    return "".join(f"{a}\t{b}\n" for a, b in pairs)


# The oracles: pairs in, "<", "=", ">" or "?" (rejected) out.

def dpkg(pairs):
    def holds(a, op, b):
        return subprocess.run(["dpkg", "--compare-versions", a, op, b], capture_output=True)

    def ask(a, b):
        less = holds(a, "lt", b)
        if less.stderr:  # "version '1--' has bad syntax"
            return "?"
        return "<" if less.returncode == 0 else ">" if holds(a, "gt", b).returncode == 0 else "="
    return [ask(a, b) for a, b in pairs]


def rpm(pairs):
    found = []
    for at in range(0, len(pairs), 500):  # one argument has at most 128 KiB
        body = " ".join(f'print(rpm.vercmp("{a}", "{b}") .. "\\n")' for a, b in pairs[at:at + 500])
        found += [sign(int(line)) for line in run(["rpm", "--eval", "%{lua:" + body + "}"]) if line]
    return found


def libalpm(pairs):
    compare = ctypes.CDLL("libalpm.so.13").alpm_pkg_vercmp
    return [sign(compare(a.encode(), b.encode())) for a, b in pairs]


def packaging(pairs):
    return run(["/usr/bin/python3", "-c", """
import sys
from packaging.version import Version, InvalidVersion
for line in sys.stdin:
    try:
        a, b = (Version(one) for one in line.rstrip("\\n").split("\\t"))
        print("<" if a < b else ">" if a > b else "=")
    except InvalidVersion:
        print("?")"""], tabbed(pairs))


def node_semver(pairs):
    return run(["env", "NODE_PATH=/usr/share/nodejs", "node", "-e", """
const semver = require("semver");
for (const line of require("fs").readFileSync(0, "utf8").split("\\n").slice(0, -1)) {
  const [a, b] = line.split("\\t");
  if (!semver.valid(a) || !semver.valid(b)) console.log("?");
  else console.log("<=>"[semver.compare(a, b) + 1]);
}"""], tabbed(pairs))


def ruby(pairs):
    return run(["ruby", "-e", """
STDIN.each_line(chomp: true) do |line|
  a, b = line.split("\\t", -1)
  valid = Gem::Version.correct?(a) && Gem::Version.correct?(b)
  puts(valid ? "<=>"[(Gem::Version.new(a) <=> Gem::Version.new(b)) + 1] : "?")
end"""], tabbed(pairs))


def composer(pairs):
    return run(["php", "-r", """
require "/usr/share/php/Composer/Semver/autoload.php";
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  [$a, $b] = explode("\\t", rtrim($line, "\\n"));
  try { $a = $parser->normalize($a); $b = $parser->normalize($b); } catch (Exception $e) { echo "?\\n"; continue; }
  echo Composer\\Semver\\Comparator::lessThan($a, $b) ? "<" : (Composer\\Semver\\Comparator::greaterThan($a, $b) ? ">" : "="), "\\n";
}"""], tabbed(pairs))


def maven(pairs):
    # Its main() says how each argument compares to the one before it.
    jars = "/usr/share/java/maven3-artifact.jar:/usr/share/java/commons-lang3.jar"
    command = ["java", "-cp", jars, "org.apache.maven.artifact.versioning.ComparableVersion"]
    lines = run(command + [one for pair in pairs for one in pair])
    orders = [line for line in lines if line.startswith("   ")]
    found = []
    for a, b in pairs:
        line = orders[2 * len(found)]
        found.append("=" if line == f"   {a} == {b}" else "<" if line == f"   {a} < {b}" else ">")
    return found


# Row: pieces of versions; whether what the tool rejects must be rejected here, too.
NUMBERS = [".0", ".1", ".2", ".10", ".01", "0", "1", "10"]
ROWS = {
    "deb": (dpkg, ["1", "1.0", "1:1.0", "2.19-18"], NUMBERS + ["~", "~rc1", "+", "+b1", "-1", "a", "-", "deb8u2"], False, 300),
    "rpm": (rpm, ["1-1", "1.0-1", "1:1.0-1"], NUMBERS + ["~", "~rc1", "^", "^git1", ".el8", ".el8_4", "a", "_"], False, PAIRS),
    "pacman": (libalpm, ["1", "1.0", "1:1.0"], NUMBERS + ["-1", "-2", "a", "rc1", "~", "+", "_", "."], False, PAIRS),
    "pep440": (packaging, ["1", "1.0", "1!1.0", "v1.0"],
               NUMBERS + ["a1", "b2", "rc1", ".dev1", ".post2", "-1", "-alpha", "_beta.2", "c1", "+1", "+local.1", "rev1", "."],
               True, PAIRS),
    "semver": (node_semver, ["1.0.0", "1.2.3", "v1.0.0", "1.0.0-rc", "1.0.0-1"],
               ["0", "1", "-1", ".1", ".10", "-alpha", ".rc", "-rc.1", "-rc.10", "a", "-beta-2", "+build", "-"], False, PAIRS),
    "gem": (ruby, ["1", "1.0", "1.0.0"], NUMBERS + [".a", ".b1", ".pre", "-1", "-rc1", "a", "rc2", ".rc10", "-"], False, PAIRS),
    "composer": (composer, ["1", "1.0", "v1.2.3", "1.0.0.0"],
                 NUMBERS + ["-alpha", "-beta2", "-RC1", "-rc.2", "-p1", "-patch", "b1", "a", "-dev", "-stable", "+1", ".x", ".x-dev"],
                 False, PAIRS),
    "maven": (maven, ["1", "1.0", "1.0.0"],
              NUMBERS + ["-alpha-1", "-beta1", ".RC2", "-rc1", "-SNAPSHOT", ".Final", "-sp", "-jre", "-ga", "-1", "a1", "m2", "-x",
                         ".v2019", "_1"], False, PAIRS),
}


def versions(starts, pieces, chance):
    """Near pairs: a few pieces in a row, and the same after small damage."""
    def fresh():
        return chance.choice(starts) + "".join(chance.choice(pieces) for _ in range(chance.randrange(5)))

    def twin(text):
        for _ in range(1 + chance.randrange(2)):
            at, kind = chance.randrange(len(text) + 1), chance.randrange(4)
            text = (text[:at] + chance.choice(pieces) + text[at:] if kind == 0 else text[:at] + text[at + 1:] if kind == 1
                    else text + chance.choice(pieces) if kind == 2 else text[:max(at, 1)])
        return text or "1"
    a = fresh()
    b = twin(a) if chance.randrange(8) else fresh()
    return (a, b) if chance.randrange(2) else (b, a)


def answers(scheme, pairs):
    return run([PEEKR, "versions", "--stdin"], "".join(f"{scheme}\t{a}\t{b}\n" for a, b in pairs))


class Versions(unittest.TestCase):
    maxDiff = None

    def test_each_order_is_that_of_its_tool(self):
        for scheme, (oracle, starts, pieces, strict, count) in ROWS.items():
            with self.subTest(scheme):
                chance = random.Random(2015_7547)
                pairs = [versions(starts, pieces, chance) for _ in range(count)]
                want, got = oracle(pairs), answers(scheme, pairs)
                self.assertEqual((len(want), len(got)), (count, count))
                wrong = [f"[{a}] {g} [{b}], the tool says {w}" for (a, b), w, g in zip(pairs, want, got)
                         if w != g and (strict or w != "?")]
                print(f"{scheme}: {count} pairs, {want.count('<')} <, {want.count('=')} =, {want.count('>')} >, "
                      f"{want.count('?')} rejected, {len(wrong)} wrong")
                self.assertEqual("\n".join(wrong[:40]), "", f"{len(wrong)} of {count}")
                self.assertGreater(count - want.count("?"), count // 5)


class Lines(unittest.TestCase):
    @staticmethod
    def peekr(*arguments, text=None):
        return subprocess.run([PEEKR, "versions", *arguments], input=text, capture_output=True, text=True, timeout=120, check=False)

    def test_are_answered_line_by_line(self):
        done = self.peekr("--stdin", text="deb\t1.0~rc1\t1.0\npep440\t1.0\t1.0.0\nopenssl\t1.0.2z\t1.0.2\ndeb\t\t1\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "<\n=\n>\n?\n", ""))

    def test_knows_schemes_by_what_is_versioned_so(self):
        lines = "npm\t1.0.0-rc1\t1.0.0\ndpkg\t1.0~rc1\t1.0\ndebian\t1.0~rc1\t1.0\nalpine\t1.0_rc1\t1.0\n"
        done = self.peekr("--stdin", text=lines)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "<\n<\n<\n<\n", ""))

    def test_says_which_line_is_no_question_and_answers_the_others(self):
        done = self.peekr("--stdin", text="deb\t1\t2\nfloppy\t1\t2\ndeb 1 2\nrpm\t2\t1\n")
        self.assertEqual((done.returncode, done.stdout), (1, "<\n?\n?\n>\n"))
        self.assertIn("peekr: line 2: floppy: there is no such scheme", done.stderr)
        self.assertIn("peekr: line 3: 1 fields", done.stderr)
        self.assertEqual(self.peekr().returncode, 1)


if __name__ == "__main__":
    PEEKR = sys.argv.pop(1)
    unittest.main(verbosity=1)
