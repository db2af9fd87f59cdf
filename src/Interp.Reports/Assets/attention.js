// The attention view. Thumbnails of all heads choose one; its pattern is a map and a text that answer each other.
(() => {
  "use strict";
  const night = matchMedia("(prefers-color-scheme: dark)");
  let printing = false;

  // Colours of "no attention", "full attention", marks and labels, for drawing on canvas.
  const theme = () => night.matches && !printing
    ? { low: [28, 32, 38], high: [138, 198, 250], mark: "#e4e7eb", label: "#a3abb5", none: [58, 46, 46] }
    : { low: [250, 251, 252], high: [8, 74, 145], mark: "#1b1f24", label: "#57606a", none: [240, 232, 228] };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const number = value => Number.isFinite(value) ? value.toFixed(3).replace("-", "\u2212") : "none";

  // The signs for spaces and line breaks are set back, so that the words stay readable.
  const spell = (target, visible) => {
    for (const part of visible.split(/([·⏎⇥∅])/)) {
      if (part === "") continue;
      target.append(/^[·⏎⇥∅]$/.test(part) ? element("i", "", part) : part);
    }
  };

  const unpack = async weights => {
    let bytes = Uint8Array.from(atob(weights.bdata), char => char.charCodeAt(0));
    if (weights.compression === "zlib") {
      if (!window.DecompressionStream)
        throw new Error("this browser cannot unpack the weights; use one from 2023 or later");
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    }
    if (weights.dtype === "f4") {
      const view = new DataView(bytes.buffer);
      return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
    }
    const step = (weights.high - weights.low) / 254;
    const levels = Float32Array.from({ length: 256 }, (_, code) => code === 255 ? NaN : weights.low + code * step);
    return { length: bytes.length, at: index => levels[bytes[index]] };
  };

  class AttentionView {
    constructor(root, data, weights) {
      this.data = data;
      this.n = data.tokens.length;
      this.weights = Array.isArray(weights) || ArrayBuffer.isView(weights) ? i => weights[i] : i => weights.at(i);
      this.high = data.weights.high;
      this.score = 0;
      this.shade = data.tokens.length > 64 ? "root" : "linear"; // weights over many tokens are small
      this.reading = "to"; // "to": where a token attends; "from": which tokens attend to it
      this.pointed = null; // the token under the pointer or the keyboard
      this.held = null; // the token that a click or Enter holds
      this.other = null; // the other token of the cell of the map under the pointer
      this.head = this.firstHead();
      this.build(root);
      this.choose(this.head);
      // Drawing resizes what is observed: wait for the next frame, and draw only for a new width.
      new ResizeObserver(() => requestAnimationFrame(() => {
        if (this.map.clientWidth !== this.drawnWidth) this.drawMap();
      })).observe(this.map);
    }

    firstHead() {
      const values = this.data.scores[0]?.values;
      if (!values) return 0;
      return values.reduce((best, value, head) => value > values[best] ? head : best, 0);
    }

    name(head) { return `L${Math.floor(head / this.data.heads)}H${head % this.data.heads}`; }

    weight(head, row, column) { return this.weights((head * this.n + row) * this.n + column); }

    // The weight between the current token and another, in the direction that the reader chose.
    read(current, other) {
      return this.reading === "to" ? this.weight(this.head, current, other) : this.weight(this.head, other, current);
    }

    shaded(value) {
      const part = Math.min(1, Math.max(0, value / this.high));
      return this.shade === "root" ? Math.sqrt(part) : part;
    }

    // A tall grid of heads stands beside the large head, a low or very wide one above it.
    get isTall() { return this.data.layers > 6 || this.data.layers > 3 && this.data.heads <= 12; }

    get current() { return this.held ?? this.pointed ?? this.n - 1; }

    // ---- building -------------------------------------------------------------------------------------------

    build(root) {
      this.app = root.querySelector(".attention-app");
      this.app.classList.add(this.isTall ? "side" : "rows");
      this.app.append(this.buildBar(root.id), this.buildGrid(), this.buildLarge());
      this.rateHeads();
    }

    buildBar(id) {
      const bar = element("div", "attention-bar");
      if (this.data.scores.length > 0)
        bar.append(this.segments(`${id}-score`, "Score", this.data.scores.map((score, i) => [String(i), score.name]),
          value => { this.score = Number(value); this.rateHeads(); this.writeTitle(); }));
      bar.append(
        this.segments(`${id}-reading`, "A token shows", [["to", "where it attends"], ["from", "what attends to it"]],
          value => { this.reading = value; this.showToken(); }),
        this.segments(`${id}-shade`, "Shade", [["linear", "weight"], ["root", "√ weight"]],
          value => { this.shade = value; this.redraw(); }, this.shade));
      return bar;
    }

    segments(name, title, options, chosen, first = options[0][0]) {
      const set = element("fieldset");
      const box = element("div", "segments");
      options.forEach(([value, text]) => {
        const label = element("label");
        const input = element("input");
        Object.assign(input, { type: "radio", name, value, checked: value === first });
        input.addEventListener("change", () => chosen(value));
        label.append(input, element("span", "", text));
        box.append(label);
      });
      set.append(element("legend", "", title), box);
      return set;
    }

    buildGrid() {
      const scroll = element("div", "head-scroll");
      this.grid = element("div", "head-grid" + (this.data.heads > 8 ? " small" : ""));
      this.grid.style.setProperty("--heads", this.data.heads);
      this.grid.setAttribute("role", "listbox");
      this.grid.setAttribute("aria-label", "Heads by layer; arrow keys choose one");
      this.heads = Array.from({ length: this.data.layers * this.data.heads }, (_, head) => this.buildHead(head));
      this.grid.append(...this.heads.map(each => each.button));
      this.grid.addEventListener("keydown", event => this.headKey(event));
      scroll.append(this.grid);
      return scroll;
    }

    buildHead(head) {
      const button = element("div", "head");
      button.setAttribute("role", "option");
      button.tabIndex = -1;
      const canvas = element("canvas");
      const name = element("div", "name");
      const badge = element("span", "badge");
      name.append(element("span", "", this.name(head)));
      button.append(canvas, name);
      button.addEventListener("click", () => this.choose(head));
      this.drawThumbnail(canvas, head);
      return { button, canvas, name, badge };
    }

    buildLarge() {
      const large = element("div", "head-large");
      this.title = element("p", "head-title");
      this.map = element("div", "map");
      this.canvas = element("canvas");
      this.canvas.setAttribute("role", "img");
      this.map.append(this.canvas);
      this.canvas.addEventListener("pointermove", event => this.pointAt(event));
      this.canvas.addEventListener("pointerleave", () => this.point(null, null));
      this.canvas.addEventListener("click", event => {
        const cell = this.cellAt(event);
        if (cell) this.hold(cell.token);
      });
      // Beside a tall grid the text comes first, for the map may be below the edge of the screen.
      large.append(this.title, ...this.isTall ? [this.buildReader(), this.map] : [this.map, this.buildReader()]);
      return large;
    }

    buildReader() {
      const reader = element("div", "reader" + (this.n <= 48 ? " short" : ""));
      this.words = element("div", "words");
      this.words.setAttribute("role", "listbox");
      this.words.setAttribute("aria-label", "Tokens; arrow keys move, Enter holds one, Escape lets go");
      this.tokens = this.data.visible.map((visible, i) => {
        const token = element("span", "tok");
        token.setAttribute("role", "option");
        token.dataset.index = i;
        token.tabIndex = -1;
        spell(token, visible);
        if (this.data.words === false || /^\s/.test(this.data.tokens[i])) this.words.append(element("wbr"));
        this.words.append(token);
        if (this.data.tokens[i].includes("\n")) this.words.append(element("br"));
        return token;
      });
      const index = event => {
        const token = event.target.closest(".tok");
        return token ? Number(token.dataset.index) : null;
      };
      const point = event => { if (index(event) !== null) this.point(index(event), null); };
      this.words.addEventListener("pointerover", point);
      this.words.addEventListener("pointerleave", () => this.point(null, null));
      this.words.addEventListener("click", event => { if (index(event) !== null) this.hold(index(event)); });
      this.words.addEventListener("focusin", point);
      this.words.addEventListener("keydown", event => this.tokenKey(event));
      this.sources = element("div", "sources");
      this.sources.setAttribute("aria-live", "polite");
      reader.append(this.words, this.sources, element("p", "hint",
        "Point at a token or use the arrow keys. Click or Enter holds it, Escape lets go."));
      return reader;
    }

    // ---- what the reader does -------------------------------------------------------------------------------

    headKey(event) {
      const { heads, layers } = this.data;
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: heads, ArrowUp: -heads }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = this.head + step;
      if (next < 0 || next >= heads * layers) return;
      this.choose(next);
      this.heads[next].button.focus();
    }

    tokenKey(event) {
      if (event.key === "Escape") { this.held = null; this.showToken(); return; }
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.hold(Number(event.target.dataset.index));
        return;
      }
      const ends = { Home: 0, End: this.n - 1 };
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step && !(event.key in ends)) return;
      event.preventDefault();
      const next = Math.min(this.n - 1, Math.max(0, ends[event.key] ?? Number(event.target.dataset.index) + step));
      if (this.held !== null) this.held = next;
      this.tokens[next].focus();
      this.point(next, null);
    }

    choose(head) {
      this.heads[this.head].button.setAttribute("aria-selected", "false");
      this.heads[this.head].button.tabIndex = -1;
      this.head = head;
      this.heads[head].button.setAttribute("aria-selected", "true");
      this.heads[head].button.tabIndex = 0;
      this.writeTitle();
      this.showToken();
      const { button } = this.heads[head];
      const scroll = this.grid.parentElement;
      const left = button.offsetLeft - this.grid.offsetLeft;
      if (left < scroll.scrollLeft) scroll.scrollLeft = left - 40;
      else if (left + button.offsetWidth > scroll.scrollLeft + scroll.clientWidth)
        scroll.scrollLeft = left + button.offsetWidth - scroll.clientWidth + 40;
    }

    point(token, other) {
      if (token === this.pointed && other === this.other) return;
      this.pointed = token;
      this.other = other;
      this.showToken();
    }

    hold(token) {
      this.held = token === this.held ? null : token;
      this.showToken();
    }

    cellAt(event) {
      const { left, top, cell } = this.plot;
      const row = Math.floor((event.offsetY - top) / cell);
      const column = Math.floor((event.offsetX - left) / cell);
      if (row < 0 || column < 0 || row >= this.n || column >= this.n) return null;
      return this.reading === "to" ? { token: row, other: column } : { token: column, other: row };
    }

    pointAt(event) {
      const cell = this.cellAt(event);
      this.point(cell?.token ?? null, cell?.other ?? null);
    }

    // ---- what it shows --------------------------------------------------------------------------------------

    rateHeads() {
      const score = this.data.scores[this.score];
      this.heads.forEach(({ button, name, badge }, head) => {
        const label = `Head ${this.name(head)}`;
        button.setAttribute("aria-label", label);
        if (!score) return;
        const value = Number(score.values[head]); // "NaN" arrives as a text
        const part = Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0));
        button.classList.toggle("high", part > 0.55);
        button.style.setProperty("--s", Math.round(100 * part));
        button.title = `${this.name(head)}: ${score.name} ${number(value)}`;
        button.setAttribute("aria-label", `${label}, ${score.name} ${number(value)}`);
        badge.textContent = Number.isFinite(value) ? value.toFixed(2) : "–";
        badge.classList.toggle("strong", part > 0.55);
        name.append(badge);
      });
    }

    writeTitle() {
      this.title.replaceChildren(this.name(this.head), ...this.data.scores.map(score =>
        element("small", "", `${score.name} ${number(Number(score.values[this.head]))}`)));
    }

    showToken() {
      const current = this.current;
      this.tokens.forEach((token, i) => {
        const value = this.read(current, i);
        const part = Number.isFinite(value) ? this.shaded(value) : 0;
        token.style.setProperty("--w", (100 * part).toFixed(1));
        token.classList.toggle("strong", part > 0.6);
        token.classList.toggle("here", i === current && this.held === null);
        token.classList.toggle("held", i === this.held);
        token.setAttribute("aria-selected", String(i === this.held));
        token.tabIndex = i === current ? 0 : -1;
      });
      this.listSources(current);
      this.drawMap();
    }

    listSources(current) {
      const to = this.reading === "to";
      const weights = Array.from({ length: this.n }, (_, i) => ({ i, value: this.read(current, i) }));
      const top = weights.filter(each => Number.isFinite(each.value))
        .sort((a, b) => b.value - a.value || a.i - b.i).slice(0, 5);
      if (this.other !== null && !top.some(each => each.i === this.other)) top.splice(4, 1, weights[this.other]);
      const heading = element("p");
      const name = element("span", "tok");
      spell(name, this.data.visible[current]);
      heading.append("‘", name, `’ at ${current} ${to ? "attends most to" : "is attended to most by"}`);
      const table = element("table");
      for (const { i, value } of top) {
        const row = table.insertRow();
        const at = row.insertCell();
        at.className = "at number";
        at.textContent = i;
        const token = row.insertCell();
        spell(token.appendChild(element("span", "tok")), this.data.visible[i]);
        const exact = row.insertCell();
        exact.className = "number";
        exact.textContent = number(value);
        const meter = row.insertCell();
        meter.className = "meter";
        meter.append(element("span"));
        meter.firstChild.style.setProperty("--w", (100 * Math.min(1, Math.max(0, value / this.high))).toFixed(1));
      }
      this.sources.replaceChildren(heading, table);
    }

    // ---- drawing --------------------------------------------------------------------------------------------

    paint(pixels, at, value, colors) {
      const part = this.shaded(value);
      for (let c = 0; c < 3; c++)
        pixels[at + c] = Number.isFinite(value)
          ? colors.low[c] + part * (colors.high[c] - colors.low[c]) : colors.none[c];
      pixels[at + 3] = 255;
    }

    // A patch of many cells takes its largest weight, so that a thin diagonal survives in a thumbnail.
    drawThumbnail(canvas, head) {
      const size = Math.min(this.n, 96);
      const largest = new Float32Array(size * size).fill(NaN);
      for (let row = 0; row < this.n; row++) {
        const line = Math.floor(row * size / this.n) * size;
        for (let column = 0; column < this.n; column++) {
          const at = line + Math.floor(column * size / this.n);
          const value = this.weight(head, row, column);
          if (!(largest[at] >= value)) largest[at] = Number.isNaN(value) ? largest[at] : value;
        }
      }
      canvas.width = canvas.height = size;
      const context = canvas.getContext("2d");
      const image = context.createImageData(size, size);
      const colors = theme();
      largest.forEach((value, i) => this.paint(image.data, 4 * i, value, colors));
      context.putImageData(image, 0, 0);
    }

    patternImage() {
      const image = new ImageData(this.n, this.n);
      const colors = theme();
      for (let row = 0; row < this.n; row++)
        for (let column = 0; column < this.n; column++)
          this.paint(image.data, 4 * (row * this.n + column), this.weight(this.head, row, column), colors);
      const canvas = element("canvas");
      canvas.width = canvas.height = this.n;
      canvas.getContext("2d").putImageData(image, 0, 0);
      return canvas;
    }

    drawMap() {
      const width = this.map.clientWidth;
      this.drawnWidth = width;
      if (width === 0) return;
      const labels = this.data.visible.map(text => [...text].length > 10 ? [...text].slice(0, 9).join("") + "…" : text);
      const font = "11px system-ui, sans-serif";
      const context = this.canvas.getContext("2d");
      context.font = font;
      const margin = 8 + Math.ceil(Math.max(...labels.map(text => context.measureText(text).width)));
      const room = Math.min(width - margin - 4, 560);
      const cell = Math.min(34, room / this.n >= 2 ? Math.floor(room / this.n) : room / this.n);
      this.plot = { left: margin, top: margin, cell };
      const side = cell * this.n;
      const scale = window.devicePixelRatio || 1;
      const [w, h] = [margin + side + 3, margin + side + 3];
      this.canvas.width = Math.round(w * scale);
      this.canvas.height = Math.round(h * scale);
      this.canvas.style.width = `${w}px`;
      this.canvas.style.height = `${h}px`;
      context.scale(scale, scale);
      context.imageSmoothingEnabled = false;
      context.drawImage(this.patternImage(), margin, margin, side, side);
      this.drawMarks(context, labels, font);
      this.canvas.setAttribute("aria-label", `Attention map of head ${this.name(this.head)}: ${this.n} tokens, `
        + `destination down, source across${this.data.causal ? ", causal" : ", both directions"}`);
    }

    drawMarks(context, labels, font) {
      const { left, top, cell } = this.plot;
      const side = cell * this.n;
      const colors = theme();
      const current = this.current;
      context.strokeStyle = colors.mark;
      context.lineWidth = 1;
      const along = this.reading === "to";
      context.strokeRect(left + (along ? 0 : current * cell) - .5, top + (along ? current * cell : 0) - .5,
        (along ? side : cell) + 1, (along ? cell : side) + 1);
      const [row, column] = along ? [current, this.other] : [this.other, current];
      if (this.other !== null) {
        context.lineWidth = 2;
        context.strokeRect(left + column * cell, top + row * cell, cell, cell);
      }
      context.font = font;
      context.textBaseline = "middle";
      const every = Math.max(1, Math.ceil(13 / cell));
      // The marked row and column always have their label, and those that would touch it give way.
      const draw = (marked, place) => labels.forEach((text, i) => {
        const near = marked !== null && every > 1 && Math.abs(i - marked) * cell < 13;
        if (i === marked || i % every === 0 && !near) place(text, i, i === marked);
      });
      draw(row, (text, i, marked) =>
        this.label(context, text, left - 5, top + (i + .5) * cell, "right", marked, colors));
      draw(column, (text, i, marked) =>
        this.label(context, text, left + (i + .5) * cell, top - 5, "up", marked, colors));
    }

    label(context, text, x, y, direction, strong, colors) {
      context.save();
      context.translate(x, y);
      if (direction === "up") context.rotate(-Math.PI / 2);
      context.textAlign = direction === "up" ? "left" : "right";
      context.fillStyle = strong ? colors.mark : colors.label;
      context.fillText(text, 0, 0);
      context.restore();
    }

    redraw() {
      this.heads.forEach(({ canvas }, head) => this.drawThumbnail(canvas, head));
      this.showToken();
    }
  }

  const views = [];
  const redraw = () => views.forEach(view => view.redraw());
  night.addEventListener("change", redraw);
  addEventListener("beforeprint", () => { printing = true; redraw(); });
  addEventListener("afterprint", () => { printing = false; redraw(); });

  const start = async data => {
    const root = document.getElementById(data.id);
    try {
      views.push(new AttentionView(root, data, await unpack(data.weights)));
      root.dataset.ready = "true";
    } catch (error) {
      root.querySelector(".attention-app").replaceChildren(
        element("p", "note", `The attention view could not be drawn: ${error.message}`));
      throw error;
    }
  };
  for (const data of JSON.parse(document.getElementById("data").textContent).attention ?? []) start(data);
})();
