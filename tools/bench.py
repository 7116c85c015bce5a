#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench [db page min node fat many pull pull:PART]: peekr against the speed of light, in one interleaved run, medians of 7; db: only
the database; page: the HTML report of 1,500 findings in a Chromium; many: three million empty files; pull, or one
part of it (pull:warm): images in a registry (bench_pull.py).

Each command runs once to warm the page cache, then all commands take turns. Prints a table (name, value, unit, goal, met), each row as
it is known, and writes the same to build/bench.json. Images come from $PEEKR_SHARED/images/build.sh (made once, in PEEKR_IMAGES or build/images)."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import types

sys.dont_write_bytecode = True
import bench_pull  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = ROOT / "build" / "release" / "bin"
SHARED = pathlib.Path(os.environ.get("PEEKR_SHARED", ROOT.parent / "shared"))
IMAGES = pathlib.Path(os.environ.get("PEEKR_IMAGES", ROOT / "build" / "images"))
ROUNDS = 7
WIDTH = 72
rows = []


def row(name, value, unit, goal=None, at_least=None):
    met = "" if goal is None and at_least is None else "yes" if (value <= goal if goal is not None else value >= at_least) else "NO"
    goal = goal if goal is not None else at_least
    if not rows:
        print(f"{'name':{WIDTH}} {'value':>10} {'unit':5} {'goal':>8} met")
    rows.append({"name": name, "value": round(value, 4), "unit": unit, "goal": goal, "met": met})
    print(f"{name:{WIDTH}} {value:>10.3f} {unit:5} {'' if goal is None else f'{goal:g}':>8} {met}", flush=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(rows, indent=2) + "\n")


def once(command):
    """Seconds of one run; the program's own output is thrown away."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return time.perf_counter() - start


def interleaved(commands):
    """{name: median seconds} of commands run in turn."""
    for command in commands.values():
        once(command)
    times = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            times[name].append(once(command))
    return {name: statistics.median(each) for name, each in times.items()}


def peak_memory(command):
    """MiB of the largest resident set of one run."""
    return usage_of(command).ru_maxrss / 1024


def usage_of(command):
    """What one run used, by its own child process's rusage."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(str(command[0]), [str(part) for part in command])
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"bench: {' '.join(map(str, command))}: it failed")
    return usage


def gowalk():
    go = shutil.which("go")
    if not go:
        return None
    program = ROOT / "build" / "gowalk"
    done = subprocess.run([go, "build", "-o", program, "."], cwd=ROOT / "bench" / "gowalk", capture_output=True,
                          env=dict(os.environ, GOFLAGS="-mod=mod", GOTOOLCHAIN="local"))
    return program if done.returncode == 0 else None


def images(wanted):
    missing = [name for name in wanted if not (IMAGES / f"{name}.docker.tar").exists()]
    if missing:
        build = SHARED / "images" / "build.sh"
        if not build.exists():
            sys.exit("skipped: no shared data (PEEKR_SHARED) to make the images with")
        subprocess.run([build, IMAGES, *missing], check=True)


