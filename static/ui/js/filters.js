// Filters of a list: short addresses, and nothing typed is lost when the list is swapped under the hands.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches("form[data-filters]")) return;
  for (const name of new Set(detail.formData.keys())) {
    if (detail.formData.getAll(name).every((value) => value === "")) detail.formData.delete(name);
  }
});

let typed = null;
const searchField = (id) => id && document.getElementById(id);

// A choice among the found rows that counts in another form (radio buttons with form="...") stays chosen, when an
// answer that was asked for before the choice replaces the rows.
let chosen = [];
const choices = (target) => [...target.querySelectorAll("input[type=radio][form]")];

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  chosen = choices(detail.target).filter((choice) => choice.checked).map(({ name, value }) => ({ name, value }));
  const field = document.activeElement;
  typed = field?.matches?.("[data-search]") ? { id: field.id, value: field.value } : null;
});
document.addEventListener("htmx:afterSettle", () => {
  for (const { name, value } of chosen) {
    for (const choice of choices(document)) if (choice.name === name && choice.value === value) choice.checked = true;
  }
  chosen = [];
  const field = searchField(typed?.id);
  if (field && field.value !== typed.value) {
    field.value = typed.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  typed = null;
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-filters]")) return;
  for (const control of event.target.elements) if (control.value === "") control.disabled = true;
  setTimeout(() => { for (const control of event.target.elements) control.disabled = false; });
});

document.addEventListener("change", (event) => event.target.closest("form[data-autosubmit]")?.requestSubmit());
