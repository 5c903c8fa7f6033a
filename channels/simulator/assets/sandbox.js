// What reaches the handset besides USSD? SMS and M-Pesa prompts, asked from the demo's sandbox again and again.

const OFTEN = 1500;
const SELDOM = 10000;

const pathOf = (number, what) => `/sandbox/handset/${encodeURIComponent(number)}/${what}`;

async function read(path, signal) {
  const response = await fetch(path, { signal, cache: "no-store" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

/** The member's choice at a prompt: "approve", "decline" or "ignore". Gives back the exchange for the wire. */
export async function decide(number, prompt, action) {
  const path = pathOf(number, `prompts/${encodeURIComponent(prompt.id)}`);
  const began = performance.now();
  const told = (status, body, problem) => (
    {
      what: "M-Pesa prompt",
      path,
      at: new Date(),
      fields: [["action", action]],
      milliseconds: performance.now() - began,
      status,
      body,
      problem,
    }
  );
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ action }),
    });
    return told(response.status, await response.text());
  } catch (error) {
    return told(null, "", error.message);
  }
}

/** Watches one number until `stop`. Slower while the page is hidden or the sandbox does not answer. */
export class Watch {
  #number;
  #tell;
  #stopped = new AbortController();
  #timer = 0;
  #misses = 0;
  #round = 0;

  /** `tell` gets { messages, prompts } or { problem }. */
  constructor(number, tell) {
    this.#number = number;
    this.#tell = tell;
    const { signal } = this.#stopped;
    document.addEventListener("visibilitychange", () => document.hidden || this.now(), { signal });
    this.now();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  /** Looks at once, instead of at the next turn. */
  async now() {
    clearTimeout(this.#timer);
    const round = ++this.#round;
    const signal = this.#stopped.signal;
    let news;
    try {
      const [messages, prompts] = await Promise.all([
        read(pathOf(this.#number, "messages"), signal),
        read(pathOf(this.#number, "prompts"), signal),
      ]);
      this.#misses = 0;
      news = { messages, prompts };
    } catch (error) {
      this.#misses += 1;
      news = { problem: error.message };
    }
    // A look that was overtaken by a later one would bring old news.
    if (signal.aborted || round !== this.#round) return;
    this.#tell(news);
    this.#timer = setTimeout(() => this.now(), document.hidden || this.#misses > 2 ? SELDOM : OFTEN);
  }
}
