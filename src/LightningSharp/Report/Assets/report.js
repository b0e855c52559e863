"use strict";
(function () {
  var data = JSON.parse(document.getElementById("data").textContent), el = LS.el;
  function host(id) { return document.getElementById(id); }
  var groups = {};
  data.series.forEach(function (s) {
    // loss_step and loss_epoch, train_loss and val_loss belong into one picture
    var key = s.name.replace(/_(step|epoch)$/, "").replace(/^(train|val|test)[_/]/, "");
    (groups[key] = groups[key] || []).push({ name: s.name, x: s.x, y: LS.numbers(s.y) });
  });
  var charts = Object.keys(groups).map(function (key) { return { chart: new LS.Chart(host("curves"), key), series: groups[key] }; });
  function smooth(y, weight) {
    var average = 0, correction = 0;
    return y.map(function (v) {
      if (v === null || !isFinite(v)) return v;
      average = average * weight + (1 - weight) * v; correction = correction * weight + (1 - weight);
      return average / correction;
    });
  }
  function draw() {
    var weight = +host("smoothing").value;
    charts.forEach(function (c) {
      if (!weight) { c.chart.set(c.series); return; }
      var raw = c.series.map(function (s, i) { return { name: s.name, x: s.x, y: s.y, faint: true, color: LS.palette[i % LS.palette.length] }; });
      c.chart.set(raw.concat(c.series.map(function (s, i) { return { name: s.name, x: s.x, y: smooth(s.y, weight), color: LS.palette[i % LS.palette.length] }; })));
    });
  }
  host("smoothing").oninput = draw;
  draw();
  LS.table(host("summary"), ["metric", "last", "min", "at step", "max", "at step", "points"], data.summary.map(function (r) { return [r[0]].concat(LS.numbers(r.slice(1))); }));
  data.histograms.forEach(function (h) { LS.histogram(host("histograms"), h.name + " · step " + h.step, h.limits, h.counts, h.min); });
  data.tables.forEach(function (t) { host("tables").appendChild(el("h3", {}, t.name + " · step " + t.step)); LS.table(host("tables"), t.columns, t.rows); });
  document.body.dataset.ready = "1";
})();
