// Asks before what cannot be undone: data-confirm on a button, link or form, or hx-confirm.
const dialog = document.getElementById("confirm");

const ask = (text, word, proceed) => {
  const field = dialog.querySelector("[data-confirm-field]");
  const input = field.querySelector("input");
  const yes = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("[data-confirm-text]").textContent = text;
  dialog.querySelector("[data-confirm-word]").textContent = word;
  field.hidden = !word;
  input.value = "";
  yes.disabled = !!word;
  input.oninput = () => { yes.disabled = input.value.trim() !== word; };
  dialog.returnValue = "";
  dialog.onclose = () => { if (dialog.returnValue === "yes") proceed(); };
  dialog.showModal();
  if (word) input.focus();
};

const confirmed = new WeakSet();

const guard = (event, element, again) => {
  if (confirmed.delete(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(element.dataset.confirm, element.dataset.confirmType ?? "", () => { confirmed.add(element); again(); });
};

if (dialog) {
  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-confirm]:not(form)");
    if (element) guard(event, element, () => element.click());
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-confirm]");
    if (form) guard(event, form, () => form.requestSubmit(event.submitter));
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest, elt } = event.detail;
    if (!question) return;
    event.preventDefault();
    ask(question, elt.dataset.confirmType ?? "", () => issueRequest(true));
  });
}
