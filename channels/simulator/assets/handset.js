// What does one phone do when its keys are pressed and when something reaches it?

import { GatewayCall, NETWORKS, SERVICE_CODE } from "./gateway.js";
import { NAMES, languageOf } from "./language.js";
import { personOf } from "./people.js";
import { Recorder, save } from "./recorder.js";
import { decide, Watch } from "./sandbox.js";
import { Screen } from "./screen.js";
import { Wire } from "./wire.js";

const KEYS = [
  ["1", ""], ["2", "abc"], ["3", "def"], ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"], ["*", ""], ["0", "+"], ["#", ""],
];

const DECIDED = {
  approve: "Request sent. Wait for the M-PESA message.",
  decline: "Request cancelled.",
  ignore: "Request left unanswered.",
};

export class Handset {
  #number;
  #stand;
  #screen;
  #call;
  #wire;
  #watch;
  #ticker;
  #messages = [];
  #seen = 0;
  #isFirstLook = true;
  #prompt = null;
  #answered = new Set();
  #twice = false;
  #recorder;

  constructor(number, stand, exchangeTemplate) {
    this.#number = number;
    this.#stand = stand;
    this.#screen = new Screen(stand);
    this.#wire = new Wire(this.#at("exchanges"), exchangeTemplate);
    this.#call = new GatewayCall(number, (exchange) => this.#wire.add(exchange));
    this.#recorder = new Recorder(personOf(number));
    this.#buildPad();
    this.#listen();
    this.#goHome(SERVICE_CODE);
    this.#tick();
    this.#ticker = setInterval(() => this.#tick(), 1000);
    this.#watch = new Watch(number, (news) => this.#arrived(news));
  }

  focus() {
    this.#screen.focus();
  }

  close() {
    clearInterval(this.#ticker);
    this.#watch.stop();
    this.#call.drop();
  }

  #at(name) {
    return this.#stand.querySelector(`.${name}`);
  }

  // Keys

