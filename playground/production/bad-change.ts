const path = 'src/delivery.ts';
const before = '  const base = parcel.isFree ? 0 : prices[parcel.delivery];\n';
const after = '  const base = parcel.isFree ? freeCarrierOf(parcel.grams).price : prices[parcel.delivery];\n';
const carriers = `
type Carrier = { readonly from: number; readonly upTo: number; readonly price: Cents };

/** Who delivers for free, by the weight they take. */
const freeCarriers: readonly Carrier[] = [
  { from: 0, upTo: 2_000, price: 0 },
  { from: 5_000, upTo: 30_000, price: 0 },
];

function freeCarrierOf(grams: number): Carrier {
  const found = freeCarriers.find(({ from, upTo }) => grams >= from && grams <= upTo);
  if (!found) throw new Error(\`Nobody takes a parcel of \${grams} g for free.\`);
  return found;
}
`;

/** What the commit of somebody who means well is called. */
export const badChangeMessage = 'feat: free deliveries go by carriers of their own';

/**
 * A change on top of free delivery that passes all tests and breaks about half of the orders of those who have
 * the feature: nobody takes their parcels between two and five kilograms. All others are served as before.
 */
export function badChange(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const content = files[path];
  if (!content?.includes(before))
    throw new Error(`${path} has no free delivery to break. The change goes on top of the merged feature.`);
  return { ...files, [path]: content.replace(before, after) + carriers };
}