def scans(wanted, db, go):
    peekr, limit = BIN / "peekr", BIN / "bench_limit"
    for name in wanted:
        gzip, zstd, docker = IMAGES / f"{name}-oci-gzip", IMAGES / f"{name}-oci-zstd", IMAGES / f"{name}.docker.tar"
        scan = [peekr, "scan", "--no-cache", "--offline", "--db", db, "--quiet", "-f", "json"]
        system = [*scan, "--pkg-types", "os"]
        commands = {
            "gzip": [*scan, gzip], "gzip os": [*system, gzip], "gzip limit": [limit, "oci", gzip],
            "zstd": [*scan, zstd], "zstd os": [*system, zstd], "zstd limit": [limit, "oci", zstd],
            "docker": [*scan, docker], "docker os": [*system, docker], "docker limit": [limit, "docker", docker],
            "again": [*[part for part in scan if part != "--no-cache"], gzip],
        }
        if go:
            commands["go"] = [go, gzip]
        seconds = interleaved(commands)
        extra = 0.015 if name == "min" else 0.0
        for form in ("gzip", "zstd"):
            least = seconds[f"{form} limit"]
            row(f"{name} {form}: scan", seconds[form], "s")
            row(f"{name} {form}: scan / limit", seconds[form] / least, "x", round(1.30 + extra / least, 3))
            row(f"{name} {form}: scan of packages of the system / limit", seconds[f"{form} os"] / least, "x",
                round(1.15 + extra / least, 3))
        row(f"{name} docker-archive: scan", seconds["docker"], "s")
        row(f"{name} docker-archive: scan / headers", seconds["docker"] / seconds["docker limit"], "x", 4)
        row(f"{name} docker-archive: scan of packages of the system / headers", seconds["docker os"] / seconds["docker limit"], "x", 4)
        row(f"{name} gzip: second scan, out of the cache", 1000 * seconds["again"], "ms", 20 if name == "min" else 40)
        if go:
            row(f"{name} gzip: scan / Go's standard library", seconds["gzip"] / seconds["go"], "x", 1)
        for form, image in (("gzip", gzip), ("zstd", zstd)):
            row(f"{name} {form}: peak memory", peak_memory([*scan, image]), "MiB", 96)
            row(f"{name} {form}: peak memory, packages of the system", peak_memory([*system, image]), "MiB", 64)


def many_files(db):
    """What is there for each file whatever is in it: three million empty ones."""
    image = IMAGES / "many-oci-gzip"
    if not (image / "index.json").exists():
        subprocess.run([ROOT / "tools" / "many_files_image.py", image], check=True)
    scan = [BIN / "peekr", "scan", "--no-cache", "--offline", "--db", db, "--quiet", "-f", "json", image]
    seconds = interleaved({"scan": scan, "limit": [BIN / "bench_limit", "oci", image]})
    row("three million empty files: scan", seconds["scan"], "s")
    row("three million empty files: scan / limit", seconds["scan"] / seconds["limit"], "x", 1.5)
    row("three million empty files: peak memory", peak_memory(scan), "MiB", 200)


def start_up():
    peekr = BIN / "peekr"
    row("--version", 1000 * interleaved({"version": [peekr, "--version"]})["version"], "ms", 12)


def bytes_of(path):
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file()) if path.is_dir() else path.stat().st_size


def database(temporary):
    """What it costs to make the database out of all feeds at hand, and to pass it on."""
    peekr, feeds, db, file = BIN / "peekr", SHARED / "feeds", f"{temporary}/all", f"{temporary}/all.peekr"
    build = [peekr, "db", "build", "--db", db, "--from", feeds / "osv", feeds / "native"]
    start = time.perf_counter()
    usage = usage_of(build)
    seconds = time.perf_counter() - start
    status = json.loads(subprocess.run([peekr, "db", "status", "--db", db, "-f", "json"], capture_output=True, check=True).stdout)
    records = sum(one["records"] for one in status["database"]["sources"])
    row("db build, all feeds: records", records, "")
    row("db build, all feeds: time", seconds, "s")
    row("db build, all feeds: records a second and core", records / (usage.ru_utime + usage.ru_stime), "1/s", at_least=50000)
    row("db build, all feeds: peak memory", usage.ru_maxrss / 1024, "MiB", 300)
    row("db build, all feeds: database / packed input", bytes_of(pathlib.Path(db)) / (bytes_of(feeds / "osv") + bytes_of(feeds / "native")), "x")
    osv = [peekr, "db", "build", "--db", f"{temporary}/osv", "--from", feeds / "osv"]
    usage = usage_of(osv)
    status = json.loads(subprocess.run([peekr, "db", "status", "--db", f"{temporary}/osv", "-f", "json"], capture_output=True,
                                       check=True).stdout)
    records = sum(one["records"] for one in status["database"]["sources"])
    row("db build, osv: records a second and core", records / (usage.ru_utime + usage.ru_stime), "1/s", at_least=50000)
    row("db build, osv: peak memory", usage.ru_maxrss / 1024, "MiB", 300)
    row("db export, all feeds", once([peekr, "db", "export", file, "--db", db]), "s")
    row("db export, all feeds: size", bytes_of(pathlib.Path(file)) / 2**20, "MiB")
    row("db import, all feeds", once([peekr, "db", "import", file, "--insecure-unsigned", "--db", f"{temporary}/in"]), "s")


