// Draws every figure of the page with plotly.js in the colours of the page; print keeps the SVG.
(() => {
  "use strict";
  const night = matchMedia("(prefers-color-scheme: dark)");
  const config = {
    displaylogo: false, showSendToCloud: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
  };

  const inPageColors = figure => {
    const { data, layout } = structuredClone(figure);
    const dark = night.matches;
    delete layout.title; // the caption above says it
    layout.margin.t = 32;
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.font.color = dark ? "#a3abb5" : "#57606a";
    layout.modebar = {
      bgcolor: "rgba(0,0,0,0)", color: dark ? "#6b737d" : "#aab1b9", activecolor: dark ? "#e4e7eb" : "#1b1f24",
    };
    layout.hoverlabel = dark
      ? { bgcolor: "#2b3036", bordercolor: "#6b737d", font: { color: "#e4e7eb" } }
      : { bgcolor: "#ffffff", bordercolor: "#8c959f", font: { color: "#1b1f24" } };
    for (const axis of [layout.xaxis, layout.yaxis]) {
      axis.gridcolor = dark ? "#2b3036" : "#e6e8eb";
      axis.linecolor = axis.zerolinecolor = dark ? "#6b737d" : "#8c959f";
    }
    for (const trace of dark ? data : []) {
      if (trace.meta.darkColorscale) trace.colorscale = trace.meta.darkColorscale;
      if (trace.meta.darkColor && trace.line) trace.line.color = trace.meta.darkColor;
      if (trace.meta.darkColor && trace.marker) trace.marker.color = trace.meta.darkColor;
    }
    return { data, layout, config };
  };

  // plotly itself follows only the window; a figure also changes width with its column.
  const resized = new ResizeObserver(entries => requestAnimationFrame(() => {
    for (const { target } of entries) {
      const width = target.clientWidth;
      if (!target.dataset.width || Number(target.dataset.width) === width || width === 0) continue;
      target.dataset.width = width;
      Plotly.Plots.resize(target);
    }
  }));

  const figures = JSON.parse(document.getElementById("data").textContent).figures;
  const draw = async figure => {
    const element = document.getElementById(figure.id);
    let plot = element.querySelector(".plot");
    if (!plot) {
      plot = document.createElement("div");
      plot.className = "plot";
      plot.setAttribute("role", "img");
      const svg = element.querySelector(".static svg");
      plot.setAttribute("aria-label", svg.getAttribute("aria-label"));
      plot.style.maxWidth = `${Math.max(460, Math.round(1.25 * svg.width.baseVal.value))}px`;
      element.querySelector(".static").after(plot);
      element.classList.add("drawn");
      resized.observe(plot);
    }
    try {
      await Plotly.react(plot, inPageColors(figure));
      plot.dataset.width = plot.clientWidth;
    } catch (error) {
      plot.remove();
      element.classList.remove("drawn"); // the SVG stays
      throw error;
    }
  };
  const drawAll = () => Promise.all(figures.map(draw));
  night.addEventListener("change", drawAll);
  drawAll().then(() => { document.documentElement.dataset.plots = String(figures.length); });
})();
