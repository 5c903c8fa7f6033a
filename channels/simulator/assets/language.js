// In which of our languages is a screen? For its gauge, and so that a screen reader pronounces it right.

// Words of the texts that stand in one language alone.
const SWAHILI = /\b(rudi|mwanzo|weka|habari|piga|ndio|hapana|mkopo|lipa|salio|akiba|yako|ombi|samahani|umekata)\b/i;
const ENGLISH = /\b(back|home|enter|hello|dial|yes|no|loan|pay|balance|savings|your|request|sorry|ended)\b/i;

export const NAMES = { en: "English", sw: "Kiswahili", both: "English and Kiswahili" };

/** "en", "sw", "both", or "" where nothing tells. */
export function languageOf(text) {
  const swahili = SWAHILI.test(text);
  const english = ENGLISH.test(text);
  if (swahili && english) return "both";
  if (swahili) return "sw";
  return english ? "en" : "";
}
