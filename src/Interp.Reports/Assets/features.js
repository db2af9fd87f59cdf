// The view of features. The list holds all of them; the rest is unpacked part by part when a feature is looked at.
(() => {
  "use strict";
  const rowHeight = 50;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // The signs for spaces and line breaks are set back, so that the words stay readable.
  const spell = (target, visible) => {
    for (const part of visible.split(/([·⏎⇥∅])/)) {
      if (part === "") continue;
      target.append(/^[·⏎⇥∅]$/.test(part) ? element("i", "", part) : part);
    }
    return target;
  };

  const minus = text => text.replace("-", "\u2212");
  const number = value => {
    if (!Number.isFinite(value)) return "none";
    if (value === 0) return "0";
    const size = Math.abs(value);
    return minus(size >= 1000 || size < 0.001 ? value.toPrecision(3) : size >= 100 ? value.toFixed(0)
      : size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toFixed(3));
  };
  const share = value => value === 0 ? "0 %" : value >= 0.1 ? `${(100 * value).toFixed(0)} %`
    : value >= 0.0095 ? `${(100 * value).toFixed(1)} %` : `${(100 * value).toPrecision(2)} %`;

  const unpack = async id => {
    if (!window.DecompressionStream)
      throw new Error("this browser cannot unpack the features; use one from 2023 or later");
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), char => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };

  const sorts = [
    ["maximum", "strongest", view => i => -view.index.maximum[i]],
    ["density", "most frequent", view => i => -view.index.density[i]],
    ["rare", "rarest that fire", view => i => view.index.density[i] || Infinity],
    ["mean", "highest mean", view => i => -view.index.mean[i]],
    ["number", "number", view => i => view.index.index[i]],
  ];

  class FeaturesView {
    constructor(root, data, index) {
      Object.assign(this, { root, data, index, parts: new Map(), query: "", sort: "maximum", reversed: false });
      this.places = new Map(index.index.map((number, place) => [number, place]));
      this.words = index.index.map(() => null); // what a search looks through, made when first searched
      this.build();
      this.readAddress() || this.show(this.order[0], "none");
    }

    get name() { return this.data.kind; }
    token(i) { return this.index.tokens[i]; }

    // ---- the list ---------------------------------------------------------------------------------------------

    build() {
      const app = this.root.querySelector(".features-app");
      const pane = element("div", "feature-pane");
      this.list = element("div", "feature-list");
      this.rows = element("div", "feature-rows");
      this.sheet = element("div", "feature-sheet");
      this.tip = element("div", "feature-tip");
      this.tip.hidden = true;
      Object.assign(this.list, { tabIndex: 0, role: "listbox", ariaLabel: this.data.title });
      this.list.append(this.rows);
      pane.append(this.buildTools(), this.list);
      app.append(pane, this.sheet, this.tip);
      this.list.addEventListener("scroll", () => this.drawRows(), { passive: true });
      this.rows.addEventListener("click", event => {
        const row = event.target.closest(".feature-row");
        if (row) this.show(Number(row.dataset.place), "push");
      });
      this.list.addEventListener("keydown", event => this.listKey(event));
      new ResizeObserver(() => requestAnimationFrame(() => this.drawRows())).observe(this.list);
      for (const name of ["pointerover", "pointerdown"]) app.addEventListener(name, event => this.point(event));
      app.addEventListener("pointerleave", () => { this.tip.hidden = true; });
      addEventListener("scroll", () => { this.tip.hidden = true; }, { passive: true });
      this.arrange();
    }

    buildTools() {
      const tools = element("div", "feature-tools");
      this.search = element("input");
      Object.assign(this.search, { type: "search", placeholder: `token, or number of a ${this.name}`, spellcheck: false,
        autocomplete: "off", ariaLabel: "Search by token or number" });
      this.search.addEventListener("input", () => { this.query = this.search.value; this.arrange(); });
      this.search.addEventListener("keydown", event => {
        if (event.key === "Escape") { this.search.value = this.query = ""; this.arrange(); this.list.focus(); }
        else if (event.key === "Enter" && this.order.length > 0) { this.show(this.order[0], "push"); this.list.focus(); }
        else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.listKey(event);
      });
      this.select = element("select");
      this.select.ariaLabel = "Order";
      for (const [value, text] of sorts) {
        const option = element("option", "", text);
        option.value = value;
        this.select.append(option);
      }
      this.select.addEventListener("change", () => { this.sort = this.select.value; this.arrange(); });
      const turn = element("button", "", "↓");
      Object.assign(turn, { type: "button", title: "Turn the order", ariaLabel: "Turn the order" });
      turn.addEventListener("click", () => {
        this.reversed = !this.reversed;
        turn.textContent = this.reversed ? "↑" : "↓";
        this.arrange();
      });
      this.count = element("div", "feature-count");
      this.count.setAttribute("role", "status");
      tools.append(this.search, this.select, turn, this.count);
      return tools;
    }

    // Chooses and orders what the list shows.
    arrange() {
      const key = sorts.find(([name]) => name === this.sort)[2](this);
      const sign = this.reversed ? -1 : 1;
      const keys = this.index.index.map((_, place) => sign * key(place));
      this.order = this.matches().sort((a, b) => keys[a] - keys[b] || a - b);
      this.rank = new Map(this.order.map((place, rank) => [place, rank]));
      const all = this.index.index.length;
      const dead = this.index.maximum.filter(value => value <= 0).length;
      this.count.textContent = this.query === ""
        ? `${all.toLocaleString("en")} ${this.name}s` + (dead > 0 ? `, ${dead.toLocaleString("en")} never fire` : "")
        : `${this.order.length.toLocaleString("en")} of ${all.toLocaleString("en")} ${this.name}s`;
      this.rows.style.height = `${this.order.length * rowHeight}px`;
      this.list.scrollTop = 0;
      this.drawRows(true);
      this.writeSteps();
    }

    // A number finds the features that begin with it; anything else the tokens that hold it, a space in front included.
    matches() {
      const places = this.index.index.map((_, place) => place);
      const query = this.query.toLowerCase();
      if (query.trim() === "") return places;
      const digits = query.trim().replace(/^#/, "");
      if (/^\d+$/.test(digits) && (query.trim().startsWith("#") || this.places.has(Number(digits)))) {
        const exact = Number(digits);
        return places.filter(place => query.trim().startsWith("#") || this.index.index[place] === exact
          ? this.index.index[place] === exact : this.holds(place, query));
      }
      return places.filter(place => this.holds(place, query));
    }

    holds(place, query) {
      this.words[place] ??= [...this.index.peaks[place], ...this.index.promoted[place]]
        .map(token => this.token(token).replaceAll("·", " ").toLowerCase()).join("\u0001");
      return this.words[place].includes(query);
    }

    // Only the rows in sight are in the page.
    drawRows(anew = false) {
      const first = Math.max(0, Math.floor(this.list.scrollTop / rowHeight) - 4);
      const last = Math.min(this.order.length, first + Math.ceil((this.list.clientHeight || 600) / rowHeight) + 8);
      if (!anew && this.drawn?.[0] === first && this.drawn?.[1] === last) return;
      this.drawn = [first, last];
      const rows = [];
      for (let rank = first; rank < last; rank++) rows.push(this.drawRow(rank));
      this.rows.replaceChildren(...rows);
    }

    drawRow(rank) {
      const place = this.order[rank];
      const row = element("div", "feature-row");
      row.id = `${this.root.id}-row-${place}`;
      row.dataset.place = place;
      row.style.top = `${rank * rowHeight}px`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", place === this.place);
      row.append(element("b", "", String(this.index.index[place])),
        this.drawWords("words", this.index.peaks[place]),
        element("small", "", this.index.maximum[place] > 0 ? share(this.index.density[place]) : "never fires"),
        this.drawWords("words raised", this.index.promoted[place], "raises "));
      return row;
    }

    drawWords(className, tokens, before = "") {
      const words = element("span", className, tokens.length > 0 ? before : "");
      const query = this.query.toLowerCase();
      for (const token of tokens) {
        const visible = this.token(token);
        const found = query.trim() !== "" && visible.replaceAll("·", " ").toLowerCase().includes(query);
        words.append(spell(element(found ? "mark" : "span"), visible), " ");
      }
      return words;
    }

    listKey(event) {
      const rank = this.rank.get(this.place) ?? -1;
      const page = Math.max(1, Math.floor(this.list.clientHeight / rowHeight) - 1);
      const target = { ArrowDown: rank + 1, ArrowUp: rank - 1, PageDown: rank + page, PageUp: rank - page, Home: 0,
        End: this.order.length - 1 }[event.key];
      if (target === undefined || this.order.length === 0) return;
      event.preventDefault();
      this.show(this.order[Math.min(this.order.length - 1, Math.max(0, target))], "replace");
    }

    step(by) {
      const rank = this.rank.get(this.place);
      const next = rank === undefined ? this.order[0] : this.order[rank + by];
      if (next !== undefined) this.show(next, "replace");
    }

    // Scrolls the list, not the page.
    reveal() {
      const rank = this.rank.get(this.place);
      if (rank !== undefined) {
        const top = rank * rowHeight;
        const height = this.list.clientHeight || 600;
        if (top < this.list.scrollTop) this.list.scrollTop = top;
        else if (top + rowHeight > this.list.scrollTop + height) this.list.scrollTop = top + rowHeight - height;
      }
      this.drawRows(true);
      this.list.setAttribute("aria-activedescendant", `${this.root.id}-row-${this.place}`);
    }

    // ---- the address ------------------------------------------------------------------------------------------

    readAddress() {
      const match = /(?:^#|&)feature=(\d+)/.exec(location.hash);
      const place = match && this.places.get(Number(match[1]));
      if (place === undefined || place === null) return false;
      if (place !== this.place) this.show(place, "none");
      return true;
    }

    writeAddress(how) {
      if (how === "none") return;
      const address = `#feature=${this.index.index[this.place]}`;
      if (how === "push") history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    }

    // ---- one feature ------------------------------------------------------------------------------------------

    async show(place, how) {
      if (place === undefined) return;
      this.place = place;
      this.tip.hidden = true;
      this.writeAddress(how);
      this.reveal();
      const part = Math.floor(place / this.data.part);
      if (!this.parts.has(part)) this.parts.set(part, unpack(`${this.root.id}-part-${part}`));
      const sheet = (await this.parts.get(part))[place % this.data.part];
      if (this.place !== place) return; // another one was chosen meanwhile
      this.draw(sheet);
      this.root.dataset.shown = this.index.index[place];
    }

    draw(sheet) {
      const groups = element("div", "feature-groups");
      for (const group of sheet.examples) groups.append(this.drawGroup(group));
      if (sheet.examples.length === 0)
        groups.append(element("p", "feature-hint", `This ${this.name} is never above zero on the text.`));
      const hint = element("p", "feature-hint");
      for (const part of ["", "J", " and ", "K", " go through the list, ", "/", " searches it. A click on a line of text " +
        "shows all of it."]) hint.append(/^[JK/]$/.test(part) ? element("kbd", "", part) : part);
      const body = element("div", "feature-body");
      body.append(groups, this.drawGrid(sheet));
      this.sheet.replaceChildren(this.drawHead(), this.drawFacts(), body, hint);
      this.writeSteps();
    }

    drawHead() {
      const head = element("div", "feature-head");
      const steps = element("span", "step");
      this.steps = [["‹", "Previous in the list (K)", -1], ["›", "Next in the list (J)", 1]].map(([text, title, by]) => {
        const button = element("button", "", text);
        Object.assign(button, { type: "button", title, ariaLabel: title });
        button.addEventListener("click", () => this.step(by));
        return button;
      });
      steps.append(...this.steps);
      const kind = this.name.charAt(0).toUpperCase() + this.name.slice(1);
      head.append(element("h3", "", `${kind} ${this.index.index[this.place]}`), steps);
      return head;
    }

    writeSteps() {
      const rank = this.rank?.get(this.place);
      if (!this.steps) return;
      this.steps[0].disabled = rank === 0;
      this.steps[1].disabled = rank === this.order.length - 1;
    }

    drawFacts() {
      const facts = element("div", "feature-facts");
      const add = (value, text) => {
        const fact = element("span");
        fact.append(element("b", "", value), ` ${text}`);
        facts.append(fact);
      };
      const at = name => this.index[name][this.place];
      add(share(at("density")), "of tokens" + (this.data.tokens
        ? ` (${Math.round(at("density") * this.data.tokens).toLocaleString("en")})` : ""));
      add(number(at("maximum")), "maximum");
      add(number(at("mean")), "mean where on");
      if (at("minimum") < 0) add(number(at("minimum")), "minimum");
      return facts;
    }

    drawGrid(sheet) {
      const grid = element("div", "feature-grid");
      const box = (title, note, ...parts) => {
        const made = element("div", "feature-box");
        const heading = element("h4", "", title);
        if (note) heading.append(element("small", "", note));
        made.append(heading, ...parts);
        grid.append(made);
      };
      if (sheet.activations) box("Activations", "log scale", ...this.drawBars(sheet.activations, true));
      if (sheet.logits) box("Logits", "of all tokens", ...this.drawBars(sheet.logits, false));
      if (sheet.promoted) box("Raises", "logits", this.drawTokens(sheet.promoted, sheet));
      if (sheet.suppressed) box("Lowers", "logits", this.drawTokens(sheet.suppressed, sheet));
      for (const list of sheet.related) if (list.items.length > 0) box(list.title, "", this.drawRelated(list));
      return grid;
    }

    // Bars with an area over the whole height that answers to the pointer.
    drawBars({ low, width, counts }, logarithmic) {
      const size = counts.map(count => logarithmic ? Math.log1p(count) : count);
      const most = Math.max(...size, 1e-9);
      const drawing = svg("svg", { viewBox: `0 0 ${counts.length * 10} 100`, preserveAspectRatio: "none",
        class: "feature-bars", role: "img", "aria-label": `Histogram from ${number(low)} to ${number(low + width * counts.length)}` });
      counts.forEach((count, i) => {
        const height = count === 0 ? 0 : Math.max(1.5, 100 * size[i] / most);
        const from = low + i * width;
        if (count > 0) drawing.append(svg("rect", { x: i * 10 + 0.5, y: 100 - height, width: 9, height,
          class: from + width / 2 < 0 ? "bar low" : "bar" }));
        const hit = svg("rect", { x: i * 10, y: 0, width: 10, height: 100, class: "hit" });
        hit.dataset.tip = `${number(from)} to ${number(from + width)}: ${count.toLocaleString("en")}`;
        drawing.append(hit);
      });
      drawing.append(svg("line", { x1: 0, x2: counts.length * 10, y1: 100, y2: 100 }));
      if (low < 0 && low + width * counts.length > 0)
        drawing.append(svg("line", { x1: -low / width * 10, x2: -low / width * 10, y1: 0, y2: 100 }));
      const ends = element("div", "feature-ends");
      ends.append(element("span", "", number(low)), element("span", "", number(low + width * counts.length)));
      return [drawing, ends];
    }

    drawTokens({ tokens, values }, sheet) {
      const most = Math.max(...[sheet.promoted, sheet.suppressed].flatMap(list => (list?.values ?? []).map(Math.abs)), 1e-9);
      return this.drawTable(tokens.map((token, i) => [spell(element("span"), this.token(token)), values[i]]), most);
    }

    drawRelated(list) {
      return this.drawTable(list.items.map(([name, value, feature]) => {
        if (feature === undefined || !this.places.has(feature)) return [name, value];
        const link = element("a", "", name);
        link.href = `#feature=${feature}`;
        return [link, value];
      }), 1);
    }

    drawTable(rows, most) {
      const table = element("table", "feature-table");
      for (const [label, value] of rows) {
        const row = table.insertRow();
        row.insertCell().append(label);
        const meter = row.insertCell();
        meter.className = "meter";
        const bar = element("span", value < 0 ? "low" : "");
        bar.style.setProperty("--w", (100 * Math.min(1, Math.abs(value) / most)).toFixed(1));
        meter.append(bar);
        const cell = row.insertCell();
        cell.className = "number";
        cell.textContent = number(value);
      }
      return table;
    }

    drawGroup({ title, windows }) {
      const group = element("div", "feature-group");
      const [first, ...rest] = title.split(" — ");
      const heading = element("h4", "", first);
      if (rest.length > 0) heading.append(element("small", "", rest.join(" — ")));
      group.append(heading);
      for (const each of windows) group.append(this.drawWindow(each));
      group.addEventListener("click", event => {
        if (String(getSelection()) === "") event.target.closest(".feature-line")?.classList.toggle("open");
      });
      return group;
    }

    // A line of text with the token that it is about in one place, so that lines can be compared.
    drawWindow({ peak, tokens, values }) {
      const line = element("div", "feature-line");
      const text = element("span", "text");
      const before = element("span", "before");
      const after = element("span", "after");
      tokens.forEach((token, i) => {
        const side = i < peak ? before : after;
        if (this.token(token).startsWith("·")) side.append(element("wbr")); // where a whole line shows, it breaks there
        side.append(this.drawToken(token, values[i], i === peak));
      });
      text.append(before, after);
      line.append(element("span", "value", number(values[peak])), text);
      return line;
    }

    drawToken(token, value, isPeak) {
      const made = spell(element("span", "tok"), this.token(token));
      // One scale for both signs: what is a little below zero must not look like much.
      const scale = Math.max(this.index.maximum[this.place], -this.index.minimum[this.place]);
      const part = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
      if (part >= 0.03) { // less could not be told from none
        made.style.setProperty("--w", (6 + 94 * part).toFixed(0));
        if (part > 0.5) made.classList.add("strong");
        if (value < 0) made.classList.add("low");
      }
      if (isPeak) made.classList.add("peak");
      made.dataset.tip = number(value);
      return made;
    }

    // The number under the pointer.
    point(event) {
      const target = event.target.closest("[data-tip]");
      this.tip.hidden = !target;
      if (!target) return;
      this.tip.textContent = target.dataset.tip;
      const box = target.getBoundingClientRect();
      const half = this.tip.offsetWidth / 2 + 4;
      this.tip.style.left = `${Math.min(innerWidth - half, Math.max(half, box.left + box.width / 2))}px`;
      this.tip.style.top = `${Math.max(30, box.top)}px`;
    }
  }

  const keys = view => document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
    if (event.key === "j" || event.key === "J") view.step(1);
    else if (event.key === "k" || event.key === "K") view.step(-1);
    else if (event.key === "/") { event.preventDefault(); view.search.focus(); view.search.select(); }
  });

  const start = async (data, isFirst) => {
    const root = document.getElementById(data.id);
    try {
      const view = new FeaturesView(root, data, await unpack(`${data.id}-index`));
      if (isFirst) {
        keys(view);
        for (const name of ["hashchange", "popstate"]) addEventListener(name, () => view.readAddress());
      }
      root.dataset.ready = "true";
    } catch (error) {
      root.querySelector(".features-app").append(element("p", "features-failed", `The features cannot be shown: ${error.message}.`));
      root.dataset.ready = "failed";
    }
  };

  const all = JSON.parse(document.getElementById("data").textContent).features ?? [];
  all.forEach((data, i) => start(data, i === 0));
})();
