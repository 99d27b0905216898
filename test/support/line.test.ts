import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../service/until.js';
import { Line } from './line.js';

const longEnoughMs = 50;

/** Answers everything with itself, and remembers it. */
let echo: Server;
let heard: string;
let line: Line;

beforeEach(async () => {
  heard = '';
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard += data.toString();
      socket.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  line = await Line.to((echo.address() as AddressInfo).port);
});

afterEach(async () => {
  await line.end();
  echo.close();
});

interface Caller {
  readonly socket: Socket;
  answered: string;
  isOver: boolean;
}

const call = (): Caller => {
  const caller: Caller = { socket: connect(line.port, '127.0.0.1'), answered: '', isOver: false };
  caller.socket.on('data', (data) => (caller.answered += data.toString()));
  caller.socket.on('error', () => undefined);
  caller.socket.on('close', () => (caller.isOver = true));
  return caller;
};

const isAnswered = async (caller: Caller): Promise<void> => {
  caller.socket.write('hello');
  await until('it was answered', () => caller.answered === 'hello');
  caller.socket.destroy();
};

describe('a line', () => {
  it('carries both ways', async () => {
    await isAnswered(call());
  });

  it('that is reset ends old connections and new ones until it is mended', async () => {
    const caller = call();
    caller.socket.write('before');
    await until('it was answered', () => caller.answered === 'before');
    line.cut('reset');
    await until('the old connection is over', () => caller.isOver);
    const later = call();
    await until('the new connection is over', () => later.isOver);
    line.mend();
    await isAnswered(call());
  });

  it('that is silent lets nothing through and tells nobody, and ends what was swallowed when it is mended', async () => {
    const caller = call();
    await once(caller.socket, 'connect');
    line.cut('silent');
    caller.socket.write('nobody hears this');
    const later = call();
    later.socket.write('nor this');
    await sleep(longEnoughMs);
    expect([heard, caller.answered, caller.isOver, later.isOver]).toEqual(['', '', false, false]);
    line.mend();
    await until('both are over', () => caller.isOver && later.isOver);
    await isAnswered(call());
  });

  it('that loses answers has requests carried out', async () => {
    const caller = call();
    line.cut('answers-lost');
    caller.socket.write('please');
    await until('it arrived', () => heard === 'please');
    await sleep(longEnoughMs);
    expect([caller.answered, caller.isOver]).toEqual(['', false]);
    line.mend();
    await until('it is over', () => caller.isOver);
    expect(caller.answered).toBe('');
  });

  it('that was mended before anything passed goes on as if nothing had happened', async () => {
    const caller = call();
    await once(caller.socket, 'connect');
    line.cut('silent');
    line.mend();
    await isAnswered(caller);
  });
});
