// How does an operator's gateway call the society? Africa's Talking's USSD form, and its ways to misbehave.
// The same as imarisha/gateway.py, for the browser.

import { measure } from "./septets.js";

export const SERVICE_CODE = "*384*96#";
export const CONNECTION_PROBLEM = "Connection problem or invalid MMI code.";
// How each network talks, from the same profiles that the adapter reads by.
export const NETWORKS = await (await fetch("/simulator/networks.json")).json();

const PATH = "/channels/ussd/africastalking";
const STEP_HEADER = "at-ussd-hop-metadata";
const ANSWER_SECONDS = 10;
const HIDDEN = "••••";

/** The inputs dialled behind the service code, or null for somebody else's code. */
export function dialledInputs(code) {
  if (code === SERVICE_CODE) return [];
  const stem = `${SERVICE_CODE.slice(0, -1)}*`;
  return code.startsWith(stem) && code.endsWith("#") ? code.slice(stem.length, -1).split("*") : null;
}

/** One handset's line. Every dial is a new call; `text` grows by each input, joined with `*`. */
export class GatewayCall {
  network = NETWORKS[0];
  startedAt = 0;
  touchedAt = 0;
  #number;
  #record;
  #sessionId = "";
  #inputs = [];
  #hops = [];
  #labels = [];
  #answer = null;
  #lost = null;

  /** `record` gets every exchange with the society, for the wire panel. */
  constructor(number, record) {
    this.#number = number;
    this.#record = record;
  }

  get isOpen() {
    return this.#lost !== null;
  }

  /** Only an entry at a screen that asks for a PIN is hidden; a menu number is not. */
  isSecret(typed) {
    const asked = /\bPIN\b/i.test(this.#answer?.screen.text ?? "") && typed.length > 2;
    return asked || this.#inputs.some((input) => input.secret && input.typed === typed);
  }

  get canRepeat() {
    return this.#hops.length > 0;
  }

  /** Starts a call. `*384*96*3*500#` dials inputs along. Resolves to a screen, or null if the call was dropped. */
  async dial(code, copies = 1) {
    const inputs = dialledInputs(code);
    if (inputs === null) return this.#failed("this code is not ours: the operator never calls us");
    this.#sessionId = `ATUid_${hex(16)}`;
    this.#inputs = inputs.map((typed) => ({ typed, secret: false }));
    this.#hops = [];
    this.#labels = [];
    this.#answer = null;
    this.#lost = new AbortController();
    this.startedAt = performance.now();
    return this.#hop(this.network.start_repeats ? Math.max(copies, 2) : copies);
  }

  /** Sends one input exactly as typed. */
  async answer(typed, copies = 1) {
    this.#inputs.push({ typed, secret: this.isSecret(typed) });
    return this.#hop(copies);
  }

  /** The gateway repeats its last request; the handset shows nothing of it. */
  async again() {
    const hop = this.#hops.at(-1);
    const before = this.#answer;
    const after = await this.#post(hop, this.#lost?.signal);
    this.#record({ ...exchangeOf(hop, after), what: "Same hop again", ...likeness(before, after) });
  }

  /** Loses the call: Cancel, a time limit or bad coverage. The next dial has a new session. */
  drop() {
    if (!this.isOpen) return;
    this.#lost.abort();
    this.#lost = null;
    this.#report("Incomplete", "");
  }

  async #hop(copies) {
    const step = this.#answer?.label;
    const hop = {
      fields: [
        ["sessionId", this.#sessionId],
        ["serviceCode", SERVICE_CODE],
        ["phoneNumber", this.#number],
        ["networkCode", this.network.code],
        ["text", this.#told(this.#inputs.map((input) => input.typed))],
      ],
      text: this.#maskedText(),
      headers: step ? { [STEP_HEADER]: step } : {},
    };
    this.#hops.push(hop);
    this.touchedAt = performance.now();
    const { signal } = this.#lost;
    const answers = await Promise.all(Array.from({ length: copies }, () => this.#post(hop, signal)));
    if (signal.aborted) {
      const problem = "the call was over before the answer";
      this.#record({ ...exchangeOf(hop, answers[0]), what: "Hop given up", problem });
      return null;
    }
    this.#note(hop, answers);
    return this.#settle(answers[0]);
  }

  #note(hop, answers) {
    const what = this.#hops.length === 1 ? "Dial" : `Hop ${this.#hops.length}`;
    this.#record({ ...exchangeOf(hop, answers[0]), what });
    for (const twin of answers.slice(1)) {
      this.#record({ ...exchangeOf(hop, twin), what: `${what}, at the same time`, ...likeness(answers[0], twin) });
    }
  }

  #settle(answer) {
    this.#answer = answer;
    this.#labels.push(answer.label);
    this.touchedAt = performance.now();
    if (answer.screen.state !== "open") this.#lost = null;
    if (answer.screen.state === "ended") this.#report("Success", "");
    if (answer.screen.state === "failed") this.#report("Failed", answer.screen.problem);
    return answer.screen;
  }

  async #post(hop, signal) {
    const began = performance.now();
    const ceiling = new AbortController();
    const timer = setTimeout(() => ceiling.abort(), ANSWER_SECONDS * 1000);
    const giveUp = () => ceiling.abort();
    signal?.addEventListener("abort", giveUp, { once: true });
    const spent = () => performance.now() - began;
    try {
      const response = await fetch(PATH, { ...request(hop.fields, hop.headers), signal: ceiling.signal });
      const body = await response.text();
      return {
        status: response.status,
        body,
        milliseconds: spent(),
        label: response.headers.get(STEP_HEADER) ?? "",
        screen: this.#read(response.status, body),
      };
    } catch {
      const late = ceiling.signal.aborted;
      const screen = this.#failed(late ? `no answer within ${ANSWER_SECONDS} s` : "nobody answers at this address");
      return { status: null, body: "", milliseconds: spent(), label: "", screen };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  #read(status, body) {
    if (status !== 200) return this.#failed(`status ${status}`);
    const state = { "CON ": "open", "END ": "ended" }[body.slice(0, 4)];
    if (state) return this.#screen(state, body.slice(4), "");
    return this.#failed(body.trim() ? "the answer starts with neither CON nor END" : "empty answer");
  }

  #failed(problem) {
    return this.#screen("failed", CONNECTION_PROBLEM, problem);
  }

  #screen(state, text, problem) {
    return { state, text, problem, budget: this.network.budget, ...measure(text) };
  }

  #maskedText() {
    return this.#told(this.#inputs.map((input) => (input.secret ? HIDDEN : input.typed)));
  }

