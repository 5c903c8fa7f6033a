// How long is a screen on the air? GSM 03.38: 7 bits a letter, 14 for the extension letters.

const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
  + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "\f^{}\\[~]|€";

/** `foreign` lists letters outside the alphabet: one of them turns the whole screen to 80 letters of UCS-2. */
export function measure(text) {
  const letters = [...text];
  return {
    septets: letters.reduce((sum, letter) => sum + (EXTENSION.includes(letter) ? 2 : 1), 0),
    foreign: [...new Set(letters.filter((letter) => !BASIC.includes(letter) && !EXTENSION.includes(letter)))],
  };
}
