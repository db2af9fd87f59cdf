// The search, the menu on small screens, and a filter for long lists of members. Everything works from a file.
(() => {
  "use strict";
  const up = document.currentScript.getAttribute("src").replace(/docs\.js$/, "");
  const box = document.getElementById("search");
  const list = document.getElementById("hits");
  const most = 30;
  const guide = new Set(["page", "section", "notebook"]);
  let entries = null;   // { name, lower, where, url, kind, text, words } once the index is there
  let hits = [];
  let chosen = -1;

  const load = () => new Promise(done => {
    if (entries) return done();
    if (window.interpSearch) { entries = flat(window.interpSearch); return done(); }
    const script = document.createElement("script");
    script.src = up + "search-index.js";
    script.onload = () => { entries = flat(window.interpSearch); done(); };
    script.onerror = () => { list.replaceChildren(item("li", "none", "the search's index is missing")); show(true); };
    document.head.append(script);
  });

  const entry = (name, where, url, kind, text, rank, weight) =>
    ({ name, where, url, kind, text, rank, weight, lower: name.toLowerCase(), all: `${where} ${name} ${text}`.toLowerCase() });

  const flat = pages => pages.flatMap(([title, path, kind, summary, weight, places]) => {
    const api = path.startsWith("api/") && kind !== "page" && kind !== "namespace";
    return [
      entry(title, "", path, kind, summary, 0, weight),
      ...places.map(([id, name, text]) => entry(name, title, `${path}#${id}`, api ? (kind === "enum" ? "value" : "member") : "section", text, 1, weight)),
    ];
  });

  // How well an entry answers: the name counts most, then its beginnings of words, then the text.
  const score = (entry, words, query) => {
    const qualified = `${entry.where}.${entry.name}`.toLowerCase();
    if (qualified === query || entry.lower === query && entry.kind !== "value") return 1000 - entry.rank * 5;
    let sum = 0;
    for (const word of words) {
      if (!entry.all.includes(word)) return -1;
      if (entry.lower === word) sum += 120;
      else if (entry.lower.startsWith(word)) sum += 90 - Math.min(30, entry.lower.length - word.length);
      else if (startsPart(entry.name, word)) sum += 60;
      else if (entry.lower.includes(word)) sum += 40;
      else if (entry.where.toLowerCase().includes(word)) sum += 20;
      else sum += 5;
    }
    const named = sum / words.length;
    // Of good answers, what explains comes before what only lists; a constructor says less than its type.
    return named - entry.rank + (named >= 40 && guide.has(entry.kind) ? 15 : 0) - (entry.name.startsWith("new ") ? 30 : 0);
  };

  // The beginning of a part of a name: Cache in RunWithCache, norm in layer_norm.
  const startsPart = (name, word) => {
    for (let at = name.toLowerCase().indexOf(word); at >= 0; at = name.toLowerCase().indexOf(word, at + 1))
      if (at === 0 || !/[a-z0-9]/i.test(name[at - 1]) || /[A-Z]/.test(name[at])) return true;
    return false;
  };

  const find = text => {
    const query = text.trim().toLowerCase();
    const words = query.split(/[\s.()]+/).filter(word => word.length > 0);
    if (words.length === 0) return [];
    return entries.map(entry => ({ entry, value: score(entry, words, query) })).filter(hit => hit.value >= 0)
      .sort((a, b) => b.value - a.value || b.entry.weight - a.entry.weight || a.entry.name.length - b.entry.name.length || (a.entry.url < b.entry.url ? -1 : 1))
      .slice(0, most).map(hit => hit.entry);
  };

  const item = (tag, style, text) => {
    const element = document.createElement(tag);
    if (style) element.className = style;
    element.textContent = text;
    return element;
  };

  const row = (entry, i) => {
    const li = document.createElement("li");
    li.id = `hit-${i}`;
    li.setAttribute("role", "option");
    const link = document.createElement("a");
    link.href = up + entry.url;
    link.tabIndex = -1;
    link.append(item("span", "kind", entry.kind), item("b", "", entry.where && entry.kind !== "section" && !entry.name.startsWith("new ") ? `${entry.where}.${entry.name}` : entry.name));
    const text = entry.kind === "section" ? `${entry.where}: ${entry.text}` : entry.text;
    if (text) link.append(item("small", "", text));
    li.append(link);
    return li;
  };

  const show = open => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
  };

  const choose = at => {
    chosen = hits.length === 0 ? -1 : (at + hits.length) % hits.length;
    [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) return;
    box.setAttribute("aria-activedescendant", `hit-${chosen}`);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };

  const search = async () => {
    if (box.value.trim() === "") return show(false);
    await load();
    hits = find(box.value);
    list.replaceChildren(...(hits.length > 0 ? hits.map(row) : [item("li", "none", `nothing is named or says '${box.value.trim()}'`)]));
    show(true);
    choose(0);
  };

  box.addEventListener("focus", () => { load(); if (box.value !== "") search(); });
  box.addEventListener("input", search);
  box.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      list.children[chosen].querySelector("a").click();
      show(false);
    } else if (event.key === "Escape") {
      show(false);
      box.blur();
    }
  });
  document.addEventListener("click", event => { if (!event.target.closest(".search") || event.target.closest("#hits a")) show(false); });
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key !== "/") return;
    event.preventDefault();
    box.focus();
  });

  // ?q=words on any page searches: a link can lead to an answer.
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    search();
  }

  const button = document.querySelector(".to-menu");
  button.addEventListener("click", event => {
    event.preventDefault();
    const open = document.documentElement.classList.toggle("menu-open");
    button.textContent = open ? "Close" : "Menu";
    button.setAttribute("aria-expanded", String(open));
  });

  const menu = document.getElementById("menu");
  const current = menu.querySelector("[aria-current]");
  if (current && menu.scrollHeight > menu.clientHeight) menu.scrollTop = current.offsetTop - menu.clientHeight / 3;

  const contents = document.querySelector(".contents ul");
  if (contents && contents.children.length > 30) {
    const filter = document.createElement("input");
    filter.type = "search";
    filter.placeholder = "Filter";
    filter.setAttribute("aria-label", "Filter the list of members");
    filter.addEventListener("input", () => {
      const word = filter.value.trim().toLowerCase();
      for (const li of contents.children) li.hidden = !li.textContent.toLowerCase().includes(word);
    });
    contents.before(filter);
  }
})();
