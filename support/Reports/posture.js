// Filters the scenarios, and opens the one that the address names. Without it the page shows everything.
const form = document.getElementById("filter"), scenarios = [...document.querySelectorAll("details.scenario")];
function show() {
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const statuses = new Set([...form.querySelectorAll("input[type=checkbox]:checked")].map(box => box.value));
  let shown = 0;
  for (const scenario of scenarios) {
    const text = scenario.dataset.find, fits = statuses.has(scenario.dataset.status) && words.every(word => text.includes(word));
    scenario.hidden = !fits;
    shown += fits;
  }
  for (const feature of document.querySelectorAll("section.feature")) feature.hidden = !feature.querySelector("details.scenario:not([hidden])");
  form.querySelector("output").textContent = `${shown} of ${scenarios.length} scenarios`;
}
function open() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) { form.reset(); show(); }
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}
form.addEventListener("input", show);
form.addEventListener("reset", () => setTimeout(show));
form.addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", open);
form.hidden = false;
show();
open();
