// What does the handset's screen show? One view at a time, with the labels of its two soft keys.

const VIEWS = ["home", "running", "text", "inbox", "prompt"];

// Per mode: the view, what the soft keys say, and what the entry line asks for (null hides it).
const MODES = {
  home: { view: "home", left: "Messages", right: "Clear", entry: "Dial" },
  running: { view: "running", left: "", right: "Cancel", entry: null },
  ussd: { view: "text", left: "Send", right: "Cancel", entry: "Answer" },
  notice: { view: "text", left: "OK", right: "", entry: null },
  inbox: { view: "inbox", left: "", right: "Back", entry: null },
  prompt: { view: "prompt", left: "OK", right: "Cancel", entry: "M-PESA PIN" },
};

export class Screen {
  mode = "home";
  #stand;
  #toastTimer = 0;

  constructor(stand) {
    this.#stand = stand;
  }

  at(name) {
    return this.#stand.querySelector(`.${name}`);
  }

  get input() {
    return this.at("entry-input");
  }

  show(mode, value = "") {
    const focused = this.at("handset").contains(document.activeElement);
    const { view, left, right, entry } = MODES[mode];
    this.mode = mode;
    for (const name of VIEWS) this.at(`view-${name}`).hidden = name !== view;
    this.#label("soft-left", left);
    this.#label("soft-right", right);
    this.at("entry").hidden = entry === null;
    this.at("entry-label").textContent = entry ?? "";
    this.#stand.dataset.mode = mode;
    this.input.value = value;
    this.input.inputMode = mode === "ussd" ? "text" : "tel";
    this.input.maxLength = mode === "prompt" ? 4 : 480;
    if (focused) this.focus();
  }

  /** Puts the keyboard where the next step is. A finger gets no on-screen keyboard it did not ask for. */
  focus() {
    const place = { running: "soft-right", notice: "soft-left", inbox: "view-inbox" }[this.mode];
    if (place) this.at(place).focus({ preventScroll: true });
    else if (matchMedia("(pointer: fine)").matches) this.input.focus({ preventScroll: true });
  }

  text(words) {
    this.at("text").textContent = words;
    this.at("view-text").scrollTop = 0;
  }

  question(prompt) {
    const shillings = Number(prompt.amount).toLocaleString("en-KE", { maximumFractionDigits: 2 });
    const business = /^\d+$/.test(prompt.business) ? `IMARISHA ${prompt.business}` : prompt.business;
    this.at("question").textContent =
      `Do you want to pay KES ${shillings} to ${business} Account no. ${prompt.account}?\nEnter M-PESA PIN`;
  }

  messages(all) {
    const none = Object.assign(document.createElement("li"), { textContent: "No messages." });
    this.at("messages").replaceChildren(...(all.length ? all.map(messageItem).reverse() : [none]));
    this.at("view-inbox").scrollTop = 0;
  }

  unread(count) {
    const badge = this.at("badge");
    badge.hidden = count === 0;
    badge.textContent = String(count);
    badge.setAttribute("aria-label", `${count} unread ${count === 1 ? "message" : "messages"}`);
    if (this.mode === "home") this.#label("soft-left", count ? `Messages (${count})` : "Messages");
  }

  toast(message) {
    this.at("toast").hidden = false;
    this.at("toast-from").textContent = message.from;
    this.at("toast-text").textContent = message.text;
    this.at("toast-news").textContent = `New message from ${message.from}: ${message.text}`;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => this.hush(), 8000);
  }

  hush() {
    clearTimeout(this.#toastTimer);
    this.at("toast").hidden = true;
  }

  time(now) {
    this.at("bar-time").textContent = hourOf(now);
    this.at("clock").textContent = hourOf(now);
    this.at("day").textContent = now.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" });
  }

  #label(name, text) {
    this.at(name).textContent = text;
    this.at(name).disabled = text === "";
  }
}

function messageItem(message) {
  const item = document.createElement("li");
  const head = document.createElement("p");
  const text = document.createElement("p");
  const at = new Date(message.at);
  const when = Number.isNaN(at.valueOf()) ? message.at : hourOf(at);
  head.className = "message-head";
  head.textContent = `${message.from} · ${when}`;
  text.textContent = message.text;
  item.append(head, text);
  return item;
}

function hourOf(moment) {
  return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
