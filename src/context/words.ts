const stopWords = new Set(
  (
    'a an and are as at be been but by can could do does for from get had has have how i if in into is it its just ' +
    'like make me my need new no not of on or our out please should so some such than that the their them then there ' +
    'these they this to up us use want was we were what when where which who will with would you your add adds added ' +
    'const let var function return import export default class extends type interface string number boolean true false ' +
    'src ts tsx mts cts js jsx mjs cjs null undefined async await void if else while try catch throw'
  ).split(' '),
);

/** The words of a text in lower case, identifiers split (`orderTotal`, `order_total` and `order-total` are two words), less the very common ones. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && word.length < 40 && !stopWords.has(word) && !/^\d+$/.test(word))
    .map(stemOf);
}

/** Plurals and a few endings only: `discounts` and `discounted` find `discount`. */
function stemOf(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && /(?:sses|ches|shes|xes)$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  if (word.length > 6 && word.endsWith('ing')) return word.slice(0, -3);
  if (word.length > 5 && word.endsWith('ed')) return word.slice(0, -2);
  return word;
}
