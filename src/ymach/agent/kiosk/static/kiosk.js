// The kiosk's pages work without this. It keeps the scanner's words in the field, asks who is still there, reads aloud,
// shows the keypad, tells the staff how sending goes, and prints.
"use strict";
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const main = document.querySelector("main");

// Left alone: a question, then nobody is known any more.
const ask = Number(root.dataset.ask), forget = Number(root.dataset.forget);
const still = byId("still");
let quiet = 0, told = 0;
const stay = () => {
  quiet = 0;
  if (still.open) still.close();
  if (root.dataset.screen !== "start" && Date.now() - told > 8000) {
    told = Date.now();
    fetch("/stay", { method: "POST", body: new URLSearchParams({ form: root.dataset.form }) }).catch(() => {});
  }
};
if (root.dataset.screen !== "start") {
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, stay);
  setInterval(() => {
    quiet += 1;
    // Asked again every second, a page that takes longer than that would never come.
    if (quiet >= forget) { if ((quiet - forget) % 10 === 0) location.replace("/forget"); }
    else if (ask && quiet >= ask && !still.open) still.showModal();
    byId("left").textContent = Math.max(forget - quiet, 0);
  }, 1000);
  still.addEventListener("cancel", stay);
} else {
  // A sentence about a wrong scan, and English, are for whoever was there.
  if (document.querySelector(".wrong") || root.lang !== "vi") setTimeout(() => location.replace("/forget"), forget * 1000);
}
byId("here").addEventListener("click", stay);
addEventListener("pageshow", (event) => { if (event.persisted) location.replace("/"); });
addEventListener("contextmenu", (event) => event.preventDefault());

// A scanner types into whatever has the focus: keep it in the field. Some end with Tab instead of Enter.
const field = byId("text") || byId("number");
if (field) {
  const hold = () => { if (!still.open && document.activeElement === document.body) field.focus(); };
  setTimeout(hold, 200);
  field.addEventListener("blur", () => setTimeout(hold, 50));
  // What was refused stays to be seen, and the next scan takes its place.
  if (field.value) { field.focus(); field.select(); }
  field.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && field.value.split("|").length > 5) { event.preventDefault(); field.form.requestSubmit(); }
  });
}
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent || !byId("away").hidden) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// The keypad of the insurance number.
const keypad = byId("keypad");
if (keypad) {
  keypad.hidden = false;
  keypad.addEventListener("click", (event) => {
    const key = event.target.dataset.key;
    if (!key) return;
    const whole = field.selectionEnd > field.selectionStart;
    field.value = key === "back" ? field.value.slice(0, -1) : (whole ? "" : field.value) + key;
    field.setSelectionRange(field.value.length, field.value.length);
    // A finger leaves the focus on the key, where a scan would be lost and its Enter press the key again.
    if (event.detail) field.focus();
  });
}

// A camera, where the browser reads codes itself.
const camera = byId("camera"), video = byId("video");
const stopCamera = () => {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  video.hidden = true;
  camera.textContent = camera.dataset.on;
};
const look = async (detector) => {
  if (!video.srcObject) return;
  const found = await detector.detect(video).catch(() => []);
  if (found.length) {
    field.value = found[0].rawValue;
    stopCamera();
    field.form.requestSubmit();
    return;
  }
  setTimeout(() => look(detector), 150);
};
if (camera && "BarcodeDetector" in window && navigator.mediaDevices) {
  BarcodeDetector.getSupportedFormats().then((kinds) => { byId("camera-box").hidden = !kinds.includes("qr_code"); });
  camera.addEventListener("click", async () => {
    if (video.srcObject) return stopCamera();
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      byId("camera-box").hidden = true;
      return;
    }
    video.hidden = false;
    camera.textContent = camera.dataset.off;
    await video.play();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  });
}

// Reading aloud, where the machine has a voice of the page's language.
const voice = byId("voice"), speech = window.speechSynthesis;
const spoken = () => speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(root.lang));
const say = () => {
  speech.cancel();
  const words = new SpeechSynthesisUtterance(main.dataset.say);
  words.voice = spoken();
  words.lang = root.lang === "en" ? "en-US" : "vi-VN";
  words.rate = 0.9;
  speech.speak(words);
};
const showVoice = () => {
  const on = localStorage.getItem("voice") === "on";
  voice.hidden = !spoken();
  voice.setAttribute("aria-pressed", String(on));
  voice.textContent = on ? voice.dataset.off : voice.dataset.on;
  return on && !voice.hidden;
};
if (speech) {
  let begun = false;
  const begin = () => { if (showVoice() && !begun) { begun = true; say(); } };
  begin();
  speech.addEventListener?.("voiceschanged", begin);
  voice.addEventListener("click", () => {
    const on = localStorage.getItem("voice") !== "on";
    localStorage.setItem("voice", on ? "on" : "off");
    showVoice();
    if (on) say(); else speech.cancel();
  });
}

// How sending goes, for the staff. An agent that does not answer is told to the people, before they touch anything.
const status = byId("status"), away = byId("away");
const tell = async () => {
  try {
    const found = await (await fetch("/status")).json();
    if (!away.hidden) return location.replace("/");
    status.textContent = found.text;
    status.dataset.tone = found.tone;
  } catch {
    away.hidden = false;
  }
};
setInterval(tell, 5000);

// Paper.
const ticket = document.querySelector(".ticket"), again = byId("print");
if (ticket && ticket.dataset.prints === "yes") {
  again.hidden = false;
  again.addEventListener("click", () => window.print());
  window.print();
}