  /** The inputs as this network tells them. */
  #told(inputs) {
    if (this.network.style === "latest") return inputs.at(-1) ?? "";
    return (this.network.code_first ? [SERVICE_CODE, ...inputs] : inputs).join("*");
  }

  async #report(status, errorMessage) {
    if (!this.network.tells_end) return;
    const last = this.#hops.at(-1);
    const fields = [
      ["date", new Date().toISOString().slice(0, 19).replace("T", " ")],
      ...last.fields.slice(0, 2),
      ["networkCode", this.network.code],
      ["phoneNumber", this.#number],
      ["status", status],
      ["cost", "KES 0.10"],
      ["durationInMillis", String(Math.round(performance.now() - this.startedAt))],
      ["hopsCount", String(this.#hops.length)],
      ["hopsMetadata", this.#labels.filter(Boolean).join("|")],
      ["input", last.fields.at(-1)[1]],
      ["lastAppResponse", this.#answer?.body ?? ""],
      ["errorMessage", errorMessage],
    ];
    const began = performance.now();
    const tell = (status, problem) => this.#record({
      what: "End of session",
      path: `${PATH}/events`,
      at: new Date(),
      fields,
      masked: { input: last.text },
      milliseconds: performance.now() - began,
      body: "",
      status,
      problem,
    });
    try {
      const response = await fetch(`${PATH}/events`, { ...request(fields, {}), keepalive: true });
      tell(response.status);
    } catch (error) {
      // A gateway tells nobody whether its event arrived; the panel may.
      tell(null, error.message);
    }
  }
}

function exchangeOf(hop, answer) {
  return {
    path: PATH,
    at: new Date(),
    fields: hop.fields,
    masked: { text: hop.text },
    status: answer.status,
    milliseconds: answer.milliseconds,
    body: answer.body,
    problem: answer.screen.problem,
  };
}

function likeness(one, other) {
  const same = one !== null && one.status === other.status && one.body === other.body;
  return { note: same ? "same answer" : "another answer", alarm: !same };
}

function request(fields, headers) {
  return {
    method: "POST",
    // The gateway also escapes the star, which URLSearchParams leaves as it is.
    body: new URLSearchParams(fields).toString().replaceAll("*", "%2A"),
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
  };
}

function hex(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
