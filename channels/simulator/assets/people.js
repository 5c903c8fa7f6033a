// Who can be tried: the demo institution's people, and how any other number is written.

export const PEOPLE = [
  {
    number: "+254711000001", name: "Amina Wanjiru", language: "English", pin: "4271",
    state: "Development loan, due in 5 days",
  },
  {
    number: "+254711000002", name: "Otieno Odhiambo", language: "Swahili", pin: "5938",
    state: "No loan, may borrow",
  },
  {
    number: "+254711000003", name: "Njeri Kamau", language: "English", pin: "",
    state: "Joined at the branch, sets a PIN", hint: "no PIN yet",
  },
  {
    number: "+254711000004", name: "Hassan Ali", language: "Swahili", pin: "6104",
    state: "PIN locked until staff unlock it",
  },
  {
    number: "+254711000005", name: "Chebet Kiprono", language: "Swahili", pin: "7352",
    state: "Emergency loan, 40 days in arrears",
  },
  { number: "+254711000006", name: "Mwangi Maina", language: "English", pin: "8160", state: "Guarantor of Amina" },
  { number: "+254711000009", name: "Not a member", language: "", pin: "", state: "Registers as a new member" },
];

export function personOf(number) {
  return PEOPLE.find((person) => person.number === number)
    ?? { number, name: spaced(number), language: "", pin: "", state: "Any other number" };
}

/** The facts under a name: language and PIN, as far as there are any. */
export function factsOf(person) {
  return [person.language, person.pin ? `PIN ${person.pin}` : person.hint].filter(Boolean).join(" · ");
}

/** One E.164 form of what a person may type, or null: 0712 345 678, 254712345678, +254 712 345 678. */
export function e164(typed) {
  const compact = typed.replace(/[\s().-]/g, "");
  if (/^0[17]\d{8}$/.test(compact)) return `+254${compact.slice(1)}`;
  if (/^254\d{9}$/.test(compact)) return `+${compact}`;
  return /^\+[1-9]\d{7,14}$/.test(compact) ? compact : null;
}

/** +254 711 000 001 */
export function spaced(number) {
  return number.replace(/^(\+254)(\d{3})(\d{3})(\d{3})$/, "$1 $2 $3 $4");
}
