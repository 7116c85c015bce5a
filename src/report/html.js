// Finds, sorts, folds; everything that it shows is there without it. No request is made, and nothing is made of text but what the page
// has for those without scripts: the details of each finding, where what was read is escaped as everywhere.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;

  // Light or dark: what the system says, until the reader says otherwise; remembered where the browser lets a file.
  const theme = byId("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const remembered = () => { try { return localStorage.getItem("peekr-theme"); } catch { return null; } };
  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();
  theme.hidden = false;
  label();
  dark.addEventListener("change", label);
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("peekr-theme", root.dataset.theme); } catch { /* not kept then */ }
    label();
  });

  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "Copied";
    });
  }

  // On paper nobody can open what is folded: all is but the findings, which are as the reader has left them.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")].filter((one) => !one.closest(".finding"));
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });

  const list = byId("list");
  if (!list) return;
  const items = [...list.children];
  const search = byId("search"), layer = byId("layer"), count = byId("count"), unfold = byId("unfold");
  const all = count.textContent;
  const severities = [...document.querySelectorAll("[name=severity]")];

  // What is searched: the line, and all names and files below it. Gathered when it is first asked for.
  const texts = new Map();
  const escaped = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"};
  const plain = (markup) => markup.replace(/<[^>]*>/g, " ").replace(/&[a-z0-9#]+;/g, (one) => escaped[one] || one);
  const textOf = (item) => {
    if (!texts.has(item)) {
      const packed = item.querySelector("noscript");
      const words = packed ? item.querySelector("summary").textContent + " " + plain(packed.textContent) : item.textContent;
      texts.set(item, words.toLowerCase());
    }
    return texts.get(item);
  };

  // The details of a finding become elements when it is opened.
  const unpack = (item) => {
    const packed = item.querySelector("noscript");
    if (packed) packed.outerHTML = packed.textContent;
  };
  list.addEventListener("toggle", (event) => unpack(event.target.closest("li")), true);

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(severities.filter((box) => box.checked).map((box) => box.value));
    const shows = (item) => {
      const data = item.dataset;
      return wanted.has(data.severity) && (!byId("fixable").checked || data.fix === "1") &&
        (!byId("exploited").checked || data.kev === "1") && (!layer || !layer.value || data.layer === layer.value) &&
        words.every((word) => textOf(item).includes(word));
    };
    let shown = 0;
    for (const item of items) {
      item.hidden = !shows(item);
      if (!item.hidden) ++shown;
    }
    count.textContent = shown === items.length ? all : `${shown} of ${items.length} findings`;
  };

  const number = (name) => (a, b) => b.dataset[name] - a.dataset[name];
  const orders = {
    severity: number("severity"), risk: number("risk"), epss: number("epss"), fix: number("fix"),
    age: (a, b) => (a.dataset.age || Infinity) - (b.dataset.age || Infinity) || 0,  // the newest first
    layer: (a, b) => a.dataset.layer - b.dataset.layer,
    package: (a, b) => a.dataset.package.localeCompare(b.dataset.package),
  };
  const titles = byId("titles");
  const sort = (by) => {
    const order = orders[by];
    items.sort((a, b) => order(a, b) || orders.severity(a, b) || orders.risk(a, b));
    list.append(...items);
    for (const button of titles.children) button.setAttribute("aria-pressed", String(button.dataset.sort === by));
  };

  const clear = () => {
    byId("controls").reset();
    filter();
  };
  byId("controls").hidden = titles.hidden = unfold.hidden = false;
  byId("controls").addEventListener("input", filter);
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", clear);
  titles.addEventListener("click", (event) => {
    if (event.target.dataset.sort) sort(event.target.dataset.sort);
  });
  unfold.addEventListener("click", () => {
    const open = unfold.textContent === "Open all";
    for (const item of items) {
      if (open && !item.hidden) unpack(item);
      item.firstElementChild.open = open && !item.hidden;
    }
    unfold.textContent = open ? "Close all" : "Open all";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    search.focus();
  });
  document.querySelector(".treemap").addEventListener("click", (event) => {
    const tile = event.target.closest("[data-package]");
    if (!tile) return;
    clear();
    search.value = tile.dataset.package;
    if (layer) layer.value = tile.dataset.layer;
    filter();
    byId("findings").scrollIntoView();
  });
  filter();
})();
