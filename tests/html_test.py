#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of peekr scan -f html in a real Chromium: nothing of an image or an advisory becomes markup, nothing is asked of a network,
all stands there without scripts; search, filters, order and theme work, by keyboard too; it can be read, printed and opened at once.
usage: html_test.py PEEKR_PROGRAM"""
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402

PEEKR = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "peekr")
SCRIPT = "</script><script>alert(1)</script>"
HOSTILE = [SCRIPT, "<!--", "--><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "' autofocus onfocus='alert(1)", "&lt;b&gt; &#x41;",
           "{}", "</title></style><svg onload=alert(1)>", "a\u2028b\u2029c", "\u202egnp.exe\u202c", "]]>", "${alert(1)}", "<base href=//evil.example>",
           "<meta http-equiv=refresh content=0;url=//evil.example>", "javascript:alert(1)"]
# All elements that the page is made of.
ELEMENTS = set("html head meta title style body a header p span button h1 ul li time main section h2 h3 div table caption thead tbody tr th td svg rect "
               "g text title details summary ol form label input fieldset legend select option output b small code dl dt dd footer script noscript".split())


def stanza(name, version, source=""):
    return (f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\n" + (f"Source: {source}\n" if source else "") +
            f"Version: {version}\n\n")


def advisory(number, ecosystem, name, fixed=None, **more):
    events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
    cve = f"CVE-2023-{number}"
    return {"schema_version": "1.7.0", "id": ("DEBIAN-" if ecosystem.startswith("Debian") else "GHSA-") + cve, "modified": "2023-10-25T00:00:00Z",
            "published": "2023-06-01T00:00:00Z", "aliases": [cve], "affected": [
                {"package": {"ecosystem": ecosystem, "name": name},
                 "ranges": [{"type": "ECOSYSTEM" if ":" in ecosystem else "SEMVER", "events": events}]}], **more}


def vector(impact):
    return [{"type": "CVSS_V3", "score": f"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:{impact}/I:{impact}/A:{impact}"}]


def many():
    """1,500 vulnerabilities of 100 packages."""
    status = "".join(stanza(f"package{i}", "1.0-1") for i in range(100))
    advisories = [advisory(10000 + i, "Debian:12", f"package{i % 100}", "1.0-2" if i % 3 else None, severity=vector("HLN"[i % 3]) if i % 4 else [],
                           summary=f"A flaw of some kind, the {i}th: what is read is not what was written, and who can send it decides which",
                           references=[{"type": "WEB", "url": f"https://example.org/advisories/{i}/{j}"} for j in range(4)]) for i in range(1500)]
    return {"etc/os-release": "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n", "var/lib/dpkg/status": status}, advisories


def some():
    status = (stanza("libssl3", "3.0.9-1", "openssl") + stanza("openssl", "3.0.9-1") + stanza("zlib1g", "1:1.2.13", "zlib") + stanza("apt", "2.6.1"))
    advisories = [advisory(1, "Debian:12", "openssl", "3.0.11-1", severity=vector("H"), summary="key and IV lengths are read too late"),
                  advisory(2, "Debian:12", "openssl", "3.0.10-1", severity=vector("L")), advisory(3, "Debian:12", "openssl"),
                  advisory(4, "Debian:12", "zlib", severity=vector("H")), advisory(5, "npm", "lodash", "4.17.21", severity=vector("H"))]
    return {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status,
            "app/package.json": '{"name": "app", "version": "1.0.0"}',
            "app/node_modules/lodash/package.json": '{"name": "lodash", "version": "4.17.4"}'}, advisories


def hostile():
    files, advisories = {"etc/os-release": f"ID=debian\nVERSION_ID=12\nPRETTY_NAME='Debian {SCRIPT} \u202e'\n"}, []
    status = ""
    for number, text in enumerate(HOSTILE):
        status += stanza(text, "1.0-1")
        advisories.append(advisory(100 + number, "Debian:12", text, "1.0-2", summary=text, details=text, severity=vector("H"),
                                   references=[{"type": "WEB", "url": text}, {"type": "EVIDENCE", "url": "javascript:alert(1)//" + text},
                                               {"type": "WEB", "url": "https://example.org/" + text}]))
        folder = f"app/{number}/" + text.replace("/", "_")
        files[folder + "/node_modules/x/package.json"] = json.dumps({"name": text, "version": "1.0.0"})
        advisories.append(advisory(200 + number, "npm", text, "2.0.0", summary=text))
    files["var/lib/dpkg/status"] = status
    files["usr/lib/python3/dist-packages/" + HOSTILE[2].replace("/", "_") + ".jar"] = "not a zip"
    return files, advisories


class Outline(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.words.append(data)


LUMINANCE = """(colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => colour.startsWith("color(") ? v * 1 : v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; }"""
# The texts that stand out less from what is behind them than 4.5 to 1 (WCAG 2.2, 1.4.3).
FAINT = """(() => {
  const luminance = %s;
  const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const behind = (element) => { for (let e = element; e; e = e.parentElement) {
    const colour = e.closest("svg") && e.tagName !== "svg" ? null : getComputedStyle(e).backgroundColor;
    if (colour && !/, 0\\)$/.test(colour)) return colour; } return "rgb(255, 255, 255)"; };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement, style = getComputedStyle(element);
    if (!node.data.trim() || element.closest("details:not([open]) > :not(summary)") || !element.checkVisibility() || element.closest("script, title, .unseen, option")) continue;
    const tile = element.closest(".tile");
    const colour = element.closest("svg") ? style.fill : style.color;
    const ratio = contrast(colour, tile ? getComputedStyle(tile.querySelector("rect")).fill : behind(element));
    if (ratio < 4.5) faint.push(element.className.baseVal ?? element.className ?? "", element.tagName, node.data.slice(0, 30), ratio.toFixed(2));
  }
  return faint; })()""" % LUMINANCE


class HtmlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.at = pathlib.Path(cls.folder.name)
        cls.pages = {name: cls.page(name, *made()) for name, made in (("some", some), ("many", many), ("hostile", hostile))}
        cls.pages["none"] = cls.page("none", some()[0], [advisory(1, "Debian:12", "apt", "2.0")])
        cls.browser = browser.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.folder.cleanup()

    @classmethod
    def page(cls, name, files, advisories):
        root = cls.at / (SCRIPT.replace("/", "_") if name == "hostile" else name)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        feed = cls.at / (name + ".feed")
        feed.mkdir()
        for number, one in enumerate(advisories):
            (feed / f"{number}.json").write_text(json.dumps(one))
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "XDG_CACHE_HOME": str(cls.at)}
        for arguments in (["db", "build", "--from", str(feed), "--db", str(cls.at / (name + ".db"))],
                          ["scan", f"rootfs:{root}", "--db", str(cls.at / (name + ".db")), "--offline", "-q", "-f", f"html={cls.at / name}.html",
                           "-f", f"json={cls.at / name}.json"]):
            done = subprocess.run([PEEKR, *arguments], capture_output=True, text=True, env=environment)
            assert done.returncode == 0, done.stderr
        return cls.at / f"{name}.html"

    def setUp(self):
        self.browser.set_scripts(True)
        self.browser.media()
        self.browser.size(1440, 900)

    def open(self, name):
        took = self.browser.open(self.pages[name].as_uri())
        self.run_js("localStorage.clear()")
        return took

    def run_js(self, expression):
        return self.browser.run(expression)

    def shown(self):
        return self.run_js("[...document.querySelectorAll('.finding')].filter((e) => !e.hidden).map((e) => e.querySelector('.what b').textContent)")

    def type(self, selector, text):
        self.run_js(f"(() => {{ const e = document.querySelector('{selector}'); e.value = {json.dumps(text)};"
                    " e.dispatchEvent(new Event('input', {bubbles: true})); })()")

    def click(self, selector):
        self.run_js(f"document.querySelector({json.dumps(selector)}).dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")

    def no_complaints(self, name):
        self.assertEqual(self.browser.console, [])
        self.assertEqual([url for url in self.browser.requests if url != self.pages[name].as_uri()], [])

    def test_nothing_is_asked_of_a_network_and_nothing_complains(self):
        for name in self.pages:
            self.open(name)
            self.no_complaints(name)
            self.assertNotRegex(self.pages[name].read_text(), r"""(?i)<(link|img|iframe|object|embed|base)\b|<script src|@import|url\(""")

    def test_what_is_read_is_never_markup(self):
        text = self.pages["hostile"].read_text()
        outline = Outline(text)
        self.assertEqual(set(outline.elements) - ELEMENTS, set())
        self.assertEqual((outline.elements.count("script"), outline.elements.count("style")), (1, 1))
        self.assertEqual([one for one in outline.attributes if one[0].startswith("on") or one[0] in ("style", "src", "srcdoc", "autofocus")], [])
        for key, value in outline.attributes:
            if key == "href":
                self.assertRegex(value, r"^(#|https?://)")
        self.assertNotIn("\u202e", text)
        self.assertNotIn("\u2028", re.sub(r"(?s)<style>.*?</style>", "", text.split("<script>")[1]))
        self.open("hostile")
        self.no_complaints("hostile")
        self.click("#unfold")
        words = self.run_js("document.body.textContent")
        self.no_complaints("hostile")
        for one in HOSTILE:
            self.assertIn(re.sub("[\u2028-\u202e]", "\ufffd", one), words)
        self.assertEqual(self.run_js("document.scripts.length"), 1)
        # Not even a script that somebody got in would run.
        self.run_js("(() => { const e = document.createElement('script'); e.textContent = 'window.ran = 1'; document.body.append(e); })()")
        self.assertIsNone(self.run_js("window.ran"))
        self.assertTrue(any("Content Security Policy" in line for line in self.browser.console), self.browser.console)

    def test_all_findings_are_there_without_scripts(self):
        findings = {one["id"] for one in json.loads((self.at / "some.json").read_text())["findings"]}
        self.browser.set_scripts(False)
        self.browser.open(self.pages["some"].as_uri())
        document = self.browser.send("DOM.getDocument", depth=0)["root"]["nodeId"]

        def nodes(selector):
            return self.browser.send("DOM.querySelectorAll", nodeId=document, selector=selector)["nodeIds"]
        listed = [self.browser.send("DOM.getOuterHTML", nodeId=node)["outerHTML"] for node in nodes(".finding .what b")]
        self.assertEqual({re.sub("<.*?>", "", one) for one in listed}, findings)
        self.assertGreater(len(nodes(".finding details .more table")), len(findings))
        for selector in ("#controls", "#theme", "#titles", "#unfold"):
            self.assertEqual(len(nodes(selector + "[hidden]")), 1, selector)
        self.assertEqual(nodes(".finding[hidden]"), [])

    def test_search_and_filters(self):
        self.open("some")
        every = self.shown()
        self.assertEqual(len(every), 5)
        self.assertEqual(self.run_js("document.getElementById('count').textContent"), "5 findings")
        self.type("#search", "OpenSSL")
        self.assertEqual(sorted(self.shown()), ["CVE-2023-1", "CVE-2023-2", "CVE-2023-3"])
        self.assertEqual(self.run_js("document.getElementById('count').textContent"), "3 of 5 findings")
        self.type("#search", "openssl lengths")
        self.assertEqual(self.shown(), ["CVE-2023-1"])
        self.type("#search", "node_modules")
        self.assertEqual(self.shown(), ["CVE-2023-5"])
        self.type("#search", "caption")
        self.assertEqual(self.shown(), [], "what it is made of is not searched")
        self.assertEqual(self.run_js("document.querySelectorAll('.finding .more').length"), 0)
        self.click("#clear")
        self.click(".finding summary")
        self.run_js("new Promise((done) => setTimeout(done, 50))")
        self.assertEqual(self.run_js("[...document.querySelectorAll('.finding')].map((e) => e.querySelectorAll('.more table').length > 0)"), [True, False, False, False, False])
        self.type("#search", "openssl lengths")
        self.assertEqual(self.shown(), ["CVE-2023-1"], "opened or not")
        self.click("#clear")
        self.assertEqual(self.shown(), every)
        self.click("#fixable")
        self.assertEqual(sorted(self.shown()), ["CVE-2023-1", "CVE-2023-2", "CVE-2023-5"])
        self.click("[name=severity][value='5']")
        self.assertEqual(self.shown(), ["CVE-2023-2"])
        self.click("#clear")
        self.click("#exploited")
        self.assertEqual(self.shown(), [])
        self.click("#clear")
        self.click(".tile[data-package=zlib]")
        self.assertEqual(self.shown(), ["CVE-2023-4"])
        self.no_complaints("some")

    def test_order(self):
        self.open("some")
        self.click("[data-sort=package]")
        names = self.run_js("[...document.querySelectorAll('.finding')].map((e) => e.dataset.package)")
        self.assertEqual(names, sorted(names))
        self.click("[data-sort=severity]")
        grades = self.run_js("[...document.querySelectorAll('.finding')].map((e) => +e.dataset.severity)")
        self.assertEqual(grades, sorted(grades, reverse=True))
        self.assertEqual(self.run_js("document.querySelector('[data-sort=severity]').getAttribute('aria-pressed')"), "true")

    def test_areas_of_the_treemap_are_risks(self):
        risks = {}
        for one in json.loads((self.at / "some.json").read_text())["findings"]:
            risks.setdefault(one["package"]["source"] or one["package"]["name"], {})[one["id"]] = one["risk"]["score"]
        risks = {source: sum(of.values()) for source, of in risks.items()}
        self.open("some")
        boxes = self.run_js("Object.fromEntries([...document.querySelectorAll('.tile')].map((e) => [e.dataset.package, (({x, y, width, height}) =>"
                            " [x, y, width, height])(e.querySelector('rect').getBoundingClientRect())]))")
        self.assertEqual(set(boxes), set(risks))
        scale = {source: box[2] * box[3] / risks[source] for source, box in boxes.items()}
        self.assertLess(max(scale.values()) / min(scale.values()), 1.05, scale)
        places = list(boxes.values())
        for i, (x, y, width, height) in enumerate(places):
            for u, v, across, down in places[:i]:
                self.assertTrue(x + width <= u + 1 or u + across <= x + 1 or y + height <= v + 1 or v + down <= y + 1, "they lie on each other")

    def test_theme(self):
        colour = "getComputedStyle(document.body).backgroundColor"
        self.open("some")
        light = self.run_js(colour)
        self.click("#theme")
        dark = self.run_js(colour)
        self.assertNotEqual(light, dark)
        self.browser.open(self.pages["some"].as_uri())
        self.assertEqual(self.run_js(colour), dark, "it is remembered")
        self.run_js("localStorage.clear()")
        self.browser.media(dark=True)
        self.open("some")
        self.assertEqual(self.run_js(colour), dark, "what the system says")
        self.click("#theme")
        self.assertEqual(self.run_js(colour), light)

    def test_keyboard(self):
        self.open("some")
        self.browser.key("/", "/")
        self.assertEqual(self.run_js("document.activeElement.id"), "search")
        self.run_js("document.querySelector('.finding summary').focus()")
        self.browser.key("Enter", "\r")
        self.assertTrue(self.run_js("document.querySelector('.finding details').open"))
        self.click("#unfold")
        self.assertEqual(self.run_js("document.querySelectorAll('.finding details[open]').length"), 5)

    def test_everybody_can_read_it(self):
        for name in ("some", "none"):
            for dark in (False, True):
                self.browser.media(dark=dark)
                self.open(name)
                self.run_js("document.querySelector('.finding details')?.setAttribute('open', '')")
                self.assertEqual(self.run_js(FAINT), [], (name, dark))
        self.open("some")
        self.assertEqual(self.run_js("document.querySelectorAll('table:not(:has(> caption))').length"), 0)
        levels = self.run_js("[...document.querySelectorAll('h1, h2, h3')].map((e) => +e.tagName[1])")
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels)
        ids = self.run_js("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        self.assertEqual(len(ids), len(set(ids)))
        self.run_js("document.getElementById('unfold').click()")
        for node in self.browser.send("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            if not node.get("ignored") and role in ("button", "link", "checkbox", "searchbox", "combobox", "image", "DisclosureTriangle", "region"):
                self.assertTrue(node.get("name", {}).get("value"), node)

    def test_no_page_is_wider_than_its_window(self):
        for name in self.pages:
            for width in (1440, 768, 390):
                self.browser.size(width, 900)
                self.open(name)
                self.run_js("document.querySelector('.finding details')?.setAttribute('open', '')")
                self.assertLessEqual(self.run_js("document.documentElement.scrollWidth"), width, (name, width))

    def test_print(self):
        self.open("some")
        self.browser.media("print", dark=True)
        self.assertEqual(self.run_js("getComputedStyle(document.getElementById('controls')).display"), "none")
        self.assertEqual(self.run_js("getComputedStyle(document.getElementById('titles')).display"), "grid")  # what the columns are
        self.assertEqual(self.run_js("getComputedStyle(document.documentElement).colorScheme"), "light")
        self.assertGreater(len(self.browser.send("Page.printToPDF")["data"]), 10000)
        folded = "document.querySelectorAll('details:not([open])').length"
        of_findings = "document.querySelectorAll('.finding details:not([open])').length"
        closed = self.run_js(folded)
        self.assertGreater(closed, self.run_js(of_findings))
        self.run_js("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.run_js(folded), self.run_js(of_findings))
        self.run_js("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.run_js(folded), closed)

    def test_1500_findings_open_at_once(self):
        with browser.Browser() as fresh:
            fresh.size(1440, 900)
            took = fresh.open(self.pages["many"].as_uri())
            search = fresh.run("(() => { const start = performance.now(), e = document.getElementById('search'); e.value = 'package7';"
                               " e.dispatchEvent(new Event('input', {bubbles: true})); document.body.offsetHeight; return performance.now() - start; })()")
            self.assertEqual(fresh.run("document.getElementById('count').textContent"), f"{15 * 11} of 1500 findings")
        print(f"1,500 findings, {self.pages['many'].stat().st_size / 1e6:.1f} MB: open in {took:.2f} s, first search in {search:.0f} ms")
        self.assertLess(took, 10, "one second where nothing else runs")


if __name__ == "__main__":
    if browser.PROGRAM is None:
        print("skipped: there is no Chromium")
        sys.exit(0)
    try:
        browser.Browser().__exit__()
    except (EOFError, TimeoutError, OSError) as error:
        print(f"skipped: Chromium does not start here: {error}")
        sys.exit(0)
    unittest.main(argv=sys.argv[:1])
