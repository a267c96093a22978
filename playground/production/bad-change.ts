const path = 'src/delivery.ts';
const before = '  const base = parcel.isFree ? 0 : prices[parcel.delivery];\n';
const after = `  const base = parcel.isFree ? carrierOf(parcel.grams).price : prices[parcel.delivery];
`;
const carriers = `
/** Who delivers for free, by the weight they take. */
const freeCarriers = [
  { upTo: 500, price: 0 },
  { upTo: 1_000, price: 0 },
];

function carrierOf(grams: number): { readonly price: Cents } {
  const found = freeCarriers.find(({ upTo }) => grams <= upTo);
  if (!found) throw new Error(\`No carrier takes \${grams} g for free.\`);
  return found;
}
`;

/** What the commit of somebody who means well is called. */
export const badChangeMessage = 'feat: name the carrier of a free delivery';

/**
 * A change on top of free delivery that passes its tests and breaks most orders of those who have the feature:
 * parcels above a kilogram find no carrier. Everybody else is served as before.
 */
export function badChange(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const content = files[path];
  if (!content?.includes(before))
    throw new Error(`${path} has no free delivery to break. The change goes on top of the merged feature.`);
  return { ...files, [path]: content.replace(before, after) + carriers };
}
