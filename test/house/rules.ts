import path from 'node:path';
import { type Import, importsOf, impureGlobalsOf } from './imports.ts';
import { type Room, rooms, sdks } from './rooms.ts';

const within = (file: string, room: string) => file === room || file.startsWith(`${room}/`);

/** The room a file is in: the longest path of the table that holds it. */
export function roomOf(file: string): Room | undefined {
  return rooms
    .filter(({ path: room }) => within(file, room))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** The part of a room a file belongs to: its first name below the room, without ending. */
function partOf(file: string, room: Room): string {
  return (path.posix.relative(room.path, file).split('/')[0] ?? '').replace(/\.tsx?$/, '');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function vendorOf(name: string): string | undefined {
  return Object.entries(sdks).find(([, pattern]) => pattern.test(name))?.[0];
}

/** Why a room may not import a package, or undefined. */
function packageProblem(room: Room, name: string, typeOnly: boolean): string | undefined {
  if (room.packages === 'any') return undefined;
  if (room.packages === 'trade') {
    const vendor = vendorOf(name);
    return vendor === undefined ? undefined : `the SDK of ${vendor} belongs in src/adapters`;
  }
  if (room.packages.includes(name) || (typeOnly && room.packageTypes?.includes(name))) return undefined;
  const allowed = [...room.packages, ...(room.packageTypes ?? []).map((type) => `types of ${type}`)];
  return `${room.path} may import ${allowed.length === 0 ? 'no package' : `only ${allowed.join(', ')}`}`;
}

/** Why a file may not import another of ours, or undefined. */
function fileProblem(file: string, room: Room, target: string, typeOnly: boolean): string | undefined {
  const other = roomOf(target);
  if (other === undefined) return `${target} is in no room of the table`;
  if (other === room) {
    const apart = room.apart;
    const [own, its] = [partOf(file, room), partOf(target, room)];
    if (apart === undefined || own === its || own === 'index' || apart.includes(its)) return undefined;
    return `the parts of ${room.path} may not import each other`;
  }
  if (room.rooms.includes(other.path) || (typeOnly && room.types.includes(other.path))) return undefined;
  const hint = room.types.includes(other.path) ? ', except its types' : '';
  return `${room.path} may not import ${other.path}${hint}`;
}

function importProblem(file: string, room: Room, { specifier, typeOnly }: Import): string | undefined {
  if (specifier.startsWith('.'))
    return fileProblem(file, room, path.posix.join(path.posix.dirname(file), specifier), typeOnly);
  if (specifier.startsWith('node:'))
    return room.node ? undefined : `${room.path} may not import Node's modules`;
  return packageProblem(room, packageOf(specifier), typeOnly);
}

/** Every breach of the import table in one file, each with file, line, import and rule. */
export function breachesOf(file: string, source: string): readonly string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file}: is in no room of the table (test/house/rooms.ts)`];
  const imports = importsOf(file, source).flatMap((one) => {
    const problem = importProblem(file, room, one);
    return problem === undefined ? [] : [`${file}:${one.line}: imports ${one.specifier}, but ${problem}`];
  });
  const globals = room.pure ? impureGlobalsOf(file, source) : [];
  return [
    ...imports,
    ...globals.map(({ name, line }) => `${file}:${line}: uses ${name}, but ${room.path} is pure`),
  ];
}

/** Adapters (by their part of src/adapters) that speak to more than one outside system. */
export function doubleAdapters(sources: ReadonlyMap<string, string>): readonly string[] {
  const vendors = new Map<string, Set<string>>();
  for (const [file, source] of sources) {
    const room = roomOf(file);
    if (room?.path !== 'src/adapters') continue;
    const own = vendors.get(partOf(file, room)) ?? new Set();
    vendors.set(partOf(file, room), own);
    for (const { specifier } of importsOf(file, source)) {
      const vendor = vendorOf(packageOf(specifier));
      if (vendor !== undefined) own.add(vendor);
    }
  }
  return [...vendors]
    .filter(([, own]) => own.size > 1)
    .map(([part, own]) => `src/adapters/${part} imports the SDKs of ${[...own].join(' and ')}`);
}
