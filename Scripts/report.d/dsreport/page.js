"use strict";
// Draws the charts that are seen, in the page's colours, and draws them again when those change.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 40rem)");
  const printWidth = 680;
  const printHeight = 380;
  // Pixels, of the letters that charts on a phone have.
  const letterWidth = 6.2;
  const legendLine = 19;
  const secondLine = 10;
  let isPrinting = false;

  const shade = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // The figures hold stand-ins where a colour depends on the theme; see palette.py.
  function specification(panel) {
    const text = panel.querySelector('script[type="application/json"]').textContent
      .replaceAll('"#010101"', JSON.stringify(shade("--ink")))
      .replaceAll('"#020202"', JSON.stringify(shade("--muted")))
      .replaceAll('"#030303"', JSON.stringify(shade("--card")));
    return JSON.parse(text);
  }

  function themed(layout) {
    const isNarrow = narrow.matches && !isPrinting;
    Object.assign(layout, {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: {
        family: getComputedStyle(document.body).fontFamily,
        size: isNarrow ? 11 : 13,
        color: shade("--ink"),
      },
      hoverlabel: {
        bgcolor: shade("--card"),
        bordercolor: shade("--line"),
        font: { color: shade("--ink") },
        align: "left",
      },
      dragmode: isNarrow ? false : "zoom",
      width: isPrinting ? printWidth : undefined,
      autosize: !isPrinting,
    });
    for (const name of Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))) {
      const axis = layout[name];
      axis.gridcolor = shade("--grid");
      axis.linecolor = shade("--line");
      axis.tickfont = { ...axis.tickfont, color: shade("--muted") };
    }
  }

  // On a phone the names of rows take two lines, and those of many columns are left to the finger. Legends and rows
  // get the height that this takes, so that no words come to lie on others.
  function narrowed(data, layout) {
    if (layout.meta?.denseX) layout.xaxis.showticklabels = false;
    const entries = layout.showlegend === false ? []
      : data.filter((trace) => trace.name && trace.showlegend !== false).map((trace) => trace.name);
    const entryWidth = Math.max(60, letterWidth * Math.max(0, ...entries.map((name) => name.length)));
    layout.legend = {
      ...layout.legend, xref: "container", yref: "container", y: 1, yanchor: "top", entrywidth: entryWidth,
      entrywidthmode: "pixels", font: { size: 10 }, maxheight: 0.9,
    };
    layout.height += legendLine * Math.ceil(entries.length / (entryWidth > 90 ? 1 : 2));
    const names = new Set();
    for (const trace of data.filter((each) => each.orientation === "h")) {
      const rows = trace.type === "box" ? [trace.name] : trace.y;
      const axis = layout["yaxis" + (trace.yaxis ?? "y").slice(1)];
      axis.tickmode = "array";
      axis.tickfont = { ...axis.tickfont, size: 10 };
      axis.tickvals = [...new Set([...(axis.tickvals ?? []), ...rows])];
      axis.ticktext = axis.tickvals.map(inTwoLines);
      rows.forEach((name) => names.add((trace.yaxis ?? "y") + name));
    }
    layout.height += secondLine * names.size;
  }

  function inTwoLines(name) {
    if (name.includes("<br>")) return name;
    const words = name.split(" ");
    let first = words.shift();
    while (words.length && first.length + words[0].length < name.length / 2 + 1) first += " " + words.shift();
    return words.length ? first + "<br>" + words.join(" ") : first;
  }

  function draw(panel) {
    const chart = panel.querySelector(".chart");
    const { data, layout } = specification(panel);
    const settings = {
      responsive: !isPrinting,
      displaylogo: false,
      displayModeBar: false,
      scrollZoom: false,
    };
    panel.dataset.drawn = "yes";
    themed(layout);
    const isList = data.some((trace) => trace.orientation === "h");
    if (isPrinting && !isList) layout.height = Math.min(layout.height, printHeight);
    if (narrow.matches && !isPrinting) narrowed(data, layout);
    chart.style.height = layout.height + "px";
    return Plotly.react(chart, data, layout, settings);
  }

  const panels = [...document.querySelectorAll(".panel")];
  const drawAgain = () =>
    panels.filter((panel) => panel.dataset.drawn && (isPrinting || !panel.hidden)).forEach(draw);

  // Tabs, with the arrow keys as people expect of them.
  for (const list of document.querySelectorAll('[role="tablist"]')) {
    const tabs = [...list.querySelectorAll('[role="tab"]')];
    const select = (chosen) => {
      for (const tab of tabs) {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", isChosen);
        tab.tabIndex = isChosen ? 0 : -1;
        const panel = document.getElementById(tab.getAttribute("aria-controls"));
        panel.hidden = !isChosen;
        if (isChosen) draw(panel);
      }
    };
    list.addEventListener("click", (event) => {
      const tab = event.target.closest('[role="tab"]');
      if (tab) select(tab);
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = tabs.indexOf(document.activeElement);
      const next = tabs[(at + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
      event.preventDefault();
    });
    tabs.slice(1).forEach((tab) => {
      document.getElementById(tab.getAttribute("aria-controls")).hidden = true;
    });
  }

  // A chart is drawn when it comes near the window: a page of forty opens at once.
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || target.hidden) continue;
      observer.unobserve(target);
      if (!target.dataset.drawn) draw(target);
    }
  }, { rootMargin: "600px" });
  panels.forEach((panel) => observer.observe(panel));

  dark.addEventListener("change", drawAgain);
  narrow.addEventListener("change", drawAgain);
  addEventListener("beforeprint", () => {
    isPrinting = true;
    document.documentElement.classList.add("on-paper");
    panels.forEach(draw);
  });
  addEventListener("afterprint", () => {
    isPrinting = false;
    document.documentElement.classList.remove("on-paper");
    drawAgain();
  });
})();
