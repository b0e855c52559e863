// One line chart on a canvas: drag to zoom, double click to reset, hover for values. Names reach the page as text only, never as markup.
"use strict";
var LS = (function () {
  var palette = ["#3b6fd4", "#e0662a", "#2f9e57", "#b13fc0", "#d33c51", "#138f9c", "#8a6d1d", "#6b6f76", "#7357d9", "#1c7c3c"];

  function el(tag, attributes, text) {
    var node = document.createElement(tag);
    for (var key in attributes || {}) node.setAttribute(key, attributes[key]);
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function number(v) {
    if (v === null || v === undefined || v !== v) return "NaN";
    if (v === Infinity) return "∞";
    if (v === -Infinity) return "-∞";
    var a = Math.abs(v);
    if (a < 1e12 && v % 1 === 0) return String(v);
    if (a !== 0 && (a < 1e-3 || a >= 1e6)) return v.toExponential(3);
    return String(Math.round(v * 1e4) / 1e4);
  }

  function ticks(low, high, count) {
    var span = high - low;
    if (!(span > 0)) return [low];
    var step = Math.pow(10, Math.floor(Math.log10(span / count)));
    var error = span / count / step;
    if (error >= 7.5) step *= 10; else if (error >= 3.5) step *= 5; else if (error >= 1.5) step *= 2;
    var result = [];
    for (var v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) result.push(Math.abs(v) < step * 1e-9 ? 0 : v);
    return result;
  }

  function Chart(host, title, onZoom) {
    var self = this;
    this.series = []; this.view = null; this.log = false; this.onZoom = onZoom;
    var head = el("div", { "class": "chart-head" });
    head.appendChild(el("h3", {}, title));
    var button = el("button", { type: "button", title: "logarithmic axis" }, "log");
    button.onclick = function () { self.log = !self.log; button.classList.toggle("on", self.log); self.draw(); };
    head.appendChild(button);
    this.canvas = el("canvas", { "class": "plot" });
    this.tip = el("div", { "class": "tip" });
    this.legend = el("div", { "class": "legend" });
    this.root = el("section", { "class": "chart" });
    [head, this.canvas, this.tip, this.legend].forEach(function (n) { self.root.appendChild(n); });
    host.appendChild(this.root);
    var start = null;
    this.canvas.onmousedown = function (e) { start = e.offsetX; };
    this.canvas.onmousemove = function (e) { self.hover = e.offsetX; self.drag = start === null ? null : [start, e.offsetX]; self.draw(); };
    this.canvas.onmouseleave = function () { start = null; self.hover = self.drag = null; self.draw(); };
    this.canvas.onmouseup = function (e) {
      if (start !== null && Math.abs(e.offsetX - start) > 5) {
        var a = self.toX(Math.min(start, e.offsetX)), b = self.toX(Math.max(start, e.offsetX));
        self.zoom([a, b]);
      }
      start = null; self.drag = null; self.draw();
    };
    this.canvas.ondblclick = function () { self.zoom(null); };
    this.resize = function () { self.draw(); };
    window.addEventListener("resize", this.resize);
  }

  Chart.prototype.zoom = function (view) { this.view = view; if (this.onZoom) this.onZoom(view); this.draw(); };

  Chart.prototype.remove = function () { window.removeEventListener("resize", this.resize); this.root.remove(); };

  // series: [{ name, x: [], y: [], faint: bool }] with null in y for a gap
  Chart.prototype.set = function (series) {
    var self = this;
    this.series = series;
    this.legend.textContent = "";
    series.forEach(function (s, i) {
      s.color = s.color || palette[i % palette.length];
      if (s.faint) return;
      var item = el("span", {}, s.name);
      var dot = el("i", {}); dot.style.background = s.color;
      item.insertBefore(dot, item.firstChild);
      self.legend.appendChild(item);
    });
    this.draw();
  };

  Chart.prototype.toX = function (px) { var b = this.box; return b.x0 + (px - b.left) / b.width * (b.x1 - b.x0); };

  Chart.prototype.bounds = function () {
    var x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity, view = this.view, log = this.log;
    this.series.forEach(function (s) {
      for (var i = 0; i < s.x.length; i++) {
        var x = s.x[i], y = s.y[i];
        if (view && (x < view[0] || x > view[1])) continue;
        if (x < x0) x0 = x;
        if (x > x1) x1 = x;
        if (y === null || !isFinite(y) || (log && y <= 0)) continue;
        if (y < y0) y0 = y;
        if (y > y1) y1 = y;
      }
    });
    if (view) { x0 = view[0]; x1 = view[1]; }
    if (x0 > x1) { x0 = 0; x1 = 1; }
    if (y0 > y1) { y0 = log ? 0.1 : 0; y1 = 1; }
    if (log) { y0 = Math.log10(y0); y1 = Math.log10(y1); }
    if (x0 === x1) { x0 -= 0.5; x1 += 0.5; }
    var pad = (y1 - y0) * 0.05 || Math.abs(y0) * 0.1 || 0.5;
    return { x0: x0, x1: x1, y0: y0 - pad, y1: y1 + pad };
  };

  Chart.prototype.draw = function () {
    var canvas = this.canvas, scale = window.devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
    if (!w) return;
    if (canvas.width !== Math.round(w * scale) || canvas.height !== Math.round(h * scale)) { canvas.width = Math.round(w * scale); canvas.height = Math.round(h * scale); }
    var g = canvas.getContext("2d"), b = this.bounds(), log = this.log, self = this;
    b.left = 58; b.top = 8; b.width = w - b.left - 10; b.height = h - b.top - 22;
    this.box = b;
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, w, h);
    g.font = "11px system-ui, sans-serif";
    var px = function (x) { return b.left + (x - b.x0) / (b.x1 - b.x0) * b.width; };
    var py = function (y) { return b.top + (1 - (y - b.y0) / (b.y1 - b.y0)) * b.height; };
    var ink = getComputedStyle(document.body).getPropertyValue("--ink").trim() || "#444";
    g.fillStyle = ink; g.strokeStyle = "rgba(128,128,128,.25)"; g.lineWidth = 1;
    g.textAlign = "right"; g.textBaseline = "middle";
    ticks(b.y0, b.y1, 5).forEach(function (t) { line(b.left, py(t), b.left + b.width, py(t)); g.fillText(number(log ? Math.pow(10, t) : t), b.left - 5, py(t)); });
    g.textAlign = "center"; g.textBaseline = "top";
    ticks(b.x0, b.x1, 6).forEach(function (t) { line(px(t), b.top, px(t), b.top + b.height); g.fillText(number(t), px(t), b.top + b.height + 5); });
    g.save(); g.beginPath(); g.rect(b.left, b.top, b.width, b.height); g.clip();
    this.series.forEach(function (s) {
      g.strokeStyle = s.color; g.fillStyle = s.color; g.globalAlpha = s.faint ? 0.25 : 1; g.lineWidth = 1.6;
      g.beginPath();
      var pen = false, points = 0, last = null;
      for (var i = 0; i < s.x.length; i++) {
        var y = s.y[i];
        if (y === null || !isFinite(y) || (log && y <= 0)) { pen = false; continue; }
        var X = px(s.x[i]), Y = py(log ? Math.log10(y) : y);
        if (pen) g.lineTo(X, Y); else { g.moveTo(X, Y); if (s.x.length < 60 || i + 1 === s.x.length || s.y[i + 1] === null) last = [X, Y]; }
        if (s.x.length < 60) g.rect(X - 1.2, Y - 1.2, 2.4, 2.4), g.moveTo(X, Y);
        pen = true; points++;
      }
      g.stroke();
      if (points === 1 && last) { g.beginPath(); g.arc(last[0], last[1], 3, 0, 7); g.fill(); }
    });
    g.restore(); g.globalAlpha = 1;
    if (this.drag) { g.fillStyle = "rgba(59,111,212,.15)"; g.fillRect(this.drag[0], b.top, this.drag[1] - this.drag[0], b.height); }
    this.showTip(px, g, b);
    function line(ax, ay, bx, by) { g.beginPath(); g.moveTo(ax, Math.round(ay) + 0.5); g.lineTo(bx, Math.round(by) + 0.5); g.stroke(); }
    self.root.dataset.drawn = String(this.series.reduce(function (n, s) { return n + s.x.length; }, 0));
  };

  Chart.prototype.showTip = function (px, g, b) {
    var tip = this.tip, at = this.hover;
    if (at === null || at === undefined || at < b.left) { tip.style.display = "none"; return; }
    var x = this.toX(at), lines = [], best = null;
    this.series.forEach(function (s) {
      if (!s.x.length || s.faint) return;
      var low = 0, high = s.x.length - 1;
      while (low < high) { var mid = (low + high) >> 1; if (s.x[mid] < x) low = mid + 1; else high = mid; }
      if (low > 0 && x - s.x[low - 1] < s.x[low] - x) low--;
      lines.push([s.name, s.y[low], s.color]);
      if (best === null || Math.abs(s.x[low] - x) < Math.abs(best - x)) best = s.x[low];
    });
    if (best === null) { tip.style.display = "none"; return; }
    g.strokeStyle = "rgba(128,128,128,.6)"; g.beginPath(); g.moveTo(px(best), b.top); g.lineTo(px(best), b.top + b.height); g.stroke();
    tip.textContent = "";
    tip.appendChild(el("b", {}, "step " + best));
    lines.slice(0, 12).forEach(function (l) { var d = el("div", {}, number(l[1]) + "  " + l[0]); d.style.color = l[2]; tip.appendChild(d); });
    tip.style.display = "block";
    tip.style.left = Math.min(px(best) + 10, Math.max(0, b.left + b.width - tip.offsetWidth)) + "px";
  };

  // counts in buckets as bars
  function histogram(host, title, limits, counts, min) {
    var box = el("section", { "class": "chart small" });
    box.appendChild(el("h3", {}, title));
    var ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 300 110");
    var top = Math.max.apply(null, counts.concat([1e-12])), low = min, high = limits[limits.length - 1];
    counts.forEach(function (c, i) {
      var left = i === 0 ? low : limits[i - 1], x = (left - low) / (high - low || 1) * 300;
      var bar = document.createElementNS(ns, "rect");
      bar.setAttribute("x", x); bar.setAttribute("width", Math.max(0.5, (limits[i] - left) / (high - low || 1) * 300 - 0.5));
      bar.setAttribute("y", 90 - c / top * 86); bar.setAttribute("height", c / top * 86); bar.setAttribute("fill", palette[0]);
      svg.appendChild(bar);
    });
    [["start", 0, low], ["end", 300, high]].forEach(function (t) {
      var text = document.createElementNS(ns, "text");
      text.setAttribute("x", t[1]); text.setAttribute("y", 105); text.setAttribute("text-anchor", t[0]); text.setAttribute("font-size", 11); text.setAttribute("fill", "currentColor");
      text.textContent = number(t[2]); svg.appendChild(text);
    });
    box.appendChild(svg); host.appendChild(box);
  }

  function table(host, columns, rows) {
    var t = el("table"), head = el("tr");
    columns.forEach(function (c) { head.appendChild(el("th", {}, c)); });
    t.appendChild(head);
    rows.forEach(function (r) { var tr = el("tr"); r.forEach(function (c) { tr.appendChild(el("td", typeof c === "number" ? { "class": "num" } : {}, c === null ? "" : typeof c === "number" ? number(c) : String(c))); }); t.appendChild(tr); });
    var scroll = el("div", { "class": "scroll" }); scroll.appendChild(t); host.appendChild(scroll);
  }

  function numbers(list) { return list.map(function (v) { return v === "Infinity" ? Infinity : v === "-Infinity" ? -Infinity : v === "NaN" ? null : v; }); }

  return { Chart: Chart, el: el, number: number, histogram: histogram, table: table, numbers: numbers, palette: palette };
})();
