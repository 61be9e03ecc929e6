// <form data-passkey="create" or "get" data-options="url">: asks the device for a passkey and sends its answer with the form.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const withBytes = (keys) => keys?.map((key) => ({ ...key, id: toBytes(key.id) }));

function readable(options) {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = withBytes(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = withBytes(options.allowCredentials);
  return read;
}

function sendable(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toText(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: {},
  });
}

async function ask(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    body: new URLSearchParams({ csrfmiddlewaretoken: token }),
    headers: { accept: "application/json" },
  });
  if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) {
    location.reload(); // the sign-in is over, or a proof of identity is wanted first: the server says which
    return new Promise(() => {});
  }
  const publicKey = readable(await answer.json());
  return navigator.credentials[form.dataset.passkey]({ publicKey });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const [button, problem] = [form.querySelector("button"), form.querySelector("[data-problem]")];
    problem.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = sendable(await ask(form));
      form.submit();
    } catch {
      problem.hidden = false; // given up, or the device knows none
      button.disabled = false;
    }
  });
}
