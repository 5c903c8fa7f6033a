// Which phones stand on the table? The phone book on the side, and the address bar remembers who is open.

import { Handset } from "./handset.js";
import { PEOPLE, e164, factsOf, personOf, spaced } from "./people.js";

const FINISHES = ["forest", "clay", "ocean", "graphite", "plum"];

const at = (id) => document.getElementById(id);
const stands = at("stands");
const open = new Map();
let made = 0;

function openPhone(number) {
  const known = open.get(number);
  if (known) return known;
  const stand = at("stand-template").content.firstElementChild.cloneNode(true);
  dress(stand, personOf(number));
  stands.append(stand);
  const phone = { stand, handset: new Handset(number, stand, at("exchange-template")) };
  open.set(number, phone);
  const toggle = stand.querySelector(".wire-toggle");
  toggle.addEventListener("click", () => showWire(stand, stand.querySelector(".wire").hidden));
  stand.querySelector(".close").addEventListener("click", () => closePhone(number));
  showWire(stand, open.size === 1 && matchMedia("(min-width: 64rem)").matches);
  remember();
  return phone;
}

function dress(stand, person) {
  stand.dataset.finish = FINISHES[made++ % FINISHES.length];
  stand.setAttribute("aria-label", `Phone of ${person.name}`);
  stand.querySelector(".owner-name").textContent = person.name;
  const number = spaced(person.number);
  const facts = [person.name === number ? person.state : number, factsOf(person)];
  stand.querySelector(".owner-facts").textContent = facts.filter(Boolean).join(" · ");
}

function showWire(stand, yes) {
  stand.querySelector(".wire").hidden = !yes;
  stand.querySelector(".wire-toggle").setAttribute("aria-expanded", String(yes));
}

function closePhone(number) {
  const { stand, handset } = open.get(number);
  handset.close();
  stand.remove();
  open.delete(number);
  remember();
  stands.focus();
}

function showBook(yes) {
  at("book").classList.toggle("is-open", yes);
  at("book-toggle").setAttribute("aria-expanded", String(yes));
}

function goTo({ stand, handset }) {
  showBook(false);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stand.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest", inline: "center" });
  handset.focus();
}

function remember() {
  history.replaceState(null, "", open.size ? `#${[...open.keys()].join(",")}` : "#none");
  at("nobody").hidden = open.size > 0;
  for (const button of document.querySelectorAll(".person")) {
    button.setAttribute("aria-pressed", String(open.has(button.dataset.number)));
  }
}

function listPeople() {
  at("people").replaceChildren(...PEOPLE.map((person) => {
    const item = at("person-template").content.firstElementChild.cloneNode(true);
    const button = item.querySelector(".person");
    button.dataset.number = person.number;
    item.querySelector(".person-name").textContent = person.name;
    item.querySelector(".person-state").textContent = person.state;
    item.querySelector(".person-facts").textContent = factsOf(person) || spaced(person.number);
    button.addEventListener("click", () => goTo(openPhone(person.number)));
    return item;
  }));
}

function takeAnyNumber(event) {
  event.preventDefault();
  const field = at("other-number");
  const number = e164(field.value);
  at("other-problem").textContent = number ? "" : "Write it like 0712 345 678.";
  field.setAttribute("aria-invalid", String(!number));
  if (!number) return field.focus();
  field.value = "";
  return goTo(openPhone(number));
}

listPeople();
at("book-toggle").addEventListener("click", () => showBook(!at("book").classList.contains("is-open")));
at("other").addEventListener("submit", takeAnyNumber);
const remembered = decodeURIComponent(location.hash.slice(1));
const numbers = remembered.split(",").map(e164).filter(Boolean);
for (const number of numbers.length || remembered === "none" ? numbers : [PEOPLE[0].number]) openPhone(number);
remember();
[...open.values()][0]?.handset.focus();
