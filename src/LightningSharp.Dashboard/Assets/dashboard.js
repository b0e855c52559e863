"use strict";
(function () {
  var el = LS.el, chosen = [], charts = {}, runs = [], source = null, waiting = null, details = null, colours = {}, sorted = { column: 0, up: true };
  function by(id) { return document.getElementById(id); }
  function get(path) { return fetch(path).then(function (r) { if (!r.ok) throw new Error(r.status); return r.json(); }); }
  function query(list) { return list.map(function (id) { return "run=" + encodeURIComponent(id); }).join("&"); }
  // a run keeps its colour while the page is open, whatever the filter shows
  function colour(id) { if (!(id in colours)) colours[id] = Object.keys(colours).length; return LS.palette[colours[id] % LS.palette.length]; }

  function listRuns() {
    return get("/api/runs?filter=" + encodeURIComponent(by("filter").value)).then(function (list) {
      if (!runs.length) list.slice().sort(function (a, b) { return a.id < b.id ? -1 : 1; }).forEach(function (r) { colour(r.id); });
      if (!runs.length && !chosen.length && list.length) chosen = [list[0].id];
      runs = list;
      drawRuns(list);
    }).catch(function (e) { by("state").textContent = "no answer (" + e.message + ")"; });
  }

  function drawRuns(list) {
    var host = by("runs");
    host.textContent = "";
    by("count").textContent = list.length + (list.length === 1 ? " run" : " runs") + (list.length > 500 ? ", the newest 500 shown" : "");
    list.slice(0, 500).forEach(function (r) {
      var label = el("label"), box = el("input", { type: "checkbox" }), name = el("span", {}, r.id), dot = el("i");
      box.checked = chosen.indexOf(r.id) >= 0;
      name.style.color = colour(r.id);
      box.onchange = function () { chosen = box.checked ? chosen.concat([r.id]) : chosen.filter(function (c) { return c !== r.id; }); follow(); };
      label.appendChild(box); label.appendChild(name);
      if (r.live) { dot.className = "live"; dot.title = "changed within the last minute"; label.appendChild(dot); }
      host.appendChild(label);
    });
  }

  // one row a run: hyper-parameters that differ, last values; a click on a head sorts
  function compare() {
    var host = by("compare");
    if (chosen.length < 2) { host.textContent = ""; return; }
    get("/api/compare?" + query(chosen)).then(function (c) {
      var columns = ["run"].concat(c.parameters, c.metrics), rows = c.rows.map(LS.numbers), table;
      function value(v) { return typeof v === "string" && v !== "" && !isNaN(v) ? +v : v; }
      function draw() {
        host.textContent = "";
        host.appendChild(el("h2", {}, "Runs side by side"));
        rows.sort(function (a, b) {
          var x = value(a[sorted.column]), y = value(b[sorted.column]);
          if (x === null || x === undefined || x === "") return 1;
          if (y === null || y === undefined || y === "") return -1;
          return (x < y ? -1 : x > y ? 1 : 0) * (sorted.up ? 1 : -1);
        });
        LS.table(host, columns, rows.map(function (r) { return r.map(function (v) { return v === null || v === undefined ? "" : v; }); }));
        table = host.querySelector("table");
        table.querySelectorAll("th").forEach(function (head, i) {
          head.style.cursor = "pointer";
          if (i === sorted.column) head.textContent += sorted.up ? " ▲" : " ▼";
          head.onclick = function () { sorted = { column: i, up: sorted.column === i ? !sorted.up : true }; draw(); };
        });
        table.querySelectorAll("tr").forEach(function (row, i) { if (i > 0) row.firstChild.style.color = colour(rows[i - 1][0]); });
      }
      if (sorted.column >= columns.length) sorted = { column: 0, up: true };
      draw();
    }).catch(function () { host.textContent = ""; });
  }

  function load(chart, name) {
    var path = "/api/series?" + query(chosen) + "&name=" + encodeURIComponent(name) + "&points=1200", smoothing = +by("smoothing").value;
    if (chart.view) path += "&from=" + Math.floor(chart.view[0]) + "&to=" + Math.ceil(chart.view[1]);
    function lines(list, faint) { return list.map(function (s) { return { name: s.name, color: colour(s.name), x: s.x, y: LS.numbers(s.y), faint: faint }; }); }
    var raw = get(path);
    if (!smoothing) return raw.then(function (r) { chart.set(lines(r, false)); });
    return Promise.all([raw, get(path + "&smoothing=" + smoothing)]).then(function (r) { chart.set(lines(r[0], true).concat(lines(r[1], false))); });
  }

  function refresh() {
    if (!chosen.length) { Object.keys(charts).forEach(function (n) { charts[n].remove(); }); charts = {}; return Promise.resolve(); }
    return get("/api/names?" + query(chosen)).then(function (names) {
      var words = by("metric").value.toLowerCase();
      names = names.filter(function (n) { return n.toLowerCase().indexOf(words) >= 0; }).slice(0, 200);
      if (names.indexOf("epoch") >= 0) names = names.filter(function (n) { return n !== "epoch"; }).concat("epoch"); // a straight line: nobody's first question
      Object.keys(charts).forEach(function (n) { if (names.indexOf(n) < 0) { charts[n].remove(); delete charts[n]; } });
      return Promise.all(names.map(function (n, i) {
        if (!charts[n]) charts[n] = new LS.Chart(by("curves"), n, function () { load(charts[n], n); });
        if (by("curves").children[i] !== charts[n].root) by("curves").insertBefore(charts[n].root, by("curves").children[i]); // in order, whichever run came first
        return load(charts[n], n);
      }));
    }).then(function () { document.body.dataset.ready = "1"; }).catch(function (e) { by("state").textContent = "no answer (" + e.message + ")"; });
  }

  function showDetails() {
    var id = chosen[chosen.length - 1], host = by("details");
    if (!id) { host.textContent = ""; return; }
    get("/api/run?run=" + encodeURIComponent(id)).then(function (d) {
      host.textContent = "";
      host.appendChild(el("h2", {}, id + (d.status ? " · " + d.status : "")));
      var bar = el("div", { "class": "bar" });
      [["stop", "Stop after this batch"], ["save", "Save a checkpoint now"]].forEach(function (a) {
        var button = el("button", { type: "button", id: a[0] }, a[1]);
        button.onclick = function () {
          fetch("/api/control?action=" + a[0] + "&run=" + encodeURIComponent(id), { method: "POST", headers: { "X-LightningSharp": "1" } })
            .then(function (r) { button.textContent = r.ok ? "asked" : "refused (" + r.status + ")"; });
        };
        bar.appendChild(button);
      });
      host.appendChild(bar);
      LS.table(host, ["metric", "last", "min", "at step", "max", "at step", "points"], d.summary.map(function (r) { return [r[0]].concat(LS.numbers(r.slice(1))); }));
      if (d.pictures.length) {
        host.appendChild(el("h2", {}, "Pictures"));
        var grid = el("div", { "class": "grid" });
        d.pictures.slice(-24).forEach(function (p) {
          var figure = el("figure");
          figure.appendChild(el("figcaption", {}, p.name + " · step " + p.step));
          figure.appendChild(el("img", { alt: "", loading: "lazy", src: "/api/picture?run=" + encodeURIComponent(id) + "&index=" + p.index }));
          grid.appendChild(figure);
        });
        host.appendChild(grid);
      }
      if (d.histograms.length) {
        host.appendChild(el("h2", {}, "Histograms"));
        var bars = el("div", { "class": "grid" });
        host.appendChild(bars);
        d.histograms.forEach(function (h) { LS.histogram(bars, h.name + " · step " + h.step, LS.numbers(h.limits), LS.numbers(h.counts), h.min); });
      }
      d.tables.forEach(function (t) { host.appendChild(el("h2", {}, t.name + " · step " + t.step)); LS.table(host, t.columns, t.rows); });
      d.texts.forEach(function (t) { host.appendChild(el("h2", {}, t[0] + " · step " + t[1])); host.appendChild(el("pre", {}, t[2])); });
      if (d.checkpoints.length) {
        host.appendChild(el("h2", {}, "Checkpoints"));
        LS.table(host, ["file", "MB", "written"], d.checkpoints.map(function (c) { return [c[0], c[1] / 1e6, c[2]]; }));
      }
      if (d.hyperParameters) { host.appendChild(el("h2", {}, "Hyper-parameters")); host.appendChild(el("pre", {}, d.hyperParameters)); }
      if (d.environment.length) { host.appendChild(el("h2", {}, "Environment")); LS.table(host, ["", ""], d.environment); }
    }).catch(function () { host.textContent = ""; });
  }

  function follow() {
    if (source) source.close();
    var done = refresh();
    showDetails();
    compare();
    if (!chosen.length) return done;
    source = new EventSource("/api/events?" + query(chosen));
    source.addEventListener("changed", function () {
      if (waiting) return;
      // many rows may come at once; the eye is content with one picture a second
      waiting = setTimeout(function () { waiting = null; by("state").textContent = "updated " + new Date().toLocaleTimeString(); refresh(); }, 700);
      clearTimeout(details); details = setTimeout(function () { showDetails(); compare(); }, 3000);
    });
    source.onerror = function () { by("state").textContent = "not connected"; };
    return done;
  }

  var typing = null;
  by("filter").oninput = function () { clearTimeout(typing); typing = setTimeout(listRuns, 150); };
  by("smoothing").oninput = by("metric").oninput = function () { clearTimeout(typing); typing = setTimeout(refresh, 150); };
  // the token has done its work: it need not stay in the address bar
  if (location.search) history.replaceState(null, "", "/");
  listRuns().then(follow);
  setInterval(listRuns, 10000);
})();
