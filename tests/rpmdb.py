#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes rpm databases for the fixtures of tests/fixtures/catalog/rpm: rpmdb.py KIND OUT_DIR

KIND: sqlite, sqlite_wal, ndb, bdb, corrupt, small. The packages are empty but for their headers: rpmbuild makes them, rpm
installs them into the database only. Debian's rpm writes sqlite; of the header blobs in there db5.3_load makes Berkeley DB files,
and make_ndb() files as lib/backend/ndb/rpmpkg.c of rpm writes them.
"""
import hashlib
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zlib

PLACES = "Amsterdam Athens Berlin Dublin Helsinki Kyiv Lisbon London Madrid Oslo Paris Rome Vienna Zurich".split()
ZONES = [f"/usr/share/zoneinfo/{folder}Europe/{place}" for folder in ("", "posix/", "right/") for place in PLACES]
KERNEL = "Name: kernel\nVersion: 5.14.0\nRelease: %s\nLicense: GPLv2 and Redistributable, no modification permitted"
# One source package each: the head of its spec file, then per binary package its name, its own headers and its files.
SOURCES = [
    ("Name: openssl\nEpoch: 1\nVersion: 3.0.7\nRelease: 24.el9\nLicense: ASL 2.0\nVendor: Red Hat, Inc.",
     [("openssl", "", ["/usr/bin/openssl"]),
      ("openssl-libs", "", ["/usr/lib64/libssl.so.3", "/usr/lib64/libcrypto.so.3", "/etc/pki/tls/"])]),
    (KERNEL % "362.8.1.el9_3", [("kernel", "", []), ("kernel-core", "", [])]),
    (KERNEL % "362.13.1.el9_3", [("kernel-core", "", [])]),
    ("Name: nodejs\nEpoch: 1\nVersion: 18.18.2\nRelease: 3.module+el9.3.0+20763+a5a1d3c8\nLicense: MIT and ASL 2.0\n"
     "ModularityLabel: nodejs:18:9030020231122155017:rhel9", [("nodejs", "", ["/usr/bin/node"])]),
    ("Name: perl\nEpoch: 4\nVersion: 5.32.1\nRelease: 480.el9\nLicense: GPL+ or Artistic",
     [("perl-Errno", "Epoch: 0\nVersion: 1.30", ["/usr/lib64/perl5/Errno.pm"])]),
    ("Name: tzdata\nVersion: 2023c\nRelease: 1.el9\nLicense: Public Domain\nBuildArch: noarch", [("tzdata", "", ZONES)]),
    ("Name: gpg-pubkey\nVersion: fd431d51\nRelease: 4ae0493b\nLicense: pubkey", [("gpg-pubkey", "", [])]),
    ("Name: jdk-1.8\nEpoch: 2000\nVersion: 1.8.0_391\nRelease: fcs\nLicense: Proprietary\nVendor: Oracle Corporation\n"
     "Source0: absent\nNoSource: 0", [("jdk-1.8", "", [])]),
    ("Name: cafe\nVersion: 1.0~rc1^20230101git\nRelease: 0.1.el9\nLicense: (none)\nVendor: René <rpm@example.org>",
     [("cafe", "", ["/opt/café/", "/opt/café/un deux"])]),
]


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, **options)


def spec(head, packages):
    text = head + "\nSummary: none\nAutoReqProv: no\n%description\n"
    main = head.split("\n")[0].removeprefix("Name: ")
    install, lists = "%install\n", ""
    for name, headers, files in packages:
        if name != main:
            text += f"%package -n {name}\nSummary: none\n{headers}\n%description -n {name}\n"
        lists += f"%files -n {name}\n" if name != main else "%files\n"
        for file in files:
            lists += f'"{file}"\n'
            install += f"mkdir -p '%buildroot{os.path.dirname(file)}'\n"
            if file.endswith("/"):
                lists = lists.removesuffix(f'"{file}"\n') + f'%dir "{file}"\n'
            else:
                install += f": > '%buildroot{file}'\n"
    return text + install + lists


def build(work):
    settings = {"_topdir": work / "build", "_buildhost": "localhost", "use_source_date_epoch_as_buildtime": 1,
                "clamp_mtime_to_source_date_epoch": 1, "_build_id_links": "none", "__os_install_post": "%nil", "_binary_payload": "w.ufdio",
                "debug_package": "%nil"}
    defines = [part for name, value in settings.items() for part in ("--define", f"{name} {value}")]
    environment = dict(os.environ, SOURCE_DATE_EPOCH="1700000000", LC_ALL="C.UTF-8", HOME=str(work))
    for number, (head, packages) in enumerate(SOURCES):
        file = work / f"{number}.spec"
        file.write_text(spec(head, packages))
        run("rpmbuild", "-bb", "--quiet", "--nodeps", "--target", "x86_64", *defines, "--define", f"_rpmdir {work}/out{number:02}", file, env=environment)


def rpms():
    """Built once for all cases and kept for the next run, under a name that changes with this file."""
    digest = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:16]
    kept = pathlib.Path(tempfile.gettempdir()) / f"peekr-rpms-{os.getuid()}-{digest}"
    if not kept.exists():
        work = pathlib.Path(tempfile.mkdtemp(prefix="peekr-rpms-"))
        build(work)
        try:
            work.rename(kept)
        except OSError:  # another process was faster
            shutil.rmtree(work)
    return sorted(kept.glob("out*/*/*.rpm"))


def install(folder):
    folder.mkdir(parents=True)
    run("rpm", "--dbpath", folder.absolute(), "--define", "_db_backend sqlite", "-i", "--justdb", "--nodeps", "--noscripts", "--nosignature", "--nodigest", "--ignorearch", "--ignoreos", *rpms(),
        stderr=subprocess.DEVNULL)
    for rest in folder.iterdir():
        if rest.name != "rpmdb.sqlite":
            rest.unlink()


def headers(database):
    """[(number, header blob)]"""
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT hnum, blob FROM Packages ORDER BY hnum").fetchall()
    connection.close()
    return rows


def make_bdb(rows, file, order):
    """db5.3_load reads keys and values as hexadecimal lines; db_lorder 4321 is big endian."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number = lambda n: struct.pack("<I" if order == 1234 else ">I", n)
    pairs = [(number(0), number(max(n for n, _ in rows) + 1))] + [(number(n), blob) for n, blob in rows]
    text = f"VERSION=3\nformat=bytevalue\ntype=hash\ndb_lorder={order}\ndb_pagesize=4096\nHEADER=END\n"
    text += "".join(f" {key.hex()}\n {value.hex()}\n" for key, value in pairs) + "DATA=END\n"
    run("db5.3_load", file, input=text.encode())


