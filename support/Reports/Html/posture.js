// The features: filtered, unfolded, with their evidence, and opened at the scenario that the address names.
const form = document.getElementById("filter"), packed = document.getElementById("evidence");
const scenarios = [...document.querySelectorAll("details.scenario")], numbers = new Map(scenarios.map((scenario, number) => [scenario, number]));

// By scenario, by step: markup.
let evidence;
const unpack = () => evidence ??= (async () => {
  const bytes = Uint8Array.from(atob(packed.textContent), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
})();
const filled = new Set();
async function fill(scenario) {
  if (filled.has(scenario)) return;
  filled.add(scenario);
  try {
    const steps = (await unpack())[numbers.get(scenario)];
    [...scenario.querySelectorAll(".s")].forEach((step, number) => step.insertAdjacentHTML("afterend", steps[number] ?? ""));
  } catch (error) {
    scenario.append(`This browser cannot unpack the evidence (${error.message}): posture.json has it.`);
  }
}

// What the filter looks in: title, file, tags and the framework ids of the control; if wanted, the steps and the evidence too.
const text = html => { const box = document.createElement("template"); box.innerHTML = html; return box.content.textContent; };
const titles = new Map(), wholes = new Map();
const kept = (map, scenario, make) => { if (!map.has(scenario)) map.set(scenario, make(scenario).toLowerCase()); return map.get(scenario); };
function title(scenario) {
  const tags = scenario.querySelector(".t").textContent;
  const controls = [...tags.matchAll(/@control:(\S+)/g)].map(tag => document.getElementById(tag[1])?.querySelector(".frameworks").textContent ?? "");
  return [scenario.id, scenario.querySelector("summary").textContent, tags, ...controls].join(" ");
}
const whole = steps => scenario => `${title(scenario)} ${scenario.textContent} ${text(steps[numbers.get(scenario)].join(""))}`;

async function show() {
  const steps = form.elements.deep.checked && await unpack().catch(() => scenarios.map(() => []));
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const statuses = new Set([...form.querySelectorAll("[name=status]:checked")].map(box => box.value));
  let shown = 0;
  for (const scenario of scenarios) {
    const fits = statuses.has(scenario.querySelector("summary b").className)
      && words.every(word => (steps ? kept(wholes, scenario, whole(steps)) : kept(titles, scenario, title)).includes(word));
    scenario.hidden = !fits;
    shown += fits;
  }
  for (const feature of document.querySelectorAll("section.feature")) feature.hidden = !feature.querySelector("details.scenario:not([hidden])");
  form.querySelector("output").textContent = `${shown} of ${scenarios.length} scenarios`;
}
async function open() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) { form.reset(); await show(); }
  if (target.tagName === "DETAILS") { target.open = true; await fill(target); }
  target.scrollIntoView();
}
const fold = isOpen => { for (const scenario of scenarios) if (!scenario.hidden) scenario.open = isOpen; };

if (form) {
  document.addEventListener("toggle", event => { if (event.target.open && numbers.has(event.target)) fill(event.target); }, true);
  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", event => event.preventDefault());
  form.elements.unfold.addEventListener("click", () => fold(true));
  form.elements.fold.addEventListener("click", () => fold(false));
  addEventListener("hashchange", open);
  form.hidden = false;
  await show();
  await open();
}
