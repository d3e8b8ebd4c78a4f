/* Passkeys. <form data-passkey="get|create"> with data-options (JSON) or data-ask (an address that gives them):
   when it is sent, the browser asks for the passkey and its answer goes along in the field "credential". */
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (items) => (items ?? []).map((item) => ({ ...item, id: bytesOf(item.id) }));

function readable(options) {
  const key = { ...options.publicKey, challenge: bytesOf(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytesOf(key.user.id) };
  if (key.excludeCredentials) key.excludeCredentials = withBytes(key.excludeCredentials);
  if (key.allowCredentials) key.allowCredentials = withBytes(key.allowCredentials);
  return { publicKey: key };
}

function sendable(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsFor(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const act = form.dataset.passkey;
  if (!act || form.elements.credential.value) return;
  event.preventDefault();
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    const credential = await navigator.credentials[act](readable(await optionsFor(form)));
    form.elements.credential.value = sendable(credential);
    form.requestSubmit();
  } catch {
    trouble.hidden = false;
  }
});
