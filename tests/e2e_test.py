#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: e2e_test.py PROGRAM [CASE...] makes images from tests/e2e/<case>/, runs peekr on them, compares.

A case is a folder:
  README         why it is there
  layers/N/      a layer as a plain folder; or layers/N/layer.py, which sets `tar` to the bytes of one (it sees entry, END,
                 tarfile and `variant`)
  advisories/    what the database is built of
  args           the command line: TARGET, DB and AT (what `suffix` of the hooks says) are replaced
  form           the forms of image, one a line (default: all of images.FORMS; rootfs only where every layer is a folder)
  want           the answer in short lines (see summary()); nothing is asked of the text of other formats but want_text
  want_stderr    lines that must be in standard error
  want_text      lines that must be in standard output
  exit           the exit code (default 0)
  hooks.py       may define: variants (a list; all must give the same answer), layers(variant, tars) -> tars,
                 change(image, variant), images(image, variant) -> several, files(files, form, variant) -> files,
                 show_layers = False
Each form, each variant, and 1 and 8 threads must give the same answer. PEEKR_ACCEPT=1 rewrites `want`: the diff is the review.
"""
import concurrent.futures
import difflib
import json
import os
import pathlib
import runpy
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import images  # noqa: E402

CASES = pathlib.Path(__file__).parent / "e2e"
ACCEPT = "PEEKR_ACCEPT" in os.environ


def lines_of(path):
    return [line for line in path.read_text().splitlines() if line] if path.exists() else []


def summary(text, show_layers):
    """What stands in a JSON answer, in lines that a person can write down from the specification. Left out: what depends on
    the clock or on the form (end-of-life notes, digests, sizes, paths on this machine)."""
    answer = json.loads(text)
    distro = answer["distro"]
    out = ["distro " + " ".join(filter(None, [distro["id"], distro["version_id"]])) if distro else "distro none"]
    layer = (lambda at: f" layer {at}") if show_layers else (lambda at: "")
    for one in answer["packages"] if "findings" not in answer else []:
        out.append(f"package {one['type']} {one['name']} {one['version']}{layer(one['layer_index'])} {one['path']}"
                   + (" remnant" if one["remnant"] else ""))
    for one in answer["completeness"]["lost_databases"]:
        out.append(f"lost {one['path']} {one['how']} {one['packages']}")
    for one in answer["completeness"]["unidentified_files"]:
        out.append(f"unidentified {one['path']} {one['size']} {one['digest']}")
    for one in answer.get("findings", []):
        package = one["package"]
        fixed = "fixed in " + one["fixed_in"] if one["fixed_in"] else "no fix"
        at = layer(one["layer"]["index"]) if one["layer"] else ""
        at += " base" if one["layer"] and one["layer"]["base"] else ""
        out.append(f"finding {one['id']} {package['name']} {package['version']}{at} {fixed}")
    for one in answer.get("suppressed", []):
        out.append(f"suppressed {one['id']} {one['package']['name']} {one['file']}: {one['reason']}")
    for one in answer["notes"]:
        if one["why"] != "end_of_life":
            out.append(f"note {one['why']} {one['path']}".rstrip())
    return "\n".join(out) + "\n"


class Case:
    def __init__(self, program, folder, scratch):
        self.program, self.folder, self.scratch = program, folder, scratch
        hooks = folder / "hooks.py"
        self.hooks = runpy.run_path(str(hooks)) if hooks.exists() else {}
        self.layer_folders = sorted(folder.glob("layers/*"), key=lambda path: int(path.name))
        self.show_layers = self.hooks.get("show_layers", True)
        self.failures = []

    def layers(self, variant):
        tars = []
        for folder in self.layer_folders:
            script = folder / "layer.py"
            if script.exists():
                names = {"entry": images.entry, "END": images.END, "tarfile": tarfile, "variant": variant}
                tars.append(runpy.run_path(str(script), names)["tar"])
            else:
                tars.append(images.tar_of_folder(folder))
        return self.hooks["layers"](variant, tars) if "layers" in self.hooks else tars

    def forms(self):
        if (self.folder / "form").exists():
            return lines_of(self.folder / "form")
        plain = all(not (folder / "layer.py").exists() for folder in self.layer_folders)
        return [form for form in images.FORMS if form != "rootfs" or (plain and not self.hooks)]

    def target(self, form, variant, out):
        tars = self.layers(variant)
        if form == "rootfs":
            return images.merge(tars, out)
        image = images.Image(tars, form)
        if "change" in self.hooks:
            self.hooks["change"](image, variant)
        several = self.hooks["images"](image, variant) if "images" in self.hooks else [image]
        files = images.files_of(several)
        if "files" in self.hooks:
            files = self.hooks["files"](files, form, variant)
        return images.write(files, form, out)

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "1767225600",
                                   "PEEKR_CACHE_SIZE": "0"}, check=False)
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def database(self):
        folder = self.folder / "advisories"
        if not folder.exists():
            return "no-database"
        out = self.scratch / "db"
        code, _, errors = self.run("db", "build", "--db", str(out), "--from", str(folder))
        if code != 0:
            self.failures.append(f"db build: exit {code}\n{errors}")
        return str(out)

    def check(self, what, got, want):
        if got != want:
            diff = difflib.unified_diff(str(want).splitlines(), str(got).splitlines(), "want", "got", lineterm="")
            self.failures.append(what + "\n" + "\n".join(diff))

    def judge(self, where, form, result):
        code, out, errors = result
        self.check(f"{where}: exit code (stderr: {errors[:2000]})", code, int((lines_of(self.folder / "exit") or ["0"])[0]))
        if "Sanitizer" in errors or "runtime error:" in errors:
            self.failures.append(f"{where}: {errors}")
        text = out.decode()  # whatever is in the image, the output is UTF-8
        for line in lines_of(self.folder / "want_text"):
            if line not in text:
                self.failures.append(f"{where}: not in the output: {line}\n{text}")
        for line in lines_of(self.folder / "want_stderr"):
            if line not in errors:
                self.failures.append(f"{where}: not in standard error: {line}\n{errors}")
        # Names come from an attacker: none may reach a terminal as a command to it.
        for stream, content in (("output", text), ("standard error", errors)):
            if any(c != "\n" and (c < " " or "\x7f" <= c < "\xa0") for c in content):
                self.failures.append(f"{where}: a control character in {stream}: {content!r}")
        if text and not text.startswith("{"):
            return
        show = self.show_layers and form != "rootfs"
        want_path = self.folder / "want"
        got = summary(text, show) if text else ""
        want = want_path.read_text() if want_path.exists() else ""
        if not show and self.show_layers:
            want = "".join(self.without_layer(line) + "\n" for line in want.splitlines())
        if ACCEPT and got and got != want and show == self.show_layers:
            want_path.write_text(got)
            want = got
        self.check(f"{where}: answer (stderr: {errors[:2000]})", got, want)

    @staticmethod
    def without_layer(line):
        words = line.split(" ")
        if words[0] in ("package", "finding") and "layer" in words:
            at = words.index("layer")
            del words[at:at + 2]
        return " ".join(words)

    def converted(self, where, arguments):
        """What peekr convert makes of the JSON of a run is what the run itself writes, in every format."""
        command, plain = arguments[0], []
        for word, before in zip(arguments, [""] + arguments):
            if word not in ("-f", "--format") and before not in ("-f", "--format"):
                plain.append(word)
        formats = [line.split()[0] for line in self.run("list", "formats")[1].decode().splitlines() if line[0] != " "]
        formats.remove("template")  # it wants one
        folder = self.scratch / "formats"
        folder.mkdir()
        asked = {}
        for form in formats:
            for who in ("run", "convert"):
                asked[who, form] = ["-f", f"{form}={folder / who}-{form}"]
            # An inventory is no format of findings.
            if command == "inventory" and self.run("inventory", *plain[1:], *asked["run", form])[0] != 0:
                del asked["run", form], asked["convert", form]
        words = lambda who: [word for (of, _), pair in asked.items() if of == who for word in pair]
        code, _, errors = self.run(*plain, *words("run"), "--threads", "1")
        if code == 1:
            return self.failures.append(f"{where}: for peekr convert: {errors}")
        looks = [word for word in plain if word in ("--split", "--show-suppressed")]
        self.check(f"{where}: peekr convert", self.run("convert", str(folder / "run-json"), *looks, "-q", *words("convert")), (0, b"", ""))
        for who, form in asked:
            if who == "run":
                got = (folder / f"convert-{form}").read_bytes().decode()
                self.check(f"{where}: peekr convert -f {form}", got, (folder / f"run-{form}").read_bytes().decode())

    def test(self):
        database = self.database()
        for form in self.forms():
            for variant in self.hooks.get("variants", [None]):
                where = f"{form}" + (f", variant {variant}" if variant is not None else "")
                out = self.scratch / form / str(variant)
                shutil.rmtree(out, ignore_errors=True)
                target = str(self.target(form, variant, out))
                line = (self.folder / "args").read_text()
                arguments = [word.replace("TARGET", target).replace("DB", database) for word in shlex.split(line)]
                results = [self.run(*arguments, "--threads", threads) for threads in ("1", "8")]
                one, eight = [self.without_clock(result[1]) for result in results]
                self.check(f"{where}: 1 thread and 8 threads", eight, one)
                self.judge(where, form, results[0])
                if results[0][0] != 1 and not (self.scratch / "formats").exists():
                    self.converted(where, arguments)
                shutil.rmtree(out, ignore_errors=True)
        return self.failures

    @staticmethod
    def without_clock(out):
        return b"\n".join(line for line in out.split(b"\n") if b'"created":' not in line)


def main():
    program = sys.argv[1]
    names = sys.argv[2:] or sorted(path.name for path in CASES.iterdir() if (path / "args").exists())
    failed = 0

    def test(name):
        with tempfile.TemporaryDirectory(prefix="peekr-e2e-") as scratch:
            return Case(program, CASES / name, pathlib.Path(scratch)).test()

    with concurrent.futures.ThreadPoolExecutor(max(2, (os.cpu_count() or 2) // 2)) as pool:
        for name, result in zip(names, pool.map(test, names)):
            for failure in result:
                print(f"FAILED {name}: {failure}")
            failed += bool(result)
            if not result:
                print(f"ok {name}")
    print(f"{len(names) - failed} of {len(names)} cases passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
