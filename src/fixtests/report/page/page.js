"use strict";
(() => {
  const form = document.getElementById("filter");
  const files = [...document.querySelectorAll(".file")];
  const items = files.flatMap((file) =>
    [...file.querySelectorAll(".finding")].map((node) => ({
      node,
      file,
      owners: file.dataset.owner.split(" "),
      text: `${file.querySelector("h3").textContent} ${node.firstElementChild.textContent}`.toLowerCase(),
    })),
  );
  const aside = document.getElementById("decisions");
  const decided = new Map();
  let current = null;

  const value = (name) => (form.elements[name] ? form.elements[name].value : "");
  const stands = (item, wanted) =>
    item.text.includes(wanted.text) &&
    (!wanted.rule || item.node.dataset.rule === wanted.rule) &&
    (!wanted.folder || item.file.dataset.folder === wanted.folder) &&
    (!wanted.owner || item.owners.includes(wanted.owner)) &&
    (!wanted.tier || item.node.dataset.tier === wanted.tier) &&
    (!wanted.decision || (decided.get(item.node.dataset.mark) || "open") === wanted.decision);

  function filter() {
    const wanted = { text: value("text").toLowerCase() };
    for (const name of ["rule", "folder", "owner", "tier", "decision"]) wanted[name] = value(name);
    const shown = items.filter((item) => {
      item.node.hidden = !stands(item, wanted);
      return !item.node.hidden;
    });
    const left = new Set(shown.map((item) => item.file));
    for (const file of files) file.hidden = !left.has(file);
    document.getElementById("shown").textContent = `${shown.length} of ${items.length} shown`;
  }

  function open(on) {
    for (const { node } of items) if (!node.hidden) node.open = on;
  }

  function go(node) {
    if (!node) return;
    if (current) current.classList.remove("current");
    current = node;
    node.classList.add("current");
    node.firstElementChild.focus();
    node.scrollIntoView({ block: "nearest" });
  }

  function step(by, toFile) {
    const shown = items.filter((item) => !item.node.hidden);
    const at = shown.findIndex((item) => item.node === current);
    if (!toFile || at < 0) return go((shown[at + by] || (at < 0 ? shown[0] : null) || {}).node);
    let next = at;
    while (shown[next] && shown[next].file === shown[at].file) next += by;
    if (!shown[next]) return;
    const file = shown[next].file;
    go(shown.find((item) => item.file === file).node);
  }

  function decide(node, word) {
    const mark = node.dataset.mark;
    if (decided.get(mark) === word) decided.delete(mark);
    else decided.set(mark, word);
    tell();
    keep();
  }

  function tell() {
    for (const { node } of items)
      for (const button of node.querySelectorAll("button[value]"))
        button.setAttribute("aria-pressed", decided.get(node.dataset.mark) === button.value);
    const dropped = [...decided].filter(([, word]) => word === "drop").map(([mark]) => mark);
    document.getElementById("decided").textContent =
      `${decided.size} of ${items.length} decided, ${dropped.length} to drop.`;
    document.getElementById("command").value = `${aside.dataset.command} ${dropped.join(",")}`;
    for (const name of ["command", "copy"]) document.getElementById(name).hidden = !dropped.length;
  }

  // Decisions outlive the page where the browser lets a file keep something; else they do not.
  const place = aside ? `fixtests ${location.pathname} ${aside.dataset.plan}` : "";
  function keep() {
    try {
      localStorage.setItem(place, JSON.stringify([...decided]));
    } catch {}
  }
  function recall() {
    const known = new Set(items.map((item) => item.node.dataset.mark));
    try {
      for (const [mark, word] of JSON.parse(localStorage.getItem(place) || "[]"))
        if (known.has(mark) && (word === "accept" || word === "drop")) decided.set(mark, word);
    } catch {}
  }

  function addButtons() {
    for (const { node } of items) {
      node.querySelector(".command").remove();
      for (const [word, label] of [["accept", "Accept"], ["drop", "Drop"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.value = word;
        button.textContent = label;
        button.addEventListener("click", () => decide(node, word));
        node.querySelector(".about").append(button);
      }
    }
    document.getElementById("copy").addEventListener("click", () => {
      const command = document.getElementById("command");
      command.select();
      if (navigator.clipboard) navigator.clipboard.writeText(command.value).catch(() => {});
      else document.execCommand("copy");
    });
    aside.hidden = false;
    recall();
    tell();
  }

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.classList.contains("finding")) return;
    target.open = true;
    go(target);
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    n: () => step(1, true),
    p: () => step(-1, true),
    o: () => current && (current.open = !current.open),
    a: () => aside && current && decide(current, "accept"),
    d: () => aside && current && decide(current, "drop"),
    "/": () => form.elements.text.focus(),
    "?": () => {
      const help = document.getElementById("help");
      help.open = true;
      help.firstElementChild.focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!document.getElementById("keys").checked) return;
    if (event.target.closest("input, select, textarea") && event.key !== "Escape") return;
    if (event.key === "Escape") return event.target.blur();
    const deed = keys[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  document.addEventListener("focusin", (event) => {
    const node = event.target.closest(".finding");
    if (node && node !== current) {
      if (current) current.classList.remove("current");
      current = node;
      node.classList.add("current");
    }
  });
  for (const link of document.querySelectorAll("a[data-filter]"))
    link.addEventListener("click", () => {
      form.reset();
      form.elements[link.dataset.filter].value = link.dataset.value;
      filter();
    });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("open").addEventListener("click", () => open(true));
  document.getElementById("close").addEventListener("click", () => open(false));
  form.hidden = false;
  if (aside) addButtons();
  filter();
  reveal();
  window.addEventListener("hashchange", reveal);
})();