def page(temporary):
    """From the address to the page that is loaded and drawn; each time in a Chromium that has not seen it."""
    sys.path.insert(0, str(ROOT / "tests"))
    import browser
    import html_test
    if browser.PROGRAM is None:
        print("bench page: skipped: no Chromium", file=sys.stderr)
        return
    html_test.PEEKR = str(BIN / "peekr")
    html_test.HtmlTest.at = pathlib.Path(temporary)
    report = html_test.HtmlTest.page("many", *html_test.many())
    times = []
    for _ in range(ROUNDS):
        with browser.Browser() as fresh:
            fresh.size(1440, 900)
            times.append(fresh.open(report.as_uri()))
    row("HTML report of 1,500 findings: open", 1000 * statistics.median(times), "ms", 1000)
    row("HTML report of 1,500 findings: size", bytes_of(report) / 2**20, "MiB")


def micro(name, pattern, scale, goals):
    """Rows of a Google Benchmark program; goals: {benchmark name: (label, goal)} in units of `scale` nanoseconds."""
    program = BIN / f"{name}_bench"
    if not program.exists():
        return
    done = subprocess.run([program, f"--benchmark_filter={pattern}", "--benchmark_format=json", "--benchmark_repetitions=7",
                           "--benchmark_report_aggregates_only=true"], capture_output=True, text=True)
    for one in json.loads(done.stdout or '{"benchmarks": []}')["benchmarks"]:
        if one.get("aggregate_name") == "median":
            factor = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[one["time_unit"]]
            base = one["run_name"].split("/")[0]
            label, goal = goals.get(base, (one["run_name"], None))
            row(label, one["real_time"] * factor / scale, "ms" if scale == 1e6 else "ns", goal)


def main():
    wanted = sys.argv[1:] or ["db", "page", "min", "node", "fat", "many", "pull"]
    of_pull = [part for part in bench_pull.PARTS if "pull" in wanted or f"pull:{part}" in wanted]
    of_images = [one for one in wanted if one not in ("db", "page", "many", "pull") and not one.startswith("pull:")]
    images({*of_images, *(bench_pull.NAMES if of_pull else ())})
    with tempfile.TemporaryDirectory() as temporary:
        db = f"{temporary}/db"
        if of_images or of_pull or "many" in wanted:
            subprocess.run([BIN / "peekr", "db", "build", "--db", db, "--from", SHARED / "feeds" / "osv-bookworm"],
                           check=True, stdout=subprocess.DEVNULL)
        if of_images:
            scans(of_images, db, gowalk())
        if "many" in wanted:
            many_files(db)
        if of_pull:
            bench_pull.pull(types.SimpleNamespace(peekr=BIN / "peekr", images=IMAGES, db=db, temporary=pathlib.Path(temporary), row=row,
                                                  once=once, interleaved=interleaved), of_pull)
        if "db" in wanted and (SHARED / "feeds").is_dir():
            database(temporary)
        if "page" in wanted:
            page(temporary)
    start_up()
    if of_pull and not of_images and "db" not in wanted:
        return
    micro("db", ".", 1e6, {"open_db": ("database open", 1), "update_of_100_records": ("update of 100 records of 50,000", 200),
                          "lookup_of_1000_packages": ("look-up of 1,000 packages, warm", 2),
                          "lookup_of_1000_packages_cold": ("look-up of 1,000 packages, cold", 10)})
    micro("match", "match", 1e6, {"match_1000_packages": ("match 1,000 packages", 10)})
    if of_images:
        micro("version", ".", 1, {})


main()