  #buildPad() {
    this.#at("keys-pad").replaceChildren(...KEYS.map(([digit, letters]) => {
      const key = document.createElement("button");
      key.type = "button";
      key.className = "key key-digit";
      key.dataset.digit = digit;
      key.setAttribute("aria-label", { "*": "Star", "#": "Hash" }[digit] ?? digit);
      key.textContent = digit;
      key.append(Object.assign(document.createElement("small"), { textContent: letters }));
      return key;
    }));
    this.#at("network").replaceChildren(...NETWORKS.map(({ code, name }) => new Option(/^\d+$/.test(code) ? `${name} ${code}` : name, code)));
    this.#at("operator").textContent = this.#call.network.name;
  }

  #listen() {
    const on = (name, event, act) => this.#at(name).addEventListener(event, act);
    const handset = this.#at("handset");
    // Keys of the phone don't take the keyboard away from its entry line.
    handset.addEventListener("mousedown", (event) => event.target.closest(".key") && event.preventDefault());
    handset.addEventListener("click", (event) => {
      const key = event.target.closest(".key");
      if (key?.dataset.digit) this.#type(key.dataset.digit);
      else if (key) this.#press(key.dataset.press);
    });
    handset.addEventListener("keydown", (event) => this.#keyboard(event));
    on("entry", "submit", (event) => { event.preventDefault(); this.#press("ok"); });
    on("soft-left", "click", () => this.#press("left"));
    on("soft-right", "click", () => this.#press("right"));
    on("badge", "click", () => this.#openInbox());
    on("toast", "click", () => this.#openInbox());
    on("ignore", "click", () => this.#decide("ignore"));
    on("network", "change", (event) => this.#chooseNetwork(event.target.value));
    on("again", "click", () => this.#call.again());
    on("twice", "click", () => this.#arm(!this.#twice));
    on("drop", "click", () => { this.#lose("The call was dropped."); this.#screen.focus(); });
    on("record", "click", () => this.#record());
    on("reveal", "change", (event) => { this.#wire.revealed = event.target.checked; });
  }

  #keyboard(event) {
    if (event.key === "Escape") this.#press("end");
    else if (this.#isDigit(event)) this.#type(event.key);
    else return;
    event.preventDefault();
  }

  #isDigit({ key, target, ctrlKey, metaKey }) {
    return /^[\d*#]$/.test(key) && target !== this.#screen.input && !ctrlKey && !metaKey;
  }

  #type(character) {
    const { input } = this.#screen;
    if (this.#at("entry").hidden) return;
    const start = input.selectionStart ?? input.value.length;
    const end = input.selectionEnd ?? start;
    if (input.value.length - (end - start) >= input.maxLength) return;
    input.setRangeText(character, start, end, "end");
    input.scrollLeft = input.scrollWidth;
  }

  #clear() {
    const { input } = this.#screen;
    if (this.#at("entry").hidden) return;
    const end = input.selectionEnd ?? input.value.length;
    const start = input.selectionStart === end ? Math.max(0, end - 1) : input.selectionStart;
    input.setRangeText("", start, end, "end");
  }

  #press(key) {
    if (key === "clear") return this.#clear();
    const { mode } = this.#screen;
    const go = key === "ok" || key === "call" || key === "left";
    const acts = {
      home: () => this.#pressAtHome(key),
      running: () => (go ? undefined : this.#lose("Cancelled.")),
      ussd: () => (go ? this.#send() : this.#lose("Cancelled.")),
      notice: () => this.#goHome(SERVICE_CODE),
      inbox: () => this.#goHome(SERVICE_CODE),
      prompt: () => (go ? this.#approve() : this.#decide("decline")),
    };
    return acts[mode]();
  }

  #pressAtHome(key) {
    if (key === "left") return this.#openInbox();
    if (key === "right") return this.#clear();
    return key === "end" ? this.#goHome(SERVICE_CODE) : this.#dial();
  }

  // Calls

  async #dial() {
    const code = this.#screen.input.value.trim();
    if (!code) return;
    this.#screen.hush();
    await this.#wait(() => this.#call.dial(code, this.#copies()), code, false);
  }

  async #send() {
    const typed = this.#screen.input.value;
    await this.#wait(() => this.#call.answer(typed, this.#copies()), typed, this.#call.isSecret(typed));
  }

  async #wait(hop, typed, isSecret) {
    this.#screen.show("running");
    this.#measure(null);
    const answer = hop();
    this.#tick();
    const screen = await answer;
    if (screen === null) return;
    this.#recorder.hop(typed, isSecret, screen);
    this.#screen.show(screen.state === "open" ? "ussd" : "notice");
    this.#screen.text(screen.text);
    this.#measure(screen);
    this.#tick();
    this.#watch.now();
  }

  #lose(words) {
    const wasOpen = this.#call.isOpen;
    this.#call.drop();
    if (wasOpen) this.#notice(words);
    this.#tick();
  }

  #copies() {
    const copies = this.#twice ? 2 : 1;
    this.#arm(false);
    return copies;
  }

  #arm(yes) {
    this.#twice = yes;
    this.#at("twice").setAttribute("aria-pressed", String(yes));
  }

  #record() {
    const button = this.#at("record");
    if (this.#recorder.isOn) {
      const text = this.#recorder.stop();
      if (text !== null) save(text, "transcript.txt");
    } else {
      this.#recorder.start();
    }
    button.setAttribute("aria-pressed", String(this.#recorder.isOn));
    button.textContent = this.#recorder.isOn ? "Stop and save" : "Record";
  }

  #chooseNetwork(code) {
    // A call belongs to the network it was made on.
    this.#lose("The call was dropped.");
    this.#call.network = NETWORKS.find((network) => network.code === code);
    this.#at("operator").textContent = this.#call.network.name;
  }

  // Screens

  #goHome(code = "") {
    this.#screen.show("home", code);
    this.#screen.unread(this.#unread());
    this.#measure(null);
    this.#offerPrompt();
  }

  #notice(words) {
    this.#screen.show("notice");
    this.#screen.text(words);
    this.#measure(null);
  }

  #openInbox() {
    // A call owns the screen until it is over.
    if (["ussd", "running", "prompt"].includes(this.#screen.mode)) return;
    this.#seen = this.#messages.length;
    this.#screen.hush();
    this.#screen.messages(this.#messages);
    this.#screen.show("inbox");
    this.#screen.unread(0);
    this.#screen.focus();
  }

  #unread() {
    return this.#messages.length - this.#seen;
  }

  #measure(screen) {
    const gauge = this.#at("gauge-length");
    const value = gauge.querySelector(".gauge-value");
    if (!screen || screen.state === "failed") {
      value.textContent = screen ? screen.problem : "no text";
      gauge.classList.toggle("is-alarm", Boolean(screen));
      return;
    }
    const language = languageOf(screen.text);
    this.#at("gauge-language").querySelector(".gauge-value").textContent = NAMES[language] ?? "none";
    this.#at("text").lang = { sw: "sw", en: "en" }[language] ?? "";
    const foreign = screen.foreign.length ? ` · not GSM: ${screen.foreign.join(" ")}` : "";
    const over = screen.septets > screen.budget ? " · too long" : "";
    value.textContent = `${screen.septets} / ${screen.budget} septets${over}${foreign}`;
    gauge.classList.toggle("is-alarm", Boolean(foreign || over));
  }

  #tick() {
    this.#screen.time(new Date());
    const { isOpen, startedAt, touchedAt, network } = this.#call;
    const { call_seconds: longest, idle_seconds: patience } = network;
    const now = performance.now();
    const lasted = Math.floor((now - startedAt) / 1000);
    const idle = this.#screen.mode === "ussd" ? Math.floor((now - touchedAt) / 1000) : 0;
    const gauge = this.#at("gauge-clock");
    const reading = `${minutes(lasted)} / ${minutes(longest)} · idle ${idle} s`;
    gauge.querySelector(".gauge-value").textContent = isOpen ? reading : "none";
    gauge.classList.toggle("is-alarm", isOpen && (idle >= patience || lasted >= longest - 20));
    this.#at("again").disabled = !this.#call.canRepeat;
    this.#at("drop").disabled = !isOpen;
    if (isOpen) this.#enforceLimits(lasted, idle);
  }

  #enforceLimits(lasted, idle) {
    const { call_seconds: longest, idle_seconds: patience } = this.#call.network;
    if (lasted >= longest) this.#lose(`The network ended the call after ${longest} s.`);
    else if (idle >= patience && this.#at("strict").checked) {
      this.#lose(`The network ended the call after ${patience} s of silence.`);
    }
  }

  // What reaches the phone

  #arrived({ messages, prompts, problem }) {
    this.#at("reach").textContent = problem ? `SMS and M-Pesa are out of reach (${problem}).` : "";
    if (problem) return;
    const fresh = messages.slice(this.#messages.length);
    const isNews = fresh.length > 0 && !this.#isFirstLook;
    this.#isFirstLook = false;
    if (isNews) for (const { text } of fresh) this.#recorder.message(text);
    // An emptied sandbox starts counting again.
    this.#seen = Math.min(this.#seen, messages.length);
    this.#messages = messages;
    if (this.#screen.mode === "inbox" && fresh.length) {
      this.#seen = messages.length;
      this.#screen.messages(messages);
    }
    this.#screen.unread(this.#unread());
    if (isNews && this.#screen.mode !== "inbox") this.#screen.toast(fresh.at(-1));
    this.#promptsArrived(prompts.filter((prompt) => !this.#answered.has(prompt.id)));
  }

  #promptsArrived(prompts) {
    const gone = this.#prompt && !prompts.some((prompt) => prompt.id === this.#prompt.id);
    if (gone && this.#screen.mode === "prompt") {
      this.#notice("The M-PESA request has expired.");
    }
    if (gone || !this.#prompt) this.#prompt = prompts[0] ?? null;
    this.#offerPrompt();
  }

  #offerPrompt() {
    const busy = this.#call.isOpen;
    this.#at("strip").textContent = this.#prompt && busy ? "An M-Pesa request waits until the call is over." : "";
    if (!this.#prompt || busy || this.#screen.mode === "prompt") return;
    this.#screen.question(this.#prompt);
    this.#screen.show("prompt");
  }

  #approve() {
    if (/^\d{4}$/.test(this.#screen.input.value)) return this.#decide("approve");
    this.#screen.at("entry-label").textContent = "PIN of 4 digits";
    return this.#screen.input.focus();
  }

  async #decide(action) {
    const prompt = this.#prompt;
    if (!prompt) return;
    this.#answered.add(prompt.id);
    this.#prompt = null;
    this.#recorder.decided(action);
    this.#notice(DECIDED[action]);
    const exchange = await decide(this.#number, prompt, action);
    this.#wire.add(exchange);
    if (exchange.status === null || exchange.status >= 400) this.#notice("M-PESA could not be reached. Try again.");
    this.#watch.now();
  }
}

function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
