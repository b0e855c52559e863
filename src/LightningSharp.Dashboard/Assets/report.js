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
  Object.keys(groups).forEach(function (key) { new LS.Chart(host("curves"), key).set(groups[key]); });
  LS.table(host("summary"), ["metric", "last", "min", "at step", "max", "at step", "points"], data.summary.map(function (r) { return [r[0]].concat(LS.numbers(r.slice(1))); }));
  data.histograms.forEach(function (h) { LS.histogram(host("histograms"), h.name + " · step " + h.step, h.limits, h.counts, h.min); });
  data.tables.forEach(function (t) { host("tables").appendChild(el("h3", {}, t.name + " · step " + t.step)); LS.table(host("tables"), t.columns, t.rows); });
  document.body.dataset.ready = "1";
})();
