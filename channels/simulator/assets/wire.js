// What happened on the wire of one phone? The last requests and answers, PINs hidden unless asked for.

const KEPT = 14;
const NOISE = new Set(["sessionId", "serviceCode", "phoneNumber", "date", "cost", "lastAppResponse"]);

export class Wire {
  #list;
  #template;
  #kept = [];
  #revealed = false;

  constructor(list, template) {
    this.#list = list;
    this.#template = template;
    this.#draw();
  }

  set revealed(yes) {
    this.#revealed = yes;
    this.#draw();
  }

  add(exchange) {
    this.#kept = [exchange, ...this.#kept].slice(0, KEPT);
    this.#draw();
  }

  #draw() {
    this.#list.replaceChildren(...this.#kept.map((exchange) => this.#item(exchange)));
    if (this.#kept.length === 0) {
      const empty = document.createElement("li");
      empty.className = "exchange-none";
      empty.textContent = "Nothing yet. Dial, and each request to the society shows up here.";
      this.#list.append(empty);
    }
  }

  #item(exchange) {
    const item = this.#template.content.firstElementChild.cloneNode(true);
    const put = (name, text) => { item.querySelector(`.exchange-${name}`).textContent = text; };
    const failed = exchange.status === null || exchange.status >= 400 || Boolean(exchange.problem);
    put("what", exchange.what);
    put("at", exchange.at.toLocaleTimeString("en-GB"));
    put("sent", this.#sent(exchange));
    const status = exchange.status ?? "no answer";
    const parts = [status, `${Math.round(exchange.milliseconds)} ms`, exchange.note, exchange.problem];
    put("answer", parts.filter(Boolean).join(" · "));
    put("body", exchange.body);
    item.querySelector(".exchange-body").hidden = !exchange.body;
    item.classList.toggle("is-alarm", failed || Boolean(exchange.alarm));
    return item;
  }

  #sent({ path, fields, masked = {} }) {
    const head = `POST ${path}`;
    if (this.#revealed) return [head, ...fields.map(([name, value]) => `${name}=${value}`)].join("\n");
    const telling = fields.filter(([name, value]) => !NOISE.has(name) && (value || name === "text"));
    const session = fields.find(([name]) => name === "sessionId");
    return [
      head,
      ...(session ? [`sessionId=${session[1].slice(0, 12)}…`] : []),
      ...telling.map(([name, value]) => `${name}=${masked[name] ?? value}`),
    ].join("\n");
  }
}
