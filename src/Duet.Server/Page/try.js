// The page where a person tries a product: asks /v1/classify and /v1/explain and shows what they answer.
"use strict";
const at = id => document.getElementById(id);
const state = { file: null, models: [] };

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function tell(text, isError = false) {
  at("message").textContent = text;
  at("message").className = isError ? "error" : "";
}

async function ask(path, options = {}) {
  const headers = at("key").value ? { Authorization: "Bearer " + at("key").value } : {};
  const answer = await fetch(path, { ...options, headers });
  const content = await answer.json();
  if (answer.ok) return content;
  if (answer.status === 401) at("key-field").hidden = false;
  throw new Error(content.detail ?? answer.statusText);
}

async function loadModels() {
  try {
    state.models = (await ask("/v1/models")).data;
    at("model").replaceChildren(...state.models.map(model => element("option", model.id)));
    at("model-field").hidden = state.models.length < 2;
    showTexts();
    tell("");
  } catch (error) {
    tell(error.message, true);
  }
}

function showTexts() {
  const model = state.models[at("model").selectedIndex];
  const names = model?.texts.length ? model.texts : ["text"];
  at("texts").replaceChildren(...names.map(name => {
    const label = element("label", name);
    const text = element("textarea");
    text.name = name;
    text.rows = 2;
    label.append(text);
    return label;
  }));
}

function choose(file) {
  if (file && !file.type.startsWith("image/")) {
    tell("This is not a picture.", true);
    return;
  }
  state.file = file;
  const reader = new FileReader();
  reader.onload = () => { at("preview").src = reader.result; };
  if (file) reader.readAsDataURL(file);
  else at("image").value = "";
  at("preview").hidden = at("remove").hidden = !file;
}

function product() {
  const form = new FormData();
  if (state.models.length) form.append("model", at("model").value);
  if (state.file) form.append("image", state.file, "picture");
  for (const text of at("texts").querySelectorAll("textarea")) {
    if (text.value.trim()) form.append("text", text.value);
  }
  return form;
}

async function send(path, show) {
  at("ask").disabled = at("why").disabled = true;
  tell("One moment …");
  try {
    show(await ask(path, { method: "POST", body: product() }));
    tell("");
  } catch (error) {
    tell(error.message, true);
  } finally {
    at("ask").disabled = at("why").disabled = false;
  }
}

const percent = share => (100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 2 : 1) + " %";

function bar(label, share) {
  const row = element("div", undefined, "row");
  const progress = element("progress");
  progress.max = 1;
  progress.value = share;
  progress.setAttribute("aria-label", label);
  const name = element("span", label);
  name.title = label;
  row.append(name, progress, element("span", percent(share)));
  return row;
}

function shareLine(task) {
  return element("div", `picture ${percent(task.image_share)}, text ${percent(task.text_share)}`, "share");
}

function showAnswers(answer) {
  const shown = answer.products[0];
  at("answers").replaceChildren(...Object.entries(shown.tasks).map(([name, task]) => {
    const card = element("article");
    card.append(element("h2", name + ": " + (task.labels ? task.labels.map(one => one.label).join(", ") || "none" : task.label)));
    if (task.decision) {
      const words = task.decision === "accepted" ? "accepted" : "needs review: " + task.reason;
      card.append(element("div", words, "decision " + task.decision));
    }
    card.append(...task.top_five.map(one => bar(one.label, one.probability)));
    if (task.image_share !== null) card.append(shareLine(task));
    return card;
  }));
}

function wordsLine(words, scores) {
  const line = element("div", undefined, "words");
  const highest = Math.max(...scores, Number.EPSILON);
  words.forEach((word, i) => {
    const mark = element("mark", word.text);
    mark.style.backgroundColor = `rgba(var(--word), ${Math.max(0, scores[i] / highest) * 0.6})`;
    mark.title = scores[i].toFixed(3);
    line.append(mark, " ");
  });
  return line;
}

function showReasons(explanation) {
  at("answers").replaceChildren(...explanation.tasks.map(task => {
    const card = element("article");
    card.append(element("h2", `${task.task}: ${task.label} (${percent(task.probability)})`));
    if (task.image_share !== null) card.append(shareLine(task));
    for (const found of task.attributions) {
      if (found.words) card.append(wordsLine(explanation.words, found.words));
      if (found.overlay) {
        const image = element("img");
        image.src = found.overlay;
        image.alt = "The picture with the parts that the answer went by; " + explanation.legend;
        card.append(image);
      }
    }
    return card;
  }));
}

at("product").addEventListener("submit", event => { event.preventDefault(); send("/v1/classify", showAnswers); });
at("why").addEventListener("click", () => send("/v1/explain", showReasons));
at("key").addEventListener("change", loadModels);
at("model").addEventListener("change", showTexts);
at("image").addEventListener("change", event => choose(event.target.files[0] ?? null));
at("remove").addEventListener("click", () => choose(null));
document.addEventListener("paste", event => { if (event.clipboardData.files.length) choose(event.clipboardData.files[0]); });
document.addEventListener("dragover", event => { event.preventDefault(); at("drop").classList.add("over"); });
document.addEventListener("dragleave", () => at("drop").classList.remove("over"));
document.addEventListener("drop", event => {
  event.preventDefault();
  at("drop").classList.remove("over");
  if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]);
});
showTexts();
loadModels();
