import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Setup } from '../options.ts';
import type { Answer, Carrier } from './envelope.ts';

export type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

/** A connection as the control side sees it. */
export type SocketSight = { readonly id: string; readonly delivered: number; readonly draining: boolean };

export type SocketMode = {
  /** A WebSocket URL that opens once. Unused ones expire after half a minute. */
  openUrl(baseUrl: string): string;
  attach(server: Server): void;
  deliver: Carrier;
  /** Says `disconnect` on one socket (the oldest) or on all, takes them out of the choice, and closes them a moment later. */
  refresh(options: { readonly reason: DisconnectReason; readonly which: 'one' | 'all' }): number;
  /** The next acknowledgements are treated as if they had never arrived. */
  dropAcks(count: number): void;
  sockets(): readonly SocketSight[];
  close(): Promise<void>;
};

const MOST_SOCKETS = 10;
const TICKET_MS = 30_000;
/** After `disconnect` Slack leaves the connection open for a while, so that answers in flight still arrive. */
const CLOSE_AFTER_MS = 1_500;
/** How long a client has to close its side when the workspace stops. */
const GRACE_MS = 300;

type Connection = {
  readonly id: string;
  readonly socket: WebSocket;
  delivered: number;
  draining: boolean;
  alive: boolean;
};
type Waiting = { readonly connection: Connection; readonly settle: (answer: Answer) => void };

const ackSchema = z.object({
  envelope_id: z.string(),
  payload: z.record(z.string(), z.unknown()).optional(),
});

/** Socket Mode: every envelope goes to exactly one of the app's open sockets, and waits three seconds for its ack. */
export function createSocketMode(setup: Setup): SocketMode {
  const tickets = new Map<string, number>();
  const connections: Connection[] = [];
  const waiting = new Map<string, Waiting>();
  const wss = new WebSocketServer({ noServer: true });
  let turn = 0;
  let acksToDrop = 0;

  const pings = setInterval(() => {
    for (const connection of connections) {
      if (!connection.alive) {
        connection.socket.terminate();
        continue;
      }
      connection.alive = false;
      connection.socket.ping(`Ping from ${setup.team.domain}`);
    }
  }, setup.pace.pingMs);
  pings.unref();

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
    const issuedAt = tickets.get(ticket);
    tickets.delete(ticket);
    if (issuedAt === undefined || Date.now() - issuedAt > TICKET_MS) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    wss.handleUpgrade(request, socket, head, (opened) => welcome(opened));
  };

  const welcome = (socket: WebSocket): void => {
    if (connections.length >= MOST_SOCKETS) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      socket.close();
      return;
    }
    const connection: Connection = {
      id: randomBytes(4).toString('hex'),
      socket,
      delivered: 0,
      draining: false,
      alive: true,
    };
    connections.push(connection);
    socket.on('pong', () => {
      connection.alive = true;
    });
    socket.on('ping', () => {
      connection.alive = true;
    });
    socket.on('message', (data) => heard(connection, data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => gone(connection));
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.length,
        debug_info: { host: 'playground', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: setup.credentials.appId },
      }),
    );
  };

  const gone = (connection: Connection): void => {
    connections.splice(connections.indexOf(connection), 1);
    for (const [id, each] of waiting) {
      if (each.connection !== connection) continue;
      waiting.delete(id);
      each.settle({ kind: 'failed', reason: 'connection_failed' });
    }
  };

  const heard = (connection: Connection, data: RawData): void => {
    connection.alive = true;
    const ack = parseAck(data);
    const pending = ack && waiting.get(ack.envelope_id);
    if (!ack || !pending) return;
    if (acksToDrop > 0) {
      acksToDrop -= 1;
      return;
    }
    waiting.delete(ack.envelope_id);
    pending.settle({ kind: 'acknowledged', payload: ack.payload ?? {} });
  };

  return {
    openUrl(baseUrl) {
      const ticket = randomUUID();
      tickets.set(ticket, Date.now());
      return `${baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${setup.credentials.appId}`;
    },
    attach(server) {
      server.on('upgrade', upgrade);
    },
    deliver(envelope) {
      const open = connections.filter((connection) => !connection.draining);
      const connection = open[turn++ % Math.max(1, open.length)];
      if (!connection) return Promise.resolve({ kind: 'failed', reason: 'connection_failed' });
      const id = randomUUID();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          resolve({ kind: 'failed', reason: 'timeout' });
        }, setup.pace.ackMs);
        waiting.set(id, {
          connection,
          settle: (answer) => {
            clearTimeout(timer);
            resolve(answer);
          },
        });
        connection.delivered += 1;
        connection.socket.send(
          JSON.stringify({
            envelope_id: id,
            type: envelope.type,
            payload: envelope.payload,
            accepts_response_payload: envelope.type !== 'events_api',
            ...(envelope.type === 'events_api'
              ? {
                  retry_attempt: envelope.retry?.attempt ?? 0,
                  retry_reason: envelope.retry?.reason ?? '',
                }
              : {}),
          }),
        );
      });
    },
    refresh({ reason, which }) {
      const chosen = connections
        .filter((connection) => !connection.draining)
        .slice(0, which === 'one' ? 1 : undefined);
      for (const connection of chosen) {
        connection.draining = reason !== 'warning';
        connection.socket.send(
          JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'playground' } }),
        );
        if (reason !== 'warning') setTimeout(() => connection.socket.close(), CLOSE_AFTER_MS).unref();
      }
      return chosen.length;
    },
    dropAcks(count) {
      acksToDrop += count;
    },
    sockets() {
      return connections.map(({ id, delivered, draining }) => ({ id, delivered, draining }));
    },
    async close() {
      clearInterval(pings);
      const closed = connections.map(({ socket }) => {
        const end = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        setTimeout(() => socket.terminate(), GRACE_MS).unref();
        socket.close(1001);
        return end;
      });
      await Promise.all(closed);
      await new Promise<void>((resolve) => wss.close(() => resolve()));
    },
  };
}

function parseAck(data: RawData): z.infer<typeof ackSchema> | undefined {
  try {
    return ackSchema.parse(JSON.parse(String(data)));
  } catch {
    return undefined;
  }
}
