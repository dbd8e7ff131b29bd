"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  for (const element of all(".needs-script")) element.hidden = false;

  // Ticks are kept in this browser, by the repository and the item.
  const shelf = `migrate:ticks:${document.body.dataset.repository}`;
  const boxes = all("input[data-key]");
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(shelf)) || {};
  } catch {
    kept = {};
  }
  const progress = one("progress");
  const tell = () => {
    if (!progress) return;
    const done = boxes.filter((box) => box.checked).length;
    progress.textContent = progress.dataset.words
      .replace("{done}", done)
      .replace("{all}", boxes.length);
  };
  for (const box of boxes) {
    box.checked = Object.hasOwn(kept, box.dataset.key);
    box.addEventListener("change", () => {
      if (box.checked) kept[box.dataset.key] = 1;
      else delete kept[box.dataset.key];
      try {
        localStorage.setItem(shelf, JSON.stringify(kept));
      } catch {
        // A browser may forbid it: then the ticks last as long as the page.
      }
      tell();
      show();
    });
  }

  // Filters: words, the files of a node of the map, severities, what is ticked.
  const field = one("filter");
  const fileFilter = one("file-filter");
  const matches = one("matches");
  const onlyOpen = one("only-open");
  const map = document.querySelector("svg.map");
  const articles = all("article");
  const entries = all(".entry").map((entry) => ({
    entry,
    items: all(".item", entry),
    said: all("summary, div > p", entry).map((part) => part.textContent).join(" ").toLowerCase(),
  }));
  const rows = all(".filtered tbody tr");
  const severities = all("button[data-severity]");
  const texts = new WeakMap();
  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  let files = null;

  const show = () => {
    const words = field ? field.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    const isAsked = (...parts) => words.every((word) => parts.some((part) => part.includes(word)));
    const isOfFile = (element) => !files || files.has(element.dataset.file);
    const hidden = new Set(
      severities
        .filter((button) => button.getAttribute("aria-pressed") === "false")
        .map((button) => button.dataset.severity),
    );
    const open = onlyOpen && onlyOpen.getAttribute("aria-pressed") === "true";
    let shown = 0;
    for (const { entry, items, said } of entries) {
      let left = 0;
      for (const item of items) {
        const box = item.querySelector("input");
        const wanted =
          isOfFile(item) &&
          !hidden.has(entry.parentElement.dataset.severity) &&
          !(open && box.checked) &&
          (!words.length || isAsked(said, textOf(item)));
        item.hidden = !wanted;
        left += wanted;
      }
      entry.hidden = !left;
      shown += left;
    }
    for (const part of all(".severity")) {
      part.hidden = !all(".entry:not([hidden])", part).length;
    }
    for (const article of articles) {
      const wanted = isOfFile(article) && (!words.length || isAsked(textOf(article)));
      article.hidden = !wanted;
      shown += wanted;
    }
    for (const row of rows) {
      row.hidden = Boolean(words.length) && !isAsked(textOf(row));
      shown += !row.hidden;
    }
    if (matches) matches.textContent = shown || (!words.length && !files) ? "" : matches.dataset.none;
  };

  const onlyFiles = (node) => {
    for (const chosen of all(".chosen", map || document)) chosen.classList.remove("chosen");
    files = node ? new Set(node.dataset.files.split(" ")) : null;
    fileFilter.hidden = !node;
    if (node) {
      node.classList.add("chosen");
      fileFilter.textContent = fileFilter.dataset.words.replace("{name}", () => node.dataset.name);
    }
    show();
  };

  if (field) {
    field.form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", show);
    fileFilter.addEventListener("click", () => {
      onlyFiles(null);
      field.focus();
    });
    one("help").addEventListener("click", () => one("keys").showModal());
  }
  for (const button of [...severities, ...(onlyOpen ? [onlyOpen] : [])]) {
    button.addEventListener("click", () => {
      const pressed = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!pressed));
      show();
    });
  }

  // The map: what a node is joined with, and its files alone.
  if (map) {
    const nodes = all(".node", map);
    const flows = all(".flow", map);
    const point = (node) => {
      map.classList.toggle("focussed", Boolean(node));
      for (const element of [...nodes, ...flows]) element.classList.remove("near");
      if (!node) return;
      const near = new Set([node.dataset.node]);
      for (const flow of flows) {
        const ends = [flow.dataset.start, flow.dataset.end];
        if (!ends.includes(node.dataset.node)) continue;
        flow.classList.add("near");
        for (const end of ends) near.add(end);
      }
      for (const other of nodes) other.classList.toggle("near", near.has(other.dataset.node));
    };
    for (const node of nodes) {
      node.addEventListener("pointerenter", () => point(node));
      node.addEventListener("pointerleave", () => point(null));
      node.addEventListener("focus", () => point(node));
      node.addEventListener("blur", () => point(null));
      if (node.dataset.files) {
        node.addEventListener("click", (event) => {
          event.preventDefault();
          const again = node.classList.contains("chosen");
          onlyFiles(again ? null : node);
          if (!again) reveal(one(node.getAttribute("href").slice(1)), false);
        });
      }
    }
  }

  // A link leads to what is folded or filtered, too.
  const reveal = (element, move = true) => {
    if (!element) return;
    for (let at = element; at; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
      at.hidden = false;
    }
    const own = element.querySelector(":scope > details");
    if (own) own.open = true;
    if (move) element.scrollIntoView();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !event.defaultPrevented) reveal(one(link.getAttribute("href").slice(1)), false);
  });
  if (location.hash) reveal(one(decodeURIComponent(location.hash.slice(1))));

  // A table in the order of a column: the other way round where it is asked for again.
  const figure = (cell) => Number.parseFloat(cell.textContent.replaceAll(",", ""));
  const ordered = (one, other) => {
    const [a, b] = [figure(one), figure(other)];
    return Number.isNaN(a) || Number.isNaN(b)
      ? one.textContent.localeCompare(other.textContent)
      : b - a;
  };
  for (const heading of all(".sortable thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const body = heading.closest("table").tBodies[0];
      const column = heading.cellIndex;
      const again = heading.getAttribute("aria-sort") === "ascending";
      for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", again ? "descending" : "ascending");
      const way = again ? -1 : 1;
      const sorted = [...body.rows].sort(
        (one, other) => way * ordered(one.cells[column], other.cells[column]),
      );
      body.append(...sorted);
    });
  }

  // Keys.
  const step = (by) => {
    const changes = all(".change").filter((change) => !change.closest("[hidden]"));
    if (!changes.length) return;
    const at = changes.indexOf(document.activeElement.closest(".change"));
    const next = at < 0 ? (by > 0 ? 0 : changes.length - 1) : at + by;
    const change = changes[Math.max(0, Math.min(next, changes.length - 1))];
    reveal(change, false);
    change.focus({ preventScroll: true });
    change.scrollIntoView({ block: "start" });
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => field.focus(),
    "?": () => one("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !field || one("keys").open) return;
    if (event.key === "Escape") {
      field.value = "";
      onlyFiles(null);
      field.blur();
      return;
    }
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  // What is printed is all there is: closed parts are opened for it, then closed again.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open]):not(.places, .site)");
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });

  tell();
  show();
})();