def make_ndb(rows, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    header = b"RpmP" + struct.pack("<IIII", 0, len(rows), 1, rows[-1][0] + 1) + bytes(12)
    slots, blobs = b"", b""
    for number, blob in rows:
        blob_bytes = b"BlbS" + struct.pack("<III", number, 1, len(blob)) + blob
        blob_bytes += bytes(-(len(blob_bytes) + 12) % 16)
        blob_bytes += struct.pack("<II", zlib.adler32(blob_bytes), len(blob)) + b"BlbE"
        slots += b"Slot" + struct.pack("<III", number, (4096 + len(blobs)) // 16, len(blob_bytes) // 16)
        blobs += blob_bytes
    free = b"Slot" + bytes(12)
    slots = slots[:16] + free + slots[16:]  # a package that was removed
    file.write_bytes(header + slots + free * ((4096 - 32 - len(slots)) // 16) + blobs)


def make_small(rows, file):
    """The table only, in small pages: a seed for the fuzzer that is not mostly indexes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA page_size=512")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
    connection.executemany("INSERT INTO Packages VALUES (?, ?)", rows)
    connection.close()


def make_wal(database, out):
    """The last five packages are in the log only: one committed in a transaction of its own, one changed by a later one; behind
    them lie frames of a transaction that never was committed, and of an older use of the log."""
    out.parent.mkdir(parents=True)
    work = database.with_name("wal.sqlite")
    shutil.copy(database, work)
    rows = headers(work)
    connection = sqlite3.connect(work, isolation_level=None)
    for pragma in ("journal_mode=WAL", "wal_autocheckpoint=0", "cache_size=1"):
        connection.execute("PRAGMA " + pragma)
    connection.execute("DELETE FROM Packages WHERE hnum > ?", (rows[-6][0],))
    for _ in range(40):
        connection.execute("INSERT INTO Name VALUES ('old use of the log', 1, ?)", (b"x" * 2000,))
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO Packages VALUES (?, ?)", rows[-5])
    connection.execute("INSERT INTO Packages VALUES (?, ?)", (rows[-4][0], rows[-5][1]))
    connection.execute("BEGIN")
    connection.execute("UPDATE Packages SET blob = ? WHERE hnum = ?", (rows[-4][1], rows[-4][0]))
    connection.executemany("INSERT INTO Packages VALUES (?, ?)", rows[-3:])
    connection.execute("COMMIT")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM Packages")
    connection.execute("INSERT INTO Name VALUES ('not committed', 1, ?)", (b"x" * 40000,))
    for name in ("", "-wal"):
        shutil.copy(str(work) + name, str(out) + name)
    connection.close()


def hostile(file, statements):
    file.parent.mkdir(parents=True)
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def make_corrupt(rows, work, out):
    """One damage a folder."""
    place = lambda name, file: out / name / "var/lib/rpm" / file
    make_bdb(rows, work / "Packages", 1234)
    whole = bytearray((work / "Packages").read_bytes())

    def bdb(name, change):
        place(name, "Packages").parent.mkdir(parents=True)
        data = bytearray(whole)
        place(name, "Packages").write_bytes(change(data) or data)

    bdb("bdb_cut", lambda data: data[:3 * 4096 + 100])
    bdb("bdb_btree", lambda data: data.__setitem__(slice(12, 16), bytes.fromhex("62310500")))
    bdb("bdb_page_size", lambda data: data.__setitem__(slice(20, 24), struct.pack("<I", 4097)))

    def cycle(data):
        for at in range(4096, len(data), 4096):
            if data[at + 25] == 7:  # overflow: the next page is this page
                data[at + 16:at + 20] = struct.pack("<I", at // 4096)
    bdb("bdb_cycle", cycle)
    hashes = [at for at in range(4096, len(whole), 4096) if whole[at + 25] == 13]
    key = b"\x01" + struct.pack("<I", 2)
    named = next(at + whole[at:at + 4096].find(key) for at in hashes if key in whole[at:at + 4096])
    bdb("bdb_page_type", lambda data: data.__setitem__(hashes[0] + 25, 15))
    bdb("bdb_page_free", lambda data: data.__setitem__(hashes[0] + 25, 0))
    bdb("bdb_entries", lambda data: data.__setitem__(slice(hashes[0] + 20, hashes[0] + 22), bytes(2)))
    bdb("bdb_last_page", lambda data: data.__setitem__(slice(32, 36), bytes(4)))
    bdb("bdb_number", lambda data: data.__setitem__(named + 1, 0))  # of the one record that is no package

    make_ndb(rows[:2], work / "Packages.db")

    def ndb(name, change):
        place(name, "Packages.db").parent.mkdir(parents=True)
        data = bytearray((work / "Packages.db").read_bytes())
        place(name, "Packages.db").write_bytes(change(data) or data)

    ndb("ndb_cut", lambda data: data[:4096 + 32])
    ndb("ndb_number", lambda data: data.__setitem__(slice(36, 40), bytes(4)))
    ndb("ndb_slots", lambda data: data.__setitem__(slice(32, 36), b"slot"))
    ndb("ndb_overlap", lambda data: data.__setitem__(slice(48, 4096), data[32:48] * 253))
    ndb("ndb_checksum", lambda data: data.__setitem__(-20, data[-20] ^ 1))

    small = work / "small.sqlite"
    make_small(rows[:2], small)
    place("sqlite_cut", "").mkdir(parents=True)
    place("sqlite_cut", "rpmdb.sqlite").write_bytes(small.read_bytes()[:1500])
    table = "CREATE TABLE other (hnum INTEGER PRIMARY KEY, blob BLOB)"
    hostile(place("sqlite_view", "rpmdb.sqlite"), [table, "INSERT INTO other VALUES (1, x'00')",
            "CREATE VIEW Packages AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS hnum, n AS blob FROM r"])
    hostile(place("sqlite_virtual", "rpmdb.sqlite"), ["CREATE VIRTUAL TABLE Packages USING fts5(hnum, blob)"])
    hostile(place("sqlite_computed", "rpmdb.sqlite"), [
            "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB AS (zeroblob(100000000)))", "INSERT INTO Packages VALUES (1)"])
    hostile(place("sqlite_other_table", "rpmdb.sqlite"), [table])
    hostile(place("sqlite_no_blob", "rpmdb.sqlite"), [
            "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)", "INSERT INTO Packages VALUES (1, 'text'), (2, NULL)"])
    hostile(place("sqlite_no_packages", "rpmdb.sqlite"), ["CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)"])
    place("sqlite_wal_cut", "").mkdir(parents=True)
    shutil.copy(small, place("sqlite_wal_cut", "rpmdb.sqlite"))
    place("sqlite_wal_cut", "rpmdb.sqlite-wal").write_bytes(bytes.fromhex("377f0682002de218"))
    for name, journal in (("journal_hot", "d9d505f920a163d7"), ("journal_over", "0000000000000000")):
        place("sqlite_" + name, "").mkdir(parents=True)
        shutil.copy(small, place("sqlite_" + name, "rpmdb.sqlite"))
        place("sqlite_" + name, "rpmdb.sqlite-journal").write_bytes(bytes.fromhex(journal) + bytes(504))
    # At the root a file that is none of the formats is a gap; elsewhere it may be anything.
    place(".", "Packages").parent.mkdir(parents=True)
    place(".", "Packages").write_text("not a database\n")
    place("text", "Packages").parent.mkdir(parents=True)
    place("text", "Packages").write_text("not a database\n")


def main():
    kind, out = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        if kind == "sqlite":
            return install(out / "var/lib/rpm")
        install(work / "sqlite")
        rows = headers(work / "sqlite/rpmdb.sqlite")
        if kind == "sqlite_wal":
            make_wal(work / "sqlite/rpmdb.sqlite", out / "usr/lib/sysimage/rpm/rpmdb.sqlite")
        elif kind == "ndb":
            make_ndb(rows, out / "usr/lib/sysimage/rpm/Packages.db")
        elif kind == "bdb":
            make_bdb(rows, out / "var/lib/rpm/Packages", 1234)
            make_bdb(rows, out / "big_endian/var/lib/rpm/Packages", 4321)
        elif kind == "corrupt":
            make_corrupt(rows, work, out)
        elif kind == "small":
            make_small(rows[:3], out / "small/usr/share/rpm/rpmdb.sqlite")
            for number, blob in rows:
                (out / f"{number}.header").write_bytes(blob)
        else:
            sys.exit(f"rpmdb.py: {kind}: no such kind")


if __name__ == "__main__":
    main()
