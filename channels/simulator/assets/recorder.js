// What was played by hand? A transcript in the form of tests/transcripts, for `pytest --update` and a person's eye.

const DECIDED = {
  approve: "approves the M-Pesa prompt",
  decline: "declines the M-Pesa prompt",
  ignore: "leaves the M-Pesa prompt alone",
};

export class Recorder {
  #person;
  #lines = [];
  #isOn = false;

  constructor(person) {
    this.#person = person;
  }

  get isOn() {
    return this.#isOn;
  }

  /** Begins anew: what was recorded before is gone. */
  start() {
    this.#lines = [];
    this.#isOn = true;
  }

  /** One input and the screen that answered it. A PIN is never written: the player fills it in. */
  hop(typed, isSecret, screen) {
    const text = `${screen.state === "open" ? "" : "END "}${screen.text}`;
    this.#add(`> ${isSecret ? "(pin)" : typed}`, `< ${text.replaceAll("\n", "\n  ")}`);
  }

  decided(action) {
    this.#add(`# ${DECIDED[action]}`);
  }

  message(text) {
    this.#add(`sms ${text}`);
  }

  /** Ends the recording; null when nothing was played. */
  stop() {
    this.#isOn = false;
    if (this.#lines.length === 0) return null;
    const { name, language } = this.#person;
    const who = language ? `${name.split(" ")[0]}, ${language}` : "Stranger, both languages";
    return [`${who}: played by hand, say here what happens`, ...this.#lines, ""].join("\n");
  }

  #add(...lines) {
    if (this.#isOn) this.#lines.push(...lines);
  }
}

/** Hands a text to the browser as a file. */
export function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
