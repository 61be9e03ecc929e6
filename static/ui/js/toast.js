// Short messages. The server sends them as HX-Trigger "toast" or renders them into the region.
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");
const VISIBLE = 6000; // milliseconds
const VISIBLE_WITH_UNDO = 12000;

const dismissLater = (toast) => {
  const hasUndo = !!toast.querySelector("form:not([hidden])");
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), hasUndo ? VISIBLE_WITH_UNDO : VISIBLE); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("mouseenter", stop);
  toast.addEventListener("mouseleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  if (!toast.matches(".error, .warning")) start();
};

const add = ({ text, kind = "success", undo = "" }) => {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.classList.add(kind);
  toast.querySelector("p").textContent = text;
  if (undo) {
    const form = toast.querySelector("form");
    const way = new URL(undo, location.href);
    form.action = way.pathname;
    for (const [name, value] of way.searchParams) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(field);
    }
    form.hidden = false;
  }
  region.append(toast);
  dismissLater(toast);
};

if (region && template) {
  document.addEventListener("toast", ({ detail }) => add(detail));
  for (const event of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(event, () => add({ text: region.dataset.offline, kind: "error" }));
  }
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (!detail.xhr.getResponseHeader("HX-Trigger")) add({ text: region.dataset.failed, kind: "error" });
  });
  document.addEventListener("click", (event) => event.target.closest?.("[data-dismiss]")?.closest(".toast")?.remove());
  region.querySelectorAll(".toast").forEach(dismissLater);
}
