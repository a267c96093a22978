/** Which features are on, by the name of their flag. */
export type Features = { isOn(name: string): boolean };

/** The features of a list such as `gift-wrap, other`; all others are off. */
export function featuresOf(list: string): Features {
  const names = new Set(list.split(',').map((name) => name.trim()));
  return { isOn: (name) => names.has(name) };
}
