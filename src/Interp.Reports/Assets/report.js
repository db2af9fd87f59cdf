// Tables that sort, and token texts that read out the number under the pointer or by arrow keys.
(() => {
  "use strict";
  const key = cell => {
    if (cell.dataset.value === undefined) return cell.textContent;
    const number = Number(cell.dataset.value);
    return Number.isNaN(number) ? -Infinity : number; // "not a number" and the like sort below all numbers
  };
  const order = (a, b) => typeof a === "number" && typeof b === "number"
    ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });

  const sortable = table => {
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        // Numbers begin with the largest, names with the first.
        const first = header.classList.contains("number") ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const direction = header.getAttribute("aria-sort") === first ? other : first;
        for (const each of headers) each.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", direction);
        const sign = direction === "ascending" ? 1 : -1;
        const rows = [...table.tBodies[0].rows]
          .sort((a, b) => sign * order(key(a.cells[column]), key(b.cells[column])));
        table.tBodies[0].append(...rows);
      });
    });
  };

  const readable = figure => {
    const text = figure.querySelector(".token-text");
    const output = figure.querySelector(".readout");
    const tokens = [...text.querySelectorAll(".tok")];
    let here = -1;
    const show = index => {
      tokens[here]?.classList.remove("here");
      here = index;
      tokens[here]?.classList.add("here");
      output.textContent = tokens[here]?.title ?? "";
    };
    text.addEventListener("pointerover", event => {
      const token = event.target.closest(".tok");
      if (token) show(Number(token.dataset.index));
    });
    text.addEventListener("pointerleave", () => show(-1));
    text.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") show(-1);
      if (!step) return;
      event.preventDefault();
      show(Math.min(tokens.length - 1, Math.max(0, here + step)));
    });
  };

  document.querySelectorAll("table[id^=table-]").forEach(sortable);
  document.querySelectorAll("figure.tokens").forEach(readable);
  document.documentElement.dataset.report = "ready";
})();
