/**
 * Chance that the sum of standard normal numbers leaves its bounds at one of the looks, by the recursive integration
 * of Armitage, McPherson and Rowe (1969): the density of the sum among those that have not left yet, look by look.
 */
export function chanceOfLeaving(bounds: readonly { readonly low: number; readonly high: number }[]): number {
  let nodes: readonly Node[] = [{ at: 0, mass: 1 }];
  for (const { low, high } of bounds) {
    const spacing = 0.12;
    const intervals = 2 * Math.max(8, Math.ceil((high - low) / spacing / 2));
    const step = (high - low) / intervals;
    nodes = Array.from({ length: intervals + 1 }, (_, index) => {
      const at = low + index * step;
      const weight = index === 0 || index === intervals ? 1 : index % 2 === 1 ? 4 : 2;
      return { at, mass: ((weight * step) / 3) * densityAt(at, nodes) };
    });
  }
  return 1 - nodes.reduce((sum, { mass }) => sum + mass, 0);
}

type Node = { readonly at: number; readonly mass: number };

const scale = 1 / Math.sqrt(2 * Math.PI);

function densityAt(at: number, nodes: readonly Node[]): number {
  let density = 0;
  for (const node of nodes) {
    const distance = at - node.at;
    if (distance > -9 && distance < 9) density += node.mass * scale * Math.exp(-0.5 * distance * distance);
  }
  return density;
}
