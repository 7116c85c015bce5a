#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes executables for the fixtures of tests/fixtures/catalog: executables.py KIND OUT_DIR

They have headers, one loaded segment and sections with what a linker would have put there, and no code."""
import gzip
import json
import pathlib
import struct
import sys
import zlib

BASE = 0x400000
MARKS = bytes.fromhex("3077af0c9274080241e1c107e6d618e6"), bytes.fromhex("f932433186182072008242104116d8f2")
MAGIC = b"\xff Go buildinf:"


def padded(data, size=16):
    return data + b"\0" * (-len(data) % size)


def elf(sections, notes=b"", word=8, order="<"):
    """An ELF file: one writable segment with all of it, section headers at the end. sections: [(name, bytes)]."""
    head = 64 if word == 8 else 52
    body = b"\0" * ((56 if word == 8 else 32) * 2)
    places = []
    for _, data in sections:
        body = padded(body, 16) if (head + len(padded(body, 16))) % 16 == 0 else body + b"\0" * (-(head + len(body)) % 16)
        places.append(head + len(body))
        body += data
    note_at = head + len(body)
    body += notes
    names = b"\0" + b"".join(name.encode() + b"\0" for name, _ in sections) + b".shstrtab\0"
    names_at = head + len(body)
    body += names
    table_at = head + len(body)
    pointer = "Q" if word == 8 else "I"

    def section(name, kind, at, size):
        offset = names.index(b"\0" + name.encode() + b"\0") + 1 if name else 0
        return struct.pack(order + "II" + pointer * 4, offset, kind, 3, BASE + at, at, size) + b"\0" * (24 if word == 8 else 16)

    table = section("", 0, 0, 0)
    for (name, data), at in zip(sections, places):
        table += section(name, 1, at, len(data))
    table += section(".shstrtab", 3, names_at, len(names))
    count = len(sections) + 2

    def segment(kind, at, size):
        if word == 8:
            return struct.pack(order + "II6Q", kind, 6, at, BASE + at, BASE + at, size, size, 16)
        return struct.pack(order + "8I", kind, at, BASE + at, BASE + at, size, size, 6, 16)

    segments = segment(1, 0, table_at) + segment(4, note_at, len(notes))
    body = segments + body[len(segments):]
    machine = 62 if word == 8 else 3
    header = b"\x7fELF" + bytes([2 if word == 8 else 1, 1 if order == "<" else 2, 1]) + b"\0" * 9
    header += struct.pack(order + "HHI" + pointer * 3 + "I6H", 2, machine, 1, BASE, head, table_at, 0, head,
                          56 if word == 8 else 32, 2, 64 if word == 8 else 40, count, count - 1)
    return header + body + table


def pe(sections):
    body, table, at = b"", b"", 0x400
    for name, data in sections:
        data = padded(data, 512)
        table += name.encode().ljust(8, b"\0") + struct.pack("<IIII12xI", len(data), 0x1000 + at, len(data), at + len(body), 0xC0000040)
        body += data
    optional = struct.pack("<H22xQ", 0x20B, BASE).ljust(240, b"\0")
    head = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, len(optional), 0x22) + optional + table
    return head.ljust(0x400, b"\0") + body


def macho(segment, sections, order="<"):
    at = 32 + 72 + 80 * len(sections)
    at += -at % 16
    body, table, start = b"", b"", at
    for name, data in sections:
        table += name.encode().ljust(16, b"\0") + segment.encode().ljust(16, b"\0")
        table += struct.pack(order + "QQ8I", BASE + at, len(data), at, 4, 0, 0, 0, 0, 0, 0)
        body += padded(data)
        at = start + len(body)
    command = struct.pack(order + "II", 0x19, 72 + len(table)) + segment.encode().ljust(16, b"\0")
    command += struct.pack(order + "QQQQ4I", BASE + start, len(body), start, len(body), 7, 3, len(sections), 0) + table
    header = struct.pack(order + "8I", 0xFEEDFACF, 0x0100000C, 0, 2, 1, len(command), 0, 0)
    return (header + command).ljust(start, b"\0") + body


def universal(parts):
    """One Mach-O file for two architectures."""
    at, table, body = 8 + 20 * len(parts), b"", b""
    for part in parts:
        table += struct.pack(">5I", 0x0100000C, 0, at + len(body), len(part), 4)
        body += part
    return b"\xca\xfe\xba\xbe" + struct.pack(">I", len(parts)) + table + body


def varint(number):
    out = b""
    while number >= 0x80:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def inline(version, modules):
    text = MARKS[0] + modules.encode() + MARKS[1] if modules else b""
    version = version.encode()
    return (MAGIC + bytes([8, 2])).ljust(32, b"\0") + varint(len(version)) + version + varint(len(text)) + text


def pointers(version, modules, at, word=8, order="<"):
    """As before Go 1.18: the information, two string headers, the strings; `at` is where it will lie."""
    form = order + ("Q" if word == 8 else "I")
    text = MARKS[0] + modules.encode() + MARKS[1]
    headers, strings = at + 32, at + 32 + 4 * word
    out = MAGIC + bytes([word, 0 if order == "<" else 1]) + struct.pack(form, headers) + struct.pack(form, headers + 2 * word)
    out = out.ljust(32, b"\0") + struct.pack(form, strings) + struct.pack(form, len(version))
    return out + struct.pack(form, strings + len(version)) + struct.pack(form, len(text)) + version.encode() + text


def lines(*rows):
    return "".join("\t".join(row) + "\n" for row in rows)


APP = lines(("path", "example.org/app/cmd/app"), ("mod", "example.org/app", "v1.4.0+dirty", ""),
            ("dep", "golang.org/x/net", "v0.7.0", "h1:x="), ("dep", "golang.org/x/text", "v0.3.0", ""),
            ("=>", "golang.org/x/text", "v0.3.8", "h1:y="), ("dep", "example.org/lib", "v1.0.0"), ("=>", "./lib", "(devel)", ""),
            ("build", "-compiler=gc"), ("build", "GOARCH=amd64"))


def flags(value, version="(devel)"):
    return lines(("path", "example.org/tool"), ("mod", "example.org/tool", version), ("build", f"-ldflags={json.dumps(value)}"))


def go_typical():
    data = lambda info: [(".go.buildinfo", info)]
    place = lambda head, table: BASE + head + table + -(head + table) % 16
    return {
        "elf": elf(data(inline("go1.22.1 X:nocoverageredesign", APP))),
        "elf-no-section-name": elf([(".data", inline("go1.21.0-acme", APP))]),
        "elf-pointers": elf(data(pointers("go1.15.2", APP, place(64, 112)))),
        "elf-pointers-32": elf(data(pointers("go1.13", APP, place(52, 64), 4)), word=4),
        "elf-pointers-big-endian": elf(data(pointers("go1.16.5", APP, place(64, 112), 8, ">")), order=">"),
        "exe": pe([(".data", inline("go1.20.6", APP))]),
        "macho": macho("__DATA", [("__go_buildinfo", inline("go1.19", APP))]),
        "universal": universal([macho("__DATA", [("__go_buildinfo", inline("go1.19.1", APP))])] * 2),
        "no-modules": elf(data(inline("go1.11.13", ""))),
        "devel": elf(data(inline("devel go1.23-0123abc Mon Jan 1 00:00:00 2024 +0000", APP))),
        "no-version": elf(data(inline("go1.22.0", flags("-s -w")))),
        "linked-version": elf(data(inline("go1.22.0", flags("-s -w -X main.Version=2.3.4 -X example.com/x.version=9.9.9")))),
        "linked-version-quoted": elf(data(inline("go1.22.0", flags("-X 'example.org/tool/internal.gitTag=v2.3.5' -X \"example.com/y.tag=none\"")))),
        "linked-versions-that-differ": elf(data(inline("go1.22.0", flags("-X main.version=1.0.0 -X main.apiVersion=2.0.0")))),
        "c": elf([(".text", b"no Go here")]),
        "names-the-magic": elf([(".data", MAGIC + b" is what Go programs hold")]),
        "text": b"MZ is how this text begins\n",
    }


def go_corrupt():
    whole = inline("go1.22.1", APP)
    data = lambda info: elf([(".go.buildinfo", info)])
    return {
        "cut-header": b"\x7fELF\x02\x01",
        "cut-information": data(MAGIC + b"\x08\x02"),
        "cut-modules": data(whole[:120]),
        "huge-length": data((MAGIC + b"\x08\x02").ljust(32, b"\0") + b"\xff" * 9 + b"\x01"),
        "pointers-to-nothing": data(MAGIC + b"\x08\x00" + b"\x11" * 16),
        "pointer-size": data(MAGIC + b"\x03\x00" + b"\x11" * 16),
        "no-version": data(inline("gopher", APP)),
        "odd-lines": data(inline("go1.22.1", "dep\nmod\n=>\tx\ty\n\tz\ndep\t\tv1.0.0\nbuild\tno value\nno line end")),
    }


def crates(*packages):
    return zlib.compress(json.dumps({"packages": list(packages)}).encode())


def rust_typical():
    list_ = crates({"name": "app", "version": "0.1.0", "source": "local", "dependencies": [1, 2], "root": True},
                   {"name": "time", "version": "0.1.43", "source": "crates.io"},
                   {"name": "cc", "version": "1.0.79", "source": "crates.io", "kind": "build"},
                   {"name": "regex", "version": "1.5.4", "source": "crates.io", "kind": "runtime"})
    return {"elf": elf([(".text", b"code"), (".dep-v0", list_)]), "exe": pe([(".text", b"code"), (".dep-v0", list_)]),
            "macho": macho("__DATA", [(".dep-v0", list_)]), "no-list": elf([(".text", b"code")])}


def rust_corrupt():
    list_ = crates({"name": "app", "version": "0.1.0"})
    section = lambda data: elf([(".dep-v0", data)])
    return {"cut": section(list_[:20]), "checksum": section(list_[:-1] + b"\0"), "not-packed": section(b'{"packages": []}'),
            "not-json": section(zlib.compress(b"packages")), "no-packages": section(zlib.compress(b'{"name": "x"}')),
            "odd-packages": section(zlib.compress(b'{"packages": [1, {"name": "x"}, {"name": "y", "version": "2"}]}')),
            "empty": section(b""), "bomb": section(zlib.compress(b" " * (9 << 20), 9))}


def note(text, owner=b"FDO\0", kind=0xCAFE1A7E, order="<"):
    text = text if isinstance(text, bytes) else text.encode() + b"\0"
    return struct.pack(order + "III", len(owner), len(text), kind) + padded(owner, 4) + padded(text, 4)


def elf_note_typical():
    json_ = '{"type":"rpm","name":"hello","version":"0-1.fc35.%s","architecture":"x86_64","osCpe":"cpe:/o:fedoraproject:fedora:35"}'
    deb = '{"type":"deb","os":"debian","name":"glibc","version":"2.36-9","architecture":"amd64"}'
    build_id = note(b"0123456789abcdef", b"GNU\0", 3)
    return {"section": elf([(".note.package", note(json_ % "x86_64"))]), "release-only": elf([(".note.package", note(json_ % "1"))]),
            "segment": elf([(".text", b"code")], notes=build_id + note(deb)),
            "big-endian": elf([(".note.package", note(deb, order=">"))], order=">"),
            "other-notes": elf([(".note.gnu.build-id", build_id)], notes=build_id)}


def elf_note_corrupt():
    section = lambda data: elf([(".note.package", data)])
    return {"cut": section(note('{"type":"deb"}')[:20]), "not-json": section(note("hello 1.0")), "a-list": section(note("[]")),
            "no-version": section(note('{"type":"deb","name":"x"}')), "huge": section(struct.pack("<III", 4, 0xFFFFFFFF, 0xCAFE1A7E) + b"FDO\0"),
            "empty": section(b""), "behind-a-megabyte": elf([], notes=note(bytes(1 << 20), b"GNU\0", 3) + note('{"type":"deb"}'))}


def strings(*texts):
    """Read-only data as a linker leaves it: strings with a NUL byte before and behind."""
    return [(".rodata", b"\0" + b"\0".join(text if isinstance(text, bytes) else text.encode() for text in texts) + b"\0")]


GLIBC = "GNU C Library (Debian GLIBC 2.19-18+deb8u1) stable release version 2.19, by Roland McGrath et al."
DEFLATE = b" deflate 1.2.11 Copyright 1995-2017 Jean-loup Gailly and Mark Adler "


def binary_typical():
    return {
        # What it is called does not matter, and neither does the format.
        "renamed": elf(strings("usage", GLIBC)),
        "libc-musl.so": elf(strings("1.2.3", "musl libc (x86_64)\nVersion %s\n")),
        "static": elf(strings("app 1.0", DEFLATE, "crypto/evp/evp_enc.c", "OpenSSL 1.1.1k  25 Mar 2021", "expat_2.4.1")),
        # What is left of glibc 2.36 and OpenSSL 3.0.9 in a program that asks neither for its version.
        "static-stripped": elf(strings("Unexpected reloc type in static binary.\n", "glibc.malloc.tcache_count", "glibc.rtld.nns",
                                       "glibc.rtld.dynamic_sort", "DT_RELR without GLIBC_ABI_DT_RELR dependency",
                                       "../crypto/evp/digest.c", "OSSL_provider_init", "openssl-version", "3.0.9", "provider-name")),
        # It sets an option of glibc, which is elsewhere.
        "tuner": elf(strings("glibc.rtld.dynamic_sort", "GLIBC_TUNABLES")),
        # Built with OpenSSL, which is elsewhere.
        "web": elf(strings("nginx version: nginx/1.25.1\n", "OpenSSL 3.0.9 30 May 2023", "TLS SNI support enabled")),
        "db.exe": pe(strings("@mysqld", "/build/mysql-8.0.34/sql/log.cc")),
        "macho": macho("__TEXT", [("__cstring", b"\0node.js/v18.17.1\0")]),
        "xml": elf(strings("20914", b"\0\0xmlGetGlobalState: out of memory\n")),
        # Only under its own name, since nothing in it tells.
        "traefik": elf([(".rodata", b"\0\0" + b"2.10.7\0\0$a")]),
        "other": elf([(".rodata", b"\0\0" + b"2.10.7\0\0$a")]),
        # No executable: a script.
        "elixir": b"#!/bin/sh\nset -e\n\nELIXIR_VERSION=1.15.4\n",
        "VERSION": b"go1.21.3\ntime 2023-10-09T17:04:35Z\n",
    }


def binary_corrupt():
    return {
        "no-number": elf(strings("GNU C Library (Debian GLIBC) stable release version two", "BusyBox v", "nginx version: ")),
        "cut": elf(strings(GLIBC))[:160],
        "landmark-at-the-end": b"\x7fELF" + b"BusyBox v",
        "landmarks-without-end": elf([(".rodata", b"OpenSSL 3." * 9000 + b"\0crypto/evp/")]),
        "packed": elf([(".text", b"UPX!" + b"\x0d\x16\x0e\x0a" * 40)]),
        "two-versions": elf(strings("BusyBox v1.30.1 (2019)", "BusyBox v1.35.0 (2021)")),
        "VERSION": b"1.21.3\n",
    }


def image(sbom, length=None, place=None, word=8, table=".dynsym", left=4):
    """What GraalVM leaves: the symbols sbom and sbom_length, and what they name."""
    names = b"\0other\0my_sbom\0sbom_length\0"

    def made(values):
        form, rest = ("<IBBHQQ", lambda at: (0x11, 0, 1, at, 8)) if word == 8 else ("<IIIBBH", lambda at: (at, 8, 0x11, 0, 1))
        symbols = [(0, 0), (1, 5), (10, values[0]), (15, values[1])]
        packed = b"".join(struct.pack(form, name, *rest(at)) for name, at in symbols[:left])
        number = struct.pack("<Q", len(sbom) if length is None else length)
        return elf([(table, packed), (table.replace("sym", "str"), names), (".data", number + sbom)], word=word)

    at = BASE + made((0, 0)).index(struct.pack("<Q", len(sbom) if length is None else length) + sbom)
    return made((at + 8 if place is None else place, at))


def cyclonedx(*components):
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": list(components)}
    return gzip.compress(json.dumps(document).encode(), mtime=0)


SNAKE = {"type": "library", "group": "org.yaml", "name": "snakeyaml", "version": "1.33", "purl": "pkg:maven/org.yaml/snakeyaml@1.33"}


def native_image_typical():
    list_ = cyclonedx(SNAKE, {"type": "library", "group": "io.netty", "name": "netty-codec", "version": "4.1.86.Final",
                              "purl": "pkg:maven/io.netty/netty-codec@4.1.86.Final", "licenses": [{"license": {"id": "Apache-2.0"}}]})
    return {"app": image(list_), "unstripped": image(cyclonedx(SNAKE), table=".symtab"), "app-32": image(cyclonedx(SNAKE), word=4),
            "no-sbom": elf([(".dynsym", bytes(24)), (".dynstr", b"\0")])}


def native_image_corrupt():
    return {"cut": image(cyclonedx(SNAKE)[:40]), "not-packed": image(b'{"components": []}'), "outside": image(b"x", place=1),
            "without-length": image(cyclonedx(SNAKE), left=3), "no-components": image(gzip.compress(b'{"bomFormat": "CycloneDX"}', mtime=0)),
            "too-long": image(cyclonedx(SNAKE), length=1 << 60), "empty": image(b"", length=0),
            "not-json": image(gzip.compress(b"components", mtime=0)), "odd": image(cyclonedx(1, {"type": "library", "name": "x"}))}


def php(*texts):
    return elf(strings("Zend", *texts, "zif_call"))


def php_extension_typical():
    folder = "usr/local/lib/php/extensions/no-debug-non-zts-20220829/"
    return {folder + "redis.so": php("redis", "5.3.7", "API20220829,NTS"), folder + "opcache.so": php("API20220829,NTS", "1", "8.2.12"),
            "usr/lib/php82/modules/xdebug.so": php("xdebug", "3.2.0RC1", "API20220829,TS"),
            "usr/lib/php82/modules/libother.so": php("1.2.3", "API20220829"), "usr/lib/redis.so": php("5.3.7", "API20220829,NTS")}


def php_extension_corrupt():
    return {"php/a.so": php("API20220829,NTS"), "php/b.so": php("one.two", "API20220829,NTS"), "php/.so": php("1.0", "API20220829,NTS"),
            "php/c.so": php("5.3.7", "API20220829,NTS")[:130]}


def block(key, value=b"", inside=(), text=False):
    head = key.encode("utf-16-le") + b"\0\0"
    data = padded(b"\0" * 6 + head, 4)[6:] + value
    for one in inside:
        data = padded(b"\0" * 6 + data, 4)[6:] + one
    return struct.pack("<HHH", len(data) + 6, len(value) // (2 if text else 1), int(text)) + data


def version_info(**texts):
    strings = [block(key, value.encode("utf-16-le") + b"\0\0", text=True) for key, value in texts.items()]
    names = block("VarFileInfo", inside=[block("Translation", b"\0\0\xb0\x04")])
    return b"\0" * 20 + block("VS_VERSION_INFO", b"\0" * 52, [names, block("StringFileInfo", inside=[block("000004b0", inside=strings)])])


def assembly(metadata=b"BSJB", **texts):
    return pe([(".text", b"code " + metadata), (".rsrc", version_info(**texts))])


def dotnet_pe_typical():
    return {"Newtonsoft.Json.dll": assembly(CompanyName="Newtonsoft", FileVersion="13.0.1.25517", InternalName="Newtonsoft.Json.dll",
                                            OriginalFilename="Newtonsoft.Json.dll", ProductVersion="13.0.1+ae9fe44e"),
            "renamed.dll": assembly(OriginalFilename="System.Text.Json.dll", FileVersion="6.0.121.56705", ProductVersion="6.0.1"),
            "App.exe": assembly(b"native", InternalName="App.dll", ProductVersion="1.0.0", FileVersion="1.0.0.0"),
            "native.dll": assembly(b"native", OriginalFilename="zlib1.dll", ProductVersion="1.2.11"),
            "Plain.DLL": assembly(FileVersion="4.8.9037.0 built by: NET48REL1"), "unversioned.dll": assembly(ProductVersion="none")}


def dotnet_pe_corrupt():
    whole = assembly(OriginalFilename="A.dll", ProductVersion="1.0.0")
    at = whole.index("VS_VERSION_INFO".encode("utf-16-le")) - 6
    strings = whole.index("ProductVersion".encode("utf-16-le")) - 6
    def patched(place, data):
        return whole[:place] + data + whole[place + len(data):]
    return {"text.dll": b"MZ no program", "cut.dll": whole[:strings + 20], "empty.dll": b"", "none.exe": pe([(".text", b"BSJB")]),
            "zero.dll": patched(at, b"\0\0"), "endless.dll": patched(strings, b"\0\0\xff\xff"), "huge.dll": patched(strings, b"\xff" * 6)}


BUNDLE_MARK = bytes.fromhex("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae")


def bundle(files, major=6, header=None, minor=0, host=None):
    """A single-file .NET program: the host, the files, the header. files: [(name, type, bytes)]; type 3 is deps.json."""
    host = host or elf([(".data", bytes(8) + BUNDLE_MARK)])
    text = lambda name: varint(len(name)) + name.encode()
    body, listed, deps = host, b"", (0, 0)
    for name, kind, data in files:
        place = len(body), len(data)
        deps = place if kind == 3 else deps
        listed += struct.pack("<QQ", *place) + (bytes(8) if major >= 6 else b"") + bytes([kind]) + text(name)
        body += data
    head = struct.pack("<IIi", major, minor, len(files)) + text("bWbAq3Ub")
    if major >= 2:
        head += struct.pack("<QQQQQ", *deps, 0, 0, 0)
    at = body.index(BUNDLE_MARK) - 8
    return body[:at] + struct.pack("<Q", len(body) if header is None else header) + body[at + 8:] + head + listed


def deps_json(*packages):
    target = {name: {"runtime": {"lib/x.dll": {}}} for name in packages}
    libraries = {name: {"type": "package"} for name in packages}
    return json.dumps({"runtimeTarget": {"name": "net8.0"}, "targets": {"net8.0": target}, "libraries": libraries}).encode()


DEPS = ("app.deps.json", 3, deps_json("Newtonsoft.Json/9.0.1", "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.0"))
DLL = ("app.dll", 1, b"MZ no real one")


def dotnet_bundle_typical():
    windows = pe([(".data", bytes(8) + BUNDLE_MARK)])
    return {"app": bundle([DLL, DEPS]), "net5": bundle([DLL, DEPS], 2), "core3": bundle([DLL, DEPS], 1),
            "app.exe": bundle([DEPS, DLL], host=windows), "host": bundle([], header=0)[:-30],
            "knows-the-mark": elf([(".rodata", b"a string" + BUNDLE_MARK)])}


def dotnet_bundle_corrupt():
    whole = bundle([DLL, DEPS])
    return {"cut": whole[:whole.index(DEPS[2])], "cut-header": whole[:-100], "elsewhere": bundle([DEPS], header=1 << 39),
            "no-deps": bundle([DLL]), "no-deps-listed": bundle([DLL], 1), "cut-list": bundle([DLL], 1)[:-9],
            "version": bundle([DEPS], 7), "not-json": bundle([("x", 3, b"{packages")]),
            "deps-elsewhere": bundle([DLL], 2)[:-62] + struct.pack("<QQ", 1 << 62, 5) + bundle([DLL], 2)[-46:],
            "mark-first": BUNDLE_MARK}


if __name__ == "__main__":
    kind, out = sys.argv[1], pathlib.Path(sys.argv[2])
    for name, data in globals()[kind]().items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
