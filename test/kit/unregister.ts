import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { authorization } from './digest.ts';
import { parseSip, type SipMessage } from './sip.ts';

/** Takes back every registration of a phone, as a phone does that is switched off; what rings there goes on ringing. */
export async function unregister(port: number, number: string, password: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const uri = `sip:127.0.0.1:${port}`;
  const id = randomBytes(8).toString('hex');
  const local = socket.address().port;
  async function ask(sequence: number, credentials: string): Promise<SipMessage> {
    const request =
      `REGISTER ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${local};rport;branch=z9hG4bK${id}${sequence}\r\n` +
      `From: <sip:${number}@127.0.0.1>;tag=${id}\r\nTo: <sip:${number}@127.0.0.1>\r\nCall-ID: ${id}\r\n` +
      `CSeq: ${sequence} REGISTER\r\nMax-Forwards: 70\r\nContact: *\r\nExpires: 0\r\n${credentials}Content-Length: 0\r\n\r\n`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('No answer to the REGISTER.')), 10_000);
      socket.once('message', (packet: Buffer) => {
        clearTimeout(timer);
        const answer = parseSip(packet.toString('utf8'));
        if (answer === undefined) reject(new Error('The answer to the REGISTER is no SIP.'));
        else resolve(answer);
      });
      socket.send(request, port, '127.0.0.1');
    });
  }
  try {
    const challenged = await ask(1, '');
    const challenges = challenged.headers('www-authenticate');
    const { status } = await ask(2, authorization(challenges, { number, password, method: 'REGISTER', uri }));
    if (status !== 200) throw new Error(`The registration was not taken back: ${status}.`);
  } finally {
    socket.close();
  }
}
